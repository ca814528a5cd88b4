from dataclasses import replace
from typing import TYPE_CHECKING

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from budgetgraph.converter.bodies.organisations import Entry, Registry, unregistered
from budgetgraph.converter.rdf.organisations import organisation_resources, registry_resources
from budgetgraph.converter.rdf.terms import Resource
from budgetgraph.converter.rdf.vocabulary import term

if TYPE_CHECKING:
    from budgetgraph.converter.pipeline import Conversion


def graph(resources: list[Resource]) -> Graph:
    lines = [f"{each.subject} {predicate} {value} ." for each in resources for predicate, value in each.pairs]
    return Graph().parse(data="\n".join(lines), format="nt")


def ref(name: str) -> URIRef:
    return URIRef(term(name)[1:-1])


def test_what_the_registry_knows(conversion: "Conversion") -> None:
    budget, ids = conversion.budget, conversion.ids
    found = graph(registry_resources(budget, ids, Registry.load()))
    department, headquarters = (URIRef(ids.organisation(f"whkfq-0001{part}")) for part in ("", "/hq"))
    assert len(set(found.subjects(RDF.type))) == 4
    assert set(found.objects(headquarters, RDF.type)) == {ref("org:OrganizationalUnit")}
    assert found.value(headquarters, ref("org:unitOf")) == department
    assert found.value(department, ref("org:hasUnit")) == headquarters
    labels = set(found.objects(department, ref("skos:prefLabel")))
    assert {label.language for label in labels if isinstance(label, Literal)} == {"zh", "en"}
    assert Literal("党政办公室", "zh") in set(found.objects(department, ref("skos:altLabel")))


def test_registered_bodies_stand_in_the_registry_alone(conversion: "Conversion") -> None:
    assert organisation_resources(conversion.budget, conversion.ids) == []
    found = graph(registry_resources(conversion.budget, conversion.ids, Registry.load()))
    department = URIRef(conversion.ids.organisation("whkfq-0001"))
    assert set(found.objects(department, RDF.type)) == {ref("cv:PublicOrganisation"), ref("bud:BudgetDepartment")}
    units = set(found.objects(department, ref("org:hasSubOrganization")))
    assert units == {URIRef(conversion.ids.organisation(f"whkfq-0001/u{n}")) for n in (1, 2)}
    for unit in units:
        assert ref("bud:SubordinateUnit") in set(found.objects(unit, RDF.type))
        assert found.value(unit, ref("org:subOrganizationOf")) == department
    assert str(found.value(department, ref("bud:governmentLevel"))).endswith("/level/county")
    assert str(found.value(department, ref("dcterms:spatial"))).endswith("/division/420100-wedz")


def test_an_unregistered_unit_is_tied_to_its_registered_department(conversion: "Conversion") -> None:
    budget, ids = conversion.budget, conversion.ids
    units = Registry.load().units(budget.department, ["党委信息服务中心", "某某所"], 2021, ids.version)
    found = graph(organisation_resources(replace(budget, units=units), ids))
    department, unit = (URIRef(ids.organisation(identity)) for identity in (budget.department.id, units[1].id))
    assert set(found.objects(department)) == {unit}
    assert found.value(unit, ref("org:subOrganizationOf")) == department
    assert found.value(unit, ref("skos:prefLabel")) == Literal("某某所", "zh")


def test_an_unregistered_body_stands_in_the_data_alone(conversion: "Conversion") -> None:
    body = unregistered("某某局", "0123456789abcdef")
    budget = replace(conversion.budget, department=body, units=Registry.load().units(body, ["某某所"]))
    found = graph(organisation_resources(budget, conversion.ids))
    department = URIRef(conversion.ids.organisation(body.id))
    (unit,) = found.objects(department, ref("org:hasSubOrganization"))
    assert found.value(unit, ref("rdfs:label")) == Literal("某某所", "zh")
    assert registry_resources(budget, conversion.ids, Registry.load()) == []


def test_names_with_years_are_labels_of_their_own(conversion: "Conversion") -> None:
    known = Registry.load()
    body = replace(known.entries["whkfq-0001"], dated={"党政办公室": (2010, 2018)}, valid_from=2009)
    known = Registry([body, *(entry for entry in known.entries.values() if entry.id != body.id)])
    found = graph(registry_resources(conversion.budget, conversion.ids, known))
    department = URIRef(conversion.ids.organisation("whkfq-0001"))
    xl = Namespace("http://www.w3.org/2008/05/skos-xl#")
    (label,) = found.objects(department, xl.altLabel)
    assert found.value(label, xl.literalForm) == Literal("党政办公室", "zh")
    assert str(label).startswith(f"{department}#")
    years = [found.value(label, ref(f"schema:{name}")) for name in ("validFrom", "validThrough")]
    assert years == [Literal("2010", datatype=XSD.gYear), Literal("2018", datatype=XSD.gYear)]
    assert Literal("党政办公室", "zh") in set(found.objects(department, ref("skos:altLabel")))
    assert found.value(department, ref("schema:validFrom")) == Literal("2009", datatype=XSD.gYear)
    assert found.value(department, ref("schema:validThrough")) is None


def test_a_reform_is_one_event_between_bodies(conversion: "Conversion") -> None:
    known = Registry.load()
    body = known.entries["whkfq-0001"]
    before = [Entry(name, "department", (f"某某{name}局",)) for name in ("a", "b")]
    sister = Entry("c", "department", ("某某新局",), predecessors={"a": 2019, "b": 2019})
    body = replace(body, predecessors={"a": 2019, "b": 2019})
    others = [entry for entry in known.entries.values() if entry.id != body.id]
    found = graph(registry_resources(conversion.budget, conversion.ids, Registry([*before, body, sister, *others])))
    a, b, new, beside = (URIRef(conversion.ids.organisation(name)) for name in ("a", "b", body.id, "c"))
    (event,) = found.subjects(RDF.type, ref("org:ChangeEvent"))
    assert set(found.objects(event, ref("org:originalOrganization"))) == {a, b}
    assert set(found.objects(event, ref("org:resultingOrganization"))) == {new, beside}
    assert found.value(event, ref("dcterms:date")) == Literal("2019", datatype=XSD.gYear)
    for former in (a, b):
        assert found.value(former, ref("org:changedBy")) == event
        assert set(found.objects(former, ref("dcterms:isReplacedBy"))) == {new, beside}
        assert found.value(former, ref("skos:prefLabel")) is not None
    for later in (new, beside):
        assert found.value(later, ref("org:resultedFrom")) == event
        assert set(found.objects(later, ref("dcterms:replaces"))) == {a, b}


def test_reforms_of_one_year_are_told_apart(conversion: "Conversion") -> None:
    known = Registry.load()
    before = [Entry(name, "department", (f"某某{name}局",)) for name in ("a", "b")]
    body = replace(known.entries["whkfq-0001"], predecessors={"a": 2019})
    sister = Entry("c", "department", ("某某新局",), predecessors={"a": 2019, "b": 2019})
    others = [entry for entry in known.entries.values() if entry.id != body.id]
    found = graph(registry_resources(conversion.budget, conversion.ids, Registry([*before, body, sister, *others])))
    assert len(set(found.subjects(RDF.type, ref("org:ChangeEvent")))) == 2
    assert len(set(found.objects(URIRef(conversion.ids.organisation("a")), ref("org:changedBy")))) == 2
