"""What the import's screens send, read into plain values."""

from werkzeug.datastructures import ImmutableMultiDict

from app.intake.columns import ColumnMapping
from app.intake.rules import YearIs

Sent = ImmutableMultiDict[str, str]
MOST_DECISIONS = 1_000


def read_columns(sent: Sent, mapping: ColumnMapping) -> list[str | None]:
    """The field chosen for each column, None for one that is not read."""
    return [sent.get(f"kolom_{column.index}", "")[:60] or None for column in mapping.columns]


def read_year_is(sent: Sent) -> str:
    """What a year column means; the book year itself unless told otherwise."""
    return YearIs.RAT.value if sent.get("tahun_adalah") == YearIs.RAT else YearIs.BOOK.value


def read_decisions(sent: Sent) -> dict[int, str]:
    """The words on doubtful rows, by the row's id."""
    decisions = {}
    for name, word in sent.items():
        number = name.removeprefix("putusan_")
        if number != name and number.isascii() and number.isdigit() and len(number) < 10:
            decisions[int(number)] = word[:24]
        if len(decisions) >= MOST_DECISIONS:
            break
    return decisions
