"""Tables of units and of other bodies in one publication, told by their titles and by the lines above them."""

import pytest

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.bodies.table_bodies import named_body
from budgetgraph.converter.layouts.captions import Caption
from tests.converter.publications import FUNCTIONS, TITLE, codes, convert_text, faults, figures

HEAD = "科目编码|科目名称|合计|基本支出|项目支出"
UNITS = """收入总表
单位：万元
单位名称|合计|一般公共预算
云岭市测绘服务局|90.00|90.00
云岭市测绘服务局（本级）|60.00|60.00
云岭市地图院|30.00|30.00
合计|90.00|90.00

"""
ONE = "\n201|一般公共服务支出|30.00|20.00|10.00\n合计<2|30.00|20.00|10.00\n"
WHOLE = f"一般公共预算支出表\n单位：万元\n{HEAD}{FUNCTIONS}\n"


def _by_unit(conversion, kind="general-expenditure"):
    return {
        d.unit: figures(conversion, d.id) for d in conversion.budget.data_sets if d.table_kind == kind and d.figures
    }


@pytest.mark.parametrize(
    "above",
    [
        "2024年云岭市地图院一般公共预算支出表\n单位：万元",
        "一般公共预算支出表\n单位名称：云岭市地图院 单位：万元",
        "一般公共预算支出表\n编制部门：[021002]云岭市地图院\n单位：万元",
    ],
)
def test_a_table_of_a_unit_is_the_unit_s(tmp_path, above):
    conversion = convert_text(tmp_path, f"{TITLE}{UNITS}{WHOLE}{above}\n{HEAD}{ONE}")
    printed = _by_unit(conversion)
    assert set(printed) == {None, "云岭市地图院"}
    assert printed["云岭市地图院"]["201"] == "30.00"
    assert printed[None]["201"] == "90.00"
    assert codes(conversion) == set()


def test_a_table_of_the_office_of_the_department_is_the_office_s(tmp_path):
    above = "云岭市测绘服务局（本级）2024年一般公共预算支出表\n单位：万元"
    printed = _by_unit(convert_text(tmp_path, f"{TITLE}{UNITS}{WHOLE}{above}\n{HEAD}{ONE}"))
    assert printed["云岭市测绘服务局（本级）"]["basic"] == "20.00"


def test_a_table_of_another_body_is_listed(tmp_path):
    above = "云岭市水务局2024年一般公共预算支出表\n单位：万元"
    conversion = convert_text(tmp_path, f"{TITLE}{UNITS}{WHOLE}{above}\n{HEAD}{ONE}")
    assert set(_by_unit(conversion)) == {None}
    (problem,) = (p for p in conversion.problems if p.code == "unknown-table")
    assert "'云岭市水务局'" in problem.message
    assert conversion.coverage.is_complete


@pytest.mark.parametrize("title", ["云岭市水务局2024年一般公共预算支出表", "测绘服务局2024年一般公共预算支出表"])
def test_the_only_table_of_its_kind_is_the_body_s_whatever_its_title_names(tmp_path, title):
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{HEAD}{FUNCTIONS}")
    assert _by_unit(conversion)[None]["201"] == "90.00"
    assert codes(conversion) == set()


LIST = "二、部门预算单位构成\n纳入编制范围的预算单位包括：\n1.云岭市地图院\n2.云岭市档案馆\n\n"
LIST_TABLE = "序号|单位名称\n1|云岭市测绘服务局（本级）\n2|云岭市地图院\n\n"
BALANCE = """{}收支预算总表
{}单位：万元
收入<2|支出<2
项目|预算数|项目|预算数
一、一般公共预算拨款收入|{n}|一、一般公共服务支出|{n}
收入总计|{n}|支出总计|{n}

"""


