"""Procurement tables of invented bodies: levels, lines, and rows that do not say where they belong."""

import pytest

from tests.converter.extracting import codes, read

HEAD = """2021 年政府采购预算表
单位：万元
采购品目大类	专项名称	经济科目	采购物品名称	采购组织形式	总计
"""


def amounts(extracted):
    (data_set,) = extracted.data_sets
    keys = ("procurementKind", "procurementLine")
    return {" ".join(f.dimensions.get(key, "_T") for key in keys): f.text for f in data_set.figures}


def lines(extracted):
    (data_set,) = extracted.data_sets
    return {n.number: (n.label, n.programme, n.economic, n.economic_class, n.form) for n in data_set.lines}


def test_a_level_left_blank_is_that_of_the_row_above():
    extracted, _ = read(
        HEAD
        + """合计					10.00
一、货物A					4.00
	甲项目	印刷费			1.00
			复印纸	政府集中采购	1.00
		会议费			3.00
			其他货物	分散自行组织	3.00
三、服务C					6.00
	乙项目	维修（护）费			6.00
			其他服务	部门集中采购	6.00
"""
    )
    assert amounts(extracted) == {
        "_T _T": "10.00",
        "goods _T": "4.00",
        "goods 1": "1.00",
        "goods 1.1": "1.00",
        "goods 2": "3.00",
        "goods 2.1": "3.00",
        "services _T": "6.00",
        "services 3": "6.00",
        "services 3.1": "6.00",
    }
    assert lines(extracted)["2"] == ("甲项目", "甲项目", "会议费", "30215", None)
    assert lines(extracted)["3.1"] == ("其他服务", "乙项目", "维修（护）费", "30213", "departmental")
    assert codes(extracted) == []


def test_a_programme_with_a_subtotal_of_its_own_has_its_economic_classes_below_it():
    extracted, _ = read(
        HEAD
        + """合计					9.00
货物					9.00
	甲项目				9.00
		印刷费			4.00
			复印纸		4.00
		会议费			5.00
			其他货物		5.00
"""
    )
    assert list(amounts(extracted)) == [
        "_T _T",
        "goods _T",
        "goods 1",
        "goods 1.1",
        "goods 1.1.1",
        "goods 1.2",
        "goods 1.2.1",
    ]


def test_a_group_that_a_new_page_names_again_goes_on():
    extracted, _ = read(
        HEAD
        + """合计					3.00
货物					3.00
	甲项目	印刷费			3.00
			复印纸		1.00
	甲项目	印刷费	油墨		2.00
"""
    )
    assert list(amounts(extracted))[-2:] == ["goods 1.1", "goods 1.2"]


def test_things_bought_under_no_programme_stand_below_the_kind():
    rows = ["合计;;;;;3.00", "货物;;;;;3.00", ";;;复印纸;;1.00", ";;;油墨;;2.00"]
    extracted, _ = read(HEAD + "\n".join(rows).replace(";", "\t"))
    assert list(amounts(extracted))[-2:] == ["goods 1", "goods 2"]


@pytest.mark.parametrize(
    "row",
    ["	甲项目	印刷费	复印纸		1.00", "园林					1.00", "					1.00"],
    ids=["no kind", "unknown kind", "no word"],
)
def test_a_row_that_does_not_say_where_it_belongs_is_listed(row):
    extracted, ledger = read(f"{HEAD}合计					1.00\n{row}\n")
    assert amounts(extracted) == {"_T _T": "1.00"}
    assert codes(extracted) == ["unknown-row"]
    assert [reason.value for reason in ledger.explained.values()].count("unknown-row") == 1


def test_a_name_that_several_codes_bear_gives_no_code():
    extracted, _ = read(
        HEAD
        + "合计					3.00\n货物					3.00\n	甲项目	办公设备购置			3.00\n"
    )
    assert lines(extracted)["1"] == ("甲项目", "甲项目", "办公设备购置", None, None)
