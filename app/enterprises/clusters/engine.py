"""Finding the groups: how many, which, and how sure. Home of scikit-learn, run as a process of its own at low priority.

``python -m app.enterprises.clusters.engine`` reads what is asked from standard input as JSON, the records from the file that
it names, writes each record's group to another file and what was measured to standard output. Loading scikit-learn takes a
second and a hundred megabytes, which the site never spends.
"""

import json
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.enterprises.clusters.axes import SHUFFLES, Space, axes_above_chance, dealt
from app.enterprises.clusters.counting import Counting
from app.enterprises.clusters.encoding import Array, Encoder, chunks, open_records, stacked
from app.enterprises.clusters.rules import (
    FEWEST,
    LEAST_OVER_CHANCE,
    LEAST_ROWS,
    LEAST_SILHOUETTE,
    LEAST_SPREAD,
    LEAST_STABILITY,
    MOST,
    Feature,
    Options,
    Refusal,
)

AXES = 20_000
"""Rows from which the axes are learned."""
SAMPLE = 3_000
"""Rows by which the number of groups is chosen."""
PAIRS = 2_000
"""Rows of which every pair is compared for the silhouette."""
WHOLE = 60_000
"""Up to so many rows all are in memory at once; of more, a sample begins and the rest follows in stretches."""
NEAR = 0.9
"""Of the greatest silhouette × stability: what comes so near is as good."""
RESAMPLES = 6
SHARE = 0.7
STARTS, FEW_STARTS = 4, 2
TYPICAL = 12