@pytest.mark.parametrize(
    ("units", "above"),
    [
        (LIST, ("云岭市地图院", "")),
        (LIST, ("地图院2024年", "")),
        (LIST, ("", "编制单位：云岭市地图院 ")),
        (LIST, ("二、云岭市地图院单位预算表\n", "")),
        (LIST_TABLE, ("云岭市地图院", "")),
        (UNITS, ("云岭市地图院", "")),
    ],
)
def test_the_only_table_of_its_kind_is_of_the_listed_unit_that_it_names(tmp_path, units, above):
    printed = _by_unit(convert_text(tmp_path, TITLE + units + WHOLE + BALANCE.format(*above, n="30.00")), "balance")
    assert printed["云岭市地图院"]["_T"] == "30.00"
    assert None not in printed


@pytest.mark.parametrize("above", [LIST, LIST.replace("2.云岭市档案馆\n", "")])
def test_the_last_unit_of_a_list_is_not_the_body_of_the_tables_below_it(tmp_path, above):
    tables = BALANCE.format("", "", n="90.00") + BALANCE.format("云岭市档案馆", "", n="30.00")
    printed = _by_unit(convert_text(tmp_path, TITLE + UNITS.replace("地图院", "档案馆") + above + tables), "balance")
    assert {unit: each["_T"] for unit, each in printed.items()} == {None: "90.00", "云岭市档案馆": "30.00"}


def test_a_text_about_a_unit_does_not_make_the_only_table_below_it_the_unit_s(tmp_path):
    text = f"{LIST}三、支出预算情况\n（一）云岭市地图院\n支出预算30.00万元。\n\n"
    printed = _by_unit(convert_text(tmp_path, TITLE + text + BALANCE.format("", "", n="90.00")), "balance")
    assert set(printed) == {None}


def test_the_name_of_the_body_alone_in_a_line_is_no_title(tmp_path):
    table = f"一般公共预算支出表\n表05\n云岭市测绘服务局\n单位：千元\n{HEAD}{FUNCTIONS}"
    conversion = convert_text(tmp_path, TITLE + table)
    (printed,) = conversion.budget.tables
    assert (printed.title, printed.number, printed.unit) == ("一般公共预算支出表", "表05", "单位：千元")
    assert figures(conversion, "t5")["201"] == "90.00"


def test_the_body_s_name_without_its_place_is_no_unit(tmp_path):
    rows = "合计|90.00|90.00\n测绘服务局|90.00|90.00"
    conversion = convert_text(tmp_path, f"{TITLE}收入总表\n单位：万元\n单位名称|合计|一般公共预算\n{rows}")
    assert [d.unit for d in conversion.budget.data_sets] == [None]
    assert conversion.coverage.explained == {"duplicate": 2}


def test_codes_before_the_names_of_classes_below_a_unit(tmp_path):
    rows = """合计|90.00|60.00|30.00
云岭市测绘服务局（本级）|60.00|40.00|20.00
201 一般公共服务支出|60.00|40.00|20.00
2010301 行政运行|60.00|40.00|20.00
云岭市地图院|30.00|20.00|10.00
201 一般公共服务支出|30.00|20.00|10.00"""
    conversion = convert_text(tmp_path, f"{TITLE}支出总表\n单位：万元\n单位名称（科目）|合计|基本支出|项目支出\n{rows}")
    printed = _by_unit(conversion, "expenditure")
    assert printed["云岭市测绘服务局（本级）"]["2010301 basic"] == "40.00"
    assert printed["云岭市地图院"]["201 project"] == "10.00"
    assert codes(conversion) == set()


def _both(second):
    table = f"部门支出总表\n单位：万元\n{HEAD}"
    return f"{TITLE}{UNITS}{table}{FUNCTIONS}\n{second}\n\n一、部门职责\n\n{table}{ONE}"


