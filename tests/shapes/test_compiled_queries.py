# ruff: noqa: E501  # a query a line
"""Queries that are made functions find what Oxigraph finds; what they do not know is left to it."""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from budgetgraph.ontology.namespaces import BUD
from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.families import Family, families
from budgetgraph.shapes.queries import Solutions, asked, solutions
from budgetgraph.shapes.sparql_queries import compiled
from tests.shapes.case_files import CASES, document

PROLOGUE = "PREFIX e: <https://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
#: Amounts and a text among them, numbers that are written in two ways, a hierarchy, labels in languages and without.
DATA = f"""@prefix e: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:doc a <{BUD.DocumentVersion}> .
e:a e:in e:doc ; e:v 1.50 ; e:n 1 ; e:name "甲 a" ; e:label "甲"@zh , "a"@en ; e:up e:b ; e:on true ; e:day "2021-01-01"^^xsd:date .
e:b e:in e:doc ; e:v 1.5 ; e:n 2 ; e:name "b\\n\\"c\\"" ; e:up e:c ; e:on false ; e:year "2021"^^xsd:gYear , "2022"^^xsd:gYear .
e:c e:in e:doc ; e:v -0.25 ; e:v "none" ; e:n 10 ; e:name "" ; e:label "丙"@zh ; e:other e:a , e:c .
e:d e:in e:doc ; e:name "https://example.org/a" .
"""

