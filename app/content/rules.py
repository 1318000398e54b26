"""What kinds of pages there are, what each says, and when it must be looked at again. Plain Python."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.core.ranking import fold
from app.core.text import N_


class Kind(StrEnum):
    """What a page is for, which is also where it stands."""

    SERVICE = "service"
    NEWS = "news"
    ABOUT = "about"
    INFORMATION = "information"


class State(StrEnum):
    """Who sees a page: a published one is seen from its ``publish_at`` on."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


KIND_NAMES = {
    Kind.SERVICE: N_("Layanan"),
    Kind.NEWS: N_("Kabar"),
    Kind.ABOUT: N_("Tentang kantor"),
    Kind.INFORMATION: N_("Informasi publik"),
}
STATE_NAMES = {
    State.DRAFT: N_("Draf"),
    State.PUBLISHED: N_("Terbit"),
    State.WITHDRAWN: N_("Ditarik"),
}


@dataclass(frozen=True)
class Section:
    """A group of pages of one kind: its code (also the anchor), name, and what it is about."""

    code: str
    name: str
    summary: str = ""


SECTIONS: Mapping[Kind, tuple[Section, ...]] = {
    Kind.SERVICE: (
        Section(
            "legal",
            N_("Badan hukum koperasi"),
            N_("Mendirikan, mengubah, membubarkan, dan mendapat nomor induk."),
        ),
        Section(
            "business",
            N_("Informasi dan izin usaha"),
            N_("NIB, izin pangan rumahan, halal, dan mengembangkan usaha."),
        ),
        Section("capital", N_("Modal"), N_("Kredit usaha dan cara menyiapkannya.")),
        Section(
            "information", N_("Informasi koperasi dan UKM"), N_("Data, keterangan, dan konsultasi singkat.")
        ),
        Section("programs", N_("Program"), N_("Pelatihan, pameran, dan bantuan yang sedang dibuka.")),
        Section("clinic", N_("Klinik usaha"), N_("Bicara langsung dengan konsultan.")),
    ),
    Kind.ABOUT: (
        Section("profile", N_("Profil")),
        Section("vision", N_("Visi dan misi")),
        Section("structure", N_("Struktur")),
        Section("people", N_("Pejabat")),
        Section("hours", N_("Alamat dan jam layanan")),
        Section("accessibility", N_("Aksesibilitas")),
    ),
    Kind.INFORMATION: (
        Section(
            "berkala",
            N_("Berkala"),
            N_("Wajib diumumkan secara teratur: profil, kegiatan dan kinerja, laporan keuangan (pasal 9)."),
        ),
        Section(
            "serta_merta",
            N_("Serta-merta"),
            N_(
                "Diumumkan saat itu juga karena menyangkut hajat hidup orang banyak dan ketertiban umum (pasal 10)."
            ),
        ),
        Section(
            "setiap_saat",
            N_("Setiap saat"),
            N_(
                "Selalu tersedia bila diminta: daftar informasi, keputusan, kebijakan, perjanjian (pasal 11)."
            ),
        ),
        Section(
            "dikecualikan",
            N_("Dikecualikan"),
            N_("Tidak dibuka, misalnya karena menyangkut rahasia pribadi (pasal 17)."),
        ),
    ),
    Kind.NEWS: (Section("", N_("Kabar")),),
}
ACCESSIBILITY = "accessibility"
ALWAYS_THERE = frozenset({(Kind.ABOUT, "aksesibilitas")})
"""Pages to which every page links: they can be changed, never withdrawn."""


class Shape(StrEnum):
    """How a part is written: a short text, one thing a line, or one link a line (name | address)."""

    TEXT = "text"
    LINES = "lines"
    LINKS = "links"


@dataclass(frozen=True)
class Part:
    """One part of a page beside its text: code (in ``details`` and in forms), label, how to write it, and a hint."""

    code: str
    label: str
    shape: Shape
    hint: str = ""


