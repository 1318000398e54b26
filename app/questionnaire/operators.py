"""The operators of the checks that reckon with known values: figures, text and ISO days. What does not fit gives ``None``."""

import calendar
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Number = int | float
NUMERIC = frozenset({int, float})  # a bool is none
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(value: Any) -> date | None:
    """The day that ISO text names, or ``None``."""
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _numbers(*values: Any) -> bool:
    return NUMERIC.issuperset(map(type, values))


def _arithmetic(reckon: Callable[..., Number]) -> Callable[..., Number | None]:
    return lambda *values: reckon(*values) if _numbers(*values) else None


def _compare(order: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | None]:
    """Figures with figures and text with text; anything else cannot be compared."""

    def compare(left: Any, right: Any) -> bool | None:
        kind = type(left)
        if kind is type(right) and (kind is int or kind is str):
            return order(left, right)
        return order(left, right) if _numbers(left, right) else None

    return compare


def _same(left: Any, right: Any) -> bool:
    """Equal and of one kind: true is not 1."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _ratio(over: Any, under: Any) -> float | None:
    return over / under if _numbers(over, under) and under != 0 else None


def _part(value: Any, divisor: int) -> int | None:
    """``value`` divided by ``divisor``, if that leaves no remainder."""
    return value // divisor if isinstance(value, int) and value % divisor == 0 else None


def _near(left: Any, right: Any, tolerance: float) -> bool | None:
    """Whether two figures differ by at most ``tolerance`` of the larger."""
    if not _numbers(left, right):
        return None
    return bool(abs(left - right) <= tolerance * max(abs(left), abs(right)))


def _scaled(old: Any, new: Any, power: int, slack: float) -> bool | None:
    """Whether ``new`` is ``old`` × 10^power, give or take a factor of 1 + ``slack``. False for zero or a change of sign."""
    if not _numbers(old, new):
        return None
    if old == 0 or new / old <= 0:
        return False
    factor = new / old / 10**power if power >= 0 else new / old * 10**-power
    return bool(1 / (1 + slack) <= factor <= 1 + slack)


def digits_swapped(left: Any, right: Any) -> bool | None:
    """Whether two figures of at least three digits differ only by two neighbouring digits that changed places."""
    if not isinstance(left, int) or not isinstance(right, int):
        return None
    a, b = str(abs(left)), str(abs(right))
    if len(a) != len(b) or len(a) < 3 or (left < 0) != (right < 0):
        return False
    differ = [place for place in range(len(a)) if a[place] != b[place]]
    if len(differ) != 2 or differ[1] != differ[0] + 1:
        return False
    first, second = differ
    return a[first] == b[second] and a[second] == b[first]


def digit_dropped(whole: Any, short: Any) -> bool | None:
    """Whether ``short`` is ``whole`` (at least three digits) with one digit left out."""
    if not isinstance(whole, int) or not isinstance(short, int):
        return None
    a, b = str(abs(whole)), str(abs(short))
    if len(a) != len(b) + 1 or len(a) < 3 or (whole < 0) != (short < 0):
        return False
    return any(a[:place] + a[place + 1 :] == b for place in range(len(a)))


def add_months(day: Any, months: int) -> str | None:
    """The same day of the month ``months`` later, or that month's last: 2025-12-31 + 6 → 2026-06-30."""
    start = read_day(day)
    if start is None:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).isoformat()


PLAIN: Mapping[str, Callable[..., Any]] = {
    "not": lambda value: not value if isinstance(value, bool) else None,
    "eq": _same,
    "ne": lambda left, right: not _same(left, right),
    "lt": _compare(operator.lt),
    "le": _compare(operator.le),
    "gt": _compare(operator.gt),
    "ge": _compare(operator.ge),
    "in": lambda value, *choices: value in choices,
    "add": _arithmetic(lambda *values: sum(values)),
    "sub": _arithmetic(lambda left, right: left - right),
    "mul": _arithmetic(lambda left, right: left * right),
    "neg": _arithmetic(lambda value: -value),
    "abs": _arithmetic(abs),
    "max": _arithmetic(max),
    "ratio": _ratio,
    "part": _part,
    "near": _near,
    "scaled": _scaled,
    "digits_swapped": digits_swapped,
    "digit_dropped": digit_dropped,
    "length": lambda value: len(value) if isinstance(value, str) else None,
    "is_digits": lambda value, count: (
        isinstance(value, str) and re.fullmatch(f"[0-9]{{{count}}}", value) is not None
    ),
    "starts_with": lambda value, start: value.startswith(start) if isinstance(value, str) else None,
    "add_months": add_months,
}
