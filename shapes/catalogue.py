"""The shapes of a folder: their files, the rules in them, and a hash of it all."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.constraints import check
from budgetgraph.shapes.exceptions import ShapeError
from budgetgraph.shapes.paths import Node, UnknownPathError, check_path, text_of
from budgetgraph.shapes.results import Severity
from budgetgraph.shapes.rules import SHAPE_BASE, Rule

#: A wheel is always unpacked when it is installed, so this holds there too, and costs no import.
FOLDER = Path(__file__).resolve().parent

_SH = PREFIXES["sh"]
#: Properties of a shape that state no constraint.
DESCRIPTIVE = frozenset(("path", "name", "description", "severity", "message", "property", "sparql", "targetClass"))
_TARGETS = frozenset(("target", "targetNode", "targetObjectsOf", "targetSubjectsOf"))


class Shapes:
    """The shape files of a folder."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self.files = files

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 over names and contents of the files: another report may differ if this does."""
        digest = hashlib.sha256()
        for path in self.files:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()

    @cached_property
    def store(self) -> ox.Store:
        """Return all files as one graph."""
        store = ox.Store()
        for path in self.files:
            store.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
        return store

    @cached_property
    def prologue(self) -> str:
        """Return the prefixes of the queries as SPARQL."""
        declared = self.store.quads_for_pattern(None, ox.NamedNode(f"{_SH}namespace"), None)
        prefixes = {self._text(quad.subject, "prefix"): text_of(quad.object) for quad in declared}
        return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(prefixes.items()))

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Return all rules by their IDs, in the order of the files.

        Raises ShapeError for a shape that no rule can stand for.
        """
        found = [rule for path in self.files for rule in self._rules(path)]
        return {rule.id: rule for rule in found}

    def _rules(self, path: Path) -> Iterator[Rule]:
        """Yield the rules of a file: node shapes with a query, and property shapes without shapes of their own."""
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            name = quad.predicate.value.removeprefix(_SH)
            if name != "targetClass":
                self._check_target(quad, path)
                continue
            if len(list(self._objects(quad.subject, "targetClass"))) > 1:
                raise ShapeError(f"{path.name}: {quad.subject} has several target classes; make a shape for each")
            queries, inner, unknown = self._contents(quad.subject, path)
            if queries or unknown:
                yield self._rule(quad.subject, text_of(quad.object), (), path)
            for each in inner:
                yield from self._properties(each, text_of(quad.object), (), path)

    def _check_target(self, quad: ox.Quad, path: Path) -> None:
        """Raise ShapeError for a node shape that no class and no other shape leads to: it would check nothing here."""
        if quad.object != ox.NamedNode(f"{_SH}NodeShape") or self._text(quad.subject, "targetClass"):
            return
        if other := [f"sh:{name}" for name in sorted(_TARGETS) if self._text(quad.subject, name)]:
            raise ShapeError(f"{path.name}: {quad.subject} states {other[0]}; give it an sh:targetClass instead")
        if next(self.store.quads_for_pattern(None, None, quad.subject), None) is None:
            raise ShapeError(f"{path.name}: {quad.subject} has no target, so it checks nothing; add sh:targetClass")

    def _properties(
        self, shape: Node, target: str, outer: tuple[str, ...], path: Path, around: tuple[str, ...] = ()
    ) -> Iterator[Rule]:
        """Yield the rules of a property shape. `around`: what is not known of the paths to its focus nodes."""
        queries, inner, unknown = self._contents(shape, path)
        deeper = around or tuple(name for name in unknown if name == "sh:path")
        for each in inner:
            yield from self._properties(each, target, (*outer, text_of(shape)), path, deeper)
        if queries or unknown or not inner:
            yield self._rule(shape, target, outer, path, around)

    def _contents(self, shape: Node, path: Path) -> tuple[list[Node], list[Node], tuple[str, ...]]:
        """Return queries, property shapes, and what the native engine does not know of a shape."""
        if not isinstance(shape, ox.NamedNode):
            raise ShapeError(f"{path.name}: a shape has no IRI; reports could not name it. Give it one")
        queries, inner = (list(self._objects(shape, name)) for name in ("sparql", "property"))
        stated = {
            quad.predicate.value.removeprefix(_SH): text_of(quad.object)
            for quad in self.store.quads_for_pattern(shape, None, None)
            if quad.predicate.value.startswith(_SH)
        }
        has_path = "path" in stated
        known = DESCRIPTIVE | {name for name, value in stated.items() if has_path and check(name, value)}
        unknown = [f"sh:{name}" for name in sorted(stated) if name not in known]
        if len(queries) > 1 or (queries and has_path):
            unknown.append("sh:sparql")
        for described in self._objects(shape, "path"):
            try:
                check_path(self.store, described)
            except UnknownPathError:
                unknown.append("sh:path")
        return queries, inner, tuple(unknown)

    def _rule(self, shape: Node, target: str, outer: tuple[str, ...], path: Path, around: tuple[str, ...] = ()) -> Rule:
        queries, _, own = self._contents(shape, path)
        unknown = around or own
        constraint = queries[0] if queries and not unknown else None
        severity = self._text(shape, "severity").removeprefix(_SH) or Severity.VIOLATION
        return Rule(
            id=text_of(shape).removeprefix(SHAPE_BASE),
            iri=text_of(shape),
            severity=Severity(severity),
            names=self._texts(shape, "name"),
            descriptions=self._texts(shape, "description"),
            messages=self._texts(constraint or shape, "message"),
            target=target,
            outer=outer,
            query=self._text(constraint, "select") if constraint else None,
            unknown=unknown,
            file=path.name,
        )

    def _objects(self, subject: Node, name: str) -> Iterator[Node]:
        if isinstance(subject, ox.NamedNode | ox.BlankNode):
            for quad in self.store.quads_for_pattern(subject, ox.NamedNode(_SH + name), None):
                yield quad.object

    def _text(self, subject: Node, name: str) -> str:
        return next((text_of(o) for o in self._objects(subject, name)), "")

    def _texts(self, subject: Node, name: str) -> dict[str, str]:
        literals = [o for o in self._objects(subject, name) if isinstance(o, ox.Literal)]
        return {o.language: o.value for o in literals if o.language}


#: The shapes over several documents, a set of its own.
ACROSS = "across-documents.ttl"


def shape_files() -> list[Path]:
    """Return the shapes of a document that ship, as Turtle files, for all that loads or publishes them."""
    return sorted(path for path in FOLDER.glob("*.ttl") if path.name != ACROSS)


@cache
def shipped_shapes() -> Shapes:
    """Return the shapes that ship."""
    return Shapes(tuple(shape_files()))
