"""Forms that the tests write, as rows of cells with `|` between them, and what is read of them."""

from decimal import Decimal

from budgetgraph.converter.budget import Indicator
from budgetgraph.converter.forms import Forms

HEAD = """2021年项目申报表
资金单位：万元
项目名称|河道保洁|项目代码|X-7||
项目主管部门|某局|项目执行单位|某科||
项目绩效总目标|河道清洁||||
"""


def indicators(forms: Forms) -> list[Indicator]:
    return [i for project in forms.projects for objective in project.objectives for i in objective.indicators]


def targets(forms: Forms) -> list[tuple[str, str | None, Decimal | None, str]]:
    """Return name, comparator, the first bound and the printed unit of each first target."""
    return [
        (i.label, t.comparator, t.minimum if t.minimum is not None else t.maximum, t.unit)
        for i in indicators(forms)
        for t in (i.target,)
    ]


def form(columns: str, *rows: str) -> str:
    return HEAD + f"绩效指标|一级指标|二级指标|三级指标|{columns}\n" + "".join(f"|{row}\n" for row in rows)
