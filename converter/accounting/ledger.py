"""What became of every cell: converted, or listed with a reason. Nothing is dropped in silence."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from budgetgraph.converter.blocks import Cell, Grid, Locator

#: A cell counts as numeric when a digit is printed in it and nothing but number, unit and comparator signs.
NUMERIC = re.compile(r"^[\s\d.,，．:：%％\-−－+≥≤＞＜><=≈~～()（）¥￥]*\d[\s\d.,，．:：%％\-−－+≥≤＞＜><=()（）]*$")


class Reason(StrEnum):
    """Why a cell is not a figure of the data. The ledger counts cells by these."""

    HEADER = "header"
    REPEATED_HEADER = "repeated-header"
    COLUMN_NUMBER = "column-number"
    LINE_NUMBER = "line-number"
    DERIVED = "derived"
    CODE = "code"
    LABEL = "label"
    NOTE = "note"
    TEXT = "text"
    WITHHELD = "contact-withheld"
    UNKNOWN_COLUMN = "unknown-column"
    UNKNOWN_ROW = "unknown-row"
    UNKNOWN_TABLE = "unknown-table"
    MISSING_UNIT = "missing-unit"
    DUPLICATE = "duplicate"
    REPEATED_ROW = "repeated-row"
    REPEATED_TABLE = "repeated-table"
    UNPARSABLE = "unparsable-number"
    LOW_CONFIDENCE = "low-confidence"


#: Reasons why an amount of a table that is recognised is not in the data.
UNCONVERTED = frozenset(
    (
        Reason.UNKNOWN_COLUMN,
        Reason.UNKNOWN_ROW,
        Reason.REPEATED_ROW,
        Reason.MISSING_UNIT,
        Reason.UNPARSABLE,
        Reason.LOW_CONFIDENCE,
    )
)


@dataclass(slots=True)
class Ledger:
    """Books each cell of the source once. Cells are known by their locator."""

    converted: dict[Locator, str] = field(default_factory=dict)
    explained: dict[Locator, Reason] = field(default_factory=dict)
    withheld: Counter[str] = field(default_factory=Counter)

    def convert(self, cell: Cell, what: str) -> None:
        """Book a cell as converted; `what` says into what ("observation", "target", "statement")."""
        self.explained.pop(cell.locator, None)
        self.converted[cell.locator] = what

    def explain(self, cell: Cell, reason: Reason) -> None:
        """Book a cell that is no figure of the data, unless it is booked as converted."""
        if cell.locator not in self.converted:
            self.explained[cell.locator] = reason

    def repeat(self, cell: Cell) -> None:
        """Book a cell of a table that another file of the publication prints too, whatever it was booked as."""
        if self.explained.get(cell.locator) is not Reason.WITHHELD:
            self.converted.pop(cell.locator, None)
            self.explained[cell.locator] = Reason.REPEATED_TABLE

    def withdraw(self, place: Locator, reason: Reason) -> None:
        """Book the cell at a place, if it is booked as converted, as no figure after all."""
        if self.converted.pop(place, None):
            self.explained[place] = reason

    def withhold(self, cell: Cell, kind: str, count: int = 1) -> None:
        """Book a cell whose text is personal ("person_name", "phone"); `count` of such data in it."""
        self.explained[cell.locator] = Reason.WITHHELD
        self.converted.pop(cell.locator, None)
        self.withheld[kind] += count

    def is_booked(self, cell: Cell) -> bool:
        """Tell whether the cell is accounted for."""
        return cell.locator in self.converted or cell.locator in self.explained

    def is_unconverted(self, place: Locator, text: str) -> bool:
        """Tell whether the cell with this text is an amount that is not converted."""
        return self.explained.get(place) in UNCONVERTED and is_numeric(text)

    def unexplained(self, grids: Iterable[Grid]) -> list[Cell]:
        """Return the cells with text that nothing accounts for."""
        return [c for g in grids for c in g.cells() if not c.is_blank and not self.is_booked(c)]


def is_numeric(text: str) -> bool:
    """Tell whether a cell's text counts as a number for the coverage figures."""
    return NUMERIC.match(text.strip()) is not None
