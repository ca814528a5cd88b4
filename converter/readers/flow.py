"""Flowing documents (Word, HTML): a tree of texts and tables -> paragraphs and grids.

Lines of text with equally many tabs are rows, where they have amounts: a table that was pasted as text.

A table that holds tables is one of two things. Where it only places them on the page it is layout, and what its
cells hold follows in order. Where it has rows of its own data it stays a table, and those it holds follow behind.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from budgetgraph.converter.blocks import Block, Cell, Grid, Locator, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.offsets import number

#: The most cells that the tables of one document may have, places under spans included.
MAXIMUM_CELLS = 500_000

#: The most columns that a cell may span, as in HTML.
MAXIMUM_COLSPAN = 1_000

#: The most places that are looked at while the cells of a table take theirs.
MAXIMUM_SPANNED = 4 * MAXIMUM_CELLS

#: White space around a line that parts no columns.
_BLANKS = " \xa0\u3000\u2002\u2003\u2009"
#: Fewest rows and amounts of a table whose columns are parted by tabs. A list of contents has page numbers alone.
_FEWEST_ROWS, _FEWEST_AMOUNTS = 3, 2
_AMOUNT = re.compile(r"\t-?[\d,]+\.\d+(?=\t|\Z)", re.ASCII)
_NUMBER = re.compile(r"[-−+]?[\d,]+(?:\.\d+)?%?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Text:
    """A line or paragraph, without outer white space but tabs."""

    text: str


@dataclass(slots=True)
class TableCell:
    """A cell that is written in the file; `rowspan` 0 reaches to the end of the table."""

    content: "list[Node]" = field(default_factory=list)
    rowspan: int = 1
    colspan: int = 1

    @property
    def text(self) -> str:
        """Return the cell's own lines, without those of tables in it."""
        return "\n".join(node.text.strip() for node in self.content if isinstance(node, Text))

    @property
    def tables(self) -> "list[Table]":
        """Return the tables in the cell."""
        return [node for node in self.content if isinstance(node, Table)]


@dataclass(slots=True)
class Table:
    """A table as written: rows of cells, without the places that spans cover."""

    rows: list[list[TableCell]] = field(default_factory=list)


Node = Text | Table


def to_blocks(nodes: Iterable[Node], name: str) -> list[Block]:
    """Return the blocks in reading order, numbered: "paragraph 4", "table 2, row 3, cell 1".

    Cells count from 1 in the full grid, the places that spans cover included.

    name  the file, for messages

    Raises SourceError when the tables have more than MAXIMUM_CELLS.
    """
    blocks: list[Block] = []
    paragraphs = tables = cells = 0
    for node in _with_tables_of_tabs(_flattened(nodes)):
        if isinstance(node, Text):
            paragraphs += 1
            blocks.append(Paragraph(node.text.strip(), Locator(ref=f"paragraph {paragraphs}")))
            continue
        tables += 1
        placed = _placed(node, name)
        width = 1 + max((column for _, column in placed), default=-1)
        cells += len(node.rows) * width
        if cells > MAXIMUM_CELLS:
            raise SourceError(
                f"{name}: table {tables}: the tables have more than {MAXIMUM_CELLS} cells. Split the file."
            )
        if width:
            blocks.append(_grid(placed, len(node.rows), width, tables))
    return number(blocks)


def _flattened(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield texts and tables in which no cell holds a table."""
    for node in nodes:
        if isinstance(node, Text):
            yield node
        elif _is_layout(node):
            for row in node.rows:
                for cell in row:
                    yield from _flattened(cell.content)
        else:
            yield node
            yield from _flattened(table for row in node.rows for cell in row for table in cell.tables)


def _with_tables_of_tabs(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield texts and tables; lines that follow each other and have equally many tabs are one.

    Where they have not, tabs are there to align what is printed, and nobody can tell the columns.
    """
    for has_tabs, run in groupby(nodes, key=lambda node: isinstance(node, Text) and "\t" in node.text):
        found = list(run)
        rows = [node.text for node in found if has_tabs and isinstance(node, Text)]
        is_table = len(rows) >= _FEWEST_ROWS and len({row.count("\t") for row in rows}) == 1
        if is_table and sum(map(len, map(_AMOUNT.findall, rows))) >= _FEWEST_AMOUNTS:
            yield Table([[TableCell(lines(text)) for text in row.split("\t")] for row in rows])
        else:
            yield from found


def _is_layout(table: Table) -> bool:
    """Tell whether a table only places texts and tables on the page."""
    if any(cell.tables for row in table.rows for cell in row):
        data_rows = sum(1 for row in table.rows if sum(1 for c in row if c.text and not c.tables) > 1)
        return data_rows < 2
    return all(len(row) < 2 for row in table.rows) and not any(
        _NUMBER.match(cell.text) for row in table.rows for cell in row
    )


def _placed(table: Table, name: str) -> dict[tuple[int, int], TableCell]:
    """Return the written cells by row and column; a cell takes the first place that no span from above covers.

    Raises SourceError when spans cover more than MAXIMUM_SPANNED places.
    """
    placed: dict[tuple[int, int], TableCell] = {}
    covered_until: list[int] = []  # for each column, the first row that no span from above covers
    steps = 0
    for index, row in enumerate(table.rows):
        column = 0
        for cell in row:
            while column < len(covered_until) and covered_until[column] > index:
                column, steps = column + 1, steps + 1
            placed[index, column] = cell
            end = column + max(1, min(cell.colspan, MAXIMUM_COLSPAN))
            bottom = index + cell.rowspan if cell.rowspan else len(table.rows)
            covered_until += [0] * (end - len(covered_until))
            for place in range(column, end):
                covered_until[place] = max(covered_until[place], bottom)
            steps += end - column
            column = end
            if steps > MAXIMUM_SPANNED:
                raise SourceError(
                    f"{name}: cells of a table span more than {MAXIMUM_SPANNED} places, one over another, at row "
                    f"{index + 1}. Save the file again with its program."
                )
    return placed


def _grid(placed: dict[tuple[int, int], TableCell], height: int, width: int, table: int) -> Grid:
    """Return the grid; spans end at its edges, which are where the last row and column are written."""

    def cell_at(row: int, column: int) -> Cell:
        place = Locator(ref=f"table {table}, row {row + 1}, cell {column + 1}")
        written = placed.get((row, column))
        if written is None:
            return Cell("", row, column, locator=place)
        rowspan = min(written.rowspan or height, height - row)
        colspan = max(1, min(written.colspan, MAXIMUM_COLSPAN, width - column))
        return Cell(written.text, row, column, rowspan, colspan, place)

    rows = tuple(tuple(cell_at(row, column) for column in range(width)) for row in range(height))
    return Grid(rows, Locator(ref=f"table {table}"))


def lines(text: str) -> list[Node]:
    """Return the lines of a text, without blank ones."""
    return [Text(line.strip(_BLANKS)) for line in text.splitlines() if line.strip()]
