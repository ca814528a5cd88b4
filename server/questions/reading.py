"""Questions: parameterised queries in files, each the one source of a form, a REST path and an example.

The first lines of `queries/{name}.rq` are comments that describe it:

    # zh: / # en:               the question
    # about.zh: / # about.en:   what is counted, and what is not
    # parameters: year function!       a name of `parameters.PARAMETERS`; `!` makes it required
    # column yuan: 支出（元） | Expenditure (CNY) | money
    # chart: bar name yuan             kind, column of words, columns of numbers

In the query, a line `#? year` becomes `VALUES ?year { ... }` when the parameter is given; a line that ends in
`#? year` stays only then, one that ends in `#! year` only when it is not given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

_HEAD = re.compile(r"^# ([\w.]+(?: \w+)?): (.+)$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer: variable, heading in both languages, and how its values are shown.

    kind  "text" | "code" | "money" (元) | "number" | "percent"; "link" is an IRI that the column before it leads to
    """

    name: str
    labels: Mapping[str, str]
    kind: str

    @property
    def is_number(self) -> bool:
        """Tell whether the values are numbers."""
        return self.kind in {"money", "number", "percent"}


@dataclass(frozen=True, slots=True)
class Chart:
    """How an answer is drawn: kind "bar" | "line" | "treemap", the column of words, those of numbers."""

    kind: str
    words: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its query. `parameters` are names, `required` those that must be given."""

    name: str
    labels: Mapping[str, str]
    about: Mapping[str, str]
    parameters: tuple[str, ...]
    required: frozenset[str]
    columns: tuple[Column, ...]
    chart: Chart | None
    query: str


@cache
def read_questions() -> Mapping[str, Question]:
    """Return all questions by name, in the order of their files' names."""
    folder = resources.files("budgetgraph.server.questions") / "queries"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".rq")), key=lambda file: file.name)
    found = (_read(file.name.removesuffix(".rq").partition("-")[2], file.read_text("utf-8")) for file in files)
    return {question.name: question for question in found}


def _read(name: str, text: str) -> Question:
    lines = text.splitlines(keepends=True)
    end = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    head = [match.groups() for line in lines[:end] if (match := _HEAD.match(line))]
    told = {key: value for key, value in head if not key.startswith("column ")}
    parameters = told.get("parameters", "").split()
    return Question(
        name,
        {"zh": told["zh"], "en": told["en"]},
        {"zh": told["about.zh"], "en": told["about.en"]},
        tuple(each.rstrip("!") for each in parameters),
        frozenset(each.rstrip("!") for each in parameters if each.endswith("!")),
        tuple(_column(key.removeprefix("column "), value) for key, value in head if key.startswith("column ")),
        _chart(told["chart"]) if "chart" in told else None,
        "".join(lines[end:]).strip() + "\n",
    )


def _column(name: str, value: str) -> Column:
    zh, en, kind = (part.strip() for part in value.split("|"))
    return Column(name, {"zh": zh, "en": en}, kind)


def _chart(value: str) -> Chart:
    kind, words, *numbers = value.split()
    return Chart(kind, words, tuple(numbers))
