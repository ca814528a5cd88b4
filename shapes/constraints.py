"""The constraints of SHACL Core that the shapes use, as checks of value nodes (https://www.w3.org/TR/shacl/#core-components)."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from budgetgraph.ontology.namespaces import PREFIXES
from budgetgraph.shapes.sparql_terms import BOOLEAN, DECIMAL, INTEGER, STRING, Value, datatype_of, text_of

#: Value nodes of one focus node -> those that fail; None where the constraint is about their number.
Check = Callable[[Sequence[Value]], Sequence[Value]]

#: Lexical forms of the datatypes that the shapes ask for: sh:datatype also refuses ill-typed literals (SHACL, 4.1.2).
_LEXICAL_FORMS: Mapping[str, re.Pattern[str]] = {
    DECIMAL: re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII),
    INTEGER: re.compile(r"[+-]?\d+", re.ASCII),
    BOOLEAN: re.compile(r"true|false|1|0"),
    STRING: re.compile(r".*", re.DOTALL),
}

#: Classes of values that have a datatype and a right form (`sparql_terms.py`).
_CLASSES: Mapping[str, type] = {DECIMAL: Decimal, INTEGER: int, BOOLEAN: bool}


def _kind(value: Value) -> str:
    if not isinstance(value, str) or value[0] == '"':
        return "Literal"
    return "IRI" if value[0] == "<" else "BlankNode"


_NODE_KINDS: Mapping[str, tuple[str, ...]] = {
    "IRI": ("IRI",),
    "Literal": ("Literal",),
    "BlankNode": ("BlankNode",),
    "BlankNodeOrIRI": ("BlankNode", "IRI"),
    "BlankNodeOrLiteral": ("BlankNode", "Literal"),
    "IRIOrLiteral": ("IRI", "Literal"),
}


def _min_count(stated: str) -> Check:
    least = int(stated)
    return lambda values: [None] if len(values) < least else []


def _max_count(stated: str) -> Check:
    most = int(stated)
    return lambda values: [None] if len(values) > most else []


def _datatype(stated: str) -> Check | None:
    form = _LEXICAL_FORMS.get(stated)
    if form is None:
        return None
    own = _CLASSES.get(stated)

    def has(value: Value) -> bool:
        if value.__class__ is own:
            return True
        return _kind(value) == "Literal" and datatype_of(value) == stated and bool(form.fullmatch(text_of(value)))

    return lambda values: [value for value in values if not has(value)]


def _node_kind(stated: str) -> Check | None:
    kinds = _NODE_KINDS.get(stated.removeprefix(PREFIXES["sh"]))
    if kinds is None:
        return None
    return lambda values: [value for value in values if _kind(value) not in kinds]


def _min_exclusive(stated: str) -> Check:
    limit = Decimal(stated)

    def above(value: Value) -> bool:
        try:
            return _kind(value) == "Literal" and Decimal(text_of(value)) > limit
        except InvalidOperation:
            return False

    return lambda values: [value for value in values if not above(value)]


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
