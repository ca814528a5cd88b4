"""The neutral form every reader gives: paragraphs and grids in reading order.

Nothing here knows of budgets. Text is kept as the source has it; places are kept with it, so that every
figure can be traced to where it is printed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, TypeVar, dataclass_transform

#: Left, top, right, bottom.
Box = tuple[float, float, float, float]


_T = TypeVar("_T")
_new = object.__new__


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[_T]) -> type[_T]:
    """Make a data class with slots, equality and hash whose fields are never assigned again.

    The type checker holds them frozen. Python does not: making a frozen one takes four times as long, and a
    document has hundreds of thousands.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


@value
class Locator:
    """Where something stands in a source. `None` means that this form of source has no such place.

    line      line of the text, counted from 1
    field     tab-separated field of that line, counted from 1
    start     offset of the first character in the decoded text (Unicode code points, from 0)
    end       offset behind the last character
    page      page, counted from 1
    box       left, top, right, bottom on the page in points from its upper left corner, as the page is shown
    sheet     name of the spreadsheet's sheet
    ref       cell in the sheet ("C12"); in a word-processing or HTML file "table 2, row 3, cell 1"
    part      which file of a publication of several files
    more      page and box of each further piece of a text that page ends cut
    """

    line: int | None = None
    field: int | None = None
    start: int | None = None
    end: int | None = None
    page: int | None = None
    box: Box | None = None
    sheet: str | None = None
    ref: str | None = None
    part: str | None = None
    more: tuple[tuple[int, Box], ...] = ()

    def __str__(self) -> str:
        """Return "page 3, line 12, field 4" with the parts that are known."""
        named = (("page", self.page), ("sheet", self.sheet), ("line", self.line), ("field", self.field))
        places = [f"{name} {value}" for name, value in named if value is not None]
        return ", ".join([*([self.part] if self.part else []), *places, *([self.ref] if self.ref else [])])

    def at(self, start: int, end: int) -> "Locator":
        """Return this place with offsets."""
        return Locator(  # as `replace` does it, in a tenth of the time
            self.line, self.field, start, end, self.page, self.box, self.sheet, self.ref, self.part, self.more
        )

    def span(self, start: int, end: int) -> "Locator":
        """Return the place of the characters [start, end) of the text that stands at this place."""
        return self if self.start is None else self.at(self.start + start, self.start + end)


class StoredRows(Protocol):
    """The rows of a grid in a smaller form than a cell and a place for each text."""

    def rows(self) -> tuple[tuple["Cell", ...], ...]:
        """Return the rows of the grid, made of cells without places."""

    def place(self) -> None:
        """Give all cells that were made their places."""


@value
class Cell:
    """One cell of a grid: text as printed, position from 0, spans of at least 1.

    A place that a span covers is a blank cell of its own in the grid's rows; only the spanning cell has the
    text.

    stored  what knows the place, which is asked when somebody first asks for it; unset where the place was given
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    locator: Locator = field(default_factory=Locator)
    confidence: float = 1.0  #: below 1 where the text is recognised or the borders are inferred
    stored: StoredRows = field(init=False, repr=False, compare=False)

    @classmethod
    def row_of(cls, texts: Sequence[str], row: int, stored: StoredRows) -> tuple[Self, ...]:
        """Return the cells of a row, which get their places from stored rows when they are first asked for."""
        cells = []
        for column, text in enumerate(texts):  # fields one by one are the fastest way, and a sheet has 100,000 cells
            cell: Any = _new(cls)
            cell.text = text
            cell.row = row
            cell.column = column
            cell.rowspan = 1
            cell.colspan = 1
            cell.confidence = 1.0
            cell.stored = stored
            cells.append(cell)
        return tuple(cells)

    def __getattr__(self, name: str) -> Locator:
        """Have the place made; Python asks here for what an object does not have (yet)."""
        if name != "locator":
            raise AttributeError(name)
        self.stored.place()
        return self.locator

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is printed in the cell."""
        return not self.text.strip()


@value
class Grid:
    """A table as printed: rows of cells, all rows of equal width, blank cells included.

    `rows[r][c].row == r` and `.column == c`. Spans are 1 where the form of source does not state them.

    stored  what the rows are made of when they are first asked for, None where they were given
    """

    rows: tuple[tuple[Cell, ...], ...]
    locator: Locator = field(default_factory=Locator)
    stored: StoredRows | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, stored: StoredRows, locator: Locator) -> Self:
        """Return a grid that makes its rows when they are first asked for."""
        grid = cls.__new__(cls)
        object.__setattr__(grid, "locator", locator)
        object.__setattr__(grid, "stored", stored)
        return grid

    def __getattr__(self, name: str) -> tuple[tuple[Cell, ...], ...]:
        """Make the rows; Python asks here for what an object does not have (yet)."""
        if name != "rows" or self.stored is None:
            raise AttributeError(name)
        object.__setattr__(self, "rows", self.stored.rows())
        return self.rows

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def text_down(self, cell: Cell) -> str:
        """Return what is printed in a cell of the grid, or in the one above that is merged down over it."""
        if not cell.is_blank:
            return cell.text.strip()
        above = (row[cell.column] for row in reversed(self.rows[: cell.row]))
        printed = next((each for each in above if not each.is_blank), None)
        return printed.text.strip() if printed and printed.row + printed.rowspan > cell.row else ""

    def cells(self) -> Iterator[Cell]:
        """Yield all cells, row by row."""
        for row in self.rows:
            yield from row


@value
class Paragraph:
    """A run of text outside a table, as printed."""

    text: str
    locator: Locator = field(default_factory=Locator)
    confidence: float = 1.0  #: below 1 where the text was recognised in a picture


Block = Paragraph | Grid
