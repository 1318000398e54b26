"""The cells of one row as values of the UKM register: what was read, what was not, and what a word was taken for."""

from collections.abc import Sequence
from typing import Any

from app.core.spreadsheets import Cell
from app.core.text import N_, Text
from app.enterprises import rules
from app.enterprises.reading import FIRST_YEAR
from app.enterprises.sectors import ACTIVITY_NAMES
from app.intake import cells
from app.intake.catalogue import Field, Kind
from app.intake.cells import CellProblem, shown, text_of
from app.intake.columns import ColumnMapping
from app.intake.enterprises import answers
from app.intake.enterprises.amounts import read_band
from app.intake.enterprises.fields import FIELDS
from app.intake.enterprises.reading import Context, Spelled
from app.intake.enterprises.sectors import read_activity
from app.intake.rules import Problem

PLACES = ("kode_kelurahan", "kode_kecamatan", "kabupaten")
TOGETHER = frozenset(
    (
        *PLACES,
        "latitude",
        "longitude",
        "point",
        "activity",
        "kbli",
        "sales",
        "sales_monthly",
        "capital",
        "workers",
    )
)
"""Fields that are read together with others."""
ROUGH = 0.8  # of confidence: a sector that is surer than this is not worth a line on its row
LONGEST_PRODUCTS = 500


