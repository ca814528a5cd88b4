"""Final accounts as districts of Shanghai print them: headers that share a row with the total, totals of both sides."""

import pytest

from tests.converter.publications import codes, convert_text, figures

#: The header of a fund's table: its last words stand in the row of the total.
FUND_HEADER = """项目<2|年初结转和结余^2|本年收入^2|本年支出^2<3|年末结转和结余^2
功能分类科目编码|科目名称
"""
FUND_ROWS = """合计<2|0|2.80|合计|基本支出|项目支出|0
207|文化旅游体育与传媒支出|0|2.80|2.80||2.80|0
20709|旅游发展基金支出|0|2.80|2.80||2.80|0
2070904|地方旅游开发项目补助|0|2.80|2.80||2.80|0
"""
EMPTY_ROWS = "合计<2|||合计|基本支出|项目支出|\n|||||||\n"


def _fund(rows: str, header: str = FUND_HEADER) -> str:
    title = "政府性基金预算财政拨款收入支出决算表\n单位：万元\n"
    return f"沪川区测绘事务局2025年度部门决算\n{title}{header}{rows}"


def test_the_row_of_the_total_holds_the_last_words_of_the_header(tmp_path):
    conversion = convert_text(tmp_path, _fund(FUND_ROWS))
    assert figures(conversion, "t1-revenue") == {
        "current": "2.80", "carriedForward": "0",
        "207 current": "2.80", "207 carriedForward": "0",
        "20709 current": "2.80", "20709 carriedForward": "0",
        "2070904 current": "2.80", "2070904 carriedForward": "0",
    }  # fmt: skip
    assert figures(conversion, "t1") == {
        "207": "2.80", "207 project": "2.80", "20709": "2.80", "20709 project": "2.80", "2070904": "2.80",
        "2070904 project": "2.80",
    }  # fmt: skip
    assert not codes(conversion)
    roles = {(cell.row, cell.column): cell.role for table in conversion.budget.tables for cell in table.cells}
    assert [roles[3, column] for column in (1, 3, 4, 5, 6, 7, 8)] == [
        "code", "amount", "amount", "header", "header", "header", "amount",
    ]  # fmt: skip


def test_an_empty_table_whose_header_shares_the_row_of_the_total_is_known(tmp_path):
    conversion = convert_text(
        tmp_path, _fund(EMPTY_ROWS) + "说明：本年度没有政府性基金预算财政拨款收入和支出，故本表无数据。"
    )
    assert [table.kind for table in conversion.budget.tables] == ["fund-expenditure"]
    assert not codes(conversion)
    assert all(data_set.declared_empty for data_set in conversion.budget.data_sets)


def test_a_total_among_the_words_of_a_header_opens_no_data(tmp_path):
    header = "科目编码^2|科目名称^2|支出<3\n合计|基本支出|项目支出\n"
    conversion = convert_text(tmp_path, _fund("207|文化旅游体育与传媒支出|2.80||2.80\n合计<2|2.80||2.80\n", header))
    assert figures(conversion, "t1") == {"207": "2.80", "207 project": "2.80", "_T": "2.80", "project": "2.80"}


BASIC = """一般公共预算财政拨款基本支出决算表
单位：万元
经济分类科目编码<2|科目名称^2|决算数^2|经济分类科目编码<2|科目名称^2|决算数^2
类|款|类|款
301||工资福利支出|560.00|302||商品和服务支出|114.50
301|01|基本工资|300.00|302|01|办公费|80.00
301|02|津贴补贴|260.00|302|39|其他交通费用|34.50
人员经费合计<3|560.00|公用经费合计<3|114.50
"""


def test_classes_are_of_the_nature_that_the_total_of_their_block_names(tmp_path):
    conversion = convert_text(tmp_path, "沪川区测绘事务局2025年度部门决算\n" + BASIC)
    assert figures(conversion, "t1") == {
        "301 personnel": "560.00", "30101 personnel": "300.00", "30102 personnel": "260.00", "personnel": "560.00",
        "302 public": "114.50", "30201 public": "80.00", "30239 public": "34.50", "public": "114.50",
    }  # fmt: skip
    assert not codes(conversion)


