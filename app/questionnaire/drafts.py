"""Beginning a report and saving into it, so that nothing typed is lost and nothing saved is overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert

from app.accounts.models import User
from app.audit.services import OFFICE, record
from app.cooperatives.models import Cooperative, Listing
from app.core.database import now
from app.core.database import today as office_today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_, Text
from app.core.upsert import insert_into
from app.questionnaire import answers as reading
from app.questionnaire import checks, rules
from app.questionnaire.editions import edition_for
from app.questionnaire.extensions import last_day
from app.questionnaire.findings import Finding
from app.questionnaire.merging import FieldConflict, merge_late, section_of
from app.questionnaire.models import AnswerChange, Report, ReportEvent
from app.questionnaire.office_places import places
from app.questionnaire.queries import LastYear, content_of, held_again, last_answers, questions_of, report_of
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import EventKind, Origin, Severity, Status

MISSING = "wajib"
"""The check that only says that an answer is still to come: a draft may be so."""


@dataclass(frozen=True)
class SaveResult:
    """What a save did: the report's new version, the fields that it changed, those that a person must decide, and the
    questions about which the checks now say something that they did not say before."""

    version: int
    changed: tuple[str, ...]
    conflicts: dict[str, FieldConflict]
    doubted: frozenset[str] = frozenset()


def name_of(report: Report) -> str:
    """How the trail calls a report."""
    return f"{report.cooperative.nama_koperasi}, {report.year}"


def actor(by: User | None) -> str:
    """The name that history shows for who acted."""
    return by.name if by else OFFICE


def check_window(report: Report, today: date) -> None:
    """Raise RuleBroken when the draft ``report`` cannot be filled in on ``today``."""
    edition = report.edition
    if today < edition.opens:
        raise RuleBroken(N_("Laporan tahun buku %(year)s belum dibuka."), year=edition.year)
    if today > last_day(edition, report.cooperative_id, today):
        raise RuleBroken(
            N_(
                "Pengisian laporan tahun buku %(year)s sudah ditutup. Hubungi kantor bila masih perlu diubah."
            ),
            year=edition.year,
        )


def start_report(
    cooperative: Cooperative, *, year: int, by: User | None = None, origin: Origin = Origin.FILED
) -> Report:
    """The report of ``cooperative`` for ``year``, begun now unless it was before: there is never a second one.

    What a file brings goes through ``import_report`` instead. Raises RuleBroken when the cooperative is dissolved or merged.
    """
    check_not_merged(cooperative)
    if found := report_of(cooperative, year):
        return found
    if cooperative.dissolved_on is not None:
        raise RuleBroken(
            N_("Koperasi ini tercatat bubar, jadi tidak perlu melapor. Hubungi kantor bila keliru.")
        )
    report, begun = begin(cooperative, year=year, origin=origin)
    if begun:
        db.session.add(new_event(report, EventKind.STARTED, by=by))
        record("report.started", kind="report", subject_id=report.id, name=name_of(report))
    return report


def check_not_merged(cooperative: Cooperative) -> None:
    """Raises RuleBroken for a row that went into another: what was left there rests, until that is undone."""
    if cooperative.listing is Listing.MERGED:
        raise RuleBroken(N_("Koperasi ini sudah digabung ke koperasi lain. Kerjakan laporannya di sana."))


def begin(cooperative: Cooperative, *, year: int, origin: Origin) -> tuple[Report, bool]:
    """The one report of ``cooperative`` for ``year``, and whether this unit began it. Its first event is the caller's."""
    edition = edition_for(year)
    values = {
        "cooperative_id": cooperative.id,
        "edition_id": edition.id,
        "year": year,
        "region": cooperative.region,
        "origin": origin,
        "answers": {},
        "sections": {},
        "open_codes": [],
        "findings": [],
    }
    statement = insert_into(Report).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=["cooperative_id", "year"])
    begun = db.session.scalars(statement.returning(Report.id)).first() is not None
    report = report_of(cooperative, year)
    if report is None:  # pragma: no cover - the insert or the other unit's has just put it there
        raise RuntimeError("a report vanished")
    return report, begun


def new_event(
    report: Report, kind: str, *, by: User | None, reason: str = "", codes: tuple[str, ...] = ()
) -> ReportEvent:
    """What happens to ``report`` with this version, with the answers as they stand, ready to be added to its history.

    ``kind``: one of EventKind, or any other code for what leaves the status as it is.
    """
    return ReportEvent(
        report_id=report.id,
        at=report.updated_at,
        kind=kind,
        status=report.status,
        actor_id=by.id if by else None,
        actor_name=actor(by),
        reason=reason,
        codes=list(codes),
        answers=report.answers,
        findings=report.findings,
    )


