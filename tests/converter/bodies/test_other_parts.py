"""Parts of a publication that are of another body, year or phase: neither their tables nor their text are its own."""

import pytest

from budgetgraph.converter.blocks import Locator, Paragraph
from budgetgraph.converter.bodies.part_titles import NO_TITLE, Parts, following, part_title
from budgetgraph.converter.exceptions import SourceError
from tests.converter.publications import FUNCTIONS, FUNCTIONS_HEAD, SPENDING, TITLE, UNITS, codes, convert_text, totals

OTHER = "\n201|一般公共服务支出|30.00|20.00|10.00\n合计<2|30.00|20.00|10.00\n"
REVENUE = "\n收入总表\n单位：万元\n项目|预算数\n一、一般公共预算拨款收入|88.00\n收入总计|88.00\n"


def _spending(rows, title="部门支出总表"):
    return f"\n{title}\n单位：万元\n{FUNCTIONS_HEAD}{rows}\n"


def _stated(conversion):
    return [claim.amount_text for claim in conversion.budget.claims]


def _listed(conversion):
    return [p.message for p in conversion.problems if p.code == "unknown-table"]


@pytest.mark.parametrize(
    "title",
    [
        "云岭市地图院",
        "（二）云岭市地图院",
        "附件2：云岭市地图院",
        "附件2：云岭市地图院2024年单位预算表",
        "附2：云岭市地图院2024年预算公开",
        "2024年云岭市地图院单位预算",
    ],
)
def test_the_title_of_a_unit_s_part_makes_its_tables_the_unit_s(tmp_path, title):
    text = TITLE + UNITS + _spending(FUNCTIONS) + f"\n{title}\n" + _spending(OTHER)
    conversion = convert_text(tmp_path, text)
    found = totals(conversion)
    assert (found[None, "expenditure"], found["云岭市地图院", "expenditure"]) == ("90.00", "30.00")
    assert codes(conversion) == set()


@pytest.mark.parametrize(
    "title",
    [
        "二、局本级预算表",
        "第二部分 云岭市测绘服务局2024年单位预算",
        "云岭市测绘服务局机关2024年单位预算",
        "第二部分 云岭市测绘服务局（本级）2024年单位预算",
    ],
)
def test_the_part_of_the_department_s_office_is_the_office_s(tmp_path, title):
    conversion = convert_text(tmp_path, TITLE + _spending(FUNCTIONS) + f"\n{title}\n" + _spending(OTHER))
    assert totals(conversion)[None, "expenditure"] == "90.00"
    (office,) = (unit for unit in conversion.budget.units)
    assert (office.kind, len(conversion.budget.unit_ids)) == ("headquarters", 1)


def test_a_unit_s_budget_in_several_parts_is_the_unit_s(tmp_path):
    revenue = REVENUE.replace("收入总表", "2024年部门收入总表")
    text = f"云岭市第一中学2024年单位预算\n{SPENDING}\n2024年部门预算公开表\n{revenue}"
    assert {unit for unit, _ in totals(convert_text(tmp_path, text))} == {None}


def test_titles_that_say_office_and_all_together(tmp_path):
    office, whole = _spending(OTHER, "部门支出总表（本级）"), _spending(FUNCTIONS, "部门支出总表（汇总）")
    found = totals(convert_text(tmp_path, TITLE + office + whole))
    assert found == {(None, "expenditure"): "90.00", ("云岭市测绘服务局（本级）", "expenditure"): "30.00"}


def test_the_office_s_own_publication_is_no_unit_s(tmp_path):
    title = "云岭市测绘服务局（本级）2024年单位预算\n\n"
    assert set(totals(convert_text(tmp_path, title + _spending(OTHER, "单位支出总表（本级）")))) == {
        (None, "expenditure")
    }


def test_operating_cost_of_offices_is_no_office_s_table(tmp_path):
    text = TITLE + _spending(FUNCTIONS) + _spending(FUNCTIONS, "部门机关运行经费支出总表")
    assert {unit for unit, _ in totals(convert_text(tmp_path, text))} == {None}


def test_a_short_name_of_the_body_is_no_other_body(tmp_path):
    tables = _spending(FUNCTIONS, "市测绘局2024年部门支出总表") + _spending(OTHER, "市地图院2024年部门支出总表")
    conversion = convert_text(tmp_path, TITLE + tables)
    assert totals(conversion) == {(None, "expenditure"): "90.00"}
    assert "'市地图院'" in _listed(conversion)[0]


def test_the_superior_body_is_not_the_one_whose_name_begins_alike(tmp_path):
    title = "云岭市水务局河道管理处2024年单位预算\n\n"
    tables = _spending(OTHER) + _spending(FUNCTIONS, "云岭市水务局2024年部门支出总表")
    conversion = convert_text(tmp_path, title + tables)
    assert totals(conversion) == {(None, "expenditure"): "30.00"}


