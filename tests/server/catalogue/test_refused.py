"""What a release does not hold is told with its reason: on the page, in DCAT, and never as one of its data sets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from rdflib import DCTERMS, FOAF, RDF, Graph, Literal, Namespace, URIRef

from budgetgraph.ontology import codelists
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.publishing import build_release
from budgetgraph.server.refused import QUARANTINED, REFUSED, WITHDRAWN, Refused, refused_graph, withdrawn
from budgetgraph.server.workers import PoolLimits
from tests.server.conftest import METADATA, PUBLISHED

DCAT, ADMS = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://www.w3.org/ns/adms#")
BASE = METADATA.base
NOW, LATER = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
SERIES = f"{BASE}id/budget/demo-0001/2021/budget"

HELD = Refused(
    "demo-2022",
    QUARANTINED,
    {"zh": "违反校验规则 WT-1 (2)", "en": "Violates WT-1 (2)"},
    NOW,
    "示例区示例局 2022 年部门预算",
    "00000000000000bb",
    f"{BASE}id/budget/demo-0001/2022/budget",
    f"{BASE}id/org/demo-0001",
    "2021",
    ("WT-1",),
)
BROKEN = Refused("<b>broken</b>", REFUSED, {"zh": "文件为空。", "en": "The file is empty."}, NOW)


def shared() -> bytes:
    """Return the list of states, as a publisher adds it."""
    scheme = codelists.scheme("publication-state")
    graph = f"<{BASE}graph/codes/publication-state>"
    return "".join(f"{s} {p} {o} {graph} .\n" for s, p, o in codelists.statements(scheme)).encode()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    store = tmp_path_factory.mktemp("refused") / "store"
    build_release(store, [PUBLISHED, shared(), refused_graph([HELD, BROKEN], BASE)], METADATA)
    app = create_app(ServerConfig(store, PoolLimits(workers=1, time=30), web=WebLimits(seconds=None)))
    yield app.test_client()
    close_app(app)


@pytest.mark.parametrize(("language", "state"), [("zh", "隔离"), ("en", "Quarantined")])
def test_the_catalogue_lists_them_with_state_and_reason(client: FlaskClient, language: str, state: str) -> None:
    page: Any = html.fromstring(client.get(f"/catalog?lang={language}", headers={"Accept": "text/html"}).text)
    rows = [row.text_content() for row in page.xpath("//h2[@id='refused']/following-sibling::div[1]//tbody/tr")]
    assert len(rows) == 2
    held = next(row for row in rows if "demo-2022" in row)
    for text in (state, str(HELD.title), HELD.reasons[language], "2021", "2026-03-01"):
        assert text in held
    assert any(BROKEN.name in row and BROKEN.reasons[language] in row for row in rows)
    assert "/shapes/WT-1" in " ".join(page.xpath("//h2[@id='refused']/following-sibling::div[1]//a/@href"))


def test_dcat_has_a_record_for_each_and_offers_none(client: FlaskClient) -> None:
    graph = Graph().parse(data=client.get("/catalog.nt").text, format="nt")
    catalogue = URIRef(f"{BASE}catalog")
    for each, status in ((HELD, "UnderDevelopment"), (BROKEN, "UnderDevelopment")):
        topic = URIRef(each.iri(BASE))
        record = graph.value(predicate=FOAF.primaryTopic, object=topic)
        assert (catalogue, DCAT.record, record) in graph
        assert (record, RDF.type, DCAT.CatalogRecord) in graph
        assert graph.value(record, ADMS.status) == URIRef(f"http://purl.org/adms/status/{status}")
        assert Literal(each.reasons["en"], lang="en") in set(graph.objects(topic, DCTERMS.description))
        assert (catalogue, DCAT.dataset, topic) not in graph


def test_what_is_held_back_has_a_page_and_is_counted_nowhere(client: FlaskClient) -> None:
    page = client.get(f"/doc/doc/{HELD.document}?lang=en", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert f'<p class="badge warning">Quarantined: {HELD.reasons["en"]}</p>' in page.text
    assert str(HELD.title) not in client.get("/", headers={"Accept": "text/html"}).text


def test_what_a_new_release_leaves_out_is_withdrawn_and_stays_so(tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert withdrawn(store, BASE, (), NOW) == []
    build_release(store, [PUBLISHED, shared()], METADATA)
    assert withdrawn(store, BASE, {SERIES}, NOW) == []
    assert withdrawn(store, "https://other.example.org/", (), NOW) == []
    gone = withdrawn(store, BASE, (), NOW)
    assert [(each.document, each.state, each.series, each.time) for each in gone] == [
        ("00000000000000aa", WITHDRAWN, SERIES, NOW)
    ]
    empty = METADATA.__class__(BASE, (), "0.0")
    build_release(store, [shared(), refused_graph(gone, BASE)], empty)
    assert withdrawn(store, BASE, (), LATER) == gone  # since the first time
    assert withdrawn(store, BASE, {SERIES}, LATER) == []  # it is back, in whatever version
