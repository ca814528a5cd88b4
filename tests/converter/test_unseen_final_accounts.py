"""Final accounts of layouts that no profile was made for."""

import pytest

from tests.converter.publications import codes, convert_text, figures

FINAL = """
云岭市测绘中心2023年度单位决算

收入支出决算总表
财决公开01表
编制单位：云岭市测绘中心 金额单位：元
收入<5|支出<5
项目|行次|年初预算数|全年预算数|决算数|项目|行次|年初预算数|调整预算数|决算数
栏次||1|2|3|栏次||4|5|6
一、一般公共预算财政拨款收入|1|80.00|100.00|90.00|一、一般公共服务支出|32|80.00|100.00|90.00
本年收入合计|27|80.00|100.00|90.00|本年支出合计|58|80.00|100.00|90.00
总计|31|80.00|100.00|90.00|总计|62|80.00|100.00|90.00

一般公共预算财政拨款支出决算表
金额单位：元
功能分类科目编码^2|科目名称^2|年初预算数^2|全年预算数^2|决算数<3|决算数占年初预算数的%^2
合计|基本支出|项目支出
201|一般公共服务支出|80.00|100.00|90.00|60.00|30.00|112.50
合计<2|80.00|100.00|90.00|60.00|30.00|112.50

一般公共预算财政拨款“三公”经费支出决算表
金额单位：元
项目|预算数|决算数
合计|8.00|7.00
其中：公务用车购置及运行维护费|6.00|5.50
（1）公务用车运行维护费|6.00|5.50
公务接待费|2.00|1.50
"""
NOTE = "注：预算数为“三公”经费全年预算数，反映按规定程序调整后的预算数。"


def test_phases_of_a_final_account_side_by_side(tmp_path):
    conversion = convert_text(tmp_path, FINAL)
    budget = conversion.budget
    assert (budget.kind, budget.phase, budget.fiscal_year) == ("final_account", "final", 2023)
    totals = {
        (d.table_kind, d.structure, d.phase): printed["_T"]
        for d in budget.data_sets
        if "_T" in (printed := figures(conversion, d.id))
    }
    assert totals == {
        ("balance", "revenue", None): "90.00",
        ("balance", "revenue", "budget"): "80.00",
        ("balance", "revenue", "adjusted"): "100.00",
        ("balance", "expenditure", None): "90.00",
        ("balance", "expenditure", "budget"): "80.00",
        ("balance", "expenditure", "adjusted"): "100.00",
        ("general-expenditure", "expenditure", None): "90.00",
        ("general-expenditure", "expenditure", "budget"): "80.00",
        ("general-expenditure", "expenditure", "adjusted"): "100.00",
        ("three-public", "expenditure", None): "7.00",
        ("three-public", "expenditure", "budget"): "8.00",
    }
    assert codes(conversion) == set()


def test_a_note_says_which_budget_a_final_account_compares_with(tmp_path):
    conversion = convert_text(tmp_path, FINAL + NOTE)
    phases = {d.phase for d in conversion.budget.data_sets if d.table_kind == "three-public"}
    assert phases == {None, "adjusted"}
    first = {d.phase for d in conversion.budget.data_sets if d.table_kind == "balance"}
    assert first == {None, "budget", "adjusted"}


def test_rows_of_the_three_public_expenses(tmp_path):
    conversion = convert_text(tmp_path, FINAL)
    (data_set,) = [d for d in conversion.budget.data_sets if d.table_kind == "three-public" and d.phase is None]
    assert figures(conversion, data_set.id) == {
        "_T": "7.00",
        "vehicles": "5.50",
        "vehicleRunning": "5.50",
        "reception": "1.50",
    }


def test_a_unit_s_documents_are_its_own(tmp_path):
    conversion = convert_text(tmp_path, FINAL)
    assert conversion.budget.department.names == ("云岭市测绘中心",)
    budget = convert_text(
        tmp_path, FINAL.replace("2023年度单位决算", "2023年单位预算").split("一般公共预算财政拨款支出")[0]
    )
    assert (budget.budget.kind, budget.budget.phase) == ("budget", "budget")


@pytest.mark.parametrize(
    ("title", "fund"),
    [
        ("公共预算财政拨款支出决算表", "general"),
        ("公共财政预算拨款支出决算表", "general"),
        ("公共财政拨款支出决算表", "general"),
        ("公共预算支出决算表", "general"),
        ("财政拨款支出决算表", "appropriation"),
        ("支出决算表", "_T"),
    ],
)
def test_the_general_budget_by_its_former_names(tmp_path, title, fund):
    head = "云岭市测绘中心2015年度部门决算\n\n{title}\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出\n"
    rows = "201|一般公共服务支出|30.00|10.00|20.00\n合计<2|30.00|10.00|20.00\n"
    conversion = convert_text(tmp_path, head.format(title=title) + rows)
    assert [(each.fund, len(each.figures)) for each in conversion.budget.data_sets] == [(fund, 6)]


BALANCE = """
云岭市测绘中心2016年度部门决算

收入支出决算总表
单位：万元
收入<3|支出<3
项目|行次|决算数|项目|行次|决算数
一、财政拨款收入|1|90.00|一、一般公共服务支出|11|80.00
本年收入合计|2|90.00|本年支出合计|12|80.00
用事业基金弥补收支差额|3||结余分配|13|4.00
年初结转和结余|4|30.00|其中：提取职工福利基金|14|4.00
其中：项目支出结转和结余|5|20.00|年末结转和结余|15|36.00
经营结余|6|3.00|其中：项目支出结转和结余|16|35.00
总计|7|120.00|总计|17|120.00
"""


