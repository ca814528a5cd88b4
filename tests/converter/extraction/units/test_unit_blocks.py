"""Classes below the row of their unit, by order alone: the unit's where they add up to it, else listed."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import TITLE, codes, convert_text, faults, figures, reprinted, statements

OFFICE, CENTRE = "云岭市测绘服务局本级", "云岭市测绘中心"
ROWS = f"""|合计|100.00|60.00|40.00
101|云岭市测绘服务局|100.00|60.00|40.00
101001|{OFFICE}|70.00|40.00|30.00
201|一般公共服务支出|70.00|40.00|30.00
20103|政府办公厅（室）及相关机构事务|70.00|40.00|30.00
2010301|行政运行|70.00|40.00|30.00
101002|{CENTRE}|30.00|20.00|10.00
201|一般公共服务支出|30.00|20.00|10.00
20103|政府办公厅（室）及相关机构事务|30.00|20.00|10.00
2010301|行政运行|20.00|20.00|
2010302|一般行政管理事务|10.00||10.00
"""
HEAD = "一般公共预算支出表\n单位：万元\n编码|名称|合计|基本支出|项目支出\n"


def _of_units(conversion):
    return {d.unit: figures(conversion, d.id) for d in conversion.budget.data_sets if d.unit}


def _check(conversion):
    assert figures(conversion, "t1") == {"_T": "100.00", "basic": "60.00", "project": "40.00"}
    units = _of_units(conversion)
    assert set(units) == {OFFICE, CENTRE}
    assert units[CENTRE] == {
        "_T": "30.00",
        "basic": "20.00",
        "project": "10.00",
        "201": "30.00",
        "201 basic": "20.00",
        "201 project": "10.00",
        "20103": "30.00",
        "20103 basic": "20.00",
        "20103 project": "10.00",
        "2010301": "20.00",
        "2010301 basic": "20.00",
        "2010302": "10.00",
        "2010302 project": "10.00",
    }
    assert units[OFFICE]["2010301"] == "70.00"
    assert {d.part_of for d in conversion.budget.data_sets if d.unit} == {"t1"}
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.unexplained == conversion.coverage.unexplained_labels == 0


def test_units_and_classes_in_one_column_of_codes(tmp_path):
    conversion = convert_text(tmp_path, TITLE + HEAD + ROWS)
    _check(conversion)
    assert reprinted(conversion)[9] == ["20103", "政府办公厅（室）及相关机构事务", "30.00", "20.00", "10.00"]
    assert statements(conversion).count(b"SubordinateUnit") > 0


def test_units_and_classes_in_one_column_of_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("支出")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算一般公共预算支出表")
        sheet.write(1, 4, "单位：万元")
        sheet.write_row(2, 0, ["编码", "名称", "合计", "基本支出", "项目支出"])
        for row, line in enumerate(ROWS.splitlines(), start=3):
            code, name, *amounts = line.split("|")
            sheet.write_row(row, 0, [code, name])
            for column, amount in enumerate(amounts, start=2):
                if amount:
                    sheet.write_number(row, column, float(amount), money)
    _check(convert(path))


def test_columns_of_units_that_are_blank_beside_the_classes(tmp_path):
    lines = [line.split("|", 2) for line in ROWS.splitlines()]
    rows = [
        f"||{code}|{name}|{rest}" if code.startswith("2") else f"{code}|{name}|||{rest}" for code, name, rest in lines
    ]
    head = "一般公共预算支出表\n单位：万元\n单位代码|单位名称|科目编码|科目名称|合计|基本支出|项目支出\n"
    conversion = convert_text(tmp_path, TITLE + head + "\n".join(rows))
    _check(conversion)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2010302|一般行政管理事务|10.00||10.00\n", ""),  # a class is missing
        ("201|一般公共服务支出|30.00|20.00|10.00", "201|一般公共服务支出|31.00|21.00|10.00"),  # more than the unit
        (f"101002|{CENTRE}|30.00|20.00|10.00", f"101002|{CENTRE}|30.00||"),  # columns that the unit's row has not
    ],
)
def test_classes_that_do_not_add_up_to_their_unit_are_listed(tmp_path, old, new):
    conversion = convert_text(tmp_path, TITLE + HEAD + ROWS.replace(old, new))
    assert _of_units(conversion)[CENTRE]["_T"] == "30.00"
    assert not [key for key in _of_units(conversion)[CENTRE] if key.startswith("2")]
    assert _of_units(conversion)[OFFICE]["2010301"] == "70.00"
    assert codes(conversion) == {"unknown-unit"}
    assert not [key for key in figures(conversion, "t1") if key.startswith("2")]


def test_classes_behind_the_total_are_the_department_s(tmp_path):
    rows = ROWS.partition("\n")[2] + "|合计|100.00|60.00|40.00\n201|一般公共服务支出|100.00|60.00|40.00\n"
    conversion = convert_text(tmp_path, TITLE + HEAD + rows)
    assert figures(conversion, "t1")["201 basic"] == "60.00"
    assert "201" in _of_units(conversion)[CENTRE]


def test_the_department_s_own_row_is_the_sum_of_its_units(tmp_path):
    rows = ROWS.partition("\n")[2]
    conversion = convert_text(tmp_path, TITLE + HEAD + rows)
    _check(conversion)
    rows = rows.replace("服务局|100.00|60.00|40.00", "服务局|90.00|50.00|40.00")
    conversion = convert_text(tmp_path, TITLE + HEAD + rows)
    assert _of_units(conversion)["云岭市测绘服务局"]["_T"] == "90.00"
    assert figures(conversion, "t1") == {}


def test_classes_below_the_only_unit_are_the_department_s_where_it_is_all_of_it(tmp_path):
    rows = "\n".join(line for line in ROWS.splitlines()[2:6])
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}|合计|70.00|40.00|30.00\n{rows}\n")
    assert figures(conversion, "t1")["2010301 basic"] == "40.00"
    assert _of_units(conversion) == {OFFICE: {"_T": "70.00", "basic": "40.00", "project": "30.00"}}
    assert codes(conversion) | faults(conversion) == set()
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}|合计|80.00|50.00|30.00\n{rows}\n")
    assert "2010301" in _of_units(conversion)[OFFICE]
    assert figures(conversion, "t1")["_T"] == "80.00"


def test_classes_below_another_body_that_add_up_to_the_total_are_the_department_s(tmp_path):
    rows = "\n".join(ROWS.splitlines()[3:6])
    conversion = convert_text(
        tmp_path, f"{TITLE}{HEAD}101009|云岭市地图院|5.00|5.00|\n{rows}\n|合计|70.00|40.00|30.00\n"
    )
    assert figures(conversion, "t1")["2010301 basic"] == "40.00"
    assert codes(conversion) == {"unknown-row"}
    assert not _of_units(conversion)


def test_classes_that_have_no_amounts_in_a_column_of_their_unit_are_listed(tmp_path):
    """What the unit spends there is of some class, and which is not printed."""
    rows = ROWS.replace(f"{CENTRE}|30.00|20.00|10.00", f"{CENTRE}|20.00|20.00|10.00")
    for old, new in (("30.00|20.00|10.00", "20.00|20.00|"), ("2010302|一般行政管理事务|10.00||10.00\n", "")):
        head, centre, below = rows.partition(f"101002|{CENTRE}|20.00|20.00|10.00\n")
        rows = head + centre + below.replace(old, new)
    conversion = convert_text(tmp_path, TITLE + HEAD + rows)
    assert _of_units(conversion)[CENTRE] == {"_T": "20.00", "basic": "20.00", "project": "10.00"}
    assert codes(conversion) == {"unknown-unit"}


def test_a_row_of_the_department_s_name_beside_one_unit_is_a_unit_s(tmp_path):
    """It may be the sum of the only other one, or the department's own office that happens to have as much."""
    rows = f"101|云岭市测绘服务局|30.00|20.00|10.00\n101002|{CENTRE}|30.00|20.00|10.00\n"
    conversion = convert_text(tmp_path, TITLE + HEAD + rows)
    assert set(_of_units(conversion)) == {"云岭市测绘服务局", CENTRE}
    assert figures(conversion, "t1") == {}


