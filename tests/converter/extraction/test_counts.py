"""Tables with counts beside money: 团组, 人次, 车辆, 批次 are numbers of things, and never amounts."""

from decimal import Decimal

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from budgetgraph.shapes.validation import validate
from tests.converter.publications import TITLE, codes, convert_text, faults, figures, reprinted, statements

FINAL = "云岭市测绘服务局2023年度部门决算\n\n"
HEAD = "机构运行信息表\n金额单位：万元\n"
ROWS = """项 目|行次|预算数|统计数|项 目|行次|统计数
栏 次||1|2|栏 次||3
一、“三公”经费支出|1|—|—|二、机关运行经费|23|80.50
（一）支出合计|2|20.00|18.00|（一）行政单位|24|80.50
1．因公出国（境）费|3|0.00|0.00|三、国有资产占用情况|25|—
2．公务用车购置及运行维护费|4|15.00|14.00|（一）车辆数合计（辆）|26|3
（1）公务用车购置费|5|0.00|0.00|1．应急保障用车|27|1
（2）公务用车运行维护费|6|15.00|14.00|2．其他用车|28|2
3．公务接待费|7|5.00|4.00|（二）单价100万元（含）以上设备（不含车辆）（台，套）|29|1
（1）国内接待费|8|—|4.00|四、政府采购支出信息|30|—
其中：外事接待费|9|—|1.00|（一）政府采购支出合计|31|60.00
（2）国（境）外接待费|10|—|0.00|1．政府采购货物支出|32|20.00
（二）相关统计数|11|—|—|2．政府采购工程支出|33|10.00
1．因公出国（境）团组数（个）|12|—|0|3．政府采购服务支出|34|30.00
2．因公出国（境）人次数（人）|13|—|0|（二）政府采购授予中小企业合同金额|35|50.00
3．公务用车购置数（辆）|14|—|0|其中：授予小微企业合同金额|36|45.00
4．公务用车保有量（辆）|15|—|3|||
5．国内公务接待批次（个）|16|—|26|||
其中：外事接待批次（个）|17|—|2|||
6．国内公务接待人次（人）|18|—|180|||
"""
COUNTS = {
    "abroad-groups": ("0", "个"),
    "abroad-persons": ("0", "人"),
    "vehicles-bought": ("0", "辆"),
    "vehicles-kept": ("3", "辆"),
    "domestic-reception-groups": ("26", "个"),
    "domestic-reception-persons": ("180", "人"),
}


def _counts(conversion, data_set="t1-activity"):
    """Return number and unit by what is counted, the numbers whole and in no unit of money."""
    (found,) = [each for each in conversion.budget.data_sets if each.id == data_set]
    assert (found.structure, found.table_kind) == ("activity-quantity", "official-activity")
    assert (found.multiplier, found.step) == (0, 1)
    assert all(Decimal(f.text) == f.value for f in found.figures)
    return {figure.dimensions["activityKind"]: (figure.text, figure.unit) for figure in found.figures}


def _check(conversion):
    assert _counts(conversion) == COUNTS
    assert _counts(conversion, "t1-activity-of-which") == {"foreign-guest-groups": ("2", "个")}
    assert figures(conversion, "t1-three-public-budget")["vehicles"] == "15.00"
    assert figures(conversion, "t1-three-public") == {
        "_T": "18.00",
        "abroad": "0.00",
        "vehicles": "14.00",
        "vehiclePurchase": "0.00",
        "vehicleRunning": "14.00",
        "reception": "4.00",
        "receptionDomestic": "4.00",
        "receptionAbroad": "0.00",
    }
    assert figures(conversion, "t1-operating-cost") == {"_T": "80.50"}
    assert figures(conversion, "t1-assets") == {
        "vehicles": "3",
        "emergency-vehicles": "1",
        "other-vehicles": "2",
        "valuable-equipment": "1",
    }
    assert figures(conversion, "t1-procurement") == {
        "_T": "60.00",
        "goods": "20.00",
        "works": "10.00",
        "services": "30.00",
    }
    assert figures(conversion, "t1-suppliers") == {"sme": "50.00"}
    assert figures(conversion, "t1-suppliers-of-which") == {"micro": "45.00"}
    assert figures(conversion, "t1-bodies") == {"administrative": "80.50"}
    assert codes(conversion) == set()
    assert conversion.coverage.is_complete


def test_the_operations_of_a_final_account(tmp_path):
    conversion = convert_text(tmp_path, FINAL + HEAD + ROWS)
    _check(conversion)
    assert faults(conversion) == set()
    assert {d.structure: d.table_kind for d in conversion.budget.data_sets if d.id == "t1-assets"} == {
        "asset-quantity": "state-assets"
    }
    graph = statements(conversion).decode()
    assert graph.count("def#activityKind>") == len(COUNTS) + 1
    assert reprinted(conversion)[16][:4] == ["4．公务用车保有量（辆）", "15", "—", "3"]


