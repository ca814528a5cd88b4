"""Self-evaluations (绩效自评表): what was meant beside what was done, values reached, points given."""

from decimal import Decimal

import pytest

from tests.converter.publications import SPENDING, codes, convert_text, statements

TITLE = "云岭市测绘服务局2024年部门决算\n\n"
MONEY = """项目资金（万元）<2^3||年初预算数|全年预算数|全年执行数|分值|执行率|得分
年度资金总额|90.00|89.50|88.00|10|98.32%|9.8
其中：财政拨款|90.00|89.50|88.00|||
"""
AIMS = """年度总体目标^2|预期目标<4|实际完成情况<4
完成全市普查。<4|完成九成。<4
"""
HEADER = "绩效指标^6|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施"
ROWS = """产出指标40分^3|数量指标|普查面积|≥100平方公里|96平方公里|20|19.2|雨天较多
质量指标|验收合格率|≥98%|99%|10|10|
时效指标|完成时间|11月底之前|12月20日|10|8|
满意度指标(10分)|服务对象满意度指标|群众满意度|≥95%|达成预期指标|10|10|
总分<5|100|96.8|
"""


def _form(money=MONEY, aims=AIMS, header=HEADER, rows=ROWS):
    head = "项目名称<2|测绘普查<7\n主管部门<2|云岭市测绘服务局<3|实施单位|云岭市测绘中心<3\n"
    return f"{TITLE}{SPENDING}\n项目支出绩效自评表\n（2024年度）\n{head}{money}{aims}{header}\n{rows}"


def _project(tmp_path, **parts):
    conversion = convert_text(tmp_path, _form(**parts))
    assert conversion.coverage.unexplained == conversion.coverage.unexplained_labels == 0
    (project,) = conversion.budget.projects
    return conversion, project


def test_what_was_reached_is_no_target(tmp_path):
    conversion, project = _project(tmp_path)
    indicators = project.objectives[0].indicators
    assert [(i.label, i.target.text, [a.text for a in i.achieved], i.weight, i.score) for i in indicators] == [
        ("普查面积", "≥100平方公里", ["96平方公里"], 20, Decimal("19.2")),
        ("验收合格率", "≥98%", ["99%"], 10, 10),
        ("完成时间", "11月底之前", ["12月20日"], 10, 8),
        ("群众满意度", "≥95%", ["达成预期指标"], 10, 10),
    ]
    assert [i.level1 for i in indicators] == ["output", "output", "output", "satisfaction"]
    assert [i.level1_weight for i in indicators] == [40, 40, 40, 10]
    assert [i.remarks for i in indicators][:2] == [("偏差原因分析及改进措施：雨天较多",), ()]
    graph = statements(conversion).decode()
    assert "hasAchievedValue>" in graph
    assert "AchievedValue>" in graph
    assert "def#score>" in graph
    assert [each.text for i in indicators for each in (*i.targets, *i.earlier)].count("99%") == 0


def test_columns_of_comparator_and_unit_are_of_what_was_reached_too(tmp_path):
    header = "绩效指标^3|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|完成值|得分"
    rows = "产出指标|数量指标|普查面积|≥|100|平方公里|96|10\n质量指标|质量指标|合格率|≥|≥98%|%|99%|9\n"
    _, project = _project(tmp_path, money="", aims="", header=header, rows=rows)
    indicators = project.objectives[0].indicators
    assert [(i.target.text, [a.text for a in i.achieved]) for i in indicators] == [
        ("≥100平方公里", ["96平方公里"]),
        ("≥98%", ["99%"]),
    ]


def test_the_objective_stands_below_its_heading(tmp_path):
    conversion, project = _project(tmp_path)
    assert [(o.horizon, o.label) for o in project.objectives] == [("annual", "完成全市普查。")]
    assert "年度总体目标" not in project.statements
    assert any("what was done is not in the data: 完成九成。" in str(p) for p in conversion.problems)


def test_headings_below_a_head_of_their_own(tmp_path):
    aims = "项目基本情况^2|1.项目年度目标完成情况^2|项目年度目标<3|年度目标完成情况<4\n完成全市普查。<3|完成九成。<4\n"
    _, project = _project(tmp_path, aims=aims)
    assert [o.label for o in project.objectives] == ["完成全市普查。"]


def test_an_unknown_heading_is_no_objective(tmp_path):
    aims = "年度总体目标^2|预期目标<4|别的什么<4\n完成全市普查。<4|完成九成。<4\n"
    conversion, project = _project(tmp_path, aims=aims)
    assert [o.label for o in project.objectives] == [""]
    assert any("a heading whose objective is not found: 预期目标" in str(p) for p in conversion.problems)


def test_an_objective_that_ends_as_a_heading_does(tmp_path):
    _, project = _project(tmp_path, aims="年度总体目标|完成全年普查目标<8\n")
    assert [o.label for o in project.objectives] == ["完成全年普查目标"]


def test_headings_may_say_how_long_the_texts_are(tmp_path):
    aims = "年度总体目标^2|长期目标(450字内)<4|年度目标（450字内）<4\n建成地图。<4|完成全市普查。<4\n"
    _, project = _project(tmp_path, aims=aims.replace("年度总体目标", "项目绩效目标"))
    assert [(o.horizon, o.label) for o in project.objectives] == [("long", "建成地图。"), ("annual", "完成全市普查。")]


