"""Transfers to governments below: a programme or a place a row."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import (
    SPENDING,
    TITLE,
    assert_sound,
    codes,
    convert_text,
    faults,
    figures,
    reprinted,
    statements,
)

UNIT = "\n单位：万元\n"


def _convert(folder, title, table):
    return convert_text(folder, f"{TITLE}{SPENDING}\n{title}{UNIT}{table}")


PLACES = """地区|合计|一般性转移支付|专项转移支付
合计|100.00|60.00|40.00
云东区|50.00|30.00|20.00
云西区|30.00|20.00|10.00
石岭县|20.00|10.00|10.00
"""


def test_places_by_kind(tmp_path):
    conversion = _convert(tmp_path, "对下转移支付预算表", PLACES)
    assert figures(conversion, "t2") == {
        "_T": "100.00", "general": "60.00", "special": "40.00", "1": "50.00", "1 general": "30.00",
        "1 special": "20.00", "2": "30.00", "2 general": "20.00", "2 special": "10.00", "3": "20.00",
        "3 general": "10.00", "3 special": "10.00",
    }  # fmt: skip
    (found,) = [each for each in conversion.budget.data_sets if each.id == "t2"]
    assert (found.structure, found.table_kind) == ("transfer", "transfer-payment")
    assert [line.label for line in found.lines] == ["云东区", "云西区", "石岭县"]
    assert reprinted(conversion, 1)[2] == ["云东区", "50.00", "30.00", "20.00"]
    assert_sound(conversion)


def test_places_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("转移支付")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算对下转移支付预算表")
        sheet.write(1, 3, "单位：万元")
        for row, line in enumerate(PLACES.splitlines(), start=2):
            for column, text in enumerate(line.split("|")):
                if row > 2 and column:
                    sheet.write_number(row, column, float(text), money)
                else:
                    sheet.write(row, column, text)
    conversion = convert(path)
    assert figures(conversion, "t1")["2 general"] == "20.00"
    assert_sound(conversion)


def test_a_sum_of_places_that_is_open_is_reported(tmp_path):
    table = PLACES.replace("石岭县|20.00|10.00|10.00", "石岭县|19.00|9.00|10.00")
    assert "GP-1-lines" in faults(_convert(tmp_path, "对下转移支付预算表", table))


def test_lines_that_are_more_than_the_total_are_listed(tmp_path):
    conversion = _convert(tmp_path, "对下转移支付预算表", PLACES.replace("石岭县|20.00", "石岭县|25.00"))
    assert figures(conversion, "t2") == {"_T": "100.00", "general": "60.00", "special": "40.00"}
    assert codes(conversion) == {"unknown-row"}


def test_kinds_that_do_not_make_up_the_sum_stand_apart(tmp_path):
    table = "地区|合计|专项转移支付\n云东区|50.00|20.00\n云西区|30.00|10.00\n合计|80.00|30.00\n"
    conversion = _convert(tmp_path, "对下转移支付预算表", table)
    assert figures(conversion, "t2") == {"_T": "80.00", "1": "50.00", "2": "30.00"}
    assert figures(conversion, "t2-of-which") == {"special": "30.00", "1 special": "20.00", "2 special": "10.00"}
    assert_sound(conversion)


@pytest.mark.parametrize(
    ("title", "kind"), [("专项转移支付预算表", "special"), ("一般性转移支付支出预算表", "general")]
)
def test_a_table_of_one_kind(tmp_path, title, kind):
    head = "科目编码|科目名称|项目名称|合计|一般公共预算|政府性基金预算\n"
    rows = "2060102|一般行政管理事务|基础测绘补助|70.00|60.00|10.00\n|合计||70.00|60.00|10.00\n"
    conversion = _convert(tmp_path, title, head + rows)
    assert figures(conversion, "t2") == {kind: "70.00", f"{kind} 2060102 1": "70.00"}
    assert figures(conversion, "t2-govFund") == {kind: "10.00", f"{kind} 2060102 1": "10.00"}
    assert_sound(conversion)


def test_levels_by_number_and_the_year_before(tmp_path):
    table = """项目|上年执行数|本年预算数|预算数为执行数的%
