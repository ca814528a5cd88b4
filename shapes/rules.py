"""The shapes as values: which rules there are, in which files, and what they ask."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph

from budgetgraph.ontology.namespaces import BASE, PREFIXES
from budgetgraph.shapes.results import Severity

#: A wheel is always unpacked when it is installed, so this holds there too, and costs no import.
FOLDER = Path(__file__).resolve().parent
SHAPE_BASE = f"{BASE}shape#"

#: The lines of a query that keep only what is wrong: without them it lists everything that it looks at.
FAILS = "# fails"
#: Ending of the rule that reports what rounding can explain; it looks at the equations of the rule without it.
ROUNDING = "-rounding"

_SH = PREFIXES["sh"]
_VARIABLE = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape that can report something.

    id           last part of its IRI: "WT-1"
    names, descriptions, messages   language -> text
    target       IRI of the class whose members are the focus nodes (for a property shape: of the outermost shape)
    on_observations   the focus nodes are the observations of these data sets
    query        text of `sh:select`, None for a shape of SHACL Core
    """

    id: str
    severity: Severity
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    messages: Mapping[str, str]
    target: str
    on_observations: bool
    query: str | None
    file: str

    @property
    def iri(self) -> str:
        """Return the IRI of the shape."""
        return SHAPE_BASE + self.id

    @property
    def looks_at(self) -> str | None:
        """Return the query that lists everything the rule looks at; None for a shape of SHACL Core."""
        if self.query is None:
            return None
        return "\n".join(line for line in self.query.splitlines() if not line.endswith(FAILS))

    @property
    def is_rounding(self) -> bool:
        """Tell whether the rule reports the failures of another that rounding can explain."""
        return self.id.endswith(ROUNDING)

    def language_of(self, message: str) -> str | None:
        """Return the language of a filled-in message, found by the template that it came from."""
        for language, template in self.messages.items():
            if _pattern(template).fullmatch(message):
                return language
        return None


def fill(messages: Mapping[str, str], bound: Mapping[str, str]) -> dict[str, str]:
    """Return the messages with the values of their variables; a variable without value stays as it is written."""
    return {
        language: _VARIABLE.sub(lambda match: bound.get(match.group(1), match.group()), template)
        for language, template in messages.items()
    }


@cache
def _pattern(template: str) -> re.Pattern[str]:
    literal = _VARIABLE.split(template)[::2]
    return re.compile(".*?".join(map(re.escape, literal)), re.DOTALL)


class Shapes:
    """The shape files of a folder."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self.files = files

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 over names and contents of the files: another report may differ if this does."""
        digest = hashlib.sha256()
        for path in self.files:
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()

    @cached_property
    def prologue(self) -> str:
        """Return the prefixes of the queries as SPARQL."""
        return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in sorted(self._prefixes.items()))

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Return all rules by their IDs, in the order of the files."""
        found = [rule for path in self.files for rule in _rules(path)]
        return {rule.id: rule for rule in found}

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        prefixes = {}
        for path in self.files:
            graph = _Graph(path)
            for subject, namespace in graph.pairs("namespace"):
                prefixes[graph.text(subject, "prefix")] = namespace
        return prefixes


_Node = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal


class _Graph:
    """One shape file, read by subject and property of SHACL."""

    def __init__(self, path: Path) -> None:
        self._objects: dict[
            tuple[str, str], list[pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal]
        ] = {}
        for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            self._objects.setdefault((quad.subject.value, quad.predicate.value), []).append(quad.object)

    def pairs(self, name: str) -> list[tuple[str, str]]:
        return [(s, o.value) for (s, p), objects in self._objects.items() if p == _SH + name for o in objects]

    def values(self, subject: str, name: str) -> list[str]:
        return [o.value for o in self._objects.get((subject, _SH + name), [])]

    def text(self, subject: str, name: str) -> str:
        return next(iter(self.values(subject, name)), "")

    def texts(self, subject: str, name: str) -> dict[str, str]:
        objects = self._objects.get((subject, _SH + name), [])
        return {o.language: o.value for o in objects if isinstance(o, pyoxigraph.Literal) and o.language}


def _rules(path: Path) -> list[Rule]:
    """Return the rules of a file: node shapes with a query, and property shapes with a path and a constraint."""
    graph = _Graph(path)
    found = []
    for shape, target in graph.pairs("targetClass"):
        if constraint := graph.text(shape, "sparql"):
            found.append(_rule(graph, shape, target, path, constraint))
        found += _properties(graph, shape, target, path, on_observations=False)
    return found


def _properties(graph: _Graph, shape: str, target: str, path: Path, *, on_observations: bool) -> list[Rule]:
    found = []
    for inner in graph.values(shape, "property"):
        if graph.values(inner, "property"):
            found += _properties(graph, inner, target, path, on_observations=True)
        else:
            found.append(_rule(graph, inner, target, path, None, on_observations))
    return found


def _rule(
    graph: _Graph, shape: str, target: str, path: Path, constraint: str | None, on_observations: bool = False
) -> Rule:
    return Rule(
        id=shape.removeprefix(SHAPE_BASE),
        severity=Severity(graph.text(shape, "severity").removeprefix(_SH)),
        names=graph.texts(shape, "name"),
        descriptions=graph.texts(shape, "description"),
        messages=graph.texts(constraint or shape, "message"),
        target=target,
        on_observations=on_observations,
        query=graph.text(constraint, "select") if constraint else None,
        file=path.name,
    )


def shape_files() -> list[Path]:
    """Return the shapes that ship, as Turtle files, for all that loads or publishes them."""
    return sorted(FOLDER.glob("*.ttl"))


@cache
def shipped_shapes() -> Shapes:
    """Return the shapes that ship."""
    return Shapes(tuple(shape_files()))
