"""`/codes`: all code lists of a release; and what the pages of a list and of a concept show of the tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response

from budgetgraph.ontology.namespaces import CODE_BASE
from budgetgraph.server.backend import backend
from budgetgraph.server.codes.trees import Tree, read_tree
from budgetgraph.server.delivery import deliver, render_page
from budgetgraph.server.formats import HTML
from budgetgraph.server.hierarchy import above
from budgetgraph.server.query_files import read_query
from budgetgraph.server.terms import Row, Term

codes = Blueprint("codes", __name__)


@dataclass(slots=True)
class CodeList:
    """A code list: its editions by year, newest first; counts of an edition, or of the list where it has none."""

    term: Term
    labels: set[Term] = field(default_factory=set)
    editions: list["CodeList"] = field(default_factory=list)
    concepts: int = 0
    observed: int = 0


@codes.get("/codes")
def list_codes() -> Response:
    """Return the code lists of the release."""
    return deliver(HTML, lambda: render_page("codes/lists.html", lists=read_lists()))


def read_lists() -> list[CodeList]:
    """Return the code lists of the release; those that change from year to year with their editions."""
    found: dict[Term, CodeList] = {}
    umbrellas: dict[Term, Term] = {}
    for row in backend().select("list-schemes"):
        each = found.setdefault(row["scheme"], CodeList(row["scheme"]))
        if "label" in row:
            each.labels.add(row["label"])
        if "umbrella" in row:
            umbrellas[row["scheme"]] = row["umbrella"]
    for row in backend().select("count-concepts"):
        if row["scheme"] in found:
            each, number = found[row["scheme"]], int(row["concepts"].value)
            each.concepts += number
            each.observed += number if row["status"].value == "observed" else 0
    for edition, umbrella in sorted(umbrellas.items(), key=lambda item: item[0].value, reverse=True):
        if umbrella in found:
            found[umbrella].editions.append(found.pop(edition))
    return list(found.values())


def portray_scheme(iri: str) -> Mapping[str, Any]:
    """Return the tree of a code list; of a list that changes from year to year, its editions instead."""
    editions = _by_year(backend().select("list-editions", this=iri))
    is_umbrella = bool(editions) and all(each["term"].value != iri for each in editions)
    return {
        "tree": Tree([], 0, 0, is_open=False) if is_umbrella else read_tree(iri),
        "editions": editions,
        "graph": _graph(iri),
        "crumbs": [],
    }


def portray_concept(iri: str) -> Mapping[str, Any]:
    """Return what is below a concept, what is above it, and the same code in other years."""
    editions = _by_year(backend().select("list-editions", this=iri))
    return {
        "tree": read_tree(iri),
        "editions": editions,
        "graph": None,
        "crumbs": [*_lists_of(iri), *above("list-broader", iri)],
    }


def _graph(iri: str) -> str | None:
    """Return the path of the graph that has the whole list, None where there is none."""
    path, base = f"graph/codes/{iri.removeprefix(CODE_BASE)}", backend().release().metadata.base
    found = b"".join(backend().evaluate(read_query("is-graph"), "csv", {"graph": base + path}))
    return f"/{path}" if b"true" in found else None


def _lists_of(iri: str) -> list[dict[str, Any]]:
    """Return the code list that a concept's IRI stands below, with its names, as the first of its crumbs."""
    rows = [row for row in backend().select("list-schemes") if iri.rpartition("/")[0] == row["scheme"].value]
    return [{"term": rows[0]["scheme"], "labels": {row["label"] for row in rows if "label" in row}}] if rows else []


def _by_year(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the editions of a list or code that are of a year, each once: its term, year and labels."""
    found: dict[Term, dict[str, Any]] = {}
    for row in rows:
        if year := row.get("ofList") or row.get("ofCode"):
            of_year = {"term": row["edition"], "year": year.value.rpartition("/")[2], "labels": set()}
            entry = found.setdefault(row["edition"], of_year)
            if "label" in row:
                entry["labels"].add(row["label"])
    return list(found.values())
