"""Procurement in short: goods, works and services as rows or columns, with the part of small firms."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import SPENDING, TITLE, codes, convert_text, faults, figures, reprinted

KINDS = {"_T": "60.00", "goods": "20.00", "works": "10.00", "services": "30.00"}
ROWS = """项 目|行次|{head}
一、政府采购支出合计|1|60.00
1．政府采购货物支出|2|20.00
2．政府采购工程支出|3|10.00
3．政府采购服务支出|4|30.00
二、政府采购授予中小企业合同金额|5|50.00
其中：授予小微企业合同金额|6|45.00
"""


def _check(conversion, number=1):
    name = f"t{number}"
    assert figures(conversion, name) == KINDS
    assert figures(conversion, f"{name}-suppliers") == {"sme": "50.00"}
    assert figures(conversion, f"{name}-suppliers-of-which") == {"micro": "45.00"}
    (whole,) = [each for each in conversion.budget.data_sets if each.id == name]
    assert (whole.structure, whole.table_kind, whole.lines) == ("procurement", "procurement", ())
    assert codes(conversion) == set()
    assert conversion.coverage.is_complete


@pytest.mark.parametrize(
    ("title", "head"),
    [("政府采购支出情况表", "金额"), ("政府采购情况统计表", "2024年预算数"), ("政府采购统计表", "合计")],
)
def test_kinds_as_rows(tmp_path, title, head):
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{ROWS.format(head=head)}")
    _check(conversion)
    assert faults(conversion) == set()
    assert reprinted(conversion)[2] == ["1．政府采购货物支出", "2", "20.00"]


def test_kinds_as_rows_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("采购")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算政府采购支出情况表")
        sheet.write(1, 2, "单位：万元")
        for row, line in enumerate(ROWS.format(head="预算数").splitlines(), start=2):
            label, number, amount = line.split("|")
            sheet.write(row, 0, label)
            if row == 2:
                sheet.write_row(row, 1, [number, amount])
            else:
                sheet.write_number(row, 1, int(number))
                sheet.write_number(row, 2, float(amount), money)
    _check(convert(path))


@pytest.mark.parametrize("rows", ["60.00|20.00|10.00|30.00|50.00|45.00", "局机关|60.00|20.00|10.00|30.00|50.00|45.00"])
def test_kinds_as_columns(tmp_path, rows):
    unit = "单位名称|" if rows.count("|") == 6 else ""
    total = f"合计|{rows.partition('|')[2]}\n" if unit else ""
    head = f"{unit}合计|货物|工程|服务|其中：面向中小企业预留金额|其中：面向小微企业预留金额"
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n政府采购预算情况表\n单位：万元\n{head}\n{total}{rows}\n")
    _check(conversion, 2)
    assert faults(conversion) == set()


def test_a_thing_bought_is_no_kind(tmp_path):
    rows = ROWS.format(head="金额") + "便携式计算机|7|5.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}政府采购统计表\n单位：万元\n{rows}")
    assert figures(conversion, "t1") == KINDS
    assert codes(conversion) == {"unknown-row"}


def test_a_sum_of_kinds_that_is_open_is_reported(tmp_path):
    rows = ROWS.format(head="金额").replace("30.00", "33.00")
    assert faults(convert_text(tmp_path, f"{TITLE}政府采购统计表\n单位：万元\n{rows}"))
