from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.amounts import PrintedNumber, parse_number, parse_unit, printed_step, to_yuan

AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**13), max_value=10**13)


def printed(text: str) -> PrintedNumber:
    number = parse_number(text)
    assert number is not None
    return number


@given(AMOUNTS)
def test_grouped_amounts_round_trip(value):
    assert printed(f"{value:,f}").value == value


@given(AMOUNTS, st.sampled_from([0, 3, 4, 8]))
def test_yuan_is_exact(value, multiplier):
    yuan = to_yuan(value, multiplier)
    assert yuan == value * 10**multiplier
    assert int(yuan.as_tuple().exponent) <= -2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,465.\n28", "1465.28"),
        ("1,\n465.28", "1465.28"),
        ("1465\n.28", "1465.28"),
    ],
)
def test_a_line_break_beside_point_or_comma_is_within_a_number(text, value):
    assert printed(text).value == Decimal(value)


def test_yuan_keeps_more_digits_than_the_decimal_context():
    assert str(to_yuan(Decimal("12345678901234567890123456.123456789"), 4)) == "123456789012345678901234561234.56789"


@pytest.mark.parametrize(
    "text",
    [
        "1,465.2.8",
        "146\n5.28",  # may be two
        "1,\n2",
        "¥12.00",  # below 单位：万元 it may be in 元
        "1,46.28",
        "12,3456",
        "",
        "无",
        "1 465",
        "１２元",
        "1.",
        ".5",
        "+5",
        "3%",
        "1,465.28元",
        "--5",
        "1e5",
        "٣",
    ],
)
def test_what_is_no_number_is_not_made_one(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "state"), [("0", "zero"), ("0.00", "zero"), ("-", "dash"), ("—", "dash"), ("0.01", "number")]
)
def test_states(text, state):
    assert printed(text).state == state


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", ("万元", 4)),
        ("单位:元", ("元", 0)),
        ("单 位 ：万元", ("万元", 4)),
        ("资金单位：万元", ("万元", 4)),
        ("编制部门：示例局 单位：元", ("元", 0)),
        ("单位：亿元", ("亿元", 8)),
        ("单位：台", None),
        ("预算单位：示例局", None),
    ],
)
def test_unit_lines(text, unit):
    assert parse_unit(text) == unit


@pytest.mark.parametrize(
    ("texts", "step"),
    [
        (["1,465.28", "212.00"], "100"),
        (["841.5700", "102.52"], "100"),
        (["0.1234", "1.50"], "1"),
        (["212", "41"], "10000"),
        (["2"], "10000"),
        ([], "100"),
    ],
)
def test_step_is_the_finest_digit_that_is_used(texts, step):
    assert printed_step(map(printed, texts), 4) == Decimal(step)
