"""Headings, contents lists and what a template left open, in invented texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.narrative import read_narrative
from tests.converter.narrative.conftest import Read, paragraphs, statement

TEXT = """某某县水利局 2021 年度部门预算

目 录

第一部分 部门概况……3
一、主要职能……………3
2. 2021年部门收入预算总表 …… 12
第二部分 名词解释 15

第一部分 部门概况

一、主要职能

（一）管理河道。

二、收入预算情况说明

收入预算合计 5 万元。

第二部分 名词解释

一、基本支出：日常支出。"""


def test_headings_are_sections_in_the_order_of_the_text() -> None:
    found = read_narrative(paragraphs(TEXT), 2021, source=TEXT)
    assert [(s.kind, s.depth, s.title, s.table_kind) for s in found.sections] == [
        ("contents", 0, "目 录", None),
        ("overview", 1, "第一部分 部门概况", None),
        ("duties", 2, "一、主要职能", None),
        ("statement", 2, "二、收入预算情况说明", "revenue"),
        ("glossary", 1, "第二部分 名词解释", None),
    ]
    (claim,) = found.claims
    assert claim.section == next(s.order for s in found.sections if s.table_kind == "revenue")


def test_lines_of_the_contents_list_lose_leaders_and_pages() -> None:
    found = read_narrative(paragraphs(TEXT), 2021, source=TEXT)
    assert [entry.title for entry in found.contents] == [
        "第一部分 部门概况",
        "一、主要职能",
        "2. 2021年部门收入预算总表",
        "第二部分 名词解释",
    ]
    for entry in found.contents:
        assert TEXT[entry.place.locator.start : entry.place.locator.end] == entry.title


def test_the_label_of_a_table_is_no_line_of_the_contents() -> None:
    text = TEXT.replace("第二部分 名词解释 15\n", "表01\n部门公开表08\n第二部分 名词解释 15\n")
    found = read_narrative(paragraphs(text), 2021, source=text)
    assert [entry.title for entry in found.contents][-1] == "第二部分 名词解释"
    assert len(found.contents) == 4


GAPS = [
    ("清淤费XX万元，与上年持平。", "placeholder", "清淤费XX万元"),
    ("清淤费 3 万元，增长××%。", "placeholder", "增长××%"),
    ("清淤费 3 万元，增长 X%。", "placeholder", "增长 X%"),
    ("20XX 年清淤费 3 万元。", "placeholder", "20XX 年清淤费 3 万元"),
    ("车辆____辆。", "placeholder", "车辆____辆"),
    ("清淤费预算支出万元。与上年一致。", "missing-figure", "清淤费预算支出万元"),
    ("清淤费 3 万元，增长%。", "missing-figure", "增长%"),
    ("清淤费 3 万元，占 76.23;修缮费 1 万元，占 23.77%。", "missing-unit", "占 76.23"),
    ("年初预算为 0，支出决算为 4.19。决算数大于预算数。", "missing-unit", "支出决算为 4.19"),
    ("20 年清淤费 3 万元，202 年度修缮费 2 万元。", "placeholder", "202 年度修缮费 2 万元"),
    ("清淤费 3 万元，比上年增加 1 万元，主要原因是。", "missing-reason", "主要原因是"),
    ("清淤费 3 万元，比上年增加 1 万元。主要原因：；修缮费 2 万元。", "missing-reason", "主要原因："),
]


@pytest.mark.parametrize(("sentence", "kind", "quote"), GAPS)
def test_what_a_template_left_open(read: Read, sentence: str, kind: str, quote: str) -> None:
    found = read(sentence)
    (gap,) = found.gaps
    assert (gap.kind, gap.quote) == (kind, quote)
    assert [p.code for p in found.problems if p.code == "text-gap"] == ["text-gap"]
    assert gap.section == 1


def test_years_that_lack_a_digit_are_found_in_headings_and_contents() -> None:
    lines = ("目 录", "二、202 年度部门决算情况说明……2", "二、202 年度部门决算情况说明", "无。")
    text = "\n\n".join(lines)
    found = read_narrative(paragraphs(text), 2025, phase="final", source=text)
    assert [(gap.kind, gap.quote[:8], gap.section) for gap in found.gaps] == [
        ("placeholder", "二、202 年度", 1),
        ("placeholder", "二、202 年度", 2),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "年初预算为 0，支出决算为 0.00，占 3 个百分点，占地 205 平方米。",
        "2021 年度清淤费占 3.5% 。",
        "位于W01单元X101、X102街坊，规划面积 30 平方米。",
        "培训费按 70人*20*450元 计算。",
        "培训费按 3×4×500元 计算。",
        "单价 50 万元以上的设备若干，单位：万元。",
        "文号〔2013〕16号，建筑面积 2083.68 平方米。",
        "主要原因如下：一是人员增加。",
        "原因是人员增加。",
    ],
)
def test_what_only_looks_like_a_gap(read: Read, sentence: str) -> None:
    assert read(sentence).gaps == ()


@given(
    before=st.sampled_from(["清淤费", "“一费”支出", "修缮费比上年增加", "占"]),
    mark=st.sampled_from(["XX", "××", "___", "XXX.XX", "＿＿"]),
    unit=st.sampled_from(["万元", "%", "元", "亿元"]),
)
def test_a_placeholder_is_found_and_no_amount(before: str, mark: str, unit: str) -> None:
    found = statement(f"{before}{mark}{unit}，无其他事项。")
    assert {gap.kind for gap in found.gaps} == {"placeholder"}
    assert found.amounts == 0
    assert not any(claim.amount is not None for claim in found.claims)
