"""The golden tables of the readers' tests, written as PDF with and without ruled lines."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.converter.readers import golden
from tests.converter.readers.pdf.writing import Sheet, Span, TableStyle, pdf, table, width_of

STYLE = TableStyle(left=50, top=110, row_height=24, size=9)
#: Rows of the header, numbers of columns included.
HEADERS = {golden.EXPENDITURE: 3, golden.BALANCE: 2, golden.THREE_PUBLIC: 3, golden.INDICATORS: 1}


def widths(shown: golden.Table, style: TableStyle = STYLE) -> list[float]:
    """Return widths of columns in which every text has its place."""
    result = [20.0] * shown.width
    for row in shown.rows:
        for column, cell in enumerate(row):
            if cell and cell.colspan == 1:
                need = max(width_of(line, style.size) for line in cell.text.split("\n"))
                result[column] = max(result[column], need + 4 * style.padding + 6)
    return result


def spans(shown: golden.Table) -> list[Span]:
    return [(row, column, *extent) for (row, column), extent in shown.spans().items()]


def draw(sheet: Sheet, shown: golden.Table, lines: bool, size: float = STYLE.size) -> None:
    """Write a table with its title, unit and notes on a page."""
    across = widths(shown)
    right = STYLE.left + sum(across)
    sheet.text((STYLE.left + right) / 2, 60, shown.title, 16, "centre")
    sheet.text(right, 95, shown.unit, size, "right")
    table(sheet, shown.texts(), across, spans(shown), replace(STYLE, centred=HEADERS[shown]), lines)
    for number, note in enumerate(shown.notes):
        sheet.text(STYLE.left, STYLE.top + STYLE.row_height * len(shown.rows) + 20 + 16 * number, note, size)


def written(tables: Sequence[golden.Table], lines: bool = True) -> bytes:
    """Return a file with one table a page."""

    def page(shown: golden.Table) -> Callable[[Sheet], None]:
        return lambda sheet: draw(sheet, shown, lines)

    return pdf(*map(page, tables))
