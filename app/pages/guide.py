"""The user guide: one Markdown file per role in ``docs/panduan/``, shown as a page."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.core.config import ROOT
from app.core.text import N_

FOLDER = ROOT / "docs" / "panduan"


@dataclass(frozen=True)
class Guide:
    """One guide: its address, for whom it is, and what it covers."""

    slug: str
    title: str
    summary: str


GUIDES = (
    Guide(
        "pengelola",
        N_("Panduan pengelola koperasi"),
        N_("Mendaftar, mengisi laporan tahunan, mengunduh bukti."),
    ),
    Guide(
        "operator",
        N_("Panduan operator"),
        N_("Memuat daftar koperasi, memeriksa laporan, mengekspor data setahun."),
    ),
    Guide("admin", N_("Panduan admin sistem"), N_("Akun petugas, setelan, kesehatan situs, serah terima.")),
)


@lru_cache(maxsize=16)
def _rendered(path: Path, _changed_at: float) -> Markup:
    """``path`` as safe HTML; ``_changed_at`` renews the cache when the file changes."""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(path.read_text(encoding="utf-8"))
    return Markup(nh3.clean(html))  # noqa: S704 - cleaned in the same breath


def text_of(guide: Guide, language: str) -> tuple[Markup, bool]:
    """The guide as HTML, and whether it is in ``language`` (else it is the Indonesian original)."""
    translated = FOLDER / language / f"{guide.slug}.md"
    found = translated.is_file()
    path = translated if found else FOLDER / f"{guide.slug}.md"
    return _rendered(path, path.stat().st_mtime), found or language == "id"


def by_slug(slug: str) -> Guide | None:
    """The guide with this address, if there is one."""
    return next((guide for guide in GUIDES if guide.slug == slug), None)
