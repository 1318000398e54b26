"""A page in the reader's language: English where it stands whole, else the Indonesian original, which says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.content.models import ContentPage
from app.content.rules import english_is_whole
from app.core.markdown import render


@dataclass(frozen=True)
class PageText:
    """What a page says. ``language`` is that of the text, which may differ from the reader's."""

    title: str
    summary: str
    source: str
    details: Mapping[str, Any]
    language: str
    asked: str

    @property
    def body(self) -> Markup:
        """The text as HTML; its headings stand below the page's own."""
        return render(self.source)

    def body_below(self, heading: int) -> Markup:
        """The same, its headings below ``heading``."""
        return render(self.source, below=heading)

    @property
    def is_other(self) -> bool:
        """Whether the reader gets another language than theirs."""
        return self.language != self.asked

    @property
    def lang(self) -> dict[str, str]:
        """The attribute that says so to whoever reads aloud."""
        return {"lang": self.language} if self.is_other else {}


def read(page: ContentPage, language: str) -> PageText:
    """``page`` in ``language``, or in Indonesian."""
    english = language == "en" and english_is_whole(
        page.title_en, page.body_en, page.details_en, page.body, page.details
    )
    if not english:
        return PageText(page.title, page.summary, page.body, page.details, "id", language)
    details = {
        code: page.details_en.get(code) or value for code, value in (page.details | page.details_en).items()
    }
    return PageText(page.title_en, page.summary_en or page.summary, page.body_en, details, "en", language)