def test_two_totals_in_one_block_say_nothing_of_its_classes(tmp_path):
    table = """一般公共预算财政拨款基本支出决算表
单位：万元
科目编码|科目名称|决算数
301|工资福利支出|560.00
302|商品和服务支出|114.50
|人员经费合计|560.00
|公用经费合计|114.50
|合计|674.50
"""
    conversion = convert_text(tmp_path, "沪川区测绘事务局2025年度部门决算\n" + table)
    assert figures(conversion, "t1") == {
        "301 basic": "560.00", "302 basic": "114.50", "personnel": "560.00", "public": "114.50", "basic": "674.50",
    }  # fmt: skip


APPROPRIATION = """财政拨款收入支出决算总表
单位：万元
收入决算数<2|支出决算数<5
项目|决算数|项目|合计|一般公共预算财政拨款|政府性基金预算财政拨款|国有资本经营预算财政拨款
一、一般公共预算财政拨款|471.44|一、一般公共服务支出|300.00|300.00|0.00|0.00
二、政府性基金预算财政拨款|20.00|八、社会保障和就业支出|191.44|171.44|20.00|0.00
本年收入合计|491.44|本年支出合计|491.44|471.44|20.00|0.00
总计|491.44|总计|491.44|471.44|20.00|0.00
"""


def test_sides_of_the_balance_that_name_their_phase(tmp_path):
    conversion = convert_text(tmp_path, "沪川区测绘事务局2025年度部门决算\n" + APPROPRIATION)
    assert figures(conversion, "t1-revenue") == {
        "general": "471.44", "govFund": "20.00", "current": "491.44", "_T": "491.44",
    }  # fmt: skip
    assert figures(conversion, "t1-functional")["208 govFund"] == "20.00"
    assert not codes(conversion)


THREE_PUBLIC = """财政拨款“三公”经费支出决算表
单位：万元
财政拨款“三公”经费<12
合计^2<2|因公出国（境）费^2<2|公务用车购置及运行维护费<6|公务接待费^2<2
小计<2|公务用车购置费<2|公务用车运行维护费<2
预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数
21.00|16.95|||20.50|16.95|||20.50|16.95|0.50|0
"""


def test_three_public_expenses_below_one_header_over_all_columns(tmp_path):
    conversion = convert_text(tmp_path, "沪川区测绘事务局2025年度部门决算\n" + THREE_PUBLIC)
    assert figures(conversion, "t1") == {
        "_T": "16.95",
        "vehicles": "16.95",
        "vehicleRunning": "16.95",
        "reception": "0",
    }
    assert figures(conversion, "t1-budget") == {
        "_T": "21.00", "vehicles": "20.50", "vehicleRunning": "20.50", "reception": "0.50",
    }  # fmt: skip
    assert not codes(conversion)


def test_natures_and_classes_beside_functions_in_the_form_of_the_ministry(tmp_path):
    amounts = "行次|年初预算数|全年预算数|决算数"
    labels = ("项目", "项目（按功能分类）", "项目（按支出性质和经济分类）")
    head = "收入<5|支出<10\n" + "|".join(f"{label}|{amounts}" for label in labels)

    def pane(label, number, text):
        return f"{label}|{number}|{text}|{text}|{text}"

    left = ["一、一般公共预算财政拨款收入", "", "", "", "本年收入合计", "年初结转和结余", "总计"]
    middle = ["一、一般公共服务支出", "", "", "", "本年支出合计", "年末结转和结余", "总计"]
    right = [
        "一、基本支出",
        "二、项目支出",
        "经济分类支出合计",
        "一、工资福利支出",
        "本年支出合计",
        "年末结转和结余",
        "总计",
    ]
    sides = [
        (left, ["90.00", "", "", "", "90.00", "5.00", "95.00"]),
        (middle, ["90.00", "", "", "", "90.00", "5.00", "95.00"]),
    ]
    sides.append((right, ["60.00", "30.00", "90.00", "90.00", "90.00", "5.00", "95.00"]))
    rows = [
        "|".join(pane(labels[i], 10 * s + i, texts[i]) for s, (labels, texts) in enumerate(sides)) for i in range(7)
    ]
    above = "收入支出决算总表\n财决公开01表\n编制单位：云岭市测绘服务局\n2023年度\n金额单位：万元"
    text = f"云岭市测绘服务局2023年度部门决算\n\n{above}\n{head}\n栏次||1|2|3|栏次||4|5|6|栏次||7|8|9\n" + "\n".join(
        rows
    )
    conversion = convert_text(tmp_path, text)
    (table,) = conversion.budget.tables
    assert table.title == "收入支出决算总表"
    natures = {
        (f.dimensions.get("expenditureNature"), f.dimensions.get("economicClass")): f.text
        for d in conversion.budget.data_sets
        if "economic" in d.id and d.year is None and d.phase is None
        for f in d.figures
    }
    assert natures["basic", None] == "60.00"
    assert natures["project", None] == "30.00"
    assert natures[None, "301"] == "90.00"
    assert conversion.coverage.explained.get("unknown-column") is None


