"""The one way in which tests get past the second step of signing in."""

from datetime import timedelta
from typing import Any

from app.accounts.models import User
from app.accounts.one_time_codes import STEP, code_at
from app.accounts.sealing import seal
from app.accounts.second_factor import PURPOSE
from app.accounts.two_step_models import SecondFactor
from app.core.database import now

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""In the app of everybody whom the factories give a second step."""


def factor_of(user: User) -> SecondFactor:
    """A second step in force, for a row that has its number already."""
    return SecondFactor(user_id=user.id, sealed=seal(SECRET, purpose=PURPOSE, owner=user.id))


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What the app shows now; ``steps`` half minutes later where it is given."""
    return code_at(secret.replace(" ", ""), now() + timedelta(seconds=steps * STEP))


def sign_in(client: Any, email: str, password: str, secret: str = SECRET, **fields: str) -> Any:
    """The whole way by the screens: password, then the code where one is asked for. The last answer."""
    answer = client.post("/masuk", data={"email": email, "password": password} | fields)
    if answer.status_code == 302 and answer.location.endswith("/masuk/kode"):
        answer = client.post("/masuk/kode", data={"kode": code(secret)})
    return answer
