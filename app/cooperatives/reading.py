"""Reading what people typed into fields of the register, and writing values back for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.accounts.rules import read_email
from app.cooperatives.fields import BY_CODE, NOBODY, OLDEST, Kind, RegisterField
from app.cooperatives.rules import is_nik
from app.core.parsing import Unreadable, fold_digits, fold_space, parse_date, parse_phone, phone_for_people
from app.core.text import N_, Text
from app.regions.rules import Region


@dataclass(frozen=True)
class Reading:
    """What a posted form says: canonical values (None for blank) of what could be read, a sentence for what could not."""

    values: dict[str, Any]
    errors: dict[str, Text]


def read_fields(
    typed: Mapping[str, str],
    codes: tuple[str, ...],
    *,
    region: Region,
    today: date,
    required: tuple[str, ...] = (),
    known: Mapping[str, Any] | None = None,
) -> Reading:
    """Read the fields ``codes`` of a form. A field that shows what is ``known`` already is taken as it is.

    So an address of two letters that came with an import stops nobody from correcting the telephone number beside it.
    """
    reading, known = Reading({}, {}), known or {}
    for code in codes:
        field, raw = BY_CODE[code], typed.get(code, "")
        unchanged = known.get(code)
        if unchanged is not None and fold_space(raw) == as_typed(field, unchanged):
            reading.values[code] = unchanged
            continue
        try:
            value = READERS[field.kind](field, raw, region, today)
            if value is None and code in required:
                raise Unreadable(field.missing)
            reading.values[code] = value
        except Unreadable as problem:
            reading.errors[code] = problem.text
    return reading


def as_typed(field: RegisterField, value: Any) -> str:
    """``value`` as it stands in its input."""
    if value is None:
        return ""
    if field.kind is Kind.PHONE:
        return phone_for_people(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def shown(code: str, value: Any, region: Region) -> str | date:
    """``value`` of a field for a reader; a date stays one, for the reader's language to write. Empty when not known."""
    if value is None or value == "":
        return ""
    if code in ("kode_kelurahan", "kode_kecamatan"):
        return region.name_of(value) or str(value)
    if code in BY_CODE and BY_CODE[code].kind is Kind.PHONE:
        return phone_for_people(value)
    return value if isinstance(value, date) else str(value)


def _read_text(field: RegisterField, raw: str, _region: Region, _today: date) -> str | None:
    folded = fold_space(raw)
    if not folded:
        return None
    if field.code == "nama_pengelola" and folded.casefold() == NOBODY:
        return NOBODY
    if len(folded) < field.shortest:
        raise Unreadable(
            N_("“%(raw)s” terlalu pendek. Tulis paling sedikit %(least)s huruf."),
            raw=folded,
            least=field.shortest,
        )
    if len(folded) > field.longest:
        raise Unreadable(
            N_("Isian ini %(length)s huruf; paling banyak %(most)s. Pendekkan isinya."),
            length=len(folded),
            most=field.longest,
        )
    return folded


def _read_nik(_field: RegisterField, raw: str, _region: Region, _today: date) -> str | None:
    digits = fold_digits(raw).replace(" ", "").replace(".", "").replace("-", "")
    if not digits:
        return None
    if not is_nik(digits):
        raise Unreadable(
            N_("NIK koperasi terdiri dari 13 angka; “%(raw)s” bukan. Kosongkan kalau belum punya."),
            raw=fold_space(raw)[:40],
        )
    return digits


def _read_date(_field: RegisterField, raw: str, _region: Region, today: date) -> date | None:
    day = parse_date(raw)
    if day is not None and day > today:
        raise Unreadable(N_("Tanggal ini belum terjadi. Periksa tahunnya."))
    if day is not None and day < OLDEST:
        raise Unreadable(N_("Tanggal ini sebelum tahun 1945. Periksa tahunnya."))
    return day


def _read_phone(_field: RegisterField, raw: str, _region: Region, _today: date) -> str | None:
    return parse_phone(raw)


def _read_email(_field: RegisterField, raw: str, _region: Region, _today: date) -> str | None:
    return read_email(raw)


def _read_choice(field: RegisterField, raw: str, _region: Region, _today: date) -> str | None:
    folded = fold_space(raw)
    if not folded:
        return None
    for choice in field.choices:
        if folded.casefold() == choice.casefold():
            return choice
    raise Unreadable(N_("“%(raw)s” tidak ada di daftar. Pilih salah satu yang ada."), raw=folded[:40])


def _read_place(_field: RegisterField, raw: str, region: Region, _today: date) -> str | None:
    """A code of the list, or a name that means one place only (a whole province is too long for a list)."""
    folded = fold_space(raw)
    if not folded or folded in region.kelurahan:
        return folded or None
    name, _, around = (part.strip() for part in folded.casefold().partition(","))
    meant = [
        code
        for code, known in region.kelurahan.items()
        if known.casefold() == name and (region.name_of(code[:8]) or "").casefold().startswith(around)
    ]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise Unreadable(
            N_(
                "Ada %(count)s kelurahan bernama %(raw)s. Tulis juga kecamatannya, misalnya %(raw)s, %(around)s."
            ),
            count=len(meant),
            raw=region.kelurahan[meant[0]],
            around=region.name_of(meant[0][:8]) or "",
        )
    raise Unreadable(N_("Kelurahan “%(raw)s” tidak ada di wilayah kantor ini."), raw=folded[:60])


READERS: dict[Kind, Callable[[RegisterField, str, Region, date], Any]] = {
    Kind.TEXT: _read_text,
    Kind.NIK: _read_nik,
    Kind.DATE: _read_date,
    Kind.PHONE: _read_phone,
    Kind.EMAIL: _read_email,
    Kind.CHOICE: _read_choice,
    Kind.PLACE: _read_place,
}
