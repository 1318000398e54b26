"""What must be true of the site behind any proxy, looked at from outside."""

import gzip
import http.client
import re
import secrets
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import brotli

from tests.factories import PASSWORD
from tests.province.samples import NAME

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "jahat.example",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
}
VISITOR = "127.0.0.77"
MEGABYTE = 1 << 20


class NotHere(Exception):
    """This look says nothing of this door."""


@dataclass(frozen=True)
class Door:
    """Where it stands, whom to trust, the site behind it, who may sign in there. ``is_far``: on another machine than the site."""

    port: int
    trust: ssl.SSLContext
    site: tuple[str, int]
    person: str
    token: str
    is_far: bool


@dataclass(frozen=True)
class Answer:
    """One answer; ``heads`` keeps a header that came twice twice."""

    status: int
    heads: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Each value of one header."""
        return [value for key, value in self.heads if key.lower() == name.lower()]

    def __getitem__(self, name: str) -> str:
        return ", ".join(self.all(name))

    @property
    def text(self) -> str:
        """The body, unpacked once."""
        unpack: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress}
        return unpack.get(self["Content-Encoding"], bytes)(self.body).decode()


class Line(http.client.HTTPSConnection):
    """To the door, from the visitor's own address, asking for the name on the certificate."""

    def __init__(self, door: Door) -> None:
        super().__init__(NAME, door.port, timeout=60, context=door.trust)
        self.door = door

    def connect(self) -> None:
        """Go to this machine, whatever the name says elsewhere."""
        plain = socket.create_connection(("127.0.0.1", self.door.port), 60, source_address=(VISITOR, 0))
        self.sock = self.door.trust.wrap_socket(plain, server_hostname=NAME)


def ask(
    door: Door,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    *,
    past: str = "",
    **head: str,
) -> Answer:
    """One exchange through the door; or ``past`` it from that address."""
    line: http.client.HTTPConnection
    line = (
        http.client.HTTPConnection(*door.site, timeout=60, source_address=(past, 0)) if past else Line(door)
    )
    heads = {"Host": NAME} | {name.replace("_", "-"): value for name, value in head.items()}
    try:
        line.request(method, path, body, heads)
        answer = line.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        line.close()


def is_open(door: Door) -> bool:
    """Whether the site answers through it."""
    try:
        return ask(door, "/readyz").status == 200
    except OSError:
        return False


def cookies(*answers: Answer) -> str:
    """What a browser would send back."""
    kept: dict[str, str] = {}
    for answer in answers:
        for one in answer.all("Set-Cookie"):
            name, _, value = one.partition(";")[0].partition("=")
            kept[name] = value
    return "; ".join(f"{name}={value}" for name, value in kept.items())


def token_of(page: Answer) -> str:
    """The token of a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.status
    return found[1]


def signs_in(door: Door) -> str:
    """Signing in works, and every cookie is Secure."""
    page = ask(door, "/masuk")
    form = f"email={door.person}&password={PASSWORD}&csrf_token={token_of(page)}".replace("@", "%40").encode()
    kind = "application/x-www-form-urlencoded"
    answer = ask(door, "/masuk", "POST", form, Content_Type=kind, Cookie=cookies(page))
    assert answer.status in {302, 303}, answer.status
    given = [*page.all("Set-Cookie"), *answer.all("Set-Cookie")]
    assert given
    assert all("; secure" in one.lower() for one in given), given
    assert not answer["Location"].startswith("http:"), answer["Location"]
    own = ask(door, "/akun", Cookie=cookies(page, answer))
    assert own.status == 200, own.status
    return f"{len(given)} cookies"


def is_strict(door: Door) -> str:
    """HSTS on pages, kept pages and files, once each."""
    page = ask(door, "/koperasi")
    again = ask(door, "/koperasi")
    for answer in (page, again, ask(door, "/masuk"), ask(door, "/healthz")):
        assert answer.all("Strict-Transport-Security") == ["max-age=31536000"], answer.heads
    return "max-age=31536000"


def believes_the_proxy(door: Door) -> str:
    """The visitor's address and https are the proxy's word; forged headers are overwritten."""
    for head in ({}, FORGED):
        seen = ask(door, "/healthz", **_names(head))["X-Seen"]
        assert seen == f"{VISITOR} https", (head, seen)
    return f"{VISITOR} https"


def believes_nobody_else(door: Door) -> str:
    """Whoever reaches the site past the proxy is seen as who they are."""
    if not door.is_far:
        raise NotHere("the site listens on 127.0.0.1 alone")
    seen = ask(door, "/healthz", past=VISITOR, **_names(FORGED | {"X-Forwarded-Proto": "https"}))["X-Seen"]
    assert seen == f"{VISITOR} http", seen
    return seen


def knows_its_name(door: Door) -> str:
    """Another name than the site's gets nothing."""
    answer = ask(door, "/", Host="jahat.example")
    assert answer.status in {404, 421} or not answer.body, (answer.status, answer.body[:200])
    return str(answer.status)


