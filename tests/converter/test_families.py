"""Invented publications of families that the corpus does not have: read whole, and no amount in a wrong column."""

from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.converter.layouts.suggestions import profile_stub
from budgetgraph.converter.pipeline import Settings, convert
from budgetgraph.converter.profiles import parse_profile, shipped_profiles
from budgetgraph.converter.rdf.cube import leaf_flags
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.converter.reprint.tables import load, read_tables

FAMILIES = Path(__file__).parent / "families"
FINAL = [
    "balance",
    "revenue",
    "expenditure",
    "appropriation-balance",
    "general-expenditure",
    "basic-expenditure",
]
#: Publication -> kind, year, total in 元, kinds of tables, numeric cells that are no figures.
PUBLICATIONS = {
    "final-account-model.txt": (
        "final_account",
        2023,
        "11100000",
        [*FINAL, "fund-expenditure", "state-capital-expenditure", "three-public"],
        {"code", "column-number", "line-number"},
    ),
    "final-account-shanghai.html": (
        "final_account",
        2024,
        "9025000",
        [*FINAL, "three-public", "fund-expenditure", "state-capital-expenditure"],
        {"code"},
    ),
    "central-budget.txt": (
        "budget",
        2024,
        "5400000",
        ["balance", "expenditure", "general-expenditure", "basic-expenditure", "three-public", "fund-expenditure"],
        {"code", "derived"},
    ),
    "guangdong-style.html": (
        "budget",
        2025,
        "8200000",
        ["balance", "revenue", "expenditure", "general-expenditure"],
        {"code"},
    ),
    "model-2022.txt": (
        "budget",
        2024,
        "7420000",
        [
            "balance",
            "expenditure",
            "appropriation-balance",
            "general-expenditure",
            "basic-expenditure",
            "fund-expenditure",
            "state-capital-expenditure",
        ],
        {"code"},
    ),
    "jiangsu-2018.txt": (
        "budget",
        2018,
        "9500000",
        ["balance", "revenue", "expenditure", "basic-expenditure", "three-public", "fund-expenditure"],
        {"code"},
    ),
}
#: Publication, data set, dimension values, text as printed.
FIGURES = [
    ("final-account-model.txt", "t1-revenue", {"revenueSource": "surplusUse"}, "10.00"),
    ("final-account-model.txt", "t1-functional", {"expenditureNature": "surplusDistribution"}, "5.00"),
    ("final-account-model.txt", "t1-functional", {"expenditureNature": "carryForward"}, "85.00"),
    ("final-account-model.txt", "t2", {"functionalClass": "2010602", "revenueSource": "business"}, "30.00"),
    ("final-account-model.txt", "t4-revenue", {"revenueSource": "general"}, "1,000.00"),
    ("final-account-model.txt", "t4-revenue", {"revenueSource": "carriedForward.general"}, "30.00"),
    ("final-account-model.txt", "t4-functional", {"functionalClass": "212", "fund": "govFund"}, "50.00"),
    ("final-account-model.txt", "t6", {"economicClass": "31002", "expenditureNature": "public"}, "10.00"),
    ("final-account-model.txt", "t6", {"expenditureNature": "public"}, "160.00"),
    ("final-account-model.txt", "t7", {"functionalClass": "212"}, "50.00"),
    ("final-account-model.txt", "t7-carried", {"functionalClass": "212", "expenditureNature": "carryForward"}, "10.00"),
    ("final-account-model.txt", "t7-revenue", {"revenueSource": "carriedForward"}, "10.00"),
    ("final-account-model.txt", "t9", {"threePublic": "vehicles"}, "17.50"),
    ("final-account-model.txt", "t9-budget", {"threePublic": "vehicles"}, "18.00"),
    ("final-account-shanghai.html", "t2", {"revenueSource": "other"}, "12.50"),
    ("final-account-shanghai.html", "t3", {}, "902.50"),
    ("final-account-shanghai.html", "t6", {"economicClass": "30102", "expenditureNature": "personnel"}, "260.00"),
    ("final-account-shanghai.html", "t6", {"expenditureNature": "personnel"}, "572.00"),
    ("final-account-shanghai.html", "t6", {"expenditureNature": "public"}, "120.50"),
    ("final-account-shanghai.html", "t7", {"threePublic": "reception"}, "0.50"),
    ("final-account-shanghai.html", "t7-budget", {"threePublic": "reception"}, "2.00"),
    ("central-budget.txt", "t1-revenue", {"revenueSource": "surplusUse"}, "2.00"),
    ("central-budget.txt", "t5", {"functionalClass": "2060302"}, "140.00"),
    ("central-budget.txt", "t5-2023-executed", {"functionalClass": "2060302"}, "120.00"),
    ("central-budget.txt", "t6", {"economicClass": "30101", "expenditureNature": "personnel"}, "240.00"),
    ("central-budget.txt", "t7", {"threePublic": "reception"}, "0.50"),
    ("central-budget.txt", "t7-2023", {"threePublic": "reception"}, "1.00"),
    ("guangdong-style.html", "t3", {"functionalClass": "2010301", "expenditureNature": "basic"}, "580.50"),
    ("guangdong-style.html", "t4", {"functionalClass": "2010301", "expenditureNature": "basic"}, "571.00"),
    ("model-2022.txt", "t4-revenue", {"revenueSource": "carriedForward.govFund"}, "2.00"),
    ("model-2022.txt", "t4-functional", {"functionalClass": "212", "fund": "govFund"}, "52.00"),
    ("model-2022.txt", "t5", {"functionalClass": "2010301", "expenditureNature": "public"}, "80.00"),
    ("model-2022.txt", "t8", {"functionalClass": "2120803"}, "52.00"),
    ("jiangsu-2018.txt", "t1-nature", {"expenditureNature": "reserve"}, "50.00"),
    ("jiangsu-2018.txt", "t2", {"revenueSource": "govFund"}, "20.00"),
    ("jiangsu-2018.txt", "t9-conference-training", {"economicClass": "30215"}, "7.00"),
    ("jiangsu-2018.txt", "t9", {"threePublic": "vehicles"}, "12.00"),
]


