"""What the columns of one register's files can mean, and by which headings they are known."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from app.core.text import Text

SHORTEST_MISSPELT = 5  # letters; shorter headings are near to too many others


class Kind(StrEnum):
    """How a cell of the column is read, see ``cells``."""

    NAME = "name"
    TEXT = "text"
    PERSON = "person"
    LEGAL_NUMBER = "legal_number"
    NIK = "nik"
    DATE = "date"
    PLACE = "place"
    PHONE = "phone"
    EMAIL = "email"
    POSTAL_CODE = "postal_code"
    CHOICE = "choice"
    COUNT = "count"
    RUPIAH = "rupiah"
    YEAR = "year"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    POINT = "point"  # both in one cell
    NIB = "nib"
    AMOUNT = "amount"  # money as people say it: "50 juta", "50–300 juta"; kept as a band
    SECTOR = "sector"
    CHOICES = "choices"  # several words of a list in one cell
    LINK = "link"
    AGE = "age"
    LABEL = "label"  # read as text, for showing or finding; stored nowhere of its own


@dataclass(frozen=True)
class Field:
    """A meaning that a column may have: its code, its word on the screen (a message id), how its cells are read."""

    code: str
    label: str
    kind: Kind
    longest: int = 0  # characters of a text; 0 where the kind bounds it


@dataclass(frozen=True)
class Vocabulary:
    """A ``columns.toml``: the headings of each field, of what is known and ignored, short words, and spellings of choices."""

    fields: Mapping[str, tuple[str, ...]]
    ignored: Mapping[str, str]
    words: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    why: Mapping[str, str]

    def why_ignored(self, heading: str) -> Text | None:
        """Why a folded heading is known and yet not taken; None when it is not such a one."""
        return Text(self.why[self.ignored[heading]]) if heading in self.ignored else None


def load(path: Path, why: Mapping[str, str]) -> Vocabulary:
    """The vocabulary in ``path``; ``why`` says for each group of ignored headings why they are not taken."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Vocabulary(
        fields={code: tuple(headings) for code, headings in data["fields"].items()},
        ignored={heading: reason for reason, headings in data["ignored"].items() for heading in headings},
        words={short: word for word, shorts in data["words"].items() for short in shorts},
        choices={
            name: {spelling: choice for choice, spellings in choices.items() for spelling in spellings}
            for name, choices in data["choices"].items()
        },
        why=why,
    )


def sorted_words(heading: str) -> str:
    """A folded heading, its words in the order of the alphabet."""
    return " ".join(sorted(heading.split()))


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The fields of one register and their vocabulary.

    ``needed`` are sets of fields of which a table must have one whole, or its rows cannot be told apart; ``no_table`` and
    ``no_column`` (message ids) are said when it has none. ``secret`` are groups of ignored headings whose cells are not even
    kept. ``once`` are fields that hold something else when every row says the same.
    """

    fields: Mapping[str, Field]
    vocabulary: Vocabulary
    needed: tuple[frozenset[str], ...]
    no_table: str
    no_column: str
    secret: frozenset[str] = frozenset()
    once: Mapping[str, str] = field(default_factory=dict)

    def suffices(self, fields: frozenset[str]) -> bool:
        """Whether columns with these fields tell rows apart."""
        return any(needed <= fields for needed in self.needed)

    @cached_property
    def known(self) -> Mapping[str, str]:
        """Heading, its words sorted → field."""
        return {
            sorted_words(one): code for code, headings in self.vocabulary.fields.items() for one in headings
        }

    @cached_property
    def ignored(self) -> Mapping[str, str]:
        """Heading that is known and not taken, its words sorted → the same as it stands in the vocabulary."""
        return {sorted_words(heading): heading for heading in self.vocabulary.ignored}

    @cached_property
    def misspellable(self) -> list[str]:
        """The headings that are long enough to be recognised with a typo."""
        return [heading for heading in (*self.known, *self.ignored) if len(heading) >= SHORTEST_MISSPELT]
