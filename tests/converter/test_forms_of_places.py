"""Printed forms of single places: lines of numbers, codes of several columns, rows of the body, balances by columns."""

import pytest

from budgetgraph.converter.blocks import Cell, Grid
from budgetgraph.converter.layouts.headers import header_depth
from budgetgraph.shapes.validation import validate
from tests.converter.publications import FUNCTIONS, TITLE, codes, convert_text, faults, figures, statements

HEAD = "科目编码|科目名称|合计|基本支出|项目支出"
BALANCE = """
一、一般公共预算拨款收入|90.00|一、一般公共服务支出|100.00
二、单位资金|10.00||
收入总计|100.00|支出总计|100.00
"""


@pytest.mark.parametrize(
    "line", ["部门：云岭市测绘服务局", "编制单位：云岭市测绘服务局", "预算年度：2024", "填报单位（盖章）："]
)
def test_the_line_of_the_body_is_no_title(tmp_path, line):
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n公开03表\n{line}\n单位：万元\n{HEAD}{FUNCTIONS}")
    (data_set,) = conversion.budget.data_sets
    assert (data_set.title, data_set.table_number) == ("支出总表", "公开03表")
    assert figures(conversion, data_set.id)["_T"] == "90.00"


@pytest.mark.parametrize("body", ["920云岭市测绘服务局", "[101001]云岭市测绘服务局", "部门：云岭市测绘服务局"])
def test_body_year_and_unit_in_a_row_of_the_grid(tmp_path, body):
    row = f"{body}<3|预算年度：2024|单位：万元"
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n{row}\n{HEAD}{FUNCTIONS}")
    (data_set,) = conversion.budget.data_sets
    assert data_set.multiplier == 4
    assert figures(conversion, data_set.id)["2010301 basic"] == "60.00"


def test_sides_of_a_balance_behind_a_column_of_line_numbers(tmp_path):
    rows = "\n".join(f"{n}|{row}" for n, row in enumerate(BALANCE.strip().splitlines(), start=1))
    head = "序号^2|收入<2|支出<2\n项  目|预算数|项  目|预算数\n栏次|1|2|3|4"
    conversion = convert_text(tmp_path, f"{TITLE}部门收支总表\n单位：万元\n{head}\n{rows}")
    assert figures(conversion, "t1-revenue") == {"_T": "100.00", "general": "90.00", "ownFunds": "10.00"}
    assert figures(conversion, "t1-functional") == {"_T": "100.00", "201": "100.00"}
    assert codes(conversion) == set()


@pytest.mark.parametrize("fund", ["政府基金预算财政拨款", "基金预算财政拨款", "政府性基金预算财政拨款"])
def test_a_fund_by_another_name_is_no_appropriation(tmp_path, fund):
    rows = "\n212|城乡社区支出|90.00||90.00\n合计<2|90.00||90.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}单位预算{fund}支出表\n单位：万元\n{HEAD}{rows}")
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, data_set.fund) == ("fund-expenditure", "govFund")


