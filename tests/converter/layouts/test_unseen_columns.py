"""Columns of classes, funds and sides of a balance, in layouts that no profile was made for."""

import pytest

from tests.converter.publications import TITLE, codes, convert_text, faults, figures, leaf_sum


def test_economic_classes_in_columns(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
一般公共预算支出情况表
单位：万元
科目编码<3|科目名称^2|合计^2|基本支出<4|项目支出^2
类|款|项|小计|工资福利支出|商品和服务支出|对个人和家庭的补助
|||合计|90.00|60.00|40.00|15.00|5.00|30.00
201|03|01|行政运行|90.00|60.00|40.00|15.00|5.00|30.00
""",
    )
    assert figures(conversion, "t1") == {
        f"{code}{key}".strip(): text
        for code in ("", "2010301 ")
        for key, text in {
            ("" if code else "_T"): "90.00",
            "basic": "60.00",
            "basic 301": "40.00",
            "basic 302": "15.00",
            "basic 303": "5.00",
            "project": "30.00",
        }.items()
    }


def test_economic_classes_of_two_classifications_beside_each_other(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
一般公共预算基本支出表
单位：万元
序号^2|部门预算支出经济分类科目<2|政府预算支出经济分类科目<2|基本支出<3|备注^2
科目编码|科目名称|科目编码|科目名称|合计|人员经费|公用经费
1|301|工资福利支出|501|机关工资福利支出|30.00|30.00||
2|30101|基本工资|50101|工资奖金津补贴|30.00|30.00||
3|302|商品和服务支出|502|机关商品和服务支出|6.00||6.00|含差旅费
4|合计<4|36.00|30.00|6.00|
""",
    )
    assert figures(conversion, "t1") == {
        "301 basic": "30.00",
        "301 personnel": "30.00",
        "30101 basic": "30.00",
        "30101 personnel": "30.00",
        "302 basic": "6.00",
        "302 public": "6.00",
        "basic": "36.00",
        "personnel": "30.00",
        "public": "6.00",
    }
    assert conversion.coverage.explained == {"code": 6, "line-number": 4}
    assert codes(conversion) == set()


def test_funds_below_what_is_carried_forward(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
收入总表
单位：元
科目编码^2|科目名称^2|总计^2|本年收入<3|上年结转<3
小计|一般公共预算|单位资金|小计|一般公共预算|政府性基金预算
201|一般公共服务支出|100|90|80|10|10|8|2
合计<2|100|90|80|10|10|8|2
""",
    )
    assert figures(conversion, "t1") == {
        f"{code}{key}".strip(): text
        for code in ("", "201 ")
        for key, text in {
            ("" if code else "_T"): "100",
            "current": "90",
            "general": "80",
            "ownFunds": "10",
            "carriedForward": "10",
            "carriedForward.general": "8",
            "carriedForward.govFund": "2",
        }.items()
    }


def test_leaves_of_a_balance_make_its_total_where_no_other_table_does(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
收支总表
单位：万元
收入<2|支出<2
项目|预算数|项目|预算数
一、一般公共预算拨款收入|90.00|一、一般公共服务支出|60.00
上年结转|10.00|二、住房保障支出|35.00
本年收入合计|90.00|本年支出合计|95.00
||结转下年|5.00
收入总计|100.00|支出总计|100.00
""",
    )
    canonical = [data_set for data_set in conversion.budget.data_sets if data_set.canonical]
    for data_set in canonical:
        assert leaf_sum(conversion, data_set.id) == 1000000
    assert [data_set.id for data_set in canonical] == ["t1-revenue", "t1-functional"]
    assert figures(conversion, "t1-functional-year") == {"current": "95.00"}


@pytest.mark.parametrize(
    ("header", "printed"),
    [
        (
            "2023年执行数|2024年预算数|其中：基本支出|项目支出",
            {"t1": {"", "basic", "project"}, "t1-2023-executed": {""}},
        ),
        (
            "2024年预算数|2023年执行数|其中：基本支出|项目支出",
            {"t1": {""}, "t1-2023-executed": {"", "basic", "project"}},
        ),
        ("合计|其中：基本支出|项目支出|2023年执行数", {"t1": {"", "basic", "project"}, "t1-2023-executed": {""}}),
        ("合计|一般公共预算|其中：基本支出|项目支出", {"t1": {"", "general"}}),
        ("合计|其中：基本支出|上年结转|项目支出", {"t1": {"", "carriedForward", "project"}}),
    ],
)
def test_the_two_parts_of_a_total_that_one_of_which_opens(tmp_path, header, printed):
    rows = "201|一般公共服务支出|9.00|9.00|6.00|3.00\n合计<2|9.00|9.00|6.00|3.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}部门支出总表\n单位：万元\n科目编码|科目名称|{header}\n{rows}")
    assert {
        each.id: {k for k in figures(conversion, each.id) if "201" not in k} for each in conversion.budget.data_sets
    } == {name: {key or "_T" for key in keys} for name, keys in printed.items()}


