"""How often each code stands in each group, and in all: what portraits are drawn from. Home of numpy."""

from collections.abc import Sequence
from typing import Any

from app.enterprises.clusters.encoding import Array, chunks
from app.enterprises.clusters.records import CODES
from app.enterprises.clusters.rules import GRADES

SINGLE = (
    "family",
    "activity",
    "size",
    "sales",
    "capital",
    "power",
    "internet",
    "road",
    "water",
    "age",
    "sex",
    "education",
)
SEVERAL = ("digital", "funding", "needs")
WORKERS = (0, 1, 2, 5, 10, 20)
"""Lower ends of the stretches in which workers are counted."""
TRAITS = ("kecamatan", *SINGLE, "grade", *SEVERAL, "workers", "nib")
Counts = dict[str, dict[str, int]]


class Counting:
    """Counts by group: of all members, and of those that may be counted for the public."""

    def __init__(self, records: Array, labels: Array, kecamatan: Sequence[str]) -> None:
        self.records, self.labels = records, labels
        self.count = int(labels.max()) + 1
        self.names: dict[str, Sequence[str]] = {name: CODES[name] for name in (*SINGLE, *SEVERAL)} | {
            "kecamatan": kecamatan,
            "grade": [str(grade) for grade in GRADES],
            "workers": [str(least) for least in WORKERS],
            "nib": ("belum", "ada"),
        }

    def portraits(self) -> list[dict[str, Any]]:
        """For each group: how many, how many may be counted, and by trait and code how often (known ones only)."""
        found: list[dict[str, Any]] = [
            {"size": 0, "counted": 0, "all": {}, "public": {}} for _ in range(self.count)
        ]
        for some in chunks(len(self.records)):
            self._add(self.records[some], self.labels[some], found, "size", "all")
            free = self.records["countable"][some] > 0
            self._add(self.records[some][free], self.labels[some][free], found, "counted", "public")
        return found

    def _add(
        self, records: Array, labels: Array, found: list[dict[str, Any]], total: str, where: str
    ) -> None:
        import numpy as np

        sizes = np.bincount(labels, minlength=self.count)
        for number, one in enumerate(found):
            one[total] += int(sizes[number])
        for trait in TRAITS:
            names = self.names[trait]
            table = self._table(records, labels, trait, len(names))
            for number, one in enumerate(found):
                held = one[where].setdefault(trait, {})
                for place in np.flatnonzero(table[number]):
                    code = names[int(place)]
                    held[code] = held.get(code, 0) + int(table[number][place])

    def _table(self, records: Array, labels: Array, trait: str, width: int) -> Array:
        """Groups × codes."""
        import numpy as np

        column = records[trait]
        if trait in SEVERAL:
            bits = ((column[:, None] >> np.arange(width)) & 1).astype("i8")
            found = np.zeros((self.count, width), dtype="i8")
            np.add.at(found, labels, bits)
            return found
        if trait == "workers":
            known = column >= 0
            place = np.searchsorted(WORKERS, column, side="right") - 1
        else:
            known = column > 0
            place = column.astype("i8") - 1
        flat = labels[known].astype("i8") * width + place[known]
        return np.bincount(flat, minlength=self.count * width).reshape(self.count, width)
