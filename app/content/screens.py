"""What pages show of a page beside its text: parts in order, how it is kept, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.content.models import ContentPage, Trouble
from app.content.reading import read
from app.content.rules import (
    CHANNELS,
    KIND_NAMES,
    PARTS,
    SECTIONS,
    STATE_NAMES,
    Freshness,
    Kind,
    Section,
    State,
    freshness,
    section_of,
)
from app.core.database import now, office_zone, today
from app.core.i18n import locale, say
from app.core.office import office
from app.core.text import N_, Text

TROUBLES = {
    Trouble.GONE: N_("halamannya tidak ada"),
    Trouble.UNKNOWN: N_("alamat situsnya tidak dikenal"),
    Trouble.SILENT: N_("situsnya tidak menjawab"),
}


@dataclass(frozen=True)
class Upkeep:
    """When somebody of the office last found a page right."""

    state: Freshness
    checked: date | None
    due: date
    unit: str

    @property
    def is_doubtful(self) -> bool:
        """Whether a reader had better ask before relying on it."""
        return self.state in (Freshness.NEVER, Freshness.OVERDUE)


def upkeep(page: ContentPage) -> Upkeep:
    """How ``page`` is kept, as of today."""
    checked = page.checked_at.astimezone(office_zone()).date() if page.checked_at else None
    state = freshness(checked, page.review_every_days, page.due_on, today())
    return Upkeep(state, checked, page.due_on, page.unit or office().full_name)


@dataclass(frozen=True)
class Shown:
    """The parts of a service as its page draws them."""

    section: Section | None
    parts: Mapping[str, Any]
    doubtful: frozenset[str]
    channels: tuple[tuple[str, str], ...]


def as_shown(page: ContentPage, details: Mapping[str, Any] | None = None) -> Shown:
    """``page`` part by part; ``details`` as typed where it is a preview."""
    held = read(page, locale()).details if details is None else details
    parts = {part.code: held.get(part.code) or "" for part in PARTS[page.kind]}
    return Shown(
        section=section_of(page.kind, page.section),
        parts=parts,
        doubtful=frozenset(page.check_with_office),
        channels=tuple((code, parts.get(code, "")) for code in CHANNELS),
    )


@dataclass(frozen=True)
class Line:
    """One page in the editor's list."""

    page: ContentPage
    kind: str
    state: str
    scheduled: bool
    upkeep: Upkeep
    remarks: tuple[Text, ...]


def line(page: ContentPage) -> Line:
    """``page`` as the editor's list shows it."""
    scheduled = page.state is State.PUBLISHED and page.publish_at is not None and page.publish_at > now()
    return Line(
        page=page,
        kind=KIND_NAMES[page.kind],
        state=N_("Terjadwal") if scheduled else STATE_NAMES[page.state],
        scheduled=scheduled,
        upkeep=upkeep(page),
        remarks=tuple(_remarks(page)),
    )


def _remarks(page: ContentPage) -> list[Text]:
    """What is wrong with ``page``, in words."""
    found = []
    if count := len(page.findings):
        found.append(Text(N_("%(count)s tautan putus"), {"count": count}))
    if count := sum(1 for one in page.attachments if one.expires_on and one.expires_on < today()):
        found.append(Text(N_("%(count)s berkas kedaluwarsa"), {"count": count}))
    if page.english_behind:
        found.append(Text(N_("bahasa Inggrisnya tertinggal")))
    return found


def owner_name(page: ContentPage) -> str:
    """Who keeps ``page``; empty when nobody does who still edits here."""
    owner = page.owner
    return owner.name if owner is not None and owner.is_active and owner.has_role("editor") else ""


def section_choices(kind: Kind) -> list[tuple[str, str]]:
    """The groups of ``kind`` to choose from."""
    return [(section.code, say(section.name)) for section in SECTIONS[kind]]
