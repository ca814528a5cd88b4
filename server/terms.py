"""RDF terms of query results, and the paths under which this site shows them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from budgetgraph.ontology.namespaces import BASE, BUD_BASE, CODE_BASE, PREFIXES

_XSD = PREFIXES["xsd"]
_SHAPES = f"{BASE}shape#"
_NUMBERS = {f"{_XSD}{name}" for name in ("decimal", "integer", "double")}
_NAMESPACES = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


@dataclass(frozen=True, slots=True)
class Term:
    """A node of a result: kind "uri" | "literal" | "bnode"."""

    kind: str
    value: str
    language: str | None = None
    datatype: str | None = None

    @property
    def is_link(self) -> bool:
        """Tell whether the term may be linked: http(s) only, never `javascript:` or `data:`."""
        return self.kind == "uri" and self.value.startswith(("http://", "https://"))

    @property
    def is_number(self) -> bool:
        """Tell whether the term is a number."""
        return self.datatype in _NUMBERS

    @property
    def is_decimal(self) -> bool:
        """Tell whether the term is an exact decimal: an amount, a share, a bound; no count, year or place."""
        return self.datatype == f"{_XSD}decimal"

    @property
    def is_boolean(self) -> bool:
        """Tell whether the term is true or false."""
        return self.datatype == f"{_XSD}boolean"

    def short(self) -> str:
        """Return a prefixed name where a known namespace fits, the ID of a rule, or else how the IRI ends."""
        if self.kind != "uri":
            return self.value
        if self.value.startswith(_SHAPES):
            return self.value.removeprefix(_SHAPES)
        for prefix, namespace in _NAMESPACES:
            local = self.value.removeprefix(namespace)
            if local != self.value and local:
                return f"{prefix}:{local}"
        return "/".join(self.value.split("/")[-2:]) if self.is_link else self.value


Row = Mapping[str, Term]


def read_results(chunks: Iterable[bytes]) -> list[Row]:
    """Return the rows of a SPARQL 1.1 result in JSON."""
    return rows_of(json.loads(b"".join(chunks)))


def rows_of(result: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a SPARQL 1.1 result that is decoded already."""
    return [
        {
            name: Term(node["type"], node["value"], node.get("xml:lang"), node.get("datatype"))
            for name, node in binding.items()
        }
        for binding in result["results"]["bindings"]
    ]


def local_path(iri: str, base: str) -> str | None:
    """Return the path under which this site shows an IRI, or None for foreign ones.

    Pages link by path, so that a copy on any host works whatever the base of its IRIs is.

    >>> local_path("https://w3id.org/budgetgraph/def#amount", "https://example.org/")
    '/def#amount'
    >>> local_path("https://example.org/id/doc/00", "https://example.org/")
    '/id/doc/00'
    """
    if iri.startswith(BUD_BASE):
        return "/def#" + iri.removeprefix(BUD_BASE)
    if iri.startswith(_SHAPES):
        return "/shapes/" + iri.removeprefix(_SHAPES)
    if iri.startswith(CODE_BASE):
        return "/id/code/" + iri.removeprefix(CODE_BASE)
    if iri.startswith(f"{base}id/"):
        return "/id/" + iri.removeprefix(f"{base}id/")
    return None


def resource_iri(path: str, base: str) -> str:
    """Return the IRI behind `/id/{path}`; concepts belong to the vocabulary, whatever the base of the data."""
    encoded = encode_path(path)
    if encoded.startswith("code/"):
        return CODE_BASE + encoded.removeprefix("code/")
    return f"{base}id/{encoded}"


def encode_path(path: str) -> str:
    """Return a path as it stands in an IRI: every character that may stand in a path kept, all others encoded."""
    return quote(path, safe="/:@!$&'()*+,;=~-._")
