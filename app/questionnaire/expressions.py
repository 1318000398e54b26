"""The conditions of the row checks: small trees of operators, plain JSON, the same for the server and for a browser.

``["lt", ["field", "jumlah_anggota"], 9]``: a list is an operator with its arguments, anything else stands for itself. What is not
known (a blank, no last year, text where a figure should be) is ``None`` and stays ``None`` through arithmetic and comparison;
``and``, ``or`` and ``not`` treat it as "unknown". A check speaks only when its condition is exactly true.

For a second implementation: figures are whole and at most 10^15, so sums are exact in doubles; ``ratio`` and tolerances are
IEEE doubles; days are ISO text and compare as text; lengths count code points.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

from app.core.parsing import MAX_INTEGER, MAX_RUPIAH
from app.questionnaire.operators import PLAIN, read_day

Expression = Any  # JSON: a list [operator, argument…], or a constant

E164 = re.compile(r"\+62[1-9][0-9]{7,11}")


@dataclass(frozen=True)
class Scope:
    """What a condition may look at. ``last`` is ``None`` for a cooperative without a report of the year before."""

    answers: Mapping[str, Any]
    last: Mapping[str, Any] | None
    year: int
    today: date
    places: Mapping[str, str]

    @cached_property
    def known(self) -> dict[str, Any]:
        """The answers with which a condition may reckon; hundreds of conditions ask for the same two dozen."""
        return {name: usable(value) for name, value in self.answers.items()}

    @cached_property
    def known_last(self) -> dict[str, Any]:
        """:attr:`known` of the year before."""
        return {name: usable(value) for name, value in (self.last or {}).items()}


Compiled = Callable[[Scope], Any]


def usable(value: Any) -> Any:
    """``value`` if a condition may reckon with it, else ``None``: no blank, no fraction, nothing nested or beyond 10^15."""
    if isinstance(value, bool | str):
        return None if value == "" else value
    return value if isinstance(value, int) and abs(value) <= MAX_RUPIAH else None


def is_blank(value: Any) -> bool:
    return value is None or value == ""


def conforms(kind: str, value: Any) -> bool:
    """Whether ``value`` is canonical for a question of type ``kind``."""
    if kind in {"integer", "rupiah"}:
        most = MAX_INTEGER if kind == "integer" else MAX_RUPIAH
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= most
    if kind == "date":
        return read_day(value) is not None
    if kind == "phone":
        return isinstance(value, str) and E164.fullmatch(value) is not None
    return isinstance(value, str)


def compiled(expression: Expression) -> Compiled:
    """``expression`` as a function of the scope, for a condition that is asked often. Raises ValueError for an unknown operator."""
    if not isinstance(expression, list):
        return lambda scope: expression
    operator, *arguments = expression
    if special := SPECIAL.get(operator):
        return special(*arguments)
    if plain := PLAIN.get(operator):
        return _on_known(plain, arguments)
    raise ValueError(f"unknown operator {operator!r}")


def evaluate(expression: Expression, scope: Scope) -> Any:
    """The value of ``expression``; ``None`` when it is not known. Raises ValueError for an unknown operator only."""
    return compiled(expression)(scope)


def _on_known(reckon: Callable[..., Any], expressions: list[Expression]) -> Compiled:
    """``reckon`` on the values of ``expressions``; unknown as soon as one of them is. Nearly all have two, of which the second is
    often a constant, so these are written out."""
    arguments = [compiled(one) for one in expressions]
    if len(arguments) == 2:
        if expressions[1] is None or isinstance(expressions[1], list):
            return _on_two(reckon, *arguments)
        return _with_constant(reckon, arguments[0], expressions[1])

    def value(scope: Scope) -> Any:
        values = []
        for argument in arguments:
            found = argument(scope)
            if found is None:
                return None
            values.append(found)
        return reckon(*values)

    return value


def _on_two(reckon: Callable[..., Any], left: Compiled, right: Compiled) -> Compiled:
    def value(scope: Scope) -> Any:
        if (one := left(scope)) is None or (other := right(scope)) is None:
            return None
        return reckon(one, other)

    return value


def _with_constant(reckon: Callable[..., Any], left: Compiled, constant: Any) -> Compiled:
    def value(scope: Scope) -> Any:
        return None if (one := left(scope)) is None else reckon(one, constant)

    return value


def operators_in(expression: Expression) -> set[str]:
    """All operators in ``expression``, so that a list of checks can be tested before it is used."""
    if not isinstance(expression, list):
        return set()
    return {expression[0]}.union(*(operators_in(argument) for argument in expression[1:]))


# ---- operators that look at the scope, or that know what to do with the unknown; the others are in operators.py


def _field(name: str) -> Compiled:
    return lambda scope: scope.known.get(name)


def _last(name: str) -> Compiled:
    return lambda scope: scope.known_last.get(name)


def _blank(*names: str) -> Compiled:
    return lambda scope: all(is_blank(scope.answers.get(name)) for name in names)


def _unreadable(kind: str, name: str) -> Compiled:
    def unreadable(scope: Scope) -> bool:
        value = scope.answers.get(name)
        return not is_blank(value) and not conforms(kind, value)

    return unreadable


def _decided(decisive: bool, *arguments: Expression) -> Compiled:
    """``decisive`` if one argument is, else unknown if one is unknown, else the opposite: *and* and *or*."""
    tests = [compiled(argument) for argument in arguments]
    otherwise = not decisive

    def decide(scope: Scope) -> bool | None:
        unknown = False
        for test in tests:
            if (value := test(scope)) is decisive:
                return not otherwise
            unknown = unknown or value is not otherwise
        return None if unknown else otherwise

    return decide


def _count(*arguments: Expression) -> Compiled:
    """How many of the arguments are true."""
    tests = [compiled(argument) for argument in arguments]
    return lambda scope: sum(test(scope) is True for test in tests)


def _known(*arguments: Expression) -> Compiled:
    """How many of the arguments have a value."""
    tests = [compiled(argument) for argument in arguments]
    return lambda scope: sum(test(scope) is not None for test in tests)


def _when(condition: Expression, value: Expression) -> Compiled:
    """``value`` where ``condition`` is true, else unknown."""
    holds, then = compiled(condition), compiled(value)
    return lambda scope: then(scope) if holds(scope) is True else None


def _in_places(place: Expression) -> Compiled:
    """Whether a code is one of the office's kelurahan (four levels; ``places`` may name kecamatan too)."""
    written = compiled(place)

    def known_place(scope: Scope) -> bool | None:
        code = written(scope)
        if not isinstance(code, str):
            return None
        return bool(code in scope.places and code.count(".") == 3)

    return known_place


SPECIAL: Mapping[str, Callable[..., Compiled]] = {
    "field": _field,
    "last": _last,
    "blank": _blank,
    "unreadable": _unreadable,
    "and": partial(_decided, False),
    "or": partial(_decided, True),
    "count": _count,
    "known": _known,
    "when": _when,
    "year": lambda: lambda scope: scope.year,
    "year_end": lambda: lambda scope: f"{scope.year:04}-12-31",
    "today": lambda: lambda scope: scope.today.isoformat(),
    "in_places": _in_places,
}
