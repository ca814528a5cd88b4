"""Rows of a form, healed over page turns: a form is printed over several grids, and a page turn may cut a word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budgetgraph.converter.blocks import Cell, Grid, Locator
from budgetgraph.converter.forms.outline import take_apart
from budgetgraph.converter.forms.targets import parse_target
from budgetgraph.converter.forms.vocabulary import Vocabulary, key


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell with text; `pieces` are the source cells it was printed in, more than one after a page turn.

    row, column   position in the stitched form, from 1
    """

    row: int
    column: int
    pieces: tuple[Cell, ...]

    @property
    def text(self) -> str:
        """Return the text as printed, pieces joined."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def key(self) -> str:
        """Return the text as words are compared."""
        return key(self.text)

    @property
    def locator(self) -> Locator:
        """Return the place of the first piece."""
        return self.pieces[0].locator

    def span(self, start: int, end: int) -> Locator:
        """Return the place of the characters [start, end) of the text; of what stands in one piece, if it is cut."""
        for piece in self.pieces:
            if start < len(piece.text):
                return piece.locator.span(start, min(end, len(piece.text)))
            start, end = start - len(piece.text), end - len(piece.text)
        return self.locator


@dataclass(frozen=True, slots=True)
class Row:
    """A row's cells that have text, from left to right. `number` counts from 1 in the stitched form."""

    number: int
    cells: tuple[FormCell, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one grid that belong to one form."""

    rows: tuple[tuple[Cell, ...], ...]


def pieces_of(grid: Grid, bounds: Sequence[int]) -> list[Piece]:
    """Return the grid cut before each row number of `bounds`."""
    ends = [*bounds[1:], len(grid.rows)]
    return [Piece(grid.rows[a:b]) for a, b in zip(bounds, ends, strict=True)]


def stitch(pieces: Iterable[Piece], words: Vocabulary) -> list[Row]:
    """Return the rows of a form; what a page turn cut off is joined to the cell it was cut from."""
    rows: list[Row] = []
    for piece in pieces:
        for index, cells in enumerate(piece.rows):
            printed = [c for c in cells if not c.is_blank]
            if not printed:
                continue
            if index == 0 and rows and _is_rest(printed, rows[-1], words):
                rows[-1] = _joined(rows[-1], printed)
                continue
            number = len(rows) + 1
            rows.append(Row(number, tuple(FormCell(number, c.column + 1, (c,)) for c in printed)))
    return rows


def _is_rest(cells: Sequence[Cell], above: Row, words: Vocabulary) -> bool:
    """Tell whether the first row after a page turn holds nothing but the rest of cells of the row above."""
    over = {c.column - 1: c for c in above.cells}
    if any(c.column not in over for c in cells) or any(words.knows(key(c.text)) for c in cells):
        return False
    if any(words.is_level(key(over[c.column].text + c.text)) for c in cells):
        return True
    if len(cells) > 1 or len(above.cells) < 2:
        return False
    if over[cells[0].column] is above.cells[0] and (cells[0].column == 0 or len(above.cells) < 3):
        return False  # a head of its own; behind labels that are merged, it is the name of what stands beside it
    return _continues(over[cells[0].column].text, cells[0].text)


def _continues(above: str, text: str) -> bool:
    """Tell whether a lone cell can be the rest of the cell above: not a value, not the next numbered line of a list."""
    if parse_target(text).kind != "qualitative" or parse_target(above).kind != "qualitative":
        return False
    return "<" in text or take_apart(text).style is None


def _joined(row: Row, cells: Sequence[Cell]) -> Row:
    rest = {c.column + 1: c for c in cells}
    return Row(
        row.number,
        tuple(FormCell(c.row, c.column, (*c.pieces, rest[c.column])) if c.column in rest else c for c in row.cells),
    )
