"""Real publications of three places: every figure stands where its provenance says, sums hold, nothing is silent."""

from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.converter.amounts import parse_number, parse_unit, to_yuan
from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.exceptions import ConverterError
from budgetgraph.converter.pipeline import Conversion, Settings, convert, convert_document
from budgetgraph.converter.rdf.cube import leaf_flags
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.converter.readers import Document, read_document
from budgetgraph.converter.readers.pdf import text_in_box
from budgetgraph.converter.readers.text import blocks as text_blocks
from budgetgraph.converter.reprint.tables import load, read_tables

pytestmark = pytest.mark.corpus

#: Publication -> registry entry, year, total in 元, kinds of tables.
JIANGSU = [
    "balance",
    "revenue",
    "expenditure",
    "appropriation-balance",
    "appropriation-expenditure",
    "appropriation-basic",
]
JIANGSU_2017 = [
    *JIANGSU,
    "fund-expenditure",
    "general-expenditure",
    "basic-expenditure",
    "operating-cost",
    "three-public",
    "procurement",
]
JIANGSU_2019 = [
    *JIANGSU,
    "general-expenditure",
    "basic-expenditure",
    "three-public",
    "fund-expenditure",
    "operating-cost",
    "procurement",
]
SHANGHAI = [
    "balance",
    "revenue",
    "expenditure",
    "appropriation-balance",
    "general-expenditure",
    "fund-expenditure",
    "state-capital-expenditure",
    "basic-expenditure",
    "three-public",
]
PUBLICATIONS = {
    "jiangsu-cppcc-office-2017/tables.pdf": ("js-0003", 2017, "91467900.00", JIANGSU_2017),
    "jiangsu-party-office-2017/tables.pdf": ("js-0001", 2017, "208494500.00", JIANGSU_2017),
    "jiangsu-party-office-2019/tables.pdf": ("js-0001", 2019, "276642200.00", JIANGSU_2019),
    "jiangsu-peoples-congress-office-2019/tables.pdf": ("js-0002", 2019, "183303700.00", JIANGSU_2019),
    "putuo-finance-bureau-2025/document.pdf": ("shpt-0002", 2025, "31214205.80", SHANGHAI),
    "putuo-government-office-department-2025/document.pdf": ("shpt-0001", 2025, "91016775.35", SHANGHAI),
    "putuo-government-office-unit-2025/document.pdf": ("shpt-0001/hq", 2025, "91016775.35", SHANGHAI),
    "putuo-wanli-subdistrict-2023/document.pdf": ("shpt-0003", 2023, "164978640.00", SHANGHAI),
    "putuo-wanli-subdistrict-2025/document.pdf": ("shpt-0003", 2025, "189767551.00", SHANGHAI),
}

