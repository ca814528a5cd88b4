"""A query is not asked of a document that lacks what each of its solutions needs; nothing else is called needed."""

import pyoxigraph
import pytest

from budgetgraph.shapes.catalogue import shipped_shapes
from budgetgraph.shapes.families import families
from budgetgraph.shapes.needs import needs
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


def test_rules_about_other_publications_are_not_asked() -> None:
    report = validate(document(CASES / "WT-1" / "valid.ttl"))
    assert report.checked["WT-1"] > 0
    assert report.checked["OR-1"] == 0
    needed = {rule.id: family.needs for family in families(shipped_shapes()) for rule in family.rules}
    assert "https://w3id.org/budgetgraph/def#staffKind" in needed["OR-1"]
    assert all(needed.values())
