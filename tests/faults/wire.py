"""One HTTP exchange at a time over a socket of its own, which tells a whole answer from none."""

import json
import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

PATIENCE = 20.0
"""Seconds that a person waits for an answer."""


class Lost(Exception):
    """No whole answer came: whether the request was carried out, nobody can know."""


@dataclass(frozen=True)
class Answer:
    """What came back, to its last byte."""

    status: int
    head: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, of an answer to a script."""
        return json.loads(self.body)


def somewhere() -> str:
    """An address of this machine's own network: limits count by address, and these people do not share one."""
    return f"127.{random.randint(1, 250)}.{random.randint(0, 250)}.{random.randint(1, 250)}"


def connect(port: int, patience: float = PATIENCE) -> socket.socket:
    """A connection to ``port`` of this machine, from an address of its own where the system has such."""
    try:
        return socket.create_connection(("127.0.0.1", port), patience, source_address=(somewhere(), 0))
    except OSError:
        return socket.create_connection(("127.0.0.1", port), patience)


def ask(
    port: int,
    method: str,
    path: str,
    *,
    host: str,
    form: Mapping[str, str] | None = None,
    told: Any = None,
    patience: float = PATIENCE,
    **head: str,
) -> Answer:
    """Send one request, with a ``form`` or with JSON, and read the whole answer.

    Raises:
        Lost: the connection broke, or nothing came in time.
    """
    body, kind = b"", ""
    if form is not None:
        body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
    elif told is not None:
        body, kind = json.dumps(told).encode(), "application/json"
        head["Accept"] = "application/json"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in head.items() if value]
    if kind:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    try:
        with connect(port, patience) as line:
            line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
            return _read(line)
    except OSError as broken:
        raise Lost(str(broken)) from None


def _read(line: socket.socket) -> Answer:
    seen = b""
    while b"\r\n\r\n" not in seen:
        seen += _more(line)
    raw, _, body = seen.partition(b"\r\n\r\n")
    first, *rest = raw.decode("latin-1").split("\r\n")
    head = {name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
    length = int(head.get("content-length", "0"))
    while len(body) < length:
        body += _more(line)
    return Answer(int(first.split()[1]), head, body[:length])


def _more(line: socket.socket) -> bytes:
    if not (piece := line.recv(65536)):
        raise Lost("the other end hung up")
    return piece
