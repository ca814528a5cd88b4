"""Classes by their names alone: what each name means is told by the rows that it stands below, and by the sums."""

import pytest

from budgetgraph.converter.pipeline import NoBudgetTableError, convert
from budgetgraph.converter.reprint.text import to_html
from tests.converter.publications import (
    TITLE,
    assert_sound,
    codes,
    convert_text,
    figures,
    leaf_sum,
    reprinted_publication,
)

BASIC = "一般公共预算基本支出表\n单位：万元\n"
SPENDING = "一般公共预算支出表\n单位：万元\n"
FUNCTIONS = """功能分类科目|合计|基本支出|项目支出
一般公共服务支出|300.00|250.00|50.00
档案事务|300.00|250.00|50.00
行政运行|250.00|250.00|
档案馆|50.00||50.00
社会保障和就业支出|30.00|30.00|
行政事业单位养老支出|30.00|30.00|
机关事业单位基本养老保险缴费支出|30.00|30.00|
合计|330.00|280.00|50.00
"""
#: What the table of functions states, by code.
STATED = {"201": "300.00", "20126": "300.00", "2012601": "250.00", "2012604": "50.00", "2080505": "30.00"}


def _again(conversion, tmp_path):
    """Return the conversion of the tables as they are printed again."""
    page = tmp_path / "again.html"
    page.write_text(to_html(reprinted_publication(conversion)), encoding="utf-8")
    return convert(page)


@pytest.mark.parametrize("head", ["功能分类科目", "支出功能科目", "支出科目", "项目"])
def test_functions_by_name(tmp_path, head):
    conversion = convert_text(tmp_path, TITLE + SPENDING + FUNCTIONS.replace("功能分类科目", head))
    found = figures(conversion, "t1")
    assert {code: found[code] for code in STATED} == STATED
    assert (found["2012604 project"], found["20805 basic"]) == ("50.00", "30.00")
    assert leaf_sum(conversion, "t1") == 3_300_000
    assert figures(_again(conversion, tmp_path), "t1") == found
    assert_sound(conversion)


@pytest.mark.parametrize("merged", [False, True])
def test_functions_by_name_in_three_columns(tmp_path, merged):
    rows = """类|款|项|合计|基本支出|项目支出
一般公共服务支出|||300.00|250.00|50.00
|档案事务||300.00|250.00|50.00
||行政运行|250.00|250.00|
||档案馆|50.00||50.00
社会保障和就业支出|||30.00|30.00|
|行政事业单位养老支出||30.00|30.00|
||机关事业单位基本养老保险缴费支出|30.00|30.00|
合计|||330.00|280.00|50.00
"""
    if merged:
        rows = """类|款|项|合计|基本支出|项目支出
一般公共服务支出^2|档案事务^2|行政运行|250.00|250.00|
档案馆|50.00||50.00
社会保障和就业支出|行政事业单位养老支出|机关事业单位基本养老保险缴费支出|30.00|30.00|
合计<3|330.00|280.00|50.00
"""
    conversion = convert_text(tmp_path, TITLE + SPENDING + rows)
    found = figures(conversion, "t1")
    items = [code for code in STATED if len(code) == 7]
    assert {code: found[code] for code in items} == {code: STATED[code] for code in items}
    assert ("201" in found) is not merged
    assert leaf_sum(conversion, "t1") == 3_300_000
    assert_sound(conversion)


def test_a_name_of_class_and_item_is_read_one_below_the_other(tmp_path):
    rows = "功能分类科目|合计\n其他支出|10.00\n其他支出|10.00\n其他支出|10.00\n合计|10.00\n"
    conversion = convert_text(tmp_path, TITLE + SPENDING + rows)
    assert figures(conversion, "t1").keys() == {"229", "22999", "2299999", "_T"}
    assert_sound(conversion)


