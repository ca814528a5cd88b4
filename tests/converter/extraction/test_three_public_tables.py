"""Tables of the three public expenses: years and phases as rows or as columns, with and without differences."""

import pytest

from budgetgraph.converter.rdf.cube import leaf_flags
from budgetgraph.shapes.validation import validate
from tests.converter.publications import SPENDING, TITLE, codes, convert_text, faults, figures, statements

ITEMS = "因公出国（境）费用|公务接待费|公务用车购置和运行维护费<3"
FINAL = "云岭市测绘服务局2023年度部门决算\n\n"
PARTS = "小计|公务用车购置费|公务用车运行维护费"


def _years(*rows: str, title="“三公”经费支出表", first="年度", total="“三公”经费预算总额"):
    heads = "|".join(f"{head}^2" for head in (first, total, *ITEMS.split("|")[:2]))
    lines = "\n".join(rows)
    return f"{TITLE}一般公共预算{title}\n单位：万元\n{heads}|公务用车购置和运行维护费<3\n{PARTS}\n{lines}\n"


def _sets(conversion):
    """Return what is printed of each year and phase."""
    return {(d.year, d.phase): figures(conversion, d.id) for d in conversion.budget.data_sets}


THIS = {"_T": "18.00", "reception": "4.00", "vehicles": "14.00", "vehiclePurchase": "0.00", "vehicleRunning": "14.00"}
BEFORE = {**THIS, "_T": "20.00", "reception": "5.00", "vehicles": "15.00", "vehicleRunning": "15.00"}


@pytest.mark.parametrize(
    ("first", "last_year", "this_year"),
    [
        ("年度", "2023年", "2024年"),
        ("年度", "2023", "2024"),
        ("年份", "2023年度", "2024年度"),
        ("项目", "上年预算数", "本年预算数"),
        ("预算年度", "一、2023年预算数", "二、2024年预算数"),
    ],
)
def test_a_row_for_each_year(tmp_path, first, last_year, this_year):
    rows = (f"{last_year}|20.00||5.00|15.00|0.00|15.00", f"{this_year}|18.00||4.00|14.00|0.00|14.00")
    for order in (rows, rows[::-1]):
        conversion = convert_text(tmp_path, _years(*order, first=first))
        assert _sets(conversion) == {(None, None): THIS, (2023, None): BEFORE}
        assert codes(conversion) == set()
        assert conversion.coverage.unexplained == 0
    for data_set in conversion.budget.data_sets:
        flags = leaf_flags(data_set, conversion.budget)
        leaves = [f.text for f, leaf in zip(data_set.figures, flags, strict=True) if leaf]
        assert len(leaves) == 3
        assert sum(map(float, leaves)) == float(figures(conversion, data_set.id)["_T"])


def test_rows_of_differences_state_nothing(tmp_path):
    rows = ("上年执行数|20.00||5.00|15.00|0.00|15.00", "本年预算数|18.00||4.00|14.00|0.00|14.00")
    more = ("增减额|-2.00||-1.00|-1.00||-1.00", "增减率（%）|-10.00||-20.00|-6.67||-6.67")
    conversion = convert_text(tmp_path, _years(*rows, *more, first="项目", total="合计"))
    assert _sets(conversion) == {(None, None): THIS, (2023, "executed"): BEFORE}
    assert conversion.coverage.explained == {"derived": 8}
    assert codes(conversion) == set()


def test_a_total_over_years_is_listed(tmp_path):
    rows = ("2023年|20.00||5.00|15.00|0.00|15.00", "合计|20.00||5.00|15.00|0.00|15.00")
    conversion = convert_text(tmp_path, _years(*rows))
    assert _sets(conversion) == {(2023, None): BEFORE}
    assert codes(conversion) == {"unknown-row"}


def test_an_earlier_year_without_a_phase_is_listed(tmp_path):
    rows = ("2023年|20.00||5.00|15.00|0.00|15.00", "2024年|18.00||4.00|14.00|0.00|14.00")
    conversion = convert_text(tmp_path, _years(*rows, total="合计"))
    assert _sets(conversion) == {(None, None): THIS}
    assert codes(conversion) == {"unknown-phase"}
    assert conversion.coverage.explained["unknown-column"] == 5


