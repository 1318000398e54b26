"""What this floor tells higher ones, which it does not know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blinker import Signal
from flask import render_template
from markupsafe import Markup

person_deactivated = Signal()
"""Sent with the User, inside the write unit, when someone may no longer sign in: hand over what was theirs.

``successor`` is the User who takes it on; None: it goes back for anybody.
"""

roles_taken = Signal()
"""Sent with the User, inside the write unit, when someone keeps their account but not all ``roles``: what only these could go
on with goes back for anybody.
"""

person_erased = Signal()
"""Sent with the User, inside the write unit, when someone has asked to be forgotten and is; ``by``: who carries it out. Their name and
addresses go only afterwards, and with them what is told of it meanwhile."""

work_asked = Signal()
"""Sent with a User who may leave. A receiver returns a :class:`Section` of the open work that is theirs alone, or None."""

person_shown = Signal()
"""Sent with the User when their page is drawn. A receiver returns a :class:`Section` or None; it must not write."""

own_page_shown = Signal()
"""Sent with the User when a page of what is theirs is drawn: their cooperatives' reports, their enterprise. ``kind`` is
``cooperative`` or ``enterprise``, ``ids`` whose. None instead of a User: the holder of a secret link, whose secret is
``token``. A receiver returns a :class:`Panel` or None; it must not write."""


@dataclass(frozen=True)
class Panel:
    """Something that a feature shows on a person's own page: a template, which finds this as ``panel``; lowest order first."""

    order: int
    template: str
    shown: Mapping[str, Any] = field(default_factory=dict)


def panels_of(person: object | None, kind: str, ids: list[int], token: str = "") -> list[Markup]:  # nosec B107
    """What features have to show on a page of what is ``person``'s own, or of the holder of a secret link, drawn."""
    return drawn(own_page_shown.send(person, kind=kind, ids=ids, token=token))


def drawn(answers: Iterable[tuple[object, object]]) -> list[Markup]:
    """The panels among what the receivers of a signal answered, in their order."""
    panels = sorted(
        (one for _receiver, one in answers if isinstance(one, Panel)), key=lambda panel: panel.order
    )
    return [Markup(render_template(panel.template, panel=panel)) for panel in panels]  # noqa: S704 - escaped there  # nosec B704


@dataclass(frozen=True)
class SectionLine:
    """One line of a section: what, where it leads (may be empty), and a remark."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Something a higher feature knows about a person, such as the cooperatives they act for. Texts come translated."""

    title: str
    lines: tuple[SectionLine, ...]
    empty: str = ""


def work_of(person: object) -> list[Section]:
    """The open work that ``person`` would leave behind, in the order of its titles; empty: they can go."""
    given = [answer for _receiver, answer in work_asked.send(person) if isinstance(answer, Section)]
    return sorted(given, key=lambda section: section.title)


def sections_of(person: object) -> list[Section]:
    """What higher features have to show about ``person``, in the order of their titles."""
    given = [answer for _receiver, answer in person_shown.send(person) if isinstance(answer, Section)]
    return sorted(given, key=lambda section: section.title)
