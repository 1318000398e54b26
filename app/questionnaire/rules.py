"""How a report moves between cooperative and office, what may then be changed, and how its receipt is made."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.errors import RuleBroken
from app.core.text import N_, Text
from app.questionnaire.questions import Questionnaire


class Status(StrEnum):
    """Where a report stands. One that nobody began has no row, and so no status."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class Origin(StrEnum):
    """How a report came in."""

    FILED = "filed"
    ASSISTED = "assisted"
    SPREADSHEET = "spreadsheet"
    IMPORTED = "imported"


class Severity(StrEnum):
    """An error stops the submission; a warning travels to the reviewer."""

    ERROR = "error"
    WARNING = "warning"


class EventKind(StrEnum):
    """The events that move a report. Others (a comment, a change of assignee) leave it where it is."""

    STARTED = "started"
    IMPORTED = "imported"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REOPENED = "reopened"


NOT_STARTED = N_("Belum diisi")
STATUS_NAMES = {
    Status.DRAFT: N_("Draf"),
    Status.SUBMITTED: N_("Terkirim"),
    Status.RETURNED: N_("Dikembalikan"),
    Status.APPROVED: N_("Disetujui"),
}
ORIGIN_NAMES = {
    Origin.FILED: N_("Diisi koperasi"),
    Origin.ASSISTED: N_("Dibantu petugas"),
    Origin.SPREADSHEET: N_("Diunggah dari lembar kerja"),
    Origin.IMPORTED: N_("Diimpor dari berkas"),
}
SEVERITY_NAMES = {Severity.ERROR: N_("Harus diperbaiki"), Severity.WARNING: N_("Perlu diperiksa")}

NEXT: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SUBMITTED}),
    Status.SUBMITTED: frozenset({Status.RETURNED, Status.APPROVED}),
    Status.RETURNED: frozenset({Status.SUBMITTED}),
    Status.APPROVED: frozenset({Status.RETURNED}),
}
EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
MOVES: Mapping[str, tuple[Status | None, Status]] = {
    EventKind.STARTED: (None, Status.DRAFT),
    EventKind.IMPORTED: (None, Status.DRAFT),
    EventKind.RETURNED: (Status.SUBMITTED, Status.RETURNED),
    EventKind.APPROVED: (Status.SUBMITTED, Status.APPROVED),
    EventKind.REOPENED: (Status.APPROVED, Status.RETURNED),
}


def may_move(now: Status, to: Status) -> bool:
    return to in NEXT[now]


def reason_demanded(now: Status, to: Status) -> bool:
    """A return and a reopening say why, in words that the cooperative reads."""
    return may_move(now, to) and to is Status.RETURNED


def check_move(now: Status, to: Status, *, reason: str = "") -> None:
    """Raise RuleBroken when a report may not go from ``now`` to ``to``, or when the reason that it takes is missing."""
    if not may_move(now, to):
        raise RuleBroken(
            N_("Laporan ini berstatus %(now)s, jadi tidak dapat menjadi %(to)s."),
            now=Text(STATUS_NAMES[now]),
            to=Text(STATUS_NAMES[to]),
        )
    if reason_demanded(now, to) and not reason.strip():
        if now is Status.APPROVED:
            raise RuleBroken(N_("Tulis alasan membuka kembali laporan ini."), field="reason")
        raise RuleBroken(
            N_("Tulis alasan mengembalikan laporan ini. Koperasi akan membacanya."), field="reason"
        )


def event_for(now: Status, to: Status) -> EventKind:
    """The event that takes a report from ``now`` to ``to``. Raises RuleBroken when there is none."""
    check_move(now, to, reason="-")
    if to is Status.SUBMITTED:
        return EventKind.SUBMITTED
    if to is Status.APPROVED:
        return EventKind.APPROVED
    return EventKind.REOPENED if now is Status.APPROVED else EventKind.RETURNED


def status_after(kinds: Iterable[str]) -> Status | None:
    """The status that a report's events say, oldest first; ``None`` before it was begun.

    Raises ValueError when the events cannot have happened in that order.
    """
    status: Status | None = None
    for kind in kinds:
        if kind == EventKind.SUBMITTED:
            legal, after = status in EDITABLE, Status.SUBMITTED
        elif kind in MOVES:
            before, after = MOVES[kind]
            legal = status is before
        else:
            continue
        if not legal:
            raise ValueError(f"a report that is {status or 'not begun'} cannot be {kind}")
        status = after
    return status


