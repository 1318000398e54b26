"""Who may see a request: the office, its requester when signed in, and whoever knows its number and code."""

from collections.abc import Iterator

from flask import has_request_context, session
from flask_login import current_user

from app.accounts.digests import keyed_digest, same
from app.cooperatives.rules import (
    CODE_ALPHABET,
    format_activation_code,
    new_activation_code,
    normalise_activation_code,
)
from app.core.access import Role
from app.core.extensions import db
from app.desk.models import ABOUT, ServiceRequest
from app.files import access as files
from app.files.models import StoredFile

OPENED = "permohonan"  # in the session: ids of the requests that its holder has opened by their codes
MOST_OPENED = 20


def code_of(request: ServiceRequest) -> str:
    """The secret code of ``request``: twelve characters, eleven of them from the one-time key that it was sent with."""
    return code_from(request.form_key)


def code_from(form_key: str) -> str:
    """The code that follows from a form's key: the same each time, and nobody without the site's secret can work it out."""
    digits = int(keyed_digest("request-code", form_key), 16)

    def draw() -> Iterator[str]:
        rest = digits
        while True:
            rest, place = divmod(rest, len(CODE_ALPHABET))
            yield CODE_ALPHABET[place]

    drawn = draw()
    return new_activation_code(lambda _alphabet: next(drawn))


def shown_code(request: ServiceRequest) -> str:
    """``ABCD-EFGH-JKMN``."""
    return format_activation_code(code_of(request))


def fits(request: ServiceRequest | None, typed: str) -> bool:
    """Whether ``typed`` is the code of ``request``."""
    code = normalise_activation_code(typed)
    return request is not None and code is not None and same(code_of(request), code)


def let_in(request: ServiceRequest) -> None:
    """This browser may see ``request`` until its session ends."""
    known = [one for one in session.get(OPENED, []) if one != request.id]
    session[OPENED] = [*known, request.id][-MOST_OPENED:]


def shut(request: ServiceRequest) -> None:
    """This browser forgets ``request``."""
    session[OPENED] = [one for one in session.get(OPENED, []) if one != request.id]


def may_see(request: ServiceRequest) -> bool:
    """Whether whoever asks is the requester: by code, or by the account that it was sent from."""
    if request.id in session.get(OPENED, []):
        return True
    return bool(current_user.is_authenticated and request.requester_id == current_user.id)


def _may_open(stored: StoredFile, person: object) -> bool:
    """Files of a request are for the office and for its requester."""
    if getattr(person, "is_authenticated", False) and person.has_role(Role.OPERATOR):  # type: ignore[attr-defined]
        return True
    request = db.session.get(ServiceRequest, stored.about_id)
    return request is not None and has_request_context() and may_see(request)


files.allow(ABOUT, _may_open)