SAME = [
    "SELECT ?s ?v WHERE { ?s e:v ?v }",
    "SELECT * WHERE { e:a ?p ?o }",
    "SELECT * WHERE { ?s ?p e:a . ?s e:n ?n }",
    "SELECT ?p WHERE { e:doc a ?type . ?s e:n ?n . ?s ?p 10 }",
    "SELECT DISTINCT ?v WHERE { ?s e:v ?v }",
    "SELECT ?s ?t WHERE { ?s e:v ?v . ?t e:v ?v }",
    "SELECT ?s ?t WHERE { ?s e:up/e:up ?t }",
    "SELECT ?s ?t WHERE { ?s ^e:up ?t }",
    "SELECT ?s ?t WHERE { ?s e:n ?n . ?s e:up? ?t }",
    "SELECT ?s ?t WHERE { ?s e:n ?n . ?s e:up* ?t }",
    "SELECT ?s ?t WHERE { ?s e:n ?n . ?s (e:up|^e:other)+ ?t }",
    "SELECT ?s ?t WHERE { ?t e:n ?n . ?s e:up* ?t . ?s e:n ?m }",
    "SELECT ?s ?t WHERE { ?s e:n ?n . ?s e:up|e:other ?t . ?s (e:up/e:up)|e:in ?u }",
    "SELECT ?s ?v WHERE { ?s e:v ?v FILTER (?v > 1) }",
    "SELECT ?s ?v WHERE { ?s e:v ?v FILTER (!(?v > 1)) }",
    "SELECT ?s ?v WHERE { ?s e:v ?v FILTER (?v > 1 || ?v = 'none') }",
    "SELECT ?s ?v WHERE { ?s e:v ?v FILTER (!(?v > 1 && ISNUMERIC(?v))) }",
    "SELECT ?s ?v WHERE { ?s e:v ?v FILTER (?v != 1.5) }",
    "SELECT ?s ?v WHERE { ?s e:v ?v FILTER (?v IN (1.5, 'none', ?n)) }",
    "SELECT ?s ?t WHERE { ?s e:up ?t FILTER (?t NOT IN (e:b, e:x)) }",
    "SELECT ?s ?t WHERE { ?s e:up ?t FILTER (?t != e:b) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:day|e:year|e:name|e:on ?x FILTER (?x != e:b) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:year|e:name|e:on ?x FILTER (?x != 'b') }",
    "SELECT ?s ?t WHERE { ?s e:year ?x . ?t e:year ?y FILTER (?x != ?y) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:day|e:year|e:name|e:on ?x FILTER (?x = ?x) }",
    "SELECT ?s ?n WHERE { ?s e:n ?n FILTER (?n >= 2 && ?n <= 10) }",
    "SELECT ?s ?on WHERE { ?s e:on ?on FILTER (?on) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:n|e:label ?x FILTER (?x) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (?v * 2 - 1 + ABS(?v) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (-?v AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (IF(?v > 1, 'large', ?v) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (COALESCE(?v + 1, ?none, STR(?v)) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (?v > 1 && ?v < 2 AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (xsd:decimal(STR(?v)) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (xsd:integer(?v) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:label|e:n|e:day|e:on|e:up ?o BIND (STR(?o) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:label|e:n|e:day|e:on|e:up ?o BIND (LANG(?o) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:label|e:n ?o BIND (STRLEN(?o) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:label|e:n ?o BIND (CONTAINS(?o, 'a') AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:up ?o BIND (STRENDS(STR(?o), 'a') AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:up ?o BIND (STRSTARTS(STR(?o), 'https://') AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:name ?o BIND (CONCAT(SUBSTR(?o, 2), '|', SUBSTR(?o, 1, 2), '|', SUBSTR(?o, 0, 2)) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:n ?o BIND (CONCAT(STRBEFORE(?o, ' '), STRAFTER(?o, '/')) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:label ?l . ?s e:name ?o BIND (CONCAT(?l, ?o) AS ?x) }",
    'SELECT ?s ?x WHERE { ?s e:name ?o BIND (REPLACE(?o, "([a-c])", "<$1>") AS ?x) }',
    'SELECT ?s ?x WHERE { ?s e:name ?o BIND (REPLACE(STR(?o), "^[^a]*", "") AS ?x) }',
    'SELECT ?s ?x WHERE { ?s e:name ?o BIND (REGEX(?o, "^[b甲].*[A\\"]$", "is") AS ?x) }',
    'SELECT ?s WHERE { ?s e:name ?o FILTER (REGEX(?o, "b$")) }',
    "SELECT ?s ?x WHERE { ?s e:name ?o BIND (IRI(?o) AS ?x) }",
    "SELECT ?s ?l WHERE { ?s e:n ?n OPTIONAL { ?s e:label ?l FILTER (LANG(?l) = 'zh') } }",
    "SELECT ?s ?l WHERE { ?s e:n ?n OPTIONAL { ?s e:label ?l FILTER (?n > 5) } }",
    "SELECT ?s WHERE { ?s e:n ?n OPTIONAL { ?s e:label ?l } FILTER (!BOUND(?l)) }",
    "SELECT ?s ?m WHERE { ?s e:n ?n OPTIONAL { SELECT ?s (MAX(?v) AS ?m) WHERE { ?s e:v ?v FILTER (ISNUMERIC(?v)) } GROUP BY ?s } }",
    "SELECT ?s ?x ?y WHERE { ?s e:in ?d { ?s e:up ?x } UNION { ?s e:n ?y FILTER (?y > 1) } UNION { ?s e:up ?x . ?x e:n ?y } }",
    "SELECT ?s WHERE { ?s e:n ?n FILTER EXISTS { ?t e:up ?s FILTER (?n > 1) } }",
    "SELECT ?s WHERE { ?s e:n ?n FILTER NOT EXISTS { ?t e:up ?s . FILTER NOT EXISTS { ?t e:label ?l FILTER (?n < 5) } } }",
    "SELECT ?s ?x WHERE { ?s e:n ?n BIND (EXISTS { ?s e:label ?l } || ?n = 2 AS ?x) }",
    "SELECT ?n ?v WHERE { { ?s e:n ?n } { ?s e:v ?v FILTER (ISNUMERIC(?v)) BIND (?v AS ?w) } }",
    "SELECT ?d (SUM(?n) AS ?x) (COUNT(*) AS ?all) (COUNT(?l) AS ?some) WHERE { ?s e:in ?d ; e:n ?n OPTIONAL { ?s e:label ?l } } GROUP BY ?d",
    "SELECT ?d (SUM(?v) AS ?x) WHERE { ?s e:in ?d ; e:v ?v } GROUP BY ?d",
    "SELECT (SUM(?v) AS ?x) (COUNT(DISTINCT ?v) AS ?y) WHERE { ?s e:v ?v FILTER (ISNUMERIC(?v)) }",
    "SELECT (SUM(?v) AS ?x) (MIN(?v) AS ?y) (COUNT(*) AS ?n) WHERE { ?s e:absent ?v }",
    "SELECT ?d (MIN(?n) AS ?x) (MAX(?name) AS ?y) (MAX(?n) - MIN(?n) AS ?z) WHERE { ?s e:in ?d ; e:n ?n ; e:name ?name } GROUP BY ?d",
    "SELECT ?d (GROUP_CONCAT(DISTINCT STR(?n); SEPARATOR = '|') AS ?x) WHERE { ?s e:in ?d ; e:n ?n FILTER (?n = 2) } GROUP BY ?d",
    "SELECT ?l (COUNT(*) AS ?x) WHERE { ?s e:n ?n OPTIONAL { ?s e:up ?l } } GROUP BY ?l",
    "SELECT ?s ?m WHERE { ?s e:n ?n { SELECT (MAX(?k) AS ?m) WHERE { ?t e:n ?k } } FILTER (?n = ?m) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:label|e:up|e:n|e:year ?o BIND (CONTAINS(STR(?o), 'a') AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:label|e:n|e:year ?o BIND (STRENDS(STR(?o), '1') || STRSTARTS(STR(?o), '甲') AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:label ?l . ?s e:name ?o BIND (CONCAT(?l, '|', ?o, STR(?s)) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:in ?d . ?s e:name|e:n ?o BIND (CONCAT('(', ?o, ')') AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (?v > 1 AS ?b) BIND (IF(?b, 'large', 'small') AS ?x) FILTER (!?b || ?s = e:b) }",
    "SELECT ?s ?x WHERE { ?s e:n ?n OPTIONAL { ?s e:up ?u } BIND (IF(?u = e:b, 1, 2) AS ?x) }",
    "SELECT ?s ?x ?y WHERE { ?s e:up ?u BIND (?u != e:b && BOUND(?u) AS ?x) BIND (IF(!(?u = e:b), 1, 2) AS ?y) }",
    "SELECT ?s ?t ?n WHERE { ?s e:in ?d FILTER NOT EXISTS { ?t e:up ?s . ?t e:label ?l } ?s e:name ?t ; e:n ?n }",
    "SELECT * WHERE { ?d a ?t . { SELECT ?d ?n WHERE { ?s e:in ?d ; e:n ?n BIND (?n + 1 AS ?k) FILTER (?k > 2) } } }",
    "SELECT * WHERE { ?d a ?t . { SELECT ?d ?m WHERE { { SELECT ?d ?s (MAX(?n) AS ?m) WHERE { ?s e:in ?d ; e:n ?n } GROUP BY ?d ?s } ?s e:up ?t } } }",
    "SELECT * WHERE { ?s e:in ?d . { SELECT ?s ?x WHERE { ?s e:n ?n OPTIONAL { ?s e:label ?l FILTER (LANG(?l) = 'zh') } BIND (COALESCE(?l, ?d, 'none') AS ?x) } } }",
    "SELECT * WHERE { ?s e:in ?d . { SELECT ?s ?n WHERE { ?t e:n ?n BIND (?t AS ?s) } } }",
    "SELECT * WHERE { ?s e:in ?d . { SELECT ?s ?d_within WHERE { ?s e:n ?d_within ; e:name ?d } } }",
    "SELECT (COUNT(*) AS ?c) (SUM(?n) AS ?x) WHERE { ?s e:in ?d . { SELECT ?s ?n WHERE { ?s e:n ?n ; e:v ?d FILTER (ISNUMERIC(?d)) } } }",
    "SELECT ?a WHERE { ?a e:in ?b . ?c e:in ?b . ?f e:in ?b . ?g e:in ?b . ?a e:n ?h . ?c e:n ?i . ?f e:n ?j . ?g e:n ?k . ?a e:v ?l . ?c e:v ?m"
    " . ?f e:v ?o . ?g e:v ?p . ?a e:name ?q . ?c e:name ?r . ?f e:name ?t . ?g e:name ?u . ?a e:in ?w . ?c e:in ?x FILTER (?h < ?i && ?i < ?j) }",
]  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Document:
    return Document(DATA.encode(), "small")


