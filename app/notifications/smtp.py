"""Handing one message to the mail server that ``SIMPUL_SMTP_URL`` names. Plain Python; knows no database."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from types import TracebackType
from urllib.parse import unquote, urlsplit

from app.core.text import N_, Text

PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
TIMEOUT = 15.0
"""Seconds for each step with the server: a slow one must not hold the outbox."""


class BadAddress(ValueError):
    """``SIMPUL_SMTP_URL`` cannot be read; ``text`` says what it should look like."""

    text = Text(N_("SIMPUL_SMTP_URL tidak terbaca. Contoh: starttls://pengguna:sandi@surel.contoh.go.id:587"))

    def __init__(self) -> None:
        super().__init__(str(self.text))


class Unsent(Exception):
    """The message is still ours; the sentence is for the outbox page."""


class ServerTrouble(Unsent):
    """Nothing can be sent now: no connection, wrong password, sender not allowed. No fault of the message."""


class Refused(Unsent):
    """The server does not take this message: ``for_good``, or perhaps later."""

    def __init__(self, sentence: str, *, for_good: bool) -> None:
        super().__init__(sentence)
        self.for_good = for_good


@dataclass(frozen=True)
class MailServer:
    """Where mail goes. ``security``: ``smtp`` none, ``starttls`` demanded after the greeting, ``smtps`` from the start."""

    security: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """``smtp|starttls|smtps://[user:password@]host[:port]``. Raises BadAddress."""
        try:
            parts = urlsplit(url.strip())
            port = parts.port or PORTS[parts.scheme]
        except (ValueError, KeyError) as wrong:
            raise BadAddress from wrong
        if not parts.hostname:
            raise BadAddress
        return cls(
            parts.scheme, parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or "")
        )


@dataclass(frozen=True)
class Letter:
    """One message as it travels. ``message_id`` stays the same at each try, so that a mailbox can tell a repetition."""

    message_id: str
    sender: tuple[str, str]
    to: tuple[str, str]
    subject: str
    body: str
    at: datetime

    def as_email(self) -> EmailMessage:
        """The message in MIME. Raises ValueError when an address or heading holds what no heading may."""
        email = EmailMessage()
        email["From"] = formataddr(self.sender)
        email["To"] = formataddr(self.to)
        email["Subject"] = self.subject
        email["Date"] = format_datetime(self.at)
        email["Message-ID"] = self.message_id
        email["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine should answer
        email.set_content(self.body)
        return email


class Postman:
    """One connection, opened with the first message. ``with Postman(server, name) as postman: postman.send(letter)``."""

    def __init__(self, server: MailServer, own_name: str) -> None:
        self.server = server
        self.own_name = own_name
        self.connection: smtplib.SMTP | None = None

    def __enter__(self) -> "Postman":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self.connection.quit()
            self.connection.close()

    def send(self, letter: Letter) -> None:
        """Returns when the server has taken the message. Raises ServerTrouble or Refused."""
        try:
            email = letter.as_email()
        except ValueError as wrong:
            raise Refused(f"Surel tidak dapat disusun: {wrong}", for_good=True) from wrong
        connection = self._connected()
        try:
            connection.send_message(email, letter.sender[1], [letter.to[1]])
        except smtplib.SMTPRecipientsRefused as no:
            code, answer = next(iter(no.recipients.values()))
            raise Refused(
                f"Server surel menolak penerima: {_said(code, answer)}", for_good=code >= 500
            ) from no
        except smtplib.SMTPSenderRefused as no:
            sentence = f"Server surel menolak pengirim: {_said(no.smtp_code, no.smtp_error)}"
            raise ServerTrouble(sentence) from no
        except smtplib.SMTPResponseException as no:
            sentence = f"Server surel menolak surel: {_said(no.smtp_code, no.smtp_error)}"
            raise Refused(sentence, for_good=no.smtp_code >= 500) from no
        except smtplib.SMTPNotSupportedError as no:
            raise Refused("Server surel tidak menerima huruf pada alamat ini.", for_good=True) from no
        except (smtplib.SMTPException, OSError, ValueError) as broken:
            raise ServerTrouble(f"Sambungan ke server surel terputus: {broken}") from broken

    def _connected(self) -> smtplib.SMTP:
        if self.connection is None:
            try:
                self.connection = self._connect()
            except smtplib.SMTPAuthenticationError as no:
                sentence = f"Server surel menolak nama atau sandi: {_said(no.smtp_code, no.smtp_error)}"
                raise ServerTrouble(sentence) from no
            except ssl.SSLError as no:
                raise ServerTrouble(f"Sertifikat atau TLS server surel bermasalah: {no}") from no
            except (smtplib.SMTPException, OSError, ValueError) as no:
                where = f"{self.server.host}:{self.server.port}"
                raise ServerTrouble(f"Server surel {where} tidak dapat dihubungi: {no}") from no
        return self.connection

    def _connect(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        connection: smtplib.SMTP
        if server.security == "smtps":
            connection = smtplib.SMTP_SSL(
                server.host, server.port, self.own_name, timeout=TIMEOUT, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, self.own_name, timeout=TIMEOUT)
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


MakePostman = Callable[[MailServer, str], Postman]


def _said(code: int, answer: bytes | str) -> str:
    """The server's answer on one line, not too long."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {text}".split())[:300]
