"""The statements of a document by their property: what compiled queries, and the constraints of SHACL Core, look at."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pyoxigraph as ox

from budgetgraph.ontology.files import FOLDER as ONTOLOGY
from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.sparql_terms import Steps, Value, is_exact, read, value_of

_IRI = r"<[a-z]+:[\w:/.#~?=&+;,@!$'()*-]*>"
#: What a term of N-Quads may be to be read without a parser: line feeds tell statements apart then, blanks terms.
_NODE = re.compile(_IRI)
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
        # Most properties have one value, which needs no list: the garbage collector looks at lists, not at strings.
        self._written: dict[str, dict[str, str | list[str]]] = {}
        self._forward: dict[str, dict[Value, Sequence[Value]]] = {}
        self._inverse: dict[str, dict[Value, list[Value]]] = {}
        self._inexact: set[Value] = set()
        self.exact_forward = _Exact(self.forward, self._inexact)
        self.exact_inverse = _Exact(self.inverse, self._inexact)

    def add_triples(self, text: str) -> None:
        """Add the statements of N-Triples as a program writes them: a line each, one blank between terms."""
        written = self._written
        for line in text.split("\n"):
            if line:
                subject, predicate, rest = line.split(" ", 2)
                steps = written.get(predicate)
                if steps is None:
                    steps = written[predicate] = {}
                if subject in steps:
                    _add(steps, subject, rest[:-2])
                else:
                    steps[subject] = rest[:-2]

    def add_quads(self, text: str) -> bool:
        """Add the statements of N-Quads, without their graphs, to facts that are none yet.

        False where it takes a parser to tell that it is N-Quads, or what they say.
        """
        written = self._written
        graphs = set()
        try:
            for line in text.split("\n"):
                if line:
                    subject, predicate, rest = line.split(" ", 2)
                    value, graph, end = rest.rsplit(" ", 2)
                    graphs.add(graph + end)
                    steps = written.get(predicate)
                    if steps is None:
                        steps = written[predicate] = {}
                    if subject in steps:
                        _add(steps, subject, value)
                    else:
                        steps[subject] = value
        except ValueError:
            return False
        nodes = {each.removesuffix(".") for each in graphs if each[-1] == "."}.union(written, *written.values())
        values: set[str] = set()
        for ends in (ends for steps in written.values() for ends in steps.values()):
            values.update((ends,) if isinstance(ends, str) else ends)
        ended = all(each[-1] == "." for each in graphs)
        return ended and all(map(_NODE.fullmatch, nodes)) and all(map(_OBJECT.fullmatch, values))

    def __len__(self) -> int:
        """Return the number of statements; one that is stated twice is one."""
        return sum(
            1 if isinstance(ends, str) else len(set(ends))
            for steps in self._written.values()
            for ends in steps.values()
        )

    def forward(self, predicate: Value) -> Steps:
        """Return what a property leads to."""
        if predicate not in self._forward:
            known: dict[str, Value] = {}
            found: dict[Value, Sequence[Value]] = {}
            for start, ends in self._written.get(predicate, {}).items():
                if isinstance(ends, str):
                    value = known.get(ends)
                    if value is None:
                        value = known[ends] = read(ends) if ends[0] == '"' else ends
                    found[start] = (value,)
                else:
                    known.update((end, read(end) if end[0] == '"' else end) for end in ends)
                    found[start] = tuple(dict.fromkeys(known[end] for end in ends))
            self._forward[predicate] = found
            if not all(map(is_exact, known.values())):
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

    def properties(self) -> Iterator[tuple[Value, Steps]]:
        """Yield each property with what it leads to. Raises NotCompiledError as compiled queries do."""
        for predicate in self._written:
            yield predicate, self.exact_forward[predicate]


def _add(steps: dict[str, str | list[str]], subject: str, value: str) -> None:
    """Add a value to a property that has one."""
    ends = steps[subject]
    if isinstance(ends, str):
        steps[subject] = [ends, value]
    else:
        ends.append(value)


@cache
def structure() -> str:
    """Return the data structures as N-Triples."""
    parsed = ox.parse(path=ONTOLOGY / "structure.ttl", format=ox.RdfFormat.TURTLE)
    return (ox.serialize(parsed, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def steps_in(store: ox.Store, predicate: str, *, inverse: bool) -> Steps:
    """Return what a property leads to in a store, or where it comes from."""
    found: dict[Value, list[Value]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(predicate[1:-1]), None):
        start, end = value_of(quad.subject), value_of(quad.object)
        if inverse:
            start, end = end, start
        found.setdefault(start, []).append(end)
    return found
