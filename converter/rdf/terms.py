"""RDF terms as N-Triples text, the form all emission works on.

Free text is escaped here and nowhere else. IRIs come from `identifiers` and from the vocabulary, so they are
ASCII and need no escaping; `iri` checks it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

XSD = "http://www.w3.org/2001/XMLSchema#"

_NOT_IN_IRI = re.compile(r'[^\x21-\x7e]|[<>"{}|\\^`]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE = re.compile(r'[\\"\x00-\x1f\x7f]')

Pair = tuple[str, str]


def iri(value: str) -> str:
    """Return `<value>`. Raises ValueError when a character may not stand in an ASCII IRI."""
    if _NOT_IN_IRI.search(value):
        raise ValueError(f"not an ASCII IRI: {value!r}")
    return f"<{value}>"


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _is_plain(text: str) -> bool:
    """Tell whether nothing in a text is to be escaped. So it is with nearly all, and searching is slower."""
    return text.isprintable() and '"' not in text and "\\" not in text


def quoted(text: str) -> str:
    """Return the text between quotation marks, escaped as N-Triples and Turtle ask."""
    return f'"{text}"' if _is_plain(text) else f'"{_TO_ESCAPE.sub(_escape, text)}"'


def escaped(texts: Sequence[str]) -> Sequence[str]:
    """Return texts as they stand between quotation marks."""
    return texts if _is_plain("".join(texts)) else [quoted(text)[1:-1] for text in texts]


def string(text: str) -> str:
    """Return a plain xsd:string literal."""
    return quoted(text)


def zh(text: str) -> str:
    """Return a literal in Chinese."""
    return f"{quoted(text)}@zh"


def en(text: str) -> str:
    """Return a literal in English."""
    return f"{quoted(text)}@en"


def typed(text: str, datatype: str) -> str:
    """Return a literal of an XML Schema datatype, e.g. typed("2021", "gYear")."""
    return f"{quoted(text)}^^<{XSD}{datatype}>"


def decimal(value: Decimal, places: int | None = None) -> str:
    """Return an exact xsd:decimal; `places` asks for that many fraction digits at least.

    >>> decimal(Decimal("14652800"), 2)
    '"14652800.00"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    text = f"{value:f}"
    if places is not None:
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction.rstrip('0').ljust(places, '0')}"
    return typed(text, "decimal")


def integer(value: int) -> str:
    """Return an xsd:integer."""
    return typed(str(value), "integer")


def boolean(value: bool) -> str:
    """Return an xsd:boolean."""
    return typed("true" if value else "false", "boolean")


def day(value: date) -> str:
    """Return an xsd:date."""
    return typed(value.isoformat(), "date")


@dataclass(frozen=True, slots=True)
class Resource:
    """One subject with its predicate-object pairs, all as N-Triples terms, in the order they are written."""

    subject: str
    pairs: tuple[Pair, ...]


def resource(subject: str, pairs: Iterable[Pair | None]) -> Resource:
    """Return a resource; `subject` is a bare IRI, a pair of None is left out.

    >>> resource("http://example.org/a", [("<http://example.org/p>", integer(1)), None]).subject
    '<http://example.org/a>'
    """
    return Resource(iri(subject), tuple(pair for pair in pairs if pair is not None))
