"""Captions above tables, and which signature a header and its title mean."""

from dataclasses import replace

import pytest

from budgetgraph.converter.blocks import Locator, Paragraph
from budgetgraph.converter.layouts.captions import caption_of
from budgetgraph.converter.layouts.headers import header_depth
from budgetgraph.converter.layouts.signatures import Match, Nearest, header_paths, recognise
from budgetgraph.converter.layouts.stitching import Stitched, stitch
from budgetgraph.converter.layouts.table_labels import label_number
from budgetgraph.converter.profiles import shipped_profiles
from budgetgraph.converter.readers.text import blocks
from tests.converter.publications import SPENDING, TITLE, codes, convert_text, figures

SPECS = [spec for profile in shipped_profiles() for spec in profile.tables]
FUNCTIONS = "功能科目编码\t功能科目名称\t金额\n201\t一般公共服务支出\t1.00\n"


def caption(above, table=FUNCTIONS):
    parts = stitch(blocks(above + table), header_depth)
    index = next(i for i, part in enumerate(parts) if isinstance(part, Stitched))
    table = parts[index]
    assert isinstance(table, Stitched)
    return table, caption_of(parts, index)


@pytest.mark.parametrize(
    ("above", "title", "number", "unit"),
    [
        ("某某支出表\n表二\n单位：万元\n", "某某支出表", "表二", "单位：万元"),
        ("表二\n某某支出表\n单位：万元\n", "某某支出表", "表二", "单位：万元"),
        ("某某支出表\n公开表十一\n部门：某某局 单位：万元\n", "某某支出表", "公开表十一", "部门：某某局 单位：万元"),
        ("某某支出表\n部门：某某委员会办 单位：万元\n公厅\n", "某某支出表", None, "部门：某某委员会办 单位：万元"),
        ("单位：万元\n某某支出表\n", "某某支出表", None, None),
    ],
)
def test_captions(above, title, number, unit):
    found = caption(above)[1]
    assert [part and part.text for part in (found.title, found.number, found.unit)] == [title, number, unit]


def test_the_unit_of_the_table_before_is_not_this_ones():
    parts = stitch(blocks("甲表\n单位：元\n" + FUNCTIONS + "乙表\n" + FUNCTIONS), header_depth)
    last = len(parts) - 1
    assert caption_of(parts, last).unit is None


def test_the_name_of_a_sheet_is_the_title_of_its_first_table_where_no_other_is():
    def titles(name, *above):
        place = Locator(sheet=name)
        lines = [Paragraph(line, place) for line in above]
        (grid,) = (block for block in blocks(FUNCTIONS) if not isinstance(block, Paragraph))
        grid = replace(grid, locator=place)
        before = Paragraph("第一部分 概况表", Locator(sheet="封面"))
        parts = stitch([before, *lines, grid, Paragraph("附件四", place), grid], header_depth)
        places = [index for index, part in enumerate(parts) if isinstance(part, Stitched)]
        return [found.title and found.title.text for found in (caption_of(parts, index) for index in places)]

    assert titles("表3 支出总表", "单位：万元") == ["支出总表", "附件四"]
    assert titles("三公经费", "附件3", "单位：万元")[0] == "三公经费"
    assert titles("支出总表", "某某支出表")[0] == "某某支出表"
    assert titles("Sheet1")[0] is None
    assert titles("某某市收费管理中心")[0] is None


@pytest.mark.parametrize("last", ["项目支出", "备注"])
def test_a_table_without_title_is_of_no_part_where_a_column_is_of_the_other(last):
    names = f"科目编码\t科目名称\t合计\t基本支出\t\t\t{last}\n\t\t\t小计\t人员经费\t公用经费\t\n"
    table, above = caption("单位：万元\n", names + "合计\t\t9.00\t5.00\t3.00\t2.00\t\n")
    found = recognise(table, above, SPECS)
    assert isinstance(found, Match) == (last == "备注")


