"""Forms whose sender turned out to be signed out: what was typed waits for them, and is offered once they are back.

Only views marked ``@keeps_form`` take part, only posts that this site's own pages sent, and only on a device that tells who
was signed in last: the session that has ended, or the cookie of known devices. Nobody else who signs in there is shown it.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from flask import current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import delete, select
from werkzeug.wrappers import Response

from app.accounts import devices
from app.accounts.digests import keyed_digest
from app.accounts.models import KeptForm, User
from app.core.access import turned_away
from app.core.database import now
from app.core.extensions import db
from app.core.stale_forms import is_our_own
from app.core.upsert import insert_into
from app.core.writing import writing

COOKIE = "simpul_isian"
KEPT = timedelta(days=3)
LARGEST = 64 << 10  # characters of all names and values
MOST_FIELDS = 500
SECRET = ("csrf_token", "password", "sandi")


@turned_away.connect
def keep(_sender: object) -> ResponseReturnValue | None:
    """Keep what was just posted, and lead to where it is offered again; None where nothing is to be kept."""
    title = getattr(current_app.view_functions.get(request.endpoint or ""), "keeps_form", "")
    fields = [[name, text] for name, text in request.form.items(multi=True) if not is_secret(name)]
    owner = _owner()
    if request.method != "POST" or not title or not owner or not fields or not is_our_own():
        return None
    if len(fields) > MOST_FIELDS or sum(len(name) + len(text) for name, text in fields) > LARGEST:
        return None
    token = request.cookies.get(COOKIE, "")[:64] or secrets.token_urlsafe(24)
    with writing():
        _store(token, owner=owner, title=title, fields=fields)
    page = url_for("accounts.kept")
    signed_in = current_user.is_authenticated
    if not signed_in:
        flash(_("Sesi Anda sudah berakhir. Masuk lagi; isian Anda kami simpan."), "warning")
    if any(file.filename for _name, file in request.files.items(multi=True)):
        flash(_("Berkas tidak ikut tersimpan. Pilih lagi sesudah isian ini terkirim."), "warning")
    answer = redirect(page if signed_in else url_for("accounts.sign_in", next=page), 303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=KEPT,
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return answer


def is_secret(name: str) -> bool:
    """Whether a field of this name is never kept."""
    return any(part in name.casefold() for part in SECRET)


def _owner() -> str:
    """Who typed it, as far as this browser tells: who is signed in, whose session has just ended, who was here last."""
    if current_user.is_authenticated:
        return str(current_user.id)
    number = str(session.get("_user_id", "")).partition(".")[0]
    return number if number.isdecimal() and len(number) < 12 else devices.last_account()


def _store(token: str, *, owner: str, title: str, fields: list[list[str]]) -> None:
    """One form for each address and browser: the latest."""
    moment = now()
    db.session.execute(delete(KeptForm).where(KeptForm.expires_at < moment))
    values = {
        "token_digest": _digest(token),
        "path": request.path[:500],
        "query": _query(),
        "owner": owner,
        "title": title,
        "fields": fields,
        "created_at": moment,
        "expires_at": moment + KEPT,
    }
    statement = insert_into(KeptForm).values(**values)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["token_digest", "path", "query"], set_=values)
    )


def _query() -> str:
    return request.query_string.decode("ascii", "replace")[:500]


def _digest(token: str) -> str:
    return keyed_digest("kept form", token)


def waiting_for(user: User) -> list[KeptForm]:
    """What this browser has kept for ``user``, the latest first; asks the database only where there is a cookie."""
    token = request.cookies.get(COOKIE)
    if not token:
        return []
    owners = {str(user.id), *devices.marks_of(user)}
    query = select(KeptForm).where(
        KeptForm.token_digest == _digest(token), KeptForm.owner.in_(owners), KeptForm.expires_at > now()
    )
    return list(db.session.scalars(query.order_by(KeptForm.created_at.desc(), KeptForm.id)))


def address_for(user: User) -> str:
    """The page that offers it; empty when nothing waits."""
    return url_for("accounts.kept") if waiting_for(user) else ""


def forget(forms: Iterable[KeptForm]) -> None:
    """It has arrived, or was thrown away."""
    ids = [form.id for form in forms]
    db.session.execute(delete(KeptForm).where(KeptForm.id.in_(ids)))


def after_arrival(answer: Response) -> Response:
    """What was sent again and taken need not be offered any more. The blueprint runs it after each request."""
    taken = request.method == "POST" and COOKIE in request.cookies and answer.status_code < 400
    view = current_app.view_functions.get(request.endpoint or "")
    if taken and hasattr(view, "keeps_form") and current_user.is_authenticated:
        here = (request.path[:500], _query())
        arrived = [form for form in waiting_for(current_user) if (form.path, form.query) == here]
        if arrived and not answer.headers.get("Location", "").startswith(url_for("accounts.kept")):
            with writing():
                forget(arrived)
    return answer
