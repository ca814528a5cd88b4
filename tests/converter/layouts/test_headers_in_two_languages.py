"""Words of headers beside which something else is printed: English, the number of the column, brackets, a unit."""

import pytest
import xlsxwriter

from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.labels import without_english
from budgetgraph.converter.layouts.headers import is_column_number_row
from budgetgraph.converter.pipeline import convert
from tests.converter.publications import TITLE, codes, convert_text, faults, figures, reprinted

ROWS = """206|科学技术支出|100.00|60.00|40.00
20601|科学技术管理事务|100.00|60.00|40.00
2060101|行政运行|60.00|60.00|
2060102|一般行政管理事务|40.00||40.00
合计<2|100.00|60.00|40.00
"""
EXPECTED = {
    "206": "100.00", "206 basic": "60.00", "206 project": "40.00", "20601": "100.00", "20601 basic": "60.00",
    "20601 project": "40.00", "2060101": "60.00", "2060101 basic": "60.00", "2060102": "40.00",
    "2060102 project": "40.00", "_T": "100.00", "basic": "60.00", "project": "40.00",
}  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        "科目编码 Code|科目名称 Item|合计 Total|基本支出 Basic Expenditure|项目支出 Project Expenditure",
        "Code 科目编码|Item 科目名称|Total 合计|Basic Expenditure 基本支出|Project Expenditure 项目支出",
        "科目编码Code|科目名称Name of Item|合计Total|基本支出Basic (salaries, etc.)|项目支出Projects",
        "【科目编码】|【科目名称】|【合计】|【基本支出】|【项目支出】",
        "科目编码|科目名称|合计（1）=（2）+（3）|基本支出（2）|项目支出（3）",
        "科目编码|科目名称|合计（1=2+3）|基本支出（2）|项目支出（3）",
        "科目编码|科目名称|合计①=②+③|基本支出②|项目支出③",
        "科 目 编 码|科 目 名 称|合 计（万元）|基 本 支 出（万元）|项 目 支 出（万元）",
        "科目编码|科目名称|合计|基本支出|项目支出\n栏次|A|B|C|D",
        "科目编码|科目名称|合计|基本支出|项目支出\nA|B|C=D+E|D|E",
        "科目编码|科目名称|合计|基本支出|项目支出\n甲|乙|①=②+③|②|③",
    ],
)
def test_words_of_the_header(tmp_path, head):
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算支出表\n单位：万元\n{head}\n{ROWS}")
    assert figures(conversion, "t1") == EXPECTED
    assert reprinted(conversion)[0] == head.partition("\n")[0].split("|")
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.is_complete


def test_words_of_the_rows(tmp_path):
    table = "科目编码 Code|科目名称 Item|合计 Total|基本支出 Basic|项目支出 Projects\n" + ROWS.replace(
        "合计<2", "合计 Total<2"
    )
    conversion = convert_text(
        tmp_path, f"{TITLE}一般公共预算支出表 Expenditure of the General Budget\n单位：万元\n{table}"
    )
    assert figures(conversion, "t1") == EXPECTED
    assert reprinted(conversion)[-1][0] == "合计 Total"
    assert codes(conversion) | faults(conversion) == set()


def test_lines_of_a_cell_in_two_languages(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("收入")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算收入总表")
        sheet.write(1, 3, "单位：万元")
        head = ["项目\nItems", "合计\nTotal", "财政拨款收入\nFiscal Appropriation", "其他收入\nOther Revenue"]
        sheet.write_row(2, 0, head)
        sheet.write(3, 0, "合计 Total")
        for column, amount in enumerate((100, 90, 10), start=1):
            sheet.write_number(3, column, amount, money)
    conversion = convert(path)
    assert figures(conversion, "t1") == {"_T": "100.00", "appropriation": "90.00", "other": "10.00"}
    assert codes(conversion) == set()


def test_lines_are_numbered_in_a_column_of_their_own(tmp_path):
    rows = "".join(f"{number}|{row}\n" for number, row in enumerate(ROWS.splitlines()[:4], start=1))
    table = f"栏次|科目编码|科目名称|合计|基本支出|项目支出\n{rows}5|{ROWS.splitlines()[4]}\n"
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算支出表\n单位：万元\n{table}")
    assert figures(conversion, "t1") == EXPECTED
    assert conversion.coverage.explained["line-number"] == 5
    assert codes(conversion) | faults(conversion) == set()


def test_units_of_columns_that_differ_are_refused(tmp_path):
    head = "科目编码|科目名称|合计（元）|基本支出（万元）|项目支出（万元）\n"
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算支出表\n{head}{ROWS}")
    assert "missing-unit" in codes(conversion)
    assert figures(conversion, "t1") == {}


@pytest.mark.parametrize("name", ["OA系统", "购置APP", "维护IT", "A货物", "GDP", "支出（PPP）", "C服务 B"])
def test_names_in_latin_letters_stay(name):
    assert without_english(name) == name


def test_a_text_that_is_no_label_stays():
    text = "合计" + " Total" * 50
    assert without_english(text) == text


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("栏次|A|B|C", True),
        ("A|B|C=D+E|D|E", True),
        ("A|B", False),
        ("A|C|B", False),
        ("B|C|D", False),
        ("A货物|B工程|C服务", False),
        ("栏次|1|2|3|4|5|6|21.00", True),  # who checks a sheet sums up its rows
        ("1|2|3|4|5|6|7", True),
        ("1|2|3|21.00", False),
        ("1|2|3|4|5|6|7.50|8", False),
    ],
)
def test_lines_of_columns_in_letters_and_with_a_sum(row, numbers):
    cells = [Cell(text, 0, column) for column, text in enumerate(row.split("|"))]
    assert is_column_number_row(cells) == numbers
