"""The outbox at the staff's desk. It stands here and not in ``notifications``, since who may read a message depends on whom it
is for: a link for an admin in an operator's hands would make an admin of the operator."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.accounts.answers import BIGGEST_ID, private
from app.accounts.blueprint import bp
from app.accounts.forms import read_outbox_filter
from app.accounts.models import User
from app.accounts.rules import may_help
from app.audit import services as audit
from app.core.access import Role, only
from app.core.extensions import db
from app.core.paging import count_text, count_up_to, paginate
from app.core.qr import qr_svg
from app.core.text import N_
from app.core.writing import writing
from app.notifications import queries, rules, services
from app.notifications.delivery import is_configured
from app.notifications.models import MessageState, OutboxMessage

MESSAGE = f"/dinas/kotak-keluar/<int(max={BIGGEST_ID}):message_id>"
STATES = {
    MessageState.WAITING: N_("Menunggu"),
    MessageState.SENT: N_("Sudah terkirim"),
    MessageState.FAILED: N_("Gagal"),
    MessageState.HANDED: N_("Disampaikan petugas"),
    MessageState.EXPIRED: N_("Kedaluwarsa"),
}
BADGES = {
    MessageState.WAITING: "waiting",
    MessageState.SENT: "accepted",
    MessageState.FAILED: "refused",
    MessageState.HANDED: "accepted",
    MessageState.EXPIRED: "inactive",
}


@bp.get("/dinas/kotak-keluar")
@only(Role.OPERATOR, Role.ADMIN)
def outbox() -> ResponseReturnValue:
    """Messages, the newest first; who they are for and what became of them."""
    state, wanted = read_outbox_filter(request.args)
    query = queries.outbox(state=state, wanted=wanted)
    page = paginate(query, by=(OutboxMessage.id,), key=lambda message: (message.id,), descending=True)
    kept = {"keadaan": state, "q": wanted}
    return render_template(
        "accounts/outbox.html",
        page=page,
        state=state,
        wanted=wanted,
        kept={name: str(value) for name, value in kept.items() if value},
        counts=queries.counts(),
        count=count_text(count_up_to(query)),
        states=STATES,
        badges=BADGES,
        by_email=is_configured(),
    )


@bp.get(MESSAGE)
@only(Role.OPERATOR, Role.ADMIN)
def message(message_id: int) -> ResponseReturnValue:
    """One message. Its one-time link is shown only when it is read out (:func:`read_out`)."""
    found = _found(message_id)
    return render_template(
        "accounts/message.html",
        message=found,
        body=found.body.replace(rules.LINK_MARK, _("(tautan sekali pakai)")),
        label=STATES[found.state],
        look=BADGES[found.state],
        may_read=_may_read(found),
        by_email=is_configured(),
    )


@bp.post(f"{MESSAGE}/bacakan")
@only(Role.OPERATOR, Role.ADMIN)
def read_out(message_id: int) -> ResponseReturnValue:
    """The message with its link, to read out or print; on the trail, since whoever reads it could use it."""
    with writing():
        found = _found(message_id)
        if not _may_read(found):
            abort(404)
        audit.record(
            "message.read_out",
            kind="message",
            subject_id=found.id,
            name=found.to_name,
            after={"hal": found.subject},
        )
    page = render_template(
        "accounts/message_letter.html",
        message=found,
        body=rules.filled_in(found.body, found.link),
        qr=qr_svg(found.link, _("Kode QR untuk membuka tautan")) if found.link else "",
    )
    return private(page)


@bp.post(f"{MESSAGE}/kirim")
@only(Role.OPERATOR, Role.ADMIN)
def send_again(message_id: int) -> ResponseReturnValue:
    """Let the next delivery try it at once; of a settled message, queue a copy."""
    with writing():
        found = _found(message_id)
        queued = services.send_again(found)
        audit.record(
            "message.sent_again",
            kind="message",
            subject_id=queued.id,
            name=queued.to_name,
            after={"hal": queued.subject},
        )
        number = queued.id
    flash(_("Pesan menunggu pengiriman berikutnya."), "done")
    return redirect(url_for(".message", message_id=number))


@bp.post(f"{MESSAGE}/disampaikan")
@only(Role.OPERATOR, Role.ADMIN)
def hand_over(message_id: int) -> ResponseReturnValue:
    """Staff passed the message on by telephone or on paper."""
    with writing():
        found = _found(message_id)
        if not _may_read(found):
            abort(404)
        services.hand_over(found)
        audit.record(
            "message.handed",
            kind="message",
            subject_id=found.id,
            name=found.to_name,
            after={"hal": found.subject},
        )
    flash(_("Tercatat: pesan sudah disampaikan."), "done")
    return redirect(url_for(".message", message_id=message_id))


def _found(message_id: int) -> OutboxMessage:
    found = db.session.get(OutboxMessage, message_id)
    if found is None:
        abort(404)
    return found


def _may_read(message: OutboxMessage) -> bool:
    """Messages without a link: staff. With one: only who may help the recipient; nobody knows the recipient: admins."""
    if message.link is None:
        return True
    person = db.session.scalar(select(User).where(User.id == message.person_id))
    roles = person.roles if person else frozenset({Role.ADMIN})
    return may_help(current_user.roles, roles)
