"""The words of running text and their meaning, read from `profiles/narrative.yaml`. No document is seen here.

The form of the file is `profiles/narrative.schema.json`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from budgetgraph.converter.budget import STRUCTURES
from budgetgraph.converter.exceptions import ProfileError
from budgetgraph.converter.narrative.passages import fold_clause
from budgetgraph.converter.profiles.checking import checked

_PROFILES = "budgetgraph.converter.profiles"
_FILE = "narrative.yaml"


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a figure: structure, kind of table, and dimension values without those that are `_T`."""

    structure: str
    table_kind: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SectionWords:
    """What a heading with one of these words opens; a weak word counts where no other matches.

    items  kind of table that has the classes named in the section, where it restates no one table
    """

    kind: str
    table: str | None
    headings: tuple[str, ...]
    weak: bool = False
    items: str | None = None


@dataclass(frozen=True, slots=True)
class TopicWords:
    """What a topic means: in sections of the kinds `within`, or anywhere when that is empty."""

    words: frozenset[str]
    table: str | None
    within: frozenset[str]
    structure: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of the glossary that is a concept of a scheme."""

    words: frozenset[str]
    scheme: str
    notation: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words by use. `lists` and `maps` hold the plain word lists by their path ("changes.increase")."""

    sections: tuple[SectionWords, ...]
    tables: Mapping[str, Mapping[str, str]]
    topics: tuple[TopicWords, ...]
    absences: tuple[TopicWords, ...]
    concepts: tuple[Concept, ...]
    lists: Mapping[str, tuple[str, ...]]

    def words(self, path: str) -> tuple[str, ...]:
        """Return the words at a path, longest first, so that an alternation prefers the longer."""
        return self.lists[path]

    def under(self, path: str) -> Mapping[str, tuple[str, ...]]:
        """Return the word lists below a path by their last name ("staff.kinds" -> administrative, ...)."""
        stem = f"{path}."
        return {name[len(stem) :]: words for name, words in self.lists.items() if name.startswith(stem)}


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """Return the folded words, longest first; equals keep their order."""
    return tuple(sorted(dict.fromkeys(map(fold_clause, words)), key=len, reverse=True))


def parse_vocabulary(text: str, name: str) -> Vocabulary:
    """Return the checked vocabulary of a YAML text.

    Raises ProfileError that names the file, the place in it and what is expected there.
    """
    return build_vocabulary(checked(text, name, "narrative.schema.json"), name)


@cache
def shipped_vocabulary() -> Vocabulary:
    """Return the vocabulary that ships with the converter; tests check its form."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = shipped_text()
    return build_vocabulary(yaml.load(text, loader), _FILE)  # noqa: S506  # a safe loader


def shipped_text() -> str:
    """Return the shipped file as it stands."""
    return (resources.files(_PROFILES) / _FILE).read_text("utf-8")


def build_vocabulary(data: Mapping[str, Any], name: str) -> Vocabulary:
    """Return the vocabulary that a file's data describes. Raises ProfileError for a dimension that does not exist."""
    lists: dict[str, tuple[str, ...]] = {}
    for part, value in data.items():
        if part not in {"vocabulary", "sections", "tables", "topics", "glossary"}:
            _collect(part, value, lists)
    absences = data["absences"]["topics"]
    return Vocabulary(
        tuple(
            SectionWords(s["kind"], s.get("table"), longest_first(s["headings"]), s.get("weak", False), s.get("items"))
            for s in data["sections"]
        ),
        {kind: _checked(dimensions, "expenditure", name) for kind, dimensions in data["tables"].items()},
        tuple(_topic(each, name) for each in data["topics"]),
        tuple(_topic(each, name) for each in absences),
        tuple(
            Concept(frozenset(map(fold_clause, each["words"])), each["scheme"], each["notation"])
            for each in data["glossary"]
        ),
        lists,
    )


def _collect(path: str, value: object, into: dict[str, tuple[str, ...]]) -> None:
    if isinstance(value, Mapping):
        for key, below in value.items():
            _collect(f"{path}.{key}", below, into)
    elif isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(v, str) for v in value):
        into[path] = tuple(value) if path.endswith("forms") else longest_first(value)


def _topic(data: Mapping[str, Any], name: str) -> TopicWords:
    structure = data.get("structure", "expenditure")
    return TopicWords(
        frozenset(map(fold_clause, data["words"])),
        data.get("table"),
        frozenset(data.get("within", ())),
        structure,
        _checked(data.get("dimensions", {}), structure, name),
    )


def _checked(dimensions: Mapping[str, str], structure: str, name: str) -> Mapping[str, str]:
    for dimension in dimensions:
        if structure not in STRUCTURES or dimension not in STRUCTURES[structure]:
            known = ", ".join(STRUCTURES.get(structure, STRUCTURES))
            raise ProfileError(f"{name}: {structure} has no dimension {dimension!r}; known: {known}")
    return dimensions
