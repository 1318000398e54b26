"""``python -m tests.bench.clusters``: how good the groups of UKM are.

Synthetic registers with known kinds, ever more mixed up: the adjusted Rand index between the kinds and the groups (1: the same,
0: chance), beside that of the plain grouping by kecamatan × sector. Then the fictional city: silhouette and stability, beside the
plain grouping in the same space and beside the same city with every trait shuffled. ``--rows 1200000`` measures time and memory
of a province instead. Nothing here passes or fails.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import adjusted_rand_score

from app.core.database import now
from app.enterprises.clusters.encoding import Encoder, open_records
from app.enterprises.clusters.engine import group, silhouette, space_of
from app.enterprises.clusters.records import Ground, pack, values_of
from app.enterprises.clusters.rules import Options
from app.regions.centroids import centroids
from app.regions.queries import office_region
from tests.bench.city import city_rows

HERE = office_region("35.73")
GROUND = Ground(tuple(HERE.kecamatan), centroids())
TRUE_KINDS = (
    ("makanan-kemasan", "35.73.04", "mikro", ["chat_sales"], 1),
    ("warung-makan", "35.73.01", "mikro", ["chat_sales", "digital_payment"], 2),
    ("toko", "35.73.02", "mikro", ["none"], 1),
    ("busana", "35.73.05", "kecil", ["marketplace", "social_media", "digital_payment"], 6),
    ("jasa-pribadi", "35.73.03", "mikro", ["social_media"], 2),
    ("kerajinan", "35.73.05", "menengah", ["own_site", "marketplace", "digital_bookkeeping"], 15),
)
BLANK: Mapping[str, Any] = {
    "latitude": None, "longitude": None, "sector": "C", "sales_band": None, "capital_band": None, "workers_men": None,
    "infrastructure": {}, "funding": [], "owner_age_band": None, "owner_sex": None, "owner_education": None, "needs": [],
    "has_nib": None,
}  # fmt: skip


def synthetic(rows: int, disorder: float, seed: int) -> Iterator[tuple[dict[str, Any], int]]:
    """Businesses of known kinds; each trait is taken from any kind with the chance of ``disorder``."""
    chance = random.Random(seed)
    for number in range(rows):
        kind = chance.randrange(len(TRUE_KINDS))
        drawn = [TRUE_KINDS[kind if chance.random() >= disorder else chance.randrange(len(TRUE_KINDS))][n] for n in range(5)]  # fmt: skip
        activity, district, size, digital, workers = drawn
        village = chance.choice(list(HERE.kelurahan_of(district)))
        yield (
            {**BLANK, "id": number + 1, "kode_kelurahan": village, "kode_kecamatan": district, "activity": activity, "size_class": size, "digital": digital, "workers_women": max(0, workers + chance.randint(-1, 1))},
            kind,
        )  # fmt: skip


def write(rows: Iterator[tuple[dict[str, Any], int]], file: Path) -> list[int]:
    """The records of ``rows``; the true kind of each."""
    kinds = []
    with file.open("wb") as out:
        for row, kind in rows:
            out.write(pack(values_of(row, GROUND, consented=True, countable=True)))
            kinds.append(kind)
    return kinds


def plain(records: Any) -> Any:
    """The grouping by kecamatan × family of sector that needs no computer."""
    return records["kecamatan"].astype("i8") * 100 + records["family"]


def known_kinds(folder: Path, rows: int) -> None:
    """A line for each disorder."""
    print(
        f"{rows} synthetic UKM of {len(TRUE_KINDS)} kinds; adjusted Rand index with the kinds, mean of 3 seeds"
    )
    print(
        f"{'disorder':>9} {'groups':>7} {'silhouette':>11} {'stability':>10} {'ARI ours':>9} {'ARI kecamatan x sector':>23}"
    )
    for disorder in (0.0, 0.1, 0.2, 0.3, 0.5, 1.0):
        found = []
        for seed in (1, 2, 3):
            kinds = write(synthetic(rows, disorder, seed), folder / "records")
            records = open_records(folder / "records")
            labels, report = group(records, Options(seed=seed), len(GROUND.kecamatan))
            ours = adjusted_rand_score(kinds, labels) if labels is not None else float("nan")
            found.append((report["count"], report["silhouette"], report["stability"], ours, adjusted_rand_score(kinds, plain(records))))  # fmt: skip
        count, sharp, steady, ours, theirs = np.mean(found, axis=0)
        told = f"{ours:>9.2f}" if ours == ours else " not drawn"
        print(f"{disorder:>9.0%} {count:>7.1f} {sharp:>11.2f} {steady:>10.2f} {told} {theirs:>23.2f}")


def city(folder: Path) -> None:
    """The fictional city of the demonstration."""
    kinds = write(((row, 0) for row in city_rows(HERE, now())), folder / "records")
    records = open_records(folder / "records")
    started = time.process_time()
    labels, report = group(records, Options(), len(GROUND.kecamatan))
    spent = time.process_time() - started
    space = space_of(Encoder(records, Options().weights, len(GROUND.kecamatan)), records, 1)
    points = space.points(records)
    print(f"\nThe demonstration's city, {len(kinds)} UKM, {spent:.1f} s of one core")
    print(f"{'':<28} {'groups':>7} {'silhouette':>11} {'stability':>10}")
    drawn = "ours" if labels is not None else f"ours ({report['refusal']}, not drawn)"
    print(f"{drawn:<28} {report['count']:>7} {report['silhouette']:>11.2f} {report['stability']:>10.2f}")
    by_hand = plain(records)
    print(f"{'kecamatan x sector':<28} {len(np.unique(by_hand)):>7} {silhouette(points, by_hand, 1):>11.2f} {1.0:>10.2f}")  # fmt: skip
    print(f"{'every trait shuffled':<28} {report['count']:>7} {report['by_chance']:>11.2f} {'–':>10}")


def province(folder: Path, rows: int) -> None:
    """Time and memory of many rows; the records are written first, as the site does."""
    write(synthetic(rows, 0.3, 1), folder / "records")
    started = time.process_time()
    labels, report = group(open_records(folder / "records"), Options(), len(GROUND.kecamatan))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = time.process_time() - started
    print(f"{rows} UKM: {report['count']} groups, silhouette {report['silhouette']:.2f}, {spent:.0f} s of one core, {peak:.0f} MB at most")  # fmt: skip
    assert labels is not None and len(labels) == rows  # noqa: PT018 - a measurement of nothing would mislead


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--synthetic", type=int, default=3_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.rows:
            province(Path(folder), chosen.rows)
            return
        known_kinds(Path(folder), chosen.synthetic)
        city(Path(folder))


if __name__ == "__main__":
    main()
