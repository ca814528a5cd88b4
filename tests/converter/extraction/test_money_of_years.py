"""Money of the year (当年财政拨款安排, 本年预算) beside money carried forward (上年结转安排, 结转)."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import (
    SPENDING,
    TITLE,
    assert_sound,
    codes,
    convert_text,
    faults,
    figures,
    leaf_sum,
    reprinted,
)

ROWS = """201|一般公共服务支出|100.00|80.00|20.00
20103|政府办公厅（室）及相关机构事务|100.00|80.00|20.00
2010301|行政运行|60.00|60.00|
2010302|一般行政管理事务|40.00|20.00|20.00
合计<2|100.00|80.00|20.00
"""


@pytest.mark.parametrize("columns", ["当年财政拨款安排|上年结转安排", "本年预算|结转", "本年安排|上年结转资金"])
@pytest.mark.parametrize(
    ("title", "fund"), [("一般公共预算支出表", "general"), ("财政拨款支出预算表", "appropriation")]
)
def test_columns_in_a_table_of_one_fund(tmp_path, title, fund, columns):
    text = f"{TITLE}{title}\n单位：万元\n科目编码|科目名称|合计|{columns}\n{ROWS}"
    conversion = convert_text(tmp_path, text)
    (data_set,) = conversion.budget.data_sets
    assert data_set.fund == fund
    assert figures(conversion, "t1") == {
        "201": "100.00",
        f"201 {fund}.year": "80.00",
        f"201 {fund}.carried": "20.00",
        "20103": "100.00",
        f"20103 {fund}.year": "80.00",
        f"20103 {fund}.carried": "20.00",
        "2010301": "60.00",
        f"2010301 {fund}.year": "60.00",
        "2010302": "40.00",
        f"2010302 {fund}.year": "20.00",
        f"2010302 {fund}.carried": "20.00",
        "_T": "100.00",
        f"{fund}.year": "80.00",
        f"{fund}.carried": "20.00",
    }
    assert leaf_sum(conversion, "t1") == 1000000
    assert reprinted(conversion)[4] == ["2010302", "一般行政管理事务", "40.00", "20.00", "20.00"]
    assert_sound(conversion)


def test_the_rule_of_their_sum(tmp_path):
    text = f"{TITLE}一般公共预算支出表\n单位：万元\n科目编码|科目名称|合计|当年财政拨款安排|上年结转安排\n{ROWS}"
    wrong = text.replace("2010301|行政运行|60.00|60.00|", "2010301|行政运行|60.00|60.00|5.00")
    assert "WT-3-carried" in faults(convert_text(tmp_path, wrong))


def test_a_nature_printed_by_years_alone_is_no_fault_of_its_row(tmp_path):
    head = "科目编码^2|科目名称^2|合计^2|基本支出^2|项目支出<2\n本年|结转"
    rows = "201|一般公共服务支出|90.00|60.00|20.00|10.00\n合计<2|90.00|60.00|20.00|10.00\n"
    text = f"{TITLE}部门支出总表\n单位：万元\n{head}\n{rows}"
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t1")["201 project year"] == "20.00"
    assert_sound(conversion)


def test_a_nature_printed_by_classes_alone_is_no_fault_of_its_row(tmp_path):
    head = "科目编码|科目名称|合计|工资福利支出|商品和服务支出|项目支出"
    rows = "201|一般公共服务支出|90.00|60.00|20.00|10.00\n合计<2|90.00|60.00|20.00|10.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}部门支出总表\n单位：万元\n{head}\n{rows}")
    assert figures(conversion, "t1")["201 301 basic"] == "60.00"
    assert_sound(conversion)


def test_natures_below_the_years_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    rows = [("201", "一般公共服务支出", 60, 20, 20), ("20103", "政府办公厅（室）及相关机构事务", 60, 20, 20)]
    rows.append(("2010301", "行政运行", 60, 20, 20))
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("支出")
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门支出预算总表")
        sheet.write(1, 6, "单位：万元")
        for column, word in enumerate(["科目编码", "科目名称", "合计"]):
            sheet.merge_range(2, column, 3, column, word)
        sheet.merge_range(2, 3, 2, 4, "本年预算")
        sheet.merge_range(2, 5, 2, 6, "上年结转")
        sheet.write_row(3, 3, ["基本支出", "项目支出"] * 2)
        for row, (code, name, basic, project, kept) in enumerate([*rows, ("合计", "", 60, 20, 20)], start=4):
            sheet.write_row(row, 0, [code, name])
            for column, amount in ((2, basic + project + kept), (3, basic), (4, project), (6, kept)):
                sheet.write_number(row, column, amount, money)
    conversion = convert(path)
    found = figures(conversion, "t1")
    total = {key: text for key, text in found.items() if not key.startswith("201")}
    assert total == {"_T": "100.00", "basic year": "60.00", "project year": "20.00", "project carriedForward": "20.00"}
    assert leaf_sum(conversion, "t1") == 1000000
    assert_sound(conversion)


def test_the_years_own_budget_is_all_of_it_where_nothing_is_carried_forward(tmp_path):
    rows = "201|一般公共服务支出|100.00|80.00|-20%\n合计<2|100.00|80.00|-20%\n"
    head = "科目编码|科目名称|2023年执行数|本年预算|增减%\n"
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算支出表\n单位：万元\n{head}{rows}")
    assert figures(conversion, "t1") == {"201": "80.00", "_T": "80.00"}
    assert figures(conversion, "t1-2023-executed")["201"] == "100.00"


def test_funds_below_the_years(tmp_path):
    text = """支出预算总表
