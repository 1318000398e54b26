"""Middle points of the places whose points are shipped: for a place on a map without an address."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("data") / "centroids.csv"
Point = tuple[float, float]


@cache
def centroids() -> Mapping[str, Point]:
    """Code of a kelurahan, kecamatan, city or regency → (latitude, longitude) in degrees."""
    with open(DATA, encoding="utf-8", newline="") as table:
        return {row["kode"]: (float(row["lat"]), float(row["lng"])) for row in csv.DictReader(table)}


def centroid(code: str | None) -> Point | None:
    """The middle of a place, of the place around it where its own is not known; None when neither is."""
    while code:
        if (found := centroids().get(code)) is not None:
            return found
        code = code.rpartition(".")[0]
    return None
