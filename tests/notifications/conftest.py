"""A mail server of the tests' own."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask

from app.core.writing import writing
from app.notifications.models import OutboxMessage
from app.notifications.services import queue_email
from tests.support.site import free_port

USER, PASSWORD = "dinas@uji.example", "sandi : server / ini"


class Mailbox:
    """Keeps what it receives. ``refusals`` are answers, by address, that it gives instead of taking a message."""

    def __init__(self) -> None:
        self.received: list[Any] = []
        self.refusals: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.received.append(envelope)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return [address for envelope in self.received for address in envelope.rcpt_tos]


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == right, handled=False)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def serve(mailbox: Mailbox) -> Iterator[Callable[..., int]]:
    """``serve(**options of aiosmtpd)``: start the mail server; its port."""
    started = []

    def start(**options: Any) -> int:
        controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        started.append(controller)
        return controller.port

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def mail_server(app: Flask, serve: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> int:
    """The site sends to the mailbox, without TLS; the server's port."""
    port = serve()
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setitem(app.config, "OFFICE_EMAIL", "dinas@uji.example")
    return port


@pytest.fixture
def queue(app: Flask) -> Callable[..., int]:
    """``queue(**overrides)``: a message in the outbox; its id."""

    def make(**overrides: Any) -> int:
        values = {
            "kind": "test",
            "to_name": "Mawar Uji",
            "to_address": "mawar@uji.example",
            "subject": "Kabar dari Dinas",
            "body": "Yth. Mawar Uji,\n\nApa kabar?",
        }
        with writing():
            message: OutboxMessage = queue_email(**(values | overrides))
            return message.id

    return make


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time that passes only when the test says so."""
    with time_machine.travel(datetime(2026, 3, 9, 2, tzinfo=UTC), tick=False) as traveller:
        yield traveller


CERTIFICATE = Path(__file__).with_name("mail_server.pem")


@pytest.fixture
def tls() -> ssl.SSLContext:
    """What the mail server shows; only who is told trusts it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site trusts that certificate, as a machine trusts those of its office."""
    usual = ssl.create_default_context
    monkeypatch.setattr(
        ssl,
        "create_default_context",
        lambda *given, **named: usual(*given, **named | {"cafile": CERTIFICATE}),
    )
