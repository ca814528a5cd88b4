"""Labels that a narrow column wraps over rows of their own, with the amount on one of them."""

from collections.abc import Callable, Sequence

from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.profiles import ColumnSpec

#: A label is wrapped over no more rows than this.
MOST_ROWS = 3


def unwrapped_label(
    rows: Sequence[Sequence[Cell]],
    row: int,
    columns: Sequence[tuple[ColumnSpec, int]],
    is_known: Callable[[str], bool],
) -> str | None:
    """Return the label that the rows around `row` make together, or None where they make none with certainty.

    Certain is: no piece is a label of its own, the whole is one, and one row of them has amounts. `row` is an index
    into `rows`.
    """
    found = set()
    for first in range(max(0, row - MOST_ROWS + 1), row + 1):
        for last in range(max(row, first + 1), min(first + MOST_ROWS, len(rows))):
            pieces = [_label(rows[i], columns) for i in range(first, last + 1)]
            with_amounts = sum(_has_amount(rows[i], columns) for i in range(first, last + 1))
            whole = "".join(pieces)
            ends = pieces[0] and pieces[-1] and with_amounts == 1
            if ends and is_known(whole) and not any(piece and is_known(piece) for piece in pieces):
                found.add(whole)
    return found.pop() if len(found) == 1 else None


def _label(row: Sequence[Cell], columns: Sequence[tuple[ColumnSpec, int]]) -> str:
    return "".join(row[index].text.strip() for column, index in columns if column.role == "label")


def _has_amount(row: Sequence[Cell], columns: Sequence[tuple[ColumnSpec, int]]) -> bool:
    return any(column.role == "amount" and not row[index].is_blank for column, index in columns)
