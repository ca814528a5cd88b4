"""`/def`: the vocabulary for people and for machines."""

import io
from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox
from flask import Blueprint, Response, request

from budgetgraph.ontology.files import ontology_files
from budgetgraph.ontology.namespaces import ONTOLOGY, PREFIXES
from budgetgraph.server.backend import backend
from budgetgraph.server.delivery import deliver, render_page
from budgetgraph.server.formats import HTML, PAGE_GRAPH_FORMATS, Format
from budgetgraph.server.languages import best_label
from budgetgraph.server.negotiation import choose_format
from budgetgraph.server.structured_data import term_set
from budgetgraph.server.syntaxes import SYNTAXES
from budgetgraph.server.terms import Term
from budgetgraph.server.vocabulary.definitions import Definition, read_triples, read_vocabulary
from budgetgraph.server.vocabulary.diagrams import Diagram, draw, name_of
from budgetgraph.server.vocabulary.groups import read_groups

vocabulary = Blueprint("vocabulary", __name__)


@vocabulary.get("/def", defaults={"extension": None})
@vocabulary.get("/def.<extension>")
def definitions(extension: str | None) -> Response:
    """Return the vocabulary: a page, or its statements."""
    chosen = choose_format(request.headers.get("Accept"), extension, (HTML, *PAGE_GRAPH_FORMATS))
    if chosen is not HTML:
        return deliver(chosen, lambda: Response(_serialized(chosen), content_type=chosen.content_type))
    return deliver(HTML, _page)


@vocabulary.get("/def/diagrams")
def diagrams() -> Response:
    """Return drawings of the classes of each group, and the same in words."""
    return deliver(
        HTML,
        lambda: render_page(
            "vocabulary/diagrams.html", diagrams=_drawn(), name_of=name_of, vocabulary=read_vocabulary()
        ),
    )


def _drawn() -> Mapping[str, Diagram]:
    """Return the diagrams by group, those that show something."""
    return {group.key: drawn for group in read_groups() if (drawn := draw(group))}


def _page() -> Response:
    groups, known = read_groups(), read_vocabulary()
    title, description = (best_label(known.about[name]) for name in ("title", "description"))
    return render_page(
        "vocabulary/definitions.html",
        structured=[term_set(ONTOLOGY, "/def", title.value, description.value)] if title and description else [],
        iri=ONTOLOGY,
        vocabulary=known,
        groups=groups,
        drawn=_drawn().keys(),
        schemes={row["scheme"] for row in backend().select("list-schemes")},
        examples=_examples(),
        of_class=_by_class([*known.terms.values()]),
        name_of=name_of,
        formats=PAGE_GRAPH_FORMATS,
    )


def _examples() -> Mapping[str, tuple[Term, str]]:
    """Return for each class that the data of the release has something of: one resource, and what it is called."""
    examples: dict[str, Term] = {}
    labels: dict[str, list[Term]] = {}
    for row in backend().select("list-examples"):
        examples[row["class"].value] = row["example"]
        labels.setdefault(row["class"].value, []).extend([row["label"]] if "label" in row else [])
    named = {name: best_label(found) for name, found in labels.items()}
    return {name: (term, label.value if (label := named[name]) else term.short()) for name, term in examples.items()}


def _by_class(terms: list[Definition]) -> Mapping[str, Mapping[str, list[Definition]]]:
    """Return for each class the properties it has ("domain"), and those that lead to it ("range")."""
    found: dict[str, dict[str, list[Definition]]] = {}
    for each in terms:
        for name, classes in (("domain", each.domain), ("range", each.range)):
            for term in classes:
                found.setdefault(term.value, {}).setdefault(name, []).append(each)
    return found


@cache
def _serialized(chosen: Format) -> bytes:
    """Return the vocabulary and its structures in one of the formats."""
    output = io.BytesIO()
    ox.serialize(read_triples(ontology_files()), output, SYNTAXES[chosen.name], prefixes=PREFIXES)
    return output.getvalue()