BALANCE_ROWS = """212|城乡社区支出|5.00|30.00|32.00|3.00
21208|国有土地使用权出让收入安排的支出|5.00|30.00|32.00|3.00
2120804|农村基础设施建设支出|5.00|30.00|32.00|3.00
合计<2|5.00|30.00|32.00|3.00
"""
BODY = "沪川区测绘事务局2025年度部门决算\n\n"


@pytest.mark.parametrize(
    ("title", "income"),
    [
        ("政府性基金预算财政拨款支出决算表", "本年收入"),
        ("政府性基金预算财政拨款收支决算表", "本年收入"),
        ("政府性基金预算支出决算表", "本年财政拨款收入"),
        ("政府性基金预算支出表", "本年收入"),
        ("财政拨款支出决算表", "本年收入"),
        ("国有资本经营预算财政拨款支出决算表", "本年收入"),
        ("一般公共预算支出表", "本年收入"),
    ],
)
def test_what_a_year_begins_with_is_no_expenditure(tmp_path, title, income):
    header = f"科目编码|科目名称|年初结转和结余|{income}|本年支出|年末结转和结余\n"
    conversion = convert_text(tmp_path, f"{BODY}{title}\n单位：万元\n{header}{BALANCE_ROWS}")
    printed = {(d.structure, *f.dimensions.items()): f.text for d in conversion.budget.data_sets for f in d.figures}
    assert printed["revenue", ("functionalClass", "212"), ("revenueSource", "carriedForward")] == "5.00"
    assert printed["revenue", ("functionalClass", "212"), ("revenueSource", "current")] == "30.00"
    assert printed["expenditure", ("functionalClass", "212")] == "32.00"
    assert len(printed) == 16
    assert not codes(conversion)


def test_money_carried_forward_beside_money_of_the_year_stays_expenditure(tmp_path):
    rows = "科目编码|科目名称|合计|本年预算|上年结转\n212|城乡社区支出|35.00|30.00|5.00\n合计<2|35.00|30.00|5.00\n"
    conversion = convert_text(tmp_path, f"{BODY}政府性基金预算支出表\n单位：万元\n{rows}")
    assert {d.structure for d in conversion.budget.data_sets} == {"expenditure"}
    assert {f.dimensions.get("fund") for d in conversion.budget.data_sets for f in d.figures} == {
        None, "govFund.year", "govFund.carried",
    }  # fmt: skip


PHASES = """项目^2|“三公”经费<6|会议费^2|培训费^2
小计|因公出国（境）费用|公务接待费|公务用车购置及运行维护费小计|公务用车购置费|公务用车运行维护费
"""


@pytest.mark.parametrize(
    ("note", "phase"),
    [("", "budget"), ("注：预算数为“三公”经费全年预算数，反映按规定程序调整后的预算数。\n", "adjusted")],
)
def test_a_row_for_each_phase_of_three_public_expenses(tmp_path, note, phase):
    rows = "预算数|9.50|1.10|3.20|5.20|2.10|3.10|1.00|2.00\n决算数|8.00|0.90|2.60|4.50|1.90|2.60|0.50|1.50\n"
    title = "一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表"
    conversion = convert_text(tmp_path, f"{BODY}{title}\n单位：万元\n{PHASES}{rows}\n{note}")
    printed = {(d.table_kind, d.phase): figures(conversion, d.id) for d in conversion.budget.data_sets}
    assert printed["three-public", None] == {
        "_T": "8.00", "abroad": "0.90", "reception": "2.60", "vehicles": "4.50", "vehiclePurchase": "1.90",
        "vehicleRunning": "2.60",
    }  # fmt: skip
    assert printed["three-public", phase]["_T"] == "9.50"
    assert printed["conference-training", None] == {"30215": "0.50", "30216": "1.50"}
    assert printed["conference-training", phase] == {"30215": "1.00", "30216": "2.00"}
    assert not codes(conversion)


