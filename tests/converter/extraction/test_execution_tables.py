"""Execution of the budget by function, and expenditure by the money of the treasury beside all other."""

import pytest

from tests.converter.publications import SPENDING, assert_sound, codes, convert_text, faults, figures

TITLE = f"云岭市测绘服务局2023年度部门决算\n{SPENDING}\n"
UNIT = "\n单位：万元\n"


@pytest.mark.parametrize(
    ("title", "fund"), [("部门支出预算执行情况表", "_T"), ("一般公共预算支出预算执行情况表", "general")]
)
@pytest.mark.parametrize("done", ["决算数", "全年执行数"])
@pytest.mark.parametrize("share", ["执行率", "预算执行率（%）", "决算数为年初预算数的%", "支出进度"])
def test_phases_of_the_budget(tmp_path, title, fund, done, share):
    table = f"""科目编码|科目名称|年初预算数|调整预算数|{done}|{share}
合计<2|80.00|95.00|90.00|94.74
201|一般公共服务支出|80.00|95.00|90.00|94.74
2010301|行政运行|50.00|62.00|60.00|96.77
2010302|一般行政管理事务|30.00|33.00|30.00|90.91
"""
    conversion = convert_text(tmp_path, TITLE + title + UNIT + table)
    name = "t2" if done == "决算数" else "t2-executed"
    assert figures(conversion, name) == {"_T": "90.00", "201": "90.00", "2010301": "60.00", "2010302": "30.00"}
    assert figures(conversion, "t2-budget")["2010302"] == "30.00"
    assert figures(conversion, "t2-adjusted")["_T"] == "95.00"
    assert {each.fund for each in conversion.budget.data_sets if each.table == "t2"} == {fund}
    assert conversion.coverage.explained["derived"] == 4
    assert_sound(conversion)


def test_a_title_that_does_not_say_what_is_executed_is_listed(tmp_path):
    table = "科目编码|科目名称|年初预算数|决算数\n206|科学技术支出|100.00|105.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}预算执行情况表{UNIT}{table}")
    assert {each.table for each in conversion.budget.data_sets} == {"t1"}
    assert codes(conversion) == {"unknown-table"}


BY_MONEY = """科目编码|科目名称|本年支出合计|财政拨款|其他资金
栏次<2|1|2|3
合计<2|105.00|95.00|10.00
206|科学技术支出|105.00|95.00|10.00
2060101|行政运行|60.00|55.00|5.00
2060102|一般行政管理事务|45.00|40.00|5.00
"""


def test_money_of_the_treasury_beside_all_other(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}支出决算表{UNIT}{BY_MONEY}")
    found = figures(conversion, "t2")
    assert [found[key] for key in ("_T", "appropriation", "other", "206", "2060102 other")] == [
        "105.00", "95.00", "10.00", "105.00", "5.00",
    ]  # fmt: skip
    assert [each.id for each in conversion.budget.data_sets if each.canonical] == ["t2"]
    assert_sound(conversion)


def test_money_below_basic_and_project_expenditure(tmp_path):
    table = """科目编码^2|科目名称^2|合计^2|基本支出<3|项目支出<3
小计|财政拨款|其他资金|小计|财政拨款|其他资金
合计<2|105.00|60.00|55.00|5.00|45.00|40.00|5.00
206|科学技术支出|105.00|60.00|55.00|5.00|45.00|40.00|5.00
"""
    conversion = convert_text(tmp_path, f"{TITLE}支出决算表{UNIT}{table}")
    assert figures(conversion, "t2")["206 basic other"] == "5.00"
    assert figures(conversion, "t2")["project appropriation"] == "40.00"
    assert_sound(conversion)


def test_a_sum_of_money_that_is_open_is_reported(tmp_path):
    table = BY_MONEY.replace("2060101|行政运行|60.00|55.00|5.00", "2060101|行政运行|60.00|55.00|6.00")
    assert faults(convert_text(tmp_path, f"{TITLE}支出决算表{UNIT}{table}"))
