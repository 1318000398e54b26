"""Lists of cooperatives as files: for everybody what is public, for the office all that it knows. Headings stay Indonesian."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.cooperatives.fields import LABELS
from app.cooperatives.lists import BATCH
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import claimed_ids, region, status_of
from app.cooperatives.rules import STATUS_LABELS
from app.core.masking import Private
from app.core.parsing import phone_for_people
from app.core.spreadsheets import Column, Kind
from app.regions.rules import Region

Value = Callable[[Cooperative, Region], Any]


@dataclass(frozen=True)
class Exported:
    """One column: its key in JSON, its heading elsewhere, and where its value comes from."""

    key: str
    column: Column
    value: Value


def _plain(
    code: str, kind: Kind = "text", width: int | None = None, private: Private | None = None
) -> Exported:
    return Exported(code, Column(LABELS[code], kind, width, private), lambda row, _places: getattr(row, code))


def _phone(code: str, private: Private | None = None) -> Exported:
    def value(row: Cooperative, _places: Region) -> str | None:
        stored = getattr(row, code)
        return phone_for_people(stored) if stored else None

    return Exported(code, Column(LABELS[code], width=18, private=private), value)


def _made(key: str, title: str, value: Value, kind: Kind = "text", width: int | None = None) -> Exported:
    return Exported(key, Column(title, kind, width), value)


PUBLIC = (
    _plain("nik_koperasi", width=16),
    _plain("nama_koperasi", width=44),
    _plain("nomor_badan_hukum", width=30),
    _plain("tanggal_badan_hukum", "date"),
    _plain("alamat", width=40),
    _made("kode_kelurahan", "Kode kelurahan", lambda row, _places: row.kode_kelurahan, width=15),
    _made("kelurahan", "Kelurahan", lambda row, places: places.name_of(row.kode_kelurahan), width=20),
    _made("kecamatan", "Kecamatan", lambda row, places: places.name_of(row.kode_kecamatan), width=20),
    _phone("telepon_kantor"),
    _plain("nama_ketua", width=26),
    _plain("bentuk_koperasi"),
    _plain("jenis_koperasi", width=16),
    _plain("kelompok_koperasi", width=28),
    _made("status", "Status", lambda row, _places: STATUS_LABELS[status_of(row)], width=16),
    _plain("last_rat", "date"),
)
STAFF = (
    *PUBLIC,
    _plain("nama_pengelola", width=26, private=Private.PERSON),
    _phone("telepon_ketua", Private.NUMBER),
    _plain("email", width=28, private=Private.EMAIL),
    _made(
        "laporan_terakhir",
        "Tahun buku laporan terakhir",
        lambda row, _places: row.last_report_year,
        "integer",
    ),
    _made("nomor_keputusan_bubar", "Nomor keputusan bubar", lambda row, _places: row.dissolved_decree),
    _made("tanggal_bubar", "Tanggal bubar", lambda row, _places: row.dissolved_on, "date"),
    _plain("sektor_usaha"),
    _plain("tempat_lain"),
    _plain("source_id"),
)
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/deed.id"
CLAIMED = Column("Punya pengelola di situs", width=14)


def columns_of(exported: tuple[Exported, ...]) -> list[Column]:
    """The headings."""
    return [one.column for one in exported]


def public_rows(cooperatives: Iterable[Cooperative]) -> Iterator[list[Any]]:
    """Rows under :data:`PUBLIC`."""
    places = region()
    return ([one.value(row, places) for one in PUBLIC] for row in cooperatives)


def staff_rows(cooperatives: Iterable[Cooperative]) -> Iterator[list[Any]]:
    """Rows under :data:`STAFF` and :data:`CLAIMED`; who is claimed is asked once per batch."""
    places = region()
    for batch in _batches(cooperatives):
        claimed = claimed_ids(batch)
        for row in batch:
            yield [*(one.value(row, places) for one in STAFF), "ya" if row.id in claimed else "tidak"]


def _batches(rows: Iterable[Cooperative]) -> Iterator[list[Cooperative]]:
    batch: list[Cooperative] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def as_json(cooperative: Cooperative, places: Region, address: str) -> Mapping[str, Any]:
    """What everybody may know of one cooperative; days are ISO text."""
    values = {one.key: one.value(cooperative, places) for one in PUBLIC}
    plain = {
        key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()
    }
    return plain | {"tautan": address}
