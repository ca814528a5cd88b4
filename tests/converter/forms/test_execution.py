"""Rows of 预算执行率, mostly a weight without a value; heads of a department's form and the unit of their money."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from budgetgraph.shapes.validation import validate
from tests.converter.publications import SPENDING, TITLE, codes, convert_text, statements

HEAD = """2024年项目支出绩效目标表
项目名称|测绘普查<5
主管部门|云岭市测绘服务局<2|实施单位|云岭市测绘中心<2
绩效目标|完成普查<5
绩效指标^4|一级指标|二级指标|三级指标|指标值|权重
产出指标|数量指标|普查面积|≥100平方公里|60
满意度指标|服务对象满意度指标|群众满意度|≥95%|30
"""


def _of_project(conversion):
    (project,) = conversion.budget.projects
    return project.objectives[0].indicators


def test_a_weight_alone(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{HEAD}预算执行率<4|10\n")
    *others, last = _of_project(conversion)
    assert [each.level1 for each in others] == ["output", "satisfaction"]
    assert (last.label, last.level1, last.level2, last.level1_label) == ("预算执行率", "execution", None, "预算执行率")
    assert (last.weight, last.weight_text, last.targets) == (10, "10", ())
    assert codes(conversion) == set()
    assert conversion.coverage.unexplained == conversion.coverage.unexplained_labels == 0
    graph = statements(conversion).decode()
    assert "/code/indicator/execution>" in graph
    rules = {result.rule for result in validate(graph.encode()).results}
    assert {rule for rule in rules if rule.startswith("PF")} == {"PF-9"}  # no indicator is of cost


@pytest.mark.parametrize(
    ("row", "weight", "value"),
    [
        ("预算执行率|预算执行率|预算执行率|≥95%|10", 10, "≥95%"),
        ("预算执行率（10分）<3|≥95%|", None, "≥95%"),
        ("资金执行率<3|100%|10", 10, "100%"),
    ],
)
def test_with_a_value(tmp_path, row, weight, value):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{HEAD}{row}\n")
    last = _of_project(conversion)[-1]
    assert (last.level1, last.weight) == ("execution", weight)
    assert last.level1_weight == (10 if weight is None else None)
    assert last.target.text == value
    assert codes(conversion) == set()


def test_an_indicator_of_that_name_below_another_level_is_an_indicator(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{HEAD}过程指标|资金管理|预算执行率|≥95%|10\n")
    last = _of_project(conversion)[-1]
    assert (last.label, last.level1, last.level2) == ("预算执行率", "process", "process-funds")


def test_more_than_a_weight_and_a_value_is_listed(tmp_path):
    conversion = convert_text(tmp_path, f"{TITLE}{SPENDING}\n{HEAD}预算执行率|其他指标|支付进度|≥95%|10\n")
    assert len(_of_project(conversion)) == 2
    assert codes(conversion) == {"indicator-unknown"}


DEPARTMENT = [
    ("部门（单位）名称", "云岭市测绘服务局", "部门支出预算数", "90.00万元"),
    ("当年整体绩效目标", "完成全年测绘任务。"),
    ("绩效指标", "指标", "指标权重", "计量单位", "指标性质", "指标值"),
    ("", "普查面积", "30", "平方公里", "≥", "100"),
    ("", "群众满意度", "10", "%", "≥", "95"),
]


def _check_department(conversion):
    (objective,) = conversion.budget.objectives
    assert (objective.scope, objective.horizon, objective.label) == ("department", "annual", "完成全年测绘任务。")
    assert [(each.label, each.target.text, each.weight) for each in objective.indicators] == [
        ("普查面积", "≥100平方公里", 30),
        ("群众满意度", "≥95%", 10),
    ]
    (overview,) = [each for each in conversion.budget.data_sets if each.id == "overview-expenditure"]
    assert [(f.text, f.value, f.dimensions) for f in overview.figures] == [("90.00", 900000, {})]
    assert codes(conversion) == set()


def test_the_head_of_a_department_s_form(tmp_path):
    rows = "\n".join("|".join(row[1:] if not row[0] else row) for row in DEPARTMENT)
    rows = (
        rows.replace("服务局|部门", "服务局<2|部门").replace("90.00万元", "90.00万元<2").replace("任务。", "任务。<5")
    )
    conversion = convert_text(
        tmp_path, f"{TITLE}{SPENDING}\n2024年部门整体绩效目标表\n{rows.replace('绩效指标|', '绩效指标^3|')}\n"
    )
    _check_department(conversion)


def test_the_head_of_a_department_s_form_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("支出")
        lines = [line.split("|") for line in SPENDING.replace("合计<2", "|合计").strip().splitlines()]
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
        form = book.add_worksheet("绩效")
        form.write(0, 0, "2024年部门整体绩效目标表")
        form.write_row(1, 0, DEPARTMENT[0][:2])
        form.write_row(1, 3, DEPARTMENT[0][2:])
        form.write(2, 0, DEPARTMENT[1][0])
        form.merge_range(2, 1, 2, 5, DEPARTMENT[1][1])
        form.merge_range(3, 0, 5, 0, "绩效指标")
        for row, cells in enumerate(DEPARTMENT[2:], start=3):
            form.write_row(row, 1, cells[1:])
    _check_department(convert(path))


def test_the_unit_of_a_table_is_not_that_of_the_form_behind_it(tmp_path):
    rows = "\n".join("|".join(row[1:] if not row[0] else row) for row in DEPARTMENT).replace("万元", "")
    text = f"{TITLE}{SPENDING}\n2024年部门整体绩效目标表\n{rows.replace('绩效指标|', '绩效指标^3|')}\n"
    conversion = convert_text(tmp_path, text)
    assert not [each for each in conversion.budget.data_sets if each.id.startswith("overview")]
    assert codes(conversion) == {"missing-unit"}
