"""The ceiling: what the server itself can do, with nothing behind it. ``tests.bench.hello:app``."""

from collections.abc import Callable, Iterable
from typing import Any


def app(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """``halo``."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
    return [b"halo"]
