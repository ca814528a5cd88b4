"""Tables of projects, of procurement and of services to purchase: a line a row, in invented layouts."""

import pytest

from tests.converter.publications import (
    TITLE,
    assert_sound,
    codes,
    convert_text,
    faults,
    figures,
    leaf_sum,
    line_labels,
    reprinted,
    statements,
)


def _only_line(conversion):
    (data_set,) = conversion.budget.data_sets
    return data_set.lines[0]


BY_SOURCE = """项目支出表
单位：{unit}
类型^2|项目名称^2|项目单位^2|合计^2|本年拨款<3|财政拨款结转结余<3|财政专户管理资金^2|单位资金^2
一般公共预算|政府性基金预算|国有资本经营预算|一般公共预算|政府性基金预算|国有资本经营预算
"""
PROJECTS = (
    "31-部门项目|测绘普查|云岭市测绘服务局本级|200.00|190.00|||10.00||||",
    "特定目标类|系统运维|云岭市测绘中心|100.00|60.00|20.00|||||15.00|5.00",
)
SUM = "合计<3|300.00|250.00|20.00||10.00|||15.00|5.00"


@pytest.mark.parametrize(("unit", "yuan"), [("元", 300), ("万元", 3000000)])
@pytest.mark.parametrize("first", [True, False])
def test_projects_by_source_of_money(tmp_path, unit, yuan, first):
    rows = [SUM, *PROJECTS] if first else [*PROJECTS, SUM]
    conversion = convert_text(tmp_path, TITLE + BY_SOURCE.format(unit=unit) + "\n".join(rows))
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, data_set.structure, data_set.fund) == ("project-expenditure",) * 2 + ("_T",)
    assert figures(conversion, "t1") == {
        "1": "200.00",
        "1 general": "190.00",
        "1 carriedForward.general": "10.00",
        "2": "100.00",
        "2 general": "60.00",
        "2 govFund": "20.00",
        "2 business.specialAccount": "15.00",
        "2 ownFunds": "5.00",
        "_T": "300.00",
        "general": "250.00",
        "govFund": "20.00",
        "carriedForward.general": "10.00",
        "business.specialAccount": "15.00",
        "ownFunds": "5.00",
    }
    assert leaf_sum(conversion, "t1") == yuan
    assert line_labels(conversion) == {"1": "测绘普查", "2": "系统运维"}
    line = data_set.lines[1]
    assert (line.category, line.unit, line.place.column) == ("特定目标类", "云岭市测绘中心", 2)
    assert not data_set.canonical
    assert_sound(conversion)
    assert reprinted(conversion)[-1 if first else 3][3] == "100.00"


@pytest.mark.parametrize(
    ("title", "header", "fund"),
    [
        ("项目支出预算表", "序号|项目名称|功能科目编码|功能科目名称|金额|备注", "_T"),
        ("一般公共预算项目支出预算明细表", "序号|项目|科目编码|科目名称|2024年预算数|说明", "general"),
        ("2024年财政拨款项目支出表", "序号|预算项目名称|科目代码|科目名称|预算金额|项目概况", "appropriation"),
    ],
)
def test_a_function_beside_each_project(tmp_path, title, header, fund):
    rows = "1|测绘普查|2010507|专项普查活动|20.00|\n2|系统运维|2010502|一般行政管理事务|10.00|常年\n|合计|||30.00|"
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{header}\n{rows}")
    (data_set,) = conversion.budget.data_sets
    assert data_set.fund == fund
    assert figures(conversion, "t1") == {"2010507 1": "20.00", "2010502 2": "10.00", "_T": "30.00"}
    assert leaf_sum(conversion, "t1") == 300000
    assert_sound(conversion)


BELOW = """项目支出预算表
单位：元
科目编码<3|科目名称^2|项目名称^2|合计^2
类|款|项
|||合计||90
206|||科学技术支出||60
206|01||科学技术管理事务||60
206|01|02|一般行政管理事务||60
||||测绘普查|40
||||系统运维|20
208|||社会保障和就业支出||30
208|01||人力资源和社会保障管理事务||30
208|01|02|一般行政管理事务||30
208|01|02||培训|30
"""