@pytest.mark.parametrize(
    ("title", "kind", "fund"),
    [
        ("财政拨款支出预算表（功能科目）", "appropriation-expenditure", "appropriation"),
        ("一般公共预算支出预算表", "general-expenditure", "general"),
        ("财政拨款政府性基金支出预算表", "fund-expenditure", "govFund"),
    ],
)
def test_the_title_tells_tables_of_equal_header_apart(title, kind, fund):
    table, above = caption(f"{title}\n单位：万元\n")
    found = recognise(table, above, SPECS)
    assert isinstance(found, Match)
    assert (found.spec.kind, found.spec.fund) == (kind, fund)


@pytest.mark.parametrize(
    "title",
    [
        "债务还本支出预算表",
        "某某情况表",
        "财政专户管理资金支出决算表",
        "其他资金支出决算表",
        "非财政拨款支出决算表",
        "非同级财政拨款支出预算表",
        "上级财政拨款支出决算表",
        "扶贫资金支出决算表",
        "离退休经费支出决算表",
        "抗疫特别国债支出决算表",
        "预算内支出决算表",
        "基本支出决算表",
    ],
)
def test_a_title_that_names_none_of_them_is_not_guessed(title):
    table, above = caption(f"{title}\n单位：万元\n")
    assert isinstance(recognise(table, above, SPECS), Nearest)


def test_a_bare_title_needs_more_than_its_header():
    table, above = caption("支出预算表\n单位：万元\n")
    found = recognise(table, above, SPECS)
    assert isinstance(found, Match)
    assert found.spec.bare


def test_a_title_of_another_fund_contradicts_the_header():
    one_row = "合计\t基本支出\t项目支出\t单位预留机动经费\t结转下年资金\n3.00\t1.00\t1.00\t1.00\t\n"
    table, above = caption("支出预算总表\n单位：万元\n", one_row)
    assert isinstance(recognise(table, above, SPECS), Match)
    table, above = caption("财政拨款支出预算总表\n单位：万元\n", one_row)
    assert isinstance(recognise(table, above, SPECS), Nearest)


def test_the_year_of_the_title_is_no_part_of_a_header():
    head = "2023年“三公”经费预算数\t\n合计\t因公出国(境)费\n1.00\t1.00\n"
    assert header_paths(*caption("2023年部门“三公”经费预算表\n单位：万元\n", head)) == [
        "三公经费预算数/合计",
        "三公经费预算数/因公出国(境)费",
    ]


def test_a_year_that_tells_columns_apart_stays():
    head = "项目\t2022年预算数\t2023年预算数\n一、甲\t1.00\t1.00\n"
    assert header_paths(*caption("2023年部门某某表\n单位：万元\n", head)) == ["项目", "2022年预算数", "2023年预算数"]


@pytest.mark.parametrize(
    ("line", "title", "number", "identity"),
    [
        ("公开01表：某某支出表", "某某支出表", "公开01表", "1"),
        ("公开 01 表 某某支出表", "某某支出表", "公开 01 表", "1"),
        ("某某支出表 公开表3-2", "某某支出表", "公开表3-2", "3-2"),
        ("“某”某支出表（附表二）", "“某”某支出表", "附表二", "2"),
        ("表十一 2024年某某支出表", "2024年某某支出表", "表十一", "11"),
        ("2024年某某支出表", "2024年某某支出表", None, None),
    ],
)
def test_a_label_in_the_line_of_the_title(line, title, number, identity):
    found = caption(f"{line}\n单位：万元\n")[1]
    assert found.title
    assert found.title.text == title
    assert (found.number and found.number.text) == number
    assert (label_number(number) if number else None) == identity


