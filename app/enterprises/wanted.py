"""What a reader of a list of enterprises wants to see: words, facets, filters of the office, as the address has them."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.parsing import fold_space
from app.enterprises.queries import region
from app.enterprises.rules import DIGITAL, Currency, SizeClass, State
from app.enterprises.sectors import activities
from app.enterprises.traits import HAVING

STAFF_FILTERS = ("keadaan", "kelurahan", "kabar")


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for. ``facets``: name → chosen values, of which one must fit; ``staff``: filters of the office."""

    q: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    staff: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.q or self.facets or self.staff)

    @property
    def key(self) -> Hashable:
        """The same as something to remember by."""
        return self.q, tuple(self.facets.items()), tuple(self.staff.items())

    @property
    def arguments(self) -> dict[str, Any]:
        """Everything as arguments of an address."""
        named = {name: list(values) for name, values in self.facets.items()} | dict(self.staff)
        return ({"q": self.q} if self.q else {}) | named

    def without(self, name: str, value: str = "") -> "Wanted":
        """The same with one value of a facet, one filter or the words taken off."""
        if name == "q":
            return replace(self, q="")
        left = {
            facet: tuple(one for one in values if (facet, one) != (name, value))
            for facet, values in self.facets.items()
        }
        staff = {one: chosen for one, chosen in self.staff.items() if one != name}
        return Wanted(self.q, {facet: values for facet, values in left.items() if values}, staff)


def values_known() -> dict[str, tuple[str, ...]]:
    """The values that each facet may have."""
    return {
        "kecamatan": tuple(region().kecamatan),
        "kelurahan": tuple(region().kelurahan),
        "bidang": tuple(activities()),
        "kelas": tuple(size.value for size in SizeClass),
        "digital": tuple(code for code in DIGITAL if code != "none"),
        "produk": (HAVING,),
        "nib": (HAVING,),
    }


def read_wanted(arguments: MultiDict[str, str], *, public: bool = True) -> Wanted:
    """What the address asks for. What makes no sense (an old bookmark, a typo) asks for nothing."""
    facets = {
        name: chosen
        for name, known in values_known().items()
        if (asked := arguments.getlist(name))
        and (chosen := tuple(value for value in known if value in asked))
    }
    staff = {}
    if not public:
        facets.pop("kelurahan", None)  # the office's filter of that name knows the true one
        choices = {
            "keadaan": [state.value for state in State],
            "kelurahan": region().kelurahan,
            "kabar": [Currency.UNCONFIRMED.value, Currency.EXPIRED.value],
        }
        given = {name: arguments.get(name, "") for name in STAFF_FILTERS}
        staff = {name: value for name, value in given.items() if value in choices[name]}
    return Wanted(fold_space(arguments.get("q", ""))[:100], facets, staff)