单位：万元
科目编码^2|科目名称^2|合计^2|当年财政拨款安排<3|上年结转安排<3
小计|一般公共预算|政府性基金预算|小计|一般公共预算|政府性基金预算
201|一般公共服务支出|100.00|70.00|60.00|10.00|30.00|10.00|20.00
合计<2|100.00|70.00|60.00|10.00|30.00|10.00|20.00
"""
    conversion = convert_text(tmp_path, TITLE + text)
    found = {key: text for key, text in figures(conversion, "t1").items() if not key.startswith("201")}
    assert found == {
        "_T": "100.00",
        "appropriation.year": "70.00",
        "general.year": "60.00",
        "govFund.year": "10.00",
        "carriedForward": "30.00",
        "general.carried": "10.00",
        "govFund.carried": "20.00",
    }
    assert leaf_sum(conversion, "t1") == 1000000
    assert_sound(conversion)


def test_basic_expenditure_of_the_years(tmp_path):
    rows = "301|工资福利支出|100.00|80.00|20.00\n30101|基本工资|100.00|80.00|20.00\n合计<2|100.00|80.00|20.00\n"
    head = "科目编码|科目名称|合计|当年财政拨款安排|上年结转安排\n"
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算基本支出表\n单位：万元\n{head}{rows}")
    assert figures(conversion, "t1")["30101 basic general.carried"] == "20.00"
    assert figures(conversion, "t1")["basic general.year"] == "80.00"
    assert_sound(conversion)


def test_sources_of_revenue_by_year(tmp_path):
    text = """收入预算总表
单位：万元
项目|合计|当年财政拨款安排|上年结转安排
一、一般公共预算|100.00|80.00|20.00
二、政府性基金预算|10.00|5.00|5.00
三、事业收入|3.00|3.00|
收入总计|113.00|88.00|25.00
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {
        "general": "80.00",
        "carriedForward.general": "20.00",
        "govFund": "5.00",
        "carriedForward.govFund": "5.00",
        "business": "3.00",
        "_T": "113.00",
        "current": "88.00",
        "carriedForward": "25.00",
    }
    assert leaf_sum(conversion, "t1") == 1130000
    assert conversion.coverage.explained["derived"] == 3
    assert_sound(conversion)
    conversion = convert_text(tmp_path, TITLE + text.replace("基金预算|10.00|", "基金预算|11.00|"))
    assert conversion.coverage.explained["unknown-row"] == 1
    assert codes(conversion) == {"unknown-row"}


