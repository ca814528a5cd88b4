"""Books each cell of one form: in the ledger, and as what it is, for the printed table."""

from budgetgraph.converter.accounting.ledger import Ledger, Reason
from budgetgraph.converter.blocks import Cell, Locator
from budgetgraph.converter.budget import Place, PrintedCell
from budgetgraph.converter.forms.rows import FormCell, Row
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Problem, Severity


class Booking:
    """The books of one form. Every cell with text is booked once; `table` is the form's id.

    problems   what is wrong with the form, in the order in which it was found
    """

    def __init__(self, table: str, ledger: Ledger) -> None:
        self.table = table
        self.problems: list[Problem] = []
        self.withheld: set[str] = set()
        self._ledger = ledger
        self._printed: dict[tuple[int, int], PrintedCell] = {}

    def place(self, cell: FormCell, start: int | None = None, end: int | None = None) -> Place:
        """Return the place of a cell, or of the characters [start, end) of its text where the source has offsets."""
        if start is not None and end is not None and cell.locator.start is not None:
            return Place(cell.span(start, end))
        return Place(cell.locator, self.table, cell.row, cell.column)

    def convert(self, cell: FormCell, what: str, role: str, text: str | None = None) -> None:
        """Book a cell whose text is in the model; `text` is what is printed of it, when that is not all."""
        for piece in cell.pieces:
            self._ledger.convert(piece, what)
        self._keep(cell, role, cell.text.strip() if text is None else text)

    def explain(self, cell: FormCell, reason: Reason, role: str) -> None:
        """Book a cell that is no data."""
        for piece in cell.pieces:
            self._ledger.explain(piece, reason)
        self._keep(cell, role, redact(cell.text.strip())[0])

    def header(self, *cells: FormCell) -> None:
        """Book cells that are headers."""
        for cell in cells:
            self.explain(cell, Reason.HEADER, "header")

    def label(self, *cells: FormCell) -> None:
        """Book cells that say what stands beside them."""
        for cell in cells:
            self.explain(cell, Reason.LABEL, "label")

    def withhold(self, cell: FormCell, kind: str, texts: tuple[str, ...]) -> None:
        """Book a cell with personal data; `texts` are the names or numbers in it."""
        for piece in cell.pieces:
            self._ledger.withhold(piece, kind, len(texts) if piece is cell.pieces[0] else 0)
        self.withheld.update(texts)
        self._keep(cell, "withheld", "")

    def count_redacted(self, count: int) -> None:
        """Count numbers that were taken out of a text."""
        if count:
            self._ledger.withheld["phone"] += count

    def problem(self, code: str, severity: Severity, message: str, where: FormCell | Locator) -> None:
        """Keep a problem of the form."""
        location = where.locator if isinstance(where, FormCell) else where
        self.problems.append(Problem(code, severity, message, location))

    def not_understood(self, cells: tuple[FormCell, ...], why: str, code: str = "form-row-unknown") -> None:
        """Book a row's cells that are not in the data, with one problem that quotes them."""
        rest = [cell for cell in cells if not self.is_booked(cell)]
        if not rest:
            return
        for cell in rest:
            self.explain(cell, Reason.UNKNOWN_COLUMN, "text")
        quoted = " | ".join(_short(cell.text) for cell in rest)
        self.problem(code, Severity.ERROR, f"{self.table}: {why}: {quoted}", rest[0])

    def is_booked(self, cell: FormCell) -> bool:
        """Tell whether a cell is booked."""
        return (cell.row, cell.column) in self._printed

    def close(self, rows: list[Row]) -> tuple[PrintedCell, ...]:
        """Return the printed cells in order, after listing what no reading accounts for."""
        for row in rows:
            self.not_understood(row.cells, "cells that no reading accounts for")
        return tuple(self._printed[place] for place in sorted(self._printed))

    def _keep(self, cell: FormCell, role: str, text: str) -> None:
        first: Cell = cell.pieces[0]
        self._printed[cell.row, cell.column] = PrintedCell(
            text, cell.row, cell.column, role, cell.locator, first.rowspan, first.colspan
        )


def _short(text: str) -> str:
    text = redact(" ".join(text.split()))[0]
    return text if len(text) <= 40 else text[:40] + "…"
