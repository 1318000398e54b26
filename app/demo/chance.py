"""Dice that always fall the same way: shares dealt out exactly, sizes and days drawn from one seed."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

T = TypeVar("T")
S = TypeVar("S")


def dice(*seed: object) -> random.Random:
    """A source of chance of its own for each ``seed``, the same on every machine."""
    return random.Random("/".join(map(str, seed)))  # noqa: S311 - invented data, no secret  # nosec B311


def deal(chance: random.Random, shares: Mapping[T, float], count: int) -> list[T]:
    """``count`` things in random order, each as often as its share says; none is left out while there is room for all."""
    whole = sum(shares.values())
    exact = {thing: count * share / whole for thing, share in shares.items()}
    dealt = {thing: int(portion) for thing, portion in exact.items()}
    by_remainder = sorted(shares, key=lambda thing: dealt[thing] - exact[thing])
    for thing in by_remainder[: count - sum(dealt.values())]:
        dealt[thing] += 1
    if count >= len(shares):
        for thing in [thing for thing, times in dealt.items() if times == 0]:
            dealt[max(dealt, key=lambda most: dealt[most])] -= 1
            dealt[thing] = 1
    things = [thing for thing, times in dealt.items() for _ in range(times)]
    chance.shuffle(things)
    return things


def pick(chance: random.Random, shares: Mapping[S, float]) -> S:
    """One thing, as likely as its share."""
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def happens(chance: random.Random, share: float) -> bool:
    """Whether it happens, in ``share`` of all cases."""
    return chance.random() < share


def day_between(chance: random.Random, first: date, last: date) -> date:
    """A day from ``first`` to ``last``; ``first`` when they are the wrong way round."""
    return first + timedelta(days=chance.randint(0, max(0, (last - first).days)))


def office_hours(chance: random.Random, first: date, last: date, count: int) -> list[datetime]:
    """``count`` moments (UTC) in rising order from ``first`` to ``last``, on one day at least half an hour apart.

    They fall between 8 and 16 o'clock in Jakarta; when ``first`` is not before ``last``, into the first minutes of the day.
    """
    if first >= last:
        return [datetime.combine(first, time(0, number), UTC) for number in range(count)]
    days = sorted(day_between(chance, first, last) for _ in range(count))
    hours = sorted(chance.sample(range(2, 18), count))
    return [
        datetime.combine(day, time(hour // 2, 30 * (hour % 2) + chance.randint(0, 9)), UTC)
        for day, hour in zip(days, hours, strict=True)
    ]


def wave(chance: random.Random, middle: float, spread: float) -> float:
    """A size whose median is ``middle``: many small, few large. ``spread`` is the sigma of its logarithm."""
    return middle * chance.lognormvariate(0, spread)


def choose(chance: random.Random, things: Sequence[T]) -> T:
    """One of ``things``."""
    return things[chance.randrange(len(things))]
