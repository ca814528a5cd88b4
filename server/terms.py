"""RDF terms of query results, and what a page shows of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from budgetgraph.ontology.namespaces import BASE, CODE_BASE, PREFIXES

XSD = PREFIXES["xsd"]


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
        """Tell whether the term is a decimal or an integer."""
        return self.datatype in {f"{XSD}decimal", f"{XSD}integer"}

    def short(self) -> str:
        """Return a prefixed name where a known namespace fits, else the value."""
        if self.kind != "uri":
            return self.value
        for prefix, namespace in sorted(PREFIXES.items(), key=lambda item: -len(item[1])):
            local = self.value.removeprefix(namespace)
            if local != self.value and local and "/" not in local:
                return f"{prefix}:{local}"
        return self.value


Row = Mapping[str, Term]


def read_results(chunks: Iterable[bytes]) -> list[Row]:
    """Return the rows of a SPARQL 1.1 result in JSON."""
    found = json.loads(b"".join(chunks))
    return [
        {
            name: Term(node["type"], node["value"], node.get("xml:lang"), node.get("datatype"))
            for name, node in binding.items()
        }
        for binding in found["results"]["bindings"]
    ]


def local_path(iri: str, base: str) -> str | None:
    """Return the path under which this site shows an IRI, or None for foreign ones.

    Pages link by path, so that a copy on any host works whatever the base of its IRIs is.
    """
    if iri.startswith(f"{BASE}def"):
        return "/def" + iri.removeprefix(f"{BASE}def")
    if iri.startswith(f"{BASE}shape#"):
        return "/shapes" + iri.removeprefix(f"{BASE}shape")
    for known in (base, BASE):
        if iri.startswith(f"{known}id/"):
            return "/id/" + iri.removeprefix(f"{known}id/")
    return None


def resource_iri(path: str, base: str) -> str:
    """Return the IRI behind `/id/{path}`; concepts belong to the vocabulary, whatever the base of the data."""
    if path.startswith("code/"):
        return CODE_BASE + path.removeprefix("code/")
    return f"{base}id/{path}"