def found(result: Solutions) -> Counter[frozenset[tuple[str, object]]]:
    """Return the solutions: what has a value in them. Numbers of one value are one, as in reports."""
    rows = (
        {(name, value) for name, value in zip(result.variables, row, strict=True) if value is not None}
        for row in result.rows
    )
    return Counter(map(frozenset, rows))


@pytest.mark.parametrize("query", SAME)
def test_a_function_finds_what_oxigraph_finds(small: Document, query: str) -> None:
    function = compiled(PROLOGUE + query)
    assert function is not None
    assert small.facts is not None
    own = Solutions(function.variables, function.rows(small.facts))
    assert found(own) == found(asked(small, PROLOGUE + query))


#: Left to Oxigraph when they are read, as they are not known or a part would see what it must not.
LEFT = [
    "SELECT ?s ?t WHERE { ?s e:up|e:other ?t }",
    "SELECT ?s WHERE { ?s e:n ?n } LIMIT 1",
    "SELECT ?s WHERE { ?s e:n ?n MINUS { ?s e:label ?l } }",
    "SELECT ?s WHERE { ?s e:n ?n VALUES ?n { 1 2 } }",
    "SELECT ?s WHERE { ?s e:n ?n FILTER (?n / 2 = 1) }",
    "SELECT ?s WHERE { ?s e:n ?n FILTER (UCASE(STR(?s)) = 'A') }",
    "SELECT ?s WHERE { ?s e:label '甲'@zh }",
    "SELECT ?s WHERE { ?s e:n [] }",
    "SELECT (AVG(?n) AS ?x) WHERE { ?s e:n ?n }",
    "SELECT ?s ?x WHERE { ?s e:n ?n { BIND (?n AS ?x) } }",
    "SELECT ?s ?x WHERE { ?s e:n ?n OPTIONAL { BIND (?n AS ?x) } }",
    "SELECT ?s ?t WHERE { ?s e:n ?n { ?t e:v ?v FILTER (BOUND(?n)) } }",
    "SELECT ?s ?l WHERE { ?s e:n ?n { ?t e:v ?v OPTIONAL { ?s e:label ?l } } }",
    "SELECT ?s ?t WHERE { ?s e:up* ?t }",
    "SELECT ?s ?p WHERE { ?s e:n ?n . ?s ?p ?p }",
]
#: Left to Oxigraph when they run, as a value turns up that is not known or is missing.
GIVEN_UP = [
    "SELECT ?s ?t WHERE { ?s e:n ?n . ?s e:up? ?t { SELECT ?s ?t WHERE { ?s e:n ?m OPTIONAL { ?s e:up ?t } } } }",
    "SELECT ?s ?u WHERE { ?s e:n ?n OPTIONAL { ?s e:up ?t } ?t e:up ?u }",
    "SELECT ?s ?l WHERE { ?s e:n ?n OPTIONAL { ?s e:up ?t } { SELECT ?t ?l WHERE { ?t e:label ?l } } }",
    "SELECT ?s ?x WHERE { ?s e:label ?l BIND (SUBSTR(?l, 1) AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:label ?l BIND (CONCAT(?l, ?l) AS ?x) }",
    "SELECT ?s WHERE { ?s e:day ?d FILTER (?d > '2020-01-01') }",
    "SELECT ?s WHERE { ?s e:day ?d FILTER (?d != 'b') }",
    "SELECT (MAX(?v) AS ?x) WHERE { ?s e:v ?v }",
    'SELECT ?s WHERE { ?s e:name ?o FILTER (REGEX(?o, "\\\\p{L}")) }',
    "SELECT ?s WHERE { ?s e:name ?o FILTER (REGEX(?o, '^[$h]')) }",
    "SELECT ?s ?x WHERE { ?s e:name ?o BIND (REPLACE(?o, 'b|', 'x') AS ?x) }",
    "SELECT ?s ?t WHERE { ?s e:label ?l . ?t e:label ?m FILTER (?l < ?m) }",
    "SELECT ?s ?x WHERE { ?s e:v ?v BIND (?v * 0.333333333333 * 0.333333333333 AS ?x) }",
    "SELECT ?s ?x WHERE { ?s e:n ?n BIND (?n * 100000000000000 * 100000000000000 AS ?x) }",
]