def test_projects_below_their_functions(tmp_path):
    conversion = convert_text(tmp_path, TITLE + BELOW)
    assert figures(conversion, "t1") == {
        "_T": "90",
        "206 1": "60",
        "20601 1.1": "60",
        "2060102 1.1.1": "60",
        "2060102 1.1.1.1": "40",
        "2060102 1.1.1.2": "20",
        "208 2": "30",
        "20801 2.1": "30",
        "2080102 2.1.1": "30",
        "2080102 2.1.1.1": "30",
    }
    assert leaf_sum(conversion, "t1") == 90
    assert_sound(conversion)


def test_projects_that_do_not_add_up_to_the_row_above_are_listed(tmp_path):
    conversion = convert_text(tmp_path, TITLE + BELOW.replace("测绘普查|40", "测绘普查|30"))
    printed = figures(conversion, "t1")
    assert "2060102 1.1.1" in printed
    assert "2060102 1.1.1.1" not in printed
    assert "2080102 2.1.1.1" in printed
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.explained["unknown-row"] == 2
    assert faults(conversion) == {"PV-4"}


BY_UNIT = """一般公共预算项目支出预算表
单位：万元
科目编码<3|单位代码^2|单位名称（科目）^2|金额^2
类|款|项
||||合计|35.00
|||301001|云岭市测绘服务局机关|20.00
206|01|02|301001|一般行政管理事务|20.00
|||301001|系统运维|15.00
|||301001|测绘普查|5.00
|||301002|云岭市测绘中心|15.00
206|01|99|301002|其他科学技术管理事务支出|15.00
|||301002|建设云岭测绘信息中心|15.00
"""


def test_projects_below_their_units_and_functions_in_one_column(tmp_path):
    conversion = convert_text(tmp_path, TITLE + BY_UNIT)
    assert figures(conversion, "t1") == {
        "_T": "35.00",
        "1": "20.00",
        "2060102 1.1": "20.00",
        "2060102 1.1.1": "15.00",
        "2060102 1.1.2": "5.00",
        "2": "15.00",
        "2060199 2.1": "15.00",
        "2060199 2.1.1": "15.00",
    }
    assert line_labels(conversion)["2.1.1"] == "建设云岭测绘信息中心"
    assert leaf_sum(conversion, "t1") == 350000
    assert_sound(conversion)


def test_a_unit_whose_own_row_is_missing_is_listed(tmp_path):
    text = BY_UNIT.replace("|||301002|云岭市测绘中心|15.00\n", "")
    conversion = convert_text(tmp_path, TITLE + text)
    assert not [key for key in figures(conversion, "t1") if "2060199" in key]
    assert codes(conversion) == {"unknown-row"}


