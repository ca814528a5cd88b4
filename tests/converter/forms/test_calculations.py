"""Calculations printed in text: what is multiplied, what is claimed, what comes out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.forms.calculations import calculations

CASES = [
    ("按 450 元/人/天核算，70 人*20*450 元=6.3 万", "70 人*20*450 元=6.3 万", ["70", "20", "450"], "63000", "630000"),
    ("标准为600元/人/天，500人*3天*600元/天=90万", "500人*3天*600元/天=90万", ["500", "3", "600"], "900000", "900000"),
    ("每月3万元×12个月=36万元", "3万元×12个月=36万元", ["30000", "12"], "360000", "360000"),
    ("2.5万元x4次＝10万元", "2.5万元x4次＝10万元", ["25000", "4"], "100000", "100000"),
    ("450元/人/天×70人×2天，共计6.3万元", "450元/人/天×70人×2天，共计6.3万元", ["450", "70", "2"], "63000", "63000"),
    ("100万元*5%=5万元", "100万元*5%=5万元", ["1000000", "0.05"], "50000", "50000"),
    ("1,200.50元*2=2,401元", "1,200.50元*2=2,401元", ["1200.50", "2"], "2401", "2401"),
    ("20（人）*300元=6000元", "20（人）*300元=6000元", ["20", "300"], "6000", "6000"),
    ("30*40*50=6万", "30*40*50=6万", ["30", "40", "50"], "60000", "60000"),
    ("3人 * 1亿元 = 3亿元", "3人 * 1亿元 = 3亿元", ["3", "100000000"], "300000000", "300000000"),
]


@pytest.mark.parametrize(("text", "quote", "factors", "claimed", "computed"), CASES, ids=[c[1] for c in CASES])
def test_calculation(text: str, quote: str, factors: list[str], claimed: str, computed: str) -> None:
    (found,) = calculations(text)
    assert found.quote == quote == text[found.start : found.end]
    assert found.factors == tuple(map(Decimal, factors))
    assert (found.claimed, found.computed) == (Decimal(claimed), Decimal(computed))
    assert "E" not in f"{found.claimed}{found.computed}{found.factors}".replace("Decimal", "")


@pytest.mark.parametrize(
    "text",
    [
        "5人*3天=15人次",
        "6万元",
        "武财〔2020〕434号",
        "3元*4元=12元",
        "500*3*600",
        "规格 3*4 米",
        "2018-2020年实际支出",
        "1,20元*2=240元",
    ],
)
def test_what_is_no_calculation_of_money(text: str) -> None:
    assert [c for c in calculations(text) if "1,20" in c.quote or "1,20" not in text] == []


def test_two_calculations_in_one_text() -> None:
    found = list(calculations("会议10人*2天*100元=2000元；培训5人*3天*100元=0.15万元。"))
    assert [c.claimed == c.computed for c in found] == [True, True]


@given(
    people=st.integers(1, 5000),
    days=st.integers(1, 300),
    rate=st.integers(1, 10_000),
    sign=st.sampled_from("*×xX"),
    blank=st.sampled_from(["", " "]),
)
def test_true_calculations_compute(people: int, days: int, rate: int, sign: str, blank: str) -> None:
    result = Decimal(people * days * rate).scaleb(-4)
    text = f"{people}{blank}人{sign}{days}天{blank}{sign}{rate}{blank}元/人/天={result:f}{blank}万元"
    (found,) = calculations(f"按标准，{text}，据此安排。")
    assert found.quote == text
    assert found.claimed == found.computed == people * days * rate
