from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.amounts import MULTIPLIERS
from budgetgraph.converter.narrative.passages import fold_clause
from budgetgraph.converter.narrative.quantities import amounts, percents

VALUES = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False)


@given(VALUES, st.sampled_from(sorted(MULTIPLIERS)), st.booleans(), st.sampled_from(["", " ", "　"]))
def test_amounts_are_exact(value: Decimal, unit: str, grouped: bool, blank: str) -> None:
    printed = f"{value:,f}" if grouped else f"{value:f}"
    text = fold_clause(f"安排{blank}{printed}{blank}{unit}，另")
    (found,) = amounts(text)
    assert found.value == value * 10 ** MULTIPLIERS[unit]
    assert text[found.start : found.end] == f"{printed}{unit}"
    assert text[found.start : found.digits_end] == printed
    assert found.step == Decimal(10) ** (MULTIPLIERS[unit] - 2)


@given(st.decimals(min_value=0, max_value=10000, places=2, allow_nan=False, allow_infinity=False))
def test_percentages_are_exact(value: Decimal) -> None:
    assert [p.value for p in percents(fold_clause(f"占 {value} ％"))] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "某发〔2008〕574号",
        "2021年12月31日",
        "共 353 台",
        "第 3 届",
        "一般公共预算",
        "单位：万元",
        "编制 36 人",
        "70 平方米",
    ],
)
def test_other_numbers_are_no_amounts(text: str) -> None:
    assert list(amounts(fold_clause(text))) == []


@pytest.mark.parametrize("text", ["1,465.2.8万元", "1,46万元", "5-10万元", "5万元至10万元", "1465..28元"])
def test_what_is_no_single_number_has_no_value(text: str) -> None:
    assert None in [amount.value for amount in amounts(fold_clause(text))]


def test_an_expense_may_lack_the_last_character_of_its_unit() -> None:
    text = fold_clause("国内公务接待支出 0.40 万（含外宾接待支出 0 万元）。主要用于接待。")
    assert [(a.value, text[a.start : a.end]) for a in amounts(text)] == [
        (Decimal(4000), "0.40万"),
        (Decimal(0), "0万元"),
    ]
    for other in ("服务群众 3 万。", "建设费用 3 万余元", "接待支出 3 万人次"):
        assert list(amounts(fold_clause(other))) == []


def test_a_minus_belongs_to_the_number() -> None:
    assert [amount.value for amount in amounts(fold_clause("增加－12.5万元"))] == [Decimal(-125000)]