@pytest.fixture(scope="module")
def conversions():
    """Return the conversion of each publication."""
    return {name: convert(FAMILIES / name) for name in PUBLICATIONS}


@pytest.fixture(params=PUBLICATIONS)
def publication(request, conversions):
    """Return conversion and expectations of one publication after the other."""
    return conversions[request.param], PUBLICATIONS[request.param]


def test_what_it_is(publication):
    conversion, (kind, year, _, kinds, _) = publication
    assert (conversion.budget.kind, conversion.budget.fiscal_year) == (kind, year)
    assert [table.kind for table in conversion.budget.tables if table.official] == kinds


def test_every_amount_is_converted(publication):
    conversion, (*_, reasons) = publication
    assert conversion.coverage.is_complete
    assert set(conversion.coverage.explained) == reasons
    assert [problem for problem in conversion.problems if problem.severity.value == "error"] == []


def test_leaves_of_the_canonical_data_sets_make_the_total(publication):
    conversion, (_, _, total, _, _) = publication
    for structure in ("expenditure", "revenue"):
        (canonical,) = [d for d in conversion.budget.data_sets if d.canonical and d.structure == structure]
        flags = leaf_flags(canonical, conversion.budget)
        leaves = sum(figure.value for figure, leaf in zip(canonical.figures, flags, strict=True) if leaf)
        (printed,) = [figure.value for figure in canonical.figures if not figure.dimensions]
        assert leaves == printed
        if structure == "expenditure":
            assert leaves == Decimal(total)


