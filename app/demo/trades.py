"""The groups of the fictional UKM, read from ``trades.toml``: who does what where, and how such owners live and work.

They are what a grouping of the register should find again: ``tests`` compare it with them.
"""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.regions.rules import Region

FILE = Path(__file__).with_name("trades.toml")
Shares = Mapping[str, float]


@dataclass(frozen=True)
class Called:
    """What a business of a trade is called after, what it makes, and its price in rupiah (0: none is told) per unit."""

    name: str
    products: str
    price: int
    unit: str


@dataclass(frozen=True)
class Profile:
    """How owners of one kind live and work. ``weak``: the share whose power, net, road or water is poor; ``since``: from that
    year until so many years from now; ``workers``: at most, men and women."""

    women: float
    sales: Shares
    capital: Shares
    digital: Shares
    funding: Shares
    needs: Shares
    age: Shares
    education: Shares
    legal: Shares
    nib: float
    weak: float
    since: tuple[int, int]
    workers: tuple[int, int]


@dataclass(frozen=True)
class Trade:
    """One group: ``share`` of all UKM, of whom the share ``gathered`` stands in ``homes`` (name of a kelurahan → weight)."""

    activity: str
    profile: Profile
    share: float
    homes: Shares
    gathered: float
    called: tuple[Called, ...]


@cache
def trades() -> tuple[Trade, ...]:
    """Every group, in the order of the file."""
    with open(FILE, "rb") as file:
        told: dict[str, Any] = tomllib.load(file)
    profiles = {
        name: Profile(**one | {"since": tuple(one["since"]), "workers": tuple(one["workers"])})
        for name, one in told["profile"].items()
    }
    return tuple(
        Trade(**one | {"profile": profiles[one["profile"]], "called": tuple(Called(*each) for each in one["called"])})
        for one in told["trade"]
    )  # fmt: skip


def homes_in(here: Region, trade: Trade, chance: random.Random) -> Shares:
    """Code of a kelurahan → weight: where ``trade`` gathers. In a region that knows none of the names, chance picks them."""
    codes = {name: code for code, name in here.kelurahan.items()}
    known = {codes[name]: weight for name, weight in trade.homes.items() if name in codes}
    if known:
        return known
    villages: Sequence[str] = list(here.kelurahan)
    some = chance.sample(villages, min(len(villages), len(trade.homes)))
    return dict(zip(some, trade.homes.values(), strict=False))
