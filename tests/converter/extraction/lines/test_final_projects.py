"""Projects in final accounts: 项目支出决算明细表 by function and economic class, 项目支出决算表 a line each."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import (
    SPENDING,
    assert_sound,
    codes,
    convert_text,
    faults,
    figures,
    leaf_sum,
    reprinted,
)

TITLE = "云岭市测绘服务局2023年度部门决算\n\n"
HEAD = """科目编码^2|科目名称^2|合计^2|工资福利支出<2|商品和服务支出<3|资本性支出<2
小计|其他工资福利支出|小计|办公费|印刷费|小计|办公设备购置
栏次<2|1|2|3|4|5|6|7|8
"""
AMOUNTS = ["100.00", "", "", "60.00", "40.00", "20.00", "40.00", "40.00"]
CLASSES = [("206", "科学技术支出"), ("20601", "科学技术管理事务"), ("2060102", "一般行政管理事务")]
#: What is printed in each row, by economic class.
BY_CLASS = {"": "100.00", "302": "60.00", "30201": "40.00", "30202": "20.00", "310": "40.00", "31002": "40.00"}
EXPECTED = {
    " ".join(filter(None, (function, "project", economic))): text
    for function in ("206", "20601", "2060102", "")
    for economic, text in BY_CLASS.items()
}


@pytest.mark.parametrize(
    ("title", "fund"),
    [
        ("项目支出决算明细表", "_T"),
        ("一般公共预算财政拨款项目支出决算明细表", "general"),
        ("政府性基金预算财政拨款项目支出决算明细表", "govFund"),
    ],
)
def test_functions_by_economic_class(tmp_path, title, fund):
    rows = "\n".join("|".join([code, name, *AMOUNTS]) for code, name in CLASSES)
    total = "|".join(["合计<2", *AMOUNTS])
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{HEAD}{total}\n{rows}\n")
    (data_set,) = conversion.budget.data_sets
    assert (data_set.structure, data_set.table_kind) == ("expenditure", "project-expenditure")
    assert (data_set.fund, data_set.canonical) == (fund, False)
    assert figures(conversion, "t1") == EXPECTED
    assert leaf_sum(conversion, "t1") == 1000000
    assert reprinted(conversion)[-1] == ["2060102", "一般行政管理事务", *AMOUNTS]
    assert_sound(conversion)


def test_the_same_table_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2023年度部门决算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("项目")
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2023年度部门决算项目支出决算明细表")
        sheet.write(1, 9, "单位：万元")
        for column, word in enumerate(("科目编码", "科目名称", "合计")):
            sheet.merge_range(2, column, 3, column, word)
        for first, last, word in ((3, 4, "工资福利支出"), (5, 7, "商品和服务支出"), (8, 9, "资本性支出")):
            sheet.merge_range(2, first, 2, last, word)
        below = ["小计", "其他工资福利支出", "小计", "办公费", "印刷费", "小计", "办公设备购置"]
        sheet.write_row(3, 3, below)
        for row, (code, name) in enumerate([*CLASSES, ("", "合计")], start=4):
            sheet.write_row(row, 0, [code, name])
            for column, text in enumerate(AMOUNTS, start=2):
                if text:
                    sheet.write_number(row, column, float(text), money)
    conversion = convert(path)
    assert figures(conversion, "t1") == EXPECTED
    assert_sound(conversion)


def test_the_rules_know_the_sums(tmp_path):
    rows = "\n".join("|".join([code, name, *AMOUNTS[:6], "45.00", "40.00"]) for code, name in CLASSES)
    total = "|".join(["合计<2", *AMOUNTS[:6], "45.00", "40.00"])
    conversion = convert_text(tmp_path, f"{TITLE}项目支出决算明细表\n单位：万元\n{HEAD}{total}\n{rows}\n")
    assert faults(conversion) == {"WT-1-economic", "WT-3-economic"}


def test_an_item_of_two_classes_says_nothing_without_its_class(tmp_path):
    rows = "2060102|一般行政管理事务|100.00|60.00\n合计<2|100.00|60.00\n"
    text = f"{TITLE}{SPENDING}\n项目支出决算明细表\n单位：万元\n科目编码|科目名称|合计|办公设备购置\n{rows}"
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t2") == {"2060102 project": "100.00", "project": "100.00"}
    assert codes(conversion) == {"unknown-column"}


def test_functions_with_one_amount(tmp_path):
    rows = "|||合计|100.00\n206|||科学技术支出|100.00\n206|01||管理事务|100.00\n206|01|02|一般事务|100.00\n"
    text = (
        f"{TITLE}一般公共预算财政拨款项目支出决算表\n单位：万元\n科目编码<3|科目名称^2|支出决算数^2\n类|款|项\n{rows}"
    )
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t1")["2060102 project"] == "100.00"
    assert leaf_sum(conversion, "t1") == 1000000
    assert_sound(conversion)


def test_a_line_for_each_project(tmp_path):
    rows = "1|测绘普查|50.00|60.00|60.00|100%\n2|系统运维|40.00|40.00|40.00|100%\n|合计|90.00|100.00|100.00|100%\n"
    head = "序号|项目名称|年初预算数|全年预算数|决算数|完成率%\n"
    conversion = convert_text(tmp_path, f"{TITLE}项目支出决算表\n单位：万元\n{head}{rows}")
    sets = {each.id: each for each in conversion.budget.data_sets}
    assert {each.structure for each in sets.values()} == {"project-expenditure"}
    assert (sets["t1"].phase, sets["t1-budget"].phase, sets["t1-adjusted"].phase) == (None, "budget", "adjusted")
    assert figures(conversion, "t1") == {"1": "60.00", "2": "40.00", "_T": "100.00"}
    assert figures(conversion, "t1-budget") == {"1": "50.00", "2": "40.00", "_T": "90.00"}
    assert_sound(conversion)