@pytest.mark.parametrize(
    ("printed", "row", "listed"),
    [
        ("档案事务|300.00|250.00|50.00", "档案工作|300.00|250.00|50.00", 7),  # the items below a row that none knows
        ("档案事务|300.00|250.00|50.00\n", "", 4),  # 行政运行 of which 款?
        ("行政运行|250.00|250.00|\n", "行政运行|250.00|250.00|\n一般行政管理事务|7.00|7.00|\n", 4),  # an open sum
    ],
)
def test_names_of_several_classes_are_listed_where_their_place_does_not_tell_them(tmp_path, printed, row, listed):
    assert printed in FUNCTIONS
    conversion = convert_text(tmp_path, TITLE + SPENDING + FUNCTIONS.replace(printed, row))
    found = figures(conversion, "t1")
    assert not {"2012601", "2012602"} & found.keys()
    assert (found["201"], found["2080505"]) == ("300.00", "30.00")
    assert conversion.coverage.explained["unknown-row"] == listed
    assert codes(conversion) == {"unknown-row"}


def test_an_item_of_nearly_every_class_is_not_read_right_below_a_class(tmp_path):
    rows = FUNCTIONS.replace("行政事业单位养老支出|30.00|30.00|\n机关事业单位基本养老保险缴费支出", "行政运行")
    conversion = convert_text(tmp_path, TITLE + SPENDING + rows)
    assert figures(conversion, "t1").keys() & {"2012601", "208"} == {"2012601", "208"}
    assert conversion.coverage.explained["unknown-row"] == 2


ECONOMIC = """工资福利支出|250.00
基本工资|220.00
住房公积金|30.00
对个人和家庭的补助|30.00
退休费|30.00
"""
PUBLIC = "商品和服务支出|50.00\n办公费|40.00\n差旅费|10.00\n"


@pytest.mark.parametrize(
    "head",
    ["科目名称|金额", "项目|预算数", "支出经济分类科目|合计", "支出项目|金额", "预算科目|合计", "支出经济科目|金额"],
)
def test_economic_classes_by_name(tmp_path, head):
    conversion = convert_text(tmp_path, f"{TITLE}{BASIC}{head}\n{ECONOMIC}{PUBLIC}合计|330.00\n")
    found = figures(conversion, "t1")
    assert (found["30101 basic"], found["30302 basic"], found["30211 basic"]) == ("220.00", "30.00", "10.00")
    assert leaf_sum(conversion, "t1") == 3_300_000
    assert figures(_again(conversion, tmp_path), "t1") == found
    assert_sound(conversion)


def test_natures_with_their_classes_below_them(tmp_path):
    rows = f"项目|预算数\n合计|330.00\n一、人员经费|280.00\n{ECONOMIC}二、公用经费|50.00\n{PUBLIC}"
    conversion = convert_text(tmp_path, TITLE + BASIC + rows)
    found = figures(conversion, "t1")
    assert (found["personnel"], found["30113 personnel"], found["30201 public"]) == ("280.00", "30.00", "40.00")
    assert_sound(conversion)
    wrong = convert_text(tmp_path, TITLE + BASIC + rows.replace("二、公用经费|50.00", "二、公用经费|60.00"))
    assert figures(wrong, "t1").keys() & {"302 public", "302 basic", "public"} == {"302 basic"}
    assert wrong.coverage.explained["unknown-row"] == 2


@pytest.mark.parametrize("code", ["", "科目编码|"])
def test_totals_of_natures_below_their_classes(tmp_path, code):
    parts = f"{ECONOMIC}人员经费合计|280.00\n{PUBLIC}公用经费合计|50.00\n合计|330.00\n"
    rows = "\n".join(f"{'|' if code else ''}{line}" for line in parts.splitlines())
    conversion = convert_text(tmp_path, f"{TITLE}{BASIC}{code}科目名称|金额\n{rows}")
    found = figures(conversion, "t1")
    assert (found["30302 personnel"], found["302 public"], found["basic"]) == ("30.00", "50.00", "330.00")
    assert_sound(conversion)
    other = convert_text(tmp_path, f"{TITLE}{BASIC}{code}科目名称|金额\n{rows.replace('280.00', '270.00')}")
    found = figures(other, "t1")
    assert (found["30302 basic"], found["302 public"], found["personnel"]) == ("30.00", "50.00", "270.00")


