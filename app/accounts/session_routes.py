"""Where a person is signed in, and ending it from here."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import sessions
from app.accounts.answers import BIGGEST_ID
from app.accounts.blueprint import bp
from app.accounts.models import User
from app.accounts.services import sign_out_everywhere
from app.core.access import signed_in
from app.core.extensions import db
from app.core.writing import writing


@bp.post(f"/akun/perangkat/<int(max={BIGGEST_ID}):session_id>/keluar")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions; somebody else's is not there."""
    if session_id == sessions.this_session():
        sessions.end()
        flash(_("Anda sudah keluar."), "done")
        return redirect(url_for(".sign_in"))
    with writing():
        ended = sessions.end_elsewhere(db.session.get_one(User, current_user.id), session_id)
    if not ended:
        abort(404)
    flash(_("Perangkat itu sudah keluar dari akun Anda."), "done")
    return redirect(url_for(".account", _anchor="perangkat"), 303)


@bp.post("/akun/perangkat/lain/keluar")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    """End every session but this one."""
    with writing():
        sign_out_everywhere(db.session.get_one(User, current_user.id))
    sessions.renew(db.session.get_one(User, current_user.id))
    flash(_("Semua perangkat lain sudah keluar dari akun Anda."), "done")
    return redirect(url_for(".account", _anchor="perangkat"), 303)