@dataclass(frozen=True)
class Tried:
    """One number of groups: ``silhouette`` how much nearer one's own group is than the next (−1…1), ``stability`` the mean
    adjusted Rand index between the groups of the sample and those found from parts of it (1: always the same), ``by_chance``
    the mean silhouette of so many groups where every trait is shuffled by itself, and ``bound`` what chance hardly ever passes
    (none and 0 where there is only one trait)."""

    count: int
    silhouette: float
    stability: float
    by_chance: float | None = None
    bound: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Whether it says enough to be shown."""
        is_sharp = self.silhouette >= LEAST_SILHOUETTE and self.silhouette > self.bound
        return is_sharp and self.stability >= LEAST_STABILITY


def group(records: Array, options: Options, places: int) -> tuple[Array | None, dict[str, Any]]:
    """The group of each record, and what was measured; None for the groups where they would say too little."""
    import numpy as np

    rows = len(records)
    report: dict[str, Any] = {"rows": rows, "refusal": None, "tried": [], "dropped": []}
    if rows < LEAST_ROWS:
        return None, report | {"refusal": Refusal.FEW}
    encoder = Encoder(records, options.weights, places)
    report["dropped"] = list(encoder.dropped)
    chance = np.random.default_rng(options.seed)
    sample = _some(chance, rows, SAMPLE)
    distinct = len(np.unique(stacked(encoder.blocks(records[sample])), axis=0)) if encoder.weights else 0
    if distinct <= FEWEST:
        return None, report | {"refusal": Refusal.SAME}
    space = space_of(encoder, records, options.seed)
    is_unrelated = len(encoder.weights) > 1 and not space.count
    wanted = _wanted(options, distinct, is_unrelated)
    tried = _try(space, encoder.blocks(records[sample]), wanted, options.seed)
    best = chosen(tried)
    report |= vars(best) | {"tried": [vars(one) for one in tried], "axes": space.count}
    labels = _label(space, records, best.count, options.seed)
    some = _some(np.random.default_rng(options.seed), rows, SAMPLE)
    report["silhouette"] = silhouette(space.points(records[some]), labels[some], options.seed)
    refusal = Refusal.CHANCE if is_unrelated else _refusal(report)
    return (None if refusal else labels), report | {"refusal": refusal}


def space_of(encoder: Encoder, records: Array, seed: int) -> Space:
    """Where the groups are sought: along the axes on which the traits agree; a trait alone stays as it is."""
    import numpy as np

    chance = np.random.default_rng(seed)
    blocks = encoder.blocks(records[_some(chance, len(records), AXES)])
    return Space(encoder, blocks, axes_above_chance(blocks, chance) if len(blocks) > 1 else 0)


def _wanted(options: Options, distinct: int, is_unrelated: bool) -> Sequence[int]:
    """The numbers of groups to try; where the traits have nothing in common one will do to say so."""
    if options.count is not None:
        return (options.count,)
    return (FEWEST,) if is_unrelated else range(FEWEST, min(MOST, distinct - 1) + 1)


def _refusal(report: Mapping[str, Any]) -> Refusal | None:
    """Why groups that measure so say too little."""
    if report["silhouette"] < LEAST_SILHOUETTE:
        return Refusal.FLAT
    if report["stability"] < LEAST_STABILITY:
        return Refusal.UNSTABLE
    return Refusal.CHANCE if report["silhouette"] <= report["bound"] else None


def chosen(tried: list[Tried]) -> Tried:
    """Of those that say enough the fewest groups that come near the greatest silhouette × stability: fewer are easier to act
    on. Where none does, the one that comes nearest to it."""
    sound = [one for one in tried if one.is_sound]
    if sound:
        best = max(one.silhouette * one.stability for one in sound)
        return min(
            (one for one in sound if one.silhouette * one.stability >= NEAR * best), key=lambda one: one.count
        )
    return max(tried, key=lambda one: (min(one.stability / LEAST_STABILITY, one.silhouette / LEAST_SILHOUETTE), -one.count))  # fmt: skip


def _some(chance: Any, rows: int, most: int) -> Array:
    """Which rows to look at, in order; all where there are few."""
    import numpy as np

    return np.arange(rows) if rows <= most else np.sort(chance.choice(rows, most, replace=False))


def _fit(points: Array, count: int, seed: int, starts: int) -> Any:
    from sklearn.cluster import KMeans

    return KMeans(count, n_init=starts, random_state=seed, max_iter=100).fit(points)


def _try(space: Space, blocks: Sequence[Array], wanted: Sequence[int], seed: int) -> list[Tried]:
    """Each number of groups on the sample, on parts of it from which even the axes are learned anew, and on shuffled traits."""
    import numpy as np
    from sklearn.metrics import adjusted_rand_score

    points, chance = space.place(blocks), np.random.default_rng(seed)
    parts = [chance.choice(len(points), int(len(points) * SHARE), replace=False) for _ in range(RESAMPLES)]
    seen = [space.relearned([block[part] for block in blocks]).place(blocks) for part in parts]
    mixed = _shuffled(space, blocks, chance)
    found = []
    for count in wanted:
        whole = _fit(points, count, seed, STARTS).labels_
        alike = [
            adjusted_rand_score(whole, _fit(here[part], count, seed + number, FEW_STARTS).predict(here))
            for number, (part, here) in enumerate(zip(parts, seen, strict=True))
        ]
        sharp, steady = silhouette(points, whole, seed), round(float(np.mean(alike)), 4)
        found.append(Tried(count, sharp, steady, *_by_chance(mixed, count, seed)))
    return found


def _shuffled(space: Space, blocks: Sequence[Array], chance: Any) -> list[Array]:
    """The points of records whose traits are dealt out anew, each by itself, several times; none where there is one trait."""
    found = []
    for _ in range(SHUFFLES if len(blocks) > 1 else 0):
        mixed = dealt(blocks, chance)
        found.append(space.relearned(mixed).place(mixed))
    return found


def _by_chance(mixed: Sequence[Array], count: int, seed: int) -> tuple[float | None, float]:
    """The mean silhouette of so many groups of shuffled records, and the bound that chance hardly ever passes; no mean where
    there was nothing to shuffle."""
    import numpy as np

    if not mixed:
        return None, 0.0
    found = [silhouette(points, _fit(points, count, seed, 1).labels_, seed) for points in mixed]
    mean, spread = float(np.mean(found)), max(float(np.std(found)), LEAST_SPREAD)
    return round(mean, 4), round(mean + LEAST_OVER_CHANCE * spread, 4)


def silhouette(points: Array, labels: Array, seed: int) -> float:
    """The mean silhouette of some of the points; 0 where they are all in one group."""
    import numpy as np
    from sklearn.metrics import silhouette_score

    some = _some(np.random.default_rng(seed), len(points), PAIRS)
    held = labels[some]
    if not 1 < len(np.unique(held)) < len(held):
        return 0.0
    return round(float(silhouette_score(points[some], held)), 4)


def _label(space: Space, records: Array, count: int, seed: int) -> Array:
    """The group of every record, numbered from the largest."""
    import numpy as np

    labels = np.empty(len(records), dtype="<i2")
    if len(records) <= WHOLE:
        labels[:] = _fit(space.points(records), count, seed, STARTS).labels_
    else:
        model = _fit_in_stretches(space, records, count, seed)
        for some in chunks(len(records)):
            labels[some] = model.predict(space.points(records[some]))
    sizes = np.bincount(labels, minlength=count)
    order = np.argsort(-sizes, kind="stable")
    place = np.empty(count, dtype="<i2")
    place[order] = np.arange(count)
    ranked: Array = place[labels]
    return ranked


def _fit_in_stretches(space: Space, records: Array, count: int, seed: int) -> Any:
    """From the groups of a sample on, moved by every record once; never more than a stretch of them in memory."""
    import numpy as np
    from sklearn.cluster import MiniBatchKMeans

    sample = space.points(records[_some(np.random.default_rng(seed), len(records), WHOLE // 2)])
    start = _fit(sample, count, seed, STARTS).cluster_centers_
    model = MiniBatchKMeans(count, init=start, n_init=1, random_state=seed, reassignment_ratio=0.0)
    for some in chunks(len(records)):
        model.partial_fit(space.points(records[some]))
    return model


def typical(space: Space, records: Array, labels: Array) -> list[list[int]]:
    """For each group the ids of the members nearest to its middle, the nearest first."""
    import numpy as np

    count = int(labels.max()) + 1
    middles = _middles(space, records, labels, count)
    nearest: list[list[tuple[float, int]]] = [[] for _ in range(count)]
    for some in chunks(len(records)):
        points, held, ids = space.points(records[some]), labels[some], records["id"][some]
        far = ((points - middles[held]) ** 2).sum(axis=1)
        for number in range(count):
            mine = np.flatnonzero(held == number)
            close = mine[np.lexsort((ids[mine], far[mine]))[:TYPICAL]]
            nearest[number] += [(float(far[one]), int(ids[one])) for one in close]
    return [[id_ for _far, id_ in sorted(group)[:TYPICAL]] for group in nearest]


def _middles(space: Space, records: Array, labels: Array, count: int) -> Array:
    import numpy as np

    total: Any = 0.0
    for some in chunks(len(records)):
        points = space.points(records[some])
        member = np.zeros((count, len(points)), dtype="f4")
        member[labels[some], np.arange(len(points))] = 1.0
        total = total + member @ points.astype("f8")
    return total / np.bincount(labels, minlength=count)[:, None]


def work(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Group the records of ``asked["records"]``, write each one's group to ``asked["labels"]``; what was measured."""
    import numpy as np

    options, places = Options.from_json(asked["options"]), len(asked["kecamatan"])
    if not Path(asked["records"]).stat().st_size:
        return {"rows": 0, "refusal": Refusal.FEW, "tried": [], "dropped": []}
    records = open_records(Path(asked["records"]))
    labels, report = group(records, options, places)
    if labels is None:
        return report
    np.asarray(labels, dtype="<i2").tofile(asked["labels"])
    used = [feature for feature in Feature if feature in options.weights and feature not in report["dropped"]]
    counting = Counting(records, labels, asked["kecamatan"])
    encoder = Encoder(records, options.weights, places)
    return report | {
        "used": used,
        "typical": typical(space_of(encoder, records, options.seed), records, labels),
        "portraits": counting.portraits(),
    }


def main() -> None:
    """One run, as a neighbour that gives way to everything else."""
    if hasattr(os, "nice"):
        os.nice(15)
    warnings.simplefilter("ignore")  # of rows that are equal: then there are fewer groups, which is measured
    json.dump(work(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
