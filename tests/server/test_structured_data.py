"""The data blocks of pages: JSON-LD that says what graph and page say, in the words of schema.org."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import html
from rdflib import DCTERMS, RDF, SKOS, Graph, Namespace, URIRef

from budgetgraph.server import structured_data
from budgetgraph.server.terms import Term

SCHEMA, BUD = Namespace("https://schema.org/"), Namespace("https://w3id.org/budgetgraph/def#")
ORG = Namespace("http://www.w3.org/ns/org#")
HTML = {"Accept": "text/html"}
BASE = "https://w3id.org/budgetgraph/id/"
BODY, CODE, LIST = "org/whkfq-0001", "code/functional/2021/2013101", "code/functional/2021"


def blocks(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    page: Any = html.fromstring(client.get(path, headers=HTML).text)
    return [json.loads(each.text) for each in page.xpath("//script[@type='application/ld+json']")]


def graph_of(nodes: list[dict[str, Any]]) -> Graph:
    """Return the statements; the context of schema.org is not fetched: its terms are its names."""
    local = [{**node, "@context": {"@vocab": str(SCHEMA)}} for node in nodes]
    return Graph().parse(data=json.dumps(local), format="json-ld", publicID="http://localhost/")


def stated(client: FlaskClient, path: str) -> Graph:
    return Graph().parse(data=client.get(f"/doc/{path}.nt").text, format="nt")


@pytest.fixture(scope="module")
def document(shipped: FlaskClient) -> str:
    found = re.search(r"/id/(doc/[0-9a-f]{16})", shipped.get("/", headers=HTML).text)
    assert found
    return found[1]


def texts(nodes: Iterator[Any]) -> set[str]:
    return {str(node) for node in nodes}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_home_names_the_site_and_a_search_that_works(shipped: FlaskClient, language: str) -> None:
    (site,) = blocks(shipped, f"/?lang={language}")
    page: Any = html.fromstring(shipped.get(f"/?lang={language}", headers=HTML).text)
    assert site["@type"] == "WebSite"
    assert site["name"] == page.findtext(".//title")
    assert site["description"] == page.findtext(".//main/p")
    address = site["potentialAction"]["target"]["urlTemplate"].replace("{search_term_string}", quote("公务接待"))
    assert "公务接待" in shipped.get(address, headers=HTML).text
    assert shipped.get(site["hasPart"]["url"]).status_code == 200


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own, in its JSON-LD parser
def test_a_document_is_a_dataset_with_its_files(shipped: FlaskClient, document: str) -> None:
    said, known = graph_of(blocks(shipped, f"/doc/{document}")), stated(shipped, document)
    this = URIRef(BASE + document)
    assert (this, RDF.type, SCHEMA.Dataset) in said
    assert texts(said.objects(this, SCHEMA.name)) == texts(known.objects(this, DCTERMS.title))
    assert texts(said.objects(this, SCHEMA.identifier)) == texts(known.objects(this, DCTERMS.identifier))
    assert set(said.objects(this, SCHEMA.creator)) == set(known.objects(this, BUD.reportingUnit))
    assert texts(said.objects(this, SCHEMA.temporalCoverage)) == {"2021年"}
    files = list(said.objects(this, SCHEMA.distribution))
    assert len(files) == 4
    for file in files:
        assert (file, RDF.type, SCHEMA.DataDownload) in said
        address = str(said.value(file, SCHEMA.contentUrl))
        got = shipped.get(address)
        assert got.content_type.partition(";")[0] == str(said.value(file, SCHEMA.encodingFormat))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
def test_a_body_a_code_and_a_list_are_what_the_graph_says(shipped: FlaskClient) -> None:
    said, known = graph_of(blocks(shipped, f"/doc/{BODY}?lang=en")), stated(shipped, BODY)
    this = URIRef(BASE + BODY)
    names = texts(known.objects(this, SKOS.prefLabel)) | texts(known.objects(this, SKOS.altLabel))
    assert (this, RDF.type, SCHEMA.GovernmentOrganization) in said
    assert texts(said.objects(this, SCHEMA.name)) | texts(said.objects(this, SCHEMA.alternateName)) == names
    parts = set(known.objects(this, ORG.hasSubOrganization)) | set(known.objects(this, ORG.hasUnit))
    assert set(said.objects(this, SCHEMA.subOrganization)) == parts
    assert parts

    said, known = graph_of(blocks(shipped, f"/doc/{CODE}")), stated(shipped, CODE)
    this = URIRef(BASE + CODE)
    assert (this, RDF.type, SCHEMA.DefinedTerm) in said
    assert texts(said.objects(this, SCHEMA.termCode)) == texts(known.objects(this, SKOS.notation))
    assert set(said.objects(this, SCHEMA.inDefinedTermSet)) == set(known.objects(this, SKOS.inScheme))

    said, known = graph_of(blocks(shipped, f"/doc/{LIST}")), stated(shipped, LIST)
    this = URIRef(BASE + LIST)
    assert (this, RDF.type, SCHEMA.DefinedTermSet) in said
    assert set(said.objects(this, SCHEMA.hasDefinedTerm)) == set(known.objects(this, SKOS.hasTopConcept))


def test_crumbs_are_those_of_the_page(shipped: FlaskClient) -> None:
    page: Any = html.fromstring(shipped.get(f"/doc/{CODE}?lang=en", headers=HTML).text)
    shown = [(each.text, each.get("href")) for each in page.xpath("//p[@class='crumbs']/a")][1:]
    block = next(each for each in blocks(shipped, f"/doc/{CODE}?lang=en") if each["@type"] == "BreadcrumbList")
    assert [(item["name"], item["item"]) for item in block["itemListElement"]] == shown
    assert [item["position"] for item in block["itemListElement"]] == [1, 2, 3, 4]


def test_the_catalogue_names_every_dataset_and_file(shipped: FlaskClient, document: str) -> None:
    (block,) = blocks(shipped, "/catalog")
    assert block["@type"] == "DataCatalog"
    assert [each["@id"] for each in block["dataset"]] == [BASE + document]
    page: Any = html.fromstring(shipped.get("/catalog", headers=HTML).text)
    files = page.xpath("//h2[@id='dumps']/following-sibling::div//tbody/tr")
    assert [(each["name"], each["sha256"]) for each in block["distribution"]] == [
        (row.xpath("string(./td[1])"), row.xpath("string(./td[3])")) for row in files
    ]


def leaves(node: Any) -> Iterator[str]:
    """Yield what a block says in words, without types, IRIs and places in a list."""
    if isinstance(node, dict):
        for name, value in node.items():
            if not name.startswith("@") and name not in {"position", "encodingFormat", "contentSize"}:
                yield from leaves(value)
    elif isinstance(node, list):
        for each in node:
            yield from leaves(each)
    else:
        yield str(node)


@pytest.mark.parametrize("path", ["/catalog", "/def", f"/doc/{BODY}", f"/doc/{CODE}", f"/doc/{LIST}", "/shapes/WT-1"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_said_that_the_page_does_not_show(shipped: FlaskClient, path: str, language: str) -> None:
    address = f"{path}?lang={language}"
    page: Any = html.fromstring(shipped.get(address, headers=HTML).text)
    for block in page.xpath("//script"):
        block.getparent().remove(block)
    shown = re.sub(r"\s+", " ", page.text_content()) + " ".join(page.xpath("//@href"))
    found = list(blocks(shipped, address))
    assert found
    for text in (each for block in found for each in leaves(block)):
        assert re.sub(r"\s+", " ", text) in shown or text.partition("?")[0] == path, text


def test_a_hostile_name_stays_in_its_block(client: FlaskClient) -> None:
    name = "</script><script>alert(1)</script>"
    row = {
        "predicate": Term("uri", str(RDF.type)),
        "object": Term("uri", str(SKOS.Concept)),
    }
    with client.application.test_request_context("/?lang=en"):
        node = structured_data.describe("urn:x", "/doc/x", name, [row], ())
        written = client.application.jinja_env.from_string("{{ node|tojson }}").render(node=node)
    assert "<" not in written
    assert json.loads(written)["name"] == name


def test_what_schema_org_has_no_word_for_has_no_block(shipped: FlaskClient, document: str) -> None:
    assert blocks(shipped, f"/doc/{document}/t1") == []
