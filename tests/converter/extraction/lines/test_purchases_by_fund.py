"""Procurement as planned and as bought, by the money that pays for it."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import SPENDING, TITLE, assert_sound, convert_text, faults, figures, reprinted

FINAL = f"云岭市测绘服务局2023年度部门决算\n{SPENDING}"
UNIT = "\n单位：万元\n"


def _of(conversion, data_set):
    (found,) = [each for each in conversion.budget.data_sets if each.id == data_set]
    return found.fund, found.phase


PLAN = """项目^3|行次^3|采购计划金额<4|实际采购金额<4
合计^2|财政性资金<2|其他资金^2|合计^2|财政性资金<2|其他资金^2
小计|其中：一般公共预算|小计|其中：一般公共预算
栏次||1|2|3|4|5|6|7|8
合计|1|60.00|50.00|45.00|10.00|55.00|47.00|42.00|8.00
货物|2|20.00|20.00|20.00||18.00|18.00|18.00|
工程|3|10.00|10.00|10.00||10.00|10.00|10.00|
服务|4|30.00|20.00|15.00|10.00|27.00|19.00|14.00|8.00
"""
BOUGHT = {"_T": "55.00", "goods": "18.00", "works": "10.00", "services": "27.00"}
PLANNED = {"_T": "60.00", "goods": "20.00", "works": "10.00", "services": "30.00"}


def test_plan_and_purchases_by_kind_and_money(tmp_path):
    conversion = convert_text(tmp_path, f"{FINAL}\n政府采购情况表{UNIT}{PLAN}")
    assert figures(conversion, "t2") == BOUGHT
    assert figures(conversion, "t2-planned") == PLANNED
    assert figures(conversion, "t2-fiscal")["services"] == "19.00"
    assert figures(conversion, "t2-general-planned")["services"] == "15.00"
    assert figures(conversion, "t2-other") == {"_T": "8.00", "services": "8.00"}
    assert _of(conversion, "t2") == ("_T", None)
    assert _of(conversion, "t2-fiscal-planned") == ("fiscal", "planned")
    assert reprinted(conversion, 1)[4] == "合计|1|60.00|50.00|45.00|10.00|55.00|47.00|42.00|8.00".split("|")  # noqa: SIM905
    assert_sound(conversion)


def test_plan_and_purchases_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2023年度部门决算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("采购")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2023年度部门决算政府采购情况表")
        sheet.write(1, 4, "金额单位：万元")
        sheet.merge_range(2, 0, 3, 0, "项 目")
        sheet.merge_range(2, 1, 2, 2, "采购计划金额")
        sheet.merge_range(2, 3, 2, 4, "实际采购金额")
        sheet.write_row(3, 1, ["合 计", "财政性\n资金", "合 计", "财政性\n资金"])
        rows = {
            "合 计": (60, 50, 55, 47),
            "货 物": (20, 20, 18, 18),
            "工 程": (10, 10, 10, 10),
            "服 务": (30, 20, 27, 19),
        }
        for row, (label, amounts) in enumerate(rows.items(), start=4):
            sheet.write(row, 0, label)
            for column, amount in enumerate(amounts, start=1):
                sheet.write_number(row, column, amount, money)
    conversion = convert(path)
    assert figures(conversion, "t1") == BOUGHT
    assert figures(conversion, "t1-planned") == PLANNED
    assert figures(conversion, "t1-fiscal")["services"] == "19.00"
    assert_sound(conversion)


def test_what_is_saved_is_worked_out(tmp_path):
    head = "项目|采购计划金额|实际采购金额|节约金额|节约率\n"
    rows = (
        "合计|60.00|55.00|5.00|8.33%\n货物|20.00|18.00|2.00|10%\n工程|10.00|10.00|0.00|0%\n服务|30.00|27.00|3.00|10%\n"
    )
    conversion = convert_text(tmp_path, f"{FINAL}\n政府采购情况表{UNIT}{head}{rows}")
    assert (figures(conversion, "t2"), figures(conversion, "t2-planned")) == (BOUGHT, PLANNED)
    assert_sound(conversion)


def test_a_plan_that_does_not_add_up_is_reported(tmp_path):
    table = PLAN.replace("货物|2|20.00", "货物|2|25.00")
    assert "GP-1" in faults(convert_text(tmp_path, f"{FINAL}\n政府采购情况表{UNIT}{table}"))


def test_kinds_as_columns_by_money(tmp_path):
    table = """单位名称^2|合计^2|货物<2|工程<2|服务<2