def test_a_column_of_another_year_is_no_sum_of_them(tmp_path):
    head = "项目|2023年执行数|合计|本年预算|上年结转\n"
    rows = "一、一般公共预算|70.00|100.00|80.00|20.00\n收入总计|70.00|100.00|80.00|20.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}收入预算总表\n单位：万元\n{head}{rows}")
    assert figures(conversion, "t1-2023-executed") == {"general": "70.00", "_T": "70.00"}
    assert figures(conversion, "t1")["carriedForward.general"] == "20.00"
    assert codes(conversion) == set()


def test_both_sides_of_a_balance(tmp_path):
    text = """收支预算总表
单位：万元
收入<4|支出<4
项目|合计|本年预算|上年结转|项目|合计|本年预算|上年结转
一、一般公共预算|100.00|80.00|20.00|一、一般公共服务支出|100.00|80.00|20.00
收入总计|100.00|80.00|20.00|支出总计|100.00|80.00|20.00
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1-revenue")["carriedForward.general"] == "20.00"
    assert figures(conversion, "t1-functional") == {
        "201": "100.00",
        "201 year": "80.00",
        "201 carriedForward": "20.00",
        "_T": "100.00",
        "year": "80.00",
        "carriedForward": "20.00",
    }
    assert_sound(conversion)


def test_rows_of_a_balance(tmp_path):
    text = """财政拨款收支预算总表
单位：万元
收入<2|支出<2
项目|金额|项目|合计
一、当年财政拨款安排|80.00|一、一般公共服务支出|100.00
（一）一般公共预算拨款|80.00||
二、上年结转安排|20.00||
（一）一般公共预算拨款|20.00||
收入总计|100.00|支出总计|100.00
"""
    conversion = convert_text(tmp_path, TITLE + SPENDING + "\n" + text)
    assert figures(conversion, "t2-revenue") == {
        "appropriation": "80.00",
        "general": "80.00",
        "carriedForward": "20.00",
        "carriedForward.general": "20.00",
        "_T": "100.00",
    }
    assert codes(conversion) == set()


ROWS_OF_YEARS = """201|一般公共服务支出|100.00|60.00|40.00|28.00|12.00
20103|政府办公厅（室）及相关机构事务|100.00|60.00|40.00|28.00|12.00
2010301|行政运行|60.00|60.00|||
2010302|一般行政管理事务|40.00||40.00|28.00|12.00
合计<2|100.00|60.00|40.00|28.00|12.00
"""


def _of_years(tmp_path, columns):
    head = f"科目编码^2|科目名称^2|合计^2|基本支出^2|项目支出<3\n小计|{columns}"
    return convert_text(tmp_path, f"{TITLE}支出总表\n单位：万元\n{head}\n{ROWS_OF_YEARS}\n{SPENDING}")


@pytest.mark.parametrize("columns", ["当年|结转", "本年|上年结转", "本年度|上年结转结余"])
def test_a_year_alone_beside_what_was_left_is_money_of_that_year(tmp_path, columns):
    conversion = _of_years(tmp_path, columns)
    assert {key: value for key, value in figures(conversion, "t1").items() if not key[0].isdigit()} == {
        "_T": "100.00",
        "basic": "60.00",
        "project": "40.00",
        "project year": "28.00",
        "project carriedForward": "12.00",
    }
    assert leaf_sum(conversion, "t1") == 1000000
    assert_sound(conversion)


def test_a_year_alone_is_no_money_of_it_without_what_was_left(tmp_path):
    conversion = _of_years(tmp_path, "当年|以后年度")
    assert not any("year" in figure.dimensions.values() for d in conversion.budget.data_sets for figure in d.figures)