@pytest.mark.parametrize("query", LEFT)
def test_what_is_not_known_is_left_to_oxigraph(small: Document, query: str) -> None:
    assert compiled(PROLOGUE + query) is None
    assert found(solutions(small, PROLOGUE + query)) == found(asked(small, PROLOGUE + query))


@pytest.mark.parametrize("query", GIVEN_UP)
def test_what_turns_up_unknown_is_left_to_oxigraph(small: Document, query: str) -> None:
    function = compiled(PROLOGUE + query)
    assert function is not None
    assert small.facts is not None
    with pytest.raises(NotCompiledError):
        function.rows(small.facts)
    assert found(solutions(small, PROLOGUE + query)) == found(asked(small, PROLOGUE + query))


@pytest.mark.parametrize(
    "number", ["1e0", '"1"^^xsd:float', "12345678901234567890.5", '"x"^^xsd:decimal', '"1"^^xsd:int']
)
def test_numbers_of_other_kinds_are_left_to_oxigraph(number: str) -> None:
    data = Document(f"{DATA} e:a e:size {number} .".encode(), "other numbers")
    query = f"{PROLOGUE}SELECT ?s WHERE {{ ?s e:size ?v FILTER (?v > 0) }}"
    function = compiled(query)
    assert function is not None
    assert data.facts is not None
    with pytest.raises(NotCompiledError, match="size"):
        function.rows(data.facts)
    assert found(solutions(data, query)) == found(asked(data, query))
    other = compiled(f"{PROLOGUE}SELECT ?s WHERE {{ ?s e:v ?v }}")
    assert other is not None
    assert len(other.rows(data.facts)) == 4