def test_the_only_table_of_its_kind_is_the_other_body_s_where_others_are(tmp_path):
    other = _spending(OTHER).replace("单位：万元", "填报单位：云岭市水务局 单位：万元")
    revenue = REVENUE.replace("单位：万元", "填报单位：云岭市水务局 单位：万元")
    conversion = convert_text(tmp_path, TITLE + _spending(FUNCTIONS) + other + revenue)
    assert totals(conversion) == {(None, "expenditure"): "90.00"}
    assert len(_listed(conversion)) == 2


@pytest.mark.parametrize(
    "title",
    [
        "云岭市测绘服务局2023年部门预算",
        "附件：云岭市测绘服务局2023年部门预算",
        "附件：2023年部门预算",
        "第四部分 2023年部门预算表",
        "二、2023年部门预算执行情况",
        "云岭市测绘服务局2023年度部门决算",
        "云岭市测绘服务局2024年度部门决算",
    ],
)
def test_a_table_behind_the_title_of_another_year_or_phase_is_listed(tmp_path, title):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{title}\n{REVENUE}")
    assert totals(conversion) == {(None, "general-expenditure"): "90.00"}
    (message,) = _listed(conversion)
    assert f"{title!r}, and the publication is the budget of 2024" in message
    assert conversion.coverage.is_complete


@pytest.mark.parametrize("end", ["第五部分 部门预算表", "2024年部门预算公开表", "部门预算公开报表"])
def test_the_part_of_another_year_ends(tmp_path, end):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n2023年部门预算执行情况\n\n{end}\n{REVENUE}")
    assert (None, "revenue") in totals(conversion)


def test_a_table_that_names_the_publication_s_year_is_of_it_whatever_the_part_says(tmp_path):
    revenue = REVENUE.replace("收入总表", "2024年收入总表")
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n第四部分 2023年部门预算表\n{revenue}")
    assert (None, "revenue") in totals(conversion)


@pytest.mark.parametrize(
    ("front", "title", "said"),
    [
        (TITLE, "支出决算表", "of a final account, and the publication is the budget of 2024"),
        (TITLE, "上年部门支出总表", "of the year before"),
        ("云岭市测绘服务局2024年度部门决算\n\n", "部门支出预算总表", "of a budget, and the publication is the final"),
    ],
)
def test_a_title_that_says_another_phase_is_listed(tmp_path, front, title, said):
    own = _spending(FUNCTIONS, "支出总表")
    conversion = convert_text(tmp_path, front + own + _spending(OTHER, title))
    assert totals(conversion) == {(None, "expenditure"): "90.00"}
    assert said in _listed(conversion)[0]


def test_funds_have_budget_in_their_names(tmp_path):
    table = _spending(FUNCTIONS, "一般公共预算财政拨款支出表")
    assert totals(convert_text(tmp_path, f"云岭市测绘服务局2024年度部门决算\n{table}"))


def test_columns_that_name_their_phases_say_more_than_the_title(tmp_path):
    table = "三公经费支出预算表\n单位：万元\n项目|预算数|决算数\n合计|5.00|4.00\n公务接待费|5.00|4.00\n"
    conversion = convert_text(
        tmp_path, f"云岭市测绘服务局2024年度部门决算\n\n{_spending(FUNCTIONS, '支出总表')}\n{table}"
    )
    assert {d.phase for d in conversion.budget.data_sets if d.table_kind == "three-public"} >= {"budget"}


def test_a_source_with_tables_of_another_phase_only_says_so(tmp_path):
    with pytest.raises(SourceError, match=r"none of its tables \(1\) is converted.*final account"):
        convert_text(tmp_path, TITLE + _spending(OTHER, "支出决算表"))


OWN_TEXT = "三、支出预算情况\n2024年支出预算90.00万元。\n"
OTHER_TEXT = "三、支出预算情况\n2024年支出预算30.00万元，其中：基本支出20.00万元。\n"


@pytest.mark.parametrize(
    "title",
    [
        "云岭市水务局2024年部门预算",
        "云岭市地图院2024年单位预算",
        "附件：云岭市测绘服务局2023年部门预算",
        "云岭市测绘服务局2024年度部门决算",
    ],
)
def test_the_text_of_another_part_makes_no_claims(tmp_path, title):
    text = TITLE + UNITS + OWN_TEXT + _spending(FUNCTIONS) + f"\n{title}\n\n" + OTHER_TEXT
    conversion = convert_text(tmp_path, text)
    assert _stated(conversion) == ["90.00万元"]
    listed = [p.message for p in conversion.problems if p.code == "unread-amount"]
    assert [title in message for message in listed] == [True, True]
    assert (conversion.text.amounts, conversion.text.listed) == (3, 2)


def test_the_text_below_the_names_of_units_makes_no_claims(tmp_path):
    below = "（一）云岭市测绘服务局（本级）\n支出预算60.00万元。\n（二）云岭市地图院\n支出预算30.00万元。\n"
    text = f"{TITLE}{UNITS}三、支出预算情况\n{below}四、支出预算总体情况\n2024年支出预算90.00万元。\n{SPENDING}"
    assert _stated(convert_text(tmp_path, text)) == ["90.00万元"]


