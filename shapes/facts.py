"""The statements of a document by their property: what compiled queries, and the constraints of SHACL Core, look at."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from io import BytesIO, TextIOWrapper

import pyoxigraph as ox

from budgetgraph.ontology.files import FOLDER as ONTOLOGY
from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.sparql_terms import Steps, Value, is_exact, read, value_of

_IRI = r"<[a-z]+:[\w:/.#~?=&+;,@!$'()*-]*>"
#: What a term of N-Quads may be to be read without a parser: line feeds tell statements apart then, blanks terms.
_NODE = re.compile(_IRI)
_ENDING = re.compile(rf" {_IRI} \.\n?")
_OBJECT = re.compile(rf'{_IRI}|"(?:[^"\\\n\r]|\\[nrt"\\])*"(?:@[a-z]+|\^\^{_IRI})?')


class _Exact(dict[Value, Steps]):
    """What properties lead to, or where they come from, for compiled queries.

    Raises NotCompiledError for a property with values that Oxigraph compares by more than is known here.
    """

    def __init__(self, steps: Callable[[Value], Steps], inexact: set[Value]) -> None:
        super().__init__()
        self._steps, self._inexact = steps, inexact

    def __missing__(self, predicate: Value) -> Steps:
        self[predicate] = self._steps(predicate)
        if predicate in self._inexact:
            del self[predicate]
            raise NotCompiledError(f"values of {predicate} that are compared by more than their text")
        return self[predicate]


class Facts:
    """The statements of a graph.

    A property's values are made when it is asked for: many properties are not.
    """

    def __init__(self) -> None:
        # The first value of each property as it is written, and further ones, which few have.
        self._first: dict[str, dict[str, str]] = {}
        self._further: dict[str, dict[str, list[str]]] = {}
        self._forward: dict[str, dict[Value, Sequence[Value]]] = {}
        self._inverse: dict[str, dict[Value, list[Value]]] = {}
        self._inexact: set[Value] = set()
        self.exact_forward = _Exact(self.forward, self._inexact)
        self.exact_inverse = _Exact(self.inverse, self._inexact)

    def add_triples(self, text: bytes) -> None:
        """Add the statements of N-Triples as a program writes them: a line each, one blank between terms."""
        first = self._first
        last = ""
        for line in _lines(text):
            subject, predicate, rest = line.split(" ", 2)
            # One string for the lines of a subject, whose hash is known then.
            if subject == last:
                subject = last
            last = subject
            steps = first.get(predicate)
            if steps is None:
                steps = first[predicate] = {}
            if subject in steps:
                self._further.setdefault(predicate, {}).setdefault(subject, []).append(rest[:-3])
            else:
                steps[subject] = rest[:-3]

    def add_quads(self, text: bytes) -> bool:
        """Add the statements of N-Quads, without their graphs, to facts that are none yet.

        False where it takes a parser to tell that it is N-Quads, or what they say.
        """
        first = self._first
        graphs = set()
        last, ending, length = "", " ", 1
        try:
            for line in _lines(text):
                subject, predicate, rest = line.split(" ", 2)
                if not rest.endswith(ending):
                    _, graph, end = rest.rsplit(" ", 2)
                    ending = f" {graph} {end}"
                    length = len(ending)
                    graphs.add(ending)
                if subject == last:
                    subject = last
                last = subject
                steps = first.get(predicate)
                if steps is None:
                    steps = first[predicate] = {}
                if subject in steps:
                    self._further.setdefault(predicate, {}).setdefault(subject, []).append(rest[:-length])
                else:
                    steps[subject] = rest[:-length]
        except ValueError:
            return False
        nodes = set(first).union(*first.values())
        values = set().union(*(steps.values() for steps in first.values()))
        values = values.union(*(ends for steps in self._further.values() for ends in steps.values()))
        return (
            all(map(_ENDING.fullmatch, graphs))
            and all(map(_NODE.fullmatch, nodes))
            and all(map(_OBJECT.fullmatch, values))
        )

    def __len__(self) -> int:
        """Return the number of statements; one that is stated twice is one."""
        further = sum(
            len({self._first[predicate][start], *ends}) - 1
            for predicate, steps in self._further.items()
            for start, ends in steps.items()
        )
        return sum(map(len, self._first.values())) + further

    def forward(self, predicate: Value) -> Steps:
        """Return what a property leads to."""
        if predicate not in self._forward:
            first, further = self._first.get(predicate, {}), self._further.get(predicate, {})
            tokens = set(first.values()).union(*further.values())
            values = {token: read(token) if token[0] == '"' else token for token in tokens}
            alone = {token: (value,) for token, value in values.items()}
            found: dict[Value, Sequence[Value]] = {start: alone[token] for start, token in first.items()}
            for start, ends in further.items():
                found[start] = tuple(dict.fromkeys(values[token] for token in (first[start], *ends)))
            self._forward[predicate] = found
            if not all(map(is_exact, values.values())):
                self._inexact.add(predicate)
        return self._forward[predicate]

    def inverse(self, predicate: Value) -> Steps:
        """Return where a property comes from."""
        if predicate not in self._inverse:
            found: dict[Value, list[Value]] = {}
            for start, ends in self.forward(predicate).items():
                for end in ends:
                    found.setdefault(end, []).append(start)
            self._inverse[predicate] = found
        return self._inverse[predicate]

    def properties(self, subject: Value) -> Iterator[tuple[Value, Steps]]:
        """Yield each property of a node with what it leads to.

        Raises NotCompiledError for one with values that Oxigraph compares by more than is known here.
        """
        for predicate, steps in self._first.items():
            if subject in steps:
                yield predicate, self.exact_forward[predicate]


def _lines(text: bytes) -> Iterator[str]:
    """Yield the lines with their line feeds. They are decoded one by one: as a whole they would take twice the room."""
    return TextIOWrapper(BytesIO(text), encoding="utf-8", newline="\n")


@cache
def structure() -> bytes:
    """Return the data structures as N-Triples."""
    parsed = ox.parse(path=ONTOLOGY / "structure.ttl", format=ox.RdfFormat.TURTLE)
    return ox.serialize(parsed, format=ox.RdfFormat.N_TRIPLES) or b""


def steps_in(store: ox.Store, predicate: str, *, inverse: bool) -> Steps:
    """Return what a property leads to in a store, or where it comes from."""
    found: dict[Value, list[Value]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(predicate[1:-1]), None):
        start, end = value_of(quad.subject), value_of(quad.object)
        if inverse:
            start, end = end, start
        found.setdefault(start, []).append(end)
    return found
