"""The overview of a department's money in its performance form: this year, shares, and the years before.

Two data sets: `overview-revenue` (revenue side) and `overview-expenditure`; shares are claims.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.amounts import parse_number
from budgetgraph.converter.budget import TOTAL, Claim, Figure
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.money import head_multiplier, is_amount, read_money
from budgetgraph.converter.forms.outline import label, take_apart
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import Section
from budgetgraph.converter.forms.vocabulary import Vocabulary, bare, key

_DIMENSIONS = {"revenue": "revenueSource", "expenditure": "expenditureNature"}
_YEAR = re.compile(r"(?P<year>\d{4}|\d{2})年(?:预算|度|决算|执行)*数?")
#: The side that a label states before it: "1、资金来源：（1）财政性资金".
_SIDED = re.compile(r"(?P<side>[^:：]+)[:：](?P<name>.+)")
_PERCENT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*[%％]")


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview says. Figures come with the power of ten of their unit. Claims have no `order` yet (0)."""

    revenue: tuple[tuple[int, Figure], ...]
    expenditure: tuple[tuple[int, Figure], ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    column: int
    year: int | None  # None for shares


def resolve_year(text: str, year: int) -> int | None:
    """Return the year a header names; two digits are those next to and not after the document's `year`.

    >>> resolve_year("19年", 2021), resolve_year("98年", 2021)
    (2019, 1998)
    """
    match = _YEAR.fullmatch(text)
    if match is None:
        return None
    number = int(match["year"])
    if number >= 100:
        return number
    century = year - year % 100
    return century + number if century + number <= year else century - 100 + number


def read_overview(section: Section, year: int, multiplier: int | None, words: Vocabulary, booking: Booking) -> Overview:
    """Return figures and shares of an overview; `multiplier` is that of a unit line, a unit in its head goes first."""
    for cell in (*section.head, *(c for row in section.rows for c in row)):
        stated = head_multiplier(cell.text)
        if stated is not None:
            multiplier = stated
            break
    booking.label(*section.head)
    columns: list[_Column] = []
    body: list[tuple[FormCell, ...]] = []
    for row in section.rows:
        found = [_column(cell, year, words) for cell in row]
        if not body and any(found) and not any(is_amount(c.text) for c in row):
            columns += [c for c in found if c]
            booking.header(*row)
        elif not body and all(c.key in words.overview_headers for c in row):
            booking.header(*row)
        else:
            body.append(row)
    reading = _Reading(sorted(columns, key=lambda c: c.column), year, multiplier, words, booking)
    for row in body:
        reading.row(row)
    return Overview(tuple(reading.figures["revenue"]), tuple(reading.figures["expenditure"]), tuple(reading.claims))


def _column(cell: FormCell, year: int, words: Vocabulary) -> _Column | None:
    if cell.key in words.overview_share:
        return _Column(cell.column, None)
    if cell.key in words.overview_current:
        return _Column(cell.column, year)
    named = resolve_year(cell.key, year)
    return _Column(cell.column, named) if named else None


class _Reading:
    """Reads row after row; the side (revenue, expenditure) holds until another is printed."""

    def __init__(
        self, columns: list[_Column], year: int, multiplier: int | None, words: Vocabulary, booking: Booking
    ) -> None:
        self.figures: dict[str, list[tuple[int, Figure]]] = {"revenue": [], "expenditure": []}
        self.claims: list[Claim] = []
        self._columns, self._year, self._multiplier = columns, year, multiplier
        self._words, self._booking = words, booking
        self._side: str | None = None

    def row(self, cells: Sequence[FormCell]) -> None:
        """Read a row: side, label, values."""
        rest = list(cells)
        if (side := self._words.overview_sides.get(rest[0].key)) is not None:
            self._side = side
            self._booking.label(rest.pop(0))
        if not rest:
            return
        name = rest.pop(0)
        side, printed = self._named(name)
        notation = self._words.overview_rows.get(side, {}).get(bare(key(printed)))
        if notation is None:
            self._booking.not_understood((name, *rest), "an overview row that is not known", "unknown-label")
            return
        self._booking.label(name)
        columns = self._place(rest)
        if columns is None:
            self._booking.not_understood(tuple(rest), "values that do not fit the overview's columns")
            return
        for cell, column in zip(rest, columns, strict=True):
            self._value(cell, column, side, notation, label(printed))

    def _named(self, name: FormCell) -> tuple[str, str]:
        """Return the side that a label is of, and the label without its number; it may state the side itself."""
        text = take_apart(name.text.strip()).text
        sided = _SIDED.fullmatch(text)
        if sided and (side := self._words.overview_sides.get(key(sided["side"]))):
            self._side, text = side, take_apart(sided["name"]).text
        if self._side is None and bare(key(text)) in self._words.overview_whole:
            return "expenditure", text
        return self._side or "", text

    def _place(self, cells: Sequence[FormCell]) -> list[_Column] | None:
        """Return the column of each value: by position where the row stands under the header, else in order."""
        if not self._columns and len(cells) == 1:  # no header: the amounts of the year
            return [_Column(cells[0].column, self._year)] if parse_number(cells[0].text) else None
        at = {c.column: c for c in self._columns}
        if all(c.column in at and _fits(c, at[c.column]) for c in cells):
            return [at[c.column] for c in cells]
        if len(cells) == len(self._columns) and all(map(_fits, cells, self._columns)):
            return self._columns
        return None

    def _value(self, cell: FormCell, column: _Column, side: str, notation: str, name: str) -> None:
        dimensions = {} if notation == TOTAL else {_DIMENSIONS[side]: notation}
        if column.year is None:
            match = _PERCENT.fullmatch(cell.text.strip())
            assert match is not None  # noqa: S101  # `_fits` saw it
            self._booking.convert(cell, "claim", "value")
            self.claims.append(
                Claim(
                    0, "share", cell.text.strip(), name, self._booking.place(cell), side, "form", dimensions,
                    percent=Decimal(match["number"]), year=self._year,
                )
            )  # fmt: skip
            return
        money = read_money(cell, self._multiplier, "observation", self._booking)
        if money is not None:
            figure = Figure(dimensions, money.yuan, money.text, name, self._booking.place(cell), column.year)
            self.figures[side].append((money.multiplier, figure))


def _fits(cell: FormCell, column: _Column) -> bool:
    """Tell whether a value is of the column's kind."""
    if column.year is None:
        return _PERCENT.fullmatch(cell.text.strip()) is not None
    return parse_number(cell.text) is not None
