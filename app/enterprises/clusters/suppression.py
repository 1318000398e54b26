"""Tables for the public in which nobody can be singled out: small cells are hidden, and with them what would give them away.

DOMAIN.md: cells of public aggregates with fewer than five units are not shown. Plain Python.

Where totals stand beside the cells, a hidden cell could be worked out again if it were the only unknown of its row or column,
or, less plainly, if it were the one link between two parts of the table: an unknown of a table with totals is determined
exactly when it is a bridge in the graph of rows and columns whose lines are the unknown cells (Gusfield 1988). So cells are
added until no line is a bridge. What is 0 may be shown: it tells nothing about anybody.
"""

from collections.abc import Mapping, Sequence

LEAST = 5
Cell = tuple[str, str]


def is_small(count: int) -> bool:
    """Whether so few must not be told."""
    return 0 < count < LEAST


def hidden_in_list(counts: Mapping[str, int]) -> set[str]:
    """Of a list whose total is told: what to hide. At least two, of together at least twice the least, unless there is nothing.

    Where even all that is not 0 would be too little, everything is hidden that is not 0, and the total must be hidden too
    (see :func:`total_is_small`).
    """
    hidden = {name for name, count in counts.items() if is_small(count)}
    shown = sorted((name for name, count in counts.items() if count >= LEAST), key=lambda name: (counts[name], name))  # fmt: skip
    while hidden and shown and (len(hidden) < 2 or sum(counts[name] for name in hidden) < 2 * LEAST):
        hidden.add(shown.pop(0))
    return hidden


def total_is_small(counts: Mapping[str, int], hidden: set[str]) -> bool:
    """Whether the total would give a hidden cell away: too few altogether, or only one cell is hidden."""
    among = sum(counts[name] for name in hidden)
    return bool(hidden) and (len(hidden) < 2 or among < 2 * LEAST)


def hidden_in_table(table: Mapping[str, Mapping[str, int]]) -> set[Cell]:
    """Of a table (row → column → count) whose row and column totals are told: the cells to hide."""
    columns = sorted({column for row in table.values() for column in row})
    rows = list(table)
    count = {(row, column): table[row].get(column, 0) for row in rows for column in columns}
    hidden = {cell for cell, many in count.items() if is_small(many)}
    while bridge := next((cell for cell in sorted(hidden) if _is_bridge(cell, hidden)), None):
        added = _cheapest(bridge, count, rows, columns, hidden)
        if added is None:  # one row or one column: no rectangle can be made
            return {cell for cell, many in count.items() if many}
        hidden |= added
    return hidden


def _is_bridge(cell: Cell, hidden: set[Cell]) -> bool:
    """Whether the other hidden cells do not lead from the cell's row to its column."""
    beside: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row, column in hidden - {cell}:
        beside.setdefault(("row", row), []).append(("column", column))
        beside.setdefault(("column", column), []).append(("row", row))
    start, goal = ("row", cell[0]), ("column", cell[1])
    waiting, seen = [start], {start}
    while waiting:
        for near in beside.get(waiting.pop(), ()):
            if near == goal:
                return False
            if near not in seen:
                seen.add(near)
                waiting.append(near)
    return True


def _cheapest(
    cell: Cell,
    count: Mapping[Cell, int],
    rows: Sequence[str],
    columns: Sequence[str],
    hidden: set[Cell],
) -> set[Cell] | None:
    """The other three corners of the rectangle that hides the fewest, none of them empty where that can be had."""
    best: tuple[tuple[int, int, str], set[Cell]] | None = None
    for row in rows:
        for column in columns:
            if row == cell[0] or column == cell[1]:
                continue
            corners = {(cell[0], column), (row, column), (row, cell[1])}
            new = corners - hidden
            weight = (sum(count[one] == 0 for one in corners), sum(count[one] for one in new), f"{row}/{column}")  # fmt: skip
            if best is None or weight < best[0]:
                best = weight, new
    return best[1] if best else None
