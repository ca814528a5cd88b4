"""Units of measure as printed, with their base and factor."""

from decimal import Decimal

import pytest

from budgetgraph.ontology import codelists
from budgetgraph.ontology.codelists import find, scheme
from budgetgraph.ontology.namespaces import CODE_BASE, PREFIXES


@pytest.mark.parametrize(
    ("printed", "base", "factor"),
    [
        ("小时", "SEC", "3600"),
        ("天", "SEC", "86400"),
        ("个月", "MO", "1"),
        ("年", "YR", "1"),
        ("%", "UNITLESS", "0.01"),
        ("公里", "M", "1000"),
        ("平方米", "M2", "1"),
    ],
)
def test_unit_is_normalised(printed: str, base: str, factor: str) -> None:
    units = scheme("target-unit")
    unit = codelists.unit_of(units, find(units, printed) or "")
    assert unit.base == PREFIXES["unit"] + base
    assert unit.factor == Decimal(factor)
    assert unit.iri.startswith(PREFIXES["unit"])


def test_money_is_normalised_to_yuan_and_countable_things_to_themselves() -> None:
    units = scheme("target-unit")
    assert codelists.unit_of(units, "ten-thousand-yuan").base == units.concept_iri("yuan")
    assert codelists.unit_of(units, "ten-thousand-yuan").factor == 10000
    assert codelists.unit_of(units, "times").base == codelists.unit_of(units, "times").iri


def test_every_unit_has_a_base_that_is_its_own_base() -> None:
    units = scheme("target-unit")
    for notation in units.concepts:
        base = codelists.unit_of(units, notation).base
        if base.startswith(CODE_BASE):
            unit = codelists.unit_of(units, base.rpartition("/")[2])
            assert (unit.base, unit.factor) == (base, Decimal(1)), notation
