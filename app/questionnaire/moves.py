"""How a report moves between cooperative and office: each move an event, with everything that must move with it."""

from collections.abc import Collection
from datetime import date
from typing import Any

from app.accounts.models import User
from app.audit.services import OFFICE, record
from app.cooperatives import services as cooperatives
from app.core.database import now
from app.core.database import today as office_today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_, Text
from app.questionnaire import rules, totals
from app.questionnaire.adopting import adopt
from app.questionnaire.comments import LONGEST
from app.questionnaire.confirming import settle_open
from app.questionnaire.drafts import (
    actor,
    changed_fields,
    check_not_merged,
    check_window,
    findings_now,
    lacking,
    name_of,
    new_event,
)
from app.questionnaire.findings import Finding, has_errors
from app.questionnaire.following import renew_following
from app.questionnaire.models import Receipt, Report, ReportEvent
from app.questionnaire.queries import (
    current_receipt,
    held_again,
    last_answers,
    last_event,
    last_snapshot,
    questions_of,
)
from app.questionnaire.rules import EventKind, Origin, Status
from app.questionnaire.sending import Sending, held_for_sending
from app.questionnaire.signals import report_moved

NOTES = {
    EventKind.SUBMITTED: N_("Laporan tahun buku %(year)s dikirim"),
    EventKind.RETURNED: N_("Laporan tahun buku %(year)s dikembalikan untuk diperbaiki"),
    EventKind.APPROVED: N_("Laporan tahun buku %(year)s disetujui"),
    EventKind.REOPENED: N_("Laporan tahun buku %(year)s dibuka kembali"),
}