@pytest.mark.parametrize("title", ["云岭市水务局2024年部门预算", "第二部分 云岭市水务局2024年度部门预算公开报表"])
def test_tables_behind_the_title_of_another_body_are_listed(tmp_path, title):
    conversion = convert_text(tmp_path, _both(title))
    assert _by_unit(conversion, "expenditure")[None]["201"] == "90.00"
    (problem,) = (p for p in conversion.problems if p.code == "unknown-table")
    assert "'云岭市水务局'" in problem.message
    assert "files of their own" in problem.message


@pytest.mark.parametrize("title", ["云岭市地图院2024年单位预算", "二、云岭市地图院单位预算表"])
def test_tables_behind_the_title_of_a_unit_are_the_unit_s(tmp_path, title):
    printed = _by_unit(convert_text(tmp_path, _both(title)), "expenditure")
    assert (printed[None]["201"], printed["云岭市地图院"]["201"]) == ("90.00", "30.00")


@pytest.mark.parametrize(
    "title",
    [
        "云岭市测绘服务局2024年部门预算情况说明",
        "测绘服务局2024年部门预算",
        "2024年市级部门预算",
        "云岭市2024年部门预算说明",
        "所属单位预算表",
        "各单位预算报表",
    ],
)
def test_headings_that_name_no_other_body_change_nothing(tmp_path, title):
    conversion = convert_text(tmp_path, f"{TITLE}{UNITS}{title}\n\n{WHOLE}")
    assert _by_unit(conversion)[None]["201"] == "90.00"
    assert codes(conversion) == set()


PROJECTS = "{}项目支出表\n单位：万元\n{}项目名称|合计|一般公共预算\n{}\n\n"


def test_lists_of_lines_of_a_unit_are_the_units(tmp_path):
    own = PROJECTS.format("", "", "合计|100.00|100.00\n测绘管理|60.00|60.00\n系统建设|40.00|40.00")
    other = PROJECTS.format("云岭市地图院", "", "合计|30.00|30.00\n地图编制|30.00|30.00")
    conversion = convert_text(tmp_path, TITLE + UNITS + own + other)
    found = {(d.id[:2], d.unit): [line.label for line in d.lines] for d in conversion.budget.data_sets if d.lines}
    assert found == {("t2", None): ["测绘管理", "系统建设"], ("t3", "云岭市地图院"): ["地图编制"]}
    assert codes(conversion) | faults(conversion) == set()


def test_the_unit_may_stand_in_each_line_of_its_own_list(tmp_path):
    rows = "|合计|30.00|30.00\n云岭市地图院|地图编制|20.00|20.00\n云岭市地图院|地图印制|10.00|10.00"
    own = PROJECTS.format("", "", "合计|100.00|100.00\n测绘管理|60.00|60.00\n系统建设|40.00|40.00")
    other = PROJECTS.format("云岭市地图院", "单位名称|", rows)
    conversion = convert_text(tmp_path, TITLE + UNITS + own + other)
    assert {(d.id[:2], d.unit): len(d.figures) for d in conversion.budget.data_sets if d.lines} == {
        ("t2", None): 6,
        ("t3", "云岭市地图院"): 6,
    }
    assert codes(conversion) == set()


def test_a_table_of_people_of_a_unit_is_the_unit_s(tmp_path):
    staff = "{}人员情况表\n项目|编制数|实有数\n{}事业|20|17\n合计|{}\n\n"
    tables = staff.format("", "行政|40|38\n", "60|55") + staff.format("云岭市地图院", "", "20|17")
    conversion = convert_text(tmp_path, TITLE + UNITS + tables)
    assert _by_unit(conversion, "staff")["云岭市地图院"]["establishment"] == "20"
    assert _by_unit(conversion, "staff")[None]["establishment"] == "60"


@pytest.mark.parametrize("subject", ["收支总表", "2024年支出总表", "国有资产占用情况表"])
def test_the_name_of_a_body_may_have_words_of_titles(subject):
    name = "云岭市国有资产监督管理局"
    assert named_body(Caption(Paragraph(f"{name}{subject}"))) == name