def counts_as_filed(status: Status, origin: Origin) -> bool:
    """Whether the cooperative has done its duty for the year.

    A returned report was filed and is being corrected. An imported one is somebody's old list until an operator approves it.
    """
    if origin is Origin.IMPORTED:
        return status is Status.APPROVED
    return status is not Status.DRAFT


def editable_codes(questionnaire: Questionnaire, status: Status, returned: Collection[str]) -> frozenset[str]:
    """Questions that may now be changed: all of a draft; of a returned report those marked, what decides on them, and what
    depends on them.

    Without the dependent ones a cooperative could be asked for a RAT date that it is not allowed to enter; without the
    deciding ones for another kecamatan, which only the kelurahan can give.
    """
    if status is Status.DRAFT:
        return frozenset(questionnaire.codes)
    if status is not Status.RETURNED:
        return frozenset()
    marked = [questionnaire.by_code[code] for code in returned if code in questionnaire.by_code]
    deciding = {questionnaire.question_of(key) for question in marked for key in question.depends_on}
    return with_dependents(questionnaire, {question.code for question in (*marked, *deciding) if question})


def with_dependents(questionnaire: Questionnaire, codes: Collection[str]) -> frozenset[str]:
    """``codes`` and every question whose need, default or value follows from one of them."""
    found = frozenset(codes) & frozenset(questionnaire.codes)
    while True:
        keys = {key for code in found for key in questionnaire.by_code[code].keys}
        more = {question.code for question in questionnaire.questions if question.depends_on & keys}
        if more <= found:
            return found
        found |= more


@dataclass(frozen=True)
class Conflict:
    """One field that two people changed: as both found it, as this one wants it, as the other left it."""

    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merge:
    """The answers with every change that touches nobody else's, and the fields that a person must decide."""

    values: dict[str, Any]
    conflicts: dict[str, Conflict]


def merge(base: Mapping[str, Any] | None, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Lay a late save over what stands now.

    ``base``: the answers from which the save started (``None``: unknown, so that each difference is a conflict). ``mine``:
    the fields saved now, ``None`` for a cleared one. ``theirs``: all answers as they stand. In a conflict theirs is kept.
    """
    values, clashes = dict(theirs), {}
    for field, wanted in mine.items():
        stands = theirs.get(field)
        if wanted == stands:
            continue
        before = base.get(field) if base is not None else None
        if base is not None and wanted == before:
            continue
        if base is None or stands != before:
            clashes[field] = Conflict(before, wanted, stands)
        else:
            values[field] = wanted
    return Merge({field: value for field, value in values.items() if value is not None}, clashes)


def conflicts(
    base: Mapping[str, Any] | None, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Conflict]:
    """The fields that a person must decide, as in :func:`merge`."""
    return merge(base, mine, theirs).conflicts


# 29 signs, a prime number: the check sign then finds every wrong sign and every swapped pair. Left out: 0 O 1 I L, and U, Z,
# which look like V and 2 in handwriting.
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXY"
RECEIPT = re.compile(rf"SMP([0-9]{{2}})([{RECEIPT_SIGNS}]{{8}})")


def new_receipt_code(year: int, choose: Callable[[str], str] = secrets.choice) -> str:
    """A new code such as ``SMP-25-7KQF-3MXP`` for a report of book year ``year``: 17 thousand million per year."""
    signs = "".join(choose(RECEIPT_SIGNS) for _ in range(7))
    return _receipt(f"{year % 100:02}", signs + _check_sign(year % 100, signs))


def read_receipt_code(typed: str) -> str | None:
    """The code as :func:`new_receipt_code` writes it, from however it was typed; ``None`` when it was mistyped."""
    match = RECEIPT.fullmatch(re.sub(r"[\s.\-–_]", "", typed).upper())
    if not match or _check_sign(int(match[1]), match[2][:7]) != match[2][7]:
        return None
    return _receipt(match[1], match[2])


def _receipt(year: str, signs: str) -> str:
    return f"SMP-{year}-{signs[:4]}-{signs[4:]}"


def _check_sign(year: int, signs: str) -> str:
    weighted = sum(weight * RECEIPT_SIGNS.index(sign) for weight, sign in enumerate(signs, start=1))
    return RECEIPT_SIGNS[(weighted + 8 * year) % len(RECEIPT_SIGNS)]


def digest(answers: Mapping[str, Any]) -> str:
    """SHA-256 of the answers in canonical JSON (sorted keys, no spaces, ASCII): the same answers give the same 64 digits."""
    canonical = json.dumps(answers, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def short_digest(full: str) -> str:
    """The first 16 digits in groups of four, as a receipt prints them."""
    return " ".join(full[start : start + 4] for start in range(0, 16, 4))