def test_a_row_and_a_column_that_contradict_each_other_are_listed(tmp_path):
    rows = ("2023年决算数|20.00||5.00|15.00|0.00|15.00", "2024年预算数|18.00||4.00|14.00|0.00|14.00")
    conversion = convert_text(tmp_path, _years(*rows))
    assert _sets(conversion)[None, None] == THIS
    assert "_T" not in _sets(conversion)[2023, "final"]
    assert codes(conversion) == {"unknown-phase"}


def test_the_money_of_all_budgets(tmp_path):
    text = _years("2024年|18.00||4.00|14.00|0.00|14.00")
    title = "财政拨款（含一般公共预算和政府性基金预算）“三公”经费支出表"
    conversion = convert_text(tmp_path, text.replace("一般公共预算“三公”经费支出表", title))
    (data_set,) = conversion.budget.data_sets
    assert (data_set.table_kind, data_set.fund) == ("three-public", "appropriation")
    assert figures(conversion, data_set.id) == THIS


@pytest.mark.parametrize(
    ("header", "sets"),
    [
        ("项目|上年预算数|本年预算数|增减额|增减率（%）", {(2023, None), (None, None)}),
        ("项目|2023年预算数|2024年预算数|2024年比2023年增减|变动原因", {(2023, None), (None, None)}),
        ("项目名称|2023年执行数|2024年预算数|增减额|变动比例", {(2023, "executed"), (None, None)}),
        ("项 目|2023年决算数|2024年预算|比上年增减情况（%）|增减变动原因说明", {(2023, "final"), (None, None)}),
    ],
)
def test_items_as_rows_and_years_as_columns(tmp_path, header, sets):
    rows = """
合计|20.00|18.00|-2.00|
1.因公出国（境）费用||||
2.公务接待费|5.00|4.00|-1.00|
3.公务用车购置及运行维护费|15.00|14.00|-1.00|
其中：（1）公务用车购置费|0.00|0.00||
（2）公务用车运行维护费|15.00|14.00|-1.00|
"""
    conversion = convert_text(tmp_path, f"{TITLE}一般公共预算“三公”经费预算情况表\n单位：万元\n{header}{rows}")
    printed = _sets(conversion)
    assert set(printed) == sets
    assert printed[None, None] == THIS
    assert next(v for k, v in printed.items() if k[0]) == BEFORE
    assert conversion.coverage.explained == {"derived": 4}
    assert codes(conversion) == set()


def test_a_final_account_that_names_no_fund_is_of_all_money(tmp_path):
    text = """
云岭市测绘服务局2023年度部门决算

“三公”经费支出决算表
金额单位：元
项目|年初预算数|全年预算数|决算数
合计|300.00|250.00|180.00
一、因公出国（境）费|0.00|0.00|0.00
二、公务接待费|300.00|250.00|180.00
"""
    conversion = convert_text(tmp_path, text)
    assert {d.fund for d in conversion.budget.data_sets} == {"_T"}
    assert {(d.phase, figures(conversion, d.id)["_T"]) for d in conversion.budget.data_sets} == {
        (None, "180.00"),
        ("budget", "300.00"),
        ("adjusted", "250.00"),
    }
    assert codes(conversion) == set()


CARS = "公务用车购置及运行维护费"


def test_conferences_and_training_beside_the_three_public_expenses(tmp_path):
    text = f"""{TITLE}一般公共预算“三公”经费、会议费、培训费支出预算表
单位：万元
合计^3|“三公”经费<6|会议费^3|培训费^3
小计^2|因公出国（境）费^2|{CARS}<3|公务接待费^2
小计|公务用车购置费|公务用车运行费
30.00|20.00||15.00||15.00|5.00|6.00|4.00
"""
    conversion = convert_text(tmp_path, text)
    assert {d.id: d.table_kind for d in conversion.budget.data_sets} == {
        "t1": "three-public",
        "t1-all": "three-public-conference-training",
        "t1-conference-training": "conference-training",
    }
    assert figures(conversion, "t1") == {
        "_T": "20.00",
        "vehicles": "15.00",
        "vehicleRunning": "15.00",
        "reception": "5.00",
    }
    assert figures(conversion, "t1-all") == {"_T": "30.00"}
    assert figures(conversion, "t1-conference-training") == {"30215": "6.00", "30216": "4.00"}
    assert codes(conversion) | faults(conversion) == set()


