"""Whatever is done to a form, reading it ends without an exception, with every cell booked and nobody named."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.forms import read_forms
from budgetgraph.converter.ledger import Ledger
from budgetgraph.converter.readers.text import blocks as read_blocks
from tests.conftest import PUBLICATION
from tests.converter.forms.conftest import ANNEXES

LINES = PUBLICATION.read_text(encoding="utf-8").split("\n")[ANNEXES - 1 :]
ROWS = [number for number, line in enumerate(LINES) if "\t" in line]

Damage = tuple[str, int, int]


def damaged(damages: list[Damage]) -> str:
    lines = list(LINES)
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
