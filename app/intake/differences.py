"""What a row says that the register, or a stored report, does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.cooperatives.names import fold_letters
from app.cooperatives.rules import normalise_legal_number
from app.intake.fields import REPORT_FIELDS
from app.intake.register import Entry
from app.intake.rules import RowReading, Value

SPELLED = {"nama_koperasi", "nama_ketua", "nama_pengelola", "alamat", "sektor_usaha", "email", "tempat_lain"}
MONEY = {"modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu"}  # what no two years have alike
ONLY_WHEN_EMPTY = {"source_id"}  # two sources number alike: the first to name it stays


@dataclass(frozen=True)
class Difference:
    """One value that would change; ``None`` stands for nothing."""

    field: str
    before: Value | None
    after: Value | None


class ReportKind(StrEnum):
    """What happens to the report of the row's year. ``KEPT``: people filed it, so a differing row does not change it."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True)
class ReportPlan:
    """What a row does to the report of a book year: the answers that come in or differ."""

    year: int
    kind: ReportKind
    changes: tuple[Difference, ...]


def same_value(field: str, one: Value | None, other: Value | None) -> bool:
    """Whether two values mean the same: case, marks and blanks of names, spellings of a legal number do not matter."""
    if one is None or other is None:
        return one is other
    if field == "nomor_badan_hukum":
        return one == other or normalise_legal_number(str(one)) == normalise_legal_number(str(other)) != ""
    if field in SPELLED:
        return one == other or fold_letters(str(one)) == fold_letters(str(other)) != ""
    return one == other


def compare(reading: RowReading, entry: Entry) -> tuple[tuple[Difference, ...], ReportPlan | None]:
    """The changes of the register, and what happens to the report, when the row is about ``entry``."""
    return tuple(_register_changes(reading, entry)), _report_plan(reading, entry)


def _register_changes(reading: RowReading, entry: Entry) -> list[Difference]:
    """Blank cells erase nothing. A row of an older year only fills gaps; one of a year that people filed changes nothing."""
    year = _year_of(reading, entry)
    if year in entry.filed:
        return []
    incoming = reading.register_values()
    older = year is not None and year < entry.newest_year
    emptied = [] if older else _emptied(incoming, entry)
    homeless = any(change.field == "kode_kelurahan" for change in emptied)
    changes = []
    for field, value in incoming.items():
        before = entry.values.get(field)
        kept = field == "tempat_lain" and entry.text("kode_kelurahan") and not homeless
        if (
            not kept
            and not same_value(field, before, value)
            and not _stands(field, before, value, entry, older=older)
        ):
            changes.append(Difference(field, before, value))
    return changes + emptied


def _year_of(reading: RowReading, entry: Entry) -> int | None:
    """The book year of the row. One without a year that repeats a stored report, money and all, is about that report's year:
    the province's layout has no column for it, and its export of a former year must not bring back who was chair then."""
    if reading.year is not None or not MONEY & reading.values.keys():
        return reading.year
    said = {code: reading.values[code] for code in REPORT_FIELDS if code in reading.values}
    repeated = (
        year
        for year, answers in entry.reports.items()
        if all(same_value(code, answers.get(code), value) for code, value in said.items())
    )
    return max(repeated, default=None)


def _stands(field: str, before: Value | None, value: Value, entry: Entry, *, older: bool) -> bool:
    """Whether what the register holds stays, although the row says otherwise."""
    if field == "last_rat":
        return before is not None and str(value) < str(before)
    if older and field == "kode_kelurahan" and not str(value).startswith(entry.text("kode_kecamatan")):
        return True  # the cooperative has moved to another kecamatan since
    return before is not None and (older or field in ONLY_WHEN_EMPTY)


def _emptied(incoming: Mapping[str, Value], entry: Entry) -> list[Difference]:
    """What a new place makes untrue: the words for an unknown place, and a kelurahan of the former kecamatan."""
    emptied: list[Difference] = []
    kelurahan, words = entry.text("kode_kelurahan"), entry.text("tempat_lain")
    if words and "kode_kelurahan" in incoming:
        emptied.append(Difference("tempat_lain", words, None))
    kecamatan = str(incoming.get("kode_kecamatan", ""))
    if (
        kelurahan
        and kecamatan
        and "kode_kelurahan" not in incoming
        and not kelurahan.startswith(kecamatan + ".")
    ):
        emptied.append(Difference("kode_kelurahan", kelurahan, None))
    return emptied


def _report_plan(reading: RowReading, entry: Entry) -> ReportPlan | None:
    if reading.year is None:
        return None
    stored = entry.reports.get(reading.year)
    answers = reading.report_values()
    known = stored or {}
    changes = tuple(
        Difference(code, known.get(code), value)
        for code, value in answers.items()
        if not same_value(code, known.get(code), value)
    )
    if reading.year in entry.filed:
        return ReportPlan(reading.year, ReportKind.KEPT if changes else ReportKind.UNCHANGED, changes)
    if stored is None:
        return ReportPlan(reading.year, ReportKind.NEW, changes)
    return ReportPlan(reading.year, ReportKind.CHANGED if changes else ReportKind.UNCHANGED, changes)
