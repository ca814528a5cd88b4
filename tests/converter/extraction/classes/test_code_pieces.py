"""Codes in columns of 类, 款 and 项 whose rows leave out what stands above them."""

import pytest

from tests.converter.publications import TITLE, codes, convert_text, figures

HEAD = "一般公共预算支出表\n单位：万元\n科目编码<3|科目名称^2|合计^2|基本支出^2|项目支出^2\n类|款|项\n"
BASIC = "一般公共预算基本支出表\n单位：万元\n经济分类科目编码<2|科目名称^2|合计^2|人员经费^2|公用经费^2\n类|款\n"


def test_pieces_stand_below_those_of_the_rows_above(tmp_path):
    rows = (
        "201|||一般公共服务支出|90.00|60.00|30.00\n|03||政府办公厅（室）及相关机构事务|90.00|60.00|30.00\n"
        "||01|行政运行|60.00|60.00|\n||2|一般行政管理事务|30.00||30.00\n"
        "208|||社会保障和就业支出|8.00|8.00|\n|05||行政事业单位养老支出|8.00|8.00|\n"
        "||05|机关事业单位基本养老保险缴费支出|8.00|8.00|\n合计<4|98.00|68.00|30.00\n"
    )
    conversion = convert_text(tmp_path, TITLE + HEAD + rows)
    found = {key: text for key, text in figures(conversion, "t1").items() if " " not in key}
    assert found == {
        "201": "90.00", "20103": "90.00", "2010301": "60.00", "2010302": "30.00", "208": "8.00", "20805": "8.00",
        "2080505": "8.00", "_T": "98.00", "basic": "68.00", "project": "30.00",
    }  # fmt: skip
    assert codes(conversion) == set()


def test_pieces_of_economic_classes(tmp_path):
    rows = (
        "301||工资福利支出|10.00|10.00|\n|01|基本工资|6.00|6.00|\n|02|津贴补贴|4.00|4.00|\n"
        "302||商品和服务支出|5.00||5.00\n|01|办公费|5.00||5.00\n合计<3|15.00|10.00|5.00\n"
    )
    conversion = convert_text(tmp_path, TITLE + BASIC + rows)
    found = {key.split()[0] for key in figures(conversion, "t1")}
    assert {"301", "30101", "30102", "302", "30201"} <= found
    assert codes(conversion) == set()


@pytest.mark.parametrize(
    "row",
    [
        "201||01|行政运行|60.00|60.00|",  # no 款: not 20101
        "||01|行政运行|60.00|60.00|",
        "|03||人大事务|60.00|60.00|",  # the code list calls 20103 by another name
        "|03|||60.00|60.00|",
        "205||01|行政运行|60.00|60.00|",
    ],
)
def test_a_code_that_is_not_certain_is_listed(tmp_path, row):
    text = f"{TITLE}{HEAD}201|||一般公共服务支出|60.00|60.00|\n{row}\n合计<4|60.00|60.00|\n"
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t1") == {"201": "60.00", "201 basic": "60.00", "_T": "60.00", "basic": "60.00"}
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.unexplained == 0


def test_the_mark_of_a_footnote_is_no_digit_of_a_code(tmp_path):
    rows = "201|3|1|行政运行¹|60.00|60.00|\n201|3|2¹|一般行政管理事务|30.00||30.00\n合计<4|90.00|60.00|30.00\n"
    conversion = convert_text(tmp_path, TITLE + HEAD + rows)
    assert {key.split()[0] for key in figures(conversion, "t1")} == {"2010301", "2010302", "_T", "basic", "project"}
    assert codes(conversion) == set()
