"""Units that a table lists: 序号 | 单位名称 | 备注."""

import pytest

from tests.converter.publications import codes, convert_text

TEXT = """云岭市沪川区测绘事务局2025年度部门决算
二、部门决算单位构成
纳入云岭市沪川区测绘事务局2025年度部门决算编制范围的单位包括：
{table}
支出决算表
单位：万元
科目编码|科目名称|合计|基本支出|项目支出
201|一般公共服务支出|5.00|5.00|
合计<2|5.00|5.00|
"""
ROWS = """1|云岭市沪川区测绘事务局（本级）|
2|云岭市沪川区测绘执法大队|
3|云岭市沪川区测绘资料馆（云岭市沪川区地图馆）|事业单位"""


@pytest.mark.parametrize("header", ["序号|单位名称|备注", "序号|预算单位名称|单位性质"])
def test_units_of_a_list(tmp_path, header):
    conversion = convert_text(tmp_path, TEXT.format(table=f"{header}\n{ROWS}"))
    assert [unit.names for unit in conversion.budget.units] == [
        ("云岭市沪川区测绘执法大队",),
        ("云岭市沪川区测绘资料馆（云岭市沪川区地图馆）",),
    ]
    assert not codes(conversion)
    assert conversion.coverage.unexplained == 0
    assert conversion.coverage.explained["line-number"] == 3


def test_the_department_itself_is_no_unit(tmp_path):
    rows = ROWS.replace("（本级）", "")
    conversion = convert_text(tmp_path, TEXT.format(table=f"序号|单位名称|备注\n{rows}"))
    assert len(conversion.budget.units) == 2


@pytest.mark.parametrize(
    "table",
    [
        "序号|单位名称|本年收入\n1|云岭市沪川区测绘执法大队|5.00",  # a column that says something else
        "序号|单位名称|备注\n1|云岭市沪川区测绘执法大队|\n2||",  # a row without a name
        "序号|单位名称|备注\n1|12.00|",
    ],
)
def test_other_tables_are_no_lists_of_units(tmp_path, table):
    conversion = convert_text(tmp_path, TEXT.format(table=table))
    assert not conversion.budget.units
    assert codes(conversion) == {"unknown-table"}
