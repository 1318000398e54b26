"""Booking for whoever calls or stands at the counter: a time, then who."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, told
from app.accounts.models import User
from app.clinic import booking
from app.clinic.access import booking_by_token, token_from
from app.clinic.blueprint import bp, staff
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.desk import (
    queries,
    screens,
)
from app.clinic.desk.caller_form import CallerForm
from app.clinic.desk.reading import Problems
from app.clinic.desk.times import Asked, by_day, in_words, next_day, times
from app.clinic.rules import CHANNEL_NAMES, PROMISED, TOPIC_NAMES, Channel, Topic
from app.clinic.slots import FreeSlot, Slot
from app.clinic.timetable import day_of, slot_at
from app.cooperatives.queries import region
from app.core.access import Role, keeps_form, only
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import weekday_date
from app.core.i18n import _, choices, say
from app.core.text import N_, Text
from app.core.writing import writing

CARRIED = ("telepon", "untuk", "topik")
"""What a link into this page may fill in."""
INSTEAD = 8
"""So many other times are offered when the chosen one is gone."""


@bp.get("/dinas/klinik/baru")
@only(Role.OPERATOR)
def desk_new() -> ResponseReturnValue:
    """Pick a time; with one in the address, say who comes."""
    slot = slot_at(request.args.get("slot", "")[:40])
    if slot is None:
        gone = {"": Text(N_("Waktu itu tidak ada lagi di kalender. Pilih yang lain."))}
        return _pick(gone if request.args.get("slot") else None)
    known = {name: request.args.get(name, "")[:200] for name in CARRIED}
    return _fill_in(CallerForm.empty(**known, slot=slot.key, saluran=_channel(slot)), slot)


def _channel(slot: Slot) -> str:
    """How somebody who calls is most likely received: as was asked for, else in the office."""
    asked = request.args.get("saluran", "")
    if asked in slot.channels:
        return asked
    return Channel.OFFICE.value if Channel.OFFICE in slot.channels else slot.channels[0].value


@bp.post("/dinas/klinik/baru")
@only(Role.OPERATOR)
@keeps_form(N_("Janji klinik yang dicatat petugas"))
def desk_book() -> ResponseReturnValue:
    """Book it. Looking a cooperative or UKM up, or a number that has a booking already, shows the form once more."""
    form = CallerForm.read(request.form)
    made = booking_by_token(token_from(form.typed["kunci"]))
    if made is not None and made.state in PROMISED:
        return redirect(url_for(".desk_booking", booking_id=made.id), 303)
    slot = slot_at(form.typed["slot"])
    if slot is None:
        return _pick({"": Text(N_("Waktu itu tidak ada lagi di kalender. Pilih yang lain."))})
    if "cari" in request.form:
        form.look_up()
        return _fill_in(form, slot)
    form.check()
    if form.visitor is None:
        return _fill_in(form, slot)
    if "tetap" not in request.form and (twins := queries.coming_of(form.visitor.phone or "")):
        return _fill_in(form, slot, twins=[screens.line(one) for one in twins])
    try:
        with writing():
            made = booking.book_for(
                slot.key,
                form.visitor,
                topic=Topic(form.typed["topik"]),
                channel=Channel(form.typed["saluran"]) if form.typed["saluran"] else None,
                by=db.session.get_one(User, staff().id),
                form_key=form.typed["kunci"],
            )
            id_ = made.id
    except RuleBroken as refusal:
        return _refused(form, slot, refusal)
    flash(_("Janji tersimpan. Bacakan kodenya, atau kirim lewat WhatsApp."), "done")
    return redirect(url_for(".desk_booking", booking_id=id_), 303)


def _refused(form: CallerForm, slot: Slot, refusal: RuleBroken) -> ResponseReturnValue:
    """When the time is gone, others are offered in the same form: nobody says everything twice on the telephone."""
    form.problems = told({}, refusal)
    instead = []
    if refusal.field == "slot":
        free = times(Asked(topic=form.typed["topik"], channel=form.typed["saluran"]))
        instead = [(one.key, in_words(one)) for one in free if one.key != slot.key][:INSTEAD]
    return _fill_in(form, slot, instead=instead)


def _pick(problems: Problems | None = None) -> ResponseReturnValue:
    asked = Asked.of_address()
    free = times(asked)
    carried = {name: request.args[name][:200] for name in CARRIED if request.args.get(name)} | asked.address

    def url(one: FreeSlot) -> str:
        return url_for(".desk_new", slot=one.key, **{k: v for k, v in carried.items() if k != "konsultan"})  # type: ignore[arg-type]

    following = next_day(free)
    return page(
        "clinic/desk/new.html",
        problems=problems,
        slot=None,
        form=CallerForm.empty(),
        wanted=asked,
        topics=choices(TOPIC_NAMES),
        channels=choices(CHANNEL_NAMES),
        people=queries.people_choices(),
        days=by_day(free, url),
        later=url_for(".desk_new", mulai=following, **carried) if following else "",  # type: ignore[arg-type]
    )


def _fill_in(
    form: CallerForm,
    slot: Slot,
    *,
    twins: Sequence[dict[str, Any]] = (),
    instead: Sequence[tuple[str, str]] = (),
) -> ResponseReturnValue:
    consultant = db.session.get(ClinicConsultant, slot.consultant_id)
    party = form.party
    return page(
        "clinic/desk/new.html",
        problems=form.problems,
        form=form,
        slot={
            "day": weekday_date(day_of(slot.starts_at)),
            "clock": screens.span(slot.starts_at, slot.ends_at),
            "consultant": consultant.name if consultant else "",
            "place": slot.place,
            "title": slot.title,
            "topics": [(one.value, say(TOPIC_NAMES[one])) for one in slot.topics],
            "channels": [(one.value, say(CHANNEL_NAMES[one])) for one in slot.channels],
        },
        again=url_for(".desk_new", topik=form.typed["topik"] or None, untuk=form.typed["untuk"] or None),
        kecamatan=list(region().kecamatan.items()),
        party=screens.party_line(party) if party else None,
        found=[screens.party_line(one) for one in form.found],
        twins=twins,
        instead=instead,
    )
