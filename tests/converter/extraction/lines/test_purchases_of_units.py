"""Kinds of purchases beside the names of units: the department's only where an only unit is all of it."""

import pytest

from tests.converter.publications import TITLE, assert_sound, codes, convert_text, figures, leaf_sum, line_labels

HEAD = f"{TITLE}政府采购预算表\n单位：万元\n单位名称|项目|金额\n"
KINDS = "云岭市地图院^3|货物|6.00\n服务|1.00\n合计|7.00\n"


@pytest.mark.parametrize("more", ["", "云岭市测绘院^2|货物|2.00\n合计|2.00\n合计||9.00"])
def test_kinds_and_totals_of_units_are_not_the_departments(tmp_path, more):
    conversion = convert_text(tmp_path, HEAD + KINDS + more)
    assert codes(conversion) == {"unknown-unit"}
    assert figures(conversion, "t1") == ({"_T": "9.00"} if more else {})
    assert conversion.coverage.unexplained == 0


def test_an_only_unit_is_all_of_the_department_that_has_a_total(tmp_path):
    conversion = convert_text(tmp_path, f"{HEAD}合计||7.00\n云岭市地图院^2|货物|6.00\n服务|1.00")
    assert figures(conversion, "t1") == {"_T": "7.00", "goods": "6.00", "services": "1.00"}
    assert codes(conversion) == set()


def test_rows_of_the_department_itself(tmp_path):
    conversion = convert_text(tmp_path, HEAD + KINDS.replace("云岭市地图院", "云岭市测绘服务局"))
    assert figures(conversion, "t1") == {"goods": "6.00", "services": "1.00", "_T": "7.00"}
    assert codes(conversion) == set()


BY_UNIT = """政府采购预算表
单位：元
单位名称|合计|货物|服务
{first}|9|5|4
云岭市测绘服务局本级|5|4|1
云岭市测绘中心|3|1|2
云岭市地图院|1||1
"""


@pytest.mark.parametrize(("first", "numbers"), [("合计", "1 2 3"), ("云岭市测绘服务局", "1 1.1 1.2 1.3")])
def test_rows_of_units_alone_stand_beside_each_other(tmp_path, first, numbers):
    text = TITLE + BY_UNIT.format(first=first)
    conversion = convert_text(tmp_path, text)
    assert list(line_labels(conversion)) == numbers.split()
    assert leaf_sum(conversion, "t1") == 9
    assert_sound(conversion)
    less = convert_text(tmp_path, text.replace("云岭市地图院|1||1", "云岭市地图院|8||8"))
    assert "unknown-row" in codes(less)
    assert "3" not in {f.text for d in less.budget.data_sets for f in d.figures}


@pytest.mark.parametrize("price", ["3", "2"])
def test_a_kind_that_several_rows_name_is_none_of_them(tmp_path, price):
    rows = f"货物|公开招标|2\n货物|询价|{price}\n服务|竞争性磋商|1\n"
    conversion = convert_text(tmp_path, f"{TITLE}政府采购预算表\n单位：元\n采购类别|采购方式|金额\n{rows}")
    assert {f.dimensions["procurementKind"] for d in conversion.budget.data_sets for f in d.figures} == {"services"}
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.explained["unknown-row"] == 2
