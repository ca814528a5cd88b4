import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Locator, Paragraph
from budgetgraph.converter.narrative.passages import fold_characters, fold_clause, passage, passages
from tests.converter.narrative.conftest import paragraphs

PRINTED = st.text(
    alphabet="“”（）：；，。、％　 ０１２" + string.digits + ".,%" + "一般公共预算支出万元年\t\u3000①㎡", max_size=60
)


@given(PRINTED)
def test_folded_characters_know_where_they_are_printed(text: str) -> None:
    for character, offset in fold_characters(text):
        assert fold_clause(text[offset]) in {character, "，", ""} or text[offset].isspace()


@given(st.lists(PRINTED, min_size=1, max_size=5), st.data())
def test_any_span_is_quoted_as_it_stands_in_the_source(lines: list[str], data: st.DataObject) -> None:
    lines = [line.replace("\t", " ") for line in lines]
    source = "\n".join(lines)
    starts = [sum(len(line) + 1 for line in lines[:n]) for n in range(len(lines))]
    whole = passage(
        [
            Paragraph(line, Locator(n + 1, None, s, s + len(line)))
            for n, (line, s) in enumerate(zip(lines, starts, strict=True))
        ],
        source,
    )
    if not whole.text:
        return
    start = data.draw(st.integers(0, len(whole.text) - 1))
    end = data.draw(st.integers(start + 1, len(whole.text)))
    place = whole.locator(start, end)
    assert place.start is not None
    assert whole.printed(start, end) == source[place.start : place.end]
    words = fold_clause(whole.words(start, end)).replace(" ", "").replace(",", "，")
    assert whole.text[start:end].replace(" ", "").replace(",", "，") in words


def test_clause_marks_are_no_separators_of_thousands() -> None:
    assert fold_clause("项目 3，212 万元") == "项目3，212万元"
    assert fold_clause("合计 1,212 万元, 其中: 甲") == "合计1,212万元，其中：甲"


def test_a_blank_between_numbers_keeps_them_apart() -> None:
    assert fold_clause("第 3 212 万元") == "第3 212万元"


WRAPPED = [
    "某某局二〇一九年度一般公共预算安排的各项支出合计为人民币",
    "壹佰万元整，与上年相比增加十万元，增长的主要原因是新增的",
    "7 ",
    "办公用房租赁费和信息系统维护费两项，其余各项均与上年持平。",
    "一、基本支出",
    "本年度安排的基本支出包括人员经费与公用经费两个部分，二者都",
    "按照标准核定。其中人员经费用于工资与社会保险，公用经费用于",
    "办公、差旅和会议等日常事务，标准与上一个年度相同，合计三百",
    "万元，其中人员经费二百万元。",
    "二、项目支出",
    "项目支出包括办公设备的购置与会议室的改造，其中购置设备三",
    "十万元，改造会议室四十万元。",
]


def test_lines_broken_at_a_width_are_joined_and_page_numbers_left_out() -> None:
    found = [each.text for each in passages(paragraphs("\n".join(WRAPPED)))]
    assert len(found) == 5
    assert found[0].startswith("某某局")
    assert found[0].endswith("均与上年持平。")
    assert "7" not in found[0]
    assert found[1] == "一、基本支出"
    assert found[4].endswith("购置设备三十万元，改造会议室四十万元。")


@pytest.mark.parametrize("figure", ["71.10%", "36.93％", "78.57 万元"])
def test_a_line_that_opens_with_a_figure_goes_on_with_the_sentence(figure: str) -> None:
    lines = ["本年支出合计 47 万元，其中：基本支出 33 万元，占", f"{figure}；项目支出 13 万元。"]
    assert len(passages(paragraphs("\n\n".join(lines)))) == 1


@pytest.mark.parametrize(("below", "count"), [("单位：万元", 3), ("安排的支出。", 1)])
def test_the_title_of_a_table_goes_on_with_no_note_above_it(below: str, count: int) -> None:
    note = "注：若为空表，则为该部门单位没有安排的支出，无此项的收支内容"
    title = "某某区二〇二四年某某管理委员会办公室国有资本经营预算支出表"
    assert len(passages(paragraphs("\n".join([*[note] * 6, title, below])))) == count


def test_paragraphs_that_are_whole_stay_apart() -> None:
    lines = ["某某局编制三十六人" + "其中行政编制若干" * n for n in range(12)]
    assert len(passages(paragraphs("\n\n".join(lines)))) == 12


def test_a_source_without_offsets_keeps_pages_and_lines() -> None:
    lines = ["（一）清淤费 5", "万元，与上年数一致。"]
    whole = passage([Paragraph(line, Locator(line=n, page=3)) for n, line in enumerate(lines, start=7)])
    assert whole.printed(0, len(whole.text)) == "（一）清淤费 5万元，与上年数一致。"
    place = whole.locator(0, len(whole.text))
    assert (place.page, place.line, place.start, place.end) == (3, 7, None, None)


@pytest.mark.parametrize("line", ["- 7 -", "─ 12 ─", "第 3 页 共 9 页", "7"])
def test_page_numbers_are_no_text(line: str) -> None:
    assert passages([Paragraph(line)]) == []
