"""The constraints of SHACL Core that the shapes use, as checks of value nodes (https://www.w3.org/TR/shacl/#core-components)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.paths import Node

#: Value nodes of one focus node -> those that fail; None where the constraint is about their number.
Check = Callable[[Sequence[Node]], Iterator[Node | None]]

#: Lexical forms of the datatypes that the shapes ask for: sh:datatype also refuses ill-typed literals (SHACL, 4.1.2).
_LEXICAL_FORMS: Mapping[str, re.Pattern[str]] = {
    f"{PREFIXES['xsd']}decimal": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII),
    f"{PREFIXES['xsd']}integer": re.compile(r"[+-]?\d+", re.ASCII),
    f"{PREFIXES['xsd']}boolean": re.compile(r"true|false|1|0"),
    f"{PREFIXES['xsd']}string": re.compile(r".*", re.DOTALL),
}
_NODE_KINDS: Mapping[str, tuple[type, ...]] = {
    "IRI": (ox.NamedNode,),
    "Literal": (ox.Literal,),
    "BlankNode": (ox.BlankNode,),
    "BlankNodeOrIRI": (ox.BlankNode, ox.NamedNode),
    "BlankNodeOrLiteral": (ox.BlankNode, ox.Literal),
    "IRIOrLiteral": (ox.NamedNode, ox.Literal),
}


def _min_count(stated: str) -> Check:
    return lambda values: iter([None] if len(values) < int(stated) else [])


def _max_count(stated: str) -> Check:
    return lambda values: iter([None] if len(values) > int(stated) else [])


def _datatype(stated: str) -> Check | None:
    form = _LEXICAL_FORMS.get(stated)
    if form is None:
        return None

    def has(value: Node) -> bool:
        return isinstance(value, ox.Literal) and value.datatype.value == stated and bool(form.fullmatch(value.value))

    return lambda values: (value for value in values if not has(value))


def _node_kind(stated: str) -> Check | None:
    kinds = _NODE_KINDS.get(stated.removeprefix(PREFIXES["sh"]))
    if kinds is None:
        return None
    return lambda values: (value for value in values if not isinstance(value, kinds))


def _min_exclusive(stated: str) -> Check:
    limit = Decimal(stated)

    def above(value: Node) -> bool:
        try:
            return isinstance(value, ox.Literal) and Decimal(value.value) > limit
        except InvalidOperation:
            return False

    return lambda values: (value for value in values if not above(value))


_CHECKS: Mapping[str, Callable[[str], Check | None]] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "datatype": _datatype,
    "nodeKind": _node_kind,
    "minExclusive": _min_exclusive,
}


def check(name: str, stated: str) -> Check | None:
    """Return the check of a constraint, "minCount" with "1"; None if it is not known here."""
    make = _CHECKS.get(name)
    return make(stated) if make else None
