"""What every answer of the site has in common: headers, a request id, the log line, static files, refused bodies."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import structlog
from flask import Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core import hosts
from app.core.access import public
from app.core.assets import FOREVER, Asset, Assets

log = structlog.get_logger("simpul")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
HEADERS_OF_FILES = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""Styles, scripts and pictures obey the page that loads them; each byte here is paid four times by a first visit."""
HEADERS_WHEN_SECURE = HEADERS | {"Strict-Transport-Security": "max-age=31536000"}
USER_KEY = "X-User-Key"
NOBODY = "-"
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class LengthRequired:
    """WSGI wrapper that answers 411 to chunked bodies, which would otherwise be cut at the limit without an error."""

    def __init__(self, wsgi: Wsgi) -> None:
        self.wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING"):
            about = [("Content-Type", "text/plain"), ("Content-Length", "0"), *HEADERS.items()]
            start_response("411 Length Required", about)
            return []
        return self.wsgi(environ, start_response)


class Proxied:
    """WSGI wrapper that believes what a proxy says of the visitor's address and of https, where the connection is the proxy's
    own: whoever reaches the site past it may claim what they like."""

    def __init__(self, wsgi: Wsgi, proxies: str) -> None:
        self.wsgi, self.proxies = wsgi, proxies
        self.told: Wsgi = ProxyFix(wsgi, x_for=1, x_proto=1)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        is_told = hosts.is_proxy(environ.get("REMOTE_ADDR", ""), self.proxies)
        return (self.told if is_told else self.wsgi)(environ, start_response)


def new_number() -> str:
    """Eight letters by which a person and the log name the same request."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(8))


def user_key() -> str:
    """What a browser may know of who is signed in, to keep one person's pages from another: the same for a person on every
    device, and no way back from it to the person. ``-`` for somebody who is not signed in."""
    person = _person()
    if person is None:
        return NOBODY
    return _key_of(str(current_app.config["SECRET_KEY"]), person)


@lru_cache(maxsize=1024)
def _key_of(secret: str, person: int) -> str:
    return hmac.new(secret.encode(), b"user key %d" % person, hashlib.sha256).hexdigest()[:24]


def common_headers(*, secure: bool) -> dict[str, str]:
    """The headers that every answer carries."""
    return HEADERS_WHEN_SECURE if secure else HEADERS


def note(started: float, **about: object) -> None:
    """Write the log line of a request that began at ``started`` (of ``perf_counter``)."""
    log.info("request", **about, ms=round((time.perf_counter() - started) * 1000, 1))


def before() -> None:
    """Number the request, start its clock, and refuse one that was meant for another site."""
    g.request_id = new_number()
    g.started = time.perf_counter()
    if not hosts.answers_to(request.environ.get("HTTP_HOST", ""), current_app.config["BASE_URL"]):
        abort(421)


def after(response: Response) -> Response:
    """Add the headers that every answer carries, and write the log line."""
    headers = response.headers
    is_file = request.endpoint == "static" and response.status_code == 200
    common = HEADERS_OF_FILES if is_file else common_headers(secure=request.is_secure)
    given = {
        name.lower() for name, _value in headers
    }  # asked once: a look into headers goes through them all
    for name, value in common.items():
        if name.lower() not in given:
            headers.add(name, value)
    number = g.get("request_id", "-")
    headers.add("X-Request-Id", number)
    if "cache-control" not in given:
        headers.add("Cache-Control", "private, no-cache")
    if not request.path.startswith("/static/"):
        if response.status_code < 500:  # a site in trouble may not know who asks
            headers.add(USER_KEY, user_key())
        note(
            g.get("started", time.perf_counter()),
            id=number,
            method=request.method,
            path=g.get("logged_path") or _logged_path(),
            status=response.status_code,
            person=_person(),
        )
    return response


def _logged_path() -> str:
    """The path as it may be written down: of an address that is itself a secret, only its pattern."""
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in rule.arguments else request.path


def _person() -> int | None:
    """Id of who asked, as it was loaded with the request: a write has made the row itself forget, and a log line is not worth
    reading it again."""
    state = inspect(g.get("_login_user"), raiseerr=False)
    return state.identity[0] if state is not None and state.identity else None


def _packed(asset: Asset, mimetype: str, kept: str) -> Response:
    """A file as the browser accepts it packed, to be kept as ``kept`` says."""
    encoding = next((e for e in ("br", "gzip") if e in asset.packed and request.accept_encodings[e]), "")
    response = Response(asset.packed.get(encoding, asset.content), mimetype=mimetype)
    response.headers["Cache-Control"] = kept
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def serve_assets(app: Flask, assets: Assets) -> None:
    """Serve ``/static/<hashed name>`` from memory, packed as the browser accepts it."""

    @public
    def static(filename: str) -> ResponseReturnValue:
        asset = assets.by_address.get(filename)
        if asset is None:
            abort(404)
        return _packed(asset, asset.mimetype, FOREVER)

    @public
    def worker() -> ResponseReturnValue:
        """What stands between pages and the network for times without one; only the root may hold it."""
        return _packed(assets.by_name["js/sw.js"], "text/javascript", "no-cache")

    app.add_url_rule("/static/<path:filename>", "static", static)
    app.add_url_rule("/sw.js", "worker", worker)
