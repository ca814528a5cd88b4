"""The native engine asks rules together and hands on what it does not know; the reference engine finds the same."""

from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH

from budgetgraph.shapes.catalogue import FOLDER, Shapes, shape_files, shipped_shapes
from budgetgraph.shapes.engines import ENGINES
from budgetgraph.shapes.exceptions import ShapeError
from budgetgraph.shapes.families import families
from budgetgraph.shapes.results import Report
from budgetgraph.shapes.rules import ROUNDING
from budgetgraph.shapes.validation import validate
from tests.shapes.case_files import CASES, document

WRONG_SUM = CASES / "WT-1" / "invalid.ttl"

HEAD = """@prefix bs: <https://w3id.org/budgetgraph/shape#> . @prefix bud: <https://w3id.org/budgetgraph/def#> .
@prefix qb: <http://purl.org/linked-data/cube#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
NODE = HEAD + "bs:XX-1 a sh:NodeShape ; sh:targetClass qb:DataSet ; sh:severity sh:Violation ; "
PROPERTY = NODE + "sh:property bs:XX-2 . bs:XX-2 a sh:PropertyShape ; sh:message '值不对'@zh, 'a wrong value'@en ; "
QUERY = (
    NODE
    + """sh:sparql bs:XX-1-query . bs:XX-1-query a sh:SPARQLConstraint ; sh:prefixes bs:prefixes ;
    sh:message '{?v} 太大'@zh, '{?v} is too much'@en ; sh:select \"\"\"SELECT $this ?value ?v WHERE { %s }\"\"\" ."""
)


def shapes(folder: Path, turtle: str) -> Shapes:
    path = folder / "shapes.ttl"
    path.write_text(turtle, encoding="utf-8")
    return Shapes((FOLDER / "prefixes.ttl", path))


def reports(own: Shapes) -> tuple[Report, Report]:
    data = document(WRONG_SUM)
    native, queried, reference = (validate(data, engine_name=name, shapes=own) for name in sorted(ENGINES))
    assert native.results == queried.results == reference.results
    assert native.checked == queried.checked == reference.checked
    assert native.handed_on == queried.handed_on
    assert reference.handed_on == ()
    return native, reference


UNKNOWN = {
    "sh:or": NODE + "sh:or ( [ sh:path bud:sourceStep ; sh:minCount 9 ] ) .",
    "sh:in": PROPERTY + "sh:path bud:tableKind ; sh:in ( bud:nothing ) .",
    "sh:pattern": PROPERTY + "sh:path bud:sourceStep ; sh:pattern '^x' .",
    "sh:datatype": PROPERTY + "sh:path bud:sourceStep ; sh:datatype xsd:date .",
    "sh:path": PROPERTY + "sh:path [ sh:zeroOrMorePath bud:tableKind ] ; sh:maxCount 0 .",
    "sh:sparql": QUERY % "$this bud:sourceStep ?v . BIND ($this AS ?value)"
    + """ bs:XX-1 sh:sparql bs:XX-1-also . bs:XX-1-also a sh:SPARQLConstraint ; sh:prefixes bs:prefixes ;
         sh:message '又'@zh, 'again'@en ; sh:select 'SELECT $this { $this bud:sourceStep ?v }' .""",
}


@pytest.mark.parametrize("constraint", UNKNOWN)
def test_what_the_native_engine_does_not_know_is_handed_on(tmp_path: Path, constraint: str) -> None:
    native, _ = reports(shapes(tmp_path, UNKNOWN[constraint]))
    assert len(native.handed_on) == 1
    assert native.results
    assert set(native.checked) == set(native.handed_on)


def test_only_the_unknown_is_handed_on(tmp_path: Path) -> None:
    also = """ bs:XX-2 sh:property bs:XX-3 . bs:XX-3 a sh:PropertyShape ; sh:path bud:sourceStep ; sh:minCount 2 ."""
    native, _ = reports(shapes(tmp_path, QUERY % "$this bud:sourceStep ?v ." + UNKNOWN["sh:pattern"][len(HEAD) :]
                               .replace("XX-1", "XX-4") + also.replace("bs:XX-2 sh:", "bs:XX-4 sh:")))  # fmt: skip
    assert native.handed_on == ("XX-2",)
    assert {result.rule for result in native.results} == {"XX-1", "XX-2", "XX-3"}


VALUE = "?value qb:dataSet $this ; bud:amount ?v ."
LEAF = "{ ?value qb:dataSet $this ; bud:amount ?v ; bud:isLeaf true }"
LARGE = "\nFILTER (?v > 10)  # fails\n"

#: Bodies of queries with a condition where a variable for it would not reach the outermost SELECT, or does.
BODIES = {
    "at the end": f"{VALUE}{LARGE}",
    "in a group": f"{{ {VALUE}{LARGE} }}",
    "of several lines": f"{VALUE}\nFILTER (?v > 10 && NOT EXISTS {{  # fails\n?value bud:isLeaf false }})  # fails\n",
    "in two places": f"{{ {VALUE}{LARGE} }}\nFILTER NOT EXISTS {{ ?value bud:isLeaf false }}  # fails\n",
    "in a subselect": f"{{ SELECT $this ?value ?v {{ {VALUE}{LARGE} }} }}",
    "in an optional group": f"?value qb:dataSet $this . OPTIONAL {{ ?value bud:amount ?v .{LARGE} }}",
    "in the first branch": f"{{ {VALUE}{LARGE} }} UNION {LEAF}",
    "in the second branch": f"{LEAF} UNION {{ {VALUE}{LARGE} }}",
    "no filter": f"{VALUE}\n?value bud:isLeaf true .  # fails\n",
    "a filter and more": f"{VALUE}\nFILTER (?v > 1) ?value bud:isLeaf true .  # fails\n",
}
TOGETHER = {"at the end", "in a group", "of several lines", "in two places"}


