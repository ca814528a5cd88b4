"""Publications of families that no profile was written for: their titles, labels, units and headers are read."""

import pytest

from tests.converter.publications import (
    FUNCTIONS,
    FUNCTIONS_READ,
    TITLE,
    codes,
    convert_text,
    faults,
    figures,
    leaf_sum,
)


@pytest.mark.parametrize(
    ("title", "kind", "number"),
    [
        ("支出总表\n部门公开表3", "expenditure", "3"),
        ("预算03表\n支出总表", "expenditure", "3"),
        ("部门支出总表（部预公开03表）", "expenditure", "3"),
        ("一般公共预算支出情况表", "general-expenditure", "1"),
        ("政府性基金预算支出情况表（按功能分类科目）", "fund-expenditure", "1"),
    ],
)
def test_titles_and_labels(tmp_path, title, kind, number):
    head = f"{title}\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出"
    conversion = convert_text(tmp_path, TITLE + head + FUNCTIONS)
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, data_set.id) == (kind, f"t{number}")
    assert figures(conversion, data_set.id) == FUNCTIONS_READ


@pytest.mark.parametrize(
    ("line", "header", "yuan"),
    [
        ("单位：百元", "合计|基本支出|项目支出", 9000),
        ("金额单位：人民币万 元", "合计|基本支出|项目支出", 900000),
        ("", "合计（千元）|基本支出（千元）|项目支出（千元）", 90000),
        ("单位：万元", "合计（万元）|基本支出|项目支出", 900000),
    ],
)
def test_units(tmp_path, line, header, yuan):
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n{line}\n科目编码|科目名称|{header}{FUNCTIONS}")
    (data_set,) = conversion.budget.data_sets
    assert [figure.value for figure in data_set.figures if not figure.dimensions] == [yuan]


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("单位：套", "合计|基本支出|项目支出"),
        ("单位：元", "合计（万元）|基本支出|项目支出"),
        ("", "合计|基本支出|项目支出"),
    ],
)
def test_no_unit_is_guessed(tmp_path, line, header):
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n{line}\n科目编码|科目名称|{header}{FUNCTIONS}")
    (data_set,) = conversion.budget.data_sets
    assert data_set.figures == ()
    assert codes(conversion) == {"missing-unit"}
    assert conversion.coverage.explained["missing-unit"] == len(FUNCTIONS_READ)


def test_title_and_unit_in_one_line(tmp_path):
    conversion = convert_text(
        tmp_path, f"{TITLE}支出总表（单位：元）\n科目编码|科目名称|合计|基本支出|项目支出{FUNCTIONS}"
    )
    assert conversion.budget.tables[0].title == "支出总表"
    assert figures(conversion, "t1") == FUNCTIONS_READ


def test_the_last_row_of_a_header_may_name_pieces_of_the_code_and_number_the_columns(tmp_path):
    conversion = convert_text(
        tmp_path,
        """
云岭市测绘服务局2022年度部门决算

支出决算表
财决公开03表
金额单位：元
项目<4|本年支出合计^3|基本支出^3|项目支出^3
功能分类科目编码<3^2|科目名称^2

类|款|项|栏次|1|2|3
合计<4|90.00|60.00|30.00
201<3|一般公共服务支出|90.00|60.00|30.00
""".replace("\n\n类", "\n类"),
    )
    assert figures(conversion, "t3") == {
        name: FUNCTIONS_READ[name] for name in FUNCTIONS_READ if not name.startswith("2010")
    }
    assert codes(conversion) == set()
    assert conversion.coverage.explained == {"code": 1, "column-number": 3}