一、一般性转移支付|50.00|60.00|120.00
均衡性转移支付|20.00|25.00|125.00
其他一般性转移支付|30.00|35.00|116.67
二、专项转移支付|40.00|40.00|100.00
合计|90.00|100.00|111.11
"""
    conversion = _convert(tmp_path, "对下转移支付情况表", table)
    assert figures(conversion, "t2") == {"_T": "100.00", "1": "60.00", "1.1": "25.00", "1.2": "35.00", "2": "40.00"}
    assert figures(conversion, "t2-2023-executed")["1.2"] == "30.00"
    assert_sound(conversion)


def _places(conversion):
    sets = [each for each in conversion.budget.data_sets if each.recipient]
    return {each.recipient: figures(conversion, each.id) for each in sets}


PROGRAMMES = """单位名称（项目）^2|资金来源<3|地区<2
合计|一般公共预算|政府性基金|云东区|云西区
云岭市测绘服务局|100.00|80.00|20.00|60.00|40.00
基础测绘补助|70.00|60.00|10.00|40.00|30.00
地图普及补助|{last}|20.00|10.00|20.00|10.00
"""


def test_programmes_below_their_unit(tmp_path):
    conversion = _convert(tmp_path, "市对下转移支付预算表", PROGRAMMES.format(last="30.00"))
    assert figures(conversion, "t2") == {"1": "100.00", "1.1": "70.00", "1.2": "30.00"}
    assert figures(conversion, "t2-general") == {"1": "80.00", "1.1": "60.00", "1.2": "20.00"}
    assert _places(conversion) == {
        "云东区": {"1": "60.00", "1.1": "40.00", "1.2": "20.00"},
        "云西区": {"1": "40.00", "1.1": "30.00", "1.2": "10.00"},
    }
    assert b'recipientText> "\xe4\xba\x91\xe4\xb8\x9c\xe5\x8c\xba"@zh' in statements(conversion)
    assert reprinted(conversion, 1)[-1] == ["地图普及补助", "30.00", "20.00", "10.00", "20.00", "10.00"]
    assert_sound(conversion)


def test_programmes_that_do_not_make_up_their_unit_are_listed(tmp_path):
    conversion = _convert(tmp_path, "市对下转移支付预算表", PROGRAMMES.format(last="40.00"))
    assert figures(conversion, "t2") == {"1": "100.00"}
    assert set(figures(conversion, "t2-general")) == {"1", "1.1", "1.2"}
    assert codes(conversion) == {"unknown-row"}


def test_columns_of_places_without_a_word_above_them(tmp_path):
    table = """项目名称|合计|市本级|云东区|石岭县
合计|100.00|50.00|30.00|20.00
基础测绘补助|70.00|40.00|20.00|10.00
地图普及补助|30.00|10.00|10.00|10.00
"""
    conversion = _convert(tmp_path, "对下转移支付分地区预算表", table)
    assert figures(conversion, "t2") == {"_T": "100.00", "1": "70.00", "2": "30.00"}
    assert _places(conversion)["石岭县"] == {"_T": "20.00", "1": "10.00", "2": "10.00"}
    assert set(_places(conversion)) == {"市本级", "云东区", "石岭县"}
    assert_sound(conversion)


def test_words_below_the_name_of_a_place_are_no_amounts(tmp_path):
    table = "项目名称|合计|所在地区\n基础测绘补助|70.00|云东区\n合计|70.00|\n"
    conversion = _convert(tmp_path, "对下转移支付预算表", table)
    assert figures(conversion, "t2") == {"_T": "70.00", "1": "70.00"}
    assert _places(conversion) == {}


@pytest.mark.parametrize(
    ("title", "is_below"),
    [
        ("上级专项转移支付支出表", False),
        ("上级转移支付支出预算表", False),
        ("中央专项转移支付支出表", False),
        ("收到上级转移支付情况表", False),
        ("市对县专项转移支付预算表", True),
        ("中央对地方转移支付预算表", True),
    ],
)
def test_what_comes_from_governments_above_is_no_transfer_to_those_below(tmp_path, title, is_below):
    conversion = _convert(tmp_path, title, "项目名称|金额\n校舍维修|9.00\n合计|9.00\n")
    assert any(d.structure == "transfer" for d in conversion.budget.data_sets) is is_below
    assert ("unknown-table" in codes(conversion)) is not is_below
