"""A report as CSV: one line for each result, for spreadsheets."""

import csv
import io
from collections.abc import Iterable

from budgetgraph.shapes.history import History
from budgetgraph.shapes.results import Cell, Report, Result

COLUMNS = (
    *("source", "rule", "severity", "table", "page", "row", "column", "message_zh", "message_en"),
    *("amount", "sum", "difference", "tolerance", "focus", "value", "fingerprint", "change", "status", "reason"),
)


def to_csv(reports: Iterable[Report], history: History | None = None) -> str:
    """Return the results as CSV (RFC 4180); amounts in 元; the first cell where a result names several."""
    history = history or History()
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for report in reports:
        for result in report.results:
            writer.writerow(_line(report, result, history))
    return written.getvalue()


def _line(report: Report, result: Result, history: History) -> list[object]:
    cell = result.cells[0] if result.cells else Cell("")
    equation = result.equation
    amounts = [equation.amount, equation.sum, equation.difference, equation.tolerance] if equation else [None] * 4
    said = history.statuses.get(result.fingerprint)
    return [
        *(report.source, result.rule, result.severity.value, cell.table, cell.page, cell.row, cell.column),
        *(result.message.zh, result.message.en, *amounts, result.focus),
        *(result.value.text if result.value else None, result.fingerprint, history.state(result.fingerprint)),
        *((said.status, said.reason) if said else (None, None)),
    ]