def save_answers(
    report: Report,
    *,
    values: Mapping[str, Any],
    base_version: int | None,
    by: User | None = None,
    today: date | None = None,
    whole: bool = True,
) -> SaveResult:
    """Keep ``values`` (field → canonical value, None for a cleared one) as the draft.

    ``base_version`` is the version that the person saw (0: before the report was begun; None: unknown). What others changed
    since is merged field by field; a field changed on both sides keeps what stands and is returned as a conflict. ``whole``:
    these are all answers of a section, so what is blank in it was left blank, and no suggestion stands there any more.

    Raises RuleBroken when the report cannot be edited now; of a returned one only the reopened questions can.
    """
    held = held_again(report)
    content = content_of(held.edition)
    questionnaire = content.questionnaire
    day = today or office_today()
    if held.status is Status.DRAFT:
        check_window(held, day)
    wanted = _allowed(held, questionnaire, values)
    last = last_answers(held.cooperative, held.year)
    merged, clashes = merge_late(held, questionnaire, wanted, base_version, last)
    after = reading.apply(questionnaire, held.answers, merged)
    if held.origin is Origin.IMPORTED:
        held.origin = Origin.FILED  # now it is the cooperative's own
    before, said = held.answers, [_gist(one) for one in held.findings]
    changed = _store(held, questionnaire, after, touched=wanted if whole else {})
    held.findings = findings_json(held, today=day, last=last)
    doubted = {
        one["questions"][0] for one in held.findings if one["code"] != MISSING and _gist(one) not in said
    }
    db.session.flush()
    if changed:
        note_changes(held, before, changed, by=by)
    return SaveResult(held.version, changed, clashes, frozenset(doubted))


def _gist(finding: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a stored finding the same as an earlier one, in whatever language it was written down."""
    return finding["code"], finding["field"], finding["params"]


def _allowed(held: Report, questionnaire: Questionnaire, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of ``values`` that may be changed now. Raises RuleBroken when nothing may."""
    open_now = rules.editable_codes(questionnaire, held.status, held.open_codes)
    if not open_now:
        raise RuleBroken(
            N_("Laporan ini berstatus %(status)s, jadi jawabannya terkunci."),
            status=Text(rules.STATUS_NAMES[held.status]),
        )
    questions = {field: questionnaire.question_of(field) for field in values}
    return {
        field: values[field]
        for field, question in questions.items()
        if question is not None and question.code in open_now
    }


def _store(
    held: Report, questionnaire: Questionnaire, after: dict[str, Any], *, touched: Mapping[str, Any]
) -> tuple[str, ...]:
    """Put ``after`` in place as the next version; returns the fields that changed."""
    changed = changed_fields(held.answers, after)
    seen = {section_of(questionnaire, field) for field in touched} - held.sections.keys() - {""}
    if changed or seen:
        held.version += 1
        held.updated_at = now()
        held.answers = after
        held.sections = {**held.sections, **dict.fromkeys(sorted(seen), held.version)}
    return changed


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the fields that differ, sorted."""
    return tuple(sorted(f for f in before.keys() | after.keys() if before.get(f) != after.get(f)))


def note_changes(
    held: Report,
    before: Mapping[str, Any],
    fields: tuple[str, ...],
    *,
    by: User | None,
    action: str = "report.saved",
) -> None:
    """Keep what the latest version changed in each of ``fields``, for late saves to be told, and in the trail."""
    shared = {"report_id": held.id, "version": held.version, "at": held.updated_at, "actor_name": actor(by)}
    then = {field: before.get(field) for field in fields}
    now_ = {field: held.answers.get(field) for field in fields}
    rows = [{**shared, "field": field, "before": then[field], "after": now_[field]} for field in fields]
    if rows:
        db.session.execute(insert(AnswerChange), rows)
    record(action, kind="report", subject_id=held.id, name=name_of(held), before=then, after=now_)


def findings_now(
    report: Report, last: LastYear | None, today: date, *, incomplete: bool | None = None
) -> list[Finding]:
    """What the checks of its edition say about ``report`` on ``today``. ``incomplete``: whether blanks are forgiven; only an
    imported one's are, unless told."""
    content = content_of(report.edition)
    return checks.run_checks(
        content.questionnaire,
        report.answers,
        last=last.answers if last else None,
        year=report.year,
        today=today,
        places=places(),
        incomplete=report.origin is Origin.IMPORTED if incomplete is None else incomplete,
        checks=content.checks,
    )


def lacking(held: Report) -> set[str]:
    """The questions that an imported list left open: a cooperative that corrects one answer of it has to file all of them."""
    if held.origin is not Origin.IMPORTED:
        return set()
    questions = questions_of(held)
    found = findings_now(held, last_answers(held.cooperative, held.year), office_today(), incomplete=False)
    wrong = (questions.question_of(one.field) for one in found if one.severity is Severity.ERROR)
    blank = (one for one in questions.questions if not reading.answered(one, held.answers))
    return {question.code for question in (*wrong, *blank) if question}


def findings_json(report: Report, *, today: date, last: LastYear | None) -> list[dict[str, Any]]:
    """:func:`findings_now` as the report keeps them."""
    return [finding.to_json() for finding in findings_now(report, last, today)]