@pytest.mark.parametrize("place", BODIES)
def test_a_condition_is_understood_wherever_it_stands(tmp_path: Path, place: str) -> None:
    own = shapes(tmp_path, QUERY % BODIES[place])
    (family,) = families(own)
    assert (family.failing is not None) == (place in TOGETHER)
    native, _ = reports(own)
    assert native.results
    assert native.checked["XX-1"] >= len(native.results)


def test_words_are_asked_for_where_something_fails(tmp_path: Path) -> None:
    words = "\n# In words.\nBIND (CONCAT('x', STR($this)) AS ?x) OPTIONAL { ?value bud:isLeaf|bud:fund ?y }\n"
    body = QUERY.replace("{?v}", "{?x}").replace("$this ?value ?v", "$this ?value ?x ?y")
    own = shapes(tmp_path, body % f"{VALUE}{LARGE}{words}")
    (family,) = families(own)
    assert family.totals
    assert "CONCAT" not in family.query
    native, _ = reports(own)
    assert {result.message.en[:9] for result in native.results} == {"xhttps://"}
    wordless = shapes(tmp_path, QUERY % (VALUE + LARGE))
    assert native.checked["XX-1"] == validate(document(WRONG_SUM), shapes=wordless).checked["XX-1"]


TOLD = """SELECT $this ?o (MAX(STR(?o)) AS ?told) (SUM(?v) AS ?sum) WHERE { ?o qb:dataSet $this ; bud:amount ?v }
GROUP BY $this ?o"""


@pytest.mark.parametrize(
    ("inner", "kept"),
    [
        (TOLD, False),
        (TOLD.replace("(MAX(STR(?o)) AS ?told)", '(MAX(IF(STR(?o) != ") AS ?x", STR(?o), ?o)) AS ?told)'), False),
        (f"SELECT $this ?o ?told ?sum WHERE {{ {{ {TOLD} }} FILTER (?told != 'x') }}", True),
        (TOLD.replace("SELECT", "SELECT DISTINCT"), True),
    ],
)
def test_sums_that_only_words_tell_are_not_asked_for(tmp_path: Path, inner: str, kept: bool) -> None:
    words = "\n# In words.\nBIND (IRI(?told) AS ?value) BIND (STR(?sum) AS ?x)\n"
    body = QUERY.replace("{?v}", "{?x}").replace("$this ?value ?v", "$this ?value ?x")
    own = shapes(tmp_path, body % f"{{ {inner} }}\nFILTER (?sum > 10)  # fails\n{words}")
    (family,) = families(own)
    assert family.totals
    assert ("MAX(" in family.totals) == kept
    assert "SUM(?v)" in family.totals
    native, _ = reports(own)
    assert native.results


def test_every_query_is_asked_once() -> None:
    asked = [rule.id for family in families(shipped_shapes()) for rule in family.rules]
    assert sorted(asked) == sorted(rule.id for rule in shipped_shapes().rules.values() if rule.query)


def test_a_rule_is_asked_together_with_its_rounding() -> None:
    apart = {rule.id for family in families(shipped_shapes()) if len(family.rules) == 1 for rule in family.rules}
    assert {rule for rule in apart if rule.endswith(ROUNDING)} == set()


def test_the_shipped_shapes_need_no_other_engine() -> None:
    assert [rule.id for rule in shipped_shapes().rules.values() if rule.unknown] == []


REFUSED = {
    "has no target": NODE.replace("sh:targetClass qb:DataSet ; ", "") + "sh:closed true .",
    "sh:targetNode": HEAD + "bs:XX-1 a sh:NodeShape ; sh:targetNode bud:x ; sh:closed true .",
    "several target classes": NODE + "sh:targetClass bud:Claim ; sh:closed true .",
    "has no IRI": NODE + "sh:property [ sh:path bud:amount ; sh:minCount 1 ] .",
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_shape_that_would_check_nothing_is_refused(tmp_path: Path, reason: str) -> None:
    with pytest.raises(ShapeError, match=reason):
        validate(document(WRONG_SUM), shapes=shapes(tmp_path, REFUSED[reason]))


@pytest.mark.parametrize("rule", ["BR-1", "CL-2", "CL-2-minor", "GP-2", "XT-14"])
def test_a_rule_without_occasion_is_no_error_in_rdflib(rule: str) -> None:
    """An empty group, or a sum of what has no value, ended a validation over rdflib's memory."""
    whole = rdflib.Graph()
    for path in shape_files():
        whole.parse(path)
    shape = rdflib.URIRef(shipped_shapes().rules[rule].iri)
    own = rdflib.Graph()
    own.parse(FOLDER / "prefixes.ttl")
    own += whole.triples((shape, None, None))
    for query in whole.objects(shape, SH.sparql):
        own += whole.triples((query, None, None))
    assert (None, SH.select, None) in own
    for nquads in (document(), document(CASES / rule / "valid.ttl")):
        data = rdflib.Graph()
        data.parse(data=nquads, format="nt")
        assert pyshacl.validate(data, shacl_graph=own)[0]
