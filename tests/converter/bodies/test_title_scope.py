"""Titles by which amounts are not those of the whole budget of the year."""

import pytest

from budgetgraph.converter.bodies.title_scope import compared_phase
from budgetgraph.converter.exceptions import SourceError
from tests.converter.publications import FUNCTIONS, SPENDING, TITLE, codes, convert_text, figures

HEAD = "\n单位：万元\n科目编码|科目名称|合计|基本支出|项目支出"


@pytest.mark.parametrize(
    "title",
    [
        "2024年上半年部门支出总表", "2024年1-6月部门支出总表", "2024年第一季度部门支出总表", "2024年6月部门支出总表",
        "部门支出总表（1—6月）", "截至2024年6月底部门支出总表", "2024年部门支出总表（追加）",
        "2024年提前下达部门支出总表",
        "2024年部门支出总表（不含下属学校）", "债务还本付息部门支出总表", "代编部门支出总表",
        "行政事业类项目部门支出总表", "“三保”部门支出总表", "部门支出总表（民生支出）", "部门支出总表（上级补助）",
        "中央专项部门支出总表", "部门支出总表（省级资金）", "部门支出总表（离退休）",
        "2024年所属单位部门支出总表", "部门支出总表（待分配）", "部门支出总表（二次调整）", "2024年调整后部门支出总表",
    ],
)  # fmt: skip
def test_a_part_of_the_year_or_of_the_budget_is_listed(tmp_path, title):
    conversion = convert_text(tmp_path, TITLE + SPENDING + f"\n{title}{HEAD}{FUNCTIONS}")
    assert [d.table_kind for d in conversion.budget.data_sets if d.figures] == ["general-expenditure"]
    assert codes(conversion) == {"other-scope"}
    assert conversion.coverage.unexplained == 0


@pytest.mark.parametrize(
    "title",
    [
        "2024年部门支出总表", "2024年1-12月部门支出总表", "部门支出总表（2024年3月15日）",
        "2024年部门支出总表（含上年结转）",
        "2024年部门支出总表（按功能科目分-不含上年结转）",
        "2024年部门支出总表（不含上级专项资金）",
        "局机关及所属单位部门支出总表", "部门支出总表（含上级补助）", "云岭市离退休干部活动中心部门支出总表",
    ],
)  # fmt: skip
def test_the_whole_budget_is_read(tmp_path, title):
    conversion = convert_text(tmp_path, f"{TITLE}{title}{HEAD}{FUNCTIONS}")
    assert [d.table_kind for d in conversion.budget.data_sets if d.figures] == ["expenditure"]
    assert codes(conversion) == set()


@pytest.mark.parametrize(
    "title",
    [
        "2024-2026年部门支出总表",
        "2022—2024年部门支出总表",
        "部门支出总表（2024年至2026年）",
        "2023年、2024年部门支出总表",
    ],
)
def test_amounts_of_several_years_together_are_listed(tmp_path, title):
    conversion = convert_text(tmp_path, TITLE + SPENDING + f"\n{title}{HEAD}{FUNCTIONS}")
    assert [d.table_kind for d in conversion.budget.data_sets if d.figures] == ["general-expenditure"]
    assert codes(conversion) == {"other-year"}


@pytest.mark.parametrize("heads", ["2023年执行数|2024年预算数", "上年执行数|本年预算数"])
def test_a_table_of_several_years_is_read_where_its_columns_say_the_year(tmp_path, heads):
    table = f"2023—2024年一般公共预算支出对比表\n单位：万元\n科目编码|科目名称|{heads}\n"
    rows = "201|一般公共服务支出|80.00|90.00\n合计<2|80.00|90.00\n"
    conversion = convert_text(tmp_path, TITLE + table + rows)
    assert {d.year: [f.text for f in d.figures] for d in conversion.budget.data_sets} == {
        2023: ["80.00", "80.00"],
        None: ["90.00", "90.00"],
    }


@pytest.mark.parametrize(
    "title",
    ["部门支出总表增减情况表", "2024年部门支出总表比上年变动表", "部门支出总表（压减）", "部门支出总表同比情况"],
)
def test_amounts_that_may_be_changes_are_listed(tmp_path, title):
    conversion = convert_text(tmp_path, TITLE + SPENDING + f"\n{title}{HEAD}{FUNCTIONS}")
    assert [d.table_kind for d in conversion.budget.data_sets if d.figures] == ["general-expenditure"]
    assert codes(conversion) == {"other-scope"}


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        (
            "一般公共预算支出增减变动情况表\n单位：万元\n科目编码|科目名称|上年预算数|本年预算数|增减额\n"
            "201|一般公共服务支出|80.00|90.00|10.00\n合计<2|80.00|90.00|10.00\n",
            {-1: ["80.00", "80.00"], 0: ["90.00", "90.00"]},
        ),
        (
            "“三公”经费增减变动情况表\n单位：万元\n项目|合计|因公出国（境）费|公务接待费\n"
            "上年预算数|7.00|5.00|2.00\n本年预算数|6.00|5.00|1.00\n增减额|-1.00|0.00|-1.00\n",
            {-1: ["7.00", "5.00", "2.00"], 0: ["6.00", "5.00", "1.00"]},
        ),
    ],
)
def test_a_table_of_changes_is_read_where_columns_or_rows_say_the_year(tmp_path, table, texts):
    conversion = convert_text(tmp_path, TITLE + table)
    assert {(d.year or 2024) - 2024: [f.text for f in d.figures] for d in conversion.budget.data_sets} == texts
    assert codes(conversion) == set()


