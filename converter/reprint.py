"""The official tables, printed again from the graph alone.

Header and label cells come from the provenance graph; every amount comes from its observation.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib import resources
from io import BytesIO, StringIO
from pathlib import Path

import pyoxigraph

from budgetgraph.converter.amounts import parse_number
from budgetgraph.converter.exceptions import SourceError

#: Numbers with more digits are not exact in a spreadsheet and are written there as text.
SPREADSHEET_DIGITS = 15

_RDF_FORMATS = {
    ".trig": pyoxigraph.RdfFormat.TRIG,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
}


@dataclass(frozen=True, slots=True)
class ReprintedCell:
    """A cell at its printed place (row and column from 1)."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    role: str


@dataclass(frozen=True, slots=True)
class ReprintedTable:
    """A table as the graph gives it back."""

    id: str
    title: str
    number: str | None
    unit: str | None
    kind: str
    rows: int
    columns: int
    cells: tuple[ReprintedCell, ...]

    def matrix(self) -> list[list[str]]:
        """Return the texts row by row; blank cells are empty strings."""
        texts = [[""] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            texts[cell.row - 1][cell.column - 1] = cell.text
        return texts


def is_rdf(path: Path) -> bool:
    """Tell by the file's ending whether it is RDF."""
    return path.suffix in _RDF_FORMATS


def load(path: Path) -> pyoxigraph.Store:
    """Return the statements of an RDF file. Raises SourceError when it cannot be read or parsed."""
    store = pyoxigraph.Store()
    try:
        store.bulk_load(path=str(path), format=_RDF_FORMATS[path.suffix])
    except (OSError, SyntaxError) as error:
        raise SourceError(f"{path}: {error}. Convert the publication again.") from None
    return store


def select(store: pyoxigraph.Store, name: str) -> pyoxigraph.QuerySolutions:
    """Return the solutions of `queries/{name}.rq` over all graphs of a store."""
    text = (resources.files("budgetgraph.converter") / "queries" / f"{name}.rq").read_text("utf-8")
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)  # noqa: S101  # both queries are SELECT
    return solutions


def _text(term: object) -> str:
    return str(getattr(term, "value", ""))


def read_tables(store: pyoxigraph.Store, name: str) -> list[ReprintedTable]:
    """Return the official tables that a graph holds, in printed order.

    Raises SourceError when the graph holds none.
    """
    cells: dict[str, list[ReprintedCell]] = {}
    for solution in select(store, "printed-cells"):
        row, column, rowspan, colspan = (int(_text(solution[key])) for key in ("row", "column", "rowspan", "colspan"))
        cell = ReprintedCell(_text(solution["text"]), row, column, rowspan, colspan, _text(solution["role"]))
        cells.setdefault(_text(solution["table"]), []).append(cell)
    tables = [
        ReprintedTable(
            iri.rpartition("/")[2],
            _text(row["title"]),
            _text(row["number"]) or None,
            _text(row["unit"]) or None,
            _text(row["kind"]).rpartition("/")[2],
            int(_text(row["rows"])),
            int(_text(row["columns"])),
            tuple(sorted(cells.get(iri, ()), key=lambda c: (c.row, c.column))),
        )
        for row in select(store, "printed-tables")
        for iri in [_text(row["table"])]
    ]
    if not tables:
        raise SourceError(
            f"{name}: holds no printed table. Give RDF with its provenance graph, as `budgetgraph convert` writes it."
        )
    return tables


def to_csv(table: ReprintedTable) -> str:
    """Return the table's rows as CSV (RFC 4180)."""
    output = StringIO()
    csv.writer(output).writerows(table.matrix())
    return output.getvalue()


def to_html(tables: list[ReprintedTable]) -> str:
    """Return one self-contained page with all tables."""
    return "".join(_html(tables))


def _html(tables: list[ReprintedTable]) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8"><title>'
    yield escape(tables[0].title)
    yield (
        "</title><style>table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #888;padding:.2em .5em}"
        ".amount{text-align:right;font-variant-numeric:tabular-nums}</style></head><body>\n"
    )
    for table in tables:
        caption = "<br/>".join(escape(line) for line in (table.number, table.title, table.unit) if line)
        yield f'<table id="{table.id}"><caption>{caption}</caption>\n'
        placed = {(c.row, c.column): c for c in table.cells}
        covered = {
            (c.row + r, c.column + k) for c in table.cells for r in range(c.rowspan) for k in range(c.colspan) if r or k
        }
        for row in range(1, table.rows + 1):
            yield "<tr>"
            for column in range(1, table.columns + 1):
                cell = placed.get((row, column))
                if cell is None:
                    yield "" if (row, column) in covered else "<td></td>"
                    continue
                tag = "th" if cell.role in {"header", "column-number"} else "td"
                spans = "".join(
                    f' {name}="{n}"' for name, n in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if n > 1
                )
                css = ' class="amount"' if cell.role == "amount" else ""
                yield f"<{tag}{spans}{css}>{escape(cell.text)}</{tag}>"
            yield "</tr>\n"
        yield "</table>\n"
    yield "</body></html>\n"


def number_format(text: str) -> str | None:
    """Return the spreadsheet format under which a number shows as printed, or None when no format does.

    >>> number_format("1,465.28"), number_format("841.5700"), number_format("212"), number_format("-")
    ('#,##0.00', '0.0000', '0', None)
    """
    number = parse_number(text)
    if number is None or number.state == "dash" or len(re.sub(r"\D", "", text)) > SPREADSHEET_DIGITS:
        return None
    whole = "#,##0" if "," in text else "0"
    return f"{whole}.{'0' * number.places}" if number.places else whole


def to_xlsx(tables: list[ReprintedTable]) -> bytes:
    """Return a workbook with one sheet for each table; numbers are numbers that show as printed."""
    import xlsxwriter  # 0.4 s that only this format pays

    output = BytesIO()
    book = xlsxwriter.Workbook(output, {"in_memory": True})
    formats: dict[str, object] = {}
    for table in tables:
        sheet = book.add_worksheet(table.id)
        sheet.write_string(0, 0, table.title)
        sheet.write_string(1, 0, " ".join(filter(None, (table.number, table.unit))))
        for cell in table.cells:
            row, column = cell.row + 1, cell.column - 1
            shape = number_format(cell.text) if cell.role == "amount" else None
            if cell.rowspan > 1 or cell.colspan > 1:
                sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, cell.text)
            elif shape is None:
                sheet.write_string(row, column, cell.text)
            else:
                if shape not in formats:
                    formats[shape] = book.add_format({"num_format": shape})
                sheet.write_number(row, column, float(cell.text.replace(",", "")), formats[shape])
    book.close()
    return output.getvalue()
