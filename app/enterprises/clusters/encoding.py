"""Records as points whose squared distance is the sum of what each trait says, times its weight. Home of numpy.

Each trait is a block of columns. A block's columns are centred, and scaled so that its whole variance is its weight: with
equal weights every trait says as much as every other, however many codes it has. What is unknown lies in the middle: it pulls
nowhere. Codes without order become one column each; ordered ones a number; several codes at once one column each.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.enterprises.clusters.records import CODES, FIELDS, RECORD
from app.enterprises.clusters.rules import Feature

CHUNK = 50_000
KNOWN_SHARE = 0.2  # of all rows: a trait that fewer have said is left out
MOST_PLACES = 60  # kecamatan; with more of them only the point counts
Array = Any  # numpy is not loaded where this module is only imported


def open_records(file: Path) -> Array:
    """The records of a file, not read into memory."""
    import numpy as np

    kinds = {"q": "<i8", "f": "<f4", "H": "<u2", "h": "<i2", "B": "u1"}
    layout = np.dtype([(name, kinds[kind]) for name, kind in FIELDS])
    assert layout.itemsize == RECORD.size  # noqa: S101 - two descriptions of one layout  # nosec B101
    return np.memmap(file, dtype=layout, mode="r")


def chunks(rows: int) -> Iterator[slice]:
    """The rows in stretches that fit into memory."""
    return (slice(start, min(start + CHUNK, rows)) for start in range(0, rows, CHUNK))


def block(records: Array, feature: Feature, places: int) -> list[Array]:
    """The parts of one trait, unscaled, NaN where unknown; each part has the same say within the trait."""
    match feature:
        case Feature.LOCATION:
            return _location(records, places)
        case Feature.SECTOR:
            return [_codes(records["family"], len(CODES["family"])), _codes(records["activity"], len(CODES["activity"]))]  # fmt: skip
        case Feature.SCALE:
            return [_ordered(records["size"]), _ordered(records["sales"]), _ordered(records["capital"]), _counted(records["workers"])]  # fmt: skip
        case Feature.DIGITAL:
            return [_ordered(records["grade"]), _bits(records["digital"], len(CODES["digital"]))]
        case Feature.INFRASTRUCTURE:
            return [_ordered(records[name]) for name in ("power", "internet", "road", "water")]
        case Feature.FUNDING:
            return [_bits(records["funding"], len(CODES["funding"]))]
        case Feature.OWNER:
            return [_ordered(records["age"]), _codes(records["sex"], len(CODES["sex"])), _ordered(records["education"])]  # fmt: skip


def _location(records: Array, places: int) -> list[Array]:
    import numpy as np

    point = np.column_stack([records["lat"], records["lng"]]).astype(
        "f8"
    )  # at the equator a degree is as wide as high
    by_code = [_codes(records["kecamatan"], places)] if 1 < places <= MOST_PLACES else []
    return [point, *by_code]


def _codes(column: Array, count: int) -> Array:
    import numpy as np

    found = np.zeros((len(column), count))
    known = column > 0
    found[np.flatnonzero(known), column[known] - 1] = 1.0
    found[~known] = np.nan
    return found


def _bits(column: Array, count: int) -> Array:
    import numpy as np

    found = ((column[:, None] >> np.arange(count)) & 1).astype("f8")
    found[column == 0] = np.nan
    return found


def _ordered(column: Array) -> Array:
    import numpy as np

    return np.where(column > 0, column.astype("f8"), np.nan)[:, None]


def _counted(column: Array) -> Array:
    """Workers: from one to two is as far as from ten to twenty."""
    import numpy as np

    return np.where(column >= 0, np.log2(1.0 + np.maximum(column, 0)), np.nan)[:, None]


class Encoder:
    """Learns middles and scales in one pass over the records, then turns any stretch of them into points."""

    def __init__(self, records: Array, weights: Mapping[Feature, float], places: int) -> None:
        self.places = places
        self.weights: dict[Feature, float] = {}
        self.dropped: list[Feature] = []
        self._means: dict[Feature, list[Array]] = {}
        self._scales: dict[Feature, list[float]] = {}
        for feature in Feature:
            if weights.get(feature):
                self._learn(records, feature, weights[feature])

    def _learn(self, records: Array, feature: Feature, weight: float) -> None:
        import numpy as np

        counts, sums, squares = self._sums(records, feature)
        means, variances, shares = [], [], []
        for known, total, square in zip(counts, sums, squares, strict=True):
            mean = total / np.maximum(known, 1)
            # what is unknown lies at the mean, so it adds rows but no variance
            variance = float(np.maximum(square - known * mean**2, 0.0).sum() / len(records))
            means.append(mean)
            variances.append(variance)
            shares.append(float(known.max()) / len(records))
        live = [v > 1e-9 and share >= KNOWN_SHARE for v, share in zip(variances, shares, strict=True)]
        if not any(live):
            self.dropped.append(feature)
            return
        self.weights[feature] = weight
        self._means[feature] = means
        self._scales[feature] = [
            (weight / sum(live) / v) ** 0.5 if use else 0.0 for v, use in zip(variances, live, strict=True)
        ]

    def _sums(self, records: Array, feature: Feature) -> tuple[list[Array], list[Array], list[Array]]:
        import numpy as np

        counts: list[Array] = []
        sums: list[Array] = []
        squares: list[Array] = []
        for some in chunks(len(records)):
            for number, part in enumerate(block(records[some], feature, self.places)):
                if number == len(sums):
                    counts.append(0)
                    sums.append(0.0)
                    squares.append(0.0)
                counts[number] = counts[number] + np.isfinite(part).sum(axis=0)
                sums[number] = sums[number] + np.nansum(part, axis=0)
                squares[number] = squares[number] + np.nansum(part**2, axis=0)
        return counts, sums, squares

    def blocks(self, records: Array) -> list[Array]:
        """The columns of each trait that counts, in the order of ``weights``, one row for each record."""
        return [stacked(self._scaled(records, feature)) for feature in self.weights]

    def _scaled(self, records: Array, feature: Feature) -> list[Array]:
        import numpy as np

        parts = block(records, feature, self.places)
        return [
            np.nan_to_num((part - mean) * scale, nan=0.0)
            for part, mean, scale in zip(parts, self._means[feature], self._scales[feature], strict=True)
            if scale
        ]


def stacked(parts: Sequence[Array]) -> Array:
    """Blocks of columns side by side, in single precision."""
    import numpy as np

    return np.ascontiguousarray(np.concatenate(parts, axis=1), dtype="f4")
