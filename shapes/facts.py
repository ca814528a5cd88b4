"""The statements of a document by their property: what compiled queries, and the constraints of SHACL Core, look at."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import pyoxigraph as ox

from budgetgraph.ontology.files import FOLDER as ONTOLOGY
from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.sparql_terms import Steps, Value, is_exact, read, value_of

_IRI = r"<[a-z]+:[\w:/.#~?=&+;,@!$'()*-]*>"
#: What a term of N-Quads may be to be read without a parser: line feeds tell statements apart then, blanks terms.
_NODES = re.compile(rf"(?:{_IRI}\n)*+")
_ENDINGS = re.compile(rf"(?: {_IRI} \.\n)*+")
_OBJECTS = re.compile(rf'(?:(?:{_IRI}|"(?:[^"\\\n\r]|\\[nrt"\\])*+"(?:@[a-z]+|\^\^{_IRI})?)\n)*+')
#: Bytes that are split into lines at once: what stays in the processor's cache.
_PIECE = 1 << 17


#: Subject, property, and what it leads to, as N-Triples writes them.
Statement = tuple[str, str, str]


class Facts:
    """The statements of a graph.

    A property's values are made when it is asked for: many properties are not.
    """

    def __init__(self) -> None:
        # The first value of each property as it is written, and further ones, which few have.
        self._first: dict[str, dict[str, bytes]] = {}
        self._further: dict[str, dict[str, list[bytes]]] = {}
        self._values: dict[str, Mapping[bytes, Value]] = {}
        self._single: dict[str, dict[Value, Value]] = {}
        self._forward: dict[str, dict[Value, Sequence[Value]]] = {}
        self._inverse: dict[str, dict[Value, list[Value]]] = {}
        self._inexact: set[Value] = set()
        #: What compiled queries keep for each other.
        self.rows: dict[int, list[tuple[Value, ...]]] = {}

    def add(self, nquads: bytes) -> set[str]:
        """Add the statements of N-Quads as a program writes them: a line each, with a graph, one blank between terms.

        Returns how their lines end: with their graphs. Raises ValueError for lines of other parts.
        """
        named: dict[bytes, dict[str, bytes]] = {}
        endings = set()
        last, subject, ending = b"", "", b" "
        for lines in _pieces(nquads):
            for line in lines:
                start, predicate, rest = line.split(b" ", 2)
                end = rest.removesuffix(ending)
                if end is rest:
                    end, graph, stop = rest.rsplit(b" ", 2)
                    ending = b" %b %b" % (graph, stop)
                    endings.add(ending)
                # One string for the lines of a subject, whose hash is known then.
                if start != last:
                    last, subject = start, start.decode()
                steps = named.get(predicate)
                if steps is None:
                    steps = named[predicate] = self._first.setdefault(predicate.decode(), {})
                if steps.setdefault(subject, end) is not end:
                    self._further.setdefault(predicate.decode(), {}).setdefault(subject, []).append(end)
        self._forget("_ends", "several")
        return {ending.decode() for ending in endings}

    def add_any(self, nquads: bytes) -> bool:
        """Add the statements of N-Quads to facts that are none yet.

        False where it takes a parser to tell that it is N-Quads, or what they say.
        """
        try:
            endings = self.add(nquads)
            nodes = set(self._first).union(*self._first.values())
            objects = b"\n".join([*self._ends, b""]).decode()
        except ValueError:
            return False
        return all(
            form.fullmatch(text)
            for form, text in (
                (_ENDINGS, "\n".join([*endings, ""])),
                (_NODES, "\n".join([*nodes, ""])),
                (_OBJECTS, objects),
            )
        )

    @cached_property
    def _ends(self) -> set[bytes]:
        """Return what properties lead to, as it is written."""
        ends = set().union(*(steps.values() for steps in self._first.values()))
        return ends.union(*(each for steps in self._further.values() for each in steps.values()))

    def names(self, iri: str) -> bool:
        """Tell whether an IRI may be a property or a value of something; after changes some are that are no more."""
        token = f"<{iri}>"
        return token in self._first or token.encode() in self._ends

    def __len__(self) -> int:
        """Return the number of statements; one that is stated twice is one."""
        further = sum(
            len({self._first[predicate][start], *ends}) - 1
            for predicate, steps in self._further.items()
            for start, ends in steps.items()
        )
        return sum(map(len, self._first.values())) + further

    @cached_property
    def several(self) -> frozenset[Value]:
        """Return the properties that lead from something to more than one value."""
        return frozenset(
            predicate
            for predicate, steps in self._further.items()
            if any(end != self._first[predicate][start] for start, ends in steps.items() for end in ends)
        )

    def single(self, predicate: Value) -> Mapping[Value, Value]:
        """Return the value that a property leads to; of one of `several`, the first."""
        if predicate not in self._single:
            values = self._read(predicate)
            self._single[predicate] = {start: values[token] for start, token in self._first.get(predicate, {}).items()}
        return self._single[predicate]

    def forward(self, predicate: Value) -> Steps:
        """Return what a property leads to."""
        if predicate not in self._forward:
            found: dict[Value, Sequence[Value]] = {start: (end,) for start, end in self.single(predicate).items()}
            if predicate in self.several:
                values, first = self._read(predicate), self._first[predicate]
                for start, ends in self._further[predicate].items():
                    found[start] = tuple(dict.fromkeys(values[token] for token in (first[start], *ends)))
            self._forward[predicate] = found
        return self._forward[predicate]

    def inverse(self, predicate: Value) -> Steps:
        """Return where a property comes from."""
        if predicate not in self._inverse:
            found: dict[Value, list[Value]] = {}
            if predicate in self.several:
                for start, ends in self.forward(predicate).items():
                    for end in ends:
                        found.setdefault(end, []).append(start)
            else:
                for start, end in self.single(predicate).items():
                    if end in found:
                        found[end].append(start)
                    else:
                        found[end] = [start]
            self._inverse[predicate] = found
        return self._inverse[predicate]

    def exact(self, steps: Callable[[Value], Mapping[Value, Any]], predicate: Value) -> Mapping[Value, Any]:
        """Return what `single`, `forward` or `inverse` says of a property.

        Raises NotCompiledError for one with values that Oxigraph compares by more than is known here.
        """
        found = steps(predicate)
        if predicate in self._inexact:
            raise NotCompiledError(f"values of {predicate} that are compared by more than their text")
        return found

    def _read(self, predicate: Value) -> Mapping[bytes, Value]:
        """Return the values of a property by how they are written."""
        if predicate in self._values:
            return self._values[predicate]
        first, further = self._first.get(predicate, {}), self._further.get(predicate, {})
        tokens = list(set(first.values()).union(*further.values()))
        # No token has a line feed in it.
        values = dict(zip(tokens, map(read, b"\n".join(tokens).decode().split("\n")), strict=False))
        if not all(map(is_exact, values.values())):
            self._inexact.add(predicate)
        if predicate in self.several:
            self._values[predicate] = values
        return values

    def change(self, removed: Iterable[Statement], added: Iterable[Statement]) -> None:
        """Remove and add statements: subject, property, and what it leads to as N-Triples writes it."""
        changes = [*((*each, False) for each in removed), *((*each, True) for each in added)]
        for subject, predicate, token, is_added in changes:
            first, further = self._first.setdefault(predicate, {}), self._further.setdefault(predicate, {})
            tokens = [first.pop(subject), *further.pop(subject, ())] if subject in first else []
            tokens = [each for each in tokens if read(each.decode()) != read(token)] + [token.encode()] * is_added
            if tokens:
                first[subject] = tokens[0]
            if tokens[1:]:
                further[subject] = tokens[1:]
        for predicate in {predicate for _, predicate, *_ in changes}:
            self._inexact.discard(predicate)
            for made in (self._values, self._single, self._forward, self._inverse):
                made.pop(predicate, None)
        self._forget("_ends", "several")
        self.rows.clear()

    def _forget(self, *names: str) -> None:
        for name in names:
            self.__dict__.pop(name, None)

    def properties(self, subject: Value) -> Iterator[tuple[Value, Steps]]:
        """Yield each property of a node with what it leads to.

        Raises NotCompiledError for one with values that Oxigraph compares by more than is known here.
        """
        for predicate, steps in self._first.items():
            if subject in steps:
                yield predicate, self.exact(self.forward, predicate)


def _pieces(text: bytes) -> Iterator[list[bytes]]:
    """Yield the lines without their line feeds, some at a time."""
    at = 0
    while at < len(text):
        end = text.find(b"\n", at + _PIECE)
        if end < 0:
            end = len(text) - text.endswith(b"\n")
        yield text[at:end].split(b"\n")
        at = end + 1


@cache
def structure() -> bytes:
    """Return the data structures as N-Quads."""
    parsed = ox.parse(path=ONTOLOGY / "structure.ttl", format=ox.RdfFormat.TURTLE)
    return as_nquads(parsed)


def as_nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Return statements as N-Quads, all in one graph."""
    graph = ox.NamedNode("urn:graph")
    moved = (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads)
    text = ox.serialize(moved, format=ox.RdfFormat.N_QUADS)
    return text or b""


def steps_in(store: ox.Store, predicate: str, *, inverse: bool) -> Steps:
    """Return what a property leads to in a store, or where it comes from."""
    found: dict[Value, list[Value]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(predicate[1:-1]), None):
        start, end = value_of(quad.subject), value_of(quad.object)
        if inverse:
            start, end = end, start
        found.setdefault(start, []).append(end)
    return found