def test_classes_that_the_department_has_itself_are_not_given_to_it_again(tmp_path):
    classes = "\n".join(ROWS.splitlines()[3:6])
    rows = f"|合计|70.00|40.00|30.00\n{classes}\n101001|{OFFICE}|70.00|40.00|30.00\n{classes}\n"
    conversion = convert_text(tmp_path, TITLE + HEAD + rows)
    for data_set in conversion.budget.data_sets:
        assert len(data_set.figures) == len(figures(conversion, data_set.id)) == 12
    assert "2010301" in _of_units(conversion)[OFFICE]
    assert codes(conversion) | faults(conversion) == set()


BELOW = f"""合计<2|100.00|60.00|40.00
201|一般公共服务支出|70.00|30.00|40.00
20103|政府办公厅（室）及相关机构事务|70.00|30.00|40.00
2010301|行政运行|70.00|30.00|40.00
|{OFFICE}|40.00|20.00|20.00
|{CENTRE}|30.00|10.00|20.00
208|社会保障和就业支出|30.00|30.00|
20805|行政事业单位养老支出|30.00|30.00|
2080505|机关事业单位基本养老保险缴费支出|30.00|30.00|
|{OFFICE}|20.00|20.00|
|云岭市地图院|10.00|10.00|
"""


@pytest.mark.parametrize("again", [OFFICE, CENTRE])
def test_units_below_classes_are_not_of_the_unit_as_a_whole(tmp_path, again):
    text = TITLE + HEAD.replace("编码|名称", "科目编码|科目（单位）名称") + BELOW.replace("云岭市地图院", CENTRE)
    text = text.replace(f"|{again}|20.00|20.00|\n", f"|{again}|40.00|20.00|20.00\n", 1)
    conversion = convert_text(tmp_path, text)
    assert _of_units(conversion) == {}
    assert figures(conversion, "t1")["208"] == "30.00"
    assert "unknown-unit" in codes(conversion)
    assert conversion.coverage.unexplained == 0


def test_classes_behind_a_unit_that_happens_to_have_as_much_are_the_departments(tmp_path):
    conversion = convert_text(tmp_path, TITLE + HEAD + BELOW)
    assert _of_units(conversion) == {}
    found = figures(conversion, "t1")
    assert (found["_T"], found["208"], found["2080505 basic"]) == ("100.00", "30.00", "30.00")
