"""Markdown that staff write, as safe HTML. Written HTML is shown as text; only our own pictures are shown.

The same text gives the same HTML, so each is made once.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

OWN_PICTURE = re.compile(r"/gambar/[\w-]{22}(-kecil)?\.webp")
DEEPEST = 6
TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
LONGEST = 100_000  # characters; the rest is not shown

_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def render(text: str, *, below: int = 1) -> Markup:
    """``text`` as HTML whose headings stand below heading ``below`` without a gap, whatever levels the writer chose."""
    return _rendered(text[:LONGEST], below)


def plain(text: str) -> str:
    """The words of ``text`` in one line, without marks: for descriptions and for search."""
    words: list[str] = []
    for token in _reader.parse(text[:LONGEST]):
        words += [part.content for part in token.children or [] if part.content]
        if token.type in ("fence", "code_block"):
            words.append(token.content)
    return " ".join(" ".join(words).split())


@lru_cache(maxsize=256)
def _rendered(text: str, below: int) -> Markup:
    tokens = _reader.parse(text)
    _shift_headings(tokens, below)
    for token in tokens:
        token.children = [_own_or_words(child) for child in token.children] if token.children else None
    html = _reader.renderer.render(tokens, _reader.options, {})
    return Markup(  # noqa: S704 - cleaned in the same breath  # nosec B704
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer",
        )
    )


def _shift_headings(tokens: Sequence[Token], below: int) -> None:
    """The highest level that occurs becomes the one below ``below``; no heading is more than one deeper than the last."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    ranks = {level: rank for rank, level in enumerate(sorted({int(token.tag[1]) for token in headings}), 1)}
    last = below
    for opening, closing in zip(headings[::2], headings[1::2], strict=True):
        last = min(below + ranks[int(opening.tag[1])], last + 1, DEEPEST)
        opening.tag = closing.tag = f"h{last}"


def _own_or_words(token: Token) -> Token:
    """A picture from elsewhere becomes its words: it would tell a stranger who reads this page."""
    if token.type != "image" or OWN_PICTURE.fullmatch(str(token.attrs.get("src", ""))):
        return token
    return Token("text", "", 0, content=token.content)
