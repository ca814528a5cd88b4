"""The table of the year's tasks in the form of a whole department: names, contents and money by source."""

from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest

from budgetgraph.converter.pipeline import Conversion
from tests.converter.publications import SPENDING, TITLE, convert_text, statements

HEAD = """
部门整体支出绩效目标表
（2024年度）
部门名称<2|云岭市测绘服务局<4
"""
COLUMNS = """年度主要任务^5|任务名称^2|主要内容^2|预算金额（万元）<3
总额|财政拨款|其他资金
"""
TASKS = """任务1：基础测绘|更新地形图|100.00|80.00|20.00
任务2：监管|检查图件|50.50|50.50|0
"""
TOTAL = "金额合计<2|150.50|130.50|20.00\n"
REST = """年度总体目标|完成年度测绘任务<5
一级指标|二级指标|三级指标<2|指标值<2
产出指标|数量指标|更新图幅<2|≥100幅<2
"""


def form(folder: Path, rows: str) -> Conversion:
    return convert_text(folder, TITLE + HEAD + rows + REST + SPENDING)


def listed(conversion: Conversion) -> list[tuple[str, str]]:
    """Return the errors of the form: code, and what is quoted."""
    return [
        (p.code, p.message.rpartition(": ")[2])
        for p in conversion.problems
        if p.severity.value == "error" and p.message.startswith("form-")
    ]


def test_tasks_have_their_money_by_source(tmp_path: Path) -> None:
    conversion = form(tmp_path, COLUMNS + TASKS + TOTAL)
    assert [(task.order, task.text, task.content) for task in conversion.budget.tasks] == [
        (1, "任务1：基础测绘", "更新地形图"),
        (2, "任务2：监管", "检查图件"),
    ]
    assert [[(f.label, f.amount, f.text, f.parent) for f in task.funding] for task in conversion.budget.tasks] == [
        [
            ("总额", Decimal(1000000), "100.00", None),
            ("财政拨款", Decimal(800000), "80.00", 1),
            ("其他资金", Decimal(200000), "20.00", 1),
        ],
        [
            ("总额", Decimal(505000), "50.50", None),
            ("财政拨款", Decimal(505000), "50.50", 1),
            ("其他资金", Decimal(0), "0", 1),
        ],
    ]
    assert listed(conversion) == []
    assert conversion.coverage.explained["derived"] == 3
    assert len(conversion.budget.objectives[0].indicators) == 1


def test_tasks_in_the_graph_lead_to_their_cells(tmp_path: Path) -> None:
    store = pyoxigraph.Store()
    store.load(statements(form(tmp_path, COLUMNS + TASKS)), format=pyoxigraph.RdfFormat.N_QUADS)
    found = store.query(
        "PREFIX bud: <https://w3id.org/budgetgraph/def#> PREFIX prov: <http://www.w3.org/ns/prov#>"
        "SELECT ?name ?content ?amount ?printed ?row ?column WHERE {"
        " ?task a bud:AnnualTask ; bud:sourceText ?name ; bud:statesText ?content ; bud:hasFundingLine ?line ."
        " ?line bud:lineAmount ?amount ; bud:partOfLine ?whole ; prov:wasDerivedFrom ?cell ."
        " ?task bud:hasFundingLine ?whole . ?line bud:sourceValue ?printed ."
        " ?cell bud:rowNumber ?row ; bud:columnNumber ?column"
        "} ORDER BY ?row ?column",
        use_default_graph_as_union=True,
    )
    assert isinstance(found, pyoxigraph.QuerySolutions)
    rows = [tuple(value.value for value in solution) for solution in found]
    assert [row[2:] for row in rows] == [
        ("800000", "80.00", "4", "5"),
        ("200000", "20.00", "4", "6"),
        ("505000", "50.50", "5", "5"),
        ("0", "0", "5", "6"),
    ]
    assert rows[0][:2] == ("任务1：基础测绘", "更新地形图")


def test_one_column_of_money_in_the_unit_of_the_form(tmp_path: Path) -> None:
    conversion = form(tmp_path, "年度主要任务^2|任务名称<2|预算金额（元）<3\n基础测绘<2|1,234.50<3\n")
    (task,) = conversion.budget.tasks
    assert [(f.label, f.amount, f.parent) for f in task.funding] == [("预算金额（元）", Decimal("1234.50"), None)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (COLUMNS + TASKS + TOTAL.replace("150.50", "150.60"), [("task-total-differs", "150.60")]),
        (
            COLUMNS.replace("（万元）", "") + "基础测绘|更新|100|80|20\n",
            [("missing-unit", n) for n in ("100", "80", "20")],
        ),
        (COLUMNS + "基础测绘|更新|百万|80|20\n", [("unparsable-number", "百万")]),
        (COLUMNS + "|更新|100|80|20\n", [("form-row-unknown", "更新 | 100 | 80 | 20")]),
    ],
    ids=["total", "unit", "number", "name"],
)
def test_what_is_not_sure_is_listed(tmp_path: Path, rows: str, expected: list[tuple[str, str]]) -> None:
    assert listed(form(tmp_path, rows)) == expected


def test_tasks_in_one_cell_stay_statements(tmp_path: Path) -> None:
    conversion = form(tmp_path, "年度主要任务|1.基础测绘；\n")
    assert [(task.text, task.funding) for task in conversion.budget.tasks] == [("基础测绘；", ())]
