"""The data structure definitions are those of docs/data-model.md, and well-formed as the Data Cube asks."""

import re
from pathlib import Path

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from budgetgraph.ontology import codelists
from budgetgraph.ontology.files import read_ontology
from budgetgraph.ontology.namespaces import BUD, BUD_BASE, CODE_BASE, PREFIXES, structure

ROOT = Path(__file__).resolve().parents[2]
QB = Namespace(PREFIXES["qb"])
STRUCTURES = [
    "expenditure",
    "expenditure-by-government-class",
    "revenue",
    "project-item",
    "staff",
    "asset-value",
    "asset-quantity",
    "activity-quantity",
    "procurement",
    "procurement-by-supplier",
    "operating-cost-by-body",
    "project-expenditure",
    "project-balance",
    "transfer",
]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(data=read_ontology(), format="turtle")


def components(graph: Graph, name: str, kind: str) -> dict[str, Node]:
    """Return local name -> component specification of the dimensions, measures or attributes."""
    found = {}
    for specification in graph.objects(URIRef(structure(name)), QB.component):
        if (component := graph.value(specification, QB[kind])) is not None:
            found[str(component).removeprefix(BUD_BASE)] = specification
    return found


def dimensions_in_order(graph: Graph, name: str) -> list[str]:
    orders = {d: graph.value(s, QB.order) for d, s in components(graph, name, "dimension").items()}
    values = {d: int(o) for d, o in orders.items() if isinstance(o, Literal)}
    assert sorted(values.values()) == list(range(1, len(orders) + 1))
    return sorted(values, key=values.__getitem__)


def documented_structures() -> dict[str, tuple[list[str], str]]:
    """Return structure -> (further dimensions in key order, measure) as docs/data-model.md has them."""
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `bud:dsd-([a-z-]+)` \| (.+?) \| `bud:(\w+)` \|$", page, flags=re.MULTILINE)
    return {name: (re.findall(r"`bud:(\w+)`", dimensions), measure) for name, dimensions, measure in rows}


def test_the_structures_are_those_of_the_data_model(ontology: Graph) -> None:
    documented = documented_structures()
    assert sorted(documented) == sorted(STRUCTURES)
    common = ["reportingUnit", "fiscalYear", "budgetPhase"]
    for name, (dimensions, measure) in documented.items():
        assert dimensions_in_order(ontology, name) == common + dimensions
        assert list(components(ontology, name, "measure")) == [measure]


def test_no_other_structure_is_defined(ontology: Graph) -> None:
    defined = set(ontology.subjects(RDF.type, QB.DataStructureDefinition))
    assert defined == {URIRef(structure(name)) for name in STRUCTURES}


@pytest.mark.parametrize("name", STRUCTURES)
def test_dimensions_and_measures_stand_on_observations(ontology: Graph, name: str) -> None:
    for kind in ("dimension", "measure"):
        for local, specification in components(ontology, name, kind).items():
            assert (specification, QB.componentAttachment, None) not in ontology, local


@pytest.mark.parametrize("name", STRUCTURES)
def test_attributes_are_required_or_not_as_the_data_model_says(ontology: Graph, name: str) -> None:
    attributes = components(ontology, name, "attribute")
    required = {
        local: bool(value.toPython())
        for local, specification in attributes.items()
        if isinstance(value := ontology.value(specification, QB.componentRequired), Literal)
    }
    for local in ("sourceValue", "isLeaf", "cellState", "sourceUnitMultiplier"):
        assert required[local], local
    for local in ("sourceLabel", "sourceCode"):
        assert not required[local], local
    attachment = ontology.value(attributes["sourceUnitMultiplier"], QB.componentAttachment)
    assert attachment == QB.DataSet


def test_only_attributes_are_optional(ontology: Graph) -> None:
    """IC-6."""
    for specification in ontology.subjects(QB.componentRequired, Literal(False)):
        component = ontology.value(specification, QB.attribute)
        assert (component, RDF.type, QB.AttributeProperty) in ontology


def test_dimensions_over_concepts_have_a_code_list_that_ships(ontology: Graph) -> None:
    """IC-4, IC-5; the list is the umbrella scheme that year lists put their concepts in."""
    dimensions = set(ontology.subjects(RDF.type, QB.DimensionProperty))
    assert len(dimensions) == 23
    for dimension in dimensions:
        coded = (dimension, RDF.type, QB.CodedProperty) in ontology
        assert coded == ((dimension, RDFS.range, SKOS.Concept) in ontology), dimension
        lists = [str(each) for each in ontology.objects(dimension, QB.codeList)]
        assert len(lists) == int(coded), dimension
        for each in lists:
            assert codelists.scheme(each.removeprefix(CODE_BASE), 2021).umbrella == each


def test_every_structure_dimension_is_declared(ontology: Graph) -> None:
    for name in STRUCTURES:
        for local in components(ontology, name, "dimension"):
            assert (URIRef(BUD_BASE + local), RDF.type, QB.DimensionProperty) in ontology


def test_money_is_decimal_and_the_period_is_known_to_statistical_tools(ontology: Graph) -> None:
    assert ontology.value(URIRef(BUD.amount), RDFS.range) == URIRef(f"{PREFIXES['xsd']}decimal")
    period = URIRef(f"{PREFIXES['sdmx-dimension']}refPeriod")
    assert (URIRef(BUD.fiscalYear), RDFS.subPropertyOf, period) in ontology
    value = URIRef(f"{PREFIXES['sdmx-measure']}obsValue")
    assert (URIRef(BUD.amount), RDFS.subPropertyOf, value) in ontology
