"""Balances with economic classes of expenditure: in a column of their own, or below the natures of one list."""

from decimal import Decimal

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import TITLE, codes, convert_text, faults, figures, leaf_sum, reprinted

HEAD = """部门综合预算收支总表
单位：万元
收入<2|支出<6
项目|预算数|支出功能分类科目（按大类）|预算数|部门预算支出经济分类科目（按大类）|预算数|政府预算支出经济分类科目（按大类）|预算数
"""
ROWS = """一、财政拨款|90.00|一、一般公共服务支出|80.00|一、人员经费和公用经费支出|50.00|一、机关工资福利支出|40.00
||二、外交支出|10.00|（1）工资福利支出|40.00|二、机关商品和服务支出|30.00
||||（2）商品和服务支出|10.00|三、机关资本性支出|20.00
||||二、专项业务经费支出|40.00||
||||（1）商品和服务支出|20.00||
||||（2）资本性支出|20.00||
本年收入合计|90.00|本年支出合计|90.00|本年支出合计|90.00|本年支出合计|90.00
上年结转|5.00|结转下年|5.00|结转下年|5.00|结转下年|5.00
收入总计|95.00|支出总计|95.00|支出总计|95.00|支出总计|95.00
"""
ECONOMIC = {
    "basic": "50.00",
    "301 basic": "40.00",
    "302 basic": "10.00",
    "specialBusiness": "40.00",
    "302 specialBusiness": "20.00",
    "310 specialBusiness": "20.00",
    "current": "90.00",
    "carryForward": "5.00",
    "_T": "95.00",
}


def test_classes_below_their_natures_beside_functions_and_classes_of_governments(tmp_path):
    conversion = convert_text(tmp_path, TITLE + HEAD + ROWS)
    assert figures(conversion, "t1-economic") == ECONOMIC
    assert leaf_sum(conversion, "t1-economic") == 950000
    assert figures(conversion, "t1-government")["503"] == "20.00"
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.is_complete
    assert reprinted(conversion)[4][4:6] == ["（2）商品和服务支出", "10.00"]


def test_the_same_balance_of_appropriation(tmp_path):
    head = HEAD.replace("收支总表", "财政拨款收支总表")
    rows = ROWS.replace("一、财政拨款|", "一、一般公共预算拨款|")
    conversion = convert_text(tmp_path, TITLE + head + rows)
    assert {d.fund for d in conversion.budget.data_sets} == {"appropriation"}
    assert {d.table_kind for d in conversion.budget.data_sets} == {"appropriation-balance"}
    assert figures(conversion, "t1-economic") == ECONOMIC
    assert figures(conversion, "t1-government")["502"] == "30.00"
    assert codes(conversion) | faults(conversion) == set()


def test_the_same_table_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("收支总表")
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门综合预算收支总表")
        sheet.write(1, 7, "单位：万元")
        sheet.merge_range(2, 0, 2, 1, "收入")
        sheet.merge_range(2, 2, 2, 7, "支出")
        for row, line in enumerate([HEAD.splitlines()[3], *ROWS.splitlines()], start=3):
            for column, text in enumerate(line.split("|")):
                if row > 3 and column % 2:
                    if text:
                        sheet.write_number(row, column, float(text), money)
                else:
                    sheet.write(row, column, text)
    conversion = convert(path)
    assert figures(conversion, "t1-economic") == ECONOMIC
    assert codes(conversion) == set()


@pytest.mark.parametrize("rows", ["50.00|40.00", "50.00|39.00", "|40.00"])
def test_classes_without_numbers_are_of_the_nature_above_where_they_make_it_up(tmp_path, rows):
    basic, wages = rows.split("|")
    table = f"""部门收支总表
单位：万元
收入<2|支出<4
项目|预算数|项目（按功能分类）|预算数|项目（按经济分类）|预算数
财政拨款收入|90.00|一般公共服务支出|80.00|基本支出|{basic}
||外交支出|10.00|工资福利支出|{wages}
||||商品和服务支出|10.00
||||项目支出|40.00
||||资本性支出|40.00
收入总计|90.00|支出总计|90.00|支出总计|90.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    printed = figures(conversion, "t1-economic")
    assert printed["310 project"] == "40.00"
    if rows == "50.00|40.00":
        assert printed["302 basic"] == "10.00"
        assert codes(conversion) | faults(conversion) == set()
    else:
        assert not [key for key in printed if key.startswith("30")]
        assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.is_complete


def test_classes_alone(tmp_path):
    table = """部门收支总表
单位：元
收入<2|支出<4
项目|预算数|项目（按功能分类）|预算数|支出经济分类|预算数
一、财政拨款收入|90|一、一般公共服务支出|90|一、工资福利支出|60
||||二、商品和服务支出|30
本年收入合计|90|本年支出合计|90|本年支出合计|90
上年结转|8|结转下年|8|结转下年|8
收入总计|98|支出总计|98|支出总计|98
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1-economic") == {"301": "60", "302": "30"}
    assert figures(conversion, "t1-economic-totals") == {"current": "90", "carryForward": "8", "_T": "98"}
    assert codes(conversion) | faults(conversion) == set()


