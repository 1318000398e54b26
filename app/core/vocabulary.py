"""The words that occur in a searched table, kept in memory, and those that a mistyped one may mean."""

import threading
from collections.abc import Sequence

from flask import current_app
from rapidfuzz import fuzz, process
from sqlalchemy import column, select, table

from app.core.extensions import db
from app.core.ranking import LEAST_LIKE, is_number
from app.core.search_index import word_table

MOST_MEANT = 24  # words that one mistyped word may mean
OVERLAP = 1000  # ids read again: a word that was numbered early may be committed late
SHORTEST_HALF = 3


class Vocabulary:
    """The words of one table, read on as they come; a word that no row holds any more does no harm."""

    def __init__(self, name: str) -> None:
        self._source = table(word_table(name), column("id"), column("word"))
        self._words: dict[str, int] = {}
        self._list: list[str] = []
        self._text = ""
        self._lock = threading.Lock()

    def words(self) -> Sequence[str]:
        """Every word, those that were added since included."""
        with self._lock:
            known = max(self._words.values(), default=0)
            fresh = select(self._source.c.word, self._source.c.id).where(self._source.c.id > known - OVERLAP)
            found = {word: id_ for word, id_ in db.session.execute(fresh) if word not in self._words}
            if found:
                self._words |= found
                self._list = [*self._list, *found]
                self._text = " ".join(self._list)
            return self._list

    def meant_by(self, word: str) -> list[tuple[str, ...]]:
        """What ``word`` may mean, itself first: each a word, or two that were written as one. Numbers mean themselves."""
        meant: list[tuple[str, ...]] = [(word,)]
        if is_number(word) or len(word) < SHORTEST_HALF:
            return meant
        near = process.extract(
            word, self.words(), scorer=fuzz.ratio, score_cutoff=100 * LEAST_LIKE, limit=MOST_MEANT
        )
        meant += [(other,) for other, _score, _place in near if other != word]
        halves = ((word[:cut], word[cut:]) for cut in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1))
        return meant + [pair for pair in halves if self._words.keys() >= set(pair)]

    def meant_in_rows(self, word: str) -> list[tuple[str, ...]]:
        """The same, without itself where no word of the table holds it: the index would look for it long and in vain."""
        meant = self.meant_by(word)
        return meant[1:] if len(meant) > 1 and word not in self._text else meant


def vocabulary(name: str) -> Vocabulary:
    """The words of table ``name`` in this application's database."""
    known: dict[str, Vocabulary] = current_app.extensions.setdefault("vocabularies", {})
    return known.setdefault(name, Vocabulary(name))
