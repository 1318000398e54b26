"""What must not come in with a list of people: identity numbers (NIK), and columns that the register refuses to know."""

import re
from collections.abc import Collection, Sequence

from app.core.spreadsheets import Cell
from app.intake.cells import text_of

# 16 digits, also in the groups in which people write them; not those of a coordinate, which stand behind a decimal point.
IDENTITY = re.compile(
    r"(?<![\d.,])(?:[1-9]\d{15}|[1-9]\d{3}(?:[ -]\d{4}){3}|[1-9]\d{5}([ .-])\d{6}\1\d{4}|[1-9]\d\.\d\d\.\d\d\.\d{6}\.\d{4})(?!\d)"
)
REMOVED = "[dihapus]"
MOSTLY = 0.5  # of a column's cells, so that the column is one of identity numbers


def is_identity_column(cells: Sequence[Cell]) -> bool:
    """Whether most of ``cells`` (all filled) hold nothing but an identity number, whatever the heading says."""
    texts = [text_of(cell) for cell in cells]
    found = sum(text == REMOVED or bool(IDENTITY.fullmatch(text)) for text in texts)
    return bool(cells) and found >= MOSTLY * len(cells)


def masked(cell: Cell) -> Cell:
    """The cell without the identity numbers in it."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return cell
    text = text_of(cell)
    if len(text) < 16 or not IDENTITY.search(text):
        return cell
    return IDENTITY.sub(REMOVED, text)


def _emptied(cell: Cell) -> Cell:
    """That something stood here is all that is left."""
    return REMOVED if text_of(cell) else None


def without_identities(
    rows: Sequence[Sequence[Cell]], secret: Collection[int], begin: int
) -> tuple[list[list[Cell]], bool]:
    """``rows`` with the columns ``secret`` emptied from row ``begin`` on and no identity number left; whether any went."""
    cleaned = [
        [_emptied(cell) if y >= begin and x in secret else masked(cell) for x, cell in enumerate(row)]
        for y, row in enumerate(rows)
    ]
    return cleaned, any(new != list(old) for new, old in zip(cleaned, rows, strict=True))