def test_three_public_by_item_with_columns_of_funds(tmp_path):
    table = """单位预算财政拨款“三公”经费支出表
单位：万元
序号|项目|合计|一般公共预算拨款|基金预算拨款
1|“三公”经费小计|9.00|8.00|1.00
2|一、因公出国（境）费用|||
3|二、公务用车购置及运维费|7.00|6.00|1.00
4|其中：公务用车购置费|||
5|公务用车运行维护费|7.00|6.00|1.00
6|三、公务接待费|2.00|2.00|
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1") == {
        "_T": "9.00",
        "general": "8.00",
        "govFund": "1.00",
        "vehicles": "7.00",
        "vehicles general": "6.00",
        "vehicles govFund": "1.00",
        "vehicleRunning": "7.00",
        "vehicleRunning general": "6.00",
        "vehicleRunning govFund": "1.00",
        "reception": "2.00",
        "reception general": "2.00",
    }
    assert codes(conversion) == set()


FINAL = "云岭市测绘服务局2024年度部门决算\n\n"
STATISTICS = """“三公”经费、行政参公单位机关运行经费情况表
金额单位：元
项目|行次|预算数|决算统计数
栏次|—|1|2
一、“三公”经费支出|1|—|—
（一）支出合计|2|90|80
1．因公出国（境）费|3||
2．公务用车购置及运行维护费|4|70|65
（1）公务用车购置费|5||
（2）公务用车运行维护费|6|70|65
3．公务接待费|7|20|15
（二）相关统计数|8|—|—
1．公务用车保有量（辆）|9|—|4
2．国内公务接待批次（个）|10|—|88
"""


def test_dashes_beside_counts_state_nothing(tmp_path):
    conversion = convert_text(tmp_path, FINAL + STATISTICS)
    spent = {"_T": "80", "vehicles": "65", "vehicleRunning": "65", "reception": "15"}
    budget = {"_T": "90", "vehicles": "70", "vehicleRunning": "70", "reception": "20"}
    assert (figures(conversion, "t1"), figures(conversion, "t1-budget")) == (spent, budget)
    assert codes(conversion) == set()


def test_a_whole_code_behind_its_pieces(tmp_path):
    rows = """201|||201|一般公共服务支出|90.00
201|03||20103|政府办公厅（室）及相关机构事务|90.00
201|03|01|2010301|行政运行|90.00"""
    head = "科目编码<3|科目代码^2|科目名称^2|合计^2\n类|款|项"
    table = f"{TITLE}支出总表\n单位：万元\n{head}\n||||合计|90.00\n{rows}"
    conversion = convert_text(tmp_path, table)
    assert figures(conversion, "t1") == {"_T": "90.00", "201": "90.00", "20103": "90.00", "2010301": "90.00"}
    assert codes(conversion) == set()


def test_a_row_of_the_body_itself_repeats_the_total(tmp_path):
    own = "021|云岭市测绘服务局|90.00|60.00|30.00\n021001|云岭市测绘服务局|90.00|60.00|30.00"
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n单位：万元\n{HEAD}\n{own}{FUNCTIONS}")
    assert figures(conversion, "t1")["_T"] == "90.00"
    assert [d.unit for d in conversion.budget.data_sets] == [None]
    assert faults(conversion) == set()


def test_a_row_of_another_body_is_listed(tmp_path):
    conversion = convert_text(
        tmp_path, f"{TITLE}支出总表\n单位：万元\n{HEAD}\n021002|云岭市地图院|5.00|5.00|{FUNCTIONS}"
    )
    assert codes(conversion) == {"unknown-row"}


def test_what_is_under_an_uncertain_head_is_no_part_of_the_year(tmp_path):
    head = "科目编码^2|科目名称^2|总计^2|本年收入<2|上年结转^2\n一般公共预算|其他资金"
    rows = "201|一般公共服务支出|90.00|60.00|25.00|5.00\n合计<2|90.00|60.00|25.00|5.00"
    conversion = convert_text(tmp_path, f"{TITLE}收入总表\n单位：万元\n{head}\n{rows}")
    assert "201 current" not in figures(conversion, "t1")
    assert figures(conversion, "t1")["201 general"] == "60.00"
    assert codes(conversion) == {"unknown-column"}


def test_balances_of_the_general_budget_in_columns(tmp_path):
    head = """项目<2|年初结转和结余<2|本年收入<2|本年支出<3|年末结转和结余^2
