"""Units in one column with functions, projects or kinds of purchases, as Xiamen and Jiangsu print them."""

from tests.converter.publications import SPENDING, TITLE, assert_sound, codes, convert_text, figures, reprinted

UNIT = "\n单位：万元\n"


def _convert(folder, title, table):
    return convert_text(folder, f"{TITLE}{SPENDING}\n{title}{UNIT}{table}")


BY_CODE = """科目编码|单位名称（功能科目）|合计|基本支出|项目支出
|合计|100.00|60.00|40.00
101001|云岭市测绘服务局机关|70.00|50.00|20.00
2060101|行政运行|50.00|50.00|
2060102|一般行政管理事务|20.00||20.00
101002|云岭市测绘中心|30.00|10.00|20.00
2060103|机关服务|10.00|10.00|
2060102|一般行政管理事务|20.00||20.00
"""


def test_codes_of_units_and_of_functions_in_one_column(tmp_path):
    conversion = _convert(tmp_path, "部门支出总表", BY_CODE)
    assert figures(conversion, "t2") == {"_T": "100.00", "basic": "60.00", "project": "40.00"}
    units = {each.unit: each.id for each in conversion.budget.data_sets if each.table == "t2" and each.unit}
    assert set(units) == {"云岭市测绘服务局机关", "云岭市测绘中心"}
    assert figures(conversion, units["云岭市测绘中心"]) == {
        "_T": "30.00", "basic": "10.00", "project": "20.00", "2060103": "10.00", "2060103 basic": "10.00",
        "2060102": "20.00", "2060102 project": "20.00",
    }  # fmt: skip
    assert reprinted(conversion, 1)[2] == ["101001", "云岭市测绘服务局机关", "70.00", "50.00", "20.00"]
    assert_sound(conversion)


def test_functions_of_a_unit_without_codes_are_listed(tmp_path):
    table = """单位编码|单位名称（功能科目）|合计|基本支出|项目支出
|合计|30.00|10.00|20.00
101002|云岭市测绘中心|30.00|10.00|20.00
|机关服务|10.00|10.00|
|一般行政管理事务|20.00||20.00
"""
    conversion = _convert(tmp_path, "部门支出总表", table)
    assert codes(conversion) == {"unknown-unit"}
    assert all(
        "functionalClass" not in f.dimensions for d in conversion.budget.data_sets if d.table == "t2" for f in d.figures
    )


PROJECTS = """单位名称（功能科目）|项目名称|合计|一般公共预算|政府性基金预算
云岭市测绘服务局||40.00|40.00|
2060102一般行政管理事务||40.00|40.00|
|测绘普查|30.00|30.00|
|系统运维|{last}|{last}|
"""


def test_projects_below_their_unit_and_function(tmp_path):
    conversion = _convert(tmp_path, "项目支出预算表", PROJECTS.format(last="10.00"))
    assert figures(conversion, "t2") == {
        "1": "40.00", "1 general": "40.00", "2060102 1.1": "40.00", "2060102 1.1 general": "40.00",
        "2060102 1.1.1": "30.00", "2060102 1.1.1 general": "30.00", "2060102 1.1.2": "10.00",
        "2060102 1.1.2 general": "10.00",
    }  # fmt: skip
    assert_sound(conversion)


def test_projects_that_do_not_make_up_their_function_are_listed(tmp_path):
    conversion = _convert(tmp_path, "项目支出预算表", PROJECTS.format(last="15.00"))
    assert set(figures(conversion, "t2")) == {"1", "1 general", "2060102 1.1", "2060102 1.1 general"}
    assert codes(conversion) == {"unknown-row"}


PURCHASES = """采购品目大类|专项名称|经济科目|采购物品名称|采购组织形式|总计|一般公共预算资金
合计|||||60.00|60.00
云岭市测绘服务局|||||60.00|60.00
云岭市测绘服务局机关|||||40.00|40.00
货物|||||20.00|20.00
|日常公用|办公设备购置|计算机|分散采购|20.00|20.00
服务|||||20.00|20.00
|测绘普查|委托业务费|软件服务|集中采购|{service}|{service}
云岭市测绘中心|||||20.00|20.00
货物|||||20.00|20.00
|日常公用|办公设备购置|计算机|分散采购|20.00|20.00
"""


def test_kinds_of_purchases_below_units(tmp_path):
    conversion = _convert(tmp_path, "政府采购支出表", PURCHASES.format(service="20.00"))
    assert figures(conversion, "t2") == {
        "_T": "60.00", "1": "60.00", "1.1": "40.00", "goods 1.1": "20.00", "goods 1.1.1": "20.00",
        "services 1.1": "20.00", "services 1.1.2": "20.00", "1.2": "20.00", "goods 1.2": "20.00",
        "goods 1.2.1": "20.00",
    }  # fmt: skip
    assert_sound(conversion)


def test_purchases_that_do_not_make_up_the_kind_of_their_unit_are_listed(tmp_path):
    conversion = _convert(tmp_path, "政府采购支出表", PURCHASES.format(service="25.00"))
    assert "services 1.1.2" not in figures(conversion, "t2")
    assert figures(conversion, "t2")["goods 1.2.1"] == "20.00"
    assert codes(conversion) == {"unknown-row"}


def test_a_cell_of_a_unit_over_the_rows_of_its_functions(tmp_path):
    table = """单位名称|科目编码|科目名称|合计|基本支出|项目支出
合计|||100.00|60.00|40.00
云岭市测绘服务局机关^2|2060101|行政运行|50.00|50.00|
2060102|一般行政管理事务|20.00||20.00
云岭市测绘中心^2|2060103|机关服务|10.00|10.00|
2060102|一般行政管理事务|20.00||20.00
"""
    conversion = _convert(tmp_path, "部门支出总表", table)
    units = {each.unit: each.id for each in conversion.budget.data_sets if each.table == "t2" and each.unit}
    assert figures(conversion, units["云岭市测绘服务局机关"])["2060102 project"] == "20.00"
    assert figures(conversion, units["云岭市测绘中心"])["2060103"] == "10.00"
    assert_sound(conversion)


def test_units_below_kinds_of_purchases_are_listed_and_head_no_kind(tmp_path):
    table = """采购品目大类|专项名称|经济科目|采购物品名称|采购组织形式|总计|一般公共预算资金
合计|||||60.00|60.00
货物|||||20.00|20.00
云岭市测绘服务局机关|||||20.00|20.00
|日常公用|办公设备购置|计算机|分散采购|20.00|20.00
服务|||||40.00|40.00
云岭市测绘服务局机关|||||40.00|40.00
|测绘普查|委托业务费|软件服务|集中采购|40.00|40.00
"""
    conversion = _convert(tmp_path, "政府采购支出表", table)
    assert figures(conversion, "t2") == {
        "_T": "60.00", "goods": "20.00", "goods 1": "20.00", "services": "40.00", "services 2": "40.00",
    }  # fmt: skip
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.explained["unknown-row"] == 4
    again = _convert(tmp_path, "政府采购支出表", f"{table}货物|||||5.00|5.00\n")  # so neither row is all goods
    assert figures(again, "t2") == {"_T": "60.00", "goods 1": "20.00", "services": "40.00"}
    assert again.coverage.explained["unknown-row"] == 10
