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
from app.clinic.desk.reading import read_mark
from app.clinic.meanwhile import Outdated
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
    """Remove hours. Whoever comes second finds them removed."""
    if consultant_or_404(consultant_id) and not queries.hours_by_id(consultant_id, hours_id):
        return _on(consultant_id, _("Jam ini sudah dihapus."), breaks=False)
    try:
        with writing():
            settings.line_up()
            hours = _hours_or_404(consultant_id, hours_id)
            settings.check_hours(hours, read_mark(request.form))
            breaks = check_agreed(broken_by(consultant_id, without_hours=[hours.id]))
            settings.remove_hours(hours)
            waitlist.take_back()
    except Breaks as asks:
        hours = _hours_or_404(consultant_id, hours_id)
        return _form(consultant_id, HoursForm.of(hours), hours=hours, asks=asks, removing=True)
    except Outdated:
        hours = _hours_or_404(consultant_id, hours_id)
        return _form(consultant_id, HoursForm.of(hours), hours=hours, theirs=_facts(hours), removing=True)
    return _on(consultant_id, _("Jam dihapus."), breaks=breaks)


def _hours_or_404(consultant_id: int, hours_id: int) -> ClinicHours:
    return queries.hours_by_id(consultant_id, hours_id) or abort(404)


def _save(consultant_id: int, hours_id: int | None) -> ResponseReturnValue:
    form = HoursForm.read(request.form)
    hours = queries.hours_by_id(consultant_id, hours_id) if hours_id is not None else None
    if hours_id is not None and hours is None:
        return _removed(consultant_id, form)
    if form.problems:
        return _form(consultant_id, form, hours=hours)
    try:
        with writing():
            breaks = _write(consultant_id, form, hours_id)
            waitlist.take_back()
            elsewhere = following.follow_place(consultant_id, by=db.session.get_one(User, staff().id))
    except Breaks as asks:
        return _form(consultant_id, form, hours=hours, asks=asks)
    except Outdated:
        return _outdated(consultant_id, hours_id or 0, form)
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
    proposed = [settings.proposed_hours(consultant, values) for values in wanted]
    if replaced:
        settings.check_hours(replaced, form.seen, proposed[0])
    breaks = check_agreed(
        broken_by(
            consultant_id,
            with_hours=proposed,
            without_hours=[replaced.id] if replaced else [],
        )
    )
    for values in wanted:
        settings.set_hours(consultant, values, replacing=replaced)
    return breaks


def _outdated(consultant_id: int, hours_id: int, form: HoursForm) -> ResponseReturnValue:
    """What stands now, above what was typed; saved once more, it is meant."""
    hours = _hours_or_404(consultant_id, hours_id)
    form.seen = settings.mark_of_hours(hours)
    return _form(consultant_id, form, hours=hours, theirs=_facts(hours))


def _removed(consultant_id: int, form: HoursForm) -> ResponseReturnValue:
    """Somebody else took these hours away: what was typed may be added as new ones."""
    if not form.seen:
        abort(404)
    form.seen = ""
    return _form(consultant_id, form, removed=True)


def _facts(hours: ClinicHours) -> list[tuple[str, str]]:
    line = screens.hours_line(hours)
    shown = [
        (_("Kapan?"), f"{line['day']}, {line['clock']}"),
        (_("Lama tiap janji"), line["cut"]),
        (_("Caranya"), line["channels"]),
        (_("Tempat"), line["place"] or _("Kantor")),
        (_("Nama kelas"), line["title"]),
        (_("Hanya topik ini"), line["topics"]),
        (_("Berlaku"), line["valid"]),
    ]
    return [(term, value) for term, value in shown if value]


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
    removed: bool = False,
    theirs: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    consultant = consultant_or_404(consultant_id)
    own = [Topic(one) for one in consultant.topics]
    return page(
        "clinic/desk/hours.html",
        problems=form.problems,
        status=409 if theirs or removed else 200,
        consultant=consultant,
        form=form,
        hours=hours,
        theirs=theirs,
        removed=removed,
        weekdays=screens.weekday_choices(),
        channels=choices(CHANNEL_NAMES),
        topics=choices(TOPIC_NAMES, own),
        places=place_choices(),
        broken=asks.lines if asks else [],
        agreed=asks.agreed if asks else "",
        removing=removing,
    )
