"""Concept schemes as they are written: Turtle and N-Triples, whole and in part."""

import csv

import pyoxigraph
import pytest

from budgetgraph.ontology.codelists import ntriples, scheme, statements, turtle
from budgetgraph.ontology.files import FOLDER
from budgetgraph.ontology.namespaces import BUD, CODE_BASE, PREFIXES
from tests.ontology.editions import EDITIONS, FIXED, OFFICIAL, YEARS


def triples(text: str, kind: pyoxigraph.RdfFormat) -> set[pyoxigraph.Quad]:
    return set(pyoxigraph.parse(text, format=kind))


@pytest.mark.parametrize(("name", "year"), EDITIONS)
def test_turtle_and_ntriples_say_the_same(name: str, year: int | None) -> None:
    edition = scheme(name, year)
    from_turtle = triples(turtle(edition), pyoxigraph.RdfFormat.TURTLE)
    assert from_turtle == triples(ntriples(edition), pyoxigraph.RdfFormat.N_TRIPLES)
    assert len(from_turtle) == len(statements(edition))


@pytest.mark.parametrize("name", FIXED)
def test_what_the_file_says_is_what_the_scheme_writes(name: str) -> None:
    path = FOLDER / "codelists" / f"{name}.ttl"
    in_file = set(pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE))
    assert triples(turtle(scheme(name)), pyoxigraph.RdfFormat.TURTLE) == in_file


@pytest.mark.parametrize("name", OFFICIAL)
def test_every_code_of_the_table_is_in_force_in_some_year(name: str) -> None:
    codes = {record["code"] for record in table(name)}
    assert {n for year in YEARS for n in scheme(name, year).concepts} - {"_T", "_Z"} == codes


@pytest.mark.parametrize("name", OFFICIAL)
def test_list_of_the_tables_year_writes_back_its_labels(name: str) -> None:
    graph = pyoxigraph.Store()
    graph.load(turtle(scheme(name, 2021)).encode(), pyoxigraph.RdfFormat.TURTLE)
    skos = PREFIXES["skos"]
    found = graph.query(f"SELECT ?n ?l {{ ?c <{skos}notation> ?n ; <{skos}prefLabel> ?l FILTER(LANG(?l) = 'zh') }}")
    assert isinstance(found, pyoxigraph.QuerySolutions)
    written = {(str(n.value), str(label.value)) for n, label in found}
    in_table = {
        (record["code"], record["label_zh"])
        for record in table(name)
        if int(record["valid_from"] or 0) <= 2021 <= int(record["valid_to"] or 9999)
    }
    assert {pair for pair in written if pair[0] not in {"_T", "_Z"}} == in_table


def table(name: str) -> list[dict[str, str]]:
    lines = (FOLDER / "codelists" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines))


@pytest.mark.parametrize(("name", "year"), EDITIONS)
def test_written_scheme_is_valid_skos(name: str, year: int | None) -> None:
    """S13, S14 of the SKOS reference, and what IC-19 and the sum rules need."""
    graph = pyoxigraph.Store()
    edition = scheme(name, year)
    graph.load(turtle(edition).encode(), pyoxigraph.RdfFormat.TURTLE)
    prefixes = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
    faults = {
        "two preferred labels of a language": """?c skos:prefLabel ?a, ?b
            FILTER(?a != ?b && LANG(?a) = LANG(?b))""",
        "a label of two kinds": """?c skos:prefLabel|skos:altLabel ?l ; skos:altLabel|skos:hiddenLabel ?l .
            { ?c skos:prefLabel ?l } UNION { ?c skos:altLabel ?l . ?c skos:hiddenLabel ?l }""",
        "no notation": "?c a skos:Concept FILTER NOT EXISTS { ?c skos:notation ?n }",
        "no scheme": "?c a skos:Concept FILTER NOT EXISTS { ?c skos:inScheme ?s . ?s a skos:ConceptScheme }",
        "neither broader nor top": """?c a skos:Concept
            FILTER NOT EXISTS { ?c skos:broader ?b . ?b a skos:Concept }
            FILTER NOT EXISTS { ?c skos:topConceptOf ?s . ?s skos:hasTopConcept ?c }""",
        "both broader and top": "?c skos:broader ?b ; skos:topConceptOf ?s",
        "not in the umbrella": f"?c a skos:Concept FILTER NOT EXISTS {{ ?c skos:inScheme <{edition.umbrella}> }}",
        "no status": f"?c a skos:Concept FILTER NOT EXISTS {{ ?c <{BUD.codeStatus}> ?status }}",
    }
    for fault, pattern in faults.items():
        assert not bool(graph.query(f"{prefixes} ASK {{ {pattern} }}")), fault


def test_part_of_a_scheme_holds_what_is_above_and_the_umbrella() -> None:
    edition = scheme("functional", 2021)
    assert edition.with_broader(["2013101", "20805"]) == ("_T", "201", "20131", "2013101", "208", "20805")
    part = statements(edition, ["2013101"])
    concepts = {s for s, p, o in part if p.endswith("#type>") and o.endswith("#Concept>")}
    assert concepts == {f"<{edition.concept_iri(n)}>" for n in ("2013101", "20131", "201", "_T")}
    types = {(s, o) for s, p, o in part if p.endswith("#type>")}
    assert (f"<{edition.umbrella}>", f"<{PREFIXES['skos']}ConceptScheme>") in types
    assert set(part) <= set(statements(edition))


def test_part_of_a_scheme_points_at_no_absent_concept() -> None:
    part = statements(scheme("revenue-source"), ["current", "general"])
    assert {o for _, p, o in part if p == f"<{BUD.aggregates}>"} == {f"<{CODE_BASE}revenue-source/general>"}
    assert not any(o == f"<{CODE_BASE}phase/draft>" for _, _, o in statements(scheme("phase"), ["budget"]))


def test_year_concept_points_at_the_concept_without_year() -> None:
    year, always = scheme("functional", 2021), scheme("functional")
    version_of = f"<{PREFIXES['dcterms']}isVersionOf>"
    assert (
        f"<{year.concept_iri('2013101')}>",
        version_of,
        f"<{always.concept_iri('2013101')}>",
    ) in statements(year, ["2013101"])
    assert always["21305"].label == "巩固脱贫攻坚成果衔接乡村振兴", "the latest name"


def test_fiscal_years_cover_the_years_of_the_lists() -> None:
    years = scheme("fiscal-year")
    assert sorted(years.concepts) == [str(year) for year in YEARS]
    assert (f"<{BUD.year}>", f'"2021"^^<{PREFIXES["xsd"]}gYear>') in years["2021"].extra
