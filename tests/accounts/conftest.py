"""What tests of accounts share: a clock that stands still where it matters, and a sign-in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from werkzeug.test import TestResponse

from tests.factories import PASSWORD
from tests.support.client import Client

MORNING = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)  # 09.00 in Malang
GOOD = "gerimis di atap seng"
"""A password that the rules like."""


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time that passes only when the test says so: ``clock.shift(60)``."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sign_in(app: Any) -> Callable[..., TestResponse]:
    """``sign_in("melati@uji.example", "sandi", client=…, address="10.0.0.7", next="/akun")``: send the form."""

    def send(
        email: str,
        password: str = PASSWORD,
        *,
        client: Client | None = None,
        address: str = "",
        **fields: str,
    ) -> TestResponse:
        browser = client or app.test_client()
        environ = {"REMOTE_ADDR": address} if address else {}
        return browser.post(
            "/masuk", data={"email": email, "password": password} | fields, environ_base=environ
        )

    return send
