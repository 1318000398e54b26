"""The waitlist at the office: who stands in it, and those who telephone to join, leave, or take what they were offered."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, told
from app.accounts.models import User
from app.clinic import booking, messages, settings, waitlist
from app.clinic.access import token_of
from app.clinic.blueprint import bp, staff
from app.clinic.desk import (
    queries,
    screens,
)
from app.clinic.desk.caller_form import CallerForm
from app.clinic.desk.common import read_id
from app.clinic.models import ClinicWaiting
from app.clinic.rules import CHANNEL_NAMES, TOPIC_NAMES, Channel, Topic, WaitState
from app.clinic.timetable import day_of
from app.cooperatives.queries import region
from app.core.access import Role, keeps_form, only
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import clock, short_date
from app.core.i18n import _, choices, say
from app.core.text import N_
from app.core.writing import writing

ONE_WAITING = "/dinas/klinik/tunggu/<int(max=2147483647):waiting_id>"


@bp.get("/dinas/klinik/tunggu")
@only(Role.OPERATOR)
def desk_waiting() -> ResponseReturnValue:
    """Who waits, first come on top."""
    known = {name: request.args.get(name, "")[:40] for name in ("topik", "konsultan", "saluran")}
    return _waiting(CallerForm.empty(**known))


@bp.post("/dinas/klinik/tunggu")
@only(Role.OPERATOR)
@keeps_form(N_("Daftar tunggu klinik"))
def desk_join() -> ResponseReturnValue:
    """Put somebody at the end of the line."""
    form = CallerForm.read(request.form)
    if "cari" in request.form:
        form.look_up()
        return _waiting(form)
    form.check()
    if form.visitor is None:
        return _waiting(form)
    try:
        with writing():
            waitlist.join(
                form.visitor,
                topic=Topic(form.typed["topik"]),
                consultant_id=read_id(form.typed["konsultan"]),
                channel=Channel(form.typed["saluran"]) if form.typed["saluran"] else None,
                form_key=form.typed["kunci"],
                by=db.session.get_one(User, staff().id),
            )
    except RuleBroken as refusal:
        if refusal.field == "slot":  # a time is free: pick it instead of waiting
            flash(_("Masih ada waktu kosong. Pilih salah satunya."), "info")
            carried = {
                name: form.typed[name]
                for name in ("topik", "konsultan", "saluran", "telepon")
                if form.typed[name]
            }
            return redirect(url_for(".desk_new", **carried), 303)
        form.problems = told({}, refusal)
        return _waiting(form)
    flash(_("Masuk daftar tunggu. Begitu ada waktu kosong, kami tawarkan."), "done")
    return redirect(url_for(".desk_waiting"), 303)


@bp.post(f"{ONE_WAITING}/keluar")
@only(Role.OPERATOR)
def desk_leave(waiting_id: int) -> ResponseReturnValue:
    """Take somebody out of the line, who said so."""
    with writing():
        waitlist.leave(_found_or_404(waiting_id), by=db.session.get_one(User, staff().id))
    flash(_("Sudah keluar dari daftar tunggu."), "done")
    return redirect(url_for(".desk_waiting"), 303)


@bp.post(f"{ONE_WAITING}/ambil")
@only(Role.OPERATOR)
def desk_take_offer(waiting_id: int) -> ResponseReturnValue:
    """Whoever was offered a time telephones to say yes."""
    try:
        with writing():
            id_ = booking.take_offer(token_of(_found_or_404(waiting_id))).id
    except RuleBroken as refusal:
        flash(say(refusal.text), "error")
        return redirect(url_for(".desk_waiting"), 303)
    flash(_("Waktu yang ditawarkan diambil."), "done")
    return redirect(url_for(".desk_booking", booking_id=id_), 303)


def _found_or_404(waiting_id: int) -> ClinicWaiting:
    return db.session.get(ClinicWaiting, waiting_id) or abort(404)


def _waiting(form: CallerForm) -> ResponseReturnValue:
    party = form.party
    handled = {topic for one in settings.consultants() for topic in one.topics}
    rows = [one for one in queries.waiting_line() if waitlist.standing(one) is not WaitState.LAPSED]
    return page(
        "clinic/desk/waiting.html",
        problems=form.problems,
        rows=[_line(one, handled) for one in rows],
        form=form,
        offer_minutes=settings.limits().offer_minutes,
        topics=choices(TOPIC_NAMES),
        channels=choices(CHANNEL_NAMES),
        people=queries.people_choices(),
        kecamatan=list(region().kecamatan.items()),
        party=screens.party_line(party) if party else None,
        found=[screens.party_line(one) for one in form.found],
    )


def _line(one: ClinicWaiting, handled: set[str]) -> dict[str, Any]:
    wanted = waitlist.asked_for(one)
    parts = [wanted.name if wanted else _("siapa saja")]
    if one.topic not in handled:
        parts = [_("tidak ada konsultan untuk topik ini")]
    if one.channel:
        parts.append(say(CHANNEL_NAMES[one.channel]))
    offered = one.booking if one.state is WaitState.OFFERED else None
    return {
        "id": one.id,
        "name": one.name,
        "phone": one.phone,
        "topic": screens.topic_word(one.topic),
        "with_whom": " · ".join(parts),
        "since": f"{short_date(day_of(one.joined_at))}, {clock(one.joined_at)}",
        "offer": screens.when(offered) if offered else "",
        "until": clock(offered.expires_at) if offered and offered.expires_at else "",
        "whatsapp": messages.whatsapp_to(one.phone, messages.offer_text(one, offered)) if offered else "",
    }