@pytest.mark.parametrize("header", ["2024年", "其中：基本支出", "备用"])
def test_a_column_that_its_words_do_not_explain_is_listed(header):
    table, above = caption(
        "2025年一般公共预算支出表\n单位：万元\n",
        f"科目编码\t科目名称\t合计\t基本支出\t项目支出\t{header}\n201\t一般公共服务支出\t2.00\t1.00\t1.00\t1.00\n",
    )
    found = recognise(table, above, SPECS)
    assert isinstance(found, Match)
    names = [column.role for _, columns in found.panes for column, _ in columns]
    assert found.unknown_columns == (() if header == "2024年" else (5,))
    assert names.count("amount") == (4 if header == "2024年" else 3)


@pytest.mark.parametrize(
    ("columns", "fund"),
    [
        ("政府性基金预算|财政专户", "_T"),
        ("政府性基金预算|单位资金", "_T"),
        ("政府性基金预算|国有资本经营预算", "appropriation"),
    ],
)
def test_the_total_beside_budgets_is_of_all_money_where_other_money_stands_beside_them(tmp_path, columns, fund):
    rows = "合计|5.00|4.00||1.00\n公务接待费|2.00|1.00||1.00\n公务用车运行维护费|3.00|3.00||\n"
    table = f"“三公”经费预算表\n单位：万元\n项目|合计|一般公共预算|{columns}\n{rows}"
    conversion = convert_text(tmp_path, TITLE + table)
    found = {d.fund for d in conversion.budget.data_sets if d.table_kind == "three-public" and d.figures}
    assert found == {fund}
    assert figures(conversion, "t1")["_T"] == "5.00"


BARE = "\n单位：万元\n项目|预算数\n{}\n合计|15.00\n"
BASIC = "\n单位：万元\n科目编码|科目名称|合计|人员经费|公用经费\n301|工资福利支出|15.00|15.00|\n合计<2|15.00|15.00|\n"


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("党建经费表", "活动|10.00\n培训|5.00"),
        ("债务情况表", "一般债务|10.00\n专项债务|5.00"),
        ("上缴财政收入表", "国有资产处置收入|10.00\n其他收入|5.00"),
        ("“三公”经费、会议费、培训费支出表", "会议费|10.00\n培训费|5.00"),
        ("", "会议费|10.00\n培训费|5.00"),
    ],
)
def test_a_label_and_an_amount_are_the_header_of_many_a_table(tmp_path, title, rows):
    """The total of each was all revenue of the body."""
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{title}{BARE.format(rows)}")
    assert {d.table for d in conversion.budget.data_sets} == {"t1"}
    assert codes(conversion) == {"unknown-table"}


@pytest.mark.parametrize("title", ["部门收入总表", ""])
def test_a_row_or_the_title_says_that_it_is_revenue(tmp_path, title):
    rows = "一、事业收入|10.00\n二、其他收入|5.00"
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{title}{BARE.format(rows)}")
    assert figures(conversion, "t2") == {"business": "10.00", "other": "5.00", "_T": "15.00"}


@pytest.mark.parametrize(
    ("title", "table"),
    [
        *((f"{money}基本支出表", BASIC) for money in ("单位资金", "非财政拨款", "财政专户管理资金", "事业收入安排的")),
        ("一般公共预算和单位资金基本支出表", BASIC),
        ("自有资金“三公”经费支出表", BARE.format("公务接待费|15.00")),
        ("专项债券项目支出表", "\n单位：万元\n项目名称|合计\n测绘管理|15.00\n合计|15.00\n"),
    ],
)
def test_a_table_of_money_beside_the_funds_is_of_no_fund(tmp_path, title, table):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{title}{table}")
    assert {d.table for d in conversion.budget.data_sets} == {"t1"}
    (problem,) = (p for p in conversion.problems if p.code == "unknown-table")
    assert "it is of other money" in problem.message


def test_words_of_money_in_the_names_of_bodies(tmp_path):
    title = "云岭市其他收入管理处一般公共预算基本支出表"
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{title}{BASIC}")
    assert figures(conversion, "t2")["301 basic"] == "15.00"
