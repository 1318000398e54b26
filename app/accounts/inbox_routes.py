"""A person's messages in the site, and by what ways they want to be told of programmes."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.answers import BIGGEST_ID
from app.accounts.blueprint import bp
from app.accounts.consents import CHANNEL_NAMES, choices_of, choose, was_asked
from app.accounts.forms import local_path
from app.accounts.models import ContactChannel, User
from app.accounts.signals import Panel, own_page_shown
from app.core.access import signed_in
from app.core.extensions import db
from app.core.i18n import say
from app.core.paging import paginate
from app.core.writing import writing
from app.notifications import inbox as messages
from app.notifications.models import InboxMessage

ASK_ORDER = 90  # below what is already there for the person


@bp.get("/akun/pesan")
@signed_in
def inbox() -> ResponseReturnValue:
    """What the office told this person, the latest first."""
    query = messages.inbox_of(current_user.id)
    page = paginate(query, by=(InboxMessage.id,), key=lambda message: (message.id,), descending=True)
    template = "accounts/inbox_staff.html" if current_user.is_staff else "accounts/inbox.html"
    return render_template(template, page=page, text_of=messages.text_of)


@bp.post(f"/akun/pesan/<int(max={BIGGEST_ID}):message_id>")
@signed_in
def open_message(message_id: int) -> ResponseReturnValue:
    """Note that a message was read, and go where it leads."""
    with writing():
        message = messages.message_of(current_user.id, message_id)
        if message is not None:
            messages.mark_read(current_user.id, message_id)
            link = local_path(message.link)
    if message is None:
        abort(404)
    return redirect(link or url_for(".inbox"), 303)


@bp.post("/akun/pesan/dibaca")
@signed_in
def read_all() -> ResponseReturnValue:
    """Everything has been read."""
    with writing():
        messages.mark_read(current_user.id)
    return redirect(url_for(".inbox"), 303)


@bp.post("/akun/kabari")
@signed_in
def save_channels() -> ResponseReturnValue:
    """By what ways this person wants to be told of programmes from now on; none: not at all."""
    picked = set() if request.form.get("tidak") else set(request.form.getlist("saluran"))
    channels = [channel for channel in ContactChannel if channel.value in picked]
    with writing():
        user = db.session.get_one(User, current_user.id)
        changed = choose(user, channels)
    if channels:
        flash(_("Tersimpan. Kami kabari bila ada program yang cocok."), "done")
    elif changed:
        flash(_("Tersimpan. Kami tidak akan mengabari Anda lagi tentang program."), "done")
    else:
        flash(_("Baik, kami tidak mengabari. Bila berubah pikiran, buka Akun saya."), "info")
    return redirect(local_path(request.form.get("next")) or url_for(".account"), 303)


@own_page_shown.connect
def ask_once(person: User, *, kind: str, **_about: Any) -> Panel | None:
    """The question whether to tell this person of programmes, until they have answered it. A UKM was asked as it registered."""
    if kind != "cooperative" or person.is_staff or was_asked(person.id):
        return None
    channels = [(one.value, say(CHANNEL_NAMES[one])) for one in choices_of(person)]
    return Panel(ASK_ORDER, "accounts/parts/ask_channels.html", {"channels": channels, "back": request.path})