def test_two_years_of_them_and_their_differences(tmp_path):
    year = "合计^2|一般公共预算拨款安排的“三公”经费预算<3|会议费^2|培训费^2"
    parts = f"小计|{CARS}|公务接待费"
    text = f"""{TITLE}部门综合预算一般公共预算拨款“三公”经费及会议费、培训费支出预算表
单位：万元
单位编码^3|单位名称^3|2023年<6|2024年<6|增减变化情况<6
{year}|{year}|{year}
{parts}|{parts}|{parts}
|合计|12.00|9.00|6.00|3.00|1.00|2.00|11.00|8.00|6.00|2.00|1.00|2.00|-1.00|-1.00||-1.00||
121|云岭市测绘服务局|12.00|9.00|6.00|3.00|1.00|2.00|11.00|8.00|6.00|2.00|1.00|2.00|-1.00|-1.00||-1.00||
"""
    conversion = convert_text(tmp_path, text)
    assert {d.id: figures(conversion, d.id) for d in conversion.budget.data_sets} == {
        "t1": {"_T": "8.00", "vehicles": "6.00", "reception": "2.00"},
        "t1-2023": {"_T": "9.00", "vehicles": "6.00", "reception": "3.00"},
        "t1-all": {"_T": "11.00"},
        "t1-conference-training": {"30215": "1.00", "30216": "2.00"},
    }
    # What the earlier year's other columns are of, budget or account, no header says.
    assert codes(conversion) == {"unknown-phase"}


@pytest.mark.parametrize(("bought", "expected"), [("1", {"TP-1"}), ("0", set())])
def test_vehicles_that_the_text_counts_and_the_table_has_no_money_for(tmp_path, bought, expected):
    table = _years("2024年|18.00||4.00|14.00|0.00|14.00")
    text = f"{table}\n六、一般公共预算“三公”经费支出情况说明\n购置公务用车 {bought} 辆，公务用车保有量 5 辆。\n"
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "activities") == {"vehicles-bought": bought, "vehicles-kept": "5"}
    report = validate(statements(conversion))
    assert {result.rule for result in report.results if result.rule.startswith("TP")} == expected
    assert {result.rule for result in report.results if result.rule.startswith("QB")} <= {"QB-8x"}


def _items(title, heads, *rows):
    return (
        f"示例县云岭镇2024年部门{'决算' if '决算' in title else '预算'}\n{title}\n单位：万元\n{heads}\n"
        + "\n".join(rows)
        + "\n"
    )


ROWS = (
    "合计|{}", "1.因公出国（境）费|{}", "2.公务接待费|{}", "3.公务用车购置及运行费|{}",
    "其中：（1）公务用车购置费|{}", "（2）公务用车运行费|{}",
)  # fmt: skip


@pytest.mark.parametrize(
    ("title", "heads", "fund", "before"),
    [
        (
            "2024年示例县云岭镇“三公”经费预算财政拨款情况统计表",
            "项目^2|2023年预算数^2|2024年预算数^2|比上年增、减情况<2\n增、减金额|增、减幅度",
            "appropriation",
            (2023, None),
        ),
        (
            "示例县云岭镇2024年“三公”经费决算情况统计表",
            "项目^2|上年决算数^2|本年决算数^2|比上年增、减情况<2\n增、减金额|增、减幅度",
            "_T",
            (2023, None),
        ),
    ],
)
def test_statistics_of_two_years_beside_differences(tmp_path, title, heads, fund, before):
    values = ("18|22|4|22%", "||", "3|7|4|133%", "15|15|0|0", "||", "15|15|0|0")
    rows = [row.format(v if v != "||" else "|||") for row, v in zip(ROWS, values, strict=True)]
    conversion = convert_text(tmp_path, _items(title, heads, *rows))
    this = {"_T": "22", "reception": "7", "vehicles": "15", "vehicleRunning": "15"}
    last = {**this, "_T": "18", "reception": "3"}
    assert _sets(conversion) == {(None, None): this, before: last}
    assert {d.fund for d in conversion.budget.data_sets} == {fund}
    assert conversion.coverage.explained == {"derived": 8}


