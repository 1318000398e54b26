"""Groups of UKM without a search for them: scikit-learn takes seconds to load, and who belongs together is known here."""

from collections.abc import Callable, Mapping
from typing import Any

from app.enterprises.clusters import engine
from app.enterprises.clusters.encoding import Array, Encoder
from app.enterprises.clusters.rules import LEAST_ROWS, Options

FOUND = engine.group
MEASURED = {"refusal": None, "tried": [], "stability": 0.9, "silhouette": 0.6, "by_chance": 0.2}


def known(records: Array, options: Options, places: int, *, by: str = "activity") -> tuple[Array | None, dict[str, Any]]:  # fmt: skip
    """In place of ``engine.group``: who has the same ``by`` belongs together. Too few are still refused by the search."""
    if len(records) < LEAST_ROWS:
        return FOUND(records, options, places)
    import numpy as np

    codes, kind, sizes = np.unique(records[by], return_inverse=True, return_counts=True)
    place = np.argsort(np.argsort(-sizes, kind="stable"))
    dropped = Encoder(records, options.weights, places).dropped
    return place[kind], MEASURED | {"rows": len(records), "count": len(codes), "dropped": dropped}


def in_process(asked: Mapping[str, Any], beat: Callable[[], None]) -> dict[str, Any]:
    """The engine, in this process."""
    beat()
    return engine.work(asked)