#: Figures compared with the printed page by eye: publication, table, dimension values, text as printed, 元.
GOLDEN = [
    ("jiangsu-party-office-2017", "balance", {"revenueSource": "business.specialAccount"}, "147.20", "1472000.00"),
    ("jiangsu-party-office-2017", "balance", {"functionalClass": "221"}, "1,856.69", "18566900.00"),
    ("jiangsu-party-office-2017", "balance", {"expenditureNature": "reserve"}, "196.72", "1967200.00"),
    ("jiangsu-party-office-2017", "balance", {"expenditureNature": "current"}, "20,849.45", "208494500.00"),
    (
        "jiangsu-party-office-2017",
        "revenue",
        {"revenueSource": "business.specialAccount.nontax"},
        "147.20",
        "1472000.00",
    ),
    ("jiangsu-cppcc-office-2017", "revenue", {"revenueSource": "ownFunds"}, "80.00", "800000.00"),
    ("jiangsu-cppcc-office-2017", "revenue", {"revenueSource": "other"}, "80.00", "800000.00"),
    ("jiangsu-cppcc-office-2017", "three-public", {"threePublic": "reception"}, "443.50", "4435000.00"),
    ("jiangsu-cppcc-office-2017", "three-public", {}, "676.10", "6761000.00"),
    (
        "jiangsu-peoples-congress-office-2019",
        "general-expenditure",
        {"functionalClass": "2010105"},
        "729.00",
        "7290000.00",
    ),
    (
        "jiangsu-peoples-congress-office-2019",
        "basic-expenditure",
        {"economicClass": "30114", "expenditureNature": "basic"},
        "32.16",
        "321600.00",
    ),
    ("jiangsu-party-office-2019", "expenditure", {"expenditureNature": "project"}, "13,025.38", "130253800.00"),
    ("jiangsu-party-office-2019", "operating-cost", {"economicClass": "30231"}, "411.20", "4112000.00"),
    ("jiangsu-cppcc-office-2017", "three-public-conference-training", {}, "1,852.32", "18523200.00"),
    ("jiangsu-cppcc-office-2017", "conference-training", {"economicClass": "30215"}, "1,094.62", "10946200.00"),
    ("jiangsu-party-office-2019", "conference-training", {"economicClass": "30216"}, "30.00", "300000.00"),
    ("jiangsu-party-office-2019", "procurement", {"procurementKind": "goods"}, "84.00", "840000.00"),
    (
        "jiangsu-party-office-2019",
        "procurement",
        {"procurementKind": "services", "procurementLine": "5.1"},
        "11.40",
        "114000.00",
    ),
    ("putuo-finance-bureau-2025", "three-public", {"threePublic": "reception"}, "0.95", "9500.00"),
    ("putuo-finance-bureau-2025", "operating-cost", {}, "229.43", "2294300.00"),
    ("putuo-wanli-subdistrict-2025", "operating-cost", {}, "464.64", "4646400.00"),
    (
        "putuo-finance-bureau-2025",
        "expenditure",
        {"functionalClass": "2010601", "expenditureNature": "project"},
        "138,514.80",
        "138514.80",
    ),
    (
        "putuo-finance-bureau-2025",
        "appropriation-balance",
        {"functionalClass": "210", "fund": "general"},
        "782,164.00",
        "782164.00",
    ),
    (
        "putuo-finance-bureau-2025",
        "basic-expenditure",
        {"economicClass": "31002", "expenditureNature": "public"},
        "90,000.00",
        "90000.00",
    ),
    (
        "putuo-government-office-unit-2025",
        "balance",
        {"functionalClass": "208", "expenditureNature": "public"},
        "265,380.00",
        "265380.00",
    ),
    ("putuo-wanli-subdistrict-2023", "three-public", {"threePublic": "vehicleRunning"}, "21.56", "215600.00"),
    (
        "putuo-wanli-subdistrict-2023",
        "revenue",
        {"functionalClass": "2120104", "revenueSource": "appropriation"},
        "6,905,798",
        "6905798.00",
    ),
]


@pytest.fixture(scope="module")
def conversions(corpus: Path) -> dict[str, Conversion]:
    """Return the conversion of each publication by its path in the corpus."""
    return {name: convert(corpus / name) for name in PUBLICATIONS}


@pytest.fixture(params=PUBLICATIONS)
def publication(request, corpus, conversions):
    """Return path and conversion of one publication after the other."""
    return corpus / request.param, conversions[request.param], PUBLICATIONS[request.param]


def test_body_year_and_kinds_of_tables(publication):
    _, conversion, (organisation, year, _, kinds) = publication
    budget = conversion.budget
    assert (budget.department.id, budget.fiscal_year, budget.kind) == (organisation, year, "budget")
    assert [table.kind for table in budget.tables if table.official] == kinds
    assert "missing-table" not in {problem.code for problem in conversion.problems}


def test_every_cell_is_accounted_for(publication):
    _, conversion, _ = publication
    coverage = conversion.coverage
    assert (coverage.unexplained, coverage.unexplained_labels) == (0, 0)
    listed = {reason: count for reason, count in coverage.explained.items() if reason != "code"}
    assert listed == {}
    assert [problem for problem in conversion.problems if problem.severity.value == "error"] == []


