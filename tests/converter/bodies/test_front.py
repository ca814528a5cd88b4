"""Which body, which year, budget or final account: from the first lines, else from the tables."""

import pytest

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.bodies.front import read_front
from tests.converter.publications import SPENDING, convert_text


def front(*lines, titles=()):
    return read_front([Paragraph(line) for line in lines], titles)


@pytest.mark.parametrize(
    ("lines", "name", "year", "kind", "scope"),
    [
        (["某某局2021年部门预算"], "某某局", 2021, "budget", "department"),
        (["某某局", "2021年部门预算"], "某某局", 2021, "budget", "department"),
        (["某某局2021年度部门决算公开"], "某某局", 2021, "final_account", "department"),
        (
            ["某某市某某区2025年区级部门预算", "预算主管部门：某某市某某区某某局"],
            "某某市某某区某某局",
            2025,
            "budget",
            "department",
        ),
        (["某某市某某区2025年区级单位预算", "预算单位：某某中心"], "某某中心", 2025, "budget", "unit"),
        (["某某局2024年部门预算 2023年12月"], "某某局", 2024, "budget", "department"),
        (["2023年12月5日 某某局2024年部门预算"], "某某局", 2024, "budget", "department"),
        (["某某区第一中学2024年部门预算", "主管部门：某某区教育局"], "某某区第一中学", 2024, "budget", "department"),
        (["某某档案馆2024年单位预算", "主管部门：某某局 单位：万元"], "某某档案馆", 2024, "budget", "unit"),
        (["某某局2024年部门预算", "主管部门：某某市某某局"], "某某市某某局", 2024, "budget", "department"),
        (["2016年某某大学预算", "目录"], "某某大学", 2016, "budget", "department"),
        (["某某市某某区2025年区级部门预算", "目录"], None, 2025, "budget", "department"),
        (["某某市2025年市级部门预算", "101001 某某市某某局"], "某某市某某局", 2025, "budget", "department"),
        (["某某市2025年市级部门预算", "（某某市某某局）"], "某某市某某局", 2025, "budget", "department"),
        (
            ["某某市2025年市级部门预算", "一、主要职责", "某某市某某局的主要职责是：测绘。"],
            "某某市某某局",
            2025,
            "budget",
            "department",
        ),
        *(
            (["某某市2025年市级部门预算", f"{words}职责是：测绘。"], name, 2025, "budget", "department")
            for words, name in [
                ("（一）本溪市某某局的主要", "本溪市某某局"),
                ("第一部分 某某市某某局主要", "某某市某某局"),
                ("某某市某某局党组的主要", None),
                ("某某市某某局下属单位招生办的", None),
                ("根据规定本中心的主要", None),
                ("局办公室主要", None),
            ]
        ),
        (
            ["某某市2025年市级部门预算", "我局主要职责是：测绘。", "某某市地图院主要职责是制图。"],
            None,
            2025,
            "budget",
            "department",
        ),
    ],
)
def test_the_first_lines(lines, name, year, kind, scope):
    found = front(*lines)
    assert (found.name, found.fiscal_year, found.kind, found.scope) == (name, year, kind, scope)


CONTENTS = "第一部分 云岭市沪川区某某街道办事处概况"


@pytest.mark.parametrize(
    ("lines", "name", "title"),
    [
        (("云岭市沪川区", "某某街道办事处", "2025 年度部门决算"), "云岭市沪川区某某街道办事处", "{} 2025 年度部门决算"),
        (("云岭市沪川区", "某某街道办事处 2025 年度部门决算"), "云岭市沪川区某某街道办事处", "{} 2025 年度部门决算"),
        (("云岭市沪川区", "某某街道办事处 2025", "年度部门决算"), "云岭市沪川区某某街道办事处", "{} 2025年度部门决算"),
        (("信息公开", "某某街道办事处", "2025 年度部门决算"), "某某街道办事处", "{} 2025 年度部门决算"),
        (("某某街道办事处", "2025 年度部门决算"), "某某街道办事处", "{} 2025 年度部门决算"),
    ],
)
def test_a_name_over_several_lines_is_one_where_the_text_writes_it_as_one(lines, name, title):
    found = front(*lines, "目 录", CONTENTS)
    assert (found.name, found.title) == (name, title.format(name))


def test_a_year_that_ends_a_line_breaks_a_title_only_where_the_rest_follows():
    found = front("云岭市沪川区某某局", "主要工作 2024", "一、概况", "2025年部门预算")
    assert (found.title, found.fiscal_year) == ("云岭市沪川区某某局 2025年部门预算", 2025)


def test_the_title_of_a_table_is_not_the_publications():
    lines = (
        "收支预算总表",
        "表一",
        "部门：某某厅 单位：万元",
        "表十二",
        "2017年政府采购预算表",
        "部门：某某厅 单位：万元",
    )
    found = front(*lines, titles=["收支预算总表", "2017年政府采购预算表"])
    assert (found.name, found.fiscal_year) == ("某某厅", 2017)


def test_the_name_that_most_tables_write():
    cut = "部门：某某省委员会办 单位：万元"
    whole = "部门：某某省委员会办公厅 单位：万元"
    assert front(cut, whole, whole, titles=["2019年政府采购预算表"]).name == "某某省委员会办公厅"


def test_tables_that_do_not_agree_on_a_year_give_none():
    assert front("部门：某某厅 单位：万元", titles=["2017年甲表", "2018年乙表"]) is None


