"""One table for all projects of a department, with the columns of the indicators behind those of the project."""

from pathlib import Path

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.forms import Forms, read_forms
from budgetgraph.converter.readers import read_document
from tests.converter.forms.conftest import ReadForms

HEADER = "单位名称、项目名称|项目年度绩效目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|指标属性|指标内容\n"
TABLE = (
    "2021年项目支出绩效目标表\n单位：万元\n" + HEADER + "某局|||||||||\n"
    "河道保洁|河道全年清洁。|产出指标|数量指标|保洁河道|≥|12|条|定量指标|含支流\n"
    "||||清淤|≥|2|次|定量指标|\n||效益指标|社会效益指标|居民投诉|≤|3|起|定量指标|\n"
    "道路养护|道路完好。|产出指标|质量指标|路面|定性|优良||定性指标|\n"
)


def facts(forms: Forms) -> list[tuple[str, str, list[tuple[str, str | None, str, str, str | None]]]]:
    return [
        (p.label, o.label, [(i.level1, i.level2, i.label, i.target.text, i.nature) for i in o.indicators])
        for p in forms.projects
        for o in p.objectives
    ]


EXPECTED = [
    (
        "河道保洁",
        "河道全年清洁。",
        [
            ("output", "output-quantity", "保洁河道", "≥12条", "定量指标"),
            ("output", "output-quantity", "清淤", "≥2次", "定量指标"),
            ("benefit", "benefit-social", "居民投诉", "≤3起", "定量指标"),
        ],
    ),
    ("道路养护", "道路完好。", [("output", "output-quality", "路面", "优良", "定性指标")]),
]


def test_projects_merged_down(read: ReadForms, ledger: Ledger) -> None:
    forms = read(TABLE)
    assert facts(forms) == EXPECTED
    assert [o.id for p in forms.projects for o in p.objectives] == ["project-1", "project-2"]
    assert forms.projects[0].objectives[0].indicators[0].standard == "含支流"
    assert forms.problems == ()
    assert ledger.unexplained(block for block in forms.used if isinstance(block, Grid)) == []


def test_projects_and_objectives_printed_on_each_row(read: ReadForms) -> None:
    first = "河道保洁|河道全年清洁。|"
    table = TABLE.replace("\n||||清淤", f"\n{first}||清淤").replace("\n||效益", f"\n{first}效益")
    assert facts(read(table)) == EXPECTED


def test_header_printed_again_after_a_page_turn(read: ReadForms) -> None:
    forms = read(TABLE.replace("||效益指标", f"\n{HEADER}||效益指标"))
    assert facts(forms) == EXPECTED
    assert forms.problems == ()


def test_further_columns_of_the_project_are_its_statements(read: ReadForms) -> None:
    table = (
        "项目名称|主管部门|项目类别|绩效目标|一级指标|二级指标|三级指标|指标值\n"
        "道路养护|某局|其他|完好|产出指标|数量指标|里程|≥1公里\n"
    )
    (project,) = read("2021年绩效目标表\n单位：万元\n" + table).projects
    assert project.statements == {"主管部门": "某局", "项目类别": "其他"}
    (objective,) = project.objectives
    assert (objective.label, [i.target.text for i in objective.indicators]) == ("完好", ["≥1公里"])


def test_people_are_withheld(read: ReadForms) -> None:
    table = (
        "项目名称|负责人|绩效目标|一级指标|二级指标|三级指标|指标值\n道路养护|某甲|完好|产出指标|数量指标|里程|≥1公里\n"
    )
    forms = read("2021年绩效目标表\n单位：万元\n" + table)
    assert forms.withheld_texts == {"某甲"}
    assert "某甲" not in repr(forms)


def test_indicators_before_any_project_are_listed(read: ReadForms) -> None:
    forms = read(TABLE.replace("某局|||||||||\n", "||产出指标|数量指标|里程|≥|1|公里||\n"))
    assert facts(forms) == EXPECTED
    assert [p.code for p in forms.problems] == ["indicator-unknown"]


HTML = """<html><head><meta charset="utf-8"></head><body><p>2021年项目支出绩效目标表</p>
<table border="1">{rows}</table></body></html>"""


def test_spans_of_a_page(tmp_path: Path) -> None:
    """In HTML the merged cells are spans, not blank cells."""
    rows = [
        [*HEADER.strip().split("|")],
        [
            "河道保洁@3",
            "河道全年清洁。@3",
            "产出指标@2",
            "数量指标@2",
            "保洁河道",
            "≥",
            "12",
            "条",
            "定量指标",
            "含支流",
        ],
        ["清淤", "≥", "2", "次", "定量指标", ""],
        ["效益指标", "社会效益指标", "居民投诉", "≤", "3", "起", "定量指标", ""],
        ["道路养护", "道路完好。", "产出指标", "质量指标", "路面", "定性", "优良", "", "定性指标", ""],
    ]
    cells = "".join("<tr>" + "".join(map(td, row)) + "</tr>" for row in rows)
    path = tmp_path / "form.html"
    path.write_text(HTML.format(rows=cells), encoding="utf-8")
    assert facts(read_forms(read_document(path).blocks, 2021, Ledger())) == EXPECTED


def td(cell: str) -> str:
    text, _, rows = cell.partition("@")
    return f"<td rowspan={rows or 1}>{text}</td>"
