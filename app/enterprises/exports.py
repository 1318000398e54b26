"""Lists of UKM as files: for everybody what is public, for the office all that it knows. Headings stay Indonesian."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.database import office_zone
from app.core.masking import Private
from app.core.parsing import phone_for_people
from app.core.spreadsheets import Column, Kind
from app.enterprises.models import Enterprise
from app.enterprises.publication import currency_of, public_place
from app.enterprises.rules import (
    CAPITAL_BANDS,
    CLASS_NAMES,
    CRITERION_NAMES,
    DIGITAL,
    LEGAL_FORMS,
    SALES_BANDS,
    STATE_NAMES,
    Currency,
)
from app.enterprises.sectors import activities
from app.regions.rules import Region

Value = Callable[[Enterprise, Region], Any]
BANDS = {band.code: band.name for band in (*SALES_BANDS, *CAPITAL_BANDS)}


@dataclass(frozen=True)
class Exported:
    """One column: its key in JSON, its heading elsewhere, and where its value comes from."""

    key: str
    title: str
    value: Value
    kind: Kind = "text"
    width: int | None = None
    private: Private | None = None

    @property
    def column(self) -> Column:
        """The heading."""
        return Column(self.title, self.kind, self.width, self.private)


def activity_name(row: Enterprise) -> str:
    """The plain word for what it does; empty where it is not known."""
    found = activities().get(row.activity or "")
    return found.name if found else ""


def class_name(row: Enterprise) -> str:
    """Mikro, Kecil, Menengah, or empty."""
    return CLASS_NAMES[row.size_class] if row.size_class else ""


def _phone(stored: str | None) -> str | None:
    return phone_for_people(stored) if stored else None


def _day(moment: datetime | None) -> date | None:
    """The office's day of a moment."""
    return moment.astimezone(office_zone()).date() if moment else None


def _yes(value: bool | None) -> str | None:
    return None if value is None else "ya" if value else "tidak"


PUBLIC = (
    Exported("nama_usaha", "Nama usaha", lambda row, _p: row.name, width=36),
    Exported("produk", "Produk", lambda row, _p: row.products, width=48),
    Exported("bidang", "Bidang", lambda row, _p: activity_name(row), width=30),
    Exported("kbli", "Kategori KBLI", lambda row, _p: row.sector),
    Exported("versi_kbli", "Versi KBLI", lambda row, _p: row.sector_version),
    Exported("kode_kecamatan", "Kode kecamatan", lambda row, _p: row.kode_kecamatan, width=12),
    Exported("kecamatan", "Kecamatan", lambda row, places: places.name_of(row.kode_kecamatan), width=20),
    Exported("kelurahan", "Kelurahan", lambda row, places: places.name_of(public_place(row).kode_kelurahan), width=20),
    Exported("kelas", "Kelas", lambda row, _p: class_name(row)),
    Exported("punya_nib", "Punya NIB", lambda row, _p: _yes(row.has_nib)),
    Exported("digital", "Adopsi digital", lambda row, _p: ", ".join(DIGITAL[one] for one in row.digital if one in DIGITAL), width=40),
    Exported("terkini", "Dikonfirmasi dalam setahun", lambda row, _p: _yes(currency_of(row) is Currency.CURRENT)),
)  # fmt: skip
"""Nothing here may be private: no contact, no owner, no band. Kelurahan only as finely as its owner lets it be known."""

STAFF = (
    *(one for one in PUBLIC if one.key != "kelurahan"),
    Exported("keadaan", "Keadaan", lambda row, _p: STATE_NAMES[row.state], width=22),
    Exported("pemilik", "Pemilik", lambda row, _p: row.owner_name, width=26, private=Private.PERSON),
    Exported("hp_pemilik", "HP pemilik", lambda row, _p: _phone(row.owner_phone), width=18, private=Private.NUMBER),
    Exported("surel_pemilik", "Surel pemilik", lambda row, _p: row.owner_email, width=28, private=Private.EMAIL),
    Exported("kode_kelurahan", "Kode kelurahan", lambda row, _p: row.kode_kelurahan, width=15),
    Exported("kelurahan", "Kelurahan", lambda row, places: places.name_of(row.kode_kelurahan), width=20),
    Exported("alamat", "Alamat", lambda row, _p: row.address, width=40, private=Private.TEXT),
    Exported("lintang", "Lintang", lambda row, _p: str(row.latitude) if row.latitude is not None else None, private=Private.TEXT),
    Exported("bujur", "Bujur", lambda row, _p: str(row.longitude) if row.longitude is not None else None, private=Private.TEXT),
    Exported("nib", "NIB", lambda row, _p: row.nib, width=16, private=Private.NUMBER),
    Exported("bentuk", "Bentuk usaha", lambda row, _p: LEGAL_FORMS.get(row.legal_form or ""), width=24),
    Exported("tahun_mulai", "Tahun mulai", lambda row, _p: row.start_year, "integer"),
    Exported("pekerja_pria", "Pekerja pria", lambda row, _p: row.workers_men, "integer"),
    Exported("pekerja_wanita", "Pekerja wanita", lambda row, _p: row.workers_women, "integer"),
    Exported("penjualan", "Penjualan setahun", lambda row, _p: BANDS.get(row.sales_band or ""), width=30),
    Exported("modal", "Modal usaha", lambda row, _p: BANDS.get(row.capital_band or ""), width=30),
    Exported("kriteria", "Kriteria kelas", lambda row, _p: CRITERION_NAMES[row.class_criterion] if row.class_criterion else None),
    Exported("terdaftar", "Diperiksa", lambda row, _p: _day(row.verified_at), "date"),
    Exported("dikonfirmasi", "Dikonfirmasi", lambda row, _p: _day(row.confirmed_at), "date"),
)  # fmt: skip


def columns_of(exported: tuple[Exported, ...]) -> list[Column]:
    """The headings."""
    return [one.column for one in exported]


def rows_as(
    exported: tuple[Exported, ...], enterprises: Iterable[Enterprise], places: Region
) -> Iterator[list[Any]]:
    """Rows under ``exported``."""
    return ([one.value(row, places) for one in exported] for row in enterprises)


def as_json(row: Enterprise, places: Region, address: str) -> Mapping[str, Any]:
    """What everybody may know of one enterprise in a list."""
    return {one.key: one.value(row, places) for one in PUBLIC} | {"tautan": address}