def test_natures_beside_both_classifications_of_a_balance(tmp_path):
    table = """收支预算总表
单位：万元
收入<2|支出<8
项目|预算数|支出类别|预算数|政府预算经济分类|预算数|部门预算经济分类|预算数|功能分类|预算数
一、财政拨款收入|9.00|一、基本支出|6.00|一、机关工资福利支出|4.00|一、工资福利支出|4.00|一、一般公共服务支出|9.00
||1、工资福利支出|4.00|二、机关商品和服务支出|5.00|二、商品和服务支出|5.00||
||2、商品和服务支出|2.00||||||
||二、项目支出|3.00||||||
收入总计|9.00|支出总计|9.00|支出总计|9.00|支出总计|9.00|支出总计|9.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1-nature") == {
        "_T": "9.00",
        "basic": "6.00",
        "301 basic": "4.00",
        "302 basic": "2.00",
        "project": "3.00",
    }
    assert figures(conversion, "t1-economic") == {"_T": "9.00", "301": "4.00", "302": "5.00"}
    assert figures(conversion, "t1-government") == {"_T": "9.00", "501": "4.00", "502": "5.00"}
    assert codes(conversion) | faults(conversion) == set()


@pytest.mark.parametrize("column", ["2024年", "年初预算", "预算金额", "合计"])
def test_amounts_of_a_table_of_basic_expenditure_are_of_that(tmp_path, column):
    rows = "301|工资福利支出|9.00\n合计<2|9.00\n"
    for title, code in (("一般公共预算基本支出表", "301"), ("一般公共预算基本支出表（按政府预算经济分类）", "501")):
        text = f"{TITLE}{title}\n单位：万元\n科目编码|科目名称|{column}\n{rows.replace('301', code)}"
        assert figures(convert_text(tmp_path, text), "t1") == {"basic": "9.00", f"{code} basic": "9.00"}


def test_a_balance_whose_sides_are_headed_by_their_names_alone(tmp_path):
    rows = "一、财政拨款收入|9.00|一、一般公共服务支出|6.00\n二、其他收入|1.00|二、教育支出|4.00\n"
    rows += "收入合计|10.00|支出合计|10.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}部门收支总表\n单位：万元\n收入|金额|支出|金额\n{rows}")
    assert figures(conversion, "t1-revenue") == {"_T": "10.00", "appropriation": "9.00", "other": "1.00"}
    assert figures(conversion, "t1-functional") == {"_T": "10.00", "201": "6.00", "205": "4.00"}


@pytest.mark.parametrize("total", ["总计（=1+2）", "总计（1+2）", "总计（3=1+2）"])
def test_the_columns_that_a_total_is_the_sum_of(tmp_path, total):
    table = f"部门支出总表\n单位：万元\n科目名称|{total}|基本支出（1）|项目支出（2）\n教育支出|9.00|6.00|3.00\n"
    printed = figures(convert_text(tmp_path, TITLE + table), "t1")
    assert printed == {"205": "9.00", "205 basic": "6.00", "205 project": "3.00"}


def test_an_adjustment_beside_the_sum_that_it_makes_is_no_budget(tmp_path):
    table = "部门支出总表\n单位：万元\n科目名称|年初预算数|调整预算数{}\n教育支出|9.00|1.00{}\n"
    alone = convert_text(tmp_path, TITLE + table.format("", ""))
    assert figures(alone, "t1-adjusted") == {"205": "1.00"}
    with_sum = convert_text(tmp_path, TITLE + table.format("|合计", "|10.00"))
    assert not any(d.figures for d in with_sum.budget.data_sets)
    assert codes(with_sum) == {"unknown-column", "duplicate-row"}


def test_a_column_of_words_below_a_header_of_amounts_is_told_as_such(tmp_path):
    table = "部门支出总表\n单位：万元\n科目名称|合计|基本支出\n教育支出|约九万|9.00\n农林水支出|约三万|3.00\n"
    (problem,) = (p for p in convert_text(tmp_path, TITLE + table).problems if p.code == "unknown-column")
    assert "has words ('约九万') where its header says amounts" in problem.message
