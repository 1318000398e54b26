"""One page of a list of UKM with what stands around it: how many, what narrows it, the pages beside it."""

from dataclasses import dataclass, field, replace

from flask import url_for

from app.core.i18n import say
from app.core.paging import COUNT_LIMIT, count_text
from app.enterprises.lists import Found, page_of
from app.enterprises.models import Enterprise
from app.enterprises.rules import State
from app.enterprises.screens import Choice, currencies, facet_names, place_name, state_name
from app.enterprises.wanted import Wanted


@dataclass(frozen=True)
class Listing:
    """One page of a list with everything that stands around it."""

    count: str
    wanted: Wanted
    chips: list[Choice]
    reset_url: str
    endpoint: str
    rows: list[Enterprise] = field(default_factory=list)
    previous_url: str = ""
    next_url: str = ""
    shown: str = ""  # how many a search looked at, where it looked no further
    unranked: bool = False  # a search found too many to rank

    @property
    def kept(self) -> list[Choice]:
        """What a new search leaves as it is: the facets."""
        return [(name, value) for name, values in self.wanted.facets.items() for value in values]

    def same_at(self, endpoint: str) -> str:
        """The same search and facets in another view."""
        return url_for(endpoint, **self.wanted.arguments)

    def export_url(self, format_: str) -> str:
        """The whole list as a file."""
        return url_for(self.endpoint, **self.wanted.arguments, format=format_)


def listing(endpoint: str, found: Found, wanted: Wanted) -> Listing:
    """The page that the request asks for."""
    page = page_of(found)
    arguments = wanted.arguments
    return replace(
        head_of(endpoint, found, wanted),
        rows=page.rows,
        previous_url=url_for(endpoint, **arguments, before=page.previous) if page.previous else "",
        next_url=url_for(endpoint, **arguments, after=page.following) if page.following else "",
    )


def head_of(endpoint: str, found: Found, wanted: Wanted) -> Listing:
    """What stands around a list, without its rows: for a map of the same."""
    return Listing(
        count=say(found.count_text),
        wanted=wanted,
        chips=_chips(endpoint, wanted),
        reset_url=url_for(endpoint),
        endpoint=endpoint,
        shown=say(count_text(min(found.count, COUNT_LIMIT))) if found.cut or found.is_crowded else "",
        unranked=found.is_crowded,
    )


def _chips(endpoint: str, wanted: Wanted) -> list[Choice]:
    names = facet_names()
    found = [(f"“{wanted.q}”", url_for(endpoint, **wanted.without("q").arguments))] if wanted.q else []
    for name, values in wanted.facets.items():
        found += [
            (names[name][value], url_for(endpoint, **wanted.without(name, value).arguments))
            for value in values
        ]
    said = {state.value: state_name(state) for state in State} | dict(currencies())
    for name, value in wanted.staff.items():
        text = place_name(value) if name == "kelurahan" else said[value]
        found.append((text, url_for(endpoint, **wanted.without(name).arguments)))
    return found
