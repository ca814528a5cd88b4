"""The mutation score: it tells watched cells from unwatched ones, and leaves a document as it was."""

from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest

from budgetgraph.ontology.namespaces import BUD
from budgetgraph.shapes.catalogue import FOLDER, Shapes, shipped_shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.mutation import Watch, amount_cells, curve
from budgetgraph.shapes.mutation_operators import OPERATORS, trials
from budgetgraph.shapes.mutation_text import to_text
from tests.shapes.case_files import CASES, document

CHANGE = Decimal("0.05")


@pytest.fixture(scope="module")
def published(converted: Path) -> Watch:
    return Watch(Document(converted, "published"), shipped_shapes())


def small(*files: str) -> Watch:
    """Return a small sound document under some of the shapes, or all."""
    shapes = Shapes(tuple(FOLDER / file for file in ("prefixes.ttl", *files))) if files else shipped_shapes()
    return Watch(Document(document(CASES / "WT-1" / "valid.ttl"), "small"), shapes)


def statements(watch: Watch) -> set[str]:
    return set(map(str, watch.document.store))


def test_without_sums_nothing_is_watched() -> None:
    watch = small("cube.ttl", "codes.ttl")
    (few,) = curve(watch, [CHANGE])
    all_rules = curve(small(), [CHANGE])[0]
    assert few.cells == all_rules.cells > 5
    assert few.noticed < all_rules.noticed
    assert len(few.missed) == few.cells - few.noticed


def test_cells_changed_together_are_found_as_when_changed_alone(published: Watch) -> None:
    """The fast way and the whole set of rules agree on a sample."""
    cells = amount_cells(published.document)
    batches = published.batches(cells)
    assert sorted(cell.node for batch in batches for cell in batch) == sorted(cell.node for cell in cells)
    assert len(batches) < len(cells) / 5
    sample = batches[0][::12] + batches[-1][:2]
    found = published.together(batches[0], CHANGE) | published.together(batches[-1], CHANGE)
    assert any(cell.node in found for cell in sample)
    for cell in sample:
        alone = published.alone(cell, CHANGE)
        if cell.node in found:
            assert alone is not None, f"{cell.node} was put down to a cell that gives nothing"
            assert alone.rank <= found[cell.node].rank


def test_nearly_every_amount_of_the_published_budget_is_watched(published: Watch) -> None:
    before = statements(published)
    (point,) = curve(published, [CHANGE])
    assert point.cells > 300
    assert point.share >= 99, [cell.node for cell in point.missed]
    assert statements(published) == before


def test_each_kind_of_fault_is_made_and_undone(published: Watch) -> None:
    before = statements(published)
    found = trials(published, samples=1)
    assert [trial.name for trial in found] == list(OPERATORS)
    for trial in found:
        assert trial.tried == 1, f"{trial.name} finds no place in a document with eight tables"
        assert trial.violation <= trial.caught == trial.tried - len(trial.missed)
    assert statements(published) == before
    caught = {trial.name.split()[0] for trial in found if trial.caught}
    assert {"小数点移位", "相邻数字对调", "金额格中是文字", "重复一行"} <= caught


def test_the_outcome_lists_what_no_rule_watches() -> None:
    watch = small("cube.ttl")
    points = curve(watch, [Decimal("0.01"), Decimal("1.00")])
    text = to_text("small", points, trials(watch, samples=1))
    assert f"small: {points[0].cells} 个金额单元格" in text
    for cell in points[-1].missed:
        assert f"  {cell.node.rpartition('/budget/')[2]} {cell.label}" in text
    assert f"(+1.00): {len(points[-1].missed)}" in text
    assert ">=" in next(line for line in text.splitlines() if "+0.01" in line), "no cell was tried alone"


def test_a_document_without_amounts_has_no_score() -> None:
    quads = pyoxigraph.parse(document(""), format=pyoxigraph.RdfFormat.N_QUADS)
    without = [quad for quad in quads if quad.predicate.value != BUD.amount]
    watch = Watch(Document(without, "empty"), shipped_shapes())
    (point,) = curve(watch, [CHANGE])
    assert point.cells == point.noticed == point.share == 0
    assert "0 个金额单元格" in to_text("empty", [point], trials(watch, samples=1))
