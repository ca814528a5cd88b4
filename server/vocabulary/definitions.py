"""The terms of the vocabulary as values, read from the ontology's own files."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from budgetgraph.ontology.files import alignment_files, ontology_files
from budgetgraph.ontology.namespaces import BUD_BASE, ONTOLOGY, PREFIXES
from budgetgraph.server.terms import Term

_RDF, _RDFS, _OWL, _QB, _DCTERMS = (PREFIXES[name] for name in ("rdf", "rdfs", "owl", "qb", "dcterms"))
_NODE = ox.NamedNode | ox.BlankNode

#: Local name of an RDF class -> what a property of it is to the reader; the first that fits counts.
_ROLES: Mapping[str, str] = {
    "DimensionProperty": "dimension",
    "MeasureProperty": "measure",
    "AttributeProperty": "attribute",
    "ObjectProperty": "relation",
    "DatatypeProperty": "value-property",
}


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a data structure definition.

    kind  "dimension" | "measure" | "attribute" | "attribute-optional" | "attribute-of-data-set"
    """

    property: Term
    kind: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A term of the vocabulary.

    name        what is behind the `#` of its IRI: its anchor on the page
    role        "class" | "structure" | "dimension" | "measure" | "attribute" | "relation" | "value-property"
    above       classes or properties it is narrower than; `aligned` those that only an alignment names
    domain, range   classes; where the ontology states a union, all of them
    """

    term: Term
    name: str
    role: str
    labels: tuple[Term, ...]
    comments: tuple[Term, ...]
    above: tuple[Term, ...]
    aligned: tuple[Term, ...]
    domain: tuple[Term, ...]
    range: tuple[Term, ...]
    code_list: Term | None
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms by their IRIs, and what is said of the ontology itself: "title" | "description" -> texts."""

    terms: Mapping[str, Definition]
    about: Mapping[str, tuple[Term, ...]]
    version: str


@cache
def read_vocabulary() -> Vocabulary:
    """Return the terms that the ontology's files give a label, by name, with their alignments."""
    graph, aligned = _Graph(ontology_files()), _Graph(alignment_files())
    found = [graph.definition(node, aligned) for node in graph.terms()]
    this = ox.NamedNode(ONTOLOGY)
    return Vocabulary(
        {each.term.value: each for each in sorted(found, key=lambda each: each.name.lower())},
        {name: graph.texts(this, f"{_DCTERMS}{name}") for name in ("title", "description")},
        next((node.value for node in graph.objects(this, f"{_OWL}versionInfo")), ""),
    )


def read_triples(paths: Iterable[Path]) -> Iterator[ox.Triple]:
    """Yield the statements of some Turtle files; blank nodes of different files are different."""
    for path in paths:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            yield quad.triple


class _Graph:
    """The statements of some files, by subject and predicate."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._said: dict[ox.NamedNode | ox.BlankNode, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = {}
        for triple in read_triples(paths):
            if isinstance(triple.subject, _NODE) and isinstance(triple.object, _NODE | ox.Literal):
                said = self._said.setdefault(triple.subject, {})
                said.setdefault(triple.predicate.value, []).append(triple.object)

    def terms(self) -> Iterator[ox.NamedNode]:
        for node, said in self._said.items():
            if isinstance(node, ox.NamedNode) and node.value.startswith(BUD_BASE) and f"{_RDFS}label" in said:
                yield node

    def objects(self, node: object, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        return self._said[node].get(predicate, []) if isinstance(node, _NODE) and node in self._said else []

    def texts(self, node: object, predicate: str) -> tuple[Term, ...]:
        found = [o for o in self.objects(node, predicate) if isinstance(o, ox.Literal)]
        return tuple(Term("literal", literal.value, literal.language) for literal in found)

    def links(self, node: object, *predicates: str) -> tuple[Term, ...]:
        """Return the IRIs that the predicates lead to, those of a union one by one."""
        found = [o for predicate in predicates for o in self.objects(node, predicate)]
        return tuple(Term("uri", iri.value) for each in found for iri in self._members(each))

    def definition(self, node: ox.NamedNode, aligned: "_Graph") -> Definition:
        above = (f"{_RDFS}subClassOf", f"{_RDFS}subPropertyOf")
        return Definition(
            Term("uri", node.value),
            node.value.removeprefix(BUD_BASE),
            self._role(node),
            self.texts(node, f"{_RDFS}label"),
            self.texts(node, f"{_RDFS}comment"),
            self.links(node, *above),
            aligned.links(node, *above),
            self.links(node, f"{_RDFS}domain"),
            self.links(node, f"{_RDFS}range"),
            next(iter(self.links(node, f"{_QB}codeList")), None),
            tuple(self._components(node)),
        )

    def _role(self, node: ox.NamedNode) -> str:
        kinds = {each.value.replace("#", "/").rpartition("/")[2] for each in self.links(node, f"{_RDF}type")}
        if role := next((role for kind, role in _ROLES.items() if kind in kinds), None):
            return role
        return "class" if "Class" in kinds else "structure"

    def _components(self, node: ox.NamedNode) -> Iterator[Component]:
        """Yield the components of a structure: dimensions in their order, then the others as they stand."""
        parts = self.objects(node, f"{_QB}component")
        for kind in ("dimension", "measure", "attribute"):
            of_kind = [part for part in parts if self.objects(part, _QB + kind)]
            for part in sorted(of_kind, key=lambda each: int(self._text(each, "order") or 0)):
                yield Component(
                    self.links(part, _QB + kind)[0], kind + (self._use(part) if kind == "attribute" else "")
                )

    def _use(self, part: object) -> str:
        if self.objects(part, f"{_QB}componentAttachment"):
            return "-of-data-set"
        return "" if self._text(part, "componentRequired") == "true" else "-optional"

    def _text(self, node: object, name: str) -> str:
        return next((found.value for found in self.objects(node, _QB + name)), "")

    def _members(self, node: object) -> Iterator[ox.NamedNode]:
        if isinstance(node, ox.NamedNode):
            yield node
        for items in self.objects(node, f"{_OWL}unionOf"):
            cell: object = items
            while first := self.objects(cell, f"{_RDF}first"):
                yield from self._members(first[0])
                cell = self.objects(cell, f"{_RDF}rest")[0]
