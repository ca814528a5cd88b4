"""A body that was renamed is found by each of its names in the years of that name, and its page tells them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.publishing import build_release
from budgetgraph.server.workers import PoolLimits
from tests.server.conftest import METADATA, PUBLISHED

BASE = METADATA.base
BODY = f"<{BASE}id/org/yy-1>"
YEAR = "<http://www.w3.org/2001/XMLSchema#gYear>"
STATEMENTS = [
    f"{BODY} a <http://data.europa.eu/m8g/PublicOrganisation>",
    f'{BODY} <http://purl.org/dc/terms/identifier> "yy-1"',
    f'{BODY} skos:prefLabel "某某县水利局"@zh',
    f'{BODY} skos:altLabel "某某县水务局"@zh',
    f'{BODY} skos:altLabel "县水利局"@zh',
    f"{BODY} xl:altLabel <{BASE}id/org/yy-1#name-1>",
    f'<{BASE}id/org/yy-1#name-1> xl:literalForm "某某县水务局"@zh',
    f'<{BASE}id/org/yy-1#name-1> <http://schema.org/validFrom> "2010"^^{YEAR}',
    f'<{BASE}id/org/yy-1#name-1> <http://schema.org/validThrough> "2018"^^{YEAR}',
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    store = tmp_path_factory.mktemp("names") / "store"
    head = (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .\n"
        f"<{BASE}graph/orgs> {{\n"
    )
    bodies = store.parent / "bodies.trig"
    bodies.write_text(f"{head}{' .'.join(STATEMENTS)} .\n}}\n", "utf-8")
    build_release(store, [PUBLISHED, bodies], METADATA)
    app = create_app(ServerConfig(store, PoolLimits(workers=1, time=30), web=WebLimits(seconds=None)))
    yield app.test_client()
    close_app(app)


def ask(client: FlaskClient, name: str, year: str | None) -> list[dict[str, Any]]:
    query: dict[str, Any] = {"query": name, "type": "organisation"}
    if year:
        query["properties"] = [{"pid": "asOf", "v": year}]
    answer = client.post("/reconcile", data={"queries": json.dumps({"q0": query})})
    return list(answer.get_json()["q0"]["result"])


@pytest.mark.parametrize(
    ("name", "year", "matches"),
    [
        ("某某县水务局", None, True),
        ("某某县水务局", "2010", True),
        ("某某县水务局", "2018", True),
        ("某某县水务局", "2009", False),
        ("某某县水务局", "2019", False),
        ("某某县水利局", "2019", True),
        ("县水利局", "2012", True),
    ],
)
def test_a_name_is_matched_as_of_a_year(client: FlaskClient, name: str, year: str | None, matches: bool) -> None:
    found = [each for each in ask(client, name, year) if each["match"]]
    assert [each["id"] for each in found] == (["org/yy-1"] if matches else [])


def test_the_page_tells_the_names_and_their_years(client: FlaskClient) -> None:
    text = client.get("/doc/org/yy-1?lang=zh", headers={"Accept": "text/html"}).text
    assert "某某县水务局</span> (2010–2018)" in text
    assert "/doc/org/yy-1" in client.get("/id/org/yy-1", headers={"Accept": "text/html"}).headers["Location"]
