"""A query is not asked of a document that lacks what each of its solutions needs; nothing else is called needed."""

import pyoxigraph
import pytest

from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.families import families
from budgetgraph.shapes.needs import needs, relevant
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, document

PROLOGUE = "PREFIX e: <https://example.org/>\n"

#: Body of a query -> local names of what it needs.
BODIES = {
    "?s e:p e:o .": "p o",
    "?s e:p ?o ; e:q e:r , e:t .": "p q r t",
    "?s a <https://example.org/c> .": "c",
    "e:s e:p ?o .": "p",
    "?s e:p ?o . e:s e:q e:o .": "p q o",
    '?s e:p "e:q <https://example.org/r> # {" .  # e:t': "p",
    '?s e:p \'e:q\' , """e:r " e:t""" , \'5\'^^e:integer .': "p",
    "?s e:p/e:q ?o . ?t e:r+ ?o .": "p q r",
    "?s ^e:p ?o .": "p",
    "?s e:p? ?o . ?s e:q* ?t . ?s e:r/e:t? ?u .": "r",
    "?s e:p|e:q ?o . ?s e:r/e:p|e:q ?t . ?s e:t ?u .": "t",
    "?s !e:p ?o . ?s (e:q/e:r)? ?t . ?s e:t/(e:p|e:q) ?u .": "",
    "?s e:p ?o . OPTIONAL { ?s e:q ?t } FILTER EXISTS { ?s e:r ?u }": "p",
    "?s e:p ?o . FILTER NOT EXISTS { ?s e:q ?t } MINUS { ?s e:r ?t }": "p",
    "{ ?s e:p ?o } UNION { ?s e:q ?o } UNION { ?s e:r ?o } ?s e:t ?u": "t",
    "{ ?s e:p ?o } { ?s e:q ?o . OPTIONAL { ?s e:r ?t } }": "p q",
    "?s e:p ?o . FILTER (?o = e:q || EXISTS { ?s e:r ?t }) BIND (IF(true, e:t, e:o) AS ?u)": "p",
    "?s e:p ?o . FILTER e:check(?o)": "p",
    "?s e:p ?o . VALUES ?o { e:q e:r } VALUES (?t ?u) { (e:q e:r) }": "p",
    "{ SELECT ?s (SUM(IF(?o = e:q, 1, 0)) AS ?n) WHERE { ?s e:p ?o } GROUP BY ?s }": "p",
    "{ SELECT (COUNT(?o) AS ?n) WHERE { ?s e:p ?o } } ?t e:q ?u .": "q",
    "{ SELECT DISTINCT ?s WHERE { ?s e:p ?o } }": "p",
    "?s e:p.q ?o ; e:r-t ?u .": "p.q r-t",
    "?s e:p%20 ?o ; e:q ?t .": "q",
    "GRAPH e:g { ?s e:p ?o } ?s e:q ?o": "",
}


@pytest.mark.parametrize("body", BODIES)
def test_what_a_query_needs(body: str) -> None:
    query = f"{PROLOGUE}SELECT * WHERE {{ {body} \n}}"
    if "e:check" not in body:
        assert pyoxigraph.Store().query(query) is not None, "is SPARQL"
    assert needs(query) == {f"https://example.org/{name}" for name in BODIES[body].split()}


#: Body of a query -> what is left of it for a graph that holds e:p alone.
EXCLUSIONS = {
    "?s e:p ?o . FILTER NOT EXISTS { ?s e:q ?t }": "?s e:p ?o . ",
    "filter not exists { ?s e:q/e:p ?t } ?s e:p ?o": " ?s e:p ?o",
    "{ ?s e:p ?o . FILTER NOT EXISTS { ?s e:q ?t . FILTER NOT EXISTS { ?t e:p ?u } } }": "{ ?s e:p ?o .  }",
    "?s e:p ?o . FILTER NOT EXISTS { ?s e:q ?t } FILTER NOT EXISTS { ?s e:p e:r }": "?s e:p ?o .  ",
    "?s e:p ?o . FILTER NOT EXISTS { ?s e:p ?t }": "",
    "?s e:p ?o . FILTER NOT EXISTS { ?s e:p|e:q ?t }": "",
    "?s e:p ?o . FILTER NOT EXISTS { ?s e:p ?t . FILTER NOT EXISTS { ?t e:q ?u } }": "",
    "?s e:p ?o . FILTER NOT EXISTS { ?s ?t ?o . OPTIONAL { ?o e:q ?u } }": "",
    "?s e:p ?o . FILTER EXISTS { ?s e:q ?t }": "",
    "?s e:p ?o . FILTER (?o = 1 || NOT EXISTS { ?s e:q ?t })": "",
    "?s e:p ?o . # FILTER NOT EXISTS { ?s e:q ?t }": "",
    '?s e:p "FILTER NOT EXISTS { ?s e:q ?t }" .': "",
    "?s e:p ?o . GRAPH ?g { ?s e:p ?o FILTER NOT EXISTS { ?s e:q ?t } }": "",
}


@pytest.mark.parametrize("body", EXCLUSIONS)
def test_what_cannot_be_excluded_is_not_asked_for(body: str) -> None:
    before, after = (f"{PROLOGUE}SELECT * WHERE {{ {text} \n}}" for text in (body, EXCLUSIONS[body] or body))
    assert relevant(before, {"https://example.org/p"}.issuperset) == after
    store = pyoxigraph.Store()
    node, name = (pyoxigraph.NamedNode(f"https://example.org/{end}") for end in "sp")
    store.add(pyoxigraph.Quad(node, name, node))
    assert [str(each) for each in rows(store, before)] == [str(each) for each in rows(store, after)]


def rows(store: pyoxigraph.Store, query: str) -> list[pyoxigraph.QuerySolution]:
    solutions = store.query(query)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return list(solutions)


def test_rules_about_other_publications_are_not_asked() -> None:
    report = validate(document(CASES / "WT-1" / "valid.ttl"))
    assert report.checked["WT-1"] > 0
    assert report.checked["OR-1"] == 0
    needed = {rule.id: family.needs for family in families(shipped_shapes()) for rule in family.rules}
    assert "https://w3id.org/budgetgraph/def#staffKind" in needed["OR-1"]
    assert all(needed.values())
