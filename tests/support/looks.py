"""How closely a browser looks at a page, by what it has looked at before."""

from collections.abc import Iterable, Iterator
from enum import Enum

from tests.support.colours import Judged
from tests.support.skeleton import Part, main_part, parts
from tests.support.visits import Visit


class Look(Enum):
    """How closely a browser looks at a page."""

    BOTH = "narrow and light, then wide and dark"  # the first of its endpoint, with something new
    ONE = "narrow and light"  # the first of its endpoint, or with an element of a new kind or in a new place
    GLANCE = "its words, weight and width"
    NONE = "not at all"  # but for its frame it was looked at already


class LookedAt:
    """What was looked at until now, and so how closely the next page has to be."""

    def __init__(self) -> None:
        self.endpoints: set[str] = set()
        self.pages: set[str] = set()
        self.parts: set[Part] = set()
        self.judged = Judged()

    def chooses(self, visit: Visit, html: str) -> Look:
        """For a page that is opened now."""
        content, made_of = main_part(html), parts(html)
        is_new = not made_of <= self.parts
        if visit.endpoint not in self.endpoints:
            look = Look.BOTH if is_new else Look.ONE
        elif is_new:
            look = Look.ONE
        else:
            look = Look.NONE if content in self.pages else Look.GLANCE
        self.endpoints.add(visit.endpoint)
        self.pages.add(content)
        self.parts |= made_of
        return look


def worth_a_look(found: Iterable[Visit]) -> Iterator[Visit]:
    """The visits that a browser may make: what everybody may read once, as somebody who has not signed in; what all who have
    signed in may read, once too."""
    known: set[str] = set()
    for visit in found:
        once = visit.is_public or visit.is_everyones
        if not (visit.is_public and visit.who is not None) and not (once and visit.address in known):
            known.add(visit.address)
            yield visit
