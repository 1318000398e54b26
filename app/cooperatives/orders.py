"""By what lists of cooperatives are sorted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from app.cooperatives.models import Cooperative, CooperativeTable

COLUMNS = CooperativeTable.c


@dataclass(frozen=True)
class Order:
    """A way to sort by one column. What is not known comes last, in either direction: ``least`` is a value that none is below;
    None for a column that is never empty. Each has its index.
    """

    name: str
    least: Any = None
    newest_first: bool = False

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """The columns of the keyset, of which only the first may be null; the last is unique."""
        return tuple(dict.fromkeys((COLUMNS[self.name], COLUMNS.name_key, COLUMNS.id)))

    def key(self, row: Cooperative) -> tuple[Any, ...]:
        """The values of :attr:`columns` for one row."""
        return tuple(getattr(row, column.name) for column in self.columns)


ORDERS = {
    "nama": Order("name_key"),
    "kecamatan": Order("kode_kecamatan", ""),
    "berdiri": Order("tanggal_badan_hukum", date.min),
    "rat": Order("last_rat", date.min, newest_first=True),
    "laporan": Order("last_report_year", 0, newest_first=True),
}