财政性资金|其他资金|财政性资金|其他资金|财政性资金|其他资金
合计|60.00|20.00||10.00||20.00|10.00
局机关|60.00|20.00||10.00||20.00|10.00
"""
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n政府采购预算表{UNIT}{table}")
    assert figures(conversion, "t2") == {"_T": "60.00", "1": "60.00"}
    assert figures(conversion, "t2-fiscal")["services"] == "20.00"
    assert figures(conversion, "t2-other") == {"services": "10.00", "1 services": "10.00"}
    assert_sound(conversion)


def test_units_by_money(tmp_path):
    table = """单位名称^2|总计^2|当年财政性资金<3|其他资金^2
小计|公共财政拨款|政府性基金
合计|60.00|50.00|45.00|5.00|10.00
局机关|40.00|35.00|30.00|5.00|5.00
测绘中心|20.00|15.00|15.00||5.00
"""
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n政府采购预算情况表{UNIT}{table}")
    totals = {
        name: figures(conversion, f"t2{name}")["_T"] for name in ("", "-fiscal", "-general", "-govFund", "-other")
    }
    assert totals == {"": "60.00", "-fiscal": "50.00", "-general": "45.00", "-govFund": "5.00", "-other": "10.00"}
    assert_sound(conversion)


LINES = """1|测绘设备|货物|20.00|20.00||15.00
2|系统运维|服务|30.00|20.00|10.00|{small}
|合计||50.00|40.00|10.00|{total}
"""


def _lines(tmp_path, **amounts):
    head = "序号|采购项目名称|采购品目|合计|财政性资金|其他资金|面向中小微企业\n"
    return convert_text(tmp_path, f"{TITLE}{SPENDING}\n政府采购预算表{UNIT}{head}{LINES.format(**amounts)}")


def test_lines_by_money_and_what_they_set_aside(tmp_path):
    conversion = _lines(tmp_path, small="30.00", total="45.00")
    assert figures(conversion, "t2") == {"_T": "50.00", "1": "20.00", "2": "30.00"}
    assert figures(conversion, "t2-fiscal") == {"_T": "40.00", "1": "20.00", "2": "20.00"}
    assert figures(conversion, "t2-other") == {"_T": "10.00", "2": "10.00"}
    assert figures(conversion, "t2-suppliers") == {"sme": "45.00", "1 sme": "15.00", "2 sme": "30.00"}
    assert_sound(conversion)


def test_more_set_aside_than_bought_is_reported(tmp_path):
    assert "GP-6" in faults(_lines(tmp_path, small="31.00", total="46.00"))


@pytest.mark.parametrize(
    "head",
    [
        "政府采购支出总额<4|授予中小企业合同金额^2|其中：授予小微企业合同金额^2\n合计|货物支出|工程支出|服务支出\n",
        "政府采购支出合计|政府采购货物支出|政府采购工程支出|政府采购服务支出|授予中小微企业合同金额|其中：授予小微企业合同金额\n",
    ],
)
def test_one_row_of_what_was_bought(tmp_path, head):
    conversion = convert_text(
        tmp_path, f"{FINAL}\n政府采购支出情况表{UNIT}{head}1|2|3|4|5|6\n55.00|18.00|10.00|27.00|50.00|45.00\n"
    )
    assert figures(conversion, "t2") == BOUGHT
    assert figures(conversion, "t2-suppliers") == {"sme": "50.00"}
    assert figures(conversion, "t2-suppliers-of-which") == {"micro": "45.00"}
    assert_sound(conversion)
