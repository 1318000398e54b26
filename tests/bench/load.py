"""A small load generator over plain sockets: the same few lines drive the site and its peers, so only they differ."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """What one round measured: answers per second, the middle and the slowest answer in milliseconds, and what it cost."""

    rate: float
    median_ms: float
    worst_ms: float
    bytes: int
    answers: int
    cpu_ms: float = 0.0  # of the server, for one answer


class Unexpected(Exception):
    """An answer that is not what this round measures; a fast error page must not count as speed."""


def request_bytes(
    method: str, path: str, port: int, *, cookie: str = "", body: str = "", head: str = ""
) -> bytes:
    """One HTTP/1.1 request, ready to send. ``head``: more of it; then the body is JSON, else a form."""
    kind = "application/json" if head else "application/x-www-form-urlencoded"
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept-Encoding: gzip",
        "Connection: keep-alive",
    ]
    lines += [head] if head else []
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body.encode())}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


class Browser:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.rest = b""

    def send(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer."""
        self.socket.sendall(request)
        while b"\r\n\r\n" not in self.rest:
            self._more()
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        while len(self.rest) < length:
            self._more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return int(head[9:12]), head, body

    def _more(self) -> None:
        if not (piece := self.socket.recv(65536)):
            raise ConnectionError("the server hung up")
        self.rest += piece

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def drive(
    port: int,
    requests: Sequence[bytes],
    *,
    seconds: float = 0,
    connections: int = 4,
    expect: tuple[int, ...] = (200,),
) -> Figures:
    """Send ``requests`` over ``connections``, each once when ``seconds`` is 0, else again and again for that long.

    Raises:
        Unexpected: an answer had another status than ``expect``.
    """
    times: list[float] = []
    sizes: list[int] = []
    faults: list[str] = []
    end = time.perf_counter() + seconds

    def work(share: Sequence[bytes]) -> None:
        browser = Browser(port)
        try:
            while True:
                for request in share:
                    started = time.perf_counter()
                    status, _head, body = browser.send(request)
                    times.append(time.perf_counter() - started)
                    sizes.append(len(body))
                    if status not in expect:
                        faults.append(f"{status} instead of {expect}: {request[:80]!r} {body[:300]!r}")
                        return
                    if seconds and time.perf_counter() > end:
                        return
                if not seconds:
                    return
        finally:
            browser.close()

    threads = [
        threading.Thread(target=work, args=(requests[n::connections] or requests,))
        for n in range(connections)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - started
    if faults:
        raise Unexpected(faults[0])
    ordered = sorted(times)
    return Figures(
        rate=len(ordered) / taken,
        median_ms=ordered[len(ordered) // 2] * 1000,
        worst_ms=ordered[-1] * 1000,
        bytes=sorted(sizes)[len(sizes) // 2],
        answers=len(ordered),
    )
