"""Which group of this run goes on with which of the run before: by the businesses that they share. Plain Python."""

from collections import Counter
from collections.abc import Mapping

LEAST_OVERLAP = 0.3
"""Of all businesses that are in either of two groups, the share that must be in both."""


def lineage(
    shared: Mapping[tuple[int, int], int], before: Mapping[int, int], now: Mapping[int, int]
) -> dict[int, tuple[int, float]]:
    """Group of now → the group before that it goes on with, and how far they overlap (Jaccard); each has at most one other.

    ``shared``: (before, now) → how many are in both; ``before`` and ``now``: sizes. The greatest overlap is settled first.
    """
    found: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    alike = sorted(
        (-many / (before[old] + now[new] - many), old, new) for (old, new), many in shared.items() if many
    )
    for overlap, old, new in alike:
        if -overlap >= LEAST_OVERLAP and old not in taken and new not in found:
            found[new] = old, round(-overlap, 4)
            taken.add(old)
    return found


class Moves:
    """What happened between two runs, counted as the members go by."""

    def __init__(self, origin: Mapping[int, int]) -> None:
        self.origin = origin  # group before → group of now that goes on with it
        self.came: dict[int, Counter[str]] = {}
        self.why: dict[int, Counter[str]] = {}
        self.from_: dict[int, Counter[str]] = {}
        self.left: Counter[int] = Counter()

    def note(self, label: int, before: int | None, why: str) -> bool:
        """A member of ``label`` that was in group ``before`` (None: in none); whether it moved."""
        came = self.came.setdefault(label, Counter())
        if before is None:
            came["new"] += 1
            return False
        if self.origin.get(before) == label:
            came["stayed"] += 1
            return False
        came["moved"] += 1
        self.left[before] += 1
        self.from_.setdefault(label, Counter())[str(before)] += 1
        self.why.setdefault(label, Counter()).update(why.split(",") if why else ["shift"])
        return True
