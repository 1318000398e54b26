"""A mail server of the tests' own."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
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

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.received.append(envelope)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return [address for envelope in self.received for address in envelope.rcpt_tos]


def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == right)


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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only who is told trusts, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [*command.split(), "-out", str(certificate), "-keyout", str(key)], check=True, capture_output=True
    )
    return certificate, key


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """What the mail server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context
