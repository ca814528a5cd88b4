"""What results have in common: the figure, table or sentence whose fault would explain them."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.blank_rows import blank_row
from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.engines import DEFAULT_ENGINE
from budgetgraph.shapes.mutation import AmountCell, amount_cells, changed, with_amounts
from budgetgraph.shapes.mutation_operators import OPERATORS, Mutant, _Tables
from budgetgraph.shapes.report import to_json, to_text
from budgetgraph.shapes.report_page import to_html
from budgetgraph.shapes.results import CommonCause, Report, Severity
from budgetgraph.shapes.sparql_terms import text_of
from budgetgraph.shapes.validation import report_on, validate
from tests.shapes.case_files import CASES, document

SWAPPED, SHIFTED, UNIT = (
    "整表两栏对调 columns of a table swapped",
    "科目错行 labels shifted by a row",
    "一表单位错 unit of one table changed",
)
Faulty = Callable[[Mutant], Report]


@pytest.fixture(scope="module")
def published(converted: Path) -> Document:
    return Document(converted, "published")


@pytest.fixture(scope="module")
def tables(published: Document) -> _Tables:
    return _Tables(published)


@pytest.fixture(scope="module")
def known(published: Document) -> set[str]:
    """Return what is wrong with the document anyway."""
    return {result.fingerprint for result in report_on(published, shipped_shapes(), DEFAULT_ENGINE).results}


@pytest.fixture(scope="module")
def faulty(published: Document) -> Faulty:
    def report(mutant: Mutant) -> Report:
        _, removed, added = mutant
        with changed(published, removed, added):
            return report_on(published, shipped_shapes(), DEFAULT_ENGINE, explain=True)

    return report


def cells(published: Document, *endings: str) -> Sequence[AmountCell]:
    """Return the figures whose IRIs end so, in this order."""
    found = {cell.node.rpartition("/budget/")[2]: cell for cell in amount_cells(published)}
    return [found[ending] for ending in endings]


def mutant(operators: Iterator[Mutant], table: str) -> Mutant:
    return next(each for each in operators if re.match(rf"{table}\b", each[0]))


def sums(report: Report, known: set[str]) -> set[str]:
    """Return the results about sums and printings that a fault has added."""
    rules = ("WT-", "XT-")
    return {r.fingerprint for r in report.results if r.rule.startswith(rules) and r.fingerprint not in known}


def test_a_sound_document_has_no_common_cause(published: Document) -> None:
    assert validate(document(CASES / "WT-1" / "valid.ttl"), explain=True).causes == ()
    report = report_on(published, shipped_shapes(), DEFAULT_ENGINE, explain=True)
    assert len(report.results) > 50
    assert report.causes == (), "its faults have nothing to do with each other"


@pytest.mark.parametrize("factor", ["10", "0.5"])
def test_one_wrong_figure_explains_all_its_equations(
    published: Document, faulty: Faulty, known: set[str], factor: str
) -> None:
    (cell,) = cells(published, "t2/20131")
    report = faulty(("", *with_amounts(published, {cell: cell.amount * Decimal(factor)})))
    (cause,) = report.causes
    assert cause.kind == "figure"
    assert cause.cell == cell.cell
    assert set(cause.fingerprints) == sums(report, known)
    assert len(cause.fingerprints) > 3
    right = f"{cell.amount / cell.unit:,.2f}"
    assert f"with {right} in its place" in cause.message.en
    assert f"若为 {right}" in cause.message.zh


def test_data_that_differ_from_what_is_printed_are_called_so(published: Document, faulty: Faulty) -> None:
    (cell,) = cells(published, "t2/20131")
    report = faulty(("", *with_amounts(published, {cell: cell.amount * 10}, printed=False)))
    assert "is 11,359.10 in the data, unlike what is printed" in report.causes[0].message.en
    assert "在数据中是 11,359.10" in report.causes[0].message.zh


def test_a_figure_that_the_text_contradicts_too_is_the_figure(
    published: Document, faulty: Faulty, known: set[str]
) -> None:
    (cell,) = cells(published, "t2/_T.project")
    report = faulty(("", *with_amounts(published, {cell: cell.amount + 900_000})))
    cause = report.causes[0]
    assert cause.cell == cell.cell
    assert "NR-1" in {result.rule for result in report.explained_by(cause)}


def test_two_wrong_figures_are_two_causes(published: Document, faulty: Faulty) -> None:
    one, other = cells(published, "t2/20131", "t3/_T.basic.30299")
    wrong = {one: one.amount + 50_000, other: other.amount * 10}
    report = faulty(("", *with_amounts(published, wrong)))
    assert {cause.cell for cause in report.causes} == {one.cell, other.cell}
    assert [cause.kind for cause in report.causes] == ["figure"] * 2
    fingerprints = [each for cause in report.causes for each in cause.fingerprints]
    assert len(fingerprints) == len(set(fingerprints)), "a result stands in one"


@pytest.mark.parametrize(
    ("operator", "table", "kind", "words"),
    [
        (UNIT, "t2", "unit", "ten thousand times off"),
        (SWAPPED, "t2", "columns", "columns are likely swapped or shifted"),
        (SHIFTED, "t3", "rows", "rows are likely shifted"),
    ],
)
def test_a_table_that_is_off_as_a_whole_is_one_cause(
    tables: _Tables, faulty: Faulty, known: set[str], operator: str, table: str, kind: str, words: str
) -> None:
    report = faulty(mutant(OPERATORS[operator](tables), table))
    cause = report.causes[0]
    assert cause.kind == kind
    assert words in cause.message.en
    assert {"t2": "表二", "t3": "表三"}[table] in cause.message.zh
    fresh = sums(report, known)
    assert len(fresh) > 10
    assert fresh <= set(cause.fingerprints)


def test_a_unit_that_is_wrong_everywhere_is_one_cause(tables: _Tables, faulty: Faulty) -> None:
    (all_tables,) = OPERATORS["各表单位皆错 unit of all tables changed"](tables)
    report = faulty(all_tables)
    cause = report.causes[0]
    assert cause.kind == "unit"
    assert {result.rule for result in report.explained_by(cause)} == {"NR-1-unit"}
    assert len(cause.fingerprints) > 3


def test_an_amount_of_the_text_that_breaks_several_rules_is_one_cause(published: Document, faulty: Faulty) -> None:
    """This year's total as the text states it is wrong: the table and its share contradict it."""
    shares = set(published.members(BUD.ShareClaim))
    level = next(
        text_of(claim)
        for claim in published.members(BUD.LevelClaim)
        if "14652800" in published.texts(text_of(claim), BUD.claimedAmount)
        and set(published.steps(f"<{BUD.ofLevel}>", inverse=True).get(claim, ())) & shares
    )
    node, amount = ox.NamedNode(level), ox.NamedNode(BUD.claimedAmount)
    (stated,) = published.store.quads_for_pattern(node, amount, None)
    wrong = ox.Quad(node, amount, ox.Literal("19652800", datatype=ox.NamedNode(f"{PREFIXES['xsd']}decimal")))
    report = faulty(("", [stated], [wrong]))
    cause = next(cause for cause in report.causes if cause.kind == "stated")
    assert {result.rule[:3] for result in report.explained_by(cause)} == {"NR-", "PC-"}


