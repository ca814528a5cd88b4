"""Five project forms of a Shanghai district: head, fund block, objectives, indicators, each at its place in the PDF."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.budget import Indicator, Place, Project, Target
from budgetgraph.converter.forms import Forms, read_forms
from budgetgraph.converter.readers import read_document

#: All indicators of the five forms with their pages, compared with the pages by eye.
GOLDEN = Path(__file__).with_name("indicators-shanghai.tsv")

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def source(corpus: Path) -> Path:
    return corpus / "putuo-wanli-subdistrict-2023" / "document.pdf"


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture(scope="module")
def forms(source: Path, ledger: Ledger) -> Forms:
    return read_forms(read_document(source).blocks, 2023, ledger)


def targets(indicator: Indicator) -> tuple[Target, ...]:
    return (indicator.target, *indicator.further)


def rows(project: Project) -> list[list[str]]:
    annual = project.objectives[-1]
    found = [
        [
            i.place.locator.page, project.order, i.order, i.level1, i.level2, i.label, t.text,
            t.comparator or t.kind, t.minimum, t.maximum, t.normalised_unit, t.subject,
        ]
        for i in annual.indicators
        for t in targets(i)
    ]  # fmt: skip
    return [["" if value is None else str(value) for value in line] for line in found]


def test_all_indicators(forms: Forms) -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = list(csv.reader(file, delimiter="\t"))[1:]
    assert len(golden) == 66
    assert [line for project in forms.projects for line in rows(project)] == golden
    assert [len(project.objectives[-1].indicators) for project in forms.projects] == [5, 4, 4, 43, 9]


def test_heads(forms: Forms) -> None:
    heads = [(p.label, p.nature, p.category, p.start, p.end, p.total_budget) for p in forms.projects]
    year = date(2023, 1, 1), date(2023, 12, 31)
    assert heads == [
        ("新建万里街道社区公共服务中心", "one-off", "specific-goal", *year, Decimal("4100000.00")),
        ("就业援助基地补贴", "recurring", "specific-goal", *year, Decimal("6351000.00")),
        ("社区环境整治和建设经费", "recurring", "specific-goal", *year, Decimal("4563800.00")),
        ("各类工作经费", "recurring", "specific-goal", *year, Decimal("7595500.00")),
        ("公共服务设施运行经费", "recurring", "other-running", *year, Decimal("10903043.00")),
    ]
    assert [p.current_budget == p.total_budget for p in forms.projects] == [True] * 5


def test_fund_blocks(forms: Forms) -> None:
    """The last form prints more for a part (当年财政拨款) than for the whole; it is published as it stands."""
    labels = ["项目资金总额", "年度资金申请总额", "财政资金", "当年财政拨款", "上年结转资金", "其他资金", "其他资金"]
    for project in forms.projects:
        assert [line.label for line in project.funding] == labels
        assert [line.parent for line in project.funding] == [None, None, 1, 2, 2, 1, 2]
    printed = ["10,903,043.00", "10,903,043.00", "10,903,043.00", "11,419,043.00", "0.00", "0.00", "0.00"]
    assert [line.text for line in forms.projects[4].funding] == printed


def test_objectives_of_the_project_and_of_the_year(forms: Forms) -> None:
    for project in forms.projects:
        assert [(o.horizon, len(o.indicators) > 0) for o in project.objectives] == [("long", False), ("annual", True)]
        assert project.objectives[0].label == project.objectives[1].label


def test_every_cell_is_accounted_for_and_no_fault_is_found(forms: Forms, ledger: Ledger) -> None:
    grids = [block for block in forms.used if isinstance(block, Grid)]
    assert len(grids) == 5
    assert ledger.unexplained(grids) == []
    assert forms.problems == ()


def places(forms: Forms) -> list[tuple[Place, str]]:
    found: list[tuple[Place, str]] = []
    for project in forms.projects:
        found += [(line.place, line.text) for line in project.funding]
        for objective in project.objectives:
            for indicator in objective.indicators:
                found.append((indicator.place, indicator.label))
                found += [(target.place, target.text) for target in targets(indicator)]
    return found


def test_every_value_stands_where_its_provenance_says(source: Path, forms: Forms) -> None:
    found = places(forms)
    assert len(found) == 5 * 7 + 65 + 66
    with pypdfium2.PdfDocument(source) as document:
        for place, text in found:
            assert place.locator.page is not None
            assert place.locator.box is not None
            page = document[place.locator.page - 1]
            left, top, right, bottom = place.locator.box
            height = page.get_height()
            printed = page.get_textpage().get_text_bounded(left, height - bottom, right, height - top)
            assert "".join(text.split()) in "".join(printed.split()), place
