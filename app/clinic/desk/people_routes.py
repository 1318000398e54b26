"""Who consults about what."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, told
from app.accounts.models import User
from app.clinic import settings, waitlist
from app.clinic.blueprint import bp
from app.clinic.calendar_models import ClinicConsultant, ClinicHours
from app.clinic.desk import (
    queries,
    screens,
)
from app.clinic.desk.common import ONE_CONSULTANT, consultant_or_404
from app.clinic.desk.forms import ConsultantForm
from app.clinic.desk.reading import Problems
from app.clinic.meanwhile import Outdated
from app.clinic.plans import broken_by
from app.clinic.rules import TOPIC_NAMES
from app.core.access import Role, keeps_form, only
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.i18n import _, choices
from app.core.text import N_, Text
from app.core.writing import writing

SHOWN_SESSIONS = 20


@bp.get("/dinas/klinik/konsultan")
@only(Role.OPERATOR)
def desk_consultants() -> ResponseReturnValue:
    """Everybody with topics and hours, and the days of the clinic outside of the office."""
    people, hours = settings.consultants(active_only=False), queries.all_hours()
    return page(
        "clinic/desk/consultants.html",
        people=[_person(one, hours.get(one.id, [])) for one in people],
        sessions=_sessions(people, hours),
    )


def _person(one: ClinicConsultant, hours: list[ClinicHours]) -> dict[str, Any]:
    weekly = [row for row in hours if row.weekday is not None]
    return {
        "name": one.name,
        "active": one.active,
        "url": url_for(".desk_consultant", consultant_id=one.id),
        "topics": [screens.topic_word(topic) for topic in one.topics],
        "hours": screens.week_in_words(weekly),
    }


def _sessions(people: list[ClinicConsultant], hours: dict[int, list[ClinicHours]]) -> list[dict[str, Any]]:
    names = {one.id: one.name for one in people}
    rows = [row for of in hours.values() for row in of if row.on_date is not None]
    rows.sort(key=lambda row: (str(row.on_date), row.starts, row.id))
    return [
        {
            "day": screens.hours_day(row),
            "clock": screens.hours_clock(row),
            "place": screens.hours_place(row) or _("Kantor"),
            "title": row.title,
            "name": names.get(row.consultant_id, ""),
            "url": url_for(".desk_hours", consultant_id=row.consultant_id, hours_id=row.id),
        }
        for row in rows[:SHOWN_SESSIONS]
    ]


@bp.get("/dinas/klinik/konsultan/baru")
@only(Role.OPERATOR)
def desk_new_consultant() -> ResponseReturnValue:
    """Choose who becomes a consultant of the clinic."""
    return _new(ConsultantForm.of())


def _new(form: ConsultantForm, problems: Problems | None = None) -> ResponseReturnValue:
    return page(
        "clinic/desk/consultant_new.html",
        problems=problems,
        form=form,
        topics=screens.topic_choices(),
        people=[(str(one.id), one.name) for one in queries.candidates()],
    )


@bp.post("/dinas/klinik/konsultan/baru")
@only(Role.OPERATOR)
@keeps_form(N_("Konsultan klinik"))
def desk_add_consultant() -> ResponseReturnValue:
    """Let people consult somebody, and go on to the hours."""
    form = ConsultantForm.read(request.form, [one.id for one in queries.candidates()])
    problems = dict(form.problems)
    if not form.user_id:
        problems = {"orang": Text(N_("Pilih orangnya."))} | problems
    if problems:
        return _new(form, problems)
    try:
        with writing() as session:
            user = session.get_one(User, form.user_id)
            made = settings.add_consultant(user, topics=form.values["topics"], about=form.values["about"])
            id_, name = made.id, made.name
    except RuleBroken as refusal:
        return _new(form, told({}, refusal))
    flash(_("%(name)s tersimpan. Sekarang isi jamnya.", name=name), "done")
    return redirect(url_for(".desk_new_hours", consultant_id=id_), 303)


@bp.get(ONE_CONSULTANT)
@only(Role.OPERATOR)
def desk_consultant(consultant_id: int) -> ResponseReturnValue:
    """One consultant: hours, days off, topics."""
    return _show(consultant_or_404(consultant_id))


@bp.post(ONE_CONSULTANT)
@only(Role.OPERATOR)
@keeps_form(N_("Konsultan klinik"))
def desk_save_consultant(consultant_id: int) -> ResponseReturnValue:
    """Change topics, and whether new bookings are taken."""
    form = ConsultantForm.read(request.form)
    if form.problems:
        return _show(consultant_or_404(consultant_id), form)
    try:
        with writing():
            settings.change_consultant(consultant_or_404(consultant_id), seen=form.seen, **form.values)
            waitlist.take_back()
            breaks = not form.values["active"] and bool(broken_by(consultant_id))
    except Outdated:
        stands = ConsultantForm.of(consultant_or_404(consultant_id))
        form.seen = stands.seen
        return _show(consultant_or_404(consultant_id), form, stands)
    except RuleBroken as refusal:
        form.problems = told({}, refusal)
        return _show(consultant_or_404(consultant_id), form)
    done = _("Perubahan tersimpan.")
    if breaks:
        flash(_("%(done)s Pilih waktu baru untuk janji yang terkena.", done=done), "done")
        return redirect(url_for(".desk_broken"), 303)
    flash(done, "done")
    return redirect(url_for(".desk_consultant", consultant_id=consultant_id), 303)


def _show(
    consultant: ClinicConsultant, form: ConsultantForm | None = None, stands: ConsultantForm | None = None
) -> ResponseReturnValue:
    """The page; with ``stands``, what somebody else set meanwhile."""
    form = form or ConsultantForm.of(consultant)
    hours = [row for row in settings.hours_of(consultant.id) if not screens.is_past(row)]
    closures = [one for one in settings.closures_since(today()) if one.consultant_id == consultant.id]
    return page(
        "clinic/desk/consultant.html",
        problems=form.problems,
        status=409 if stands else 200,
        consultant=consultant,
        form=form,
        theirs=_facts(stands) if stands else [],
        topics=choices(TOPIC_NAMES),
        weekly=[screens.hours_line(row) for row in hours if row.on_date is None],
        dated=[screens.hours_line(row) for row in hours if row.on_date is not None],
        closures=[screens.closure_line(one, {}) | {"reason": one.reason} for one in closures],
    )


def _facts(stands: ConsultantForm) -> list[tuple[str, str]]:
    return [
        (_("Topik"), ", ".join(screens.topic_word(one) for one in stands.typed["topik"])),
        (_("Keahlian"), stands.typed["tentang"]),
        (_("Menerima janji baru"), _("Ya") if stands.typed["aktif"] else _("Tidak")),
    ]
