"""One small table in, figures out; and everything that may be wrong with it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from budgetgraph.converter.accounting.ledger import Ledger, Reason
from budgetgraph.converter.blocks import Block, Cell, Grid, Locator, Paragraph
from budgetgraph.converter.extraction.steps import extract
from budgetgraph.converter.layouts.captions import caption_of
from budgetgraph.converter.layouts.headers import header_depth
from budgetgraph.converter.layouts.signatures import Match, Nearest, recognise
from budgetgraph.converter.layouts.stitching import Stitched, stitch
from budgetgraph.converter.readers.text import blocks
from tests.converter.extracting import SPECS, codes, read

EXPENDITURE = """2021 年一般公共预算支出表
表二
单位：万元
科目编码	科目名称	合计	基本支出	项目支出
1	2	3	4	5
	合计	30.50	20.50	10.00
201	一般公共服务支出	30.50	20.50	10.00
20131	党委办公厅（室）及相关机构事务	30.50	20.50	10.00
2013101	行政运行	20.50	20.50
2013102	一般行政管理事务	10.00		10.00
"""


def test_every_amount_becomes_a_figure_with_its_key_and_place():
    extracted, ledger = read(EXPENDITURE)
    (data_set,) = extracted.data_sets
    assert len(data_set.figures) == 13
    assert len(ledger.converted) == 13
    key = {"functionalClass": "2013102", "expenditureNature": "project"}
    (figure,) = (f for f in data_set.figures if f.dimensions == key)
    assert figure.value == Decimal("100000.00")
    assert (figure.text, figure.label) == ("10.00", "一般行政管理事务")
    assert (figure.place.row, figure.place.column, figure.place.locator.line) == (7, 5, 10)
    assert (data_set.multiplier, data_set.step, data_set.fund) == (4, Decimal(100), "general")


def test_a_blank_cell_is_no_figure_but_zero_and_dash_are():
    extracted, _ = read(EXPENDITURE.replace("20.50	20.50\n", "20.50	0.00	-\n"))
    row = [f for f in extracted.data_sets[0].figures if f.code == "2013101"]
    assert [(f.text, f.value) for f in row] == [("20.50", 205000), ("0.00", 0), ("-", 0)]


def test_a_broken_number_is_reported_with_its_place_and_not_converted():
    extracted, ledger = read(EXPENDITURE.replace("2013101	行政运行	20.50", "2013101	行政运行	20.5.0"))
    (problem,) = extracted.problems
    assert problem.code == "unparsable-number"
    assert "'20.5.0' in row '2013101' is no number" in problem.message
    assert str(problem.location) == "line 9, field 3"
    assert list(ledger.explained.values()).count(Reason.UNPARSABLE) == 1
    assert len(extracted.data_sets[0].figures) == 12


def test_without_a_unit_line_no_amount_is_guessed():
    extracted, ledger = read(EXPENDITURE.replace("单位：万元\n", ""))
    assert codes(extracted) == ["missing-unit"]
    assert sum(len(d.figures) for d in extracted.data_sets) == 0
    assert not any(d.declared_empty for d in extracted.data_sets)
    assert list(ledger.explained.values()).count(Reason.MISSING_UNIT) == 13


def test_the_unit_is_the_tables_own():
    extracted, _ = read(EXPENDITURE.replace("单位：万元", "单位:元"))
    assert extracted.data_sets[0].figures[0].value == Decimal("30.50")
    assert extracted.data_sets[0].step == Decimal("0.01")


def test_an_unknown_column_is_listed():
    text = EXPENDITURE.replace("项目支出\n", "项目支出\t备用金\n", 1).replace("10.00\n201\t", "10.00\t7.00\n201\t", 1)
    extracted, ledger = read(text)
    assert codes(extracted) == ["unknown-column"]
    assert "备用金" in extracted.problems[0].message
    assert list(ledger.explained.values()).count(Reason.UNKNOWN_COLUMN) == 1
    assert len(extracted.data_sets[0].figures) == 13


def test_an_unknown_row_is_listed():
    extracted, ledger = read(EXPENDITURE + "	待分配	1.00	1.00\n")
    assert codes(extracted) == ["unknown-row"]
    assert "待分配" in extracted.problems[0].message
    assert list(ledger.explained.values()).count(Reason.UNKNOWN_ROW) == 2


@pytest.mark.parametrize("amount", ["10.00", "11.00"])
def test_of_two_rows_with_one_code_neither_is_converted(amount):
    extracted, ledger = read(EXPENDITURE + f"2013102	一般行政管理事务	{amount}		{amount}\n")
    assert codes(extracted) == ["duplicate-row", "duplicate-row"]
    assert "nor is '10.00'" in extracted.problems[0].message
    assert list(ledger.explained.values()).count(Reason.REPEATED_ROW) == 4
    assert len(extracted.data_sets[0].figures) == 11


def test_a_total_may_stand_twice_with_one_value():
    total = next(line for line in EXPENDITURE.splitlines() if line.startswith("\t合计"))
    extracted, ledger = read(EXPENDITURE + total + "\n")
    assert codes(extracted) == ["duplicate-row"] * 3
    assert list(ledger.explained.values()).count(Reason.DUPLICATE) == 3
    assert len(extracted.data_sets[0].figures) == 13


def test_a_table_with_header_only_is_declared_empty():
    text = (
        "2021 年政府性基金支出预算表\n表五\n单位：万元\n"
        "功能科目编码\t功能科目名称\t总计\t基本支出\t项目支出\n1\t2\t3\t4\t5\n"
    )
    extracted, _ = read(text)
    (data_set,) = extracted.data_sets
    assert data_set.declared_empty
    assert (data_set.table_kind, data_set.fund, data_set.figures) == ("fund-expenditure", "govFund", ())


def test_equal_headers_without_a_telling_title_are_not_guessed():
    parts = stitch(blocks(EXPENDITURE.replace("2021 年一般公共预算支出表\n表二\n", "")), header_depth)
    table = parts[1]
    assert isinstance(table, Stitched)
    found = recognise(table, caption_of(parts, 1), SPECS)
    assert isinstance(found, Nearest)
    assert {found.spec.kind, found.ambiguous_with} == {"general-expenditure", "fund-expenditure"}


def test_the_title_decides_between_equal_headers():
    text = EXPENDITURE.replace("一般公共预算支出表", "政府性基金预算支出表")
    assert read(text)[0].table.kind == "fund-expenditure"


BALANCE = """部门收支总表
单位：万元
收 入		支 出
项 目	预算数	项目（按功能分类）	预算数	项目	预算数
一、一般公共预算收入	30.50	201 一般公共服务支出	30.50	支出项目类别
1.财政拨款收入	30.50	208 社会保障和就业支出		一、基本支出	20.50
二、事业收入				1.工资福利支出	20.50
				二、项目支出	10.00
				1.部门项目	10.00
				部门预算支出经济分类
				301 工资福利支出	20.50
				302 商品服务支出	10.00
