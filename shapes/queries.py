"""Queries over a document: compiled functions over its facts, else Oxigraph over its store."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pyoxigraph as ox

from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.exceptions import EngineError, NotCompiledError
from budgetgraph.shapes.needs import relevant
from budgetgraph.shapes.sparql_parser import parse
from budgetgraph.shapes.sparql_queries import compiled
from budgetgraph.shapes.sparql_terms import Value, term_of, value_of


@dataclass(frozen=True, slots=True)
class Solutions:
    """What a SELECT finds: its variables, and rows of their values, None where there is none."""

    variables: Sequence[str]
    rows: Iterable[Sequence[Value]]


def solutions(document: Document, query: str) -> Solutions:
    """Return what a SELECT finds in a document. Raises EngineError when it is no SPARQL."""
    if document.facts is not None and (known := compiled(query)) is not None:
        with suppress(NotCompiledError):
            return Solutions(known.variables, known.rows(document.facts))
    return asked(document, query)


def constructed(document: Document, query: str) -> bytes:
    """Return as N-Triples, sorted, what a CONSTRUCT makes of a document; its text has WHERE once."""
    head, where = query.split("WHERE")
    prologue, template = head.split("CONSTRUCT")
    found = solutions(document, f"{prologue}SELECT * WHERE {where}")
    statements = [each[1:] for each in parse(f"{prologue}SELECT * {template}").where]
    made = set()
    for row in found.rows:
        values = dict(zip(found.variables, row, strict=True))
        for statement in statements:
            terms = [values.get(name) if kind == "var" else name for kind, name in statement]
            if None not in terms:
                made.add(" ".join(str(term_of(term)) for term in terms) + " .\n")
    return "".join(sorted(made)).encode()


def asked(document: Document, query: str) -> Solutions:
    """Return what a SELECT finds in a document, as Oxigraph says. Raises EngineError when it is no SPARQL."""
    try:
        # A document has its default graph only; asked so, Oxigraph does not compare graphs.
        found = document.store.query(relevant(query, document.names), use_default_graph_as_union=True)
    except SyntaxError as error:
        raise EngineError(f"{document.name}: a query is not SPARQL: {error}") from error
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101  # sh:select is a SELECT
    names = [variable.value for variable in found.variables]
    rows = ([None if term is None else value_of(term) for term in solution] for solution in found)
    return Solutions(names, rows)
