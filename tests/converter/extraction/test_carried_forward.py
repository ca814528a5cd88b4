"""Money carried into the next year and from the last one, beside the expenditure of a budget."""

import pytest

from budgetgraph.converter.exceptions import ConverterError
from tests.converter.extraction.classes.test_revenue_sources import faults, leaves
from tests.converter.publications import TITLE, assert_sound, codes, convert_text, figures, leaf_sum

HEAD = "云岭市测绘服务局2024年部门预算\n"
BALANCE = """
部门收支总表
单位：万元
收入<2|支出<2
项目|预算数|项目|预算数
一、一般公共预算拨款收入|100.00|一、一般公共服务支出|90.00
本年收入合计|100.00|本年支出合计|90.00
年初结转结余|20.00|年末结转结余|30.00
收入总计|120.00|支出总计|120.00
"""
YEAR_AND_REST = """
部门支出总表
单位：万元
科目编码^2|科目名称^2|支出总计^2|本年支出<3|年末结转结余^2
小计|基本支出|项目支出
合计<2|120.00|90.00|60.00|30.00|30.00
201|一般公共服务支出|120.00|90.00|60.00|30.00|30.00
20101|人大事务|120.00|90.00|60.00|30.00|30.00
2010101|行政运行|120.00|90.00|60.00|30.00|30.00
"""
REST = """
一般公共预算支出表
单位：万元
科目编码|科目名称|合计|基本支出|项目支出|结转下年
201|一般公共服务支出|120.00|60.00|30.00|30.00
20101|人大事务|120.00|60.00|30.00|30.00
2010101|行政运行|120.00|60.00|30.00|30.00
合计<2|120.00|60.00|30.00|30.00
"""
ROWS = """
财政拨款收支预算总表
单位：万元
收入<2|支出<3
项目|金额|项目|合计|一般公共预算
一、本年收入|100.00|一、本年支出|90.00|90.00
（一）一般公共预算拨款|100.00|（一）一般公共服务支出|90.00|90.00
二、{carried}|20.00|二、{kept}|30.00|30.00
（一）一般公共预算拨款|20.00|||
收入总计|120.00|支出总计|120.00|120.00
"""


def test_the_total_of_a_column_is_the_year_and_what_is_carried_forward(tmp_path):
    rows = ROWS.format(carried="年初结转和结余", kept="年末结转和结余")
    conversion = convert_text(tmp_path, HEAD + BALANCE + YEAR_AND_REST + REST + rows)
    assert codes(conversion) == set()
    assert leaves(conversion, "t2") == {
        "2010101 basic": "60.00",
        "2010101 project": "30.00",
        "2010101 carryForward": "30.00",
    }
    assert figures(conversion, "t2")["2010101 current"] == "90.00"
    assert figures(conversion, "t3")["201 carryForward"] == "30.00"
    assert faults(conversion) == set()


@pytest.mark.parametrize(
    ("printed", "other", "rule"),
    [
        ("合计<2|120.00|90.00", "合计<2|120.00|80.00", "WT-2"),
        ("合计<2|120.00|90.00|60.00|30.00|30.00", "合计<2|110.00|90.00|60.00|30.00|20.00", "WT-2"),
        ("2010101|行政运行|120.00|90.00|60.00", "2010101|行政运行|120.00|90.00|50.00", "QB-8x-leaves"),
    ],
)
def test_sums_that_are_open_are_reported(tmp_path, printed, other, rule):
    spending = YEAR_AND_REST.replace(printed, other)
    assert spending != YEAR_AND_REST
    assert rule in faults(convert_text(tmp_path, HEAD + BALANCE + spending))


@pytest.mark.parametrize(
    ("carried", "kept"), [("上年结转资金", "结转下年资金"), ("年初结转", "年终结转"), ("上年结余结转", "年末结转结余")]
)
def test_what_is_carried_forward_has_many_names(tmp_path, carried, kept):
    conversion = convert_text(tmp_path, HEAD + ROWS.format(carried=carried, kept=kept))
    assert codes(conversion) == set()
    assert leaves(conversion, "t1-revenue") == {"general": "100.00", "carriedForward.general": "20.00"}
    assert figures(conversion, "t1-functional")["carryForward"] == "30.00"


def test_a_fund_may_have_its_revenue_and_both_balances_beside_its_expenditure(tmp_path):
    table = """
政府性基金预算收支表
单位：万元
科目编码^2|科目名称^2|上年结转结余^2|本年收入^2|本年支出<3|年末结转结余^2
小计|基本支出|项目支出
212|城乡社区支出|10.00|90.00|80.00||80.00|20.00
合计<2|10.00|90.00|80.00||80.00|20.00
"""
    conversion = convert_text(tmp_path, HEAD + table)
    assert codes(conversion) == set()
    assert figures(conversion, "t1") == {"212": "80.00", "212 project": "80.00", "_T": "80.00", "project": "80.00"}
    assert figures(conversion, "t1-carried") == {"212 carryForward": "20.00", "carryForward": "20.00"}
    assert figures(conversion, "t1-revenue")["212 carriedForward"] == "10.00"


def test_a_balance_at_the_beginning_of_the_year_is_no_expenditure(tmp_path):
    """The first columns of a wide sheet that is printed over two pages."""
    table = """
一般公共预算财政拨款支出决算表
单位：万元
项目<2|{}
科目编码|科目名称|合计
201|一般公共服务支出|90.00
20101|人大事务|90.00
合计<2|90.00
"""
    head = HEAD.replace("预算", "决算")
    assert figures(convert_text(tmp_path, head + table.format("本年支出")), "t1")["20101"] == "90.00"
    with pytest.raises(ConverterError, match="none of its tables"):
        convert_text(tmp_path, head + table.format("年初结转和结余"))


def test_a_surplus_that_is_distributed_stands_beside_the_functions_of_a_balance(tmp_path):
    text = f"""{TITLE}部门收支总表
单位：万元
收入<2|支出<2
项目|预算数|项目|预算数
一、财政拨款收入|95.00|一、一般公共服务支出|85.00
||二、结余分配|1.00
||三、年终结转|9.00
合计|95.00|合计|95.00
"""
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t1-functional")["surplusDistribution"] == "1.00"
    assert leaf_sum(conversion, "t1-functional") == 950000
    assert_sound(conversion)


@pytest.mark.parametrize("total", ["本年预算数", "合计", "2024年预算数"])
def test_what_is_carried_forward_as_a_part_is_in_the_total_beside_it(tmp_path, total):
    head = f"科目编码|科目名称|{total}|其中：上年结转"
    text = f"{TITLE}一般公共预算支出表\n单位：万元\n{head}\n201|一般公共服务支出|90.00|10.00\n合计<2|90.00|10.00\n"
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t1") == {"201": "90.00", "_T": "90.00"}
    assert figures(conversion, "t1-of-which") == {"201 general.carried": "10.00", "general.carried": "10.00"}
    assert_sound(conversion)