def test_a_project_over_several_functions_is_a_line_for_each(tmp_path):
    text = """项目支出表
单位：万元
项目名称|功能科目编码|经济科目|合计|财政拨款|其他收入
测绘普查^2|2060102|办公费|10.00|8.00|2.00
2060199|委托业务费|5.00|5.00|
系统运维|2060199||1.00||1.00
总计|||16.00|13.00|3.00
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert line_labels(conversion) == {"1": "测绘普查", "2": "测绘普查", "3": "系统运维"}
    assert figures(conversion, "t1")["2060199 2"] == "5.00"
    assert figures(conversion, "t1")["appropriation"] == "13.00"
    assert conversion.budget.data_sets[0].lines[1].economic == "委托业务费"
    assert leaf_sum(conversion, "t1") == 160000
    assert_sound(conversion)


@pytest.mark.parametrize("row", ["无|||", "|此表为空||", "合计|||"])
@pytest.mark.parametrize("title", ["项目支出预算表", "政府采购预算表", "政府购买服务支出表"])
def test_empty_tables(tmp_path, title, row):
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n序号|项目名称|金额|备注\n{row}\n")
    (data_set,) = conversion.budget.data_sets
    assert data_set.declared_empty
    assert data_set.figures == ()
    assert_sound(conversion)


@pytest.mark.parametrize("title", ["项目支出表", "政府采购预算表"])
def test_a_blank_name_is_not_that_of_the_row_above(tmp_path, title):
    text = f"{title}\n单位：万元\n项目名称|资金来源|金额\n测绘普查|本级|8.00\n||2.00\n合计||10.00\n"
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {"1": "8.00", "_T": "10.00"}
    assert codes(conversion) >= {"unknown-row"}


def test_one_row_of_kinds_of_purchases(tmp_path):
    text = "政府采购预算表\n单位：万元\n合计|货物|工程|服务\n9.00|4.00||5.00\n"
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {"_T": "9.00", "goods": "4.00", "services": "5.00"}
    assert_sound(conversion)


def test_a_table_of_targets_is_no_table_of_projects(tmp_path):
    text = "项目支出绩效目标表\n单位：万元\n项目名称|预算金额|绩效目标\n监测|100.00|完成监测\n"
    functions = "\n支出总表\n单位：万元\n科目编码|科目名称|合计\n201|一般公共服务支出|90.00\n合计<2|90.00\n"
    conversion = convert_text(tmp_path, TITLE + text + functions)
    assert [d.table_kind for d in conversion.budget.data_sets] == ["expenditure"]


def test_a_column_that_is_not_known_is_a_gap_of_its_lines(tmp_path):
    rows = "测绘普查|8.00|3.00\n系统运维|2.00|1.00\n合计|10.00|4.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}项目支出表\n单位：万元\n项目名称|金额|其中：政采\n{rows}")
    assert figures(conversion, "t1") == {"1": "8.00", "2": "2.00", "_T": "10.00"}
    assert conversion.budget.data_sets[0].unconverted == 3
    assert b"/t1/line/1>" in statements(conversion)
    assert codes(conversion) == {"unknown-column"}
    assert faults(conversion) == {"PV-4"}


def test_lines_that_are_more_than_their_total_are_listed(tmp_path):
    text = """项目支出表
单位：万元
项目编码^2|项目名称^2|总计^2|本年财政拨款收入<2|单位资金^2
小计|一般公共预算
|合计|35.00|30.00|30.00|5.00
101|云岭市测绘服务局|35.00|30.00|30.00|5.00
101001|云岭市测绘服务局本级|20.00|20.00|20.00|
R0001|系统运维|20.00|20.00|20.00|
101002|云岭市测绘中心|15.00|10.00|10.00|5.00
R0002|测绘普查|15.00|10.00|10.00|5.00
"""
    conversion = convert_text(tmp_path, TITLE + text)  # units in the column of projects are above them, as the sums say
    assert list(line_labels(conversion)) == ["1", "1.1", "1.1.1", "1.2", "1.2.1"]
    assert_sound(conversion)
    conversion = convert_text(tmp_path, TITLE + text.replace("R0002|测绘普查|15.00", "R0002|测绘普查|14.00"))
    assert not [key for key in figures(conversion, "t1") if key[0].isdecimal()]
    assert figures(conversion, "t1")["_T"] == "35.00"
    assert codes(conversion) >= {"unknown-row"}
    assert conversion.coverage.unexplained == 0


def test_lines_that_are_less_than_their_total_stand(tmp_path):
    text = "项目支出表\n单位：万元\n项目名称|金额\n测绘普查|8.00\n系统运维|1.00\n合计|10.00\n"
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {"1": "8.00", "2": "1.00", "_T": "10.00"}
    assert faults(conversion) == {"GP-1-lines"}


def test_parts_that_do_not_make_up_their_sum_are_data_sets_of_their_own(tmp_path):
    rows = "测绘普查|200|200\n系统运维|100|50\n合计|300|250\n"
    for header in ("项目名称|预算金额|其中：财政拨款", "项目名称|合计|一般公共预算"):
        conversion = convert_text(tmp_path, f"{TITLE}项目支出预算表\n单位：元\n{header}\n{rows}")
        assert figures(conversion, "t1") == {"1": "200", "2": "100", "_T": "300"}
        assert list(figures(conversion, "t1-of-which").values()) == ["200", "50", "250"]
        assert leaf_sum(conversion, "t1") == 300
        assert leaf_sum(conversion, "t1-of-which") == 250
        assert_sound(conversion)
    text = f"{TITLE}政府采购预算表\n单位：元\n项目名称|金额|货物\n{rows}"
    conversion = convert_text(tmp_path, text)
    assert leaf_sum(conversion, "t1") == 300
    assert leaf_sum(conversion, "t1-of-which") == 250
    assert_sound(conversion)


def test_subtotals_of_units(tmp_path):
    text = """项目支出预算表