@pytest.mark.parametrize(
    ("lines", "name", "title"),
    [
        # the file of a table at the head of a page, then headings with numbers
        (
            [
                "某某医院2020年一般公共预算三公经费支出决算表(与预算对比).xls",
                "三、示例州中医医院2020年度部门决算情况说明",
            ],
            "示例州中医医院",
            "示例州中医医院2020年度部门决算情况说明",
        ),
        (["（二）示例局2020年度部门决算"], "示例局", "示例局2020年度部门决算"),
        (["3.示例局2020年度部门决算"], "示例局", "示例局2020年度部门决算"),
        (["示例局", "一、2020年度部门决算情况说明"], "示例局", "示例局 2020年度部门决算情况说明"),
        # what stands before a title, and behind a name
        (["附件1：示例局2020年度部门决算公开表"], "示例局", "示例局2020年度部门决算公开表"),
        (["【公开】示例局2020年度部门决算"], "示例局", "示例局2020年度部门决算"),
        (["您的位置：首页 > 政务公开 > 示例局2020年度部门决算"], "示例局", "示例局2020年度部门决算"),
        (["关于公开示例局2020年度部门决算的通知"], "示例局", "示例局2020年度部门决算的通知"),
        (["示例局关于2020年度部门决算公开的说明"], "示例局", "示例局关于2020年度部门决算公开的说明"),
        (["示例局2020年度部门决算表.xls"], "示例局", "示例局2020年度部门决算表.xls"),
        (["2019年度部门决算公开说明-示例局.pdf", "示例局2020年度部门决算"], "示例局", "示例局2020年度部门决算"),
        (
            ["示例局 2020", "部门决算及三公经费决算情况说明"],
            "示例局",
            "示例局 2020部门决算及三公经费决算情况说明",
        ),
        # years in words, and several
        (["示例局二〇二〇年部门决算"], "示例局", "示例局2020年部门决算"),
        (["示例局二○二零年部门决算"], "示例局", "示例局2020年部门决算"),
        (["示例局2019年预算和2021年决算公开", "示例局2020年度部门决算"], "示例局", "示例局2020年度部门决算"),
        (["示例局2020年度部门决算（2021年9月公开）"], "示例局", "示例局2020年度部门决算（2021年9月公开）"),
        # sentences
        (
            ["根据要求，现将某某局2019年部门预算公开如下：", "示例局2020年度部门决算"],
            "示例局",
            "示例局2020年度部门决算",
        ),
        (["增减原因：因2019年预算3万元无法满足支出。", "示例局2020年度部门决算"], "示例局", "示例局2020年度部门决算"),
    ],
)
def test_what_is_no_title_of_the_publication(lines, name, title):
    found = front(*lines)
    assert (found.name, found.title, found.fiscal_year, found.phase) == (name, title, 2020, "final")


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (["2024年示例县云岭镇“三公”经费预算财政拨款情况统计表"], "示例县云岭镇"),
        (["示例县2024年“三公”经费预算表"], "示例县"),
        (["一、示例县云岭镇中心学校2024年收支总表", "2024年示例县云岭镇中心学校收入总表"], "示例县云岭镇中心学校"),
        (["示例县云岭镇2024年收支总表", "示例县青山镇2024年收支总表"], None),
        (["2024年一般公共预算“三公”经费支出表", "2024年部门收支总表", "2024年县级部门收入总表"], None),
        (["全县2024年“三公”经费预算表"], None),
    ],
)
def test_the_body_that_the_titles_of_tables_name(titles, name):
    assert front("索引号", titles=titles).name == name
    assert front("2024年部门预算", titles=titles).name == name


def test_the_day_of_publication_is_no_fiscal_year():
    assert front("2023年12月5日 某某局部门预算") is None
    assert front("某某局部门预算 2023年12月") is None


@pytest.mark.parametrize(
    ("title", "tables", "phase"),
    [
        ("示例局2020年度部门预算执行情况及决算公开", [], "final"),
        ("示例局2020年度部门预算和决算公开", ["支出决算表", "一般公共预算支出决算表"], "final"),
        ("示例局2020年度部门预算和决算公开", ["支出决算表", "支出预算总表"], "budget"),
        ("示例局2020年度部门预算和决算公开", ["支出总表"], "budget"),
        ("示例局2020年度部门预算公开", ["支出决算表"], "budget"),
    ],
)
def test_a_title_of_budget_and_account_is_what_its_tables_are(title, tables, phase):
    assert front(title, titles=tables).phase == phase


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("（2024部门预算公开）", "某某中心2024年部门预算"), "某某中心"),
        (("《某某局2024年部门预算》", "目录"), "某某局"),
        (("某某市2024年市本级部门预算", "某某市交通运输局"), "某某市交通运输局"),
        (("某某市2024年部门预算", "某某市交通运输局"), "某某市交通运输局"),
        (("2024年区级部门预算公开", "某某区审计局"), "某某区审计局"),
        # A town is a body itself, and what goes on behind the title is no name.
        (("某某镇2024年部门预算", "某某镇党政办公室"), "某某镇"),
        (("某某市2024年市级部门预算", "一、某某局"), None),
        (("某某市2024年部门预算", "部门职责"), "某某市"),
    ],
)
def test_a_place_and_an_aside_are_no_body(lines, name):
    assert front(*lines).name == name


def test_a_body_that_no_line_names_is_reported_as_such(tmp_path):
    text = f"云岭市2025年市级部门预算\n{SPENDING}"
    (problem,) = (p for p in convert_text(tmp_path, text).problems if p.code == "unregistered-organisation")
    assert "no line of the publication names its body, so it is called after the file" in problem.message
