"""Lists of purchases with what each line sets aside for small and medium, and small and micro firms."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import (
    TITLE,
    assert_sound,
    codes,
    convert_text,
    faults,
    figures,
    leaf_sum,
    reprinted,
    statements,
)

HEAD = "政府采购预算表\n单位：元\n"


LINES = "计算机采购|货物|20.00|20.00|20.00\n空调|货物|10.00||\n物业服务|服务|30.00|30.00|\n合计||60.00|50.00|20.00\n"


@pytest.mark.parametrize(
    "head",
    [
        "采购项目名称|采购类别|采购金额|其中：面向中小企业|其中：面向小微企业\n",
        "采购项目名称^2|采购类别^2|采购金额^2|其中<2\n面向中小企业预留金额|面向小微企业预留金额\n",
        "采购项目名称^2|采购类别^2|采购金额^2|面向中小企业<2\n小计|其中：小微企业\n",
    ],
)
def test_parts_of_each_line(tmp_path, head):
    conversion = convert_text(tmp_path, TITLE + HEAD + head + LINES)
    assert figures(conversion, "t1") == {"goods 1": "20.00", "goods 2": "10.00", "services 3": "30.00", "_T": "60.00"}
    assert figures(conversion, "t1-suppliers") == {"goods 1 sme": "20.00", "services 3 sme": "30.00", "sme": "50.00"}
    assert figures(conversion, "t1-suppliers-of-which") == {"goods 1 micro": "20.00", "micro": "20.00"}
    assert leaf_sum(conversion, "t1") == 60
    sets = {each.id: each for each in conversion.budget.data_sets}
    assert sets["t1-suppliers"].structure == "procurement-by-supplier"
    assert [line.label for line in sets["t1-suppliers"].lines] == ["计算机采购", "空调", "物业服务"]
    assert b"/t1-suppliers/line/3>" in statements(conversion)
    assert reprinted(conversion)[-1] == ["合计", "", "60.00", "50.00", "20.00"]
    assert_sound(conversion)


def test_lines_in_levels_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    rows = [("合计", 60, 45, 10), ("一、办公设备", 30, 25, 10), ("1.计算机", 20, 15, 10), ("2.空调", 10, 10, None)]
    rows += [("二、物业服务", 30, 20, None), ("1.保洁", 30, 20, None)]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("采购")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算政府采购预算表")
        sheet.write(1, 3, "单位：万元")
        sheet.write_row(2, 0, ["采购项目名称", "采购预算", "面向中小企业预留金额", "面向小微企业预留金额"])
        for row, (name, *amounts) in enumerate(rows, start=3):
            sheet.write(row, 0, name)
            for column, amount in enumerate(amounts, start=1):
                if amount is not None:
                    sheet.write_number(row, column, amount, money)
    conversion = convert(path)
    assert list(figures(conversion, "t1")) == ["_T", "1", "1.1", "1.2", "2", "2.1"]
    assert figures(conversion, "t1-suppliers") == {
        "sme": "45.00",
        "1 sme": "25.00",
        "1.1 sme": "15.00",
        "1.2 sme": "10.00",
        "2 sme": "20.00",
        "2.1 sme": "20.00",
    }
    assert figures(conversion, "t1-suppliers-of-which") == {"micro": "10.00", "1 micro": "10.00", "1.1 micro": "10.00"}
    assert leaf_sum(conversion, "t1-suppliers") == 450000
    assert_sound(conversion)


def test_kinds_alone(tmp_path):
    rows = "货物|20.00|20.00\n服务|40.00|30.00\n合计|60.00|50.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}采购类别|采购金额|其中：面向中小企业\n{rows}")
    assert figures(conversion, "t1-suppliers") == {"goods sme": "20.00", "services sme": "30.00", "sme": "50.00"}
    assert_sound(conversion)


def test_parts_of_lines_that_are_listed_are_listed(tmp_path):
    rows = LINES.replace("计算机采购|货物|20.00|", "计算机采购|货物|29.00|")
    head = "采购项目名称|采购类别|采购金额|其中：面向中小企业|其中：面向小微企业\n"
    conversion = convert_text(tmp_path, TITLE + HEAD + head + rows)
    assert figures(conversion, "t1") == {"_T": "60.00"}
    assert figures(conversion, "t1-suppliers") == {"sme": "50.00"}
    assert codes(conversion) == {"unknown-row"}


@pytest.mark.parametrize(("old", "new"), [("30.00|30.00|", "30.00|31.00|"), ("20.00|20.00|20.00", "20.00|10.00|20.00")])
def test_more_than_the_line_is_a_fault(tmp_path, old, new):
    head = "采购项目名称|采购类别|采购金额|其中：面向中小企业|其中：面向小微企业\n"
    rows = LINES.replace(old, new).replace("60.00|50.00|20.00", "60.00||20.00")
    assert faults(convert_text(tmp_path, TITLE + HEAD + head + rows)) == {"GP-6"}


def test_shares_beside_their_amounts_say_nothing_more(tmp_path):
    rows = "计算机采购|20.00|20.00|100%\n物业服务|40.00|30.00|75%\n合计|60.00|50.00|83%\n"
    head = "采购项目名称|采购金额|面向中小企业预留金额|面向中小企业预留比例\n"
    conversion = convert_text(tmp_path, TITLE + HEAD + head + rows)
    assert figures(conversion, "t1-suppliers") == {"1 sme": "20.00", "2 sme": "30.00", "sme": "50.00"}
    assert conversion.coverage.explained["derived"] == 3
    assert_sound(conversion)


def test_shares_alone_are_listed(tmp_path):
    rows = "计算机采购|20.00|100%\n物业服务|40.00|75%\n合计|60.00|83%\n"
    conversion = convert_text(tmp_path, f"{TITLE}{HEAD}采购项目名称|采购金额|面向中小企业预留比例\n{rows}")
    assert figures(conversion, "t1") == {"1": "20.00", "2": "40.00", "_T": "60.00"}
    assert codes(conversion) == {"unknown-column"}
    assert conversion.coverage.explained["unknown-column"] == 3
