"""The vocabulary's page says what the ontology says, all of it, in both languages; and its drawings do, too."""

import re
from collections import Counter
from html.parser import HTMLParser
from itertools import combinations

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import etree
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection

from budgetgraph.ontology.files import ontology_files
from budgetgraph.ontology.namespaces import BUD_BASE
from budgetgraph.server.vocabulary.diagrams import draw
from budgetgraph.server.vocabulary.groups import read_groups

HTML = {"Accept": "text/html"}
MOST_BYTES = 102 * 1024
FORMS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class Facts(HTMLParser):
    """The anchors of a page, and for each the addresses in the list that follows it, by the words before them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.facts: dict[str, dict[str, list[str]]] = {}
        self._anchor, self._word, self._in_word = "", "", False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "h4":
            self._anchor, self._word = found["id"], ""
            self.facts[self._anchor] = {}
        self._in_word = tag == "dt"
        if self._in_word:
            self._word = ""
        if tag == "a" and self._word:
            self.facts[self._anchor].setdefault(self._word, []).append(found["href"])

    def handle_data(self, data: str) -> None:
        if self._in_word:
            self._word += data

    def handle_endtag(self, tag: str) -> None:
        self._in_word = self._in_word and tag != "dt"
        self._word = "" if tag == "dl" else self._word


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in ontology_files():
        graph.parse(path)
    return graph


def page(client: FlaskClient, language: str) -> str:
    return client.get(f"/def?lang={language}", headers=HTML).text


def terms(ontology: Graph) -> set[URIRef]:
    return {s for s in ontology.subjects(RDFS.label) if isinstance(s, URIRef) and s.startswith(BUD_BASE)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_term_stands_on_the_page_once_with_its_label_and_comment(
    client: FlaskClient, ontology: Graph, language: str
) -> None:
    text = page(client, language)
    anchors = Counter(re.findall(r'<h4 id="([^"]+)"', text))
    assert anchors == Counter(term.removeprefix(BUD_BASE) for term in terms(ontology))
    readable = re.sub(r"\s+", " ", text.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&"))
    for term in terms(ontology):
        for predicate in (RDFS.label, RDFS.comment):
            said = [o for o in ontology.objects(term, predicate) if getattr(o, "language", None) == language]
            assert said, (term, predicate)
            assert all(str(each) in readable for each in said)
    assert len(text.encode()) <= MOST_BYTES


def test_domains_and_ranges_are_those_of_the_ontology_unions_taken_apart(client: FlaskClient, ontology: Graph) -> None:
    shown = Facts(page(client, "en")).facts
    compared = 0
    for term in terms(ontology):
        for predicate, word in ((RDFS.domain, "domain"), (RDFS.range, "range")):
            wanted = set()
            for node in ontology.objects(term, predicate):
                union = ontology.value(node, OWL.unionOf)
                wanted |= set(Collection(ontology, union)) if union else {node}
            addresses = shown[term.removeprefix(BUD_BASE)].get(word, [])
            iris = {f"{BUD_BASE}{a[1:]}" if a.startswith("#") else a for a in addresses}
            assert iris == set(map(str, wanted)), term
            compared += len(wanted)
    assert compared > 200


def test_every_class_has_its_place_and_every_term_one_group(ontology: Graph) -> None:
    placed = Counter(
        each.term.value for group in read_groups() for each in (*group.classes, *group.properties, *group.structures)
    )
    assert placed == Counter(map(str, terms(ontology)))
    for group in read_groups():
        assert all(each.term.value in group.class_iris for each in group.classes)


def test_examples_lead_to_resources_of_the_class(client: FlaskClient) -> None:
    shown = Facts(page(client, "en")).facts
    examples = {name: facts["Example"][0] for name, facts in shown.items() if "Example" in facts}
    assert {"BudgetDepartment", "DocumentVersion", "TableCell"} <= set(examples)
    for name, address in examples.items():
        path = address.partition("?")[0].replace("/id/", "/doc/", 1)
        graph = Graph().parse(data=client.get(f"{path}.nt").text, format="nt")
        assert URIRef(BUD_BASE + name) in set(graph.objects(predicate=RDF.type)), address
    assert "none in this release" in page(client, "en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_drawings_show_each_relation_once_and_nothing_overlaps(client: FlaskClient, language: str) -> None:
    text = client.get(f"/def/diagrams?lang={language}", headers=HTML).text
    drawings = [etree.fromstring(svg, _PARSER) for svg in re.findall(r"<svg.*?</svg>", text, re.DOTALL)]
    assert len(text.encode()) <= MOST_BYTES
    lists = re.findall(r"<summary>[^<]*</summary>\s*<ul>(.*?)</ul>", text, re.DOTALL)
    assert len(drawings) == len(lists) >= 5
    for drawing, sentences in zip(drawings, lists, strict=True):
        boxes = [
            (
                *map(int, re.findall(r"\d+", str(g.attrib["transform"]))),
                int(rect.attrib["width"]),
                int(rect.attrib["height"]),
            )
            for g in drawing.iter("g")
            for rect in g.iter("rect")
        ]
        for (x, y, w, h), (x2, y2, w2, h2) in combinations(boxes, 2):
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
        assert all(x + w <= int(drawing.attrib["width"]) for x, _, w, _ in boxes)
        assert all(y + h <= int(drawing.attrib["height"]) for _, y, _, h in boxes)
        arrows = len([path for path in drawing.iter("path") if path.attrib["class"] in {"property", "narrower"}])
        again = len([each for each in drawing.iter("text") if (each.text or "").endswith("↺")])
        assert arrows + again == sentences.count("<li>")


def test_a_drawing_says_what_the_ontology_says(client: FlaskClient, ontology: Graph) -> None:
    with client.application.test_request_context("/def/diagrams?lang=en"):
        drawn = {group.key: draw(group) for group in read_groups()}
    performance = drawn["performance"]
    assert performance is not None
    said = {(s.subject.value, s.property.value if s.property else None, s.object.value) for s in performance.sentences}
    for term, name in (("PerformanceObjective", "hasIndicator"), ("PerformanceIndicator", "hasTarget")):
        target = ontology.value(URIRef(BUD_BASE + name), RDFS.range)
        assert (BUD_BASE + term, BUD_BASE + name, str(target)) in said
    assert (f"{BUD_BASE}QuantitativeTarget", None, f"{BUD_BASE}IndicatorTarget") in said
    columns = {box.iri.removeprefix(BUD_BASE): box.x for box in performance.boxes}
    assert columns["PerformanceObjective"] < columns["PerformanceIndicator"] < columns["IndicatorTarget"]


@pytest.mark.parametrize("form", FORMS)
def test_machine_forms_state_the_ontology_and_nothing_else(client: FlaskClient, form: str) -> None:
    got = ox.Dataset(ox.parse(client.get(f"/def.{form}").data, FORMS[form]))
    wanted = ox.Dataset(
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for path in ontology_files()
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    for each in (got, wanted):
        each.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert got == wanted
