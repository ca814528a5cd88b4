"""Two versions of a budget differ in the figures that differ, and in no other."""

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from budgetgraph.converter.comparison import compare, figures
from budgetgraph.converter.reprint.tables import load

DEF = "https://w3id.org/budgetgraph/def#"
DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
AMOUNT = ox.NamedNode(f"{DEF}amount")


@pytest.fixture(scope="module")
def store(converted: Path) -> ox.Store:
    return load(converted)


def _some_amount(store: ox.Store) -> ox.Quad:
    return next(q for q in store.quads_for_pattern(None, AMOUNT, None) if str(q.subject).endswith("/t8/2013101>"))


def test_a_version_does_not_differ_from_itself(store: ox.Store) -> None:
    found = figures(store)
    observations = list(
        store.quads_for_pattern(None, None, ox.NamedNode("http://purl.org/linked-data/cube#Observation"))
    )
    assert len(found) == len(observations)
    assert list(compare(found, found)) == []


def test_a_changed_a_new_and_a_missing_figure_are_told(store: ox.Store) -> None:
    before = figures(store)
    quad = _some_amount(store)
    changed = ox.Store()
    changed.extend(store)
    changed.remove(quad)
    changed.add(
        ox.Quad(
            quad.subject,
            AMOUNT,
            ox.Literal("1.50", datatype=DECIMAL),
            quad.graph_name,
        )
    )
    (change,) = compare(before, figures(changed))
    assert change.kind == "changed"
    assert change.key[0] == "expenditure"
    assert dict(change.key[1])["functionalClass"] == "2013101"
    assert change.difference == Decimal("1.50") - Decimal(quad.object.value)  # type: ignore[union-attr]
    less = dict(before)
    gone = less.pop(change.key)
    assert [(c.kind, c.old, c.new) for c in compare(before, less)] == [("removed", gone, None)]
    assert [(c.kind, c.old, c.new) for c in compare(less, before)] == [("added", None, gone)]
