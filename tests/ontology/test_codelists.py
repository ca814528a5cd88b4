"""The concept schemes are well-formed SKOS, honest about their sources, and found by printed labels."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

from budgetgraph.ontology import codelists
from budgetgraph.ontology.codelists import find, fold_label, scheme
from budgetgraph.ontology.codelists.documents import document_scheme
from budgetgraph.ontology.files import FOLDER
from budgetgraph.ontology.namespaces import CODE_BASE
from tests.ontology.editions import EDITIONS, FIXED, OFFICIAL

ROOT = Path(__file__).resolve().parents[2]
WITH_TOTAL = [
    "expenditure-nature",
    "revenue-source",
    "fund",
    "three-public",
    "staff-kind",
    "asset-kind",
    "procurement-kind",
    *OFFICIAL,
]


def documented_notations() -> dict[str, list[str]]:
    """Return scheme -> notations that docs/data-model.md lists one by one."""
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    table = page.split("## Concept schemes")[1].split("\n## ")[0]
    listed: dict[str, list[str]] = {}
    for names, concepts in re.findall(r"^\| (`.+?`(?:, `.+?`)*) \| (.+) \|$", table, flags=re.MULTILINE):
        notations = re.findall(r"`([^`]+)`", re.sub(r"umbrellas? .*|with `bud:year`.*", "", concepts))
        for name in re.findall(r"`([^`]+)`", names):
            listed[name.removesuffix("/{year}")] = [n for n in notations if n not in {">"}]
    return listed


def test_the_data_model_lists_the_schemes_that_ship() -> None:
    assert sorted(documented_notations()) == codelists.schemes()


@pytest.mark.parametrize("name", sorted(documented_notations()))
def test_every_documented_notation_exists(name: str) -> None:
    documented = documented_notations()[name]
    assert documented or name == "division"
    assert [n for n in documented if n not in scheme(name, 2021)] == []


@pytest.mark.parametrize(("name", "year"), EDITIONS)
def test_scheme_is_well_formed(name: str, year: int | None) -> None:
    edition = scheme(name, year)
    assert edition.iri == CODE_BASE + (f"{name}/{year}" if year else name)
    assert edition.label
    assert edition.label_en
    for notation, concept in edition.concepts.items():
        assert concept.notation == notation
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", notation), notation
        assert concept.label == concept.label.strip() != ""
        assert concept.broader is None or concept.broader in edition, notation
        assert notation not in edition.broader(notation), "a circle"
        assert all(part in edition for part in concept.aggregates), notation
        assert concept.status in {codelists.OBSERVED, codelists.PROVISIONAL}


@pytest.mark.parametrize("name", WITH_TOTAL)
def test_dimension_has_total_and_not_applicable(name: str) -> None:
    edition = scheme(name, 2021)
    assert edition["_T"].broader is None
    assert edition["_Z"].broader is None
    assert any(concept.broader == "_T" for concept in edition.concepts.values())


@pytest.mark.parametrize("name", FIXED)
def test_fixed_scheme_is_labelled_and_defined_in_both_languages(name: str) -> None:
    edition = scheme(name)
    assert edition.definition
    assert edition.definition_en
    for concept in edition.concepts.values():
        assert concept.label_en, concept.notation
        if name not in {"target-unit", "fiscal-year"}:
            assert concept.definition, concept.notation
            assert concept.definition_en, concept.notation


@pytest.mark.parametrize("name", OFFICIAL)
def test_classes_and_groups_are_translated(name: str) -> None:
    assert [c.notation for c in scheme(name, 2021).concepts.values() if c.level < 3 and not c.label_en] == []


@pytest.mark.parametrize("name", FIXED)
def test_a_label_names_one_concept_of_a_fixed_scheme(name: str) -> None:
    owners = defaultdict(set)
    for concept in scheme(name).concepts.values():
        for label in concept.labels:
            assert fold_label(label), concept.notation
            owners[fold_label(label)].add(concept.notation)
    assert {label: found for label, found in owners.items() if len(found) > 1} == {}


@pytest.mark.parametrize("name", FIXED)
def test_every_label_of_a_fixed_scheme_is_found(name: str) -> None:
    for concept in scheme(name).concepts.values():
        for label in concept.labels:
            assert find(name, label) == concept.notation


@pytest.mark.parametrize("year", [2017, 2021, 2025])
@pytest.mark.parametrize("name", OFFICIAL)
def test_a_label_names_one_class_of_an_official_list(name: str, year: int) -> None:
    """Items recur (行政运行); classes do not, so that tables that print no codes can be read."""
    edition = scheme(name, year)
    for concept in edition.concepts.values():
        if concept.level == 1:
            assert find(edition, concept.label, level=1) == concept.notation


def test_no_status_is_official() -> None:
    """No list has been checked against the Ministry's book: what is not observed is provisional."""
    folder = FOLDER / "codelists"
    in_tables = {
        record["status"]
        for path in folder.glob("*.csv")
        if path.stem != "printed"
        for record in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    }
    in_documents = {
        status
        for path in folder.glob("*.ttl")
        for status in re.findall(r'bud:codeStatus "(.+?)"', path.read_text(encoding="utf-8"))
    }
    assert in_tables == in_documents == {"observed", "provisional"}


