"""A whole publication in, its graph out: what must hold for every conversion, shown on a real budget."""

import itertools
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph
import pytest

from budgetgraph.converter.blocks import Grid, Paragraph
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Conversion, Settings, convert, convert_document
from budgetgraph.converter.rdf.serialization import FORMATS, serialize
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.readers.text import decode
from budgetgraph.ontology.namespaces import BUD
from tests.conftest import PUBLICATION
from tests.converter.selecting import select

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "data/publications/wuhan-jingkai-party-office-2021/document.txt"


def test_every_cell_is_accounted_for(conversion: Conversion):
    coverage = conversion.coverage
    assert coverage.is_complete
    assert coverage.numeric_cells == 455
    assert coverage.explained["code"] == 79
    assert coverage.explained["column-number"] == 35
    assert not set(coverage.explained) & {"unknown-table", "unknown-column", "unknown-row", "unparsable-number"}


def test_the_eight_tables_give_254_figures(conversion: Conversion):
    tables = {table.id for table in conversion.budget.tables if table.official}
    assert len(tables) == 8
    assert sum(len(d.figures) for d in conversion.budget.data_sets if d.table in tables) == 254


def test_every_amount_is_the_printed_one_times_its_unit(store: pyoxigraph.Store):
    query = """SELECT ?amount ?text ?k {
        ?o qb:dataSet/bud:sourceUnitMultiplier ?k ; bud:amount ?amount ; bud:sourceValue ?text }"""
    found = select(store, query)
    assert len(found) > 300
    for amount, text, multiplier in found:
        assert Decimal(amount) == Decimal(text.replace(",", "")) * 10 ** int(multiplier)


def test_every_figure_is_printed_where_its_provenance_says(store: pyoxigraph.Store):
    text = decode(SOURCE.read_bytes(), "source")
    query = """SELECT ?value ?exact ?start ?end ?line {
        ?o a qb:Observation ; bud:sourceValue ?value ; prov:wasDerivedFrom ?place .
        ?place oa:hasSelector ?position, ?quote ; bud:sourceLine ?line .
        ?position oa:start ?start ; oa:end ?end . ?quote oa:exact ?exact }"""
    found = select(store, query)
    observations = select(store, "SELECT (COUNT(*) AS ?n) { ?o a qb:Observation }")
    assert len(found) == int(observations[0][0])
    for value, exact, start, end, line in found:
        assert text[int(start) : int(end)] == exact
        assert value in exact
        assert text.count("\n", 0, int(start)) + 1 == int(line)


@pytest.mark.parametrize("structure", ["expenditure", "revenue"])
def test_leaves_of_the_canonical_data_set_are_the_printed_total(store: pyoxigraph.Store, structure: str):
    found = select(
        store,
        f"""SELECT (SUM(?v) AS ?sum) {{ ?d bud:canonical true ; qb:structure bud:dsd-{structure} .
        ?o qb:dataSet ?d ; bud:isLeaf true ; bud:amount ?v }}""",
    )
    assert Decimal(found[0][0]) == Decimal("14652800.00")


def test_adding_up_everything_counts_eight_times(store: pyoxigraph.Store):
    query = """SELECT (SUM(?v) AS ?s) {
        ?d bud:tableKind/skos:notation 'general-expenditure' . ?o qb:dataSet ?d ; bud:amount ?v }"""
    assert Decimal(select(store, query)[0][0]) == 8 * Decimal("14652800.00")


def test_the_empty_table_is_tied_to_the_sentence_that_says_so(store: pyoxigraph.Store):
    query = """SELECT ?quote { ?d bud:sourceTable '表五' ; bud:declaredEmpty true ; bud:emptyStatedBy ?claim .
        ?claim a bud:AbsenceClaim ; bud:sourceText ?quote }"""
    ((quote,),) = select(store, query)
    assert "政府性基金" in quote


def test_targets_have_normalised_bounds(store: pyoxigraph.Store):
    query = """SELECT DISTINCT ?text ?min ?max { ?t bud:sourceValue ?text . ?i bud:hasTarget ?t
        OPTIONAL { ?t schema:minValue ?min } OPTIONAL { ?t schema:maxValue ?max } }"""
    bounds = {text: (low, high) for text, low, high in select(store, query)}
    assert Decimal(bounds["≤1 小时"][1]) == 3600
    assert Decimal(bounds["≥98%"][0]) == Decimal("0.98")
    assert Decimal(bounds["80%以上"][0]) == Decimal("0.8")
    assert bounds["满意"] == ("", "")


def test_no_double_in_any_graph(conversion: Conversion):
    for rdf_format in ("nquads", "trig"):
        assert not re.search(
            r"XMLSchema#(double|float)|xsd:(double|float)", "".join(serialize(conversion.graphs, rdf_format))
        )


def test_nobody_is_named_in_any_output(conversion: Conversion):
    assert len(conversion.withheld_texts) >= 4
    for rdf_format in FORMATS:
        text = "".join(serialize(conversion.graphs, rdf_format))
        assert [name for name in conversion.withheld_texts if name in text] == []
    assert [name for name in conversion.withheld_texts if name in str(conversion.ledger_record())] == []


@pytest.mark.corpus
def test_nobody_is_named_in_any_output_of_the_real_publication(corpus: Path):
    conversion = convert(corpus / "wuhan-jingkai-party-office-2021" / "document.txt")
    assert sum(conversion.ledger.withheld.values()) == 15
    for rdf_format in FORMATS:
        text = "".join(serialize(conversion.graphs, rdf_format))
        assert [name for name in conversion.withheld_texts if name in text] == []
        assert not re.search(r"(?<![\da-f])1[3-9]\d{9}(?![\da-f])", text)  # hashes are of such digits, too


