"""What a harvester finds, by the rules of DCAT-AP 3.0 that apply, restated; and that dumps are what they say."""

import csv
import gzip
import hashlib
import io
import re
from collections import Counter
from decimal import Decimal

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, FOAF, RDF, VOID, Graph, Literal, Namespace, URIRef

DCAT = Namespace("http://www.w3.org/ns/dcat#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SITE = "http://localhost"

#: Class -> properties that DCAT-AP 3.0 makes mandatory, and those it recommends that this catalogue has.
WANTED = {
    DCAT.Catalog: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, FOAF.homepage],
    DCAT.Dataset: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.distribution, DCAT.theme],
    DCAT.Distribution: [DCAT.accessURL, DCAT.mediaType, DCTERMS.license, DCTERMS.title],
    DCAT.DatasetSeries: [DCTERMS.title, DCTERMS.description],
    DCAT.DataService: [DCTERMS.title, DCAT.endpointURL],
    FOAF.Agent: [FOAF.name],
    SPDX.Checksum: [SPDX.algorithm, SPDX.checksumValue],
    DCTERMS.PeriodOfTime: [DCAT.startDate, DCAT.endDate],
}
#: Properties whose values must be IRIs.
IRIS = [
    DCAT.accessURL,
    DCAT.downloadURL,
    DCAT.mediaType,
    DCAT.theme,
    DCTERMS.license,
    DCTERMS.language,
    DCAT.landingPage,
]


def download(client: FlaskClient, address: str) -> bytes:
    """Return what an address of this site gives, and close the file behind it."""
    with client.get(address.removeprefix(SITE)) as response:
        assert response.status_code == 200, address
        body: bytes = response.data
        return body


@pytest.fixture(scope="module")
def harvested(shipped: FlaskClient) -> Graph:
    response = shipped.get("/catalog", headers={"Accept": "text/turtle"})
    return Graph().parse(data=response.text, format="turtle")


def test_published_documents_say_so(harvested: Graph) -> None:
    documents = set(harvested.subjects(DCTERMS.isVersionOf))
    assert documents
    for each in documents:
        assert harvested.value(each, ADMS.status) == URIRef("http://purl.org/adms/status/Completed")


@pytest.mark.parametrize("kind", WANTED)
def test_every_record_has_what_a_portal_needs(harvested: Graph, kind: URIRef) -> None:
    records = set(harvested.subjects(RDF.type, kind))
    assert records
    for record in records:
        for wanted in WANTED[kind]:
            values = list(harvested.objects(record, wanted))
            assert values, f"{record} has no {wanted}"
            if wanted in IRIS:
                assert all(isinstance(value, URIRef) for value in values)
            if wanted in (DCTERMS.title, DCTERMS.description):
                texts = [(v.language, str(v)) for v in values if isinstance(v, Literal)]
                assert all(text.strip() for _, text in texts)
                assert len(texts) == len({language for language, _ in texts})


def test_the_data_set_of_a_document_says_what_it_is(harvested: Graph) -> None:
    (dataset,) = [d for d in harvested.subjects(RDF.type, DCAT.Dataset) if harvested.value(d, DCTERMS.temporal)]
    period = harvested.value(dataset, DCTERMS.temporal)
    assert str(harvested.value(period, DCAT.startDate)) == "2021-01-01"
    place = harvested.value(dataset, DCTERMS.spatial)
    assert (place, RDF.type, DCTERMS.Location) in harvested
    assert harvested.value(dataset, DCAT.inSeries) is not None
    catalogue = next(harvested.subjects(RDF.type, DCAT.Catalog))
    assert (catalogue, DCAT.dataset, dataset) in harvested
    assert len(list(harvested.objects(dataset, DCAT.distribution))) == 2


def test_everything_is_found_from_the_first_page_alone(shipped: FlaskClient) -> None:
    home = shipped.get("/", headers={"Accept": "text/html"}).text
    assert 'href="/catalog"' in home
    page = shipped.get("/catalog", headers={"Accept": "text/html"}).text
    assert "/catalog.ttl" in page
    assert "/dumps/all.nq.gz" in page
    robots = shipped.get("/robots.txt").text
    assert f"Sitemap: {SITE}/sitemap.xml" in robots
    addresses = re.findall("<loc>(.*?)</loc>", shipped.get("/sitemap.xml").text)
    assert len(addresses) >= 9
    for address in addresses:
        with shipped.get(address.removeprefix(SITE), headers={"Accept": "text/html"}) as response:
            assert response.status_code == 200, address


def test_void_counts_what_there_is(shipped: FlaskClient) -> None:
    graph = Graph().parse(data=shipped.get("/.well-known/void").text, format="turtle")
    whole = graph.value(predicate=VOID.sparqlEndpoint, object=URIRef(f"{SITE}/sparql"))
    counted = shipped.get("/sparql?format=csv&query=SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text.split()[1]
    assert str(graph.value(whole, VOID.triples)) == counted
    dump = str(graph.value(whole, VOID.dataDump))
    assert download(shipped, dump)


def test_downloads_are_what_the_catalogue_says(shipped: FlaskClient, harvested: Graph) -> None:
    downloads = list(harvested.subject_objects(DCAT.downloadURL))
    assert len(downloads) == 5
    for distribution, address in downloads:
        body = download(shipped, str(address))
        checksum = harvested.value(harvested.value(distribution, SPDX.checksum), SPDX.checksumValue)
        assert hashlib.sha256(body).hexdigest() == str(checksum)
        assert str(len(body)) == str(harvested.value(distribution, DCAT.byteSize))


def test_the_dumps_hold_every_named_graph(shipped: FlaskClient) -> None:
    quads = {
        name: set(ox.parse(gzip.decompress(download(shipped, f"/dumps/all.{name}.gz")), syntax))
        for name, syntax in (("nq", ox.RdfFormat.N_QUADS), ("trig", ox.RdfFormat.TRIG))
    }
    assert len(quads["nq"]) == len(quads["trig"])
    counted = shipped.get("/sparql?format=csv&query=SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").text.split()[1]
    assert str(len(quads["nq"])) == counted


def test_the_cube_is_every_observation_once(shipped: FlaskClient) -> None:
    text = gzip.decompress(download(shipped, "/dumps/cube.csv.gz")).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    query = "SELECT (COUNT(*) AS ?n) { ?o a <http://purl.org/linked-data/cube#Observation> }"
    assert str(len(rows)) == shipped.get("/sparql", query_string={"format": "csv", "query": query}).text.split()[1]
    assert max(Counter(row["observation"] for row in rows).values()) == 1
    spending = [row for row in rows if row["canonical"] == "true" and row["structure"] == "expenditure"]
    assert sum(Decimal(row["amount"]) for row in spending if row["isLeaf"] == "true") == Decimal("14652800")
    table = pq.read_table(io.BytesIO(download(shipped, "/dumps/cube.parquet"))).to_pylist()
    assert [str(row["amount"] if row["amount"] is not None else "") for row in table] == [
        f"{Decimal(row['amount']):f}" if row["amount"] else "" for row in rows
    ]
    assert [row["sourceValue"] for row in table] == [row["sourceValue"] for row in rows]


def test_what_is_no_dump_is_not_found(shipped: FlaskClient) -> None:
    for name in ("none.nq.gz", "..%2Frelease.json", "dumps.json"):
        assert shipped.get(f"/dumps/{name}").status_code == 404