@pytest.mark.parametrize("name", OFFICIAL)
def test_code_is_observed_only_in_years_it_was_read_in(name: str) -> None:
    code, label = ("2013101", "行政运行") if name == "functional" else ("30101", "基本工资")
    if name == "gov-economic":
        code, label = "50101", "工资奖金津补贴"
    assert scheme(name, 2021)[code].label == label
    assert scheme(name, 2021)[code].status == codelists.OBSERVED
    assert scheme(name, 2024)[code].status == codelists.PROVISIONAL


def test_code_has_the_length_of_its_level_and_begins_with_its_parent() -> None:
    for name in OFFICIAL:
        for concept in scheme(name, 2021).concepts.values():
            if concept.level:
                assert len(concept.notation) == 2 * concept.level + 1
                assert concept.broader == (concept.notation[:-2] if concept.level > 1 else "_T")


def test_figures_are_counted_in_broader_concepts_and_their_aggregates() -> None:
    revenue = scheme("revenue-source")
    assert revenue.ancestors("general.nontax.fees") == {
        "general.nontax",
        "general",
        "appropriation",
        "current",
        "_T",
    }
    assert revenue.ancestors("carriedForward.general") == {"carriedForward", "carriedForward.appropriation", "_T"}
    assert revenue.ancestors("ownFunds") == {"current", "nonAppropriation"}
    assert scheme("expenditure-nature").ancestors("departmental") == {"project", "current", "_T"}
    assert scheme("functional", 2021).ancestors("2013101") == {"20131", "201", "_T"}


def test_unknown_scheme_year_and_notation_are_named() -> None:
    with pytest.raises(ValueError, match="no code list 'nonsense'"):
        scheme("nonsense")
    with pytest.raises(ValueError, match="no list 'functional' of 1999"):
        scheme("functional", 1999)
    with pytest.raises(KeyError, match="9999999"):
        scheme("functional", 2021)["9999999"]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("skos:broader this:benefit ;", "skos:broader this:benefit-social ;", "'benefit-social' go in a circle"),
        ('skos:notation "output-cost" ;', 'skos:notation "cost" ;', "output-cost has the notation 'cost'"),
    ],
)
def test_malformed_list_is_refused(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    text = (FOLDER / "codelists" / "indicator.ttl").read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "indicator.ttl"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        document_scheme(path)


def test_the_tables_are_kept_in_order() -> None:
    """Sorted and without repetition, so that a change shows as the line it is."""
    for path in sorted((FOLDER / "codelists").glob("*.csv")):
        rows = path.read_text(encoding="utf-8").splitlines()[1:]
        keys = [row.split(",")[:3] if path.stem == "printed" else row.split(",")[:1] for row in rows]
        assert keys == sorted(keys), path.name
        assert len(set(rows)) == len(rows), path.name
