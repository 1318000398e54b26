"""The user guide: one Markdown file per role in ``docs/panduan/``, shown as a page whose headings can be linked to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import nh3
from flask import current_app
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.core.config import ROOT
from app.core.ranking import fold
from app.core.text import N_

FOLDER = ROOT / "docs" / "panduan"
PICTURE = re.compile(
    r"(?:\.\./)+app/static/(guide/[\w-]+\.webp)"
)  # as the file names it, so that it shows there too
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "h2": {"id"},
    "h3": {"id"},
}


@dataclass(frozen=True)
class Guide:
    """One guide: its address, for whom it is, and what it covers."""

    slug: str
    title: str
    summary: str


@dataclass(frozen=True)
class Section:
    """A part of a guide: its anchor, heading, and words."""

    anchor: str
    title: str
    text: str


GUIDES = (
    Guide(
        "pengelola",
        N_("Panduan pengelola koperasi"),
        N_("Mendaftar, mengisi laporan tahunan, mengunduh bukti."),
    ),
    Guide(
        "ukm", N_("Panduan pemilik UKM"), N_("Mendaftarkan usaha, memilih yang terlihat, menampilkan produk.")
    ),
    Guide(
        "operator",
        N_("Panduan operator"),
        N_("Memuat daftar koperasi, memeriksa laporan, mengekspor data setahun."),
    ),
    Guide(
        "konsultan",
        N_("Panduan konsultan"),
        N_("Sehari di klinik: memanggil, menulis saran, tindak lanjut, kalender, angka."),
    ),
    Guide(
        "editor",
        N_("Panduan administrator konten"),
        N_("Menulis, menerbitkan, dan menarik program; gambar dan berkas."),
    ),
    Guide("admin", N_("Panduan admin sistem"), N_("Akun petugas, setelan, kesehatan situs, serah terima.")),
)
PHONE = 360  # CSS pixels
_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def _tokens(path: Path) -> list[Token]:
    """The file as Markdown; headings carry an anchor made of their words."""
    tokens = _reader.parse(path.read_text(encoding="utf-8"))
    for opening, words in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag in ("h2", "h3"):
            opening.attrs["id"] = anchor_of(words.content)
    return tokens


def anchor_of(heading: str) -> str:
    """``1. Mendaftar`` is ``mendaftar``."""
    return re.sub(r"^[\d-]+", "", fold(heading).replace(" ", "-"))


@lru_cache(maxsize=16)
def _sections(path: Path, _changed_at: float) -> tuple[Section, ...]:
    return tuple(_parts(_tokens(path)))


def _parts(tokens: list[Token]) -> Iterator[Section]:
    anchor = title = ""
    words: list[str] = []
    heading = False
    for token in tokens:
        if token.type == "heading_open":
            if anchor:
                yield Section(anchor, title, " ".join(words))
            anchor, words, heading = str(token.attrs.get("id", "")), [], True
        elif token.type == "inline":
            said = "".join(" " if part.type == "softbreak" else part.content for part in token.children or [])
            if heading:
                title, heading = re.sub(r"^[\d.]+\s+", "", token.content), False
            else:
                words.append(said)
    if anchor:
        yield Section(anchor, title, " ".join(words))


@lru_cache(maxsize=16)
def _rendered(path: Path, _changed_at: float) -> Markup:
    """``path`` as safe HTML; ``_changed_at`` renews the cache when the file changes."""
    tokens = _tokens(path)
    for token in tokens:
        for child in token.children or []:
            if child.type == "image" and (own := PICTURE.fullmatch(str(child.attrs["src"]))):
                child.attrs.update(_shown(own[1]))
    html = _reader.renderer.render(tokens, _reader.options, {})
    return Markup(nh3.clean(html, attributes=ATTRIBUTES))  # noqa: S704 - cleaned in the same breath  # nosec B704


def _shown(picture: str) -> dict[str, str | int]:
    """The attributes of one of the guide's own pictures: its lasting address, and its size before it is there."""
    from PIL import Image

    with Image.open(ROOT / "app/static" / picture) as opened:
        width, height = opened.size
    if picture.endswith("-ponsel.webp"):  # sharper than a screen shows it
        width, height = PHONE, round(height * PHONE / width)
    address = current_app.jinja_env.globals["asset"](picture)  # type: ignore[operator]
    return {"src": address, "width": width, "height": height, "loading": "lazy"}


def path_of(guide: Guide, language: str) -> tuple[Path, bool]:
    """The guide's file, and whether it is in ``language`` (else it is the Indonesian original)."""
    translated = FOLDER / language / f"{guide.slug}.md"
    if translated.is_file():
        return translated, True
    return FOLDER / f"{guide.slug}.md", language == "id"


def text_of(guide: Guide, language: str) -> tuple[Markup, bool]:
    """The guide as HTML, and whether it is in ``language`` (else it is the Indonesian original)."""
    path, translated = path_of(guide, language)
    return _rendered(path, path.stat().st_mtime), translated


def sections_of(guide: Guide, language: str) -> tuple[Section, ...]:
    """The parts of a guide, as a search finds them."""
    path, _translated = path_of(guide, language)
    return _sections(path, path.stat().st_mtime)


def by_slug(slug: str) -> Guide | None:
    """The guide with this address, if there is one."""
    return next((guide for guide in GUIDES if guide.slug == slug), None)