科目编码|科目名称|合计|基本支出结转|合计|基本支出|合计|基本支出|项目支出"""
    amounts = "5.00|5.00|95.00|60.00|90.00|65.00|25.00|10.00"
    rows = f"201|一般公共服务支出|{amounts}\n合计<2|{amounts}"
    table = f"{FINAL}一般公共预算财政拨款收入支出决算表\n单位：万元\n{head}\n{rows}"
    conversion = convert_text(tmp_path, table)
    assert {d.table_kind for d in conversion.budget.data_sets} == {"general-expenditure"}
    assert figures(conversion, "t1")["201 basic"] == "65.00"
    assert figures(conversion, "t1-revenue") == {
        "201 carriedForward": "5.00",
        "201 carriedForward.basic": "5.00",
        "201 current": "95.00",
        "carriedForward": "5.00",
        "carriedForward.basic": "5.00",
        "current": "95.00",
    }
    assert figures(conversion, "t1-revenue-of-which") == {"201 current.basic": "60.00", "current.basic": "60.00"}
    assert codes(conversion) | faults(conversion) == set()
    assert figures(conversion, "t1-carried") == {"201 carryForward": "10.00", "carryForward": "10.00"}


def _missing(conversion):
    """Return the kinds of tables that the rules say are missing."""
    report = validate(statements(conversion))
    return {r.value.text.rpartition("/")[2] for r in report.results if r.rule == "ST-1" and r.value}


def test_a_table_that_is_not_converted_is_not_missing(tmp_path):
    titles = ("支出总表", "一般公共预算支出表", "政府性基金预算支出表")
    read = TITLE + "".join(f"\n{title}\n单位：万元\n{HEAD}{FUNCTIONS}" for title in titles)
    odd = "\n部门收入总表\n单位：万元\n甲类|乙类|丙类\n1.00|2.00|3.00\n"
    missing = _missing(convert_text(tmp_path, read))
    assert {"revenue", "balance"} <= missing
    conversion = convert_text(tmp_path, read + odd)
    assert conversion.budget.unconverted_kinds == ("revenue",)
    assert _missing(conversion) == missing - {"revenue"}
    assert "unknown-table" in codes(conversion)


@pytest.mark.parametrize(
    ("front", "name"),
    [
        ("2022年度云岭市测绘服务局\n部门决算公开", "云岭市测绘服务局"),
        ("云岭市测绘服务局\n2022年部门决算\n第二部分 2022年度部门决算情况说明", "云岭市测绘服务局"),
        ("第一部分 2022年度部门决算情况说明\n云岭市测绘服务局2022年度部门决算", "云岭市测绘服务局"),
    ],
)
def test_the_heading_of_a_part_names_no_body(tmp_path, front, name):
    conversion = convert_text(tmp_path, f"{front}\n\n支出决算表\n单位：万元\n{HEAD}{FUNCTIONS}")
    assert (conversion.budget.department.names[0], conversion.budget.fiscal_year) == (name, 2022)


def _found(conversion):
    return {r.rule for r in validate(statements(conversion)).results}


@pytest.mark.parametrize(("note", "found"), [("注：故本表为空表。", True), ("注：本表反映部门支出情况。", False)])
def test_a_note_that_says_empty_below_a_table_that_is_not(tmp_path, note, found):
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n单位：万元\n{HEAD}{FUNCTIONS}\n{note}\n")
    assert ("TX-11" in _found(conversion)) == found


TEXT = "\n二、支出预算情况说明\n{}\n"
TABLE = f"支出总表\n单位：万元\n{HEAD}{FUNCTIONS}"


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("2024年支出预算90万元。", False),
        ("2021年支出预算90万元。", True),
        ("2024年支出预算90万元，2023年支出预算90万元。", False),
        ("2021年支出预算80万元。", False),
    ],
)
def test_the_year_of_a_figure(tmp_path, sentence, found):
    conversion = convert_text(tmp_path, TITLE + TABLE + TEXT.format(sentence))
    assert ("NR-12" in _found(conversion)) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [("增加10万元，增长12.5%", False), ("增加10万元，下降12.5%", True), ("减少10万元，增长10%", True)],
)
def test_words_of_a_change(tmp_path, words, found):
    conversion = convert_text(tmp_path, TITLE + TABLE + TEXT.format(f"2024年支出预算90万元，比2023年{words}。"))
    assert ("YY-6" in _found(conversion)) == found


def test_a_share_is_of_the_whole_that_it_fits(tmp_path):
    text = "收入合计100万元，其中本年收入80万元，包括：财政拨款收入40万元，占50%；事业收入40万元，占{}%。"
    for percent, found in (("50", False), ("40", False), ("45", True)):
        said = f"{TITLE}{TABLE}\n二、收入预算情况说明\n{text.format(percent)}\n"
        assert ("PC-1" in _found(convert_text(tmp_path, said))) == found


def test_what_the_text_calls_a_source_is_the_row_of_that_name(tmp_path):
    rows = """一、一般公共预算拨款收入|100.00|一、一般公共服务支出|100.00
