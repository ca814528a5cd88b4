"""Example queries: `queries/example-*.rq`, each with its question in Chinese and English in the first lines."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

_QUESTION = re.compile(r"^# (zh|en): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A query that works on any store. `questions` has one for each language of the site."""

    name: str
    questions: Mapping[str, str]
    query: str


@cache
def read_examples() -> tuple[Example, ...]:
    """Return all example queries, by name."""
    folder = resources.files("budgetgraph.server") / "queries"
    files = sorted((f for f in folder.iterdir() if f.name.startswith("example-")), key=lambda f: f.name)
    return tuple(_read(f.name.removesuffix(".rq"), f.read_text("utf-8")) for f in files)


def _read(name: str, text: str) -> Example:
    questions = {match[1]: match[2] for match in _QUESTION.finditer(text)}
    return Example(name, questions, _QUESTION.sub("", text).strip() + "\n")