def test_the_money_of_the_year_and_its_unit(tmp_path):
    conversion, project = _project(tmp_path)
    assert (project.current_budget, project.current_budget_text) == (900000, "90.00")
    listed = " ".join(str(p) for p in conversion.problems if p.code == "form-row-unknown")
    assert all(number in listed for number in ("89.50", "88.00", "98.32%", "9.8", "财政拨款"))


def test_no_number_of_a_fund_block_is_a_label(tmp_path):
    money = "项目资金（万元）^2|资金总额|90.00|88.00|98.32%|||\n其中：财政拨款|90.00|88.00|98.32%|||\n"
    conversion, project = _project(tmp_path, money=money)
    assert project.total_budget == 900000
    listed = [str(p) for p in conversion.problems if p.code == "form-row-unknown" and "88.00" in str(p)]
    assert len(listed) == 2
    assert all("98.32%" in each for each in listed)


def test_a_row_that_does_not_stand_under_its_headers_is_listed(tmp_path):
    rows = ROWS.replace("质量指标|验收合格率|≥98%|99%|10|10|", "质量指标|验收合格率|≥98%|99%|10")
    conversion, project = _project(tmp_path, rows=rows)
    indicators = project.objectives[0].indicators
    assert [(i.label, i.score) for i in indicators if i.label == "验收合格率"] == [("验收合格率", None)]
    assert conversion.coverage.unexplained == 0


def test_a_head_with_its_text_below_the_indicators_is_none(tmp_path):
    header = "绩效指标^3|一级指标|二级指标|三级指标|指标值|||||"
    rows = "产出指标|数量指标|普查面积|≥100平方公里||||\n满意度指标|服务对象满意度指标|群众满意度|≥95%||||\n"
    tail = "绩效保障措施|定期检查<8\n绩效目标实现措施|加强巡检<8\n"
    conversion, project = _project(tmp_path, money="", aims="", header=header, rows=rows + tail)
    assert [i.label for i in project.objectives[0].indicators] == ["普查面积", "群众满意度"]
    assert project.statements["绩效目标实现措施"] == "加强巡检"
    assert any("绩效保障措施 | 定期检查" in str(p) for p in conversion.problems)
    assert codes(conversion) >= {"indicator-unknown"}


def test_headers_of_values_above_those_of_the_levels(tmp_path):
    header = """绩效指标<3|年度指标值<3|实际完成值^2|分值^2|得分^2|偏差原因分析及改进措施^2
一级指标|二级指标|三级指标|指标性质|指标值|度量单位"""
    rows = """产出指标^2|数量指标|普查面积|≧|100|平方公里|96|20|19.2|雨天较多
质量指标|成果合格率|═|98|%|99%|10|10|
满意度指标|服务对象满意度指标等|群众满意度|＝|满意|%|满意|10|10|
其他需要说明事项<3|无<7
总分<7|100|96|优
"""
    conversion, project = _project(tmp_path, money="", aims="", header=header, rows=rows)
    found = project.objectives[0].indicators
    assert [(i.label, i.target.text, i.achieved[0].text, i.weight, i.score) for i in found] == [
        ("普查面积", "≧100平方公里", "96平方公里", 20, Decimal("19.2")),
        ("成果合格率", "═98%", "99%", 10, 10),
        ("群众满意度", "＝满意", "满意", 10, 10),
    ]
    assert [(i.level1, i.level2) for i in found][1:] == [
        ("output", "output-quality"),
        ("satisfaction", "satisfaction-served"),
    ]
    assert project.statements["其他需要说明事项"] == "无"
    assert any("总分 | 100 | 96 | 优" in str(p) for p in conversion.problems)


@pytest.mark.parametrize(
    ("columns", "row"),
    [("指标值", "总分<3|96"), ("指标值|备注", "有关说明<3|完成较好<2"), ("指标值|别的", "总分<3|96|优")],
)
def test_what_stands_below_the_indicators_is_none(tmp_path, columns, row):
    header = f"一级指标|二级指标|三级指标|{columns}"
    rows = f"满意度指标|服务对象满意度指标|群众满意度|≥95%{'|' * columns.count('|')}\n{row}\n"
    conversion, project = _project(tmp_path, money="", aims="", header=header, rows=rows)
    assert [i.label for i in project.objectives[0].indicators] == ["群众满意度"]
    assert row.partition("<")[0] in " ".join(str(p) for p in conversion.problems)


def test_a_level_that_is_named_as_a_field_is_none(tmp_path):
    rows = (
        "决策^3|项目立项|立项规范性|规范|规范|5|5|\n绩效目标^2|目标明确性|明确|明确|5|5|\n目标合理性|合理|合理|5|5|\n"
    )
    _, project = _project(tmp_path, money="", aims="年度总体目标|完成全市普查<8\n", rows=rows)
    (objective,) = project.objectives
    assert (objective.label, [i.level2 for i in objective.indicators]) == (
        "完成全市普查",
        ["decision-approval", "decision-goals", "decision-goals"],
    )


def test_points_behind_the_name_of_a_level(tmp_path):
    rows = "效益指标40分|社会效益25.5分|使用地图的人数|≥900人|950人|25|25|\n"
    _, project = _project(tmp_path, money="", aims="", rows=rows)
    (found,) = project.objectives[0].indicators
    assert (found.level1_weight, found.level2, found.level2_weight) == (40, "benefit-social", Decimal("25.5"))
