"""What the traits say together: axes along which they agree more than by chance, and a space of nothing else. Home of numpy.

Each trait's columns are turned and stretched until every direction counts alike (so twenty activities are no louder than three
classes); then the directions are sought in which the traits agree most: canonical correlation of several sets (Kettenring 1971).
As many axes are kept as agree more than the same records with every trait shuffled by itself (parallel analysis, Horn 1965).
What a trait says on its own, which only blurs groups, is left out. An axis is the sum of what the traits say along it, each
times the root of its weight: with weight 2 its share in the squared distance is twice as great.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.enterprises.clusters.encoding import Array, Encoder, stacked
from app.enterprises.clusters.rules import Feature

SHUFFLES = 5
MARGIN = 3.0
"""Standard deviations above the mean of shuffled records: what lies below may be chance."""
LEAST_RIDGE = 0.03
"""Of a trait's mean variance, added to every direction; more where rows are few: what two in a thousand have shall not shout."""
NOTHING = 1e-6


def dealt(blocks: Sequence[Array], chance: Any) -> list[Array]:
    """The rows of every block in an order of its own: what belongs together is lost."""
    return [block[chance.permutation(len(block))] for block in blocks]


def _evened(block: Array) -> Array:
    """The turn after which every direction of a block has the variance 1, or less where it hardly has any."""
    import numpy as np

    variances, turn = np.linalg.eigh(block.T @ block / len(block))
    live = variances > NOTHING * max(float(variances[-1]), NOTHING)
    ridge = max(LEAST_RIDGE, live.sum() / len(block)) * variances[live].mean()
    return turn[:, live] / np.sqrt(variances[live] + ridge)


def _agreements(evened: Sequence[Array]) -> tuple[Array, Array]:
    """How strongly evened blocks agree along each axis, the strongest first, and the axes."""
    import numpy as np

    side_by_side = np.concatenate(evened, axis=1)
    strengths, axes = np.linalg.eigh(side_by_side.T @ side_by_side / len(side_by_side))
    return strengths[::-1], axes[:, ::-1]


def axes_above_chance(blocks: Sequence[Array], chance: Any) -> int:
    """How many of the leading axes show the traits agree more than shuffled ones do; 0 where they have nothing in common."""
    import numpy as np

    evened = [block @ _evened(block) for block in blocks]
    strengths, _axes = _agreements(evened)
    shuffled = np.array([_agreements(dealt(evened, chance))[0] for _ in range(SHUFFLES)])
    below = np.flatnonzero(strengths <= shuffled.mean(axis=0) + MARGIN * shuffled.std(axis=0))
    return int(below[0]) if len(below) else len(strengths)


class Space:
    """Where records become points: along ``count`` axes learned from ``blocks``; with no axes all their columns as they are."""

    def __init__(self, encoder: Encoder, blocks: Sequence[Array], count: int) -> None:
        self.encoder, self.count = encoder, count
        self.turns = self._learned(blocks, encoder.weights) if count else []

    def _learned(self, blocks: Sequence[Array], weights: Mapping[Feature, float]) -> list[Array]:
        turns = [_evened(block) for block in blocks]
        _strengths, axes = _agreements([block @ turn for block, turn in zip(blocks, turns, strict=True)])
        found, start = [], 0
        for turn, weight in zip(turns, weights.values(), strict=True):
            end = start + turn.shape[1]
            found.append(weight**0.5 * (turn @ axes[start:end, : self.count]))
            start = end
        return found

    def place(self, blocks: Sequence[Array]) -> Array:
        """The points of records that are blocks already, one row each."""
        if not self.count:
            return stacked(blocks)
        return stacked([sum(block @ turn for block, turn in zip(blocks, self.turns, strict=True))])

    def points(self, records: Array) -> Array:
        """The records as points, one row each."""
        return self.place(self.encoder.blocks(records))

    def relearned(self, blocks: Sequence[Array]) -> "Space":
        """A space of as many axes, learned from other rows."""
        return Space(self.encoder, blocks, self.count)
