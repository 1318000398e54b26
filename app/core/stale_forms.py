"""A form whose token is no longer this session's, though its page was drawn for whoever sends it: it may be sent again. And one
whose files were too large: it may be sent without them.

That happens to visitors whose browser forgot its session, and to people who signed in again in another tab. Nothing is offered
for a token that is missing or that this site did not sign, for what another site sent, or where the page was drawn for
somebody else: the token of a person who is signed in says whose it is.
"""

import secrets
from urllib.parse import urlsplit

from flask import current_app, request, session
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import ValidationError

FIELD = "csrf_token"
SALT = "wtf-csrf-token"
"""By which flask-wtf signs its tokens."""
LONGEST_OPEN = 3 * 24 * 3600
"""Seconds for which a page is known again."""
LARGEST = 64 << 10
"""Characters of all names and values."""
MOST_FIELDS = 500
SECRET_PARTS = ("password", "sandi")
CODES = ("kode", "pin")
BETWEEN = "-"


def begin_pages_of(mark: str) -> None:
    """From now on this session's tokens say that their pages were drawn for the person with this ``mark``."""
    session[FIELD] = f"{secrets.token_hex(20)}{BETWEEN}{mark}"


def is_our_own() -> bool:
    """Whether a page of this site sent the request, as the browser says."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender).netloc == request.host


def to_send_again(*, is_signed_in: bool) -> list[tuple[str, str]]:
    """What was typed, without files; empty where it may not be offered, or is better typed anew."""
    drawn_for, here = _drawn_for(), str(session.get(FIELD, "")).partition(BETWEEN)[2]
    if drawn_for is None or drawn_for != here or bool(here) != is_signed_in or not is_our_own():
        return []
    return _offered(list(request.form.items(multi=True)))


def without_files(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What of ``fields``, of a form whose files were too large, may be sent again without them; empty where this session's token is
    not among them."""
    try:
        validate_csrf(dict(fields).get(FIELD, ""))
    except ValidationError:
        return []
    return _offered(fields)


def _offered(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    fields = [(name, text) for name, text in fields if name != FIELD]
    if any(_is_secret(name) for name, _text in fields) or not any(text.strip() for _name, text in fields):
        return []
    is_large = len(fields) > MOST_FIELDS or sum(len(name) + len(text) for name, text in fields) > LARGEST
    return [] if is_large else fields


def _drawn_for() -> str | None:
    """The mark of the person for whom the page was drawn, empty for a visitor; None for no token of ours."""
    signer = URLSafeTimedSerializer(current_app.secret_key or "", salt=SALT)
    try:
        return str(signer.loads(request.form.get(FIELD, ""), max_age=LONGEST_OPEN)).partition(BETWEEN)[2]
    except BadData:
        return None


def _is_secret(name: str) -> bool:
    return name.casefold() in CODES or any(part in name.casefold() for part in SECRET_PARTS)