def test_functional_classes_are_found_behind_other_classes_of_the_same_side(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
收支总表
单位：万元
收入<2|支出<6
项目（按收入性质分类）|本年预算|项目（按政府预算经济分类）|本年预算|项目（按功能分类）|本年预算|项目（按部门预算经济分类）|本年预算
一、一般公共预算拨款收入|90.00|一、机关工资福利支出|50.00|一、一般公共服务支出|90.00|一、工资福利支出|50.00
||二、机关商品和服务支出|40.00|||二、商品和服务支出|40.00
本年收入合计|90.00|本年支出合计|90.00|本年支出合计|90.00|本年支出合计|90.00
上年结转||年终结转||年终结转||年终结转|
收入总计|90.00|支出总计|90.00|支出总计|90.00|支出总计|90.00
""",
    )
    assert figures(conversion, "t1-revenue") == {"general": "90.00", "current": "90.00", "_T": "90.00"}
    assert figures(conversion, "t1-functional") == {"201": "90.00", "_T": "90.00"}
    assert figures(conversion, "t1-government") == {"501": "50.00", "502": "40.00", "_T": "90.00"}
    assert figures(conversion, "t1-economic") == {"301": "50.00", "302": "40.00", "_T": "90.00"}
    assert figures(conversion, "t1-economic-totals") == {"current": "90.00"}
    assert leaf_sum(conversion, "t1-economic") == 900000
    assert conversion.coverage.explained == {}


def test_basic_and_project_expenditure_of_a_balance_are_a_data_set_of_their_own(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """
收支总体情况表
单位：万元
收入<2|支出<2
项目|2024年预算|项目|2024年预算
一、一般公共预算拨款|90.00|一、基本支出|60.00
二、其他收入||二、项目支出|30.00
本年收入合计|90.00|本年支出合计|90.00
收入总计|90.00|支出总计|90.00
""",
    )
    assert figures(conversion, "t1-nature") == {"basic": "60.00", "project": "30.00"}
    assert figures(conversion, "t1-functional") == {"current": "90.00", "_T": "90.00"}


def test_the_row_of_column_numbers_may_open_the_next_piece_of_a_table(tmp_path):
    head = "支出总表\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出\n\n1|2|3|4|5"
    conversion = convert_text(tmp_path, TITLE + head + FUNCTIONS)
    assert figures(conversion, "t1") == FUNCTIONS_READ


def test_a_code_in_brackets_before_the_name_of_a_function(tmp_path):
    rows = FUNCTIONS.replace("201|", "[201]", 1).replace("20103|", "[20103]").replace("2010301|", "2010301 ")
    rows = rows.replace("2010302|", "【2010302】").replace("合计<2", "合计")
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n单位：万元\n功能科目名称|合计|基本支出|项目支出{rows}")
    assert figures(conversion, "t1") == FUNCTIONS_READ
    assert codes(conversion) == set()


def test_of_which_over_all_natures_heads_the_whole(tmp_path):
    head = "科目编码^2|科目名称^2|合计^2|其中：<2\n基本支出|项目支出"
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算拨款支出预算表\n单位：万元\n{head}{FUNCTIONS}")
    assert figures(conversion, "t1") == FUNCTIONS_READ
    assert codes(conversion) == set()


def test_the_head_of_the_departments_own_budget_leaves_its_total_open(tmp_path):
    head = "单位编码^2|单位名称^2|部门预算<3|上年结转^2\n总计|一般公共预算拨款|政府性基金拨款"
    rows = "|合计|90.00|60.00|30.00|5.00"
    conversion = convert_text(tmp_path, f"{TITLE}收入总表\n单位：万元\n{head}\n{rows}")
    assert figures(conversion, "t1") == {"general": "60.00", "govFund": "30.00", "carriedForward": "5.00"}
    assert codes(conversion) == {"unknown-column"}


def test_four_sides_of_a_balance_by_other_names(tmp_path):
    head = (
        "收入<2|支出<6\n项目|预算数|支出功能分科目（按大类）|预算数|部门预算支出经济科目（按大类）|预算数|"
        "政府预算支出经济分类科目（按大类）|预算数"
    )
    rows = """1、财政拨款|90.00|1、一般公共服务支出|90.00|1、人员经费和公用经费支出|60.00|1、机关工资福利支出|60.00
（1）一般公共预算拨款|90.00|2、外交支出||（1）工资福利支出|60.00|2、机关商品和服务支出|30.00
||||2、专项业务经费支出|30.00||
||||（1）商品和服务支出|30.00||
本年收入合计|90.00|本年支出合计|90.00|本年支出合计|90.00|本年支出合计|90.00
收入总计|90.00|支出总计|90.00|支出总计|90.00|支出总计|90.00"""
    conversion = convert_text(tmp_path, f"{TITLE}部门综合预算收支总表\n单位：万元\n{head}\n{rows}")
    assert codes(conversion) | faults(conversion) == set()
    assert {d.structure for d in conversion.budget.data_sets} == {
        "revenue",
        "expenditure",
        "expenditure-by-government-class",
    }


def test_appropriation_above_its_funds_is_all_of_them(tmp_path):
    rows = """财政拨款（补助）|90.00|201 一般公共服务支出|90.00
一般公共预算|60.00|202 外交支出|
政府性基金预算|30.00||
教育收费（财政专户）|2.00||
单位上年结余（不包括国库集中支付额度结余）|5.00||
收入总计|97.00|支出总计|97.00"""
    head = "收入<2|支出<2\n项目|预算数|功能分类|预算数"
    conversion = convert_text(tmp_path, f"{TITLE}部门收支总体情况表\n单位：万元\n{head}\n{rows}")
    assert figures(conversion, "t1-revenue") == {
        "appropriation": "90.00",
        "general": "60.00",
        "govFund": "30.00",
        "business.specialAccount.education": "2.00",
        "carriedForward": "5.00",
        "_T": "97.00",
    }
    assert figures(conversion, "t1-functional")["201"] == "90.00"


def test_both_sides_of_the_appropriation_under_heads_of_their_own(tmp_path):
    head = "财政拨款收入<2|财政拨款支出<3\n项目|合计|功能分类|合计|一般公共预算"
    rows = "一般公共预算|90.00|201 一般公共服务支出|90.00|90.00\n收入总计|90.00|支出总计|90.00|90.00"
    conversion = convert_text(tmp_path, f"{TITLE}财政拨款收支预算总体情况表\n单位：万元\n{head}\n{rows}")
    assert {d.table_kind for d in conversion.budget.data_sets} == {"appropriation-balance"}
    assert codes(conversion) == set()


@pytest.mark.parametrize("nothing", ["/", "／", "无"])
def test_a_slash_is_no_amount_and_no_word(tmp_path, nothing):
    rows = FUNCTIONS.replace("|60.00|\n", f"|60.00|{nothing}\n").replace("||30.00", f"|{nothing}|30.00")
    head = "支出总表\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出|事业单位经营支出"
    rows = "\n".join(f"{line}|{nothing}" if "|" in line else line for line in rows.splitlines())
    conversion = convert_text(tmp_path, f"{TITLE}{head}{rows}")
    assert figures(conversion, "t1") == FUNCTIONS_READ
    assert codes(conversion) == set()
    assert conversion.coverage.is_complete


def test_full_width_digits_are_digits(tmp_path):
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    rows = "\n".join(
        "|".join(c.translate(wide) if "." in c else c for c in r.split("|")) for r in FUNCTIONS.splitlines()
    )
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出{rows}")
    assert figures(conversion, "t1") == {key: text.translate(wide) for key, text in FUNCTIONS_READ.items()}
    assert leaf_sum(conversion, "t1") == 900000
    assert codes(conversion) | faults(conversion) == set()


def test_functions_under_the_name_of_their_classification(tmp_path):
    head = "支出功能分类<2|本年支出<3\n科目编码|科目名称|合计|基本支出|项目支出"
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算支出情况表\n单位：万元\n{head}{FUNCTIONS}")
    assert figures(conversion, "t1") == FUNCTIONS_READ
    assert codes(conversion) == set()


def test_rows_of_the_three_public_expenses_below_a_column_that_names_them(tmp_path):
    table = (
        "一般公共预算“三公”经费支出情况表\n单位：万元\n项目|“三公”经费预算数\n共计|9.00\n1、因公出国（境）费用|\n2、公务接待费|2.00\n"
        "3、公务用车费|7.00\n其中：（1）公务用车运行维护费|7.00\n（2）公务用车购置|\n"
    )
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1") == {
        "_T": "9.00",
        "reception": "2.00",
        "vehicles": "7.00",
        "vehicleRunning": "7.00",
    }
    assert codes(conversion) == set()


def test_sources_of_the_year_and_of_the_year_before_with_the_same_names(tmp_path):
    names = "小计|一般公共预算资金|政府性基金预算资金|国有资本经营预算资金|财政专户管理资金"
    head = f"支出功能分类科目^2|合计^2|本年收入<5|上年结转结余<6\n{names}|{names}|单位资金\n"
    row = "210.00|150.00|10.00|20.00|30.00|90.00|60.00|1.00|2.00|3.00|4.00|50.00\n"
    table = f"部门收入总表\n单位：万元\n{head}合计|{row}201-一般公共服务支出|{row}"
    conversion = convert_text(tmp_path, TITLE + table)
    carried = ("", ".general", ".govFund", ".stateCapital", ".specialAccount", ".other")
    sources = ["current", "general", "govFund", "stateCapital", "business.specialAccount"]
    texts = row.strip().split("|")
    assert figures(conversion, "t1") == {
        f"{code} {source}".strip() or "_T": text
        for code in ("", "201")
        for source, text in zip(["", *sources, *(f"carriedForward{name}" for name in carried)], texts, strict=True)
    }


def test_the_former_name_of_the_general_budget(tmp_path):
    conversion = convert_text(
        tmp_path, f"{TITLE}公共财政预算支出表\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出{FUNCTIONS}"
    )
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, data_set.fund) == ("general-expenditure", "general")


def test_classes_below_a_head_that_names_their_classification(tmp_path):
    rows = (
        "301-工资福利支出|6.00|6.00|\n30101-基本工资|6.00|6.00|\n302-商品和服务支出|2.00||2.00\n合计|8.00|6.00|2.00\n"
    )
    head = "支出经济分类科目（部门预算）|基本支出合计|人员经费|公用经费\n"
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算安排基本支出表\n单位：万元\n{head}{rows}")
    assert figures(conversion, "t1") == {
        "301 basic": "6.00", "301 personnel": "6.00", "30101 basic": "6.00", "30101 personnel": "6.00",
        "302 basic": "2.00", "302 public": "2.00", "basic": "8.00", "personnel": "6.00", "public": "2.00",
    }  # fmt: skip


@pytest.mark.parametrize("place", ["middle", "end"])
def test_a_unit_line_within_the_rows_is_a_unit_of_the_table(tmp_path, place):
    rows = FUNCTIONS.strip().splitlines()
    rows.insert(3 if place == "middle" else len(rows), "单位：元<4|")
    text = f"{TITLE}支出总表\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出\n" + "\n".join(rows)
    conversion = convert_text(tmp_path, f"{text}\n")
    assert [len(d.figures) for d in conversion.budget.data_sets] in ([], [0])
    assert "missing-unit" in codes(conversion)
    assert conversion.coverage.unexplained == 0


def test_a_source_with_what_of_it_was_carried_forward_is_no_money_of_the_year(tmp_path):
    head = "科目编码^2|科目名称^2|合计^2|一般公共预算拨款<3|事业收入^2\n合计|当年拨款|上年结转\n"
    rows = "201|一般公共服务支出|15.00|10.00|9.00|1.00|5.00\n合计<2|15.00|10.00|9.00|1.00|5.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}部门收入总表\n单位：万元\n{head}{rows}")
    found = figures(conversion, "t1")
    assert "10.00" not in found.values()
    assert (found["_T"], found["201"]) == ("15.00", "15.00")
    assert conversion.coverage.unexplained == 0