def test_hints_are_no_results(published: Document, faulty: Faulty) -> None:
    (cell,) = cells(published, "t2/20131")
    removed, added = with_amounts(published, {cell: cell.amount * 10})
    with changed(published, removed, added):
        explained, plain = (report_on(published, shipped_shapes(), DEFAULT_ENGINE, explain=e) for e in (True, False))
    assert explained.causes
    assert plain.causes == ()
    assert explained.results == plain.results


@pytest.fixture(scope="module")
def wrong(published: Document, faulty: Faulty) -> tuple[Report, CommonCause]:
    (cell,) = cells(published, "t2/20131")
    report = faulty(("", *with_amounts(published, {cell: cell.amount * 10})))
    return report, report.causes[0]


def test_text_tells_the_cause_first_and_every_result(wrong: tuple[Report, CommonCause]) -> None:
    report, cause = wrong
    number = len(report.explained_by(cause))
    _verdict, first, rules, *rest = to_text(report, "en").splitlines()
    assert first == f"  {number} findings have one likely cause: {cause.message.en}."
    assert "WT-1 (" in rules
    assert "表二" in rules
    assert all(any(result.message.en in line for line in rest) for result in report.results)
    assert f"  {number} 条结果可能出于同一个原因：{cause.message.zh}。" in to_text(report, "zh")