def test_rows_of_three_phases_and_of_differences(tmp_path):
    head = "项目^2|合计^2|因公出国（境）费^2|公务用车购置及运行费<3|公务接待费^2\n小计|公务用车购置费|公务用车运行费\n"
    rows = (
        "年初预算数|9.00||6.00|2.00|4.00|3.00\n全年预算数|9.50||6.30|2.10|4.20|3.20\n"
        "决算数|8.00||5.40|1.90|3.50|2.60\n增减额|-1.50||-0.90|-0.20|-0.70|-0.60\n"
    )
    title = "财政拨款“三公”经费支出决算表\n单位：万元\n"
    conversion = convert_text(tmp_path, f"{BODY}{title}{head}{rows}")
    printed = {(d.fund, d.phase): figures(conversion, d.id)["_T"] for d in conversion.budget.data_sets}
    assert printed == {
        ("appropriation", None): "8.00", ("appropriation", "budget"): "9.00", ("appropriation", "adjusted"): "9.50",
    }  # fmt: skip
    assert not codes(conversion)


def test_codes_and_names_below_the_word_item(tmp_path):
    rows = "合计|90.00|60.00|30.00\n201 一般公共服务支出|90.00|60.00|30.00\n20126 档案事务|90.00|60.00|30.00\n"
    conversion = convert_text(tmp_path, f"{BODY}支出决算表\n单位：万元\n项目|本年支出合计|基本支出|项目支出\n{rows}")
    assert figures(conversion, "t1") == {
        "_T": "90.00", "basic": "60.00", "project": "30.00", "201": "90.00", "201 basic": "60.00",
        "201 project": "30.00", "20126": "90.00", "20126 basic": "60.00", "20126 project": "30.00",
    }  # fmt: skip
    assert not codes(conversion)


def test_economic_classes_with_their_total_of_the_year(tmp_path):
    head = "项目<3|本年支出<3\n经济分类科目编码<2|科目名称|合计|人员经费|公用经费\n类|款|栏次|1|2|3\n"
    rows = "合计<3|860.00|700.00|160.00\n301||工资福利支出|700.00|700.00|\n302||商品和服务支出|160.00||160.00\n"
    for header in (head, "科目编码<2|科目名称|本年支出合计|人员经费|公用经费\n"):
        title = "一般公共预算财政拨款基本支出决算表\n单位：万元\n"
        conversion = convert_text(tmp_path, f"{BODY}{title}{header}{rows}")
        assert figures(conversion, "t1") == {
            "basic": "860.00", "personnel": "700.00", "public": "160.00", "301 basic": "700.00",
            "301 personnel": "700.00", "302 basic": "160.00", "302 public": "160.00",
        }  # fmt: skip
        assert not codes(conversion)


def test_operating_cost_below_the_rows_of_three_public_expenses(tmp_path):
    rows = """项目|行次|预算数|决算数
栏次||1|2
一、“三公”经费支出|1|—|—
（一）支出合计|2|9.00|8.00
1．因公出国（境）费|3|0.00|0.00
2．公务用车购置及运行维护费|4|6.00|5.50
（1）公务用车购置费|5|0.00|0.00
（2）公务用车运行维护费|6|6.00|5.50
3．公务接待费|7|3.00|2.50
（二）相关统计数|8|—|—
1．公务用车保有量（辆）|9|—|4
二、机关运行经费|10|—|57.00
（一）行政单位|11|—|50.00
（二）参照公务员法管理事业单位|12|—|7.00
"""
    title = "“三公”经费、行政参公单位机关运行经费情况表\n单位：万元\n"
    conversion = convert_text(tmp_path, f"{BODY}{title}{rows}")
    printed = [
        (d.table_kind, d.phase, list(f.dimensions.values()), f.text)
        for d in conversion.budget.data_sets
        for f in d.figures
        if d.table_kind == "operating-cost"
    ]
    assert printed == [
        ("operating-cost", None, [], "57.00"),
        ("operating-cost", None, ["administrative"], "50.00"),
        ("operating-cost", None, ["civil-service"], "7.00"),
    ]
    assert not codes(conversion)