def test_leaves_of_the_canonical_data_sets_make_the_printed_total(publication):
    _, conversion, (_, _, total, *_) = publication
    canonical = [d for d in conversion.budget.data_sets if d.canonical]
    assert {d.structure for d in canonical} == {"expenditure", "revenue"}
    for data_set in canonical:
        flags = leaf_flags(data_set, conversion.budget)
        (printed,) = (figure.value for figure in data_set.figures if not figure.dimensions)
        leaves = sum(figure.value for figure, leaf in zip(data_set.figures, flags, strict=True) if leaf)
        assert leaves == printed == Decimal(total), data_set.id


def test_every_amount_stands_at_the_place_it_names(publication):
    path, conversion, _ = publication
    data = path.read_bytes()
    places = {
        figure.place.locator: figure.text
        for data_set in conversion.budget.data_sets
        for figure in data_set.figures
        if data_set.table and data_set.table.startswith("t")
    }
    assert len(places) > 100
    for locator, text in places.items():
        assert locator.page
        assert locator.box
        assert text_in_box(data, locator.page, locator.box).strip() == text, str(locator)


def test_no_figure_without_the_unit_of_its_table(publication):
    _, conversion, _ = publication
    tables = {table.id: table for table in conversion.budget.tables if table.official}
    for data_set in conversion.budget.data_sets:
        if data_set.table not in tables or not data_set.figures:
            continue
        unit = parse_unit(tables[data_set.table].unit or "")
        assert unit, data_set.id
        for figure in data_set.figures:
            number = parse_number(figure.text)
            assert number
            assert figure.value == to_yuan(number.value, unit[1])


def test_columns_of_a_row_add_up_to_its_total(publication):
    """Basic, project, reserve and carried forward make 合计: an amount in the wrong column breaks it."""
    _, conversion, _ = publication
    natures = {"basic", "project", "reserve", "carryForward"}
    rows = checked = 0
    for data_set in conversion.budget.data_sets:
        if data_set.table_kind not in {"expenditure", "general-expenditure"}:
            continue
        by_row: dict[int | None, dict[str, Decimal]] = {}
        for figure in data_set.figures:
            nature = figure.dimensions.get("expenditureNature", "_T")
            by_row.setdefault(figure.place.row, {})[nature] = figure.value
        for row in by_row.values():
            rows += 1
            if natures & row.keys():
                checked += 1
                parts = sum(value for nature, value in row.items() if nature in natures)
                assert abs(parts - row["_T"]) <= data_set.step
    assert rows >= checked > 0


@pytest.mark.parametrize("name", [name for name in PUBLICATIONS if name.startswith("jiangsu")])
def test_every_level_of_the_procurement_tree_adds_up(conversions, name):
    """A subtotal equals what stands under it, and nothing is counted twice: leaves add up to 合计."""
    budget = conversions[name].budget
    (data_set,) = [d for d in budget.data_sets if d.table_kind == "procurement"]
    amounts = {
        (f.dimensions.get("procurementKind", "_T"), f.dimensions.get("procurementLine", "_T")): f.value
        for f in data_set.figures
    }
    assert len(amounts) == len(data_set.figures) > 20
    kinds = {kind for kind, _ in amounts} - {"_T"}
    assert amounts["_T", "_T"] == sum(amounts[kind, "_T"] for kind in kinds)
    for (kind, line), value in amounts.items():
        below = [v for (k, n), v in amounts.items() if k == kind and n.rpartition(".")[0] == line.replace("_T", "")]
        below = below if line != "_T" else [v for (k, n), v in amounts.items() if k == kind and n.isdecimal()]
        if kind != "_T" and below:
            assert value == sum(below), (kind, line)
    flags = leaf_flags(data_set, budget)
    leaves = [f for f, leaf in zip(data_set.figures, flags, strict=True) if leaf]
    assert sum(f.value for f in leaves) == amounts["_T", "_T"]
    lines = {line.number: line for line in data_set.lines}
    for figure in leaves:
        line = lines[figure.dimensions["procurementLine"]]
        assert line.label == figure.label
        assert line.programme
        assert line.economic
        assert line.form in {"central", "departmental", "decentralised"}


