"""The small facts by which the public narrows the list, packed into one whole number. Plain Python.

Class, digital adoption, NIB and products take twelve bits together. What a reader chooses of them is a set of such numbers, so
an index that ends in the number answers any choice, however rare what it leaves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from app.enterprises.rules import DIGITAL, SizeClass

CLASSES: tuple[SizeClass | None, ...] = (None, SizeClass.MIKRO, SizeClass.KECIL, SizeClass.MENENGAH)
CLASS_BITS = 3
HAVING = "ada"
NIB, PRODUCTS = 1 << 2, 1 << 3
CODES = tuple(code for code in DIGITAL if code != "none")
FIRST_CODE = 4  # the bit of the first of CODES
ALL = 1 << (FIRST_CODE + len(CODES))
"""One more than the greatest number."""
Chosen = tuple[tuple[str, tuple[str, ...]], ...]
NAMES = ("kelas", "digital", "produk", "nib")
"""The facets that the number answers."""


def traits_of(values: Mapping[str, Any], size: SizeClass | None, *, has_products: bool) -> int:
    """The number of a row with these ``values``."""
    number = CLASSES.index(size)
    number |= NIB if values.get("has_nib") else 0
    number |= PRODUCTS if has_products else 0
    for code in values.get("digital") or ():
        number |= _bit(code)
    return number


def _bit(code: str) -> int:
    return 1 << (FIRST_CODE + CODES.index(code)) if code in CODES else 0


def told_by(number: int) -> Iterator[tuple[str, str]]:
    """The facets of which a row with this number is, each with its value."""
    known = {
        "kelas": [one.value for one in SizeClass],
        "digital": CODES,
        "produk": (HAVING,),
        "nib": (HAVING,),
    }
    return ((name, value) for name in NAMES for value in known[name] if holds(number, name, value))


def holds(number: int, facet: str, value: str) -> bool:
    """Whether a row with this number is of that value."""
    match facet:
        case "kelas":
            return CLASSES[number & CLASS_BITS] == value
        case "digital":
            return bool(number & _bit(value))
        case "produk":
            return bool(number & PRODUCTS)
        case _:
            return bool(number & NIB)


def fitting(facets: Mapping[str, Iterable[str]]) -> Sequence[int] | None:
    """The numbers of rows that fit what was chosen, of each facet one value; None where nothing was chosen."""
    chosen = tuple((name, tuple(facets[name])) for name in NAMES if facets.get(name))
    return _fitting(chosen) if chosen else None


def bits_of(facets: Mapping[str, Iterable[str]]) -> Iterator[tuple[int, Sequence[int]]]:
    """The same as tests of single bits, all of which a number must pass: the bits to look at, and as what they fit (empty: any but
    0). For rows that are looked at one by one, where a look costs less than a search in :func:`fitting`.
    """
    for name in NAMES:
        match name, tuple(facets.get(name, ())):
            case _, ():
                continue
            case "kelas", values:
                yield CLASS_BITS, tuple(CLASSES.index(SizeClass(value)) for value in values)
            case "digital", values:
                yield sum(_bit(value) for value in dict.fromkeys(values)), ()
            case "produk", _:
                yield PRODUCTS, ()
            case _:
                yield NIB, ()


@lru_cache(maxsize=1024)
def _fitting(chosen: Chosen) -> Sequence[int]:
    return tuple(
        number
        for number in range(ALL)
        if all(any(holds(number, name, value) for value in values) for name, values in chosen)
    )