def test_json_names_the_results_of_a_cause(wrong: tuple[Report, CommonCause]) -> None:
    report, cause = wrong
    (source,) = json.loads(to_json([report]))["sources"]
    (record,) = source["causes"]
    assert record["fingerprints"] == list(cause.fingerprints)
    assert record["cell"]["table"] == "表二"
    assert set(record["fingerprints"]) <= {result["fingerprint"] for result in source["results"]}
    assert len(source["results"]) == len(report.results)


def test_html_folds_the_results_under_their_cause(wrong: tuple[Report, CommonCause]) -> None:
    report, cause = wrong
    html = to_html([report], "1.0")
    head, _, behind = html.partition('<details class="cause">')
    folded, _, rest = behind.partition("</details>")
    number = len(report.explained_by(cause))
    assert f"{number} findings have one likely cause" in folded
    assert "Look here first" in head
    assert '<details class="cause">' not in rest
    for result in report.results:
        place = folded if result.fingerprint in cause.fingerprints else rest
        assert f'id="source-1-{result.fingerprint}"' in place
    identifiers = re.findall(r' id="([^"]+)"', html)
    assert len(identifiers) == len(set(identifiers))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(identifiers)
    assert f'<span class="Violation">{report.count(Severity.VIOLATION)} ' in head, "folded results count"


def test_a_row_that_is_cut_off(published: Document, known: set[str]) -> None:
    rest = set(cells(published, "t2/2013101.basic"))
    removed = [q for cell in rest for q in published.store.quads_for_pattern(ox.NamedNode(cell.node), None, None, None)]
    with changed(published, removed, []):
        report = report_on(published, shipped_shapes(), DEFAULT_ENGINE, explain=True)
    (cause,) = report.causes
    assert cause.kind == "row"
    assert "表二" in cause.message.zh
    assert "2013101 行后面各栏是空白" in cause.message.zh
    assert "the rest of row 2013101" in cause.message.en
    assert cause.cell == cells(published, "t2/2013101")[0].cell
    added = {r.rule for r in report.results if r.fingerprint not in known}
    assert {r.rule for r in report.results if r.fingerprint in cause.fingerprints} == added >= {"WT-1", "WT-3"}


def test_a_row_at_the_end_of_a_page(published: Document) -> None:
    """The table goes on with 2013102 on the next page, or on the same one."""
    (cut,) = cells(published, "t2/2013101.basic")
    removed = list(published.store.quads_for_pattern(ox.NamedNode(cut.node), None, None, None))
    with changed(published, removed, []):
        report = report_on(published, shipped_shapes(), DEFAULT_ENGINE, explain=True)
    figures = [cell for cell in amount_cells(published) if cell.cell and cell.node != cut.node]
    sets = {figure.node: figure.node.rpartition("/")[0] for figure in figures}
    for last, said in ((6, "第 1 页末"), (7, "后面各栏是空白")):
        placed = {
            figure.node: replace(figure.cell, page=1 if (figure.cell.row or 0) <= last else 2)
            for figure in figures
            if figure.cell
        }
        found = blank_row(published, report.results, sets, placed)
        assert found is not None
        assert said in found.message.zh
