"""One search over everything that the public may read, joined from the search of each feature."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from rapidfuzz import fuzz, process

from app.content import queries as content
from app.cooperatives import hits as cooperatives
from app.core.hits import Hit
from app.core.ranking import EXACT, NOTHING
from app.core.text import N_
from app.core.vocabulary import vocabulary
from app.enterprises import queries as enterprises
from app.pages import own_pages
from app.pages.own_pages import is_here
from app.pages.rules import Asked, named, score
from app.programs import queries as programs

EACH = 5  # hits of a group when all are shown
MOST = 50  # hits of one group when it is shown alone
NEAR = 62.0  # of 100: as far from what was typed may a word be that is offered instead

Ranked = tuple[float, Hit]
SOURCES: tuple[Callable[[str, int], list[Hit]], ...] = (
    programs.hits,
    content.hits,
    cooperatives.hits,
    enterprises.hits,
)
TABLES = ("program", "content_page", "cooperative", "enterprise")


@dataclass(frozen=True)
class Kind:
    """A group of hits: its code in the address, its heading, and the list that shows all of them, where there is one."""

    code: str
    name: str
    listing: str = ""


KINDS = (
    Kind("service", N_("Layanan")),
    Kind("program", N_("Program"), "programs.index"),
    Kind("page", N_("Halaman")),
    Kind("guide", N_("Panduan")),
    Kind("information", N_("Informasi publik")),
    Kind("news", N_("Kabar")),
    Kind("about", N_("Tentang kantor")),
    Kind("cooperative", N_("Koperasi"), "cooperatives.directory"),
    Kind("enterprise", N_("UKM"), "enterprises.directory"),
)
"""In the order in which groups stand that answer equally well."""
ORDER = {kind.code: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Group:
    """The hits of one kind, best first, and where all of them stand; empty when no more are left."""

    kind: Kind
    hits: list[Hit]
    more_url: str


@dataclass(frozen=True)
class Findings:
    """What was found. ``partly``: nothing answers every word, these answer some."""

    asked: Asked
    groups: list[Group]
    partly: bool = False

    @property
    def count(self) -> int:
        """How many hits are shown."""
        return sum(len(group.hits) for group in self.groups)


def find_everywhere(asked: Asked, kind: str = "") -> Findings:
    """What answers ``asked``, in groups, the one with the best hit first. ``kind``: only that group, at greater length."""
    limit = MOST if kind else EACH + 1
    for question in asked.questions:
        if ranked := _ranked(question, limit):
            return Findings(asked, _grouped(asked, ranked, kind))
    parts = [word for question in asked.questions for word in question.split() if len(word) > 2]
    if len(set(parts)) < 2:
        return Findings(asked, [])
    found: dict[str, Ranked] = {}
    for word in dict.fromkeys(parts):
        for points, hit in _ranked(word, limit):
            before = found[hit.url][0] if hit.url in found else NOTHING
            found[hit.url] = before + points, hit
    return Findings(asked, _grouped(asked, list(found.values()), kind), partly=True)


def _ranked(question: str, limit: int) -> list[Ranked]:
    words = question.split()
    found = [hit for source in SOURCES for hit in source(question, limit)]
    scored = [(max(score(words, hit), 1.0), hit) for hit in found]  # the feature's own index found them
    own = ((score(words, hit), hit) for hit in own_pages.hits())
    return scored + [(points, hit) for points, hit in own if points >= EXACT or named(words, hit)]


def _grouped(asked: Asked, ranked: Iterable[Ranked], kind: str) -> list[Group]:
    by_kind: dict[str, list[Ranked]] = {}
    for points, hit in sorted(ranked, key=lambda pair: -pair[0]):
        by_kind.setdefault(hit.kind, []).append((points, hit))
    ordered = sorted(
        (known for known in KINDS if known.code in by_kind and kind in ("", known.code)),
        key=lambda known: (-by_kind[known.code][0][0], ORDER[known.code]),
    )
    return [
        _group(asked, known, [hit for _points, hit in by_kind[known.code]], bool(kind)) for known in ordered
    ]


def _group(asked: Asked, kind: Kind, hits: list[Hit], alone: bool) -> Group:
    if alone or len(hits) <= EACH:
        return Group(kind, hits[:MOST], "")
    if kind.listing and is_here(kind.listing):
        return Group(kind, hits[:EACH], url_for(kind.listing, q=asked.questions[0]))
    return Group(kind, hits[:EACH], url_for("pages.search", q=asked.typed, jenis=kind.code))


def nearest_words(words: Sequence[str], most: int = 4) -> list[str]:
    """Words that stand in something public and are written much like one of ``words``: what may have been meant."""
    known = {word for name in TABLES for word in vocabulary(name).words() if len(word) > 3}
    found: dict[str, float] = {}
    for word in words:
        near = (
            process.extract(word, known, scorer=fuzz.ratio, score_cutoff=NEAR, limit=most)
            if len(word) > 3
            else []
        )
        found |= {other: points for other, points, _place in near if other not in words}
    return sorted(found, key=lambda word: -found[word])[:most]
