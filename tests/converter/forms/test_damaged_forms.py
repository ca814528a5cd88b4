"""Whatever is done to a form, reading it ends without an exception, with every cell booked and nobody named."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.forms import read_forms
from budgetgraph.converter.readers.text import blocks as read_blocks
from tests.conftest import PUBLICATION
from tests.converter.forms.conftest import ANNEXES

LINES = PUBLICATION.read_text(encoding="utf-8").split("\n")[ANNEXES - 1 :]
ROWS = [number for number, line in enumerate(LINES) if "\t" in line]

Damage = tuple[str, int, int]


HEAD = "2021年项目申报表\n单位：万元\n项目名称|河道保洁|项目代码|X-7\n项目主管部门|某局|项目执行单位|某科\n"


def damaged(damages: list[Damage], of: list[str] = LINES) -> str:
    lines = list(of)
    for kind, row, cell in damages:
        cells = lines[row].split("\t")
        place = cell % len(cells)
        if kind == "drop cell":
            del cells[place]
        elif kind == "add cell":
            cells.insert(place, "")
        elif kind == "blank cell":
            cells[place] = ""
        elif kind == "swap cells":
            cells[place], cells[-1 - place] = cells[-1 - place], cells[place]
        elif kind == "strange cell":
            cells[place] = "±≥<p>1,2.3 年%（"
        lines[row] = "\n" if kind == "page turn" else "" if kind == "drop row" else "\t".join(cells)
        if kind == "double row":
            lines[row] = f"{lines[row]}\n{lines[row]}"
    return "\n".join(lines)


KINDS = [
    "drop cell", "add cell", "blank cell", "swap cells", "strange cell", "page turn", "drop row", "double row",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(ROWS), st.integers(0, 9)), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_forms(damages: list[Damage]) -> None:
    ledger = Ledger()
    blocks = list(read_blocks(damaged(damages)))
    forms = read_forms(blocks, 2021, ledger)
    used = [block for block in blocks if isinstance(block, Grid) and any(block is other for other in forms.used)]
    assert ledger.unexplained(used) == []
    for table in forms.tables:
        places = [(cell.row, cell.column) for cell in table.cells]
        assert len(places) == len(set(places))
    for project in forms.projects:
        numbers = [item.number for item in project.items]
        assert len(numbers) == len(set(numbers))
        assert {item.parent for item in project.items} <= {None, *numbers}
        orders = {line.order for line in project.funding}
        assert {line.parent for line in project.funding} <= {None, *orders}
    identities = [o.id for o in forms.objectives] + [o.id for p in forms.projects for o in p.objectives]
    assert len(identities) == len(set(identities))


@given(st.text(alphabet="\t\n项目名称金额主管部门一二级指标值产出数量合计≥%12。<p>/", max_size=200))
def test_noise_of_form_words(text: str) -> None:
    ledger = Ledger()
    blocks = list(read_blocks(text))
    forms = read_forms(blocks, 2021, ledger)
    used = [block for block in blocks if isinstance(block, Grid) and any(block is other for other in forms.used)]
    assert ledger.unexplained(used) == []


#: Column sets with levels, weights, texts, earlier years, periods, tables side by side and one table for all projects.
COLUMN_SETS = [
    HEAD + "项目绩效目标|中期目标||年度目标|\n|三年内清洁||今年清洁|\n"
    "绩效指标|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值\n"
    "|产出指标|数量指标|保洁|≥36条|数量指标|保洁|≥12条\n||||||清淤|≥2次\n|效益指标|社会效益指标|投诉|≤9起|社会效益指标|投诉|≤3起\n",
    HEAD + "绩效指标|一级指标|权重|二级指标|分值|三级指标|分值|指标性质|指标值|度量单位|备注\n"
    "|产出指标|50|数量指标|30|保洁|20|≥|12|条|含支流\n|||||打捞|10|定性|优||\n|预算绩效||质量指标|20|合格率|20|≥|292|%|\n",
    HEAD + "绩效指标|一级指标|二级指标|三级指标|指标值|||备注\n||||近两年指标值||预期当年实现值|\n||||2019年|2020年||\n"
    "||数量指标|保洁|10条|11条|≥12条|计划\n|产出指标||清淤||||\n||质量指标|合格率|||2023.07-2024.01|\n",
    "2021年绩效目标表\n" + "项目名称|负责人|绩效目标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|指标内容\n"
    "某局|||||||||\n保洁|某甲|清洁|产出指标|数量指标|河道|≥|12|条|含支流\n||||质量指标|水面|定性|优良||\n养护||完好|产出指标||路|≥|1|公里|\n",
]


@given(
    st.sampled_from(COLUMN_SETS),
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 11), st.integers(0, 9)), max_size=8),
)
@settings(max_examples=80, deadline=None)
def test_damaged_column_sets(form: str, damages: list[Damage]) -> None:
    lines = form.replace("|", "\t").split("\n")
    ledger = Ledger()
    blocks = list(read_blocks(damaged([(k, row % len(lines), cell) for k, row, cell in damages], lines)))
    forms = read_forms(blocks, 2021, ledger)
    used = [block for block in blocks if isinstance(block, Grid) and any(block is other for other in forms.used)]
    assert ledger.unexplained(used) == []
    text = "".join("".join(block.text for block in grid.cells()) for grid in blocks if isinstance(grid, Grid))
    for project in forms.projects:
        for indicator in (i for o in project.objectives for i in o.indicators):
            for target in (indicator.target, *indicator.further, *indicator.earlier):
                assert target.value is None or f"{abs(target.value)}" in text
