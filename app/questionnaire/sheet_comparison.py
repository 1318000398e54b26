"""What an uploaded file would change: each answer as it stands beside what the file says, and what a person may take."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.i18n import _, say
from app.core.parsing import Unreadable
from app.questionnaire import queries
from app.questionnaire.answers import CONFIRMATION, REASON, as_text, is_blank, is_raw, read_value
from app.questionnaire.filling import Filling
from app.questionnaire.office_places import places
from app.questionnaire.question import Field, QuestionType
from app.questionnaire.sheet_answers import A_DAY, FAULTY, TWICE, FoundCell, SheetAnswers, typed_of
from app.questionnaire.suggestions import suggestions
from app.questionnaire.template_sheet import cell_of, place_labels

LONGEST_SHOWN = 120


class Kind(StrEnum):
    """What taking one cell would do."""

    CHANGED = "changed"
    OLDER = "older"  # the file still has what the site had when it was downloaded
    EMPTIED = "emptied"
    UNREADABLE = "unreadable"
    LOCKED = "locked"
    SAME = "same"


TAKEABLE = frozenset({Kind.CHANGED, Kind.OLDER, Kind.EMPTIED})


@dataclass(frozen=True)
class Line:
    """One question on the comparison page. ``value`` is what would be saved."""

    field: Field
    cell: str
    kind: Kind
    stands: str
    says: str
    typed: str = ""
    value: Any = None
    problem: str = ""

    @property
    def number(self) -> int:
        return self.field.question.number

    @property
    def label(self) -> str:
        return say(self.field.label)

    @property
    def ticked(self) -> bool:
        """Whether it is taken unless the person says no."""
        return self.kind is Kind.CHANGED

    @property
    def note(self) -> str:
        """Why it is not ticked."""
        if self.kind is Kind.OLDER:
            return _("Diubah di situs setelah berkas ini diunduh. Centang hanya kalau isi berkas yang benar.")
        if self.kind is Kind.EMPTIED:
            return _("Sel ini kosong. Centang hanya kalau jawabannya memang dihapus.")
        return ""


@dataclass(frozen=True)
class Comparison:
    """All lines of a file, in the order of the questions."""

    lines: tuple[Line, ...]
    missing: tuple[str, ...]  # questions that the file does not name

    def of(self, *kinds: Kind) -> list[Line]:
        return [line for line in self.lines if line.kind in kinds]

    @property
    def takeable(self) -> list[Line]:
        """What can be ticked, what is ticked by itself first."""
        return sorted(self.of(*TAKEABLE), key=lambda line: not line.ticked)


def compare(filling: Filling, found: SheetAnswers) -> Comparison:
    """The file against the report as it stands now."""
    cells = {one.field: one for one in found.cells}
    seen, labels = _as_downloaded(filling, found.version), place_labels(places())
    fields = filling.questionnaire.fields
    lines = tuple(_line(filling, one, cells[one.name], seen, labels) for one in fields if one.name in cells)
    missing = tuple(say(one.label) for one in fields if one.name not in cells)
    return Comparison(lines, missing)


def values_of(filling: Filling, taken: Collection[Line]) -> dict[str, Any]:
    """What to save for the lines taken. A changed answer must be confirmed, and its oddity explained, anew."""
    values: dict[str, Any] = {}
    for line in taken:
        values[line.field.name] = line.value
        for suffix in (CONFIRMATION, REASON):
            if (about := line.field.question.code + suffix) in filling.answers:
                values[about] = None
    return values


def _as_downloaded(filling: Filling, version: int | None) -> Mapping[str, Any]:
    """Of the fields that changed since the template was made: what it was filled in with."""
    if version is None or filling.report is None or version >= filling.report.version:
        return {}
    last = filling.last.answers if filling.last else None
    fresh = suggestions(filling.questionnaire, filling.cooperative, last, places())
    seen: dict[str, Any] = {}
    for change in reversed(queries.changes_since(filling.report, version)):
        before = change.before
        seen[change.field] = fresh.get(change.field) if before is None else before
    return seen


def _line(
    filling: Filling, field: Field, cell: FoundCell, seen: Mapping[str, Any], labels: Mapping[str, str]
) -> Line:
    question, stands = field.question, filling.answers.get(field.name)
    shown = "" if is_blank(stands) else as_text(field, stands, labels)
    value, problem = _read(field, cell, labels)
    if problem and not cell.odd and _is_only_written_otherwise(cell.typed, stands, field, labels):
        value, problem = stands, ""
    says = (
        _short(cell.typed)
        if problem or is_raw(value)
        else ""
        if value is None
        else as_text(field, value, labels)
    )
    kind = Kind.CHANGED
    if problem:
        kind = Kind.UNREADABLE
    elif value == stands or (is_blank(value) and is_blank(stands)):
        kind = Kind.SAME
    elif question.code not in filling.open_codes:
        kind = Kind.LOCKED
    elif is_blank(value):
        kind = Kind.EMPTIED
    elif field.name in seen and value == seen[field.name]:
        kind = Kind.OLDER
    return Line(field, cell.cell, kind, _short(shown), _short(says), _short(cell.typed), value, problem)


def _read(field: Field, cell: FoundCell, labels: Mapping[str, str]) -> tuple[Any, str]:
    """The value in a cell, or why there is none and what to do."""
    if cell.odd:
        return None, _odd(field, cell)
    question, typed = field.question, cell.typed
    if question.type is QuestionType.PLACE:
        typed = next((code for code, name in labels.items() if name.casefold() == typed.casefold()), typed)
    try:
        return read_value(question, typed, places()), ""
    except Unreadable as problem:
        return None, say(problem.text)


def _odd(field: Field, cell: FoundCell) -> str:
    shown = _short(cell.typed)
    if cell.odd == FAULTY:
        return _("“%(raw)s” adalah galat rumus. Ganti dengan jawabannya sendiri.", raw=shown)
    if cell.odd == A_DAY:
        return _(
            "Program lembar kerja mengubah isi sel ini menjadi tanggal (%(raw)s). Ketik lagi dengan tanda petik (') di depannya.",
            raw=shown,
        )
    if cell.odd == TWICE:
        return _("Ada dua jawaban yang berbeda: %(raw)s. Hapus salah satu.", raw=shown)
    raise ValueError(cell.odd)  # pragma: no cover - no other word is ever kept


def _is_only_written_otherwise(typed: str, stands: Any, field: Field, labels: Mapping[str, str]) -> bool:
    """Whether an unreadable text is the answer that stands, as a program wrote it: ``1,250`` for 1250."""
    if is_raw(stands) or is_blank(stands):
        return False
    if isinstance(stands, int):
        return re.sub(r"[.,\s]", "", typed) == str(stands)
    return typed == typed_of(cell_of(field, stands, labels))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
