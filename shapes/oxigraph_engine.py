"""The native engine: the shapes' own queries, each run once by Oxigraph; simple core constraints by lookup.

pySHACL runs a query once for each focus node. A query of plain patterns that groups by `$this` gives the same
solutions when it is run once with `?this` unbound, beside the pattern of its target class; the shapes keep to that
form. What this engine does not know it refuses, and never skips.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import Finding
from budgetgraph.shapes.exceptions import EngineError
from budgetgraph.shapes.results import Value
from budgetgraph.shapes.rules import Rule, Shapes, fill

SH = PREFIXES["sh"]
_RDF = PREFIXES["rdf"]

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

#: Lexical forms of the datatypes that the shapes ask for: sh:datatype also refuses ill-typed literals (SHACL, 4.1.2).
_LEXICAL_FORMS: Mapping[str, re.Pattern[str]] = {
    f"{PREFIXES['xsd']}decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII),
    f"{PREFIXES['xsd']}integer": re.compile(r"[+-]?\d+", re.ASCII),
    f"{PREFIXES['xsd']}boolean": re.compile(r"true|false|1|0"),
}
_ANY = re.compile(r".*", re.DOTALL)

#: Properties of a shape that state no constraint.
_DESCRIPTIVE = frozenset(("path", "name", "description", "severity", "message", "property", "targetClass"))
_NODE_KINDS: Mapping[str, tuple[type, ...]] = {
    "IRI": (ox.NamedNode,),
    "Literal": (ox.Literal,),
    "BlankNode": (ox.BlankNode,),
    "BlankNodeOrIRI": (ox.BlankNode, ox.NamedNode),
}


def find(document: Document, shapes: Shapes) -> list[Finding]:
    """Return the findings of all rules. Raises EngineError for a constraint this engine does not know."""
    found: list[Finding] = []
    core = _shapes_store(shapes)
    for rule in shapes.rules.values():
        found += _queried(document, rule, shapes.prologue) if rule.query else _looked_up(document, rule, core)
    return found


def _queried(document: Document, rule: Rule, prologue: str) -> Iterator[Finding]:
    query = f"{prologue}SELECT * WHERE {{ ?this a <{rule.target}> . {{ {rule.query} }} }}"
    try:
        solutions = document.store.query(query)
    except SyntaxError as error:
        raise EngineError(f"{document.name}: the query of {rule.id} is not SPARQL: {error}") from error
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  # sh:select is a SELECT
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        bound = {name: solution[name] for name in names if solution[name] is not None}
        path, value = bound.get("path"), bound.get("value", bound["this"])
        yield Finding(
            rule=rule.id,
            focus=_text(bound["this"]),
            path=path.value if isinstance(path, ox.NamedNode) else None,
            value=_value(value),
            component=f"{SH}SPARQLConstraintComponent",
            messages=fill(rule.messages, {name: _text(term) for name, term in bound.items()}),
        )


def _looked_up(document: Document, rule: Rule, shapes: ox.Store) -> Iterator[Finding]:
    shape = ox.NamedNode(rule.iri)
    path = _one(shapes, shape, "path")
    if path is None:
        raise EngineError(f"shape {rule.id} has neither a query nor a path")
    constraints = _constraints(shapes, shape, rule)
    shown = path.value if isinstance(path, ox.NamedNode) else None
    for focus in _focus_nodes(document, rule):
        values = list(dict.fromkeys(_values(document.store, shapes, focus, path)))
        for component, failing in constraints:
            for value in failing(values):
                yield Finding(
                    rule.id,
                    _text(focus),
                    shown,
                    None if value is None else _value(value),
                    f"{SH}{component}ConstraintComponent",
                    rule.messages,
                )


def _focus_nodes(document: Document, rule: Rule) -> Iterator[Node]:
    members = document.store.quads_for_pattern(None, ox.NamedNode(f"{_RDF}type"), ox.NamedNode(rule.target))
    for member in members:
        if not rule.on_observations:
            yield member.subject
            continue
        of_data_set = ox.NamedNode(f"{PREFIXES['qb']}dataSet")
        for quad in document.store.quads_for_pattern(None, of_data_set, member.subject):
            yield quad.subject


_Check = Callable[[list[Node]], Iterator[Node | None]]


def _constraints(shapes: ox.Store, shape: ox.NamedNode, rule: Rule) -> list[tuple[str, _Check]]:
    """Return name of the component and check of each constraint of a property shape (SHACL, 4)."""
    found: list[tuple[str, _Check]] = []
    for quad in shapes.quads_for_pattern(shape, None, None):
        name = quad.predicate.value.removeprefix(SH)
        stated = _text(quad.object)
        if not quad.predicate.value.startswith(SH) or name in _DESCRIPTIVE:
            continue
        if name not in _CHECKS:
            raise EngineError(f"shape {rule.id} states sh:{name}, which this engine does not know; use pyshacl")
        found.append((name[0].upper() + name[1:], _CHECKS[name](stated)))
    return found


def _min_count(stated: str) -> _Check:
    return lambda values: iter([None] if len(values) < int(stated) else [])


def _max_count(stated: str) -> _Check:
    return lambda values: iter([None] if len(values) > int(stated) else [])


def _datatype(stated: str) -> _Check:
    form = _LEXICAL_FORMS.get(stated, _ANY)

    def has(value: Node) -> bool:
        return isinstance(value, ox.Literal) and value.datatype.value == stated and bool(form.fullmatch(value.value))

    return lambda values: (value for value in values if not has(value))


def _node_kind(stated: str) -> _Check:
    kinds = _NODE_KINDS[stated.removeprefix(SH)]
    return lambda values: (value for value in values if not isinstance(value, kinds))


def _min_exclusive(stated: str) -> _Check:
    limit = Decimal(stated)

    def above(value: Node) -> bool:
        try:
            return isinstance(value, ox.Literal) and Decimal(value.value) > limit
        except InvalidOperation:
            return False

    return lambda values: (value for value in values if not above(value))


_CHECKS: Mapping[str, Callable[[str], _Check]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minExclusive": _min_exclusive,
}


def _values(data: ox.Store, shapes: ox.Store, focus: Node, path: Node) -> Iterator[Node]:
    """Yield the value nodes of a path: a predicate, a sequence, or an inverse path (SHACL, 2.3.1)."""
    if isinstance(path, ox.NamedNode):
        if isinstance(focus, ox.NamedNode | ox.BlankNode):
            yield from (quad.object for quad in data.quads_for_pattern(focus, path, None))
        return
    inverse = _one(shapes, path, "inversePath")
    if isinstance(inverse, ox.NamedNode):
        if not isinstance(focus, ox.Triple):
            yield from (quad.subject for quad in data.quads_for_pattern(None, inverse, focus))
        return
    first = _one(shapes, path, "first", _RDF)
    rest = _one(shapes, path, "rest", _RDF)
    if first is None or rest is None:
        raise EngineError(f"the path {path} is none this engine knows; use pyshacl")
    for step in _values(data, shapes, focus, first):
        if rest == ox.NamedNode(f"{_RDF}nil"):
            yield step
        else:
            yield from _values(data, shapes, step, rest)


def _one(store: ox.Store, subject: Node, name: str, namespace: str = SH) -> Node | None:
    if not isinstance(subject, ox.NamedNode | ox.BlankNode):
        return None
    quad = next(store.quads_for_pattern(subject, ox.NamedNode(namespace + name), None), None)
    return quad.object if quad else None


@lru_cache(maxsize=4)
def _shapes_store(shapes: Shapes) -> ox.Store:
    store = ox.Store()
    for path in shapes.files:
        store.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    return store


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


def _value(term: Node) -> Value:
    if isinstance(term, ox.Literal):
        return Value(term.value, False, None if term.language else term.datatype.value, term.language)
    return Value(_text(term))
