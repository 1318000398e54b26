"""A consultant's hours. A change that would leave bookings without a slot shows them first."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, told
from app.accounts.models import User
from app.clinic import following, settings, waitlist
from app.clinic.blueprint import bp, staff
from app.clinic.calendar_models import ClinicHours
from app.clinic.desk import (
    queries,
    screens,
)
from app.clinic.desk.common import ONE_CONSULTANT, Breaks, check_agreed, consultant_or_404
from app.clinic.desk.hours_form import DATED, HoursForm
from app.clinic.plans import broken_by
from app.clinic.rules import CHANNEL_NAMES, TOPIC_NAMES, Channel, Topic
from app.cooperatives.screens import place_choices
from app.core.access import Role, keeps_form, only
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import _, choices
from app.core.text import N_
from app.core.writing import writing

ONE_HOURS = f"{ONE_CONSULTANT}/jam/<int(max=2147483647):hours_id>"


@bp.get(f"{ONE_CONSULTANT}/jam/baru")
@only(Role.OPERATOR)
def desk_new_hours(consultant_id: int) -> ResponseReturnValue:
    """The form for more hours, each week or on one day."""
    known: dict[str, Any] = {}
    if request.args.get("jenis") == DATED:
        known = {"jenis": DATED, "saluran": [Channel.VISIT.value]}
    return _form(consultant_id, HoursForm.empty(settings.limits(), **known))


@bp.post(f"{ONE_CONSULTANT}/jam/baru")
@only(Role.OPERATOR)
@keeps_form(N_("Jam konsultan"))
def desk_add_hours(consultant_id: int) -> ResponseReturnValue:
    """Add hours, on each weekday that was ticked."""
    return _save(consultant_id, None)


@bp.get(ONE_HOURS)
@only(Role.OPERATOR)
def desk_hours(consultant_id: int, hours_id: int) -> ResponseReturnValue:
    """Hours as they stand, to change or remove."""
    hours = _hours_or_404(consultant_id, hours_id)
    return _form(consultant_id, HoursForm.of(hours), hours=hours)


@bp.post(ONE_HOURS)
@only(Role.OPERATOR)
@keeps_form(N_("Jam konsultan"))
def desk_save_hours(consultant_id: int, hours_id: int) -> ResponseReturnValue:
    """Change hours."""
    return _save(consultant_id, hours_id)


@bp.post(f"{ONE_HOURS}/hapus")
@only(Role.OPERATOR)
def desk_remove_hours(consultant_id: int, hours_id: int) -> ResponseReturnValue:
    """Remove hours."""
    try:
        with writing():
            settings.line_up()
            hours = _hours_or_404(consultant_id, hours_id)
            breaks = check_agreed(broken_by(consultant_id, without_hours=[hours.id]))
            settings.remove_hours(hours)
            waitlist.take_back()
    except Breaks as asks:
        hours = _hours_or_404(consultant_id, hours_id)
        return _form(consultant_id, HoursForm.of(hours), hours=hours, asks=asks, removing=True)
    return _on(consultant_id, _("Jam dihapus."), breaks=breaks)


def _hours_or_404(consultant_id: int, hours_id: int) -> ClinicHours:
    return queries.hours_by_id(consultant_id, hours_id) or abort(404)


def _save(consultant_id: int, hours_id: int | None) -> ResponseReturnValue:
    form = HoursForm.read(request.form)
    hours = _hours_or_404(consultant_id, hours_id) if hours_id is not None else None
    if form.problems:
        return _form(consultant_id, form, hours=hours)
    try:
        with writing():
            breaks = _write(consultant_id, form, hours_id)
            waitlist.take_back()
            elsewhere = following.follow_place(consultant_id, by=db.session.get_one(User, staff().id))
    except Breaks as asks:
        return _form(consultant_id, form, hours=hours, asks=asks)
    except RuleBroken as refusal:
        form.problems = told({}, refusal)
        return _form(consultant_id, form, hours=hours)
    if elsewhere:
        flash(
            _(
                "%(count)s janji pindah tempat. Yang punya surel sudah dikabari; kabari yang lain dari halaman janjinya.",
                count=elsewhere,
            ),
            "info",
        )
    return _on(consultant_id, _("Jam tersimpan."), breaks=breaks)


def _write(consultant_id: int, form: HoursForm, hours_id: int | None) -> bool:
    """Set the hours; whether bookings were left without a slot."""
    settings.line_up()
    consultant = consultant_or_404(consultant_id)
    replaced = _hours_or_404(consultant_id, hours_id) if hours_id is not None else None
    days = [None] if form.is_dated else form.weekdays[:1] if replaced else form.weekdays
    wanted = [form.values | {"weekday": day} for day in days]
    breaks = check_agreed(
        broken_by(
            consultant_id,
            with_hours=[settings.proposed_hours(consultant, values) for values in wanted],
            without_hours=[replaced.id] if replaced else [],
        )
    )
    for values in wanted:
        settings.set_hours(consultant, values, replacing=replaced)
    return breaks


def _on(consultant_id: int, done: str, *, breaks: bool) -> ResponseReturnValue:
    if breaks:
        flash(_("%(done)s Pilih waktu baru untuk janji yang terkena.", done=done), "done")
        return redirect(url_for(".desk_broken"), 303)
    flash(done, "done")
    return redirect(url_for(".desk_consultant", consultant_id=consultant_id), 303)


def _form(
    consultant_id: int,
    form: HoursForm,
    *,
    hours: ClinicHours | None = None,
    asks: Breaks | None = None,
    removing: bool = False,
) -> ResponseReturnValue:
    consultant = consultant_or_404(consultant_id)
    own = [Topic(one) for one in consultant.topics]
    return page(
        "clinic/desk/hours.html",
        problems=form.problems,
        consultant=consultant,
        form=form,
        hours=hours,
        weekdays=screens.weekday_choices(),
        channels=choices(CHANNEL_NAMES),
        topics=choices(TOPIC_NAMES, own),
        places=place_choices(),
        broken=asks.lines if asks else [],
        agreed=asks.agreed if asks else "",
        removing=removing,
    )
