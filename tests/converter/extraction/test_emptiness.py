"""Notes and rows that say that a table is empty: below empty tables, and below tables that are not."""

import pytest

from budgetgraph.converter.extraction.emptiness import says_empty_note, says_empty_row
from tests.converter.publications import SPENDING, TITLE, codes, convert_text

FUND = "\n政府性基金预算支出表\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出\n"
EMPTY = "||||\n"
FILLED = "212|城乡社区支出|5.00||5.00\n合计<2|5.00||5.00\n"

NOTES = [
    "注：我单位无此项支出",
    "注：我局2024年没有此项预算。",
    "注：本部门不涉及此项支出",
    "注：本年度无此类支出",
    "备注：我校未发生该项支出。",
    "我单位无此项支出",
    "本街道无相关支出",
    "我中心不涉及该项支出",
    "此表无数据",
    "本表为空表",
    "空表",
    "我局2024年没有政府性基金收支，故此表无数据",
]


@pytest.mark.parametrize("note", NOTES)
def test_a_note_of_emptiness_over_a_table_with_amounts_is_reported(tmp_path, note):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}{FUND}{FILLED}\n{note}\n")
    (problem,) = (p for p in conversion.problems if p.code == "empty-note")
    assert note in problem.message
    assert [f.text for d in conversion.budget.data_sets for f in d.figures if d.fund == "govFund"].count("5.00") == 4


@pytest.mark.parametrize("note", NOTES)
def test_a_note_of_emptiness_below_an_empty_table_is_printed_with_it(tmp_path, note):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}{FUND}{EMPTY}\n{note}\n")
    table = next(t for t in conversion.budget.tables if t.kind == "fund-expenditure")
    assert table.empty_note == note
    assert not [p for p in conversion.problems if p.code == "empty-note"]


@pytest.mark.parametrize(
    "note",
    [
        "注：如无此项支出，本表为空。",
        "注：没有此项支出的单位填0。",
        "注：本表反映本部门支出。",
        "注：凡无此项支出的，以空表列示。",
    ],
)
def test_what_a_form_tells_those_who_fill_it_in_is_no_statement(note):
    assert not says_empty_note(note)


@pytest.mark.parametrize(
    "row", ["我单位无此项支出", "注：本单位无此项支出", "无", "（本表无数据）", "我局没有政府性基金预算支出"]
)
def test_rows_that_say_so(tmp_path, row):
    assert says_empty_row(row)
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}{FUND}{row}<5\n")
    assert codes(conversion) == set()


@pytest.mark.parametrize("row", ["无线电管理", "其他支出", "无形资产购置", "办公费"])
def test_rows_that_do_not(row):
    assert not says_empty_row(row)


@pytest.mark.parametrize("name", ["无障碍设施改造项目", "无线电监测项目", "无人机采购项目"])
def test_a_project_whose_name_begins_as_no_does_not_say_that_a_table_is_empty(tmp_path, name):
    rows = f"{name}||\n控制点维护|25.00|25.00\n合计|25.00|25.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}项目支出表\n单位：万元\n项目名称|合计|一般公共预算\n{rows}")
    assert "empty-note" not in {problem.code for problem in conversion.problems}
