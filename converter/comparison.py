"""Two graphs of a budget, figure by figure: what one version or one year says otherwise than the other.

Figures are the same when they have the same key in the same kind of table. A key is made of notations, and of years
counted from the budget's own, so that the budgets of two years can be compared; projects are the same by their names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph

from budgetgraph.converter.reprint.tables import select

#: A table's number in the name of its data set; what follows names the pane, or the statement of the text.
_NUMBERED = re.compile(r"t\d+-?")

#: Kind of table, then pane and dimensions as (name, notation) in the order of names.
Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a graph: amounts in 元, counts as they are; `printed` as the cell has it."""

    value: Decimal
    printed: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a figure: `old` is None where it is new, `new` where it is gone."""

    key: Key
    old: Compared | None
    new: Compared | None

    @property
    def kind(self) -> str:
        """Return "added", "removed" or "changed"."""
        return "added" if self.old is None else "removed" if self.new is None else "changed"

    @property
    def difference(self) -> Decimal | None:
        """Return new less old, None where one of them is missing."""
        return None if self.old is None or self.new is None else self.new.value - self.old.value


def figures(store: pyoxigraph.Store) -> Mapping[Key, Compared]:
    """Return the figures of a document's graphs by their keys."""
    parts: dict[str, dict[str, str]] = {}
    found: dict[str, tuple[str, Compared]] = {}
    for row in select(store, "keyed-figures"):
        observation = row["observation"].value
        dimension = _last(row["dimension"].value, "#")
        parts.setdefault(observation, {})[dimension] = _part(dimension, row)
        if pane := _NUMBERED.sub("", _last(row["dataSet"].value, "/")):
            parts[observation]["pane"] = pane
        number = row["amount"] or row["quantity"] or row["headcount"]
        label = row["label"].value if row["label"] else ""
        compared = Compared(Decimal(number.value), row["printed"].value, label, row["title"].value)
        found[observation] = _last(row["kind"].value, "/"), compared
    result: dict[Key, Compared] = {}
    for observation, (kind, compared) in sorted(found.items()):
        result.setdefault((kind, tuple(sorted(parts[observation].items()))), compared)
    return result


def compare(old: Mapping[Key, Compared], new: Mapping[Key, Compared]) -> Iterator[Change]:
    """Yield the figures that differ, in the order of their keys; figures of equal value are left out."""
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before is None or after is None or before.value != after.value:
            yield Change(key, before, after)


def _part(dimension: str, row: pyoxigraph.QuerySolution) -> str:
    value = row["value"].value
    if dimension == "fiscalYear":
        return f"{int(_last(value, '/')) - int(_last(row['year'].value, '/')):+d}"
    if dimension in {"project", "procurementLine", "projectLine"} and row["projectLabel"]:
        return str(row["projectLabel"].value)
    return _last(value, "/")


def _last(iri: str, mark: str) -> str:
    return iri.rpartition(mark)[2]