def test_classes_add_up_to_their_class_in_every_column(publication):
    """An amount in the wrong row or column breaks it: the invented documents are sound."""
    conversion, _ = publication
    checked = 0
    for data_set in conversion.budget.data_sets:
        for dimension in ("functionalClass", "economicClass"):
            columns: dict[frozenset[tuple[str, str]], dict[str, Decimal]] = {}
            for figure in data_set.figures:
                rest = frozenset(item for item in figure.dimensions.items() if item[0] != dimension)
                columns.setdefault(rest, {})[figure.dimensions.get(dimension, "_T")] = figure.value
            for column in columns.values():
                for code, value in column.items():
                    below = [v for c, v in column.items() if c[:-2] == code and c != "_T"]
                    checked += bool(below)
                    assert not below or sum(below) == value, (data_set.id, code)
        parts = {"basic", "project", "reserve"}
        for row in _by_row(data_set):
            if parts & row.keys() and "_T" in row:
                assert sum(value for nature, value in row.items() if nature in parts) == row["_T"], data_set.id
                checked += 1
    assert checked > 2


def _by_row(data_set):
    rows: dict[tuple[str, ...], dict[str, Decimal]] = {}
    for figure in data_set.figures:
        key = tuple(figure.dimensions.get(name, "_T") for name in ("functionalClass", "economicClass", "fund"))
        rows.setdefault(key, {})[figure.dimensions.get("expenditureNature", "_T")] = figure.value
    return rows.values() if data_set.structure == "expenditure" and data_set.table_kind != "balance" else []


@pytest.mark.parametrize(("name", "data_set", "key", "text"), FIGURES)
def test_figures(conversions, name, data_set, key, text):
    (found,) = [d for d in conversions[name].budget.data_sets if d.id == data_set]
    assert [f.text for f in found.figures if dict(f.dimensions) == key] == [text]


def test_phases_of_one_table_are_data_sets_of_their_own(conversions):
    sets = {d.id: d for d in conversions["final-account-model.txt"].budget.data_sets}
    assert (sets["t9"].phase, sets["t9-budget"].phase) == (None, "budget")
    text = "".join(serialize(conversions["final-account-model.txt"].graphs, "nquads"))
    budgets = [line for line in text.splitlines() if "/t9-budget/" in line and "def#budgetPhase" in line]
    assert len(budgets) == len(sets["t9-budget"].figures)
    assert all("/code/phase/budget>" in line for line in budgets)


def test_empty_tables_are_data_sets_that_say_so(conversions):
    for name, conversion in conversions.items():
        kind = "state-capital-expenditure" if name.startswith(("final", "model")) else "fund-expenditure"
        sets = [d for d in conversion.budget.data_sets if d.table_kind == kind]
        assert [(d.declared_empty, d.figures) for d in sets] == [(True, ())] * (name != "guangdong-style.html")


def test_tables_are_printed_again_from_the_graph(publication, tmp_path):
    conversion, _ = publication
    file = tmp_path / "graph.trig"
    file.write_text("".join(serialize(conversion.graphs, "trig")), encoding="utf-8")
    printed = {table.id: table for table in read_tables(load(file), str(file))}
    for table in conversion.budget.tables:
        expected = [["" for _ in range(table.columns)] for _ in range(table.rows)]
        for cell in table.cells:
            expected[cell.row - 1][cell.column - 1] = cell.text.strip()
        assert printed[table.id].matrix() == expected


def test_what_no_profile_knows_is_listed_and_converts_with_a_completed_stub(tmp_path):
    path, text = tmp_path / "sichuan-style.txt", (FAMILIES / "sichuan-style.txt").read_text(encoding="utf-8")
    path.write_text(text.replace("当年财政拨款安排", "初步安排").replace("上年结转安排", "追加安排"), encoding="utf-8")
    before = convert(path)
    assert before.coverage.is_complete
    assert "unknown-column" in before.coverage.explained
    specs = [spec for profile in shipped_profiles() for spec in profile.tables]
    (partly,) = before.partly
    stub = profile_stub(partly.table, partly.caption, specs)
    stub = stub.replace(
        "header: ['初步安排'], dimensions: {}",
        "header: ['初步安排'], dimensions: {expenditureNature: current}",
    )
    after = convert(path, Settings(profiles=(parse_profile(stub, "stub.yaml"),)))
    assert after.coverage.converted == before.coverage.converted + 4
    assert "unknown-column" not in after.coverage.explained
