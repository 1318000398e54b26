"""What a visit asks of the features above the clinic."""

from dataclasses import dataclass

from blinker import Signal

programs_asked = Signal()
"""Sent with None when a consultant may name a programme. A receiver returns a list of :class:`ProgramChoice`, what closes first
first, and must not write."""

program_named = Signal()
"""Sent with None; ``slug``: a programme that a visit is linked with. A receiver returns its :class:`ProgramChoice` while
everybody may read it, else None."""


@dataclass(frozen=True)
class ProgramChoice:
    """A programme as a visit names it: the last part of its address, its name, and how it stands in words."""

    slug: str
    title: str
    note: str = ""

    @property
    def url(self) -> str:
        """Its page. An address, not an endpoint: programmes stand a floor higher."""
        return f"/program/{self.slug}"


def programs() -> list[ProgramChoice]:
    """The programmes that can be joined now."""
    return [one for _receiver, found in programs_asked.send(None) for one in found or []]


def program_of(slug: str) -> ProgramChoice | None:
    """The programme at this address, as long as everybody may read it."""
    if not slug:
        return None
    found = (answer for _receiver, answer in program_named.send(None, slug=slug))
    return next((one for one in found if one is not None), None)
