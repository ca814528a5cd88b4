"""Every term is documented and connected; the ontology says what it is and which version."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, VANN
from rdflib.term import Node

from budgetgraph.ontology.files import alignment_files, ontology_files, read_ontology
from budgetgraph.ontology.namespaces import BUD, BUD_BASE, ONTOLOGY, PREFIXES, terms

ROOT = Path(__file__).resolve().parents[2]
QB = PREFIXES["qb"]
COMPONENTS = {URIRef(f"{QB}{kind}Property") for kind in ("Dimension", "Measure", "Attribute")}
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty} | COMPONENTS


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(data=read_ontology(), format="turtle")


def of_kind(graph: Graph, kinds: set[URIRef]) -> Iterator[URIRef]:
    for iri in map(URIRef, terms().values()):
        if kinds & set(graph.objects(iri, RDF.type)):
            yield iri


def languages(graph: Graph, subject: Node, predicate: Node) -> list[str | None]:
    return [o.language for o in graph.objects(subject, predicate) if isinstance(o, Literal)]


def local(iri: Node) -> str:
    return str(iri).removeprefix(BUD_BASE)


def test_every_term_is_labelled_and_defined_in_both_languages(ontology: Graph) -> None:
    lacking = [
        (local(iri), str(predicate), language)
        for iri in map(URIRef, terms().values())
        for predicate in (RDFS.label, RDFS.comment)
        for language in ("zh", "en")
        if languages(ontology, iri, predicate).count(language) != 1
    ]
    assert lacking == []


def test_every_term_says_where_it_is_defined(ontology: Graph) -> None:
    assert [local(t) for t in map(URIRef, terms().values()) if (t, RDFS.isDefinedBy, None) not in ontology] == []


def test_labels_are_told_apart(ontology: Graph) -> None:
    """Two properties, or two classes, with one label cannot be told apart on a page."""
    for language in ("zh", "en"):
        for kinds in ({OWL.Class}, PROPERTIES):
            labels = [
                str(label)
                for iri in of_kind(ontology, kinds)
                for label in ontology.objects(iri, RDFS.label)
                if isinstance(label, Literal) and label.language == language
            ]
            assert sorted(x for x in set(labels) if labels.count(x) > 1) == [], language


def test_vocabulary_properties_have_one_domain_and_one_range(ontology: Graph) -> None:
    own = of_kind(ontology, {OWL.ObjectProperty, OWL.DatatypeProperty})
    counts = {
        local(p): (len(list(ontology.objects(p, RDFS.domain))), len(list(ontology.objects(p, RDFS.range)))) for p in own
    }
    assert {name: count for name, count in counts.items() if count != (1, 1)} == {}


def test_component_properties_have_a_range_and_a_domain_only_where_it_is_true(ontology: Graph) -> None:
    """Dimensions and bud:sourceValue stand on observations, data sets, claims and targets."""
    for component in of_kind(ontology, COMPONENTS):
        anywhere = component == URIRef(BUD.sourceValue) or (
            (component, RDF.type, URIRef(f"{QB}DimensionProperty")) in ontology
        )
        assert len(list(ontology.objects(component, RDFS.range))) == 1, component
        assert len(list(ontology.objects(component, RDFS.domain))) == (0 if anywhere else 1), component


def test_datatype_properties_range_over_literals_and_object_properties_over_resources(ontology: Graph) -> None:
    literals = (PREFIXES["xsd"], str(RDF.langString))
    for kind, expected in ((OWL.DatatypeProperty, True), (OWL.ObjectProperty, False)):
        for each in of_kind(ontology, {kind}):
            assert str(ontology.value(each, RDFS.range)).startswith(literals) is expected, each


def test_no_class_stands_alone(ontology: Graph) -> None:
    """A class has a superclass, a subclass, or is the domain or range of a property (pitfall P04)."""
    for cls in of_kind(ontology, {OWL.Class}):
        in_unions = [u for u in ontology.subjects(OWL.unionOf) if cls in union(ontology, u)]
        uses = [
            *ontology.objects(cls, RDFS.subClassOf),
            *ontology.subjects(RDFS.subClassOf, cls),
            *(s for end in (cls, *in_unions) for p in (RDFS.domain, RDFS.range) for s in ontology.subjects(p, end)),
        ]
        assert uses, cls


def union(graph: Graph, node: Node) -> list[Node]:
    head = graph.value(node, OWL.unionOf)
    return [] if head is None else list(Collection(graph, head))


def test_inverses_turn_domain_and_range_round(ontology: Graph) -> None:
    pairs = list(ontology.subject_objects(OWL.inverseOf))
    assert pairs
    for one, other in pairs:
        assert ends(ontology, one) == tuple(reversed(ends(ontology, other)))


def ends(graph: Graph, prop: Node) -> tuple[frozenset[Node], ...]:
    values = [graph.value(prop, predicate) for predicate in (RDFS.domain, RDFS.range)]
    return tuple(frozenset(union(graph, v) or [v]) for v in values if v is not None)


def test_what_excludes_each_other(ontology: Graph) -> None:
    groups = [
        {local(member) for member in Collection(ontology, members)} for members in ontology.objects(None, OWL.members)
    ]
    assert {"QuantitativeTarget", "QualitativeTarget", "CompletenessTarget", "DatedTarget"} in groups
    claims = {local(c) for c in ontology.subjects(RDFS.subClassOf, URIRef(BUD.Claim))}
    assert len(claims) == 7
    assert claims in groups
    disjoint = {frozenset((local(a), local(b))) for a, b in ontology.subject_objects(OWL.disjointWith)}
    assert frozenset({"Project", "ProjectItem"}) in disjoint
    assert frozenset({"BudgetDepartment", "SubordinateUnit"}) in disjoint


def test_the_ontology_describes_itself(ontology: Graph) -> None:
    iri = URIRef(ONTOLOGY)
    assert (iri, RDF.type, OWL.Ontology) in ontology
    assert str(ontology.value(iri, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    assert str(ontology.value(iri, VANN.preferredNamespacePrefix)) == "bud"
    assert str(ontology.value(iri, VANN.preferredNamespaceUri)) == BUD_BASE
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert sorted(map(str, languages(ontology, iri, predicate))) == ["en", "zh"]
    assert str(ontology.value(iri, DCTERMS.creator)) == "budgetgraph contributors"


def test_version_is_the_packages(ontology: Graph) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert str(ontology.value(URIRef(ONTOLOGY), OWL.versionInfo)) == version
    assert str(ontology.value(URIRef(ONTOLOGY), OWL.versionIRI)) == f"{ONTOLOGY}/{version}"


def test_the_data_model_page_names_only_defined_terms() -> None:
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`bud:([A-Za-z][A-Za-z0-9-]*)`", page))
    assert len(named) > 90
    assert {name for name in named if f"{BUD_BASE}{name}" not in terms().values()} == set()


def test_alignments_speak_only_of_defined_terms_and_codes() -> None:
    assert {path.stem for path in alignment_files()} == {
        "alignment-cofog",
        "alignment-openbudgets",
        "alignment-schema",
    }
    for path in alignment_files():
        graph = Graph().parse(path, format="turtle")
        for subject in set(graph.subjects()):
            name = str(subject)
            if name.startswith(BUD_BASE):
                assert name in terms().values(), path.name


def test_cofog_is_matched_closely_and_never_exactly() -> None:
    path = next(p for p in alignment_files() if p.stem == "alignment-cofog")
    graph = Graph().parse(path, format="turtle")
    mappings = {p for p in graph.predicates() if str(p).startswith(str(SKOS)) and str(p).endswith("Match")}
    assert mappings == {SKOS.closeMatch}
    for subject in graph.subjects(SKOS.closeMatch):
        assert (subject, SKOS.editorialNote, None) in graph, subject


def test_the_vocabulary_needs_no_alignment() -> None:
    assert not set(ontology_files()) & set(alignment_files())
    assert "openbudgets" not in read_ontology()
