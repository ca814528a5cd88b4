"""The questions the graph must answer: each query gives what was worked out from the published figures."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from budgetgraph.converter.pipeline import Settings, convert_publication
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.converter.sources.bundles import open_publications
from budgetgraph.ontology.files import alignment_files, ontology_files
from budgetgraph.ontology.namespaces import BASE

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "competency"
QUERIES = sorted(FOLDER.glob("*.rq"))
EMPTY = [path for path in QUERIES if "\n# empty: yes\n" in path.read_text(encoding="utf-8")]
COUNTEREXAMPLES = Path(__file__).resolve().parent / "counterexamples"

XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {f"{XSD}{name}" for name in ("decimal", "integer")}

Rows = list[tuple[str, ...]]


def canonical(term: object) -> str:
    """Return a term as the expected answers write it: numbers without trailing zeros, the rest as it is."""
    if term is None:
        return ""
    if not isinstance(term, Literal):
        return str(getattr(term, "value", term))
    if term.datatype.value in NUMBERS:
        return f"{Decimal(term.value).normalize() + 0:f}"
    return term.value


def answer(store: Store, query: str) -> tuple[list[str], Rows]:
    """Return the names of the variables and the rows, over the union of all graphs."""
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return names, [tuple(canonical(solution[name]) for name in names) for solution in solutions]


def expected(query_file: Path) -> tuple[list[str], Rows]:
    with query_file.with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, [tuple(row) for row in rows]


@pytest.fixture(scope="module")
def store() -> Store:
    """Return the shipped publications with the vocabulary and its alignments, each in a graph of its own."""
    filled = Store()
    with open_publications([ROOT / "data" / "publications"], Settings()) as opened:
        for publication in opened.publications:
            graphs = convert_publication(publication, Settings()).graphs
            filled.bulk_load("".join(serialize(graphs, "nquads")).encode(), RdfFormat.N_QUADS)
    for path in ontology_files():
        filled.load(path=path, format=RdfFormat.TURTLE, to_graph=NamedNode(f"{BASE}graph/ontology"))
    for path in alignment_files():
        filled.load(path=path, format=RdfFormat.TURTLE, to_graph=NamedNode(f"{BASE}graph/{path.stem}"))
    return filled


@pytest.mark.parametrize("query_file", QUERIES, ids=lambda path: path.stem)
def test_answer_is_the_published_one(query_file: Path, store: Store) -> None:
    query = query_file.read_text(encoding="utf-8")
    header, rows = expected(query_file)
    names, found = answer(store, query)
    assert names == header
    if "ORDER BY" in query:
        assert found == rows
    else:
        assert Counter(found) == Counter(rows)


@pytest.mark.parametrize("query_file", QUERIES, ids=lambda path: path.stem)
def test_question_is_asked_in_both_languages_and_has_an_answer(query_file: Path) -> None:
    lines = query_file.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# zh: ")
    assert lines[1].startswith("# en: ")
    assert (expected(query_file)[1] == []) is (query_file in EMPTY)


def test_there_is_no_answer_without_a_question() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == {path.stem for path in QUERIES}
    assert len(QUERIES) >= 24


@pytest.mark.parametrize("query_file", EMPTY, ids=lambda path: path.stem)
def test_query_that_finds_nothing_would_find_a_fault(query_file: Path) -> None:
    store = Store()
    store.load(path=COUNTEREXAMPLES / f"{query_file.stem}.ttl", format=RdfFormat.TURTLE)
    _, found = answer(store, query_file.read_text(encoding="utf-8"))
    assert len(found) == 1


def test_no_statement_stands_in_two_graphs(store: Store) -> None:
    """The union of graphs keeps duplicates in Oxigraph: a statement held twice would be counted twice."""
    shared = "GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o }"
    twice = store.query(f"SELECT * WHERE {{ {shared} FILTER(STR(?g) < STR(?h)) }} LIMIT 3")
    assert isinstance(twice, QuerySolutions)
    assert [str(solution) for solution in twice] == []


@pytest.mark.parametrize("name", ["01-totals", "03-rank-by-function"])
def test_a_row_that_another_row_includes_says_so(store: Store, name: str) -> None:
    query = (ROOT / "server" / "questions" / "queries" / f"{name}.rq").read_text(encoding="utf-8")
    names, rows = answer(store, query)
    told = {(row[names.index("name")], row[names.index("within")]) for row in rows}
    assert {pair for pair in told if pair[1]} == {("上海市普陀区人民政府办公室本部", "上海市普陀区人民政府办公室")}