ONE_LIST = """部门收支总表
单位：万元
收入<2|支出<2
项目|预算数|项目|预算数
一、财政拨款|90.00|一、基本支出|50.00
||1.工资福利支出|40.00
||2.商品和服务支出|10.00
||二、项目支出|40.00
||1.商品和服务支出|30.00
||2.{last}|10.00
收入总计|90.00|支出总计|90.00
"""


def test_natures_and_classes_in_the_list_of_expenditure(tmp_path):
    conversion = convert_text(tmp_path, TITLE + ONE_LIST.format(last="资本性支出"))
    assert figures(conversion, "t1-nature") == {
        "basic": "50.00",
        "301 basic": "40.00",
        "302 basic": "10.00",
        "project": "40.00",
        "302 project": "30.00",
        "310 project": "10.00",
    }
    assert leaf_sum(conversion, "t1-nature") == Decimal(900000)
    assert codes(conversion) | faults(conversion) == set()


def test_classes_in_a_section_behind_that_of_the_natures_are_below_none_of_them(tmp_path):
    table = """财政拨款收支预算总表
单位：万元
收入<2|支出<4
项目|预算数|项目（按功能分类）|预算数|项目|预算数
一、一般公共预算收入|90.00|201一般公共服务支出|90.00|支出项目类别|
1.财政拨款收入|90.00|202外交支出||一、基本支出|60.00
||203国防支出||1.工资福利支出|60.00
||||二、项目支出|30.00
||||五、事业单位经营支出|
||||部门预算支出经济分类|
||||301工资福利支出|60.00
||||302商品和服务支出|30.00
本年收入合计|90.00|本年支出合计|90.00|本年支出合计|90.00
收入总计|90.00|支出总计|90.00|支出总计|90.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1-economic") == {"301": "60.00", "302": "30.00"}
    natures = {"basic": "60.00", "basic 301": "60.00", "project": "30.00", "current": "90.00", "_T": "90.00"}
    assert figures(conversion, "t1-nature") == natures
    assert codes(conversion) | faults(conversion) == set()


def test_a_name_of_both_classifications_below_a_nature_is_listed(tmp_path):
    conversion = convert_text(tmp_path, TITLE + ONE_LIST.format(last="其他支出"))
    assert not any("229" in key for key in figures(conversion, "t1-functional"))
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.explained["unknown-row"] == 1


@pytest.mark.parametrize(("wages", "read"), [("40.00", False), ("80.00", True)])
def test_classes_above_the_natures_are_of_all_where_they_make_up_the_whole(tmp_path, wages, read):
    """工资福利支出 above 项目支出 may be of 基本支出 alone."""
    table = f"""部门收支总表
单位：万元
收入<2|支出<4
项目|预算数|项目（按功能分类）|预算数|项目（按经济分类）|预算数
财政拨款收入|90.00|一般公共服务支出|90.00|工资福利支出|{wages}
||||商品和服务支出|10.00
||||基本支出|50.00
||||项目支出|40.00
收入总计|90.00|支出总计|90.00|支出总计|90.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    found = {key: text for d in conversion.budget.data_sets for key, text in figures(conversion, d.id).items()}
    assert ("301" in found) == read
    assert found["project"] == "40.00"
    assert codes(conversion) == (set() if read else {"unknown-row"})
    assert conversion.coverage.is_complete


def test_classes_without_a_nature_in_a_list_of_functions_are_listed(tmp_path):
    rows = (
        ONE_LIST.format(last="资本性支出")
        .replace("||二、项目支出", "||二、专项支出")
        .replace("一、基本支出", "一、外交支出")
    )
    conversion = convert_text(tmp_path, TITLE + rows)
    assert not any("30" in key for d in conversion.budget.data_sets for key in figures(conversion, d.id))
    assert codes(conversion) == {"unknown-row"}


@pytest.mark.parametrize(("carried", "read"), [("8.00", True), ("7.00", False)])
def test_classes_above_the_natures_make_up_the_whole_with_what_is_carried_forward(tmp_path, carried, read):
    table = f"""部门收支总表
单位：万元
收入<2|支出<4
项目|预算数|项目（按功能分类）|预算数|项目（按经济分类）|预算数
财政拨款收入|98.00|一般公共服务支出|90.00|工资福利支出|80.00
||||商品和服务支出|10.00
||||基本支出|50.00
||||项目支出|40.00
||结转下年|{carried}|结转下年|{carried}
收入总计|98.00|支出总计|98.00|支出总计|98.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    found = {key for d in conversion.budget.data_sets for key in figures(conversion, d.id)}
    assert ("301" in found) == read
    assert ("unknown-row" in codes(conversion)) == (not read)
