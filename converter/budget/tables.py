"""Tables as they stand in the document."""

from dataclasses import dataclass

from budgetgraph.converter.blocks import Locator


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of a printed table: row and column from 1. `role` is what the cell is for the reader.

    role  "header" | "column-number" | "line-number" (行次) | "code" | "label" | "unit-code" | "unit" | "amount" |
          "derived" (增减%) | "value" | "text" | "note" | "withheld"
    A withheld cell has lost its text.
    confidence  how sure the reader is of text and column, from 0 to 1; below 1 where the text is recognised in a
                picture or the column inferred
    """

    text: str
    row: int
    column: int
    role: str
    locator: Locator
    rowspan: int = 1
    colspan: int = 1
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table or form as it stands in the document, page turns healed: what `tables` prints again.

    id      "t1" ... for official tables, "form-1" ... for performance forms
    kind    notation in the scheme table-kind ("general-expenditure"), or "form"
    official  one of the statutory budget tables (forms and contact lists are not)
    empty_note  the note below it that says it is empty, as printed
    """

    id: str
    number: str | None
    title: str
    kind: str
    unit: str | None
    profile: str
    columns: int
    rows: int
    cells: tuple[PrintedCell, ...]
    locator: Locator
    official: bool = True
    notes: tuple[str, ...] = ()
    empty_note: str | None = None
