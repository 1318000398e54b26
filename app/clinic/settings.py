"""Who consults when: the settings of the clinic, its consultants, their hours, and the days on which nobody is received."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.audit import services as audit
from app.clinic import meanwhile
from app.clinic.calendar_models import THE_CLINIC, ClinicClosure, ClinicConsultant, ClinicHours, ClinicLimits
from app.clinic.rules import LIMIT_RANGES, ClosureKind, Limits, Topic
from app.clinic.timetable_rules import hours_problem, overlapping
from app.core.access import Role
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines, fold_space
from app.core.plans import unindexed
from app.core.text import N_
from app.core.upsert import insert_into

KIND = "clinic"
CONSULTANT = "clinic_consultant"


def limits() -> Limits:
    """The settings; the usual ones where nothing was set."""
    row = db.session.get(ClinicLimits, THE_CLINIC)
    if row is None:
        return Limits()
    return Limits(**{name: getattr(row, name) for name in LIMIT_RANGES})


def line_up() -> None:
    """Whoever changes the calendar goes after whoever is just changing it, until this write unit ends: on PostgreSQL too there
    is one pen. What is read afterwards still holds when it is written, whichever consultants it is about."""
    insert = insert_into(ClinicLimits).values(id=THE_CLINIC)
    db.session.execute(insert.on_conflict_do_update(index_elements=["id"], set_={"id": ClinicLimits.id}))


def mark_of_limits(limits_: Limits) -> str:
    """What a page showed of the settings."""
    return meanwhile.mark_of(asdict(limits_))


def set_limits(*, seen: str = "", **values: int) -> Limits:
    """Change settings by name. Raises RuleBroken for a figure out of range, Outdated when the page with the mark ``seen`` showed
    others."""
    line_up()
    for name, value in values.items():
        least, most = LIMIT_RANGES[name]
        if not least <= value <= most:
            raise RuleBroken(
                N_("Isi angka antara %(least)s dan %(most)s."), field=name, least=least, most=most
            )
    before = limits()
    meanwhile.check(seen, stands=asdict(before), wanted=asdict(before) | values)
    row = db.session.get_one(ClinicLimits, THE_CLINIC, populate_existing=True)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    after = limits()
    if after != before:
        _record("clinic.limits", before=asdict(before), after=asdict(after))
    return after


def _record(
    action: str, *, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None
) -> None:
    audit.record(action, kind=KIND, subject_id=None, name="Klinik", before=before, after=after)


def consultants(*, active_only: bool = True) -> list[ClinicConsultant]:
    """The consultants by name; those who no longer work here are left out unless asked for."""
    query = (
        select(ClinicConsultant).join(ClinicConsultant.user).options(contains_eager(ClinicConsultant.user))
    )
    query = query.order_by(unindexed(User.name), ClinicConsultant.id)  # a few of very many people
    if active_only:
        query = query.where(ClinicConsultant.active, User.deactivated_at.is_(None))
    return list(db.session.scalars(query))


def consultant_of(user_id: int) -> ClinicConsultant | None:
    """The consultant whom this person is, if they are one."""
    return db.session.scalars(
        select(ClinicConsultant).where(ClinicConsultant.user_id == user_id)
    ).one_or_none()


def add_consultant(user: User, *, topics: Sequence[str], about: str = "") -> ClinicConsultant:
    """Let people consult ``user``. Raises RuleBroken without topics, and for whoever is no consultant of the office."""
    line_up()
    if not user.has_role(Role.CONSULTANT) or not user.is_active:
        raise RuleBroken(N_("Pilih orang yang berperan konsultan."), field="orang")
    if consultant_of(user.id) is not None:
        raise RuleBroken(N_("%(name)s sudah menjadi konsultan klinik."), field="orang", name=user.name)
    made = ClinicConsultant(
        user_id=user.id,
        region=current_app.config["REGION"],
        topics=_topics(topics),
        about=fold_lines(about)[:1000],
        active=True,
    )
    db.session.add(made)
    db.session.flush()
    _record_consultant(made, "clinic.consultant_added", after=_shown(made))
    return made


def change_consultant(
    consultant: ClinicConsultant, *, topics: Sequence[str], about: str, active: bool, seen: str = ""
) -> ClinicConsultant:
    """Change what ``consultant`` is consulted about, and whether at all. Bookings that stand stay. Raises Outdated when the page
    with the mark ``seen`` showed something else, RuleBroken when somebody is to receive people who is no consultant any more."""
    line_up()
    db.session.refresh(consultant)
    before = _shown(consultant)
    wanted = {"topics": _topics(topics), "about": fold_lines(about)[:1000], "active": active}
    meanwhile.check(seen, stands=before, wanted=wanted)
    may = consultant.user.has_role(Role.CONSULTANT) and consultant.user.is_active
    if active and not consultant.active and not may:
        raise RuleBroken(
            N_("Orang ini tidak lagi berperan konsultan. Minta admin mengembalikan perannya dulu."),
            field="aktif",
        )
    for name, value in wanted.items():
        setattr(consultant, name, value)
    db.session.flush()
    if before != _shown(consultant):
        _record_consultant(consultant, "clinic.consultant_changed", before=before, after=_shown(consultant))
    return consultant


def _topics(codes: Sequence[str], *, least: int = 1) -> list[str]:
    known = [topic.value for topic in Topic if topic.value in codes]
    if len(known) < least:
        raise RuleBroken(N_("Pilih paling sedikit satu topik."), field="topik")
    return known


def mark_of_consultant(consultant: ClinicConsultant) -> str:
    """What a page showed of ``consultant``."""
    return meanwhile.mark_of(_shown(consultant))


def _shown(consultant: ClinicConsultant) -> dict[str, Any]:
    return {"topics": consultant.topics, "about": consultant.about, "active": consultant.active}


def _record_consultant(
    consultant: ClinicConsultant,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        action, kind=CONSULTANT, subject_id=consultant.id, name=consultant.name, before=before, after=after
    )


HOURS = (
    "weekday", "on_date", "starts", "ends", "slot_minutes", "buffer_minutes", "channels", "capacity", "title", "topics",
    "place", "kode_kelurahan", "valid_from", "valid_until",
)  # fmt: skip


def proposed_hours(consultant: ClinicConsultant, values: Mapping[str, Any]) -> ClinicHours:
    """Hours as a form gives them, in no session yet, to be looked at or set. Raises RuleBroken with the field when they cannot
    be."""
    row = ClinicHours(
        consultant_id=consultant.id,
        **{"buffer_minutes": 0, "capacity": 1, "title": "", "topics": [], "place": ""}
        | {name: value for name, value in values.items() if name in HOURS},
    )
    row.title, row.place = fold_space(row.title)[:200], fold_space(row.place)[:200]
    row.topics = _topics(row.topics, least=0)
    if problem := hours_problem(row):
        raise RuleBroken(problem[1], field=problem[0])
    return row


def hours_of(consultant_id: int) -> list[ClinicHours]:
    """All hours of a consultant: weekly ones by day, then dated ones."""
    query = select(ClinicHours).where(ClinicHours.consultant_id == consultant_id)
    rows = list(db.session.scalars(query.order_by(ClinicHours.starts, ClinicHours.id)))
    return sorted(rows, key=lambda row: (row.weekday is None, row.weekday or 0, str(row.on_date or "")))


def set_hours(
    consultant: ClinicConsultant, values: Mapping[str, Any], *, replacing: ClinicHours | None = None
) -> ClinicHours:
    """Add hours, or change those in ``replacing``. Raises RuleBroken for what cannot be, and for hours that would overlap
    others of the same day. Bookings that no longer fit stand until somebody moves them (``plans.broken_by``)."""
    line_up()
    row = proposed_hours(consultant, values)
    others = [one for one in hours_of(consultant.id) if replacing is None or one.id != replacing.id]
    if any(overlapping(row, other) for other in others):
        raise RuleBroken(N_("Jam ini bertumpukan dengan jam lain di hari yang sama."), field="mulai")
    before = _shown_hours(replacing) if replacing else None
    kept = replacing or row
    if replacing is not None:
        for name in HOURS:
            setattr(replacing, name, getattr(row, name))
    else:
        db.session.add(row)
    db.session.flush()
    _record_consultant(consultant, "clinic.hours_set", before=before, after=_shown_hours(kept))
    return kept


def check_hours(hours: ClinicHours, seen: str, proposed: ClinicHours | None = None) -> None:
    """Raises Outdated when the page with the mark ``seen`` showed other hours than these, unless they are as ``proposed``."""
    meanwhile.check(
        seen, stands=_shown_hours(hours), wanted=_shown_hours(proposed) if proposed is not None else None
    )


def mark_of_hours(hours: ClinicHours) -> str:
    """What a page showed of ``hours``."""
    return meanwhile.mark_of(_shown_hours(hours))


def remove_hours(hours: ClinicHours) -> None:
    """Bookings that stand in these hours stay until somebody moves them."""
    line_up()
    consultant = db.session.get_one(ClinicConsultant, hours.consultant_id)
    _record_consultant(consultant, "clinic.hours_removed", before=_shown_hours(hours))
    db.session.delete(hours)
    db.session.flush()


def _shown_hours(row: ClinicHours) -> dict[str, Any]:
    return {name: getattr(row, name) for name in HOURS}


def closures_since(day: Any) -> list[ClinicClosure]:
    """Closures that end on ``day`` or later, the next first."""
    query = select(ClinicClosure).where(ClinicClosure.ends_on >= day)
    return list(db.session.scalars(query.order_by(ClinicClosure.starts_on, ClinicClosure.id)))


def proposed_closure(values: Mapping[str, Any]) -> ClinicClosure:
    """A closure as a form gives it, in no session yet. Raises RuleBroken with the field when it cannot be."""
    row = ClinicClosure(
        **{"consultant_id": None, "from_minute": None, "until_minute": None, "reason": ""} | dict(values)
    )
    row.kind, row.reason = ClosureKind(row.kind), fold_space(row.reason)[:200]
    if row.ends_on < row.starts_on:
        raise RuleBroken(N_("Hari terakhir tidak boleh sebelum hari pertama."), field="sampai")
    if (row.from_minute is None) != (row.until_minute is None):
        raise RuleBroken(
            N_("Isi kedua jamnya, atau kosongkan keduanya untuk sehari penuh."), field="jam_sampai"
        )
    if row.from_minute is not None and row.until_minute is not None and row.until_minute <= row.from_minute:
        raise RuleBroken(N_("Jam selesai harus sesudah jam mulai."), field="jam_sampai")
    return row


def add_closure(values: Mapping[str, Any]) -> ClinicClosure:
    """Close the office (``consultant_id`` None) or one consultant for some days, or open on a holiday. Sent twice, it stands
    once."""
    line_up()
    row = proposed_closure(values)
    for known in closures_since(row.ends_on):
        if _shown_closure(known) == _shown_closure(row):
            return known
    db.session.add(row)
    db.session.flush()
    _record("clinic.closure_added", after=_shown_closure(row))
    return row


def remove_closure(closure: ClinicClosure) -> None:
    """Those days are as all others again."""
    line_up()
    _record("clinic.closure_removed", before=_shown_closure(closure))
    db.session.delete(closure)
    db.session.flush()


def _shown_closure(row: ClinicClosure) -> dict[str, Any]:
    names = ("consultant_id", "starts_on", "ends_on", "from_minute", "until_minute", "kind", "reason")
    return {name: getattr(row, name) for name in names}
