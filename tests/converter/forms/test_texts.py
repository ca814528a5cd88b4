"""Markup, numbered statements, earlier years and changes in the texts of forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.forms.changes import EarlierYear, Mention, read_history
from budgetgraph.converter.forms.markup import plain
from budgetgraph.converter.forms.outline import Outline, label, statements, take_apart


def test_markup_is_taken_out_and_places_are_kept() -> None:
    text = "<p>1、甲 &amp; 乙；</p> <p>2、丙<br/>丁</p>"
    words = plain(text)
    assert words.text == "1、甲 & 乙；\n2、丙\n丁"
    start, end = words.source_span(words.text.index("丙"), words.text.index("丙") + 1)
    assert text[start:end] == "丙"


@pytest.mark.parametrize("text", ["转发<某省某厅关于某事的通知>的通知", "x < 5", "AT&T"])
def test_angle_brackets_of_the_text_stay(text: str) -> None:
    assert plain(text).text == text


@given(st.lists(st.text(alphabet="甲乙丙 1、；<>&", min_size=1, max_size=6), min_size=1, max_size=4))
def test_every_character_is_found_where_it_stands(parts: list[str]) -> None:
    text = "".join(f"<p>{part}</p>" for part in parts)
    words = plain(text)
    for index, character in enumerate(words.text):
        start, end = words.source_span(index, index + 1)
        assert character == "\n" or text[start:end] == character


def test_statements_in_paragraphs_and_in_one_line() -> None:
    in_paragraphs = statements("（一）管理甲；\n（二）管理乙，\n含丙。\n（三）其他")
    assert [(line.number, line.text) for _, line in in_paragraphs] == [
        ("（一）", "管理甲；"),
        ("（二）", "管理乙，\n含丙。"),
        ("（三）", "其他"),
    ]
    in_one_line = statements("任务：1.甲2.5万 2.乙；3.丙")
    assert [(line.number, line.text) for _, line in in_one_line] == [
        ("", "任务："),
        ("1.", "甲2.5万"),
        ("2.", "乙；"),
        ("3.", "丙"),
    ]


def test_numbers_that_do_not_count_up_split_nothing() -> None:
    assert len(statements("见 3.甲 与 7.乙")) == 1


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        ("1.甲 2.乙 3.丙", ["1", "2", "3"]),
        ("1.甲 （1）乙 （2）丙 2.丁", ["1", "1.1", "1.2", "2"]),
        ("一、甲 1.乙 （1）丙 2.丁 二、戊", ["1", "1.1", "1.1.1", "1.2", "2"]),
        ("1.甲 其中：乙 丙 2.丁", ["1", "1.1", "1.2", "2"]),
        ("甲 乙", ["1", "2"]),
    ],
)
def test_outline(lines: str, numbers: list[str]) -> None:
    outline = Outline()
    assert [outline.add(take_apart(line))[0] for line in lines.split()] == numbers


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("档案 在线归 档平台", "档案在线归档平台"),
        ("OA 接口 及数据", "OA 接口及数据"),
        ("全天 24 小时", "全天 24 小时"),
        ("满意\n度", "满意度"),
    ],
)
def test_label(printed: str, expected: str) -> None:
    assert label(printed) == expected


def years(text: str) -> list[tuple[int, str]]:
    return [(found.year, found.text) for found in read_history(text) if isinstance(found, EarlierYear)]


def mentions(text: str) -> list[tuple[str, str | None, str, int | None]]:
    found = [m for m in read_history(text) if isinstance(m, Mention)]
    return [(m.topic, m.direction, m.text, m.base_year or m.year) for m in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019年安排40万元，2020年安排51万元", [(2019, "40"), (2020, "51")]),
        ("2019 年 16 万元、2020 年 25 万元", [(2019, "16"), (2020, "25")]),
        ("2019年50万，2020年40万", [(2019, "50"), (2020, "40")]),
        ("2019年度预算为1,200.5万元；2020年度预算为13万元。", [(2019, "1,200.5"), (2020, "13")]),
        ("因2019年起扩大范围，增加3万元", []),
        ("2019年增加3万元", []),
    ],
)
def test_earlier_years(text: str, expected: list[tuple[int, str]]) -> None:
    assert years(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增加养护费3万元", [("养护费", "increase", "3", None)]),
        ("养护费减少3万元", [("养护费", "decrease", "3", None)]),
        ("减少甲费1万元、乙费2万元；新增丙费3万", [
            ("甲费", "decrease", "1", None), ("乙费", "decrease", "2", None), ("丙费", "increase", "3", None)]),
        ("与2020年相比，增加了5万元，其中甲费增加3万，乙费2万", [
            ("", "increase", "5", 2020), ("甲费", "increase", "3", 2020), ("乙费", "increase", "2", 2020)]),
        ("甲费、乙费合计增加0.8万元", [("甲费、乙费", "increase", "0.8", None)]),
        ("2020年安排9万元（甲科4万，乙科5万）", [("甲科", None, "4", 2020), ("乙科", None, "5", 2020)]),
        ("按450元/人/天核算", []),
        ("共需9万元", []),
    ],
)  # fmt: skip
def test_changes_and_parts(text: str, expected: list[tuple[str, str | None, str, int | None]]) -> None:
    assert mentions(text) == expected


def test_digits_without_end_are_no_amount():
    assert list(read_history(f"增加甲费{'9' * 40}万元")) == []


def test_amounts_are_in_yuan() -> None:
    (found,) = read_history("增加甲费1,200.5元")
    assert (str(found.amount), found.multiplier) == ("1200.50", 0)