单位：元
序号|单位名称|项目名称|金额
|云岭市测绘服务局||35
|云岭市测绘服务局本级|小计|30
1||测绘普查|20
2||系统运维|10
|云岭市测绘中心|小计|5
3||培训|5
合计|||35
"""
    conversion = convert_text(tmp_path, TITLE + text)
    printed = {"1": "35", "1.1": "30", "1.1.1": "20", "1.1.2": "10", "1.2": "5", "1.2.1": "5", "_T": "35"}
    assert figures(conversion, "t1") == printed
    assert leaf_sum(conversion, "t1") == 35
    assert_sound(conversion)
    wrong = convert_text(tmp_path, TITLE + text.replace("测绘普查|20", "测绘普查|25"))
    assert "1.1" in figures(wrong, "t1")
    assert "1.1.1" not in figures(wrong, "t1")


def test_subtotals_of_kinds(tmp_path):
    text = """部门政府采购预算表
单位：元
项目<2|金额^2
采购类型|采购品目
合计||12
货物|小计|5
|台式计算机|5
服务|小计|7
|物业服务|7
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {
        "_T": "12",
        "goods": "5",
        "goods 1": "5",
        "services": "7",
        "services 2": "7",
    }
    assert_sound(conversion)


def test_functions_that_a_column_without_a_meaning_names_are_listed(tmp_path):
    rows = "201|26|04|库房改造|4\n201|26|04|数字化|2\n|||合计|6\n"
    for column, printed in (
        ("科目（项目）名称", {"2012604 1": "4", "2012604 2": "2", "_T": "6"}),
        ("事由", {"_T": "6"}),
    ):
        text = f"{TITLE}项目支出表\n单位：元\n科目编码<3|{column}^2|金额^2\n类|款|项\n{rows}"
        conversion = convert_text(tmp_path, text)
        assert figures(conversion, "t1") == printed
        assert conversion.coverage.unexplained == 0
    assert "unknown-row" in codes(conversion)


@pytest.mark.parametrize("title", ["项目支出表", "政府采购预算表", "政府购买服务支出表"])
def test_a_row_of_a_unit_that_says_more_in_a_column_without_a_meaning_is_listed(tmp_path, title):
    rows = "云岭市测绘服务局本级|库房改造|4\n云岭市测绘中心|数字化|2\n合计||6\n"
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：元\n单位名称|事由|金额\n{rows}")
    assert [figure.text for d in conversion.budget.data_sets for figure in d.figures] == ["6"]
    assert codes(conversion) == {"unknown-column", "unknown-row"}


def test_statistics_of_procurement_are_no_purchases(tmp_path):
    rows = "政府采购支出总额|9\n其中：政府采购货物支出|4\n授予中小企业合同金额|8\n"
    functions = "\n支出总表\n单位：元\n科目编码|科目名称|合计\n201|一般公共服务支出|90\n合计<2|90\n"
    conversion = convert_text(tmp_path, f"{TITLE}政府采购支出情况表\n单位：元\n项目|金额\n{rows}{functions}")
    kinds = {d.id: figures(conversion, d.id) for d in conversion.budget.data_sets if d.table_kind == "procurement"}
    assert kinds == {"t1": {"_T": "9"}, "t1-of-which": {"goods": "4"}, "t1-suppliers": {"sme": "8"}}
    assert not any(d.lines for d in conversion.budget.data_sets)
    assert_sound(conversion)


