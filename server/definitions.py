"""The terms of the vocabulary, read from its files, for the page that explains them."""

from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox

from budgetgraph.ontology.files import ontology_files
from budgetgraph.ontology.namespaces import BUD_BASE, PREFIXES
from budgetgraph.server.terms import Term

_RDFS = PREFIXES["rdfs"]
_TYPE = f"{PREFIXES['rdf']}type"
_RELATIONS = {
    f"{_RDFS}subClassOf": "above",
    f"{_RDFS}subPropertyOf": "above",
    f"{_RDFS}domain": "domain",
    f"{_RDFS}range": "range",
}


@dataclass(slots=True)
class Definition:
    """A term of the vocabulary.

    kind     "classes" | "properties" | "individuals"
    related  "above" | "domain" | "range" -> IRIs
    """

    term: Term
    kind: str = "individuals"
    labels: list[Term] = field(default_factory=list)
    comments: list[Term] = field(default_factory=list)
    related: dict[str, list[Term]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name behind the `#`, which is the term's anchor on the page."""
        return self.term.value.removeprefix(BUD_BASE)


@cache
def read_definitions() -> tuple[Definition, ...]:
    """Return the terms of the vocabulary, by name."""
    found: dict[str, Definition] = {}
    for path in ontology_files():
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BUD_BASE):
                iri = quad.subject.value
                _add(found.setdefault(iri, Definition(Term("uri", iri))), quad)
    return tuple(sorted((d for d in found.values() if d.labels), key=lambda d: d.name.lower()))


def _add(definition: Definition, quad: ox.Quad) -> None:
    predicate, value = quad.predicate.value, quad.object
    if isinstance(value, ox.Literal):
        text = Term("literal", value.value, value.language)
        if predicate == f"{_RDFS}label":
            definition.labels.append(text)
        elif predicate == f"{_RDFS}comment":
            definition.comments.append(text)
    elif isinstance(value, ox.NamedNode):
        if predicate == _TYPE and value.value.endswith("Class"):
            definition.kind = "classes"
        elif predicate == _TYPE and value.value.endswith("Property"):
            definition.kind = "properties"
        elif predicate in _RELATIONS:
            definition.related.setdefault(_RELATIONS[predicate], []).append(Term("uri", value.value))