def test_columns_beside_the_three_public_expenses_add_up(conversions):
    for name in [name for name in PUBLICATIONS if name.startswith("jiangsu")]:
        sets = {d.table_kind: d for d in conversions[name].budget.data_sets}
        (public,) = [f.value for f in sets["three-public"].figures if not f.dimensions]
        (everything,) = [f.value for f in sets["three-public-conference-training"].figures]
        assert public + sum(f.value for f in sets["conference-training"].figures) == everything


@pytest.mark.parametrize(("name", "kind", "key", "text", "value"), GOLDEN)
def test_figures_compared_by_eye(conversions, name, kind, key, text, value):
    budget = next(c.budget for path, c in conversions.items() if path.startswith(f"{name}/"))
    figures = [f for d in budget.data_sets if d.table_kind == kind for f in d.figures if dict(f.dimensions) == key]
    assert [(f.text, f.value) for f in figures] == [(text, Decimal(value))]


def test_tables_are_printed_again_from_the_graph(publication, tmp_path):
    path, conversion, _ = publication
    file = tmp_path / "graph.trig"
    file.write_text("".join(serialize(conversion.graphs, "trig")), encoding="utf-8")
    printed = {table.id: table for table in read_tables(load(file), str(file))}
    for table in conversion.budget.tables:
        if not table.official:
            continue
        expected = [["" for _ in range(table.columns)] for _ in range(table.rows)]
        for cell in table.cells:
            expected[cell.row - 1][cell.column - 1] = cell.text.strip()
        assert printed[table.id].matrix() == expected, f"{path.parent.name} {table.id}"


def test_the_publication_of_wuhan_converts_as_text(corpus):
    conversion = convert(corpus / "wuhan-jingkai-party-office-2021" / "document.txt")
    assert conversion.coverage.is_complete
    assert len([table for table in conversion.budget.tables if table.official]) == 8


def test_every_other_file_of_the_corpus_is_converted_whole_or_refused_by_name(corpus):
    refusals = {}
    for path in sorted(corpus.rglob("*")):
        if path.is_dir() or str(path.relative_to(corpus)) in PUBLICATIONS:
            continue
        try:
            assert convert(path).coverage.is_complete
        except ConverterError as error:
            refusals[str(path)] = str(error)
    assert all(path in message for path, message in refusals.items()), refusals


def _facts(conversion):
    return {
        (d.table_kind, d.structure, d.id.partition("-")[2], tuple(sorted(f.dimensions.items()))): (f.text, f.value)
        for d in conversion.budget.data_sets
        if d.table and d.table.startswith("t")
        for f in d.figures
    }


def test_the_same_tables_without_spans_give_no_other_figure(publication):
    """As tab-separated text a table has lost its spans: fewer figures may be certain, none may change."""
    path, conversion, _ = publication
    lines = []
    for block in read_document(path).blocks:
        if isinstance(block, Grid):
            rows = ["\t".join("".join(cell.text.split()) for cell in row) for row in block.rows]
            lines += ["", *rows, ""]
        else:
            lines.append(" ".join(block.text.split()))
    text = "\n".join(lines)
    document = Document(str(path), text.encode(), "text/plain", tuple(text_blocks(text)), text)
    plain = convert_document(document, Settings())
    assert plain.coverage.is_complete
    expected, found = _facts(conversion), _facts(plain)
    assert found.items() <= expected.items()
    lost = expected.keys() - found.keys()
    assert {key[2] for key in lost} <= {"nature"}
    assert len(lost) <= 2