def test_administrative_cost_and_the_three_expenses_by_fund(tmp_path):
    title = "2024年行政经费及“三公”经费预算表"
    values = ("312|312|0|0", "29|29|0|0", "0|0|0|0", "28|28|0|0", "1|1|0|0")
    names = (
        "行政经费", "“三公”经费", "其中：（一）因公出国（境）支出", "（二）公务用车购置及运行维护支出",
        "（三）公务接待费支出",
    )  # fmt: skip
    rows = [f"{name}|{value}" for name, value in zip(names, values, strict=True)]
    conversion = convert_text(tmp_path, _items(title, "项目|合计|一般公共预算|政府性基金预算|国有资本经营预算", *rows))
    (data_set,) = conversion.budget.data_sets
    found = {
        (f.dimensions.get("threePublic", "_T"), f.dimensions.get("fund", data_set.fund)): f.text
        for f in data_set.figures
    }
    assert {key: text for key, text in found.items() if key[1] in {"appropriation", "govFund"}} == {
        ("_T", "appropriation"): "29", ("abroad", "appropriation"): "0", ("vehicles", "appropriation"): "28",
        ("reception", "appropriation"): "1", ("_T", "govFund"): "0", ("abroad", "govFund"): "0",
        ("vehicles", "govFund"): "0", ("reception", "govFund"): "0",
    }  # fmt: skip
    assert conversion.coverage.explained == {"unknown-row": 4}


def _all(conversion):
    return {k: text for d in conversion.budget.data_sets for k, text in figures(conversion, d.id).items()}


WHOLE_AND_PART = """合计|20.00|18.00
1.因公出国（境）费用|0|0
2.公务接待费|6.00|4.00
3.公务用车费|14.00|14.00
其中：（1）公务用车运行维护费|14.00|14.00
（2）公务用车购置|0|0
"""


@pytest.mark.parametrize(
    ("part", "fund"),
    [("其中：公共预算财政拨款", "general"), ("其中：财政拨款", "appropriation"), ("一般公共预算财政拨款", "general")],
)
def test_beside_a_part_of_the_money_the_others_are_of_all_of_it(tmp_path, part, fund):
    head = f"部门“三公”经费情况统计表\n单位：万元\n项目|本年预算数|{part}\n"
    conversion = convert_text(tmp_path, TITLE + head + WHOLE_AND_PART)
    assert {data_set.fund for data_set in conversion.budget.data_sets} == {"_T"}
    found = _all(conversion)
    assert (found["_T"], found[fund], found["reception"]) == ("20.00", "18.00", "6.00")
    assert len(found) == 12
    assert codes(conversion) | faults(conversion) == set()


def test_a_fund_that_the_title_names_stays_that_of_the_whole(tmp_path):
    head = "财政拨款“三公”经费情况统计表\n单位：万元\n项目|本年预算数|其中：一般公共预算财政拨款\n"
    conversion = convert_text(tmp_path, TITLE + head + WHOLE_AND_PART)
    assert {data_set.fund for data_set in conversion.budget.data_sets} == {"appropriation"}
    assert _all(conversion)["general"] == "18.00"


def test_beside_several_budgets_the_others_are_of_all_appropriations(tmp_path):
    head = "“三公”经费情况统计表\n单位：万元\n项目|合计|一般公共预算|政府性基金预算|国有资本经营预算\n"
    rows = "合计|20.00|18.00|2.00|\n公务接待费|6.00|4.00|2.00|\n公务用车运行维护费|14.00|14.00||\n"
    conversion = convert_text(tmp_path, TITLE + head + rows)
    assert {data_set.fund for data_set in conversion.budget.data_sets} == {"appropriation"}
    assert {key: text for key, text in _all(conversion).items() if "vehicle" not in key} == {
        "_T": "20.00", "general": "18.00", "govFund": "2.00",
        "reception": "6.00", "reception general": "4.00", "reception govFund": "2.00",
    }  # fmt: skip


