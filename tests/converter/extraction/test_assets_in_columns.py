"""State assets with their kinds as columns, or with 栏次 beside their rows: what is counted, and what is valued."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import SPENDING, assert_sound, codes, convert_text, figures, reprinted

TITLE = f"云岭市测绘服务局2023年度部门决算\n{SPENDING}\n国有资产占用情况表\n"
UNIT = "金额单位：万元\n"


def _units(conversion, data_set):
    (found,) = [each for each in conversion.budget.data_sets if each.id == data_set]
    return {figure.dimensions.get("assetKind"): figure.unit for figure in found.figures}


KINDS = {
    "vehicles": "12",
    "leader-vehicles": "1",
    "confidential-vehicles": "4",
    "other-vehicles": "7",
    "valuable-general-equipment": "4",
    "valuable-special-equipment": "2",
}
COLUMNS = """车辆（辆）<4|单价50万元以上通用设备（台、套）^2|单价100万元以上专用设备（台、套）^2
合计|主要领导干部用车|机要通信用车|其他用车
12|1|4|7|4|2
"""


def test_kinds_as_columns(tmp_path):
    conversion = convert_text(tmp_path, TITLE + COLUMNS)
    assert figures(conversion, "t2-quantity") == KINDS
    assert _units(conversion, "t2-quantity")["valuable-special-equipment"] == "台、套"
    assert reprinted(conversion, 1)[-1] == ["12", "1", "4", "7", "4", "2"]
    assert_sound(conversion)


def test_kinds_as_columns_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2023年度部门决算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("资产")
        sheet.write(0, 0, "云岭市测绘服务局2023年度部门决算国有资产占用情况表")
        sheet.merge_range(1, 0, 1, 3, "车辆（辆）")
        sheet.merge_range(1, 4, 2, 4, "单价50万元以上通用设备\n（台、套）")
        sheet.merge_range(1, 5, 2, 5, "单价100万元以上专用设备\n（台、套）")
        sheet.write_row(2, 0, ["合 计", "主要领导干部用车", "机要通信用车", "其他用车"])
        sheet.write_row(3, 0, [12, 1, 4, 7, 4, 2])
    conversion = convert(path)
    assert figures(conversion, "t1-quantity") == KINDS
    assert codes(conversion) == set()


def test_kinds_of_each_unit(tmp_path):
    table = """单位名称^2|车辆数（辆）<3|单价100万元以上设备（不含车辆）（台套）^2
小计|机要通信用车|其他用车
合计|12|4|8|6
局机关|8|3|5|4
测绘中心|4|1|3|2
"""
    conversion = convert_text(tmp_path, TITLE + table)
    whole = {"vehicles": "12", "confidential-vehicles": "4", "other-vehicles": "8", "valuable-equipment": "6"}
    assert figures(conversion, "t2-quantity") == whole
    units = {each.unit for each in conversion.budget.data_sets if each.table == "t2"}
    assert units == {None, "局机关", "测绘中心"}
    assert_sound(conversion)


@pytest.mark.parametrize(
    "head",
    [
        "项目|车辆<2|单价100万元以上的专用设备<2\n|数量（辆）|金额|数量（台/套）|金额\n",
        "项目|车辆（辆）<2|单价100万元以上的专用设备（台/套）<2\n|数量|价值（万元）|数量|价值（万元）\n",
    ],
)
def test_numbers_and_values_below_each_kind(tmp_path, head):
    conversion = convert_text(tmp_path, f"{TITLE}{UNIT}{head}合计|12|150.00|2|400.00\n")
    assert figures(conversion, "t2-quantity") == {"vehicles": "12", "valuable-special-equipment": "2"}
    assert figures(conversion, "t2-value") == {"vehicles": "150.00", "valuable-special-equipment": "400.00"}
    assert_sound(conversion)


def test_a_unit_of_counts_is_that_of_the_column(tmp_path):
    head = "项目|车辆<2|单价100万元以上的专用设备<2\n|数量（辆）|金额|数量（台/套）|金额\n"
    conversion = convert_text(tmp_path, f"{TITLE}{UNIT}{head}合计|12|150.00|2|400.00\n")
    assert _units(conversion, "t2-quantity") == {"vehicles": "辆", "valuable-special-equipment": "台/套"}


VALUES = """项目^2|行次^2|资产总额^2|流动资产^2|固定资产<5|对外投资/有价证券^2|在建工程^2|无形资产^2|其他资产^2
小计|房屋构筑物|车辆|单价200万以上大型设备|其他固定资产
栏次||1|2|3|4|5|6|7|8|9|10|11
合计|1|1,000.00|200.00|700.00|400.00|100.00|50.00|150.00||50.00|40.00|10.00
"""


def test_all_assets_by_value(tmp_path):
    conversion = convert_text(tmp_path, TITLE + UNIT + VALUES)
    assert figures(conversion, "t2-value") == {
        "_T": "1,000.00", "current-assets": "200.00", "fixed-assets": "700.00", "land-buildings": "400.00",
        "vehicles": "100.00", "valuable-equipment": "50.00", "other-fixed-assets": "150.00",
        "construction-in-progress": "50.00", "intangible-assets": "40.00", "other": "10.00",
    }  # fmt: skip
    assert_sound(conversion)


def test_kinds_that_are_neither_counted_nor_valued_are_listed(tmp_path):
    table = "单位名称|车辆|单价50万元以上通用设备\n合计|12|4\n局机关|12|4\n"
    conversion = convert_text(tmp_path, TITLE + UNIT + table)
    assert {each.table for each in conversion.budget.data_sets} == {"t1"}
    assert conversion.coverage.explained["unknown-table"] == 4


LIST = """项目|栏次|{head}
一、车辆数合计（辆）|1|12
1.主要领导干部用车|2|1
2.机要通信用车|3|4
3.其他用车|4|7
二、单价50万元（含）以上通用设备（台，套）|5|4
三、单价100万元（含）以上专用设备（台，套）|6|2
"""


@pytest.mark.parametrize("head", ["数量", "统计数", "年末数量"])
def test_lines_are_numbered_in_a_column_of_their_own(tmp_path, head):
    conversion = convert_text(tmp_path, TITLE + LIST.format(head=head))
    assert figures(conversion, "t2-quantity") == KINDS
    assert conversion.coverage.explained["line-number"] == 6
    assert_sound(conversion)


def test_what_is_not_only_counted_is_listed_where_the_column_does_not_say_so(tmp_path):
    rows = "四、房屋（平方米）|7|400\n五、其他固定资产|8|900\n"
    conversion = convert_text(tmp_path, TITLE + LIST.format(head="统计数") + rows)
    assert figures(conversion, "t2-quantity") == KINDS
    assert codes(conversion) == {"unknown-row"}


def test_what_the_year_begins_with_is_listed(tmp_path):
    head = "项目|年初数<2|年末数<2\n|数量|价值|数量|价值\n"
    conversion = convert_text(tmp_path, f"{TITLE}{UNIT}{head}车辆（台、辆）|10|130.00|12|150.00\n")
    assert figures(conversion, "t2-quantity") == {"vehicles": "12"}
    assert figures(conversion, "t2-value") == {"vehicles": "150.00"}
    assert codes(conversion) == {"unknown-column"}
