"""Tables of staff and of state assets: counts of people and things, and values beside them."""

from datetime import date

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from budgetgraph.shapes.validation import validate
from tests.converter.publications import (
    FUNCTIONS,
    FUNCTIONS_HEAD,
    SPENDING,
    TITLE,
    codes,
    convert_text,
    faults,
    figures,
    reprinted,
    statements,
)

ASSETS = """国有资产占有使用情况表
项 目|数量|价值（万元）
资产总额|—|1,250.50
1．房屋（平方米）|2,400|800.00
2．车辆（台、辆）|5|90.50
3．单价在20万元以上的设备（台、套）|4|160.00
4．其他固定资产||200.00
"""
QUANTITY = {"land-buildings": "2,400", "vehicles": "5", "valuable-equipment": "4"}
VALUE = {
    "_T": "1,250.50",
    "land-buildings": "800.00",
    "vehicles": "90.50",
    "valuable-equipment": "160.00",
    "other-fixed-assets": "200.00",
}


def _set(conversion, data_set):
    return next(each for each in conversion.budget.data_sets if each.id == data_set)


def test_assets_by_number_and_value(tmp_path):
    conversion = convert_text(tmp_path, TITLE + ASSETS)
    assert figures(conversion, "t1-quantity") == QUANTITY
    assert figures(conversion, "t1-value") == VALUE
    assert [figure.unit for figure in _set(conversion, "t1-quantity").figures] == ["平方米", "台、辆", "台、套"]
    assert _set(conversion, "t1-value").figures[0].value == 12505000
    assert {d.table_kind for d in conversion.budget.data_sets} == {"state-assets"}
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.is_complete
    assert not {"AS-1", "AS-2"} & {result.rule for result in validate(statements(conversion)).results}
    assert reprinted(conversion)[2] == ["1．房屋（平方米）", "2,400", "800.00"]


def test_a_stock_has_the_day_that_its_title_names(tmp_path):
    title = "国有资产占有使用情况表（截至2023年12月31日）"
    conversion = convert_text(tmp_path, TITLE + ASSETS.replace("国有资产占有使用情况表", title))
    assert figures(conversion, "t1-value") == VALUE
    assert {each.reference_date for each in conversion.budget.data_sets} == {date(2023, 12, 31)}
    assert {each.year for each in conversion.budget.data_sets} == {None}


def test_a_total_of_assets_that_its_kinds_do_not_make_up_is_reported(tmp_path):
    conversion = convert_text(tmp_path, TITLE + ASSETS.replace("800.00", "80.00"))
    assert "AS-1" in {result.rule for result in validate(statements(conversion)).results}


def test_tables_of_counts_need_no_unit_line(tmp_path):
    conversion = convert_text(tmp_path, TITLE + SPENDING + "机构人员情况表\n项目|编制数|实有数\n行政|40|38\n")
    assert "TX-3" not in {result.rule for result in validate(statements(conversion)).results}


def test_an_area_with_a_fraction_is_listed(tmp_path):
    conversion = convert_text(tmp_path, TITLE + ASSETS.replace("2,400", "2,400.36"))
    assert "land-buildings" not in figures(conversion, "t1-quantity")
    assert figures(conversion, "t1-value") == VALUE
    assert codes(conversion) == {"fractional-quantity"}


def test_a_kind_of_assets_that_is_not_known_is_listed(tmp_path):
    conversion = convert_text(tmp_path, TITLE + ASSETS + "其他|3|10.00\n")
    assert figures(conversion, "t1-quantity") == QUANTITY
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.explained["unknown-row"] == 2


STAFF = """机构人员情况表
单位名称^3|编制数（人）<3|实有人数<5
小计^2|行政^2|事业^2|在职人员<3|离休^2|退休^2
小计|行政|事业
合计|60|40|20|55|38|17|1|30
局机关|40|40||38|38||1|22
测绘中心|20||20|17||17||8
"""
PEOPLE = {
    "establishment": "60",
    "administrative establishment": "40",
    "institution establishment": "20",
    "actual": "55",
    "administrative actual": "38",
    "institution actual": "17",
    "honorary actual": "1",
    "retired actual": "30",
}


def _people(conversion, data_set):
    found = _set(conversion, data_set)
    assert (found.structure, found.multiplier) == ("staff", 0)
    return {
        " ".join(
            figure.dimensions[name] for name in ("staffKind", "staffBasis") if name in figure.dimensions
        ): figure.text
        for figure in found.figures
    }


def test_staff_by_unit(tmp_path):
    conversion = convert_text(tmp_path, TITLE + STAFF)
    assert _people(conversion, "t1") == PEOPLE
    assert {d.unit for d in conversion.budget.data_sets if d.unit} == {"局机关", "测绘中心"}
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.is_complete


def test_staff_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("人员")
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算人员情况表")
        for row, line in enumerate(["项目|编制数|实有数", "行政|40|38", "事业|20|17", "合计|60|55"], start=1):
            for column, text in enumerate(line.split("|")):
                if text.isdecimal():
                    sheet.write_number(row, column, int(text))
                else:
                    sheet.write(row, column, text)
    conversion = convert(path)
    assert _people(conversion, "t1") == {
        key: value for key, value in PEOPLE.items() if "honorary" not in key and "retired" not in key
    }
    assert codes(conversion) == set()


@pytest.mark.parametrize(("total", "read"), [("55", True), ("86", False)])
def test_a_total_of_people_that_holds_retirees_is_listed(tmp_path, total, read):
    table = f"""机构人员情况表
编制数^2|实有人数<4
合计|行政|事业|离退休
60|{total}|38|17|31
"""
    conversion = convert_text(tmp_path, TITLE + SPENDING + table)
    assert ("actual" in _people(conversion, "t2")) == read
    assert _people(conversion, "t2")["retirees actual"] == "31"
    assert codes(conversion) == (set() if read else {"unknown-column"})


def test_a_total_of_people_beside_retirees_alone_is_listed(tmp_path):
    table = "机构人员情况表\n编制数|实有人数<2\n|合计|离退休\n60|86|31\n"
    conversion = convert_text(tmp_path, TITLE + SPENDING + table)
    assert _people(conversion, "t2") == {"establishment": "60", "retirees actual": "31"}
    assert codes(conversion) == {"unknown-column"}


def test_a_total_of_people_in_post_or_posts_is_listed(tmp_path):
    table = "财政供养人员情况表\n单位名称|合计|在职|退休\n局机关|60|38|22\n"
    conversion = convert_text(tmp_path, TITLE + SPENDING + table)
    people = [f.text for d in conversion.budget.data_sets if d.structure == "staff" for f in d.figures]
    assert people == ["38", "22"]
    assert codes(conversion) == {"unknown-row"}
    assert faults(conversion) <= {"PV-4"}


def test_assets_below_another_table_in_one_grid(tmp_path):
    above = f"一般公共预算支出表<4|\n单位：万元<4|\n{FUNCTIONS_HEAD}{FUNCTIONS}"
    assets = (
        "国有资产占用情况表<4|\n单位：辆、台<4|\n项目|数量|||\n车辆（辆）|3|||\n单价50万元以上通用设备（台、套）|1|||\n"
    )
    conversion = convert_text(tmp_path, f"{TITLE}{above}{assets}")
    assert {d.table_kind for d in conversion.budget.data_sets} == {"general-expenditure", "state-assets"}
    (counts,) = (d for d in conversion.budget.data_sets if d.table_kind == "state-assets")
    assert [figure.text for figure in counts.figures] == ["3", "1"]