def test_a_table_of_units_that_names_them_is_read(tmp_path):
    rows = "云岭市地图院|30.00|30.00\n云岭市档案馆|60.00|60.00\n合计|90.00|90.00\n"
    table = f"所属单位收入总表\n单位：万元\n单位名称|合计|一般公共预算\n{rows}"
    conversion = convert_text(tmp_path, TITLE + table)
    assert {d.unit for d in conversion.budget.data_sets if d.figures} == {None, "云岭市地图院", "云岭市档案馆"}
    assert codes(conversion) == set()


def test_an_adjusted_budget_is_read_where_each_column_says_which_it_is(tmp_path):
    table = "一般公共预算支出调整预算表\n单位：万元\n科目编码|科目名称|年初预算数|调整预算数\n"
    rows = "201|一般公共服务支出|80.00|90.00\n合计<2|80.00|90.00\n"
    conversion = convert_text(tmp_path, TITLE + table + rows)
    assert {d.phase: [f.text for f in d.figures] for d in conversion.budget.data_sets} == {
        None: ["80.00", "80.00"],
        "adjusted": ["90.00", "90.00"],
    }


@pytest.mark.parametrize(
    "title",
    [
        "示例局2024年1-6月部门预算执行情况",
        "示例局2024年部门预算执行情况",
        "示例局2024年部门预算调整公开",
        "示例局2024年上半年部门预算公开",
        "示例局2024-2026年部门预算",
        "示例局2024年至2026年中期支出预算",
    ],
)
def test_what_is_neither_budget_nor_final_account_is_refused(tmp_path, title):
    with pytest.raises(SourceError, match="neither the budget nor the final account"):
        convert_text(tmp_path, f"{title}\n{SPENDING}")


def test_years_of_a_plan_beside_that_of_the_budget_do_not_matter(tmp_path):
    conversion = convert_text(tmp_path, f"示例局2024年部门预算及2024-2026年规划\n{SPENDING}")
    assert conversion.budget.fiscal_year == 2024


def test_a_month_behind_a_title_is_when_it_was_published(tmp_path):
    conversion = convert_text(tmp_path, f"示例局2024年部门预算 2024年2月\n{SPENDING}")
    assert (conversion.budget.phase, conversion.budget.fiscal_year) == ("budget", 2024)


def test_a_final_account_may_speak_of_its_execution(tmp_path):
    conversion = convert_text(
        tmp_path, "示例局2024年部门决算（预算执行情况）\n" + SPENDING.replace("支出表", "财政拨款支出决算表")
    )
    assert (conversion.budget.phase, conversion.budget.fiscal_year) == ("final", 2024)


@pytest.mark.parametrize(
    ("title", "phase"),
    [
        ("2022年一般公共预算支出预算对比表", "budget"),
        ("2022年收支预算与2021年预算比较表", "budget"),
        ("收入决算对比表", "final"),
        ("支出决算与上年决算对比表", "final"),
        ("2022年预算与上年对比表", None),
        ("预算执行对比表", None),
        ("决算与预算对比表", None),
        ("2021年预算执行与2022年预算对比表", None),
        ("一般公共预算支出表", None),
    ],
)
def test_what_is_compared_between_years(title, phase):
    assert compared_phase(title) == phase


@pytest.mark.parametrize(("title", "known"), [("一般公共预算支出预算对比表", True), ("一般公共预算支出对比表", False)])
def test_a_title_says_what_the_figures_of_the_year_before_are(tmp_path, title, known):
    rows = "科目编码|科目名称|2023年|2024年|增减\n201|一般公共服务支出|80.00|90.00|10.00\n合计<2|80.00|90.00|10.00\n"
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{rows}")
    assert figures(conversion, "t1") == {"201": "90.00", "_T": "90.00"}
    before = {(d.year, d.phase): len(d.figures) for d in conversion.budget.data_sets if d.year}
    assert before == ({(2023, None): 2} if known else {})
    assert codes(conversion) == (set() if known else {"unknown-phase"})


@pytest.mark.parametrize(
    ("line", "column", "converted"),
    [
        ("2023年度　单位：万元", "合计", False),
        ("预算年度：2025　金额单位：万元", "合计", False),
        ("2024年度　单位：万元", "合计", True),
        ("填报日期：2023年12月20日　单位：万元", "合计", True),
        ("2023年度　单位：万元", "2024年预算数", True),
    ],
)
def test_a_line_above_the_table_that_names_another_year(tmp_path, line, column, converted):
    table = f"部门支出总表\n{line}\n科目编码|科目名称|{column}\n201|一般公共服务支出|9.00\n合计<2|9.00\n"
    conversion = convert_text(tmp_path, TITLE + table)
    assert bool(figures(conversion, "t1")) is converted
    assert ("other-year" in codes(conversion)) is not converted