PARTS: Mapping[Kind, tuple[Part, ...]] = {
    Kind.SERVICE: (
        Part("who", N_("Untuk siapa"), Shape.TEXT),
        Part(
            "requirements",
            N_("Yang disiapkan"),
            Shape.LINES,
            N_("Satu syarat satu baris. Keterangan ditulis sesudah tanda | di baris yang sama."),
        ),
        Part(
            "steps",
            N_("Langkah"),
            Shape.LINES,
            N_("Satu langkah satu baris, berurutan. Keterangan sesudah tanda |."),
        ),
        Part("time", N_("Lama"), Shape.TEXT),
        Part("cost", N_("Biaya"), Shape.TEXT),
        Part("legal", N_("Dasar hukum"), Shape.LINKS, N_("Satu aturan satu baris: nama | alamat sumbernya.")),
        Part("hours", N_("Jam layanan"), Shape.TEXT, N_("Kosongkan bila sama dengan jam kantor.")),
        Part("website", N_("Lewat situs"), Shape.TEXT),
        Part("phone", N_("Lewat telepon"), Shape.TEXT),
        Part("counter", N_("Datang langsung"), Shape.TEXT),
        Part("document", N_("Lewat surat"), Shape.TEXT),
    ),
    Kind.INFORMATION: (
        Part("period", N_("Masa"), Shape.TEXT, N_("Misalnya: tahun 2026.")),
        Part("documents", N_("Dokumen"), Shape.LINKS, N_("Satu dokumen satu baris: nama | alamat.")),
    ),
    Kind.NEWS: (),
    Kind.ABOUT: (),
}
LINKED = frozenset(part.code for parts in PARTS.values() for part in parts if part.shape is Shape.LINKS)
"""Parts that name laws and documents: where they are not translated, the Indonesian ones stand."""
CHANNELS = ("website", "phone", "counter", "document")
CHECKABLE = ("body", "requirements", "steps", "time", "cost", "hours")
"""Parts that can be marked "periksa dengan petugas", because offices differ in them."""

REVIEW_DAYS = {Kind.SERVICE: 180, Kind.ABOUT: 365, Kind.INFORMATION: 180, Kind.NEWS: None}
"""How often a new page of a kind is to be looked at; news are dated and do not go stale."""
INTERVALS = (30, 90, 180, 365, 730)  # days to choose from
NEVER_DUE = date(9999, 12, 31)
SOON = timedelta(days=30)
LONGEST_SLUG = 80
PLAIN_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


RESERVED: Mapping[Kind, frozenset[str]] = {
    Kind.SERVICE: frozenset({"minta", "permintaan"}),
    Kind.INFORMATION: frozenset({"minta", "register"}),
    Kind.NEWS: frozenset(),
    Kind.ABOUT: frozenset(),
}
"""Addresses at which the site itself has a page beside those of a kind: a page that was called so could never be opened. A
test holds them equal to the map of addresses."""


class Freshness(StrEnum):
    """How a page stands with its review."""

    NEVER = "never"
    OVERDUE = "overdue"
    SOON = "soon"
    FRESH = "fresh"
    UNTIMED = "untimed"  # news: its date says how old it is


def due_on(checked: date | None, every: int | None, made: date) -> date:
    """The day on which a page is to be looked at again. One that was never checked has been due since it was ``made``."""
    if every is None:
        return NEVER_DUE
    return checked + timedelta(days=every) if checked else made


def freshness(checked: date | None, every: int | None, due: date, today: date) -> Freshness:
    """How a page stands on ``today``."""
    if every is None:
        return Freshness.UNTIMED
    if checked is None:
        return Freshness.NEVER
    if due < today:
        return Freshness.OVERDUE
    return Freshness.SOON if due - today <= SOON else Freshness.FRESH


def section_of(kind: Kind, code: str) -> Section | None:
    """The section of ``kind`` with this code."""
    return next((section for section in SECTIONS[kind] if section.code == code), None)


def slug_of(title: str) -> str:
    """``mendirikan-koperasi``: the part of an address made of a title; cut between words; empty when nothing is left."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")
    if len(slug) > LONGEST_SLUG:
        slug = slug[: LONGEST_SLUG + 1].rpartition("-")[0] or slug[:LONGEST_SLUG]
    return slug


def read_lines(raw: str) -> list[dict[str, str]]:
    """What stands one a line, with what stands after its first ``|``: ``[{"text": …, "note": …}]``; empty lines count not."""
    found = []
    for line in raw.splitlines():
        text, _bar, note = line.partition("|")
        if text.strip():
            found.append({"text": text.strip(), "note": note.strip()})
    return found


def write_lines(lines: Iterable[Mapping[str, str]]) -> str:
    """The reverse of :func:`read_lines`, for the form."""
    return "\n".join(
        f"{line['text']} | {line['note']}" if line.get("note") else line["text"] for line in lines
    )


def is_address(text: str) -> bool:
    """Whether a link may lead there: a page of this site, or http(s) elsewhere."""
    inside = text.startswith("/") and not text.startswith(("//", "/\\"))
    return inside or bool(re.fullmatch(r"https?://[^\s<>\"']+", text))


def english_is_whole(
    title: str, body: str, details: Mapping[str, Any], body_of_original: str, original: Mapping[str, Any]
) -> bool:
    """Whether an English version says all that the Indonesian one does: a title, the text, and the parts but links."""
    wanted = {code for code, value in original.items() if value} - LINKED
    return (
        bool(title)
        and bool(body or not body_of_original)
        and wanted <= {code for code in details if details[code]}
    )