class RowReader:
    """Reads the cells of one row, and gathers what went wrong."""

    def __init__(
        self, row: Sequence[Cell], raw: Sequence[str], mapping: ColumnMapping, context: Context
    ) -> None:
        self.row, self.raw, self.context = row, raw, context
        self.places = mapping.places
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.notes: list[Text] = []
        self.spelled: list[Spelled] = []
        self.outside: Text | None = None
        self.senseless = 0  # cells that cannot be what their heading says, beside the problems

    def read(self) -> None:
        """Fill ``values``."""
        for code in self.places:
            if code not in TOGETHER:
                self._take(FIELDS[code])
        self._place()
        self._point()
        self._sector()
        self._money()
        self._workers()
        self._contacts()
        self._infrastructure()
        for code in ("nomor_urut", "provinsi"):
            self.values.pop(code, None)

    def _cell(self, code: str) -> Cell:
        x = self.places.get(code)
        return self.row[x] if x is not None and x < len(self.row) else None

    def _kept(self, code: str, read: Any) -> Any:
        """What is kept of a cell that was read; a problem goes on the list."""
        if isinstance(read, CellProblem):
            self.problems.append(Problem(code, shown(self._cell(code)), read.text))
            return read.value
        return read

    def _take(self, field_: Field) -> None:
        cell = self._cell(field_.code)
        if cell is None:
            return
        read = self._kept(field_.code, self._read(field_, cell))
        if read is not None and read != "" and read != []:
            self.values[field_.code] = read

    def _read(self, field_: Field, cell: Cell) -> Any:
        match field_.kind:
            case Kind.NAME:
                return cells.read_name(cell, field_.longest)
            case Kind.PERSON:
                return cells.read_person(cell, field_.longest)
            case Kind.PHONE:
                return cells.read_phone(cell)
            case Kind.EMAIL:
                return cells.read_email(cell, field_.longest)
            case Kind.COUNT:
                return answers.read_workers(cell)
            case Kind.YEAR:
                return answers.read_start(cell, first=FIRST_YEAR, latest=self.context.today.year)
            case Kind.NIB:
                return answers.read_nib(cell)
            case Kind.AGE:
                return answers.read_age(cell)
            case Kind.LINK:
                return answers.read_link(field_.code, cell)
            case Kind.CHOICE:
                return answers.read_one(field_.code, cell)
            case Kind.CHOICES:
                return answers.read_several(field_.code, cell)
            case _:
                return cells.read_text(cell, field_.longest)

    def _place(self) -> None:
        written = {code: text_of(self._cell(code))[:100] for code in PLACES}
        placed = self.context.gazetteer.place(
            kelurahan=written["kode_kelurahan"],
            kecamatan=written["kode_kecamatan"],
            kabupaten=written["kabupaten"],
            address=str(self.values.get("address", "")),
        )
        found = {"kode_kelurahan": placed.kelurahan, "kode_kecamatan": placed.kecamatan}
        self.values |= {code: value for code, value in found.items() if value}
        self._spell_place("kelurahan", written["kode_kelurahan"], placed.kelurahan)
        self._spell_place("kecamatan", written["kode_kecamatan"], placed.kecamatan)
        self.notes += placed.notes
        self.senseless += bool(written["kode_kelurahan"] and not placed.kelurahan)
        self.senseless += bool(written["kode_kecamatan"] and not placed.kecamatan)
        if placed.elsewhere:  # the register has no place for it but the address, which is private
            address = self.values.get("address")
            self.values["address"] = f"{address} ({placed.elsewhere})" if address else placed.elsewhere
        if written["kabupaten"] and placed.elsewhere and not placed.kecamatan:
            self.outside = next(iter(placed.notes), None)

    def _spell_place(self, kind: str, raw: str, code: str | None) -> None:
        name = self.context.region.name_of(code) if code else None
        if not raw or name is None or code is None or raw.casefold() == name.casefold() or raw[:2].isdigit():
            return
        found = self.context.gazetteer.confidence(raw, code)
        if found is not None:
            self.spelled.append(Spelled(kind, raw, name, int(found * 100)))

    def _point(self) -> None:
        if not {"latitude", "longitude", "point"} & set(self.places):
            return
        located = self.context.locator.locate(
            self._cell("latitude"), self._cell("longitude"), self._cell("point"), self.raw
        )
        if located.note:
            self.notes.append(located.note)
            self.outside = located.note if located.is_outside else self.outside
        if located.point is None:
            self.senseless += located.is_unread
            return
        self.values["latitude"], self.values["longitude"] = located.point
        named = self.values.get("kode_kecamatan")
        around = self.context.region.name_of(located.kecamatan)
        if located.kecamatan and not named:
            self.values["kode_kecamatan"] = located.kecamatan
            self.notes.append(
                Text(N_("Kecamatan %(name)s diambil dari titik di peta."), {"name": around or ""})
            )
        elif located.kecamatan and named != located.kecamatan:
            said = N_("Titiknya ada di kecamatan %(other)s, bukan %(kecamatan)s; periksa salah satunya.")
            name = self.context.region.name_of(named)
            self.notes.append(Text(said, {"other": around or "", "kecamatan": name or ""}))

    def _sector(self) -> None:
        word = text_of(self._cell("activity"))[:120]
        products, name = str(self.values.get("products", "")), str(self.values.get("name", ""))
        read = read_activity(word, products, name)
        if read.code:
            self.values["activity"] = read.code
        elif section := answers.read_section(self._cell("kbli")):
            self.values["sector"], self.values["sector_version"] = section, "2020"
        if word and read.code is None and read.note:
            self.notes.append(read.note)
        if word and read.said and word.casefold() != read.said.casefold() and read.spelling > 0:
            self.spelled.append(Spelled("sector", word, str(Text(read.said)), int(read.spelling * 100)))
        if read.code and 0 < read.confidence < ROUGH:
            said = N_("Bidang “%(name)s” disimpulkan dari nama usaha (yakin %(share)s).")
            label = Text(rules_name(read.code))
            self.notes.append(Text(said, {"name": label, "share": f"{int(read.confidence * 100)}%"}))
        if word and not products:
            self.values["products"] = (str(Text(read.said)) if read.spelling else word)[:LONGEST_PRODUCTS]

    def _money(self) -> None:
        yearly = read_band(self._cell("sales"), rules.SALES_BANDS)
        monthly = read_band(self._cell("sales_monthly"), rules.SALES_BANDS, times=12)
        sales = self._kept("sales", yearly) or self._kept("sales_monthly", monthly)
        capital = self._kept("capital", read_band(self._cell("capital"), rules.CAPITAL_BANDS))
        self.values |= {
            code: band for code, band in (("sales_band", sales), ("capital_band", capital)) if band
        }

    def _workers(self) -> None:
        """Men and women; the one that is missing from the total, where there is one."""
        total = self._kept("workers", answers.read_workers(self._cell("workers")))
        men, women = self.values.get("workers_men"), self.values.get("workers_women")
        if total is None:
            return
        if men is not None and women is None and total >= men:
            self.values["workers_women"] = total - men
        elif women is not None and men is None and total >= women:
            self.values["workers_men"] = total - women
        elif men is None and women is None:
            if total == 0:
                self.values["workers_men"] = self.values["workers_women"] = 0
            else:
                said = N_("%(total)s pekerja tanpa rincian pria dan wanita; tidak diambil.")
                self.notes.append(Text(said, {"total": total}))
        elif men is not None and women is not None and men + women != total:
            said = N_(
                "Jumlah pekerja %(total)s bukan jumlah pria %(men)s dan wanita %(women)s; yang dirinci dipakai."
            )
            self.notes.append(Text(said, {"total": total, "men": men, "women": women}))

    def _contacts(self) -> None:
        """How buyers reach it; nobody sees that before the owner agrees."""
        whatsapp = self.values.pop("whatsapp", None)
        links = {
            code: self.values.pop(code)
            for code in ("instagram", "marketplace", "website")
            if code in self.values
        }
        contacts = ({"whatsapp": whatsapp} if whatsapp else {}) | links
        if whatsapp:
            self.values.setdefault("owner_phone", whatsapp)
        if contacts:
            self.values["contacts"] = contacts
        nib = self.values.pop("nib", None)
        if nib is not None:
            self.values["has_nib"] = nib != answers.NO_NIB
            if len(nib) == answers.NIB_DIGITS:
                self.values["nib"] = nib
        if age := self.values.pop("owner_age", None):
            self.values["owner_age_band"] = age

    def _infrastructure(self) -> None:
        found = {code: self.values.pop(code) for code in rules.INFRASTRUCTURE if code in self.values}
        if found:
            self.values["infrastructure"] = found


def rules_name(code: str) -> str:
    """The name of an activity, a message id."""
    return ACTIVITY_NAMES[code]