def test_a_title_without_a_fund_is_of_the_general_budget(tmp_path):
    rows = WHOLE_AND_PART.replace("|18.00", "|22.00").replace("|4.00", "|8.00")
    head = "“三公”经费情况统计表\n单位：万元\n项目|本年预算数|上年预算数\n"
    conversion = convert_text(tmp_path, TITLE + head + rows)
    assert {data_set.fund for data_set in conversion.budget.data_sets} == {"general"}


@pytest.mark.parametrize(
    ("front", "columns", "found"),
    [
        ("2024年部门预算", "全年预算", {"t2": "1"}),
        ("2024年部门预算", "2024年全年预算数", {"t2": "1"}),
        ("2024年部门预算", "2023年全年预算数|2024年预算数", {"t2": "2"}),
        ("2024年部门预算", "年初预算数|全年预算数", {"t2": "1", "t2-adjusted": "2"}),
        (
            "2024年部门预算",
            "2023年年初预算数|2023年全年预算数|2024年预算数",
            {"t2": "3", "t2-2023": "1", "t2-2023-adjusted": "2"},
        ),
        ("2024年度部门决算", "全年预算数|决算数", {"t2-adjusted": "1", "t2": "2"}),
    ],
)
def test_the_budget_of_the_whole_year_is_adjusted_where_another_is_beside_it_or_in_an_account(
    tmp_path, front, columns, found
):
    amounts = "|".join("123"[: columns.count("|") + 1])
    table = f"“三公”经费支出表\n单位：万元\n项目|{columns}\n公务接待费|{amounts}\n"
    conversion = convert_text(tmp_path, f"云岭市测绘服务局{front}\n{SPENDING}\n{table}")
    assert {d.id: d.figures[0].text for d in conversion.budget.data_sets if d.table == "t2" and d.figures} == found


BESIDE = f"""{FINAL}“三公”经费{{title}}支出决算表
单位：万元
项目|预算数|决算数
合计|12.00|11.00
因公出国（境）费|0.00|0.00
公务用车运行维护费|6.00|5.50
公务接待费|2.00|1.50
会议费|3.00|3.00
培训费|1.00|1.00
"""


@pytest.mark.parametrize("title", ["", "及会议费、培训费"])
def test_a_total_with_conferences_and_training_is_none_of_the_three(tmp_path, title):
    conversion = convert_text(tmp_path, BESIDE.format(title=title))
    kinds = {each.id: each.table_kind for each in conversion.budget.data_sets}
    assert "_T" not in figures(conversion, "t1")
    assert (figures(conversion, "t1-all"), kinds["t1-all"]) == ({"_T": "11.00"}, "three-public-conference-training")
    assert figures(conversion, "t1-all-budget") == {"_T": "12.00"}
    assert figures(conversion, "t1-conference-training") == {"30215": "3.00", "30216": "1.00"}
    assert codes(conversion) == set()


def test_a_total_of_the_three_stays_one_beside_conferences(tmp_path):
    conversion = convert_text(tmp_path, BESIDE.format(title="").replace("12.00|11.00", "8.00|7.00"))
    assert (figures(conversion, "t1")["_T"], figures(conversion, "t1-budget")["_T"]) == ("7.00", "8.00")
    assert not any(each.id.startswith("t1-all") for each in conversion.budget.data_sets)


@pytest.mark.parametrize(("row", "total"), [("会议费|3.00|3.00", "12.00|12.00"), ("差旅费|3.00|3.00", "12.00|11.00")])
def test_a_total_that_holds_what_is_not_certain_is_listed(tmp_path, row, total):
    text = BESIDE.format(title="").replace("12.00|11.00", total).replace("会议费|3.00|3.00", row)
    conversion = convert_text(tmp_path, text)
    assert "_T" not in figures(conversion, "t1")
    assert "unknown-row" in codes(conversion)


def test_a_total_beside_a_column_that_is_not_read_is_listed(tmp_path):
    head = "合计|因公出国（境）费|公务用车购置及运行维护费|公务接待费|会议费\n"
    conversion = convert_text(tmp_path, f"{FINAL}“三公”经费支出决算表\n单位：万元\n{head}11.00|0.00|5.50|1.50|4.00\n")
    assert figures(conversion, "t1") == {"abroad": "0.00", "vehicles": "5.50", "reception": "1.50"}
    assert codes(conversion) == {"unknown-column", "unknown-row"}
