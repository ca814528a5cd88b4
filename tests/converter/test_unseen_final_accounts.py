"""Final accounts of layouts that no profile was made for."""

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