class NotReady(RuleBroken):
    """A submission was refused because of what its ``findings`` say."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(N_("Laporan belum dapat dikirim. Perbaiki dulu yang ditandai."))
        self.findings = findings


class Overtaken(RuleBroken):
    """Somebody else was quicker: the report is no longer as this person saw it."""


def submit(
    report: Report | int,
    *,
    by: User | None,
    by_name: str = "",
    declared_name: str,
    declared_position: str,
    second: tuple[str, str] = ("", ""),
    reason: str = "",
    today: date | None = None,
    base_version: int | None = None,
) -> Receipt:
    """File ``report`` (or the one with that id), declared to be true by a named office holder. Pressing twice gives the same receipt.

    ``by_name`` is who sends it without an account, with a code. ``second`` is the name and position of who signed beside;
    ``reason`` stands in the history, as when the office waived that. What waited for somebody's yes (``confirming``) is settled by it. Raises as :func:`check_ready` does.
    """
    sending = held_for_sending(report)
    held = sending.report
    if held.status is Status.SUBMITTED and (receipt := current_receipt(held)):
        return receipt
    name, position = check_ready(held, declared_name, declared_position, today, base_version, sending)
    receipt = Receipt(
        code=rules.new_receipt_code(held.year),  # drawn twice so rarely that the constraint may speak
        answers_digest=rules.digest(held.answers),
        declared_name=name,
        declared_position=position,
        second_name=second[0],
        second_position=second[1],
    )
    waited = held.waits_version is not None
    _step(
        held,
        to=Status.SUBMITTED,
        by=by,
        by_name=by_name,
        receipt=receipt,
        reason=reason,
        earlier=sending.snapshot,
    )
    if waited:
        settle_open(held, name=by_name or actor(by))
    return receipt


def check_ready(
    held: Report,
    name: str,
    position: str,
    today: date | None = None,
    base_version: int | None = None,
    sending: Sending | None = None,
) -> tuple[str, str]:
    """The declaration under ``held`` as it will be kept, if the report can be sent now; its findings are renewed. ``sending``:
    what was read with it.

    Raises NotReady when a check finds an error, Overtaken when the answers are no longer those of ``base_version``, and
    RuleBroken when nobody is named or the year is closed.
    """
    name, position = fold_space(name), fold_space(position)
    if len(name) < 3:
        raise RuleBroken(N_("Tulis nama pengurus yang menyatakan laporan ini benar."), field="nama")
    if not position:
        raise RuleBroken(N_("Pilih jabatan pengurus itu."), field="jabatan")
    day = today or office_today()
    if held.status is Status.DRAFT:
        check_window(held, day)
    if base_version is not None and base_version != held.version and held.status in rules.EDITABLE:
        raise Overtaken(N_("Jawaban berubah sejak halaman ini dibuka. Periksa sekali lagi, lalu kirim."))
    if held.origin is Origin.IMPORTED:
        held.origin = Origin.FILED  # a named person now answers for it
    with db.session.no_autoflush:
        last = sending.last if sending else last_answers(held.cooperative, held.year)
        found = findings_now(held, last, day)
    held.findings = [finding.to_json() for finding in found]
    if has_errors(found):
        raise NotReady(found)
    return name[:200], position[:200]


def move(
    report: Report,
    *,
    to: Status,
    by: User | None,
    reason: str = "",
    codes: Collection[str] = (),
    base_version: int | None = None,
) -> ReportEvent:
    """Take ``report`` to ``to``, with the event, the kept totals, the trail, the timeline and, on approval, the register.

    ``codes`` are the questions that a return reopens (a reopening without any opens all). ``base_version`` is the version
    that the reviewer looked at. An imported draft may be approved in one go: it passes through *submitted*.

    Raises Overtaken when the report has moved on since, and RuleBroken when the move or its reason is not allowed.
    """
    held = held_again(report)
    check_not_merged(held.cooperative)
    _check_not_overtaken(held, to, base_version)
    if held.origin is Origin.IMPORTED and held.status is Status.DRAFT and to is Status.APPROVED:
        _step(held, to=Status.SUBMITTED, by=by)
    return _step(held, to=to, by=by, reason=reason, codes=codes)


def _check_not_overtaken(held: Report, to: Status, base_version: int | None) -> None:
    stale = base_version is not None and base_version != held.version
    if not stale and rules.may_move(held.status, to):
        return
    event = last_event(held, *NOTES)
    if event is None:
        return  # nobody was quicker: check_move has the sentence
    raise Overtaken(
        N_("Laporan ini sudah %(status)s oleh %(name)s. Muat ulang untuk melihat keadaannya sekarang."),
        status=Text(PAST[Status(event.status)]),
        name=event.actor_name,
    )


PAST = {
    Status.SUBMITTED: N_("dikirim lagi"),
    Status.RETURNED: N_("dikembalikan"),
    Status.APPROVED: N_("disetujui"),
}


def _step(
    held: Report,
    *,
    to: Status,
    by: User | None,
    by_name: str = "",
    reason: str = "",
    codes: Collection[str] = (),
    receipt: Receipt | None = None,
    earlier: dict[str, Any] | None = None,
) -> ReportEvent:
    """One move of a locked report; a ``receipt`` is dated and kept with it. ``earlier``: the answers of the event before, where
    they were read already."""
    before = held.status
    reason = fold_lines(reason)[:LONGEST]
    rules.check_move(before, to, reason=reason)
    kind = rules.event_for(before, to)
    opened = _opened(held, kind, codes)
    with db.session.no_autoflush:  # one flush at the end, not one before each of these reads
        earlier = last_snapshot(held) if earlier is None else earlier
        held.status = to
        held.version += 1
        held.updated_at = now()
        held.open_codes = list(opened)
        if to is Status.SUBMITTED:
            held.submitted_at = held.updated_at
        held.approved_at = held.updated_at if to is Status.APPROVED else None
        event = new_event(held, kind, by=by, reason=reason, codes=opened)
        event.actor_name = by_name[:200] or event.actor_name
    db.session.add(event)
    if receipt is not None:
        receipt.report, receipt.event, receipt.issued_at = held, event, event.at
        db.session.add(receipt)
    _record(held, event, before, earlier)
    if (
        held.origin is not Origin.IMPORTED or to is not Status.SUBMITTED
    ):  # else nobody filed it: it passes through
        _note(held, event)
    report_moved.send(held, event=event)
    db.session.flush()
    if to is Status.SUBMITTED and (before is Status.RETURNED or office_today().year > held.year + 1):
        renew_following(held)  # the year after it may have been filed by now
    if to is Status.APPROVED:
        totals.add(held)
        adopt(held)
    elif before is Status.APPROVED:
        totals.subtract(held)
    return event


def _note(held: Report, event: ReportEvent) -> None:
    """Put the move on the cooperative's timeline."""
    cooperatives.note(
        held.cooperative,
        kind="report",
        template=NOTES[EventKind(event.kind)],
        params={"year": held.year},
        link=f"/dinas/periksa/{held.id}",
        actor_name=event.actor_name,
        at=event.at,
        flush=False,
    )
    if event.kind == EventKind.SUBMITTED:
        cooperatives.note_report(held.cooperative, year=held.year)


def _opened(held: Report, kind: EventKind, codes: Collection[str]) -> tuple[str, ...]:
    """The questions that a return opens, in their order. Raises RuleBroken when it would open none."""
    if kind not in {EventKind.RETURNED, EventKind.REOPENED}:
        return ()
    known = questions_of(held).codes
    if kind is EventKind.REOPENED and not codes:
        return known
    if not any(code in codes for code in known):
        raise RuleBroken(N_("Tandai paling sedikit satu pertanyaan yang harus diperbaiki."), field="codes")
    wanted = {*codes, *lacking(held)}
    return tuple(code for code in known if code in wanted)


def _record(held: Report, event: ReportEvent, before: Status, earlier: dict[str, Any]) -> None:
    """Note the move in the trail, with the answers that changed since the event before."""
    fields = changed_fields(earlier, held.answers)
    record(
        f"report.{event.kind}",
        kind="report",
        subject_id=held.id,
        name=name_of(held),
        before={"status": before, **{field: earlier.get(field) for field in fields}},
        after={
            "status": held.status,
            **({"reason": event.reason} if event.reason else {}),
            **({"codes": event.codes} if event.codes else {}),
            **{field: held.answers.get(field) for field in fields},
        },
        actor=(None, event.actor_name) if event.actor_id is None and event.actor_name != OFFICE else None,
    )