def test_the_text_below_the_name_of_the_department_s_office_makes_no_claim(tmp_path):
    below = "（一）云岭市测绘服务局（本级）\n支出预算60.00万元。\n"
    text = f"{TITLE}三、支出预算情况\n{below}四、支出预算总体情况\n2024年支出预算90.00万元。\n{SPENDING}"
    assert _stated(convert_text(tmp_path, text)) == ["90.00万元"]


@pytest.mark.parametrize(
    ("sentences", "stated"),
    [
        ("2024年支出预算90.00万元。云岭市地图院2024年支出预算30.00万元，其中基本支出20.00万元。", ["90.00万元"]),
        (
            "2024年支出预算90.00万元，其中：云岭市地图院基本支出20.00万元。项目支出30.00万元。",
            ["90.00万元", "30.00万元"],
        ),
        ("云岭市地图院2024年支出预算30.00万元。其中基本支出20.00万元。", []),
    ],
)
def test_what_sentences_state_about_a_unit_is_no_claim_about_the_department(tmp_path, sentences, stated):
    conversion = convert_text(tmp_path, f"{TITLE}{UNITS}{SPENDING}\n三、支出预算情况\n{sentences}")
    assert _stated(conversion) == stated
    assert conversion.text.amounts == len(stated) + conversion.text.listed


def test_a_list_of_units_opens_no_part(tmp_path):
    lists = "二、机构设置\n（一）云岭市测绘服务局（本级）\n（二）云岭市地图院\n"
    conversion = convert_text(tmp_path, TITLE + lists + UNITS + OWN_TEXT + _spending(FUNCTIONS))
    assert _stated(conversion) == ["90.00万元"]
    assert totals(conversion)[None, "expenditure"] == "90.00"


@pytest.mark.parametrize(
    "line", ["部门预算2023年", "云岭市2024年部门预算说明", "2024年收入预算", "2023年部门收支预算总表", "附表1"]
)
def test_lines_that_are_no_titles_of_parts(line):
    assert part_title(line) is None


def test_the_parts_of_a_publication_inside_another_do_not_end_it():
    current = following(NO_TITLE, "云岭市水务局2023年部门预算")
    for line in ("第一部分 概况", "一、职责", "第二部分 部门概况"):
        current = following(current, line)
    assert current.year == 2023


@pytest.mark.parametrize("lines", [("云岭市水务局", "2024年度部门预算公开"), ("2024年度云岭市水务局", "部门预算公开")])
def test_a_title_on_two_lines_opens_the_part_of_another_body(tmp_path, lines):
    second = "\n".join(lines) + "\n" + _spending(OTHER) + REVENUE
    conversion = convert_text(tmp_path, TITLE + _spending(FUNCTIONS) + second)
    assert totals(conversion) == {(None, "expenditure"): "90.00"}
    assert ["'云岭市水务局'" in message for message in _listed(conversion)] == [True, True]


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (("云岭市水务局", "2024年部门预算"), "云岭市水务局"),
        (("云岭市地图院", "云岭市档案馆", "2024年部门预算"), ""),
        (("编制单位：云岭市财政局", "2024年部门预算"), ""),
        (("云岭市水务局", "一、部门概况", "2024年部门预算"), ""),
    ],
)
def test_only_a_body_alone_above_a_title_is_its_body(lines, body):
    parts = Parts(NO_TITLE, {})
    for line in lines:
        parts.line(Paragraph(line))
    assert (parts.title.body, parts.title.year) == (body, 2024)


def test_a_body_above_a_table_is_none_of_the_title_below_it():
    parts = Parts(NO_TITLE, {})
    parts.line(Paragraph("云岭市水务局"))
    parts.table(Locator())
    parts.line(Paragraph("2024年部门预算"))
    assert parts.title.body == ""


@pytest.mark.parametrize("end", ["第三部分", "附件", "第三部分 部门预算表"])
def test_a_heading_of_a_part_alone_in_its_line_ends_the_part_before(end):
    assert following(following(NO_TITLE, "第二部分 2023年部门预算"), end) is NO_TITLE


@pytest.mark.parametrize(("own", "office"), [("2024年收入预算总计90.00万元。", "60.00"), ("主要职责是测绘。", "90.00")])
def test_the_text_of_the_department_s_unit_budget_is_its_office_s(tmp_path, own, office):
    """Where the department's own part states nothing, the part may be named by mistake."""
    part = f"第二部分 云岭市测绘服务局2024年单位预算\n\n2024年收入预算总计{office}万元。\n"
    conversion = convert_text(tmp_path, f"云岭市测绘服务局2024年部门预算\n\n{own}\n{part}\n{SPENDING}")
    assert _stated(conversion) == ["90.00万元"]
