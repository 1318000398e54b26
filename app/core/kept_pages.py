"""The store of kept pages: what an answer was made of, how long that is known to stand, how much room all may take."""

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import brotli
from werkzeug.http import parse_accept_header, parse_etags

MOST = 16 << 20  # bytes of all kept pages, packed ones included
MOST_PAGES = 200
OTHERS = 1.0  # seconds in which a change by another process is seen
POLICY = {"Cache-Control": "public, no-cache", "Vary": "Accept-Encoding, Cookie"}
PACK: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=4)),
    "gzip": lambda body: gzip.compress(body, 4, mtime=0),
}


class Key(NamedTuple):
    """What one kept page is the answer to."""

    scheme: str
    host: str
    path: str
    query: str
    language: str


def key_of(environ: dict[str, Any], language: str) -> Key:
    """The key of a request."""
    return Key(
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        language,
    )


@dataclass(frozen=True)
class Kept:
    """One answer, what it was made of, and the same packed for those who can unpack it (made when first asked for)."""

    revision: "Revision"
    made_of: str
    body: bytes
    headers: dict[str, str]
    tag: str
    packable: bool
    page: str = ""  # as which a visit of it counts, see visiting
    missed: str = ""
    packed: dict[str, bytes] = field(default_factory=dict)

    def in_encoding(self, accepted: str) -> tuple[bytes, str]:
        """The bytes to send to a browser with this Accept-Encoding, and the encoding's name (empty: plain)."""
        name = best_encoding(accepted) if self.packable else ""
        if not name:
            return self.body, ""
        if name not in self.packed:
            self.packed[name] = PACK[name](self.body)
        return self.packed[name], name


@lru_cache(maxsize=256)
def best_encoding(accepted: str) -> str:
    """``br``, ``gzip`` or nothing, whichever a browser with this Accept-Encoding likes best."""
    return parse_accept_header(accepted).best_match(PACK) or ""


class Revision:
    """What the pages of one kind are made of, as ``read`` tells it: asked again after each commit, and after a while."""

    def __init__(self, read: Callable[[], str]) -> None:
        self.read = read
        self._lock = threading.Lock()
        self._commits = 0
        self._known = ""
        self._until = 0.0

    @property
    def known(self) -> str:
        """The revision if it was read a moment ago; empty when it must be read again."""
        return self._known if time.monotonic() < self._until else ""

    def now(self) -> str:
        """The revision; read from the database unless it was a moment ago."""
        if known := self.known:
            return known
        before = self._commits
        found = self.read()
        with self._lock:
            if before == self._commits:  # else what was read may be older than the latest commit
                self._known, self._until = found, time.monotonic() + OTHERS
        return found

    def forget(self) -> None:
        """Something was committed."""
        with self._lock:
            self._commits += 1
            self._until = 0.0


class Pages:
    """The latest answers of this process, oldest first. ``visited`` is told of each that is handed out at the door: the page,
    what was searched in vain, and the request."""

    def __init__(self) -> None:
        self.revisions: dict[Callable[[], str], Revision] = {}
        self.visited: Callable[[str, str, Mapping[str, Any]], None] | None = None
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def revision(self, read: Callable[[], str]) -> Revision:
        """The one Revision of ``read``."""
        return self.revisions.setdefault(read, Revision(read))

    def get(self, key: Key, revision: str = "") -> Kept | None:
        """The page if it is right: made of ``revision``, or (where none is given) of what is known to stand."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.made_of != (revision or kept.revision.known):
                return None
            self._pages.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        """Keep a page; those that were asked for longest ago go."""
        with self._lock:
            self._drop(key)
            self._pages[key] = kept
            self._size += _room(kept)
            while len(self._pages) > MOST_PAGES or self._size > MOST:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        """Keep nothing any longer."""
        with self._lock:
            self._pages.clear()
            self._size = 0

    def _drop(self, key: Key) -> None:
        gone = self._pages.pop(key, None)
        self._size -= _room(gone) if gone else 0


def _room(kept: Kept) -> int:
    """The bytes that a page may take together with its packed forms, which are far below half of it each."""
    return 2 * len(kept.body)


def reply(kept: Kept, environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body for this request: 304 when the browser holds the page already."""
    headers = {"ETag": kept.tag, **POLICY}
    held = environ.get("HTTP_IF_NONE_MATCH", "")
    if held and parse_etags(held).contains_weak(kept.tag[3:-1]):
        return 304, headers, b""
    body, encoding = kept.in_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if encoding:
        headers["Content-Encoding"] = encoding
    return 200, {**kept.headers, **headers, "Content-Length": str(len(body))}, body
