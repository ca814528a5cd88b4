"""Engines that find what is wrong: one function each, found by name and imported only when it is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from budgetgraph.shapes.catalogue import Shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.exceptions import UnknownEngineError
from budgetgraph.shapes.results import Value

#: Name of an engine -> module with its function `find`.
ENGINES = {
    "compiled": "budgetgraph.shapes.compiled_engine",
    "oxigraph": "budgetgraph.shapes.oxigraph_engine",
    "pyshacl": "budgetgraph.shapes.pyshacl_engine",
}
DEFAULT_ENGINE = "compiled"


@dataclass(frozen=True, slots=True)
class Finding:
    """A validation result as an engine gives it. `messages` are filled in, by language."""

    rule: str
    focus: str
    path: str | None
    value: Value | None
    component: str
    messages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Examination:
    """What an engine found.

    checked    rule -> number of equations or values it looked at; without the rules on rounding
    handed_on  rules that another engine looked at, because this one does not know all they state
    """

    findings: Sequence[Finding]
    checked: Mapping[str, int]
    handed_on: tuple[str, ...] = ()


class Engine(Protocol):
    """Finds what is wrong with a document. All engines give the same findings, in any order."""

    def __call__(self, document: Document, shapes: Shapes) -> Examination:
        """Return what was found. Raises EngineError when the engine cannot finish."""


def engine(name: str) -> Engine:
    """Return the engine of that name. Raises UnknownEngineError when there is none."""
    if name not in ENGINES:
        raise UnknownEngineError(f"there is no validation engine {name!r}: use {' or '.join(sorted(ENGINES))}")
    return cast(Engine, import_module(ENGINES[name]).find)
