"""The official tables, printed again from the graph alone.

Header and label cells come from the provenance graph; every amount comes from its observation. With each table come
the lines around it that say what it is, so that what is printed can be converted again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from itertools import groupby
from pathlib import Path

import pyoxigraph

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.labels import fold
from budgetgraph.converter.sources.search import ENDINGS

#: What stands before the name of a body on the title page, and above a table.
BODY, BODY_OF_TABLE = "部门名称：", "单位名称："

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
    """A table as the graph gives it back.

    unit   the unit line as printed
    body   whose figures it has, where that is not the publication's body and no cell or line of the table says it
    notes  the lines below it
    """

    id: str
    title: str
    number: str | None
    unit: str | None
    kind: str
    rows: int
    columns: int
    cells: tuple[ReprintedCell, ...]
    body: str | None = None
    notes: tuple[str, ...] = ()

    def matrix(self) -> list[list[str]]:
        """Return the texts row by row; blank cells are empty strings."""
        texts = [[""] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            texts[cell.row - 1][cell.column - 1] = cell.text
        return texts

    def heading(self) -> tuple[str, str, str]:
        """Return the three lines above the table: number, title, body and unit; "" where one is not printed."""
        whose = f"{BODY_OF_TABLE}{self.body}" if self.body else ""
        return self.number or "", self.title, " ".join(filter(None, (whose, self.unit)))


@dataclass(frozen=True, slots=True)
class ReprintedPublication:
    """The tables of one document.

    body   its name where the title does not say it
    forms  titles of what is printed in no table: forms, which are not official tables
    """

    title: str
    body: str | None
    tables: tuple[ReprintedTable, ...]
    forms: tuple[str, ...] = ()

    def front(self) -> tuple[str, ...]:
        """Return the lines of the title page."""
        return (self.title, f"{BODY}{self.body}") if self.body else (self.title,)


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
    text = (resources.files("budgetgraph.converter.reprint") / "queries" / f"{name}.rq").read_text("utf-8")
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)  # noqa: S101  # the queries are SELECT
    return solutions


def _text(term: object) -> str:
    return str(getattr(term, "value", ""))


def read_publications(store: pyoxigraph.Store, name: str) -> list[ReprintedPublication]:
    """Return the documents that a graph holds with their official tables, in printed order.

    Raises SourceError when the graph holds no official table.
    """
    cells: dict[str, list[ReprintedCell]] = {}
    for row in select(store, "printed-cells"):
        number, column, rowspan, colspan = (int(_text(row[key])) for key in ("row", "column", "rowspan", "colspan"))
        cell = ReprintedCell(_text(row["text"]), number, column, rowspan, colspan, _text(row["role"]))
        cells.setdefault(_text(row["table"]), []).append(cell)
    notes: dict[str, list[str]] = {}
    for row in select(store, "printed-notes"):
        notes.setdefault(_text(row["table"]), []).append(_text(row["note"]))
    bodies: dict[str, dict[str, str]] = {}
    for row in select(store, "printed-bodies"):
        bodies.setdefault(_text(row["table"]), {})[_text(row["body"])] = _text(row["name"])
    rows = {_text(row["table"]): row for row in select(store, "printed-tables")}
    publications = []
    for _, printed in groupby(rows.items(), key=lambda item: _text(item[1]["document"])):
        tables, forms = [], []
        for iri, row in printed:
            if _text(row["official"]) == "true":
                tables.append(_table(iri, row, cells.get(iri, []), bodies.get(iri, {}), notes.get(iri, [])))
            else:
                forms.append(_text(row["title"]))
        if tables:
            title, body = _text(row["documentTitle"]), _text(row["bodyName"])
            named = fold(body) in fold(title) or Path(body).suffix.lower() in ENDINGS  # a source that names no body
            forms = list(dict.fromkeys(forms))
            publications.append(ReprintedPublication(title, None if named else body, tuple(tables), tuple(forms)))
    if not publications:
        raise SourceError(
            f"{name}: holds no printed table. Give RDF with its provenance graph, as `budgetgraph convert` writes it."
        )
    return publications


def _table(
    iri: str, row: pyoxigraph.QuerySolution, cells: list[ReprintedCell], bodies: dict[str, str], notes: list[str]
) -> ReprintedTable:
    """Return a table; `bodies` has the bodies of its figures by their IRIs."""
    title, unit = _text(row["title"]), _text(row["unit"])
    below = [note for note in (_text(row["empty"]), *notes) if note]
    return ReprintedTable(
        iri.rpartition("/")[2],
        title,
        _text(row["number"]) or None,
        unit or None,
        _text(row["kind"]).rpartition("/")[2],
        int(_text(row["rows"])),
        int(_text(row["columns"])),
        tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
        _other_body(bodies, _text(row["body"]), (title, unit, *(cell.text for cell in cells))),
        tuple(dict.fromkeys(below)),
    )


def _other_body(bodies: dict[str, str], own: str, lines: Iterable[str]) -> str | None:
    """Return the one body whose table it is, None where that is the document's or the table says it itself."""
    if len(bodies) != 1 or own in bodies:
        return None
    (name,) = bodies.values()
    return None if any(fold(name) in fold(line) for line in lines) else name


def read_tables(store: pyoxigraph.Store, name: str) -> list[ReprintedTable]:
    """Return the official tables of all documents that a graph holds; see `read_publications`."""
    return [table for publication in read_publications(store, name) for table in publication.tables]
