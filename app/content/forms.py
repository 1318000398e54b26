"""What the editor's forms send, read into plain values. Nothing typed is dropped."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from app.content.models import ContentPage
from app.content.queries import SHOWN, Wanted
from app.content.rules import (
    CHECKABLE,
    LONGEST_SLUG,
    PARTS,
    PLAIN_SLUG,
    SECTIONS,
    Kind,
    Shape,
    is_address,
    read_lines,
    write_lines,
)
from app.core.database import office_zone
from app.core.errors import RuleBroken
from app.core.parsing import Unreadable, fold_lines, fold_space, parse_date
from app.core.text import N_, Text

LONGEST_TITLE = 150
LONGEST_SUMMARY = 400
LONGEST_PART = 6000
LONGEST_BODY = 40_000
LONGEST_UNIT = 120
Sent = ImmutableMultiDict[str, str] | MultiDict[str, str]
LANGUAGES = ("", "_en")


@dataclass(frozen=True)
class PageForm:
    """A page as it is being written: ``typed`` for the form, ``values`` for the service, ``problems`` by input."""

    kind: Kind
    typed: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Text] = field(default_factory=dict)
    version: int = 0

    @classmethod
    def empty(cls, kind: Kind, title: str = "") -> "PageForm":
        """Nothing written yet, but perhaps a title."""
        names = [f"{name}{suffix}" for name in ("title", "summary", "body") for suffix in LANGUAGES]
        names += [f"{part.code}{suffix}" for part in PARTS[kind] for suffix in LANGUAGES]
        section = SECTIONS[kind][0].code
        return cls(
            kind,
            dict.fromkeys(names, "")
            | {"title": title, "slug": "", "section": section, "position": "0", "check": []},
        )

    @classmethod
    def of(cls, page: ContentPage) -> "PageForm":
        """What the page says now."""
        typed: dict[str, Any] = {
            f"{name}{suffix}": getattr(page, f"{name}{suffix}")
            for name in ("title", "summary", "body")
            for suffix in LANGUAGES
        }
        for part in PARTS[page.kind]:
            for suffix in LANGUAGES:
                held = getattr(page, f"details{suffix}").get(part.code, "")
                typed[f"{part.code}{suffix}"] = held if isinstance(held, str) else write_lines(held)
        typed |= {"slug": page.slug, "section": page.section, "position": str(page.position)}
        return cls(page.kind, typed | {"check": page.check_with_office}, version=page.version)

    @classmethod
    def read(cls, sent: Sent, kind: Kind) -> "PageForm":
        """The form as sent."""
        typed = cls.empty(kind).typed
        for name in typed.keys() - {"check"}:
            single = name.startswith("title") or name in ("slug", "section", "position")
            typed[name] = (fold_space if single else fold_lines)(sent.get(name, ""))
        typed["check"] = [code for code in CHECKABLE if code in sent.getlist("check")]
        form = cls(kind, typed, version=read_number(sent.get("versi", "")))
        form._judge()
        return form

    def _judge(self) -> None:
        """Fill ``values`` and ``problems`` from what was typed."""
        typed, values = self.typed, self.values
        for name in ("title", "summary", "body"):
            longest = {"title": LONGEST_TITLE, "summary": LONGEST_SUMMARY, "body": LONGEST_BODY}[name]
            for suffix in LANGUAGES:
                values[f"{name}{suffix}"] = typed[f"{name}{suffix}"]
                self._bound(f"{name}{suffix}", longest)
        for suffix in LANGUAGES:
            values[f"details{suffix}"] = {
                part.code: value
                for part in PARTS[self.kind]
                if (value := self._part(part.code, part.shape, suffix))
            }
        values["section"], values["slug"] = typed["section"], typed["slug"].lower()
        values["position"] = min(read_number(typed["position"]), 9999)
        values["check_with_office"] = typed["check"]
        if not typed["title"]:
            self.problems["title"] = Text(N_("Tulis judul."))
        if values["slug"] and (
            not PLAIN_SLUG.fullmatch(values["slug"]) or len(values["slug"]) > LONGEST_SLUG
        ):
            self.problems["slug"] = Text(
                N_("Tulis alamat dengan huruf kecil, angka, dan tanda hubung, paling banyak %(most)s huruf."),
                {"most": LONGEST_SLUG},
            )
        if not self.values["slug"]:
            del values["slug"]  # made of the title

    def _part(self, code: str, shape: Shape, suffix: str) -> Any:
        name = f"{code}{suffix}"
        text: str = self.typed[name]
        self._bound(name, LONGEST_PART)
        if shape is Shape.TEXT:
            return text
        lines = read_lines(text)
        if shape is Shape.LINKS:
            wrong = next((line for line in lines if line["note"] and not is_address(line["note"])), None)
            if wrong:
                self.problems[name] = Text(
                    N_("Alamat “%(address)s” bukan tautan. Tulis mulai dengan https:// atau /."),
                    {"address": wrong["note"][:80]},
                )
        return lines

    def _bound(self, name: str, longest: int) -> None:
        if len(self.typed[name]) > longest:
            self.problems[name] = Text(
                N_("Terlalu panjang: %(now)s huruf, paling banyak %(most)s."),
                {"now": len(self.typed[name]), "most": longest},
            )


def read_number(raw: str) -> int:
    """A version or place; anything else is 0."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def read_kind(raw: str) -> Kind | None:
    """A kind by its code."""
    return Kind(raw) if raw in set(Kind) else None


def read_wanted(sent: Sent) -> Wanted:
    """The editor's list as an address asks for it; what makes no sense means the usual."""
    show = sent.get("tampil", "")
    return Wanted(
        show=show if show in SHOWN else SHOWN[0],
        kind=read_kind(sent.get("jenis", "")),
        q=fold_space(sent.get("q", ""))[:100],
    )


def read_moment(day: str, clock: str) -> datetime | None:
    """A day and a time of the office's clock; None where both are blank. Raises RuleBroken."""
    try:
        found = parse_date(day)
    except Unreadable as no:
        raise RuleBroken(no.text.template, field="tanggal", **no.text.params) from no
    if found is None:
        return None
    try:
        hour = time.fromisoformat(clock.strip().replace(".", ":")) if clock.strip() else time(8)
    except ValueError as no:
        raise RuleBroken(N_("Tulis jam seperti 08.00."), field="jam") from no
    if hour.tzinfo is not None:
        raise RuleBroken(N_("Tulis jam seperti 08.00."), field="jam")
    return datetime.combine(found, hour, office_zone()).astimezone(UTC)


def read_expiry(raw: str) -> date | None:
    """Until when a form may be used. Raises RuleBroken."""
    try:
        return parse_date(raw)
    except Unreadable as no:
        raise RuleBroken(no.text.template, field="sampai", **no.text.params) from no