def takes_files(door: Door) -> str:
    """A file of 7.5 MB arrives whole; one of 10 MB is refused in the site's own words."""
    page = ask(door, "/layanan/minta")
    found = []
    for size in (15 * MEGABYTE // 2, 10 * MEGABYTE):
        body, kind = _form({"csrf_token": token_of(page), "nama": "Pemohon Uji"}, "lampiran", size)
        answer = ask(door, "/layanan/minta", "POST", body, Content_Type=kind, Cookie=cookies(page))
        found.append(answer)
        assert answer["X-Request-Id"], (answer.status, answer.body[:200])
    small, large = found
    assert small.status in {200, 303, 422}, (small.status, small.text[:300])
    assert large.status == 413, large.status
    assert "8 MB" in large.text, large.text[:300]
    return f"{small.status}, {large.status}"


def packs_once(door: Door) -> str:
    """Pages and files come packed once, whatever the browser can unpack."""
    address = re.search(r'href="(/static/[^"]+\.css)"', ask(door, "/masuk").text)
    assert address
    found = []
    for path in ("/masuk", "/koperasi", "/koperasi", address[1]):
        for accepted in ("br", "gzip", "gzip, deflate, br, zstd", "identity"):
            answer = ask(door, path, Accept_Encoding=accepted)
            encodings = answer.all("Content-Encoding")
            assert encodings in ([], *([one] for one in accepted.split(", "))), (path, encodings)
            assert answer.text.isprintable() or "\n" in answer.text, path
            assert "Accept-Encoding" in answer["Vary"], (path, answer["Vary"])
            found += encodings
    assert {"br", "gzip"} <= set(found), found
    return ", ".join(sorted(set(found)))


def knows_what_is_held(door: Door) -> str:
    """A page that the browser holds is not sent again."""
    ask(door, "/koperasi", Accept_Encoding="br")
    page = ask(door, "/koperasi", Accept_Encoding="br")
    assert page["ETag"]
    again = ask(door, "/koperasi", Accept_Encoding="br", If_None_Match=page["ETag"])
    assert (again.status, again.body) == (304, b""), again.status
    return "304"


def guards_the_figures(door: Door) -> str:
    """/metrics is nobody's business outside, and needs its token inside."""
    bearer = {"Authorization": f"Bearer {door.token}"}
    inside = "127.0.0.1"
    outside = ask(door, "/metrics", **bearer)
    assert (outside.status, b"simpul_" in outside.body) == (404, False), outside.status
    assert ask(door, "/metrics", past=inside).status == 401
    within = ask(door, "/metrics", past=inside, **bearer)
    assert (within.status, b"simpul_ready" in within.body) == (200, True), within.status
    return "404 outside, 401 and 200 inside"


def speaks_modern_tls(door: Door) -> str:
    """TLS 1.2 or newer, HTTP/2 where the sample says so."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(door.trust.get_ca_certs(binary_form=True)[0]))
    trust.set_alpn_protocols(["h2", "http/1.1"])
    with trust.wrap_socket(socket.create_connection(("127.0.0.1", door.port)), server_hostname=NAME) as line:
        assert line.version() in {"TLSv1.2", "TLSv1.3"}
        return f"{line.version()}, {line.selected_alpn_protocol()}"


LOOKS = (
    speaks_modern_tls,
    signs_in,
    is_strict,
    believes_the_proxy,
    believes_nobody_else,
    knows_its_name,
    takes_files,
    packs_once,
    knows_what_is_held,
    guards_the_figures,
)


def _names(head: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in head.items()}


def _form(fields: Mapping[str, str], file: str, size: int) -> tuple[bytes, str]:
    mark = secrets.token_hex(12)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="{file}"; filename="uji.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode(),
        b"%PDF-1.7\n" + b"x" * size,
        f"\r\n--{mark}--\r\n".encode(),
    ]
    return b"".join(parts), f"multipart/form-data; boundary={mark}"
