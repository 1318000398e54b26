"""The links that stand in a page: in its texts, and in its lists of laws and documents."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from app.content.models import ContentPage
from app.content.rules import PARTS, Shape

LONGEST = 500  # characters
_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def links_of(page: ContentPage) -> set[str]:
    """Every address that ``page`` leads to, without what stands after ``#``; mail and telephone links are none."""
    found = set(links_in(page.body)) | set(links_in(page.body_en))
    for part in PARTS[page.kind]:
        for details in (page.details, page.details_en):
            if part.shape is Shape.LINKS:
                found |= {line["note"] for line in details.get(part.code, [])}
            elif part.shape is Shape.TEXT:
                found |= set(links_in(details.get(part.code, "")))
    plain = {link.partition("#")[0] for link in found}
    return {link for link in plain if len(link) <= LONGEST and re.match(r"/|https?://", link)}


def links_in(text: str) -> Iterator[str]:
    """The addresses of the links of a Markdown text."""
    for token in _reader.parse(text):
        for part in token.children or []:
            if part.type == "link_open":
                yield str(part.attrs.get("href", ""))