def test_a_part_of_the_line_above_is_listed(tmp_path):
    rows = "测绘普查|9\n其中：购车|4\n系统运维|1\n合计|10\n"
    conversion = convert_text(tmp_path, f"{TITLE}项目支出表\n单位：元\n项目名称|金额\n{rows}")
    assert figures(conversion, "t1") == {"1": "9", "2": "1", "_T": "10"}
    assert codes(conversion) == {"unknown-row"}


def test_purchases_of_services_are_not_compared_with_procurement(tmp_path):
    services = "政府购买服务支出表\n单位：万元\n项目名称|金额\n物业|50.00\n合计|50.00\n"
    purchases = "政府采购预算表\n单位：万元\n采购类别|金额\n合计|120.00\n货物|20.00\n服务|100.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{services}\n{purchases}")
    assert {d.table_kind for d in conversion.budget.data_sets} == {"service-purchase", "procurement"}
    assert_sound(conversion)


def test_functions_above_their_projects_in_a_table_of_one_unit(tmp_path):
    own = "|||301001|云岭市测绘服务局机关|20.00\n"
    kept = BY_UNIT.partition("|||301002")[0].replace(own, "").replace("合计|35.00", "合计|20.00")
    conversion = convert_text(tmp_path, TITLE + kept)
    assert figures(conversion, "t1") == {
        "_T": "20.00",
        "2060102 1": "20.00",
        "2060102 1.1": "15.00",
        "2060102 1.2": "5.00",
    }
    assert_sound(conversion)


def test_projects_without_the_code_of_the_unit_that_they_stand_below(tmp_path):
    text = """项目支出预算表
单位：元
单位编码|单位（项目）名称|金额
|合计|35
101001|云岭市测绘服务局本级|30
|测绘普查|20
|系统运维|10
101002|云岭市测绘中心|5
|培训|5
"""
    conversion = convert_text(tmp_path, TITLE + text)
    printed = {"1": "30", "1.1": "20", "1.2": "10", "2": "5", "2.1": "5", "_T": "35"}
    assert figures(conversion, "t1") == printed
    assert leaf_sum(conversion, "t1") == 35
    assert_sound(conversion)
    for fault in (("测绘普查|20", "测绘普查|25"), ("|测绘普查", "|云岭市地图院"), ("101002|云岭市测绘中心|5\n", "")):
        assert "unknown-row" in codes(convert_text(tmp_path, TITLE + text.replace(*fault)))


def test_a_total_beside_the_name_of_the_body_is_no_line(tmp_path):
    text = """项目支出预算表
单位：元
单位名称|项目名称|金额
云岭市测绘服务局|合计|30
云岭市测绘服务局本级|测绘普查|20
云岭市测绘中心|系统运维|10
"""
    conversion = convert_text(tmp_path, TITLE + text)
    assert figures(conversion, "t1") == {"1": "20", "2": "10", "_T": "30"}
    assert line_labels(conversion) == {"1": "测绘普查", "2": "系统运维"}
    assert_sound(conversion)


def test_a_line_whose_name_the_rows_below_leave_out_is_listed_with_them(tmp_path):
    """20.00 is the project's 办公费 alone."""
    rows = "测绘管理|30201办公费|20.00\n|30211差旅费|10.00\n系统建设|30902|5.00\n合计||35.00"
    conversion = convert_text(tmp_path, f"{TITLE}项目支出表\n单位：万元\n项目名称|经济分类|金额\n{rows}\n")
    assert figures(conversion, "t1") == {"2": "5.00", "_T": "35.00"}
    assert codes(conversion) == {"unknown-row"}
    assert conversion.coverage.is_complete
    assert "GP-1-lines" not in faults(conversion)


def test_a_line_before_rows_with_names_that_are_not_known_stands(tmp_path):
    rows = "测绘管理|20.00\n其中：差旅费|10.00\n系统建设|15.00\n合计|35.00"
    conversion = convert_text(tmp_path, f"{TITLE}项目支出表\n单位：万元\n项目名称|金额\n{rows}\n")
    assert figures(conversion, "t1")["1"] == "20.00"
