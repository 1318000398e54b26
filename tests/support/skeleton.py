"""What a page is made of, beside its words: tells whether a page holds anything that was not looked at on another one."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
TOKEN = re.compile(r'name="csrf_token"[^>]*')
SAID = frozenset({"type", "role", "class", "scope", "lang", "inputmode", "autocomplete", "open", "hidden"})
NAMED = frozenset(
    "a button caption figcaption h1 h2 h3 h4 label legend li option summary td th title".split()
)
HEADING = re.compile(r"h[1-6]$")
LANDMARKS = frozenset("header nav main aside footer section form search".split())
ABOVE = 2  # elements around one that belong to its kind
Part = tuple[str, ...]


def parts(page: str) -> frozenset[Part]:
    """The kinds of elements of ``page``, each with what it stands in; those without words where words belong; which heading
    follows which, and which landmark."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return frozenset(reader.found)


def main_part(page: str) -> str:
    """Without the frame that all pages share, and without what differs at each visit."""
    found = MAIN.search(page)
    return TOKEN.sub("", found[0] if found else page)


class _Reader(HTMLParser):
    """Goes through the page once."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[Part] = set()
        self.open: list[tuple[str, str]] = []  # tag and kind
        self.words = 0  # seen so far, as letters
        self.words_before: list[int] = []
        self.heading = self.landmark = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        kind = f"{tag} {' '.join(sorted(_said(attributes)))}"
        above = [one for _, one in self.open[-ABOVE:]]
        self.found.add((*above, kind))
        if HEADING.match(tag):
            self.found.add(("heading", self.heading, tag))
            self.heading = tag
        if tag in LANDMARKS:
            self.found.add(("landmark", self.landmark, kind))
            self.landmark = kind
        self.words += sum(len(value or "") for name, value in attributes if name in ("aria-label", "alt"))
        if tag not in VOID:
            self.open.append((tag, kind))
            self.words_before.append(self.words)

    def handle_endtag(self, tag: str) -> None:
        while any(one == tag for one, _ in self.open):
            closed, kind = self.open.pop()
            before = self.words_before.pop()
            if closed in NAMED and self.words == before:
                self.found.add(("empty", *(one for _, one in self.open[-1:]), kind))
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        self.words += len(data.strip())


def _said(attributes: list[tuple[str, str | None]]) -> Iterator[str]:
    """What of the attributes makes a kind: all their names, and the values that do not tell one thing from another."""
    for name, value in attributes:
        if name in SAID or (name.startswith("aria-") and value in ("true", "false", "page", "step")):
            yield f"{name}={' '.join(sorted((value or '').split()))}"
        else:
            yield name if value else f"{name}="