@pytest.mark.corpus
def test_the_real_publication_gives_the_same_figures(corpus: Path, conversion: Conversion):
    real = convert(corpus / "wuhan-jingkai-party-office-2021" / "document.txt")

    def figures(each: Conversion) -> list[tuple[object, ...]]:
        return [
            (d.id, tuple(sorted(f.dimensions.items())), f.value, f.text, f.label)
            for d in each.budget.data_sets
            for f in d.figures
        ]

    assert figures(real) == figures(conversion)
    assert real.coverage == conversion.coverage


def test_the_base_moves_the_data_and_not_the_vocabulary(tmp_path: Path):
    moved = convert(SOURCE, Settings(base="https://example.org/b/"))
    text = "".join(serialize(moved.graphs, "nquads"))
    assert "<https://example.org/b/id/budget/whkfq-0001/2021/budget/t8/2013101.basic.301>" in text
    assert BUD.amount in text
    assert not re.search(r"<https://w3id\.org/budgetgraph/id/(?!code/)", text)


@pytest.mark.parametrize("base", ["", "x", "ftp://a/", "http://a", "http://a/b c/", "http://a/?q/", "http://例/"])
def test_a_base_that_cannot_carry_identifiers_is_refused(base: str):
    with pytest.raises(ValueError, match="is no base"):
        convert(SOURCE, Settings(base=base))


def changed(tmp_path: Path, old: str, new: str) -> Conversion:
    text = SOURCE.read_text("utf-8")
    assert old in text
    path = tmp_path / "changed.txt"
    path.write_text(text.replace(old, new), "utf-8")
    return convert(path)


def codes(conversion: Conversion) -> set[str]:
    return {problem.code for problem in conversion.problems}


def test_an_unknown_body_keeps_an_identity_of_the_document(tmp_path: Path):
    text = re.sub(
        "工委（区委）办公室|工委\\(区委\\)办公室|工委（区委）办|党政办公室", "示例办", SOURCE.read_text("utf-8")
    )
    path = tmp_path / "unknown.txt"
    path.write_text(text, "utf-8")
    conversion = convert(path)
    assert conversion.budget.department.id == f"unregistered-{conversion.budget.source.short_hash}"
    assert "unregistered-organisation" in codes(conversion)


def test_a_missing_table_is_reported(tmp_path: Path):
    lines = SOURCE.read_text("utf-8").split("\n")
    path = tmp_path / "cut.txt"
    path.write_text("\n".join(lines[:330]), "utf-8")
    conversion = convert(path)
    assert conversion.coverage.is_complete
    cut = [line for line in lines[:240] if line]
    path.write_text("\n".join(cut), "utf-8")
    assert "missing-table" in codes(convert(path))


def test_a_changed_title_leaves_the_table_unknown_and_its_cells_listed(tmp_path: Path):
    conversion = changed(tmp_path, "2021 年一般公共预算支出表\n", "附表\n")
    assert "unknown-table" in codes(conversion)
    assert conversion.coverage.explained["unknown-table"] == 70
    assert conversion.coverage.is_complete


def test_a_document_without_year_says_what_to_do(tmp_path: Path):
    path = tmp_path / "yearless.txt"
    path.write_text("部门收入总表\n单位：万元\n总计\t1.00\n一、一般公共预算收入\t1.00\n", "utf-8")
    with pytest.raises(SourceError, match="no line names the fiscal year"):
        convert(path)


@pytest.mark.parametrize("year", [2014, 2031])
def test_a_year_without_classifications_is_refused_by_name(tmp_path: Path, year: int):
    path = tmp_path / "future.txt"
    path.write_text(PUBLICATION.read_text("utf-8").replace("2021", str(year)), "utf-8")
    with pytest.raises(SourceError, match=rf"future\.txt: its title .* names the year {year}; classifications are"):
        convert(path)


def test_labels_without_a_header_beside_a_balance_leave_it_unknown(tmp_path: Path):
    path = tmp_path / "beside.txt"
    rows = ("项目|预算数|项目|预算数||", "收入总计|1,401.07|支出总计|1,401.07|一般行政管理事务|250.00")
    lines = ("某某市甲乙局2021年部门预算", "2021年部门收支预算总表", "单位：万元", *rows)
    path.write_text("\n".join(lines).replace("|", "\t"), "utf-8")
    with pytest.raises(SourceError, match=r"none of its tables \(1\)"):
        convert(path)


def test_observations_have_iris_of_their_own(store: pyoxigraph.Store):
    found = sorted(row[0] for row in select(store, "SELECT ?o { ?o a qb:Observation }"))
    assert all(a != b for a, b in itertools.pairwise(found))
    assert all(iri.isascii() for iri in found)


def test_doubtfully_recognised_text_and_forms_give_no_figures(conversion: Conversion):
    document = read_document(PUBLICATION)
    doubtful = [
        replace(block, confidence=0.9) if isinstance(block, Paragraph) else _doubtful(block)
        for block in document.blocks
    ]
    result = convert_document(replace(document, blocks=tuple(doubtful)), Settings())
    assert result.budget.claims == ()
    assert (result.budget.projects, result.budget.objectives) == ((), ())
    assert result.coverage.is_complete
    assert conversion.budget.claims
    assert conversion.budget.projects


def _doubtful(grid: Grid) -> Grid:
    """Return a form with doubtful cells; tables stay as they are. The forms stand behind the running text."""
    if (grid.locator.line or 0) < 470:
        return grid
    return replace(grid, rows=tuple(tuple(replace(cell, confidence=0.7) for cell in row) for row in grid.rows))