@pytest.mark.parametrize("has_facts", [True, False])
def test_a_document_that_changes_is_asked_anew(has_facts: bool) -> None:
    data = Document(DATA.encode(), "changing")
    if not has_facts:
        data.without_facts()
    before = {query: found(solutions(data, PROLOGUE + query)) for query in SAME}
    node, other = (ox.NamedNode(f"https://example.org/{name}") for name in "ac")
    removed = [
        quad for quad in data.store if quad.subject in {node, other} and quad.predicate.value.endswith(("n", "up", "v"))
    ]
    added = [ox.Quad(node, ox.NamedNode(f"https://example.org/{name}"), ox.Literal(3)) for name in "nx"]
    data.change(removed, added)
    assert (data.facts is not None) is has_facts
    assert set(data.texts(node.value, "https://example.org/n")) == {"3"}
    for query in SAME:
        assert found(solutions(data, PROLOGUE + query)) == found(asked(data, PROLOGUE + query))
    data.change(added, removed)
    assert {query: found(solutions(data, PROLOGUE + query)) for query in SAME} == before


def test_a_property_with_one_value_may_have_more_in_another_document() -> None:
    query = f"{PROLOGUE}SELECT ?s ?n ?m WHERE {{ ?s e:n ?n OPTIONAL {{ ?s e:up ?t . ?t e:n ?m }} }}"
    function = compiled(query)
    assert function is not None
    for further in ("", "e:a e:n 3 . e:b e:n 2 .", "e:b e:up e:d ; e:n 5 . e:d e:n 4 .", ""):
        data = Document(f"{DATA}{further}".encode(), "further")
        assert data.facts is not None
        own = Solutions(function.variables, function.rows(data.facts))
        assert found(own) == found(asked(data, query))


def test_what_rules_have_in_common_is_found_once_in_a_document() -> None:
    inner = "{ SELECT ?s (SUM(?n) AS ?shared) WHERE { ?s e:n ?n } GROUP BY ?s }"
    queries = [f"{PROLOGUE}SELECT ?s ?shared WHERE {{ {inner} ?s {each} ?o }}" for each in ("e:up", "e:name")]
    functions = list(map(compiled, queries))
    for _ in range(2):
        data = Document(DATA.encode(), "common")
        assert data.facts is not None
        for query, function in zip(queries, functions, strict=True):
            assert function is not None
            own = Solutions(function.variables, function.rows(data.facts))
            assert found(own) == found(asked(data, query))
        assert len(data.facts.rows) == 1


def queries_of(family: Family) -> list[str]:
    """Return the queries of a family, with those for words."""
    return [query for query in (family.query, family.totals, *family.worded) if query]


def assert_same(data: Document, family: Family) -> None:
    for query in queries_of(family):
        assert found(solutions(data, query)) == found(asked(data, query))


FAMILIES = families(shipped_shapes())
NAMES = [family.rules[0].id for family in FAMILIES]


@pytest.mark.parametrize("family", FAMILIES, ids=NAMES)
def test_each_rule_finds_in_its_cases_what_oxigraph_finds(family: Family) -> None:
    for rule in family.rules:
        for path in sorted((CASES / rule.id).glob("*valid.ttl")):
            assert_same(Document(document(path), path.name), family)


def test_all_rules_find_in_a_publication_what_oxigraph_finds(converted: Path) -> None:
    data = Document(converted, "published")
    for family in FAMILIES:
        assert_same(data, family)


def test_nearly_all_rules_are_made_functions() -> None:
    """One that is left to Oxigraph needs a store of the document, which costs more than all others together."""
    left = [family.rules[0].id for family in FAMILIES if None in map(compiled, queries_of(family))]
    assert len(left) <= len(FAMILIES) // 50, left
