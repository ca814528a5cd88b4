"""Graphs -> TriG, Turtle, N-Quads, JSON-LD. The same graphs always give the same bytes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

from budgetgraph.converter.rdf.emission import Rows
from budgetgraph.converter.rdf.terms import XSD, Pair, Resource
from budgetgraph.ontology.namespaces import CODE_BASE, PREFIXES

#: Format name -> (media type, file ending).
FORMATS = {
    "trig": ("application/trig", ".trig"),
    "nquads": ("application/n-quads", ".nq"),
    "turtle": ("text/turtle", ".ttl"),
    "jsonld": ("application/ld+json", ".jsonld"),
}

_RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LOCAL = re.compile(r"<(.*[/#])([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)>\Z")
_BARE = re.compile(
    rf'"([+-]?\d*\.\d+)"\^\^<{re.escape(XSD)}decimal>\Z|"([+-]?\d+)"\^\^<{re.escape(XSD)}integer>\Z'
    rf'|"(true|false)"\^\^<{re.escape(XSD)}boolean>\Z'
)
#: Slots of these types are written without quotation marks; their values are always plain numbers.
_BARE_TYPES = frozenset(f"<{XSD}{name}>" for name in ("decimal", "integer", "boolean"))


@dataclass(slots=True)
class NamedGraph:
    """The statements of one graph: single resources, and rows of data sets."""

    name: str
    resources: list[Resource] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)


class NQuads:
    """N-Quads: one statement a line, terms in full."""

    def term(self, term: str) -> str:
        """Return the term as it is."""
        return term

    def statements(self, subject: str, pairs: Sequence[Pair], graph: str) -> str:
        """Return a line for each pair."""
        return "".join([f"{subject} {p} {o} <{graph}> .\n" for p, o in pairs])


class Turtle:
    """Turtle, and the inside of TriG graphs: one block a subject, prefixes, short numbers."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefixes = {namespace: prefix for prefix, namespace in prefixes.items()}
        self.term = lru_cache(maxsize=50_000)(self._term)

    def _term(self, term: str) -> str:
        if term[0] == "<":
            if term[-2] == "\x00" and (prefix := self._prefixes.get(term[1:-2])) is not None:
                return f"{prefix}:\x00"
            match = _LOCAL.match(term)
            prefix = self._prefixes.get(match.group(1)) if match else None
            return f"{prefix}:{match.group(2)}" if match and prefix is not None else term
        if term[-1] == ">":
            if short := _BARE.match(term):
                return next(group for group in short.groups() if group)
            text, _, datatype = term.rpartition("^^")
            if text == '"\x00"' and datatype in _BARE_TYPES:
                return "\x00"
            return f"{text}^^{self._term(datatype)}"
        return term

    def statements(self, subject: str, pairs: Sequence[Pair], graph: str) -> str:  # noqa: ARG002  # Syntax
        """Return the block of a subject; pairs that share their predicate follow each other with commas."""
        lines: list[str] = []
        last = None
        for predicate, value in pairs:
            if predicate == last:
                lines[-1] += f", {value}"
            else:
                name = "a" if predicate == _RDF_TYPE else self.term(predicate)
                lines.append(f"{name} {value}")
            last = predicate
        return f"{subject} " + " ;\n    ".join(lines) + " .\n"


def _body(graph: NamedGraph, syntax: NQuads | Turtle) -> Iterator[bytes]:
    for resource in graph.resources:
        pairs = [(p, syntax.term(o)) for p, o in resource.pairs]
        yield syntax.statements(syntax.term(resource.subject), pairs, graph.name).encode()
    for rows in graph.rows:
        yield from rows.render(syntax, graph.name)


def _prefix_lines(prefixes: dict[str, str]) -> bytes:
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(prefixes.items())).encode()


def nquads(graphs: Iterable[NamedGraph]) -> Iterator[bytes]:
    """Yield the graphs as N-Quads."""
    for graph in graphs:
        yield from _body(graph, NQuads())


def _prefixes(graphs: Sequence[NamedGraph]) -> dict[str, str]:
    """Return the usual prefixes and one for each concept scheme that the graphs describe ("functional-2021")."""
    schemes = (name for graph in graphs if (name := graph.name.partition("/graph/codes/")[2]))
    return {**PREFIXES, **{name.replace("/", "-"): f"{CODE_BASE}{name}/" for name in schemes}}


def trig(graphs: Sequence[NamedGraph]) -> Iterator[bytes]:
    """Yield the graphs as TriG."""
    prefixes = _prefixes(graphs)
    syntax = Turtle(prefixes)
    yield _prefix_lines(prefixes)
    for graph in graphs:
        yield f"\n<{graph.name}> {{\n".encode()
        yield from _body(graph, syntax)
        yield b"}\n"


def turtle(graphs: Sequence[NamedGraph]) -> Iterator[bytes]:
    """Yield the triples of all graphs together as Turtle."""
    prefixes = _prefixes(graphs)
    syntax = Turtle(prefixes)
    yield _prefix_lines(prefixes)
    for graph in graphs:
        yield b"\n"
        yield from _body(graph, syntax)


def jsonld(graphs: Iterable[NamedGraph]) -> Iterator[bytes]:
    """Yield the graphs as one JSON-LD document."""
    import pyoxigraph  # for this syntax only

    quads = pyoxigraph.parse(b"".join(nquads(graphs)), pyoxigraph.RdfFormat.N_QUADS)
    output = BytesIO()
    pyoxigraph.serialize(quads, output, pyoxigraph.RdfFormat.JSON_LD, prefixes=PREFIXES)
    yield output.getvalue()
    yield b"\n"


_WRITERS = {"trig": trig, "nquads": nquads, "turtle": turtle, "jsonld": jsonld}


def encode(graphs: Sequence[NamedGraph], rdf_format: str) -> Iterator[bytes]:
    """Yield the UTF-8 text of the graphs in a format of FORMATS."""
    return _WRITERS[rdf_format](graphs)


def serialize(graphs: Sequence[NamedGraph], rdf_format: str) -> Iterator[str]:
    """Yield the text of the graphs in a format of FORMATS."""
    return (chunk.decode() for chunk in encode(graphs, rdf_format))