def test_natures_side_by_side(tmp_path):
    left, right = ECONOMIC.splitlines(), [*PUBLIC.splitlines(), "|", "|"]
    rows = "\n".join(f"{one}|{other}" for one, other in zip(left, right, strict=True))
    head = "人员经费<2|公用经费<2\n项目|预算数|项目|预算数\n"
    conversion = convert_text(tmp_path, f"{TITLE}{BASIC}{head}{rows}\n合计|280.00|合计|50.00\n")
    found = figures(conversion, "t1")
    assert (found["301 personnel"], found["30302 personnel"], found["302 public"]) == ("250.00", "30.00", "50.00")
    assert (found["personnel"], found["public"]) == ("280.00", "50.00")
    assert_sound(conversion)


def test_a_name_in_two_classes_needs_the_row_of_its_class(tmp_path):
    rows = "科目名称|金额\n资本性支出|30.00\n大型修缮|30.00\n合计|30.00\n"
    assert "31006 basic" in figures(convert_text(tmp_path, TITLE + BASIC + rows), "t1")
    alone = convert_text(tmp_path, TITLE + BASIC + rows.replace("资本性支出|30.00\n", ""))
    assert figures(alone, "t1").keys() == {"basic"}
    other = convert_text(tmp_path, TITLE + BASIC + rows.replace("资本性支出", "工资福利支出"))
    assert figures(other, "t1").keys() == {"basic", "301 basic"}


def test_a_class_without_a_row_says_nothing_of_those_behind_it(tmp_path):
    rows = "科目名称|金额\n土地补偿|10.00\n大型修缮|30.00\n合计|40.00\n"
    conversion = convert_text(tmp_path, TITLE + BASIC + rows)
    assert figures(conversion, "t1").keys() == {"basic", "31009 basic"}


def test_names_below_a_code_that_is_printed(tmp_path):
    rows = "科目编码|科目名称|金额\n310|资本性支出|30.00\n|大型修缮|30.00\n|合计|30.00\n"
    assert "31006 basic" in figures(convert_text(tmp_path, TITLE + BASIC + rows), "t1")


def test_sources_of_revenue_are_no_functions(tmp_path):
    rows = "项目|合计\n财政拨款收入|30.00\n合计|30.00\n"
    with pytest.raises(NoBudgetTableError):
        convert_text(tmp_path, f"{TITLE}预算表\n单位：万元\n{rows}")
    assert figures(convert_text(tmp_path, TITLE + SPENDING + rows), "t1").keys() == {"_T"}


BY_FUNCTION = """项目|合计|人员经费|公用经费
社会保障和就业支出|20.00|20.00|
行政事业单位养老支出|20.00|20.00|
机关事业单位基本养老保险缴费支出|20.00|20.00|
住房保障支出|30.00|30.00|
住房改革支出|30.00|30.00|
住房公积金|30.00|30.00|
合计|50.00|50.00|
"""


def test_names_of_functions_are_no_economic_classes(tmp_path):
    """住房公积金 is a 款 of wages and a 项 of housing."""
    conversion = convert_text(tmp_path, TITLE + BASIC + BY_FUNCTION)
    assert figures(conversion, "t1").keys() == {"basic", "personnel"}
    items = "项目|合计\n机关事业单位基本养老保险缴费支出|20.00\n住房公积金|30.00\n合计|50.00\n"
    assert figures(convert_text(tmp_path, TITLE + BASIC + items), "t1").keys() == {"basic"}


@pytest.mark.parametrize(("head", "last"), [("项目|合计", "229"), ("科目名称|合计", "229")])
def test_names_of_economic_classes_are_no_functions(tmp_path, head, last):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}{head}\n{ECONOMIC}其他支出|50.00\n合计|330.00\n")
    assert last not in figures(conversion, "t1")
    assert figures(conversion, "t1").keys() == {"_T"}


def test_other_expenditure_below_functions_is_a_function(tmp_path):
    rows = FUNCTIONS.replace("合计|330.00|280.00|50.00", "其他支出|10.00|10.00|\n合计|340.00|290.00|50.00")
    assert figures(convert_text(tmp_path, TITLE + SPENDING + rows), "t1")["229 basic"] == "10.00"