def test_the_same_table_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2023年度部门决算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("表9")
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2023年度部门决算机构运行信息表")
        sheet.write(1, 6, "金额单位：万元")
        for row, line in enumerate(ROWS.splitlines(), start=2):
            for column, text in enumerate(line.split("|")):
                if "." in text and text[0].isdigit() and "（" not in text:
                    sheet.write_number(row, column, float(text), money)
                elif text.isdecimal():
                    sheet.write_number(row, column, int(text))
                else:
                    sheet.write(row, column, text)
    _check(convert(path))


@pytest.mark.parametrize("unit", ["万元", "元"])
def test_counts_below_the_items_of_a_budget(tmp_path, unit):
    table = f"""一般公共预算“三公”经费预算表
单位：{unit}
项目|2023年执行数|2024年预算数
一、支出合计|12|10
1、因公出国（境）费用||
2、公务接待费|5|4
3、公务用车费|7|6
其中：（1）公务用车运行维护费|7|6
（2）公务用车购置||
二、相关统计数||
1.因公出国（境）团组数（个）|0|0
4.公务用车保有量（辆）|1|1
5.公务接待批次（批）|150|120
6.公务接待人数（人）|900|800
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1")["vehicles"] == "6"
    assert _counts(conversion) == {
        "abroad-groups": ("0", "个"),
        "vehicles-kept": ("1", "辆"),
        "reception-groups": ("120", "批"),
        "reception-persons": ("800", "人"),
    }
    assert _counts(conversion, "t1-activity-2023-executed")["reception-persons"] == ("900", "人")
    assert codes(conversion) | faults(conversion) == set()


def test_counts_in_columns_beside_the_amounts(tmp_path):
    table = """一般公共预算“三公”经费支出表
单位：万元
合计^2|因公出国（境）费^2|公务用车购置及运行费<3|公务接待费^2|因公出国（境）团组数（个）^2|公务用车保有量（辆）^2|国内公务接待批次（批）^2
小计|公务用车购置费|公务用车运行费
18.00|0.00|14.00|0.00|14.00|4.00|0|3|26
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1")["reception"] == "4.00"
    assert _counts(conversion) == {
        "abroad-groups": ("0", "个"),
        "vehicles-kept": ("3", "辆"),
        "domestic-reception-groups": ("26", "批"),
    }
    assert codes(conversion) | faults(conversion) == set()


@pytest.mark.parametrize("printed", ["26.5", "-3"])
def test_a_count_that_is_no_whole_number_is_listed(tmp_path, printed):
    conversion = convert_text(tmp_path, FINAL + HEAD + ROWS.replace("（个）|16|—|26", f"（个）|16|—|{printed}"))
    assert "domestic-reception-groups" not in _counts(conversion)
    assert "fractional-quantity" in codes(conversion)
    assert conversion.coverage.is_complete


def test_counts_need_no_unit_of_money_and_amounts_do(tmp_path):
    conversion = convert_text(tmp_path, FINAL + (HEAD + ROWS).replace("金额单位：万元\n", ""))
    assert _counts(conversion) == COUNTS
    assert not any(d.figures for d in conversion.budget.data_sets if d.structure in {"expenditure", "procurement"})
    assert "missing-unit" in codes(conversion)


def test_conferences_and_training_in_text_and_table(tmp_path):
    table = """一般公共预算财政拨款“三公”经费、会议费和培训费支出决算表
单位：万元
项目|决算数
一、支出合计|18.00
1．因公出国（境）费|0.00
2．公务用车购置及运行维护费|14.00
（1）公务用车购置费|0.00
（2）公务用车运行维护费|14.00
3．公务接待费|4.00
二、相关统计数|
国内公务接待批次（个）|26
召开会议次数（个）|10
参加会议人次（人）|1,500
组织培训次数（个）|5
参加培训人次（人）|300

一、“三公”经费、会议费、培训费支出决算情况说明

会议费支出决算 4.10 万元。全年召开会议 10 个，参加会议 1,500 人次。

培训费支出决算 6.20 万元。全年组织培训 6 个，参加培训 300 人次。
"""
    conversion = convert_text(tmp_path, FINAL + table)
    counts = {"conference-groups": "10", "conference-persons": "1,500", "training-persons": "300"}
    assert figures(conversion, "t1-activity") == {**counts, "training-groups": "5", "domestic-reception-groups": "26"}
    assert figures(conversion, "activities") == {**counts, "training-groups": "6"}
    (result,) = (r for r in validate(statements(conversion)).results if r.rule.startswith("TP-"))
    assert (result.rule, result.focus.rpartition("/")[2]) == ("TP-2", "final")
