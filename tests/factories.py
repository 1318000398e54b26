"""Makers of the things that tests are about. Each writes and commits; overrides replace any column."""

import itertools
from functools import cache
from typing import Any

from argon2 import PasswordHasher

from app.accounts.models import User, UserRole
from app.cooperatives.models import Cooperative, Membership, MembershipState
from app.core.access import Role
from app.core.database import now
from app.core.search import fold
from app.core.writing import writing
from tests.support import second_step

PASSWORD = "kata-sandi-uji-1"
FLOWERS = ("Melati", "Kenanga", "Cempaka", "Dahlia", "Anggrek", "Flamboyan", "Teratai", "Kamboja")


@cache
def password_hash() -> str:
    """The hash of :data:`PASSWORD`, with the cheapest parameters."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class Factories:
    """Numbers what it makes, so that no two things of a test collide."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)

    def user(self, *roles: Role, **overrides: Any) -> User:
        """A person with ``roles`` (none: only signed in) who signs in with :data:`PASSWORD`.

        Admins have their second step, as the site demands of them: :mod:`tests.support.second_step` knows the codes. Others
        get one by ``two_step_since=…``.
        """
        number = next(self.numbers)
        values = {
            "name": f"{FLOWERS[number % len(FLOWERS)]} Uji {number}",
            "email": f"orang{number}@uji.example",
            "password_hash": password_hash(),
            "two_step_since": now() if Role.ADMIN in roles else None,
        }
        with writing() as session:
            user = User(**(values | overrides))
            user.role_rows = [UserRole(role=role) for role in roles]
            session.add(user)
            if user.has_two_steps:
                session.flush()
                session.add(second_step.factor_of(user))
        return user

    def cooperative(self, **overrides: Any) -> Cooperative:
        """A listed cooperative of the office's region, with no report yet."""
        number = next(self.numbers)
        name = overrides.get("nama_koperasi", f"Koperasi {FLOWERS[number % len(FLOWERS)]} Uji {number}")
        values = {
            "slug": f"{fold(name).replace(' ', '-')}-{number}",
            "region": "35.73",
            "nama_koperasi": name,
            "name_key": fold(name),
            "search_text": fold(name),
        }
        with writing() as session:
            cooperative = Cooperative(**(values | overrides))
            session.add(cooperative)
        return cooperative

    def membership(self, user: User, cooperative: Cooperative, **overrides: Any) -> Membership:
        """``user`` may act for ``cooperative``."""
        values = {"position": "Ketua", "state": MembershipState.ACTIVE}
        user_id, cooperative_id = user.id, cooperative.id
        with writing() as session:
            membership = Membership(user_id=user_id, cooperative_id=cooperative_id, **(values | overrides))
            session.add(membership)
        return membership


def cooperative_row(number: int, name: str, **columns: Any) -> dict[str, Any]:
    """A listed cooperative as a row to insert among very many at once."""
    told = {"nama_koperasi": name.title(), "name_key": name, "search_text": name}
    return {"slug": f"k-{number}", "region": "35.73", "created_at": now()} | told | columns
