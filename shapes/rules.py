"""A rule as a value: what it is called, what it asks, and its messages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from budgetgraph.ontology.namespaces import BASE
from budgetgraph.shapes.results import Severity

SHAPE_BASE = f"{BASE}shape#"

#: The lines of a query that keep only what is wrong: without them it lists everything that it looks at.
FAILS = "# fails"
#: From this line on a query only puts into words what it found: BIND and OPTIONAL, which drop nothing.
WORDS = re.compile(r"^[ \t]*# In words", re.MULTILINE)
#: Ending of the rule that reports what rounding can explain; it looks at the equations of the rule without it.
ROUNDING = "-rounding"

#: A variable in a message.
VARIABLE = re.compile(r"\{[?$](\w+)\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape that can report something.

    id           last part of its IRI: "WT-1"
    names, descriptions, messages   language -> text
    target       IRI of the class whose members are the focus nodes (for a property shape: of the outermost shape)
    outer        IRIs of the property shapes around it, outermost first: their paths lead to its focus nodes
    query        text of `sh:select`, None for a shape of SHACL Core
    unknown      what it states that only a complete SHACL engine knows: "sh:or", "sh:closed"
    """

    id: str
    iri: str
    severity: Severity
    names: Mapping[str, str]
    descriptions: Mapping[str, str]
    messages: Mapping[str, str]
    target: str
    outer: tuple[str, ...]
    query: str | None
    unknown: tuple[str, ...]
    file: str

    @property
    def looks_at(self) -> str | None:
        """Return the query that lists everything the rule looks at; None for a shape of SHACL Core."""
        if self.query is None:
            return None
        return "\n".join(line for line in self.query.splitlines() if not line.endswith(FAILS))

    @property
    def counts(self) -> str | None:
        """Return the query that lists everything the rule looks at, without words; None for a shape of SHACL Core."""
        return None if self.looks_at is None else without_words(self.looks_at)

    @property
    def is_rounding(self) -> bool:
        """Tell whether the rule reports the failures of another that rounding can explain."""
        return self.id.endswith(ROUNDING)

    @property
    def base(self) -> str:
        """Return the ID of the rule whose equations it looks at: of a rounding rule, that without the ending."""
        return self.id.removesuffix(ROUNDING)

    def language_of(self, message: str) -> str | None:
        """Return the language of a filled-in message, found by the template that it came from."""
        for language, template in self.messages.items():
            if _pattern(template).fullmatch(message):
                return language
        return None


def without_words(query: str) -> str:
    """Return a query without what only makes words of its solutions, which are the same and as many."""
    mark = WORDS.search(query)
    return f"{query[: mark.start()]}}}\n" if mark else query


def fill(messages: Mapping[str, str], bound: Mapping[str, str]) -> dict[str, str]:
    """Return the messages with the values of their variables; a variable without value stays as it is written."""
    return {
        language: VARIABLE.sub(lambda match: bound.get(match.group(1), match.group()), template)
        for language, template in messages.items()
    }


@cache
def _pattern(template: str) -> re.Pattern[str]:
    literal = VARIABLE.split(template)[::2]
    return re.compile(".*?".join(map(re.escape, literal)), re.DOTALL)