本年收入合计	30.50	本年支出合计	30.50	本年支出合计	30.50
九、上年结转	1.00	结转下年	1.00	结转下年	1.00
收入总计	31.50	支出总计	31.50	支出总计	31.50
"""


def test_panes_and_their_sections_become_data_sets_of_their_own():
    extracted, _ = read(BALANCE)
    found = {d.id: {(*sorted(f.dimensions.values()),): f.text for f in d.figures} for d in extracted.data_sets}
    assert found == {
        "t2-revenue": {
            ("general",): "30.50",
            ("general.appropriation",): "30.50",
            ("current",): "30.50",
            ("carriedForward",): "1.00",
            (): "31.50",
        },
        "t2-functional": {("201",): "30.50", ("current",): "30.50", ("carryForward",): "1.00", (): "31.50"},
        "t2-nature": {
            ("basic",): "20.50",
            ("301", "basic"): "20.50",
            ("project",): "10.00",
            ("departmental",): "10.00",
            ("current",): "30.50",
            ("carryForward",): "1.00",
            (): "31.50",
        },
        "t2-economic": {("301",): "20.50", ("302",): "10.00"},
    }


@pytest.mark.parametrize("kind", ["revenue", "functional", "nature"])
def test_section_words_never_become_figures(kind):
    extracted, _ = read(BALANCE)
    labels = {f.label for d in extracted.data_sets if d.id.endswith(kind) for f in d.figures}
    assert not labels & {"支出项目类别", "部门预算支出经济分类"}


def test_a_table_of_another_year_is_listed_and_not_converted():
    extracted, ledger = read(EXPENDITURE.replace("2021 年", "2020 年"))
    assert codes(extracted) == ["other-year"]
    assert not extracted.data_sets[0].figures
    assert not extracted.data_sets[0].declared_empty
    assert list(ledger.explained.values()).count(Reason.UNKNOWN_TABLE) == 13


REVENUE = """收入预算总表
单位：万元
项目名称		金额
收入总计		180.00
一般公共预算资金	小计	100.00
	公共财政拨款（补助）资金	100.00
	专项收入
