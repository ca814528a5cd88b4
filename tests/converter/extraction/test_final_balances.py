"""Final accounts that print what a year begins with, what comes in, and what is left: by function, or by project."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import SPENDING, assert_sound, codes, convert_text, faults, figures, reprinted

TITLE = "云岭市测绘服务局2023年度部门决算\n\n"
UNIT = "\n金额单位：万元\n"


#: Balances with their parts; the parts of the last pair stand in a fourth line of the header.
PARTS = """项目<4|年初结转和结余<3|本年收入<3|本年支出<5|年末结转和结余<5
支出功能分类科目编码<3^2|科目名称^2|合计^2|基本支出结转^2|项目支出结转和结余^2|合计^2|基本支出^2|项目支出^2|合计^2|基本支出<3|项目支出^2|合计^2|基本支出结转^2|项目支出结转和结余<3
小计|人员经费|公用经费|小计|项目支出结转|项目支出结余
类|款|项|栏次|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16
"""
AMOUNTS = "10.00|4.00|6.00|100.00|58.00|42.00|105.00|60.00|50.00|10.00|45.00|5.00|2.00|3.00|1.00|2.00"
BY_FUNCTION = f"""合计<4|{AMOUNTS}
206<3|科学技术支出|{AMOUNTS}
20601<3|科学技术管理事务|{AMOUNTS}
2060101<3|行政运行|4.00|4.00||58.00|58.00||60.00|60.00|50.00|10.00||2.00|2.00|||
2060102<3|一般行政管理事务|6.00||6.00|42.00||42.00|45.00||||45.00|3.00||3.00|1.00|2.00
"""


@pytest.mark.parametrize(
    ("title", "fund"),
    [
        ("一般公共预算财政拨款收入支出决算表", "general"),
        ("政府性基金预算财政拨款收入支出决算表", "govFund"),
        ("收入支出决算表", "_T"),
    ],
)
def test_balances_by_function_with_their_parts(tmp_path, title, fund):
    conversion = convert_text(tmp_path, TITLE + title + UNIT + PARTS + BY_FUNCTION)
    assert {each.fund for each in conversion.budget.data_sets} == {fund}
    brought, left = figures(conversion, "t1-revenue"), figures(conversion, "t1-carried")
    assert {key: text for key, text in brought.items() if not key[0].isdigit()} == {
        "carriedForward": "10.00", "carriedForward.basic": "4.00", "carriedForward.project": "6.00",
        "current": "100.00", "current.basic": "58.00", "current.project": "42.00",
    }  # fmt: skip
    assert {key: text for key, text in left.items() if key.startswith("2060102")} == {
        "2060102 carryForward": "3.00", "2060102 carryForward.project": "3.00",
        "2060102 carryForward.project.carried": "1.00", "2060102 carryForward.project.surplus": "2.00",
    }  # fmt: skip
    assert figures(conversion, "t1")["basic"] == "60.00"
    assert "|".join(reprinted(conversion)[-1]).endswith("|6.00||6.00|42.00||42.00|45.00||||45.00|3.00||3.00|1.00|2.00")
    assert_sound(conversion)


def test_state_capital_that_is_carried_and_left(tmp_path):
    head = "科目编码^2|科目名称^2|年初结转和结余<3|本年收入^2|本年支出^2|年末结转和结余<3\n"
    head += "合计|结转|结余|合计|结转|结余\n"
    amounts = "5.00|4.00|1.00|10.00|12.00|3.00|2.00|1.00"
    rows = f"223|国有资本经营预算支出|{amounts}\n合计<2|{amounts}\n"
    conversion = convert_text(tmp_path, f"{TITLE}国有资本经营预算财政拨款收入支出决算表{UNIT}{head}{rows}")
    assert figures(conversion, "t1") == {"223": "12.00", "_T": "12.00"}
    left, brought = figures(conversion, "t1-carried"), figures(conversion, "t1-revenue")
    assert (left["223 carryForward"], left["223 carryForward.carried"]) == ("3.00", "2.00")
    assert left["223 carryForward.surplus"] == "1.00"
    assert (brought["223 carriedForward.carried"], brought["223 carriedForward.surplus"]) == ("4.00", "1.00")
    assert {each.fund for each in conversion.budget.data_sets} == {"stateCapital"}
    assert_sound(conversion)


@pytest.mark.parametrize("head", ["结转", "结余"])
def test_what_is_carried_says_nothing_alone(tmp_path, head):
    table = f"科目编码|科目名称|本年收入|本年支出|{head}\n206|科学技术支出|10.00|8.00|2.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}政府性基金预算财政拨款收入支出决算表{UNIT}{table}")
    assert "2.00" not in [f.text for each in conversion.budget.data_sets for f in each.figures]
    assert codes(conversion) == {"unknown-column"}


@pytest.mark.parametrize(
    ("printed", "wrong"), [("10.00|4.00|6.00", "10.00|4.00|7.00"), ("5.00|2.00|3.00", "5.00|2.00|4.00")]
)
def test_the_rules_know_the_parts_of_a_balance(tmp_path, printed, wrong):
    text = TITLE + "收入支出决算表" + UNIT + PARTS + BY_FUNCTION.replace(printed, wrong)
    assert {"WT-13", "WT-3"} & faults(convert_text(tmp_path, text))


def test_a_surplus_that_is_distributed_is_no_expenditure_of_the_year(tmp_path):
    head = "科目编码|科目名称|年初结转和结余|本年收入|使用非财政拨款结余|本年支出|结余分配|年末结转和结余\n"
    rows = "合计<2|10.00|100.00|3.00|105.00|2.00|6.00\n206|科学技术支出|10.00|100.00|3.00|105.00|2.00|6.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}收入支出决算表{UNIT}{head}{rows}")
    assert figures(conversion, "t1") == {"_T": "105.00", "206": "105.00"}
    assert figures(conversion, "t1-carried")["206 surplusDistribution"] == "2.00"
    assert figures(conversion, "t1-revenue")["206 surplusUse"] == "3.00"
    assert_sound(conversion)


BALANCES = ["10.00", "100.00", "105.00", "0.00", "5.00"]


def test_projects_by_function(tmp_path):
    amounts = "|".join(BALANCES)
    head = "项目<2|年初结转和结余^2|本年收入^2|本年支出^2|结余分配^2|年末结转和结余^2\n科目编码|科目名称\n"
    head += "栏次<2|1|2|3|4|5\n"
    rows = f"合计<2|{amounts}\n206|科学技术支出|{amounts}\n20601|科学技术管理事务|{amounts}\n"
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n项目收入支出决算表{UNIT}{head}{rows}")
    assert figures(conversion, "t2") == {"project": "105.00", "206 project": "105.00", "20601 project": "105.00"}
    assert figures(conversion, "t2-carried")["20601 carryForward.project"] == "5.00"
    assert figures(conversion, "t2-carried")["surplusDistribution.project"] == "0.00"
    assert figures(conversion, "t2-revenue")["206 carriedForward.project"] == "10.00"
    assert figures(conversion, "t2-revenue")["current.project"] == "100.00"
    assert {each.table_kind for each in conversion.budget.data_sets if each.table == "t2"} == {"project-expenditure"}
    assert [each.id for each in conversion.budget.data_sets if each.canonical] == ["t1"]
    assert_sound(conversion)


def test_balances_of_projects_with_their_parts(tmp_path):
    head = "项目<2|年初结转和结余<3|本年收入^2|本年支出^2|年末结转和结余<3\n科目编码|科目名称"
    head += "|合计|项目支出结转|项目支出结余" * 2 + "\n"
    rows = "".join(f"{row}|10.00|6.00|4.00|100.00|105.00|5.00|3.00|2.00\n" for row in ("合计<2", "206|科学技术支出"))
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n项目收入支出决算表{UNIT}{head}{rows}")
    brought = figures(conversion, "t2-revenue")
    assert brought["206 carriedForward.project.carried"] == "6.00"
    assert brought["206 carriedForward.project.surplus"] == "4.00"
    assert figures(conversion, "t2-carried")["carryForward.project.surplus"] == "2.00"
    assert_sound(conversion)


LINES = """2060102|一般行政管理事务|测绘普查|10.00|60.00|65.00|5.00
2060102|一般行政管理事务|系统运维||40.00|40.00|
"""
LINE_HEAD = "科目编码|科目名称|项目名称|年初结转和结余|本年收入|本年支出|年末结转和结余"
SPENT = {"_T": "105.00", "2060102 1": "65.00", "2060102 2": "40.00"}
KEPT = {
    "opening": "10.00", "income": "100.00", "closing": "5.00", "2060102 1 opening": "10.00",
    "2060102 1 income": "60.00", "2060102 1 closing": "5.00", "2060102 2 income": "40.00",
}  # fmt: skip


def _check_lines(conversion, table="t1"):
    assert figures(conversion, table) == SPENT
    assert figures(conversion, f"{table}-balance") == KEPT
    sets = {each.id: each for each in conversion.budget.data_sets}
    assert sets[f"{table}-balance"].structure == "project-balance"
    assert [line.label for line in sets[f"{table}-balance"].lines] == ["测绘普查", "系统运维"]
    assert_sound(conversion)


@pytest.mark.parametrize("title", ["项目收入支出决算表", "一般公共预算财政拨款项目收入支出决算表"])
def test_a_line_for_each_project(tmp_path, title):
    table = f"{title}{UNIT}{LINE_HEAD}\n|合计||10.00|100.00|105.00|5.00\n{LINES}"
    conversion = convert_text(tmp_path, TITLE + table)
    _check_lines(conversion)
    assert reprinted(conversion)[2] == ["2060102", "一般行政管理事务", "测绘普查", "10.00", "60.00", "65.00", "5.00"]


def test_a_line_for_each_project_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2023年度部门决算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("项目")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2023年度部门决算项目收入支出决算表")
        sheet.write(1, 6, "单位：万元")
        sheet.write_row(2, 0, LINE_HEAD.split("|"))
        for row, line in enumerate([*LINES.splitlines(), "合计|||10.00|100.00|105.00|5.00"], start=3):
            for column, text in enumerate(line.split("|")):
                if column > 2 and text:
                    sheet.write_number(row, column, float(text), money)
                else:
                    sheet.write(row, column, text)
    _check_lines(convert(path))


def test_projects_below_their_function(tmp_path):
    head = "科目编码|项目名称|年初结转和结余|本年收入|本年支出|年末结转和结余\n"
    rows = "|合计|10.00|100.00|105.00|5.00\n2060102|一般行政管理事务|10.00|100.00|105.00|5.00\n"
    lines = "|测绘普查|10.00|60.00|65.00|5.00\n|系统运维||40.00|40.00|\n"
    conversion = convert_text(tmp_path, f"{TITLE}项目收入支出决算表{UNIT}{head}{rows}{lines}")
    assert figures(conversion, "t1-balance")["2060102 1 closing"] == "5.00"
    assert figures(conversion, "t1-balance")["2060102 1.2 income"] == "40.00"
    assert_sound(conversion)


def test_lines_of_what_came_in_that_are_more_than_the_total_are_listed(tmp_path):
    table = f"项目收入支出决算表{UNIT}{LINE_HEAD}\n|合计||10.00|90.00|105.00|5.00\n{LINES}"
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1") == SPENT
    assert figures(conversion, "t1-balance") == {"opening": "10.00", "income": "90.00", "closing": "5.00"}
    assert codes(conversion) == {"unknown-row"}


BY_FUND = """项目名称^2|年初结转和结余<3|年末结转和结余<3
小计|财政拨款|其他资金|小计|财政拨款|其他资金
合计|10.00|8.00|2.00|20.00|15.00|5.00
测绘普查|10.00|8.00|2.00|10.00|10.00|
系统运维||||10.00|5.00|5.00
"""


@pytest.mark.parametrize("title", ["项目资金结转结余情况表", "项目支出结转和结余情况表"])
def test_what_projects_began_and_ended_with_by_the_money(tmp_path, title):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{title}{UNIT}{BY_FUND}")
    assert figures(conversion, "t2")["1 opening"] == "10.00"
    assert figures(conversion, "t2-appropriation") == {
        "opening": "8.00", "closing": "15.00", "1 opening": "8.00", "1 closing": "10.00", "2 closing": "5.00",
    }  # fmt: skip
    assert figures(conversion, "t2-other")["2 closing"] == "5.00"
    assert {(d.structure, d.fund) for d in conversion.budget.data_sets if d.table == "t2"} == {
        ("project-balance", "_T"), ("project-balance", "appropriation"), ("project-balance", "other"),
    }  # fmt: skip
    assert_sound(conversion)


def test_a_line_for_each_project_by_the_money(tmp_path):
    groups = ("年初结转和结余", "本年收入", "本年支出", "年末结转和结余")
    head = "项目名称^2" + "".join(f"|{each}<2" for each in groups)
    amounts = "10.00|8.00|100.00|90.00|90.00|83.00|20.00|15.00"
    rows = f"合计|{amounts}\n测绘普查|{amounts}\n"
    table = f"项目收入支出决算表{UNIT}{head}\n{'合计|财政拨款|' * 4}".removesuffix("|")
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{table}\n{rows}")
    assert figures(conversion, "t2") == {"_T": "90.00", "1": "90.00"}
    assert figures(conversion, "t2-appropriation") == {"_T": "83.00", "1": "83.00"}
    assert figures(conversion, "t2-balance-appropriation")["1 income"] == "90.00"
    assert_sound(conversion)


def test_what_was_left_of_projects_is_no_expenditure(tmp_path):
    table = "项目支出结转情况表\n单位：万元\n项目名称|合计|一般公共预算\n合计|10.00|10.00\n测绘普查|10.00|10.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{table}")
    assert {each.table for each in conversion.budget.data_sets} == {"t1"}
    assert codes(conversion) == {"unknown-table"}


def test_money_of_projects_that_is_neither_spent_nor_a_balance_is_listed(tmp_path):
    head = "项目名称^2|资金来源<4|支出数<3|年末结转和结余^2\n"
    head += "合计|财政拨款|其他资金|年初结转和结余|小计|财政拨款|其他资金\n"
    rows = "".join(f"{name}|110.00|80.00|20.00|10.00|95.00|75.00|20.00|15.00\n" for name in ("合计", "测绘普查"))
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n项目收入支出决算表{UNIT}{head}{rows}")
    assert figures(conversion, "t2") == {"_T": "95.00", "1": "95.00"}
    assert figures(conversion, "t2-other") == {"_T": "20.00", "1": "20.00"}
    assert figures(conversion, "t2-balance") == {
        "opening": "10.00", "closing": "15.00", "1 opening": "10.00", "1 closing": "15.00",
    }  # fmt: skip
    assert codes(conversion) == {"unknown-column"}
    assert conversion.coverage.explained["unknown-column"] == 6
