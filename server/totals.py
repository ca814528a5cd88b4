"""The sums of canonical data sets, added up while their statements go by; the check of a release compares them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from budgetgraph.ontology.namespaces import BUD_BASE, PREFIXES

_DATA_SET = f"{PREFIXES['qb']}dataSet"
_LEAF, _AMOUNT, _CANONICAL = f"{BUD_BASE}isLeaf", f"{BUD_BASE}amount", f"{BUD_BASE}canonical"

#: Graph and data set -> sum of the leaves, in 元.
Totals = Mapping[tuple[str, str], Decimal]


@dataclass(slots=True)
class Adder:
    """Adds up the leaves of canonical data sets, graph by graph."""

    _canonical: set[tuple[str, str]] = field(default_factory=set)
    _data_set: dict[tuple[str, str], str] = field(default_factory=dict)
    _amount: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    _leaves: set[tuple[str, str]] = field(default_factory=set)

    def add(self, quad: ox.Quad) -> None:
        """Note a statement of a named graph."""
        predicate = quad.predicate.value
        if predicate not in {_DATA_SET, _LEAF, _AMOUNT, _CANONICAL}:
            return
        assert isinstance(quad.graph_name, ox.NamedNode)  # noqa: S101  # checked by who reads the sources
        key, value = (quad.graph_name.value, str(quad.subject)), quad.object
        if predicate == _DATA_SET:
            self._data_set[key] = str(value)
        elif isinstance(value, ox.Literal):
            if predicate == _AMOUNT:
                try:
                    self._amount[key] = Decimal(value.value)
                except InvalidOperation:
                    self._amount[key] = Decimal("NaN")
            elif value.value in {"true", "1"}:
                (self._leaves if predicate == _LEAF else self._canonical).add(key)

    def totals(self) -> Totals:
        """Return the sums; without those of data sets in which an amount is no number."""
        sums: dict[tuple[str, str], Decimal] = {}
        for key in self._leaves & self._amount.keys():
            data_set = (key[0], self._data_set.get(key, ""))
            if data_set in self._canonical:
                sums[data_set] = sums.get(data_set, Decimal(0)) + self._amount[key]
        return {(graph, name.strip("<>")): total for (graph, name), total in sums.items() if total.is_finite()}


def stored_totals(store: ox.Store, query: str) -> Totals:
    """Return the sums that the engine gives, by the query `canonical-totals`."""
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)  # noqa: S101  # it is a SELECT
    found = {}
    for row in rows:
        if row["total"] is not None:
            data_set = row["dataSet"]
            name = data_set.value if isinstance(data_set, ox.NamedNode) else str(data_set)
            found[row["graph"].value, name] = Decimal(row["total"].value)
    return found