经费拨款|70.00||
纳入一般公共预算管理的非税收入拨款|30.00||
收入总计|100.00|支出总计|100.00"""
    table = f"部门收支总表\n单位：万元\n收入<2|支出<2\n项目|预算数|项目|预算数\n{rows}\n"
    text = "\n一、部门收支总体情况说明\n2024年收入预算100万元，其中：一般公共预算拨款收入100万元。\n"
    assert "NR-1" not in _found(convert_text(tmp_path, TITLE + table + text))


def test_the_years_own_revenue_is_no_total_beside_what_is_carried_forward(tmp_path):
    rows = """一、一般公共预算拨款收入|90.00|一、一般公共服务支出|100.00
本年收入合计|90.00|本年支出合计|100.00
上年结转|10.00||
收入总计|100.00|支出总计|100.00"""
    table = f"部门收支总表\n单位：万元\n收入<2|支出<2\n项目|预算数|项目|预算数\n{rows}\n"
    text = "\n一、部门收支总体情况说明。\n2024年收入总计100万元，其中：本年收入合计{}万元，上年结转10万元。\n"
    for amount, found in (("90", False), ("95", True)):
        conversion = convert_text(tmp_path, TITLE + table + text.format(amount))
        assert ("NR-1" in _found(conversion)) == found


@pytest.mark.parametrize("mark", ["**", "--", "—"])
def test_columns_without_a_number_in_a_line_of_numbers(tmp_path, mark):
    table = f"""一般公共预算“三公”经费支出表
单位：万元
单位编码^2|单位名称^2|合计^2|因公出国（境）费^2|公务接待费^2|公务用车购置及运行维护费<3
小计|公务用车运行维护费|公务用车购置
{mark}|{mark}|1|2|3|4|5|6
|合计|9.90||2.11|7.79|7.79|
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1") == {
        "_T": "9.90",
        "reception": "2.11",
        "vehicles": "7.79",
        "vehicleRunning": "7.79",
    }
    assert conversion.budget.units == ()
    assert conversion.coverage.explained["column-number"] == 6
    assert codes(conversion) == set()


def test_the_first_label_of_a_list_has_no_amounts(tmp_path):
    table = """“三公”经费预算情况统计表
单位：万元
项目|2023年预算数|2024年预算数|增减额
因公出国（境）费|||
公务接待费|1.11|1.37|0.26
公务用车购置及运行费|5.23|4.39|-0.84
合计|6.34|5.76|-0.58
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert [figures(conversion, d.id) for d in conversion.budget.data_sets] == [
        {"reception": "1.37", "vehicles": "4.39", "_T": "5.76"},
        {"reception": "1.11", "vehicles": "5.23", "_T": "6.34"},
    ]
    assert codes(conversion) == set()


@pytest.mark.parametrize(("word", "depth"), [("（按功能分类）", 2), ("名称", 2), ("因公出国（境）费", 1)])
def test_the_words_that_go_on_below_the_head_of_a_list_are_header(word, depth):
    rows = [["项目", "合计", "基本支出"], [word, "", ""], ["其他", "9.00", "9.00"]]
    cells = (tuple(Cell(text, row, column) for column, text in enumerate(line)) for row, line in enumerate(rows))
    assert header_depth(Grid(tuple(cells))) == depth


def test_basic_expenditure_of_all_appropriations_by_class(tmp_path):
    table = """财政拨款基本支出表（经济科目）
单位：万元
部门预算支出经济分类科目<2|本年财政拨款基本支出<3
科目编码|科目名称|合计|人员经费|公用经费
合计<2|9.00|7.00|2.00
301|工资福利支出|7.00|7.00|
302|商品和服务支出|2.00||2.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, data_set.fund) == ("appropriation-basic", "appropriation")
    assert figures(conversion, data_set.id) == {
        "basic": "9.00",
        "personnel": "7.00",
        "public": "2.00",
        "301 basic": "7.00",
        "301 personnel": "7.00",
        "302 basic": "2.00",
        "302 public": "2.00",
    }
    assert codes(conversion) == set()


