"""Terms as plain Python values, which make quick keys.

| RDF | value |
|---|---|
| IRI, blank node | str, as N-Triples writes it: "<https://example.org/a>", "_:a" |
| plain string | str that begins with a quotation mark, which is not closed |
| xsd:decimal, xsd:integer, xsd:boolean | Decimal, int, bool |
| string in a language, other literals | Tagged, Typed |

Two values are equal where Oxigraph takes two terms for one. Literals for which that does not hold (`is_exact`) keep
their text, and a document that has one is left to Oxigraph.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import PREFIXES

#: See above; None is an error, or a variable without value.
Value = Any
#: Node -> the nodes that a property leads to.
Steps = Mapping[Value, Sequence[Value]]

XSD = PREFIXES["xsd"]
STRING, DECIMAL, INTEGER, BOOLEAN = (f"{XSD}{name}" for name in ("string", "decimal", "integer", "boolean"))
_NUMBERS = {
    DECIMAL: re.compile(r"[+-]?(\d{1,15}(\.\d{0,12})?|\.\d{1,12})", re.ASCII),
    INTEGER: re.compile(r"[+-]?\d{1,15}", re.ASCII),
}
#: Other datatypes whose values are compared by more than their text.
_COMPARED = re.compile(
    r"double|float|byte|short|int|long|unsigned\w+|\w*[pP]ositiveInteger|\w*[nN]egativeInteger|\w*[dD]uration"
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class Tagged(NamedTuple):
    """A string in a language."""

    text: str
    language: str


class Typed(NamedTuple):
    """A literal of a datatype that is compared by its text."""

    text: str
    datatype: str


def literal(text: str, datatype: str) -> Value:
    """Return the value of a literal without language."""
    if datatype == STRING:
        return '"' + text
    if datatype in _NUMBERS and _NUMBERS[datatype].fullmatch(text):
        return Decimal(text) if datatype == DECIMAL else int(text)
    if datatype == BOOLEAN and text in {"true", "false", "1", "0"}:
        return text in {"true", "1"}
    return Typed(text, datatype)


def is_exact(value: Value) -> bool:
    """Tell whether Oxigraph compares a value as Python does."""
    if not isinstance(value, Typed):
        return True
    name = value.datatype.removeprefix(XSD)
    return value.datatype not in {DECIMAL, INTEGER, BOOLEAN} and not (
        name != value.datatype and _COMPARED.fullmatch(name)
    )


def value_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Value:
    """Return a term as a value."""
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.language is not None:
        return Tagged(term.value, term.language)
    return literal(term.value, term.datatype.value)


def term_of(value: Value) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return a value as a term."""
    if isinstance(value, str) and value[0] != '"':
        return ox.NamedNode(value[1:-1]) if value[0] == "<" else ox.BlankNode(value[2:])
    if isinstance(value, Tagged):
        return ox.Literal(value.text, language=value.language)
    return ox.Literal(text_of(value), datatype=ox.NamedNode(datatype_of(value) or STRING))


def read(token: str) -> Value:
    """Return a term of N-Triples as a value."""
    if token[-1] == '"' and "\\" not in token:
        return token[:-1]
    if token[0] != '"':
        return token
    end = token.rindex('"')
    text, behind = token[1:end], token[end + 1 :]
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    if not behind:
        return '"' + text
    return Tagged(text, behind[1:]) if behind[0] == "@" else literal(text, behind[3:-1])


def _unescaped(match: re.Match[str]) -> str:
    sign = match[1]
    return chr(int(sign[1:], 16)) if len(sign) > 1 else _ESCAPED.get(sign, sign)


def text_of(value: Value) -> str:
    """Return the text of a literal, the IRI of a node, the label of a blank node."""
    if isinstance(value, str):
        return value[1:-1] if value[0] == "<" else value[2:] if value[0] == "_" else value[1:]
    if isinstance(value, bool):
        return "true" if value else "false"
    return written(value) if isinstance(value, int | Decimal) else str(value.text)


def node_of(text: str) -> Value:
    """Return a node by its text, as `text_of` gives it: an IRI, or the label of a blank node."""
    return f"<{text}>" if ":" in text else f"_:{text}"


def datatype_of(value: Value) -> str | None:
    """Return the datatype of a literal; None for one in a language."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, int | Decimal):
        return DECIMAL if isinstance(value, Decimal) else INTEGER
    return STRING if isinstance(value, str) else getattr(value, "datatype", None)


def written(number: int | Decimal) -> str:
    """Return a number as Oxigraph writes it: without an exponent or noughts behind the point."""
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
