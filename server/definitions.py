"""The rules of validation, read from their files, for the page that explains them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.server.terms import Term
from budgetgraph.shapes.catalogue import shape_files
from budgetgraph.shapes.rules import SHAPE_BASE

_RDF, _RDFS, _SH = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["sh"]
_TEXTS = {
    f"{_RDFS}label": "labels",
    f"{_RDFS}comment": "comments",
    f"{_SH}name": "labels",
    f"{_SH}description": "comments",
}
_RELATIONS = {
    f"{_RDFS}subClassOf": "above",
    f"{_RDFS}subPropertyOf": "above",
    f"{_RDFS}domain": "domain",
    f"{_RDFS}range": "range",
}


@dataclass(slots=True)
class Definition:
    """A term or a rule.

    name      what is behind the `#` of its IRI: its anchor on the page
    kind      "classes" | "properties" | "individuals"; of a rule "Violation" | "Warning" | "Info"
    related   "above" | "domain" | "range" -> IRIs
    """

    term: Term
    name: str
    kind: str
    labels: list[Term] = field(default_factory=list)
    comments: list[Term] = field(default_factory=list)
    related: dict[str, list[Term]] = field(default_factory=dict)


@cache
def read_rules() -> Mapping[str, list[Definition]]:
    """Return the rules of validation by severity and name. A shape without severity is a violation (SHACL, 2.1.4)."""
    return _by_kind(_read(shape_files(), SHAPE_BASE, "Violation"))


def read_triples(paths: list[Path]) -> Iterator[ox.Triple]:
    """Yield the statements of some Turtle files; blank nodes of different files are different."""
    for path in paths:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            yield quad.triple


def _by_kind(definitions: list[Definition]) -> Mapping[str, list[Definition]]:
    found: dict[str, list[Definition]] = {}
    for definition in sorted(definitions, key=lambda d: d.name.lower()):
        found.setdefault(definition.kind, []).append(definition)
    return found


def _read(paths: list[Path], namespace: str, kind: str) -> list[Definition]:
    """Return what the files define in a namespace and give a label."""
    found: dict[str, Definition] = {}
    for triple in read_triples(paths):
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(namespace):
            iri = triple.subject.value
            _add(found.setdefault(iri, Definition(Term("uri", iri), iri.removeprefix(namespace), kind)), triple)
    return [definition for definition in found.values() if definition.labels]


def _add(definition: Definition, triple: ox.Triple) -> None:
    predicate, value = triple.predicate.value, triple.object
    if isinstance(value, ox.Literal) and predicate in _TEXTS:
        text = Term("literal", value.value, value.language)
        (definition.labels if _TEXTS[predicate] == "labels" else definition.comments).append(text)
    elif isinstance(value, ox.NamedNode) and predicate in _RELATIONS:
        definition.related.setdefault(_RELATIONS[predicate], []).append(Term("uri", value.value))
    elif isinstance(value, ox.NamedNode) and predicate == f"{_SH}severity":
        definition.kind = value.value.removeprefix(_SH)
    elif isinstance(value, ox.NamedNode) and predicate == f"{_RDF}type":
        if value.value.endswith("Class"):
            definition.kind = "classes"
        elif value.value.endswith("Property"):
            definition.kind = "properties"