def test_what_a_department_carried_over(tmp_path):
    head = "科目编码|科目名称|总计|一般公共预算|部门结转结余"
    rows = "201|一般公共服务支出|9.00|8.00|1.00\n合计<2|9.00|8.00|1.00"
    conversion = convert_text(tmp_path, f"{TITLE}收入总体情况表\n单位：万元\n{head}\n{rows}\n")
    carried = {"201": "9.00", "201 general": "8.00", "201 carriedForward": "1.00"}
    assert figures(conversion, "t1") == carried | {"_T": "9.00", "general": "8.00", "carriedForward": "1.00"}
    assert codes(conversion) == set()


def test_goods_and_services_by_their_short_name(tmp_path):
    head = "科目编码^2|科目名称^2|合计^2|公用经费<3|项目支出^2\n小计|商品服务支出|资本性支出"
    rows = "201|一般公共服务支出|9.00|8.00|7.00|1.00|1.00\n合计<2|9.00|8.00|7.00|1.00|1.00"
    conversion = convert_text(tmp_path, f"{TITLE}支出总体情况表\n单位：万元\n{head}\n{rows}\n")
    of_class = {
        "201": "9.00",
        "201 public": "8.00",
        "201 public 302": "7.00",
        "201 public 310": "1.00",
        "201 project": "1.00",
    }
    assert figures(conversion, "t1").items() >= of_class.items()
    assert codes(conversion) == set()


BY_YEAR = """预算单位^2|年度^2|“三公”经费财政拨款预算总额^2|因公出国（境）费用^2|公务接待费^2|公务用车购置和运行维护费<3
小计|公务用车购置费|公务用车运行维护费
云岭市测绘服务局本级^2|2023年|6.00||1.00|5.00||5.00
2024年|5.00||1.00|4.00||4.00
云岭市界桩管护中心^2|2023年|3.00||1.00|2.00||2.00
2024年|3.00||1.00|2.00||2.00"""
BY_ITEM = """单位名称|项目|2023年预算数|2024年预算数
云岭市测绘服务局本级^4|合计|6.00|5.00
公务接待费|1.00|1.00
公务用车购置及运行费|5.00|4.00
其中：公务用车运行费|5.00|4.00
云岭市界桩管护中心^4|合计|3.00|3.00
公务接待费|1.00|1.00
公务用车购置及运行费|2.00|2.00
其中：公务用车运行费|2.00|2.00"""


@pytest.mark.parametrize("table", [BY_YEAR, BY_ITEM])
def test_three_public_of_several_years_of_each_unit(tmp_path, table):
    conversion = convert_text(tmp_path, f"{TITLE}“三公”经费预算情况表\n单位：万元\n{table}\n")
    found = {
        (data_set.unit, data_set.year or figure.year, figure.dimensions.get("threePublic")): figure.text
        for data_set in conversion.budget.data_sets
        for figure in data_set.figures
    }
    assert len(found) == 16
    assert {unit for unit, _, _ in found} == {"云岭市测绘服务局本级", "云岭市界桩管护中心"}
    assert found["云岭市界桩管护中心", 2023, "vehicles"] == "2.00"
    assert codes(conversion) == set()


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("部门收入总表", ["一、一般公共预算拨款收入|6.00", "二、事业收入|1.00", "收入总计|7.00"]),
        ("部门支出总表", ["一、基本支出|6.00", "二、项目支出|1.00", "支出总计|7.00"]),
        ("一般公共预算机关运行经费表", ["合计|6.00"]),
    ],
)
def test_rows_beside_a_unit_are_that_units(tmp_path, title, rows):
    table = f"单位名称|项目|2024年预算数\n云岭市界桩管护中心^{len(rows)}|" + "\n".join(rows)
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{table}\n")
    units = {data_set.unit for data_set in conversion.budget.data_sets for _ in data_set.figures}
    assert units == {"云岭市界桩管护中心"}
    assert codes(conversion) == set()
