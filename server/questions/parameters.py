"""The parameters of questions: what may be given, and how it stands in a query.

Values become RDF terms, and terms are written by the RDF library; no text of a request is ever pasted into a query.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import CODE_BASE
from budgetgraph.server.exceptions import RequestError
from budgetgraph.server.questions.reading import Question

#: The most values of one parameter.
MOST_VALUES = 50
#: The longest word that is looked for.
LONGEST_WORD = 100

#: The end of a line that depends on a parameter: `#? name` needs it, `#! name` stands in for it.
_CONDITION = re.compile(r"(.*)#([?!]) (\w+)")

Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter by its labels, the form of its values, and an example.

    variable  what it binds in queries
    multiple  several values may be given, as `year=2023&year=2025`
    kind      "year" | "organisation" become IRIs; "code" | "word" stay text
    """

    labels: Mapping[str, str]
    variable: str
    kind: str
    pattern: str
    example: str
    multiple: bool = False

    def term(self, value: str, base: str) -> ox.NamedNode | ox.Literal:
        """Return a value as it stands in a query. The value has the form of the parameter."""
        if self.kind == "year":
            return ox.NamedNode(f"{CODE_BASE}fiscal-year/{value}")
        if self.kind == "organisation":
            return ox.NamedNode(f"{base}id/org/{value}")
        return ox.Literal(value)


PARAMETERS: Mapping[str, Parameter] = {
    "department": Parameter(
        {"zh": "部门", "en": "Department"},
        "department",
        "organisation",
        r"[a-z0-9/-]{1,60}",
        "whkfq-0001",
        multiple=True,
    ),
    "year": Parameter({"zh": "年度", "en": "Year"}, "yearConcept", "year", r"20[0-9]{2}", "2021", multiple=True),
    "function": Parameter(
        {"zh": "功能分类科目编码（类、款或项）", "en": "Code of a functional class"},
        "function",
        "code",
        r"[0-9]{3}([0-9]{2}){0,2}",
        "208",
    ),
    "economic": Parameter(
        {"zh": "经济分类科目编码（类或款）", "en": "Code of an economic class"},
        "economic",
        "code",
        r"[0-9]{3}([0-9]{2})?",
        "302",
    ),
    "digits": Parameter(
        {"zh": "科目级次：3 类，5 款，7 项", "en": "Digits of the codes: 3, 5 or 7"}, "digits", "code", r"[357]", "3"
    ),
    "word": Parameter({"zh": "包含的词", "en": "Word contained"}, "word", "word", rf".{{1,{LONGEST_WORD}}}", "培训"),
}


def check(question: Question, given: Given) -> Given:
    """Return the parameters that are given, checked.

    Raises RequestError that names the parameter and says what it takes.
    """
    checked: dict[str, Sequence[str]] = {}
    for name in question.parameters:
        parameter = PARAMETERS[name]
        values = [value.strip() for value in given.get(name, ()) if value.strip()]
        if not values and name in question.required:
            raise RequestError(f"Parameter {name!r} is missing; for example {name}={parameter.example}.")
        if len(values) > (MOST_VALUES if parameter.multiple else 1):
            raise RequestError(f"Parameter {name!r} has {len(values)} values; give fewer.")
        for value in values:
            if not re.fullmatch(parameter.pattern, value):
                raise RequestError(
                    f"Parameter {name!r} does not take {value!r}; its form is {parameter.pattern}, "
                    f"for example {name}={parameter.example}."
                )
        if values:
            checked[name] = values
    return checked


def fill(question: Question, given: Given, base: str) -> str:
    """Return the query of a question with checked parameters in it: what is shown, copied and asked."""
    lines = []
    for line in question.query.splitlines():
        found = _CONDITION.fullmatch(line)
        if found is None:
            lines.append(line)
            continue
        code, mark, name = found.groups()
        if (name in given) == (mark == "?"):
            lines.append(code.rstrip() if code.strip() else f"{code}{_values(name, given, base)}")
    return "\n".join(lines) + "\n"


def _values(name: str, given: Given, base: str) -> str:
    parameter = PARAMETERS[name]
    terms = " ".join(str(parameter.term(value, base)) for value in given[name])
    return f"VALUES ?{parameter.variable} {{ {terms} }}"
