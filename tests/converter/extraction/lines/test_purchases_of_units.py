"""Kinds of purchases beside the names of units: the department's only where an only unit is all of it."""

import pytest

from tests.converter.publications import TITLE, codes, convert_text, figures

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
