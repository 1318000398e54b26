"""The rows of a list of UKM, read one by one."""

from collections.abc import Iterator, Sequence

from app.core.spreadsheets import Cell
from app.core.text import N_, Text
from app.intake.cells import text_of
from app.intake.columns import ColumnMapping
from app.intake.enterprises.reading import Context, EnterpriseReading
from app.intake.enterprises.row_cells import RowReader
from app.intake.headings import Header
from app.intake.rules import no_entry

IDENTIFYING = ("owner_phone", "owner_name", "nib", "products", "address")
MUDDLED = 3  # cells of a row that make no sense before the row itself is doubted


def read_rows(
    rows: Sequence[Sequence[Cell]], header: Header, mapping: ColumnMapping, context: Context
) -> Iterator[EnterpriseReading]:
    """Every row below the headings, each exactly once, in order."""
    width = len(mapping.columns)
    titled = max((column.index + 1 for column in mapping.columns if column.heading), default=width)
    for y in range(header.last + 1, len(rows)):
        yield read_row(y + 1, rows[y], mapping, context, titled)


def read_row(
    number: int, row: Sequence[Cell], mapping: ColumnMapping, context: Context, titled: int
) -> EnterpriseReading:
    """One row as the mapping understands it; ``titled`` is how many columns have a heading, with those between them."""
    raw = tuple(map(text_of, row))
    why = no_entry(raw, mapping, "name" if "name" in mapping.places else "products", IDENTIFYING)
    if why is None and "name" not in mapping.places and _says_nothing(raw, mapping):
        why = Text(N_("Baris kosong."))
    if why:
        return EnterpriseReading(number, skipped=why, raw=raw)
    reader = RowReader(row, raw, mapping, context)
    reader.read()
    refused = _shifted(raw, titled)
    if refused is None and "name" not in reader.values and not set(IDENTIFYING) & set(reader.values):
        if sum(map(bool, raw)) <= 2:
            return EnterpriseReading(number, skipped=Text(N_("Catatan di luar tabel.")), raw=raw)
        refused = Text(N_("Baris ini tidak memuat nama, pemilik, alamat, atau hasil usaha."))
    return EnterpriseReading(
        number,
        reader.values,
        problems=tuple(reader.problems),
        notes=tuple(reader.notes),
        refused=refused,
        raw=raw,
        spelled=tuple(reader.spelled),
        outside=reader.outside,
        muddled=_muddled(reader),
    )


def _says_nothing(raw: Sequence[str], mapping: ColumnMapping) -> bool:
    """Whether a row holds no more than its own number."""
    counted = {mapping.places.get("nomor_urut"), mapping.places.get("source_id")}
    return not any(text for x, text in enumerate(raw) if x not in counted)


def _muddled(reader: RowReader) -> Text | None:
    """What to say of a row in which most of what can be checked makes no sense."""
    if len(reader.problems) + reader.senseless < MUDDLED:
        return None
    return Text(N_("Banyak isian tidak terbaca: mungkin sel-selnya bergeser. Periksa baris ini di berkas."))


def _shifted(raw: Sequence[str], titled: int) -> Text | None:
    """Why a row is refused whose cells stand under the wrong headings; None for one that fits."""
    filled = max((x + 1 for x, text in enumerate(raw) if text), default=0)
    if filled <= titled:
        return None
    said = N_(
        "Baris ini %(cells)s sel, judulnya %(titles)s: mungkin koma di dalam isian tidak diberi tanda kutip. Perbaiki baris "
        "itu, lalu unggah lagi."
    )
    return Text(said, {"cells": filled, "titles": titled})