其他资金	小计	80.00
	其他收入	80.00
"""


def test_a_group_that_stands_on_its_first_row_names_its_subtotal():
    extracted, _ = read(REVENUE)
    (data_set,) = extracted.data_sets
    assert {f.dimensions.get("revenueSource", "_T"): f.text for f in data_set.figures} == {
        "_T": "180.00",
        "general": "100.00",
        "general.appropriation": "100.00",
        "ownFunds": "80.00",
        "other": "80.00",
    }


def test_a_group_that_stands_on_its_middle_row_names_no_subtotal():
    middle = REVENUE.replace("其他资金	小计	80.00\n	其他收入", "	小计	80.00\n其他资金	其他收入")
    extracted, ledger = read(middle)
    assert "unknown-row" in codes(extracted)
    assert list(ledger.explained.values()).count(Reason.UNKNOWN_ROW) == 1
    assert "ownFunds" not in {f.dimensions.get("revenueSource") for f in extracted.data_sets[0].figures}


CODES_IN_THREE = """2021年部门支出预算总表
编制部门：某某局 单位：元
项目				支出预算
功能分类科目编码			功能分类科目名称	合计	基本支出	项目支出
类	款	项
201			一般公共服务支出	30.50	20.50	10.00
201	5		统计信息事务	30.50	20.50	10.00
201	05	6	统计管理	30.50	20.50	10.00
合计				30.50	20.50	10.00
"""


def test_codes_in_three_columns_are_one_code_with_its_zeros():
    extracted, _ = read(CODES_IN_THREE)
    (data_set,) = extracted.data_sets
    assert (data_set.table_kind, data_set.multiplier) == ("expenditure", 0)
    found = {f.dimensions.get("functionalClass", "_T") for f in data_set.figures}
    assert found == {"201", "20105", "2010506", "_T"}
    assert not extracted.problems


def test_one_row_without_label_and_columns_about_something_else():
    text = (
        "“三公”经费、会议费、培训费支出预算表\n单位：万元\n合计\t“三公”经费\t\t\t\t\t\t会议费\t差旅费\n"
        "\t小计\t因公出国（境）费\t公务用车购置及运行维护费\t\t\t公务接待费\n\t\t\t小计\t公务用车购置费\t公务用车运行维护费\n"
        "16.00\t9.00\t1.00\t5.00\t2.00\t3.00\t3.00\t7.00\t6.00\n"
    )
    extracted, ledger = read(text)
    total, public, conferences = extracted.data_sets
    assert {f.dimensions.get("threePublic", "_T"): f.text for f in public.figures} == {
        "_T": "9.00",
        "abroad": "1.00",
        "vehicles": "5.00",
        "vehiclePurchase": "2.00",
        "vehicleRunning": "3.00",
        "reception": "3.00",
    }
    assert (total.table_kind, [f.text for f in total.figures]) == ("three-public-conference-training", ["16.00"])
    assert (conferences.table_kind, [dict(f.dimensions) for f in conferences.figures]) == (
        "conference-training",
        [{"economicClass": "30215"}],
    )
    assert codes(extracted) == ["unknown-column"]
    assert list(ledger.explained.values()).count(Reason.UNKNOWN_COLUMN) == 1


def test_a_label_that_spans_over_panes_names_the_amount_at_its_end():
    rows = [
        ["收入", "", "支出", "", "", ""],
        ["项目名称", "金额", "功能分类", "", "支出用途", ""],
        ["", "", "功能科目名称", "金额", "项目名称", "金额"],
        ["一、财政拨款", "9.00", "一、一般公共服务支出", "9.00", "一、基本支出", "9.00"],
        ["收入合计", "9.00", "支出合计", "", "", "9.00"],
    ]
    spans = {(0, 0): 2, (0, 2): 4, (1, 2): 2, (1, 4): 2, (4, 2): 3}
    cells = tuple(
        tuple(Cell(text, r, c, 1, spans.get((r, c), 1), Locator(page=1, ref=f"{r},{c}")) for c, text in enumerate(row))
        for r, row in enumerate(rows)
    )
    source: list[Block] = [Paragraph("收支预算总表"), Paragraph("单位：万元"), Grid(cells)]
    parts = stitch(source, header_depth)
    caption, table = caption_of(parts, 2), parts[2]
    assert isinstance(table, Stitched)
    found = recognise(table, caption, SPECS)
    assert isinstance(found, Match)
    extracted = extract(found, table, caption, "t1", 2019, Ledger())
    nature = next(d for d in extracted.data_sets if d.id == "t1-nature")
    assert {f.dimensions.get("expenditureNature", "_T"): f.place.column for f in nature.figures} == {
        "basic": 6,
        "_T": 6,
    }
    assert not extracted.problems


@pytest.mark.parametrize("shared", [Cell("10.00", 1, 2, 1, 2), Cell("10.00", 1, 3, 2, 1)])
def test_an_amount_over_two_columns_or_two_rows_is_listed(shared):
    words = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "", "", ""],
        ["202", "外交支出", "", "", ""],
    ]
    cells = [
        [Cell(text, r, c, locator=Locator(page=1, ref=f"{r},{c}")) for c, text in enumerate(row)]
        for r, row in enumerate(words)
    ]
    cells[shared.row][shared.column] = replace(shared, locator=Locator(page=1, ref="shared"))
    source: list[Block] = [
        Paragraph("一般公共预算支出表"),
        Paragraph("单位：万元"),
        Grid(tuple(tuple(row) for row in cells)),
    ]
    parts, ledger = stitch(source, header_depth), Ledger()
    table, caption = parts[2], caption_of(parts, 2)
    assert isinstance(table, Stitched)
    found = recognise(table, caption, SPECS)
    assert isinstance(found, Match)
    extracted = extract(found, table, caption, "t1", 2021, ledger)
    assert codes(extracted) == ["shared-amount"]
    assert not extracted.data_sets[0].figures
    assert not ledger.converted


def test_a_year_without_a_phase_is_listed():
    text = (
        "2021年一般公共预算支出表\n单位：万元\n科目编码\t科目名称\t2020年\t2021年预算数\n"
        "201\t一般公共服务支出\t5.00\t6.00\n合计\t\t5.00\t6.00\n"
    )
    extracted, ledger = read(text)
    (data_set,) = extracted.data_sets
    assert [f.text for f in data_set.figures] == ["6.00", "6.00"]
    assert codes(extracted) == ["unknown-phase", "unknown-phase"]
    assert list(ledger.explained.values()).count(Reason.UNKNOWN_COLUMN) == 2


def test_a_note_that_says_empty_below_a_table_that_is_not():
    extracted, _ = read(EXPENDITURE + "注：本部门2021年无一般公共预算支出，故本表为空表。\n")
    (data_set,) = extracted.data_sets
    assert len(data_set.figures) == 13
    assert codes(extracted) == ["empty-note"]


@pytest.mark.parametrize("row", ["无\t\t\t\t", "\t此表为空\t\t\t", "合计\t\t\t\t", "本部门无政府性基金支出\t\t\t\t"])
def test_the_ways_to_say_that_a_table_is_empty(row):
    text = f"政府性基金预算支出表\n单位：万元\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n{row}\n"
    extracted, _ = read(text)
    assert [(d.declared_empty, d.figures) for d in extracted.data_sets] == [(True, ())]
    assert codes(extracted) == []


def test_code_and_name_in_one_cell():
    extracted, _ = read(EXPENDITURE.replace("2013101\t行政运行", "2013101行政运行\t"))
    (data_set,) = extracted.data_sets
    (figure,) = [f for f in data_set.figures if f.dimensions == {"functionalClass": "2013101"}]
    assert (figure.text, figure.label, figure.code) == ("20.50", "行政运行", "2013101")


def test_codes_in_columns_whose_header_spans_unseen():
    """Without spans 款 and 项 have no header; 201 must not be read for 2010601 and a lost zero is put back."""
    text = (
        "一般公共预算支出表\n单位：万元\n功能分类科目编码\t\t\t科目名称\t合计\t基本支出\t项目支出\n类\t款\t项\t合计\t3.00\t3.00\t\n"
        "201\t06\t01\t行政运行\t2.00\t2.00\t\n201\t6\t2\t一般行政管理事务\t1.00\t1.00\t\n"
    )
    extracted, _ = read(text)
    (data_set,) = extracted.data_sets
    totals = [(f.dimensions.get("functionalClass"), f.text) for f in data_set.figures if len(f.dimensions) < 2]
    assert [t for t in totals if t[0] or t[1] == "3.00"][:3] == [(None, "3.00"), (None, "3.00"), ("2010601", "2.00")]
    assert ("2010602", "1.00") in totals