def test_what_of_a_balance_is_of_projects(tmp_path):
    conversion = convert_text(tmp_path, BALANCE)
    parts = {"carriedForward.project": "20.00", "carriedForward.operations": "3.00"}
    assert figures(conversion, "t1-revenue-of-which") == parts
    assert figures(conversion, "t1-revenue")["carriedForward"] == "30.00"
    assert figures(conversion, "t1-functional-of-which") == {"carryForward.project": "35.00"}
    assert figures(conversion, "t1-functional")["carryForward"] == "36.00"
    assert codes(conversion) == {"unknown-row"}  # 提取职工福利基金
    assert conversion.coverage.explained["unknown-row"] == 1


def test_what_is_of_projects_says_nothing_below_another_line(tmp_path):
    conversion = convert_text(tmp_path, BALANCE.replace("年末结转和结余|15", "年末其他资金|15"))
    assert not any(each.id == "t1-functional-of-which" for each in conversion.budget.data_sets)
    assert conversion.coverage.explained["unknown-row"] == 3


def test_economic_classes_by_fund_and_nature(tmp_path):
    head = "云岭市测绘中心2023年度部门决算\n\n财政拨款支出决算明细表\n单位：万元\n"
    head += "经济分类科目编码<2|科目名称^2|合计^2|一般公共预算财政拨款<3|政府性基金预算财政拨款<3\n"
    head += "类|款|小计|基本支出|项目支出|小计|基本支出|项目支出\n"
    rows = "合计<3|9.00|7.00|5.00|2.00|2.00||2.00\n302||商品和服务支出|9.00|7.00|5.00|2.00|2.00||2.00\n"
    conversion = convert_text(tmp_path, head + rows + "302|01|办公费|9.00|7.00|5.00|2.00|2.00||2.00\n")
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, data_set.fund) == ("appropriation-expenditure", "appropriation")
    printed = figures(conversion, data_set.id)
    assert {key: text for key, text in printed.items() if "30201" in key} == {
        "30201": "9.00",
        "30201 general": "7.00",
        "30201 basic general": "5.00",
        "30201 project general": "2.00",
        "30201 govFund": "2.00",
        "30201 project govFund": "2.00",
    }
    assert codes(conversion) == set()


def test_procurement_as_planned_in_the_budget_and_as_bought(tmp_path):
    rows = "合计|100.00|80.00\n货物|60.00|45.00\n工程|0.00|0.00\n服务|40.00|35.00\n"
    head = f"{FINAL.split('收入支出')[0]}政府采购情况表\n单位：万元\n项目|采购预算金额|实际采购金额\n"
    conversion = convert_text(tmp_path, head + rows)
    printed = {each.phase: figures(conversion, each.id)["goods"] for each in conversion.budget.data_sets}
    assert printed == {"budget": "60.00", None: "45.00"}


def test_appropriation_of_the_year_above_what_it_begins_with(tmp_path):
    text = """
云岭市测绘中心2022年度部门决算

财政拨款收入支出决算总表
单位：万元
收入<2|支出<2
项目|决算数|项目|决算数
一、本年收入|90.00|一、本年支出|92.00
（一）一般公共预算财政拨款|80.00|（一）一般公共服务支出|92.00
（二）政府性基金预算财政拨款|10.00||
二、年初结转和结余|5.00|二、年末结转和结余|3.00
（一）一般公共预算财政拨款|4.00||
（二）政府性基金预算财政拨款|1.00||
总计|95.00|总计|95.00
"""
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t1-revenue") == {
        "current": "90.00",
        "general": "80.00",
        "govFund": "10.00",
        "carriedForward": "5.00",
        "carriedForward.general": "4.00",
        "carriedForward.govFund": "1.00",
        "_T": "95.00",
    }
    assert codes(conversion) == set()


@pytest.mark.parametrize(("head", "of"), [("其中：上年结转", "general.carried"), ("年初结转和结余", "carriedForward")])
def test_what_was_spent_of_money_carried_forward_did_not_come_in(tmp_path, head, of):
    text = "云岭市测绘中心2022年度部门决算\n\n一般公共预算财政拨款支出决算表\n单位：万元\n"
    text += f"科目编码|科目名称|决算数|{head}\n201|一般公共服务支出|75.00|7.00\n合计<2|75.00|7.00\n"
    conversion = convert_text(tmp_path, text)
    printed = {key for each in conversion.budget.data_sets for key in figures(conversion, each.id)}
    assert printed == {"_T", "201", of, f"201 {of}"}


@pytest.mark.parametrize(
    ("title", "rows", "printed"),
    [
        (
            "收入决算表",
            "财政拨款收入|90.00\n事业收入|5.00\n其中：教育收费|4.00\n本年收入合计|95.00\n年初结转和结余|5.00\n总计|100.00",
            {
                "appropriation": "90.00",
                "business": "5.00",
                "current": "95.00",
                "carriedForward": "5.00",
                "_T": "100.00",
            },
        ),
        (
            "支出决算表",
            "一、基本支出|60.00\n（一）人员经费|50.00\n（二）公用经费|10.00\n二、项目支出|36.00\n本年支出合计|96.00",
            {"basic": "60.00", "personnel": "50.00", "public": "10.00", "project": "36.00", "current": "96.00"},
        ),
        (
            "支出决算表",
            "一、教育支出|60.00\n二、科学技术支出|36.00\n本年支出合计|96.00",
            {"205": "60.00", "206": "36.00", "current": "96.00"},
        ),
    ],
)
def test_sources_and_natures_a_row_each(tmp_path, title, rows, printed):
    text = f"云岭市测绘中心2022年度部门决算\n\n{title}\n单位：万元\n项目|决算数\n{rows}\n"
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t1") == printed
    assert codes(conversion) == set()
