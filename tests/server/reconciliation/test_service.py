"""The service over a shipped publication, by its rules (restated), and by a client that researchers use."""

import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import jsonschema
import pandas as pd
import pytest
import reconciler
from flask.testing import FlaskClient
from werkzeug.serving import make_server

DEPARTMENT = "中共武汉经开区工委（区委）办公室"

_NAMED = {"type": "object", "required": ["id", "name"]}
_SERVICE = {"type": "object", "required": ["service_url", "service_path"]}
#: What version 0.2 asks of a manifest (section 3) and of an answer (sections 4 and 6), in our own words.
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace", "view"],
    "properties": {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "identifierSpace": {"type": "string", "pattern": "^https?://"},
        "schemaSpace": {"type": "string", "pattern": "^https?://"},
        "defaultTypes": {"type": "array", "items": _NAMED, "uniqueItems": True, "minItems": 1},
        "view": {"required": ["url"], "properties": {"url": {"pattern": r"\{\{id\}\}"}}},
        "preview": {"required": ["url", "width", "height"], "properties": {"url": {"pattern": r"\{\{id\}\}"}}},
        "suggest": {"properties": {"entity": _SERVICE, "type": _SERVICE, "property": _SERVICE}},
        "extend": {"required": ["propose_properties", "property_settings"]},
    },
}
CANDIDATE = {
    "type": "object",
    "required": ["id", "name", "score", "match", "type"],
    "properties": {
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean"},
        "type": {"type": "array", "items": _NAMED},
        "features": {"type": "array", "items": {"required": ["id", "value"]}},
    },
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": CANDIDATE}},
    },
}
VALUES = {
    "type": "array",
    "items": {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {"str": {"type": "string"}, "float": {"type": "number"}},
        "additionalProperties": False,
    },
}


def ask(client: FlaskClient, **arguments: Any) -> dict[str, Any]:
    response = client.post("/reconcile", data={key: json.dumps(value) for key, value in arguments.items()})
    assert response.status_code == 200, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    told: dict[str, Any] = response.get_json()
    return told


def test_the_manifest_keeps_the_rules(shipped: FlaskClient) -> None:
    manifest = shipped.get("/reconcile").get_json()
    jsonschema.validate(manifest, MANIFEST)
    for service in manifest["suggest"].values():
        assert shipped.get(service["service_path"], query_string={"prefix": "支出"}).status_code == 200
    draft = shipped.get("/reconcile/draft").get_json()
    assert draft["versions"] == ["1.0-draft"]
    assert draft["standardizedScore"] is True
    assert not {key for key in draft if "_" in key}


def test_queries_are_answered_by_their_keys(shipped: FlaskClient) -> None:
    found = ask(
        shipped,
        queries={
            "q0": {"query": "党政办公室", "type": "organisation", "limit": 3},
            "q1": {"query": "公务接待费"},
            "q2": {"query": "卫生健康支出", "properties": [{"pid": "asOf", "v": "2021-06-30"}]},
            "q3": {"query": "此名无人用过"},
        },
    )
    jsonschema.validate(found, RESULTS)
    best = {key: (r["result"][0]["id"], r["result"][0]["match"]) if r["result"] else None for key, r in found.items()}
    assert best == {
        "q0": ("org/whkfq-0001", True),
        "q1": ("code/dept-economic/30217", True),
        "q2": ("code/functional/210", True),
        "q3": None,
    }


def test_the_draft_answers_in_order(shipped: FlaskClient) -> None:
    queries = [
        {"conditions": [{"matchType": "name", "v": "30217"}], "type": "dept-economic", "limit": 1},
        {
            "conditions": [
                {"matchType": "name", "v": DEPARTMENT},
                {"matchType": "property", "pid": "place", "v": "南京"},
            ]
        },
    ]
    told = shipped.post("/reconcile/draft/match", json={"queries": queries}).get_json()
    assert [[c["id"] for c in result["candidates"]] for result in told["results"]] == [["code/dept-economic/30217"], []]
    asked = {"ids": ["org/whkfq-0001"], "properties": [{"id": "expenditure", "settings": {"year": "2021"}}]}
    told = shipped.post("/reconcile/draft/extend", json=asked).get_json()
    assert told["rows"] == [
        {"id": "org/whkfq-0001", "properties": [{"id": "expenditure", "values": [{"float": 14652800.0}]}]}
    ]


def test_a_table_is_extended_by_budget_columns(shipped: FlaskClient) -> None:
    wanted = ["expenditure", "persons", "per-head", "three-public", "year", "code"]
    asked = {"ids": ["org/whkfq-0001", "org/none"], "properties": [{"id": each} for each in wanted]}
    told = ask(shipped, extend=asked)
    assert [each["id"] for each in told["meta"]] == wanted
    rows = told["rows"]
    for row in rows.values():
        for values in row.values():
            jsonschema.validate(values, VALUES)
    assert rows["org/whkfq-0001"] == {
        "expenditure": [{"float": 14652800.0}],
        "persons": [{"float": 26.0}],
        "per-head": [{"float": 563569.23}],
        "three-public": [{"float": 420000.0}],
        "year": [{"str": "2021"}],
        "code": [],
    }
    assert not any(rows["org/none"].values())
    proposed = shipped.get("/reconcile/properties?type=organisation&limit=2").get_json()
    assert len(proposed["properties"]) == 2


def test_suggestions_and_preview_lead_to_entities(shipped: FlaskClient) -> None:
    found = shipped.get("/reconcile/suggest/entity?prefix=公务").get_json()["result"]
    assert found[0]["name"].startswith("公务")
    page = shipped.get("/reconcile/preview", query_string={"id": "org/whkfq-0001"})
    assert DEPARTMENT in page.text
    assert "frame-ancestors" not in page.headers["Content-Security-Policy"]
    assert shipped.get("/id/org/whkfq-0001", headers={"Accept": "text/html"}).status_code == 303


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("/reconcile", {"queries": "{"}, 400),
        ("/reconcile", {"queries": "[]"}, 400),
        ("/reconcile", {"queries": '{"q": {}}'}, 400),
        ("/reconcile", {"queries": "[" * 100_000}, 400),
        ("/reconcile", {"extend": '{"ids": ["org/a"], "properties": [{"id": "none"}]}'}, 400),
        ("/reconcile", {"extend": '{"ids": 1, "properties": []}'}, 400),
        ("/reconcile", {"extend": '{"ids": ["org/a"], "properties": [{"id": ["code"]}]}'}, 400),
        ("/reconcile", {"queries": '{"q": {"query": "x", "properties": 5}}'}, 400),
        ("/reconcile", {"callback": "alert(1)//"}, 400),
        ("/reconcile/draft/match", {"x": "y"}, 400),
    ],
)
def test_what_cannot_be_asked_is_refused(shipped: FlaskClient, path: str, data: dict[str, str], status: int) -> None:
    assert shipped.post(path, data=data).status_code == status


FORM = "application/x-www-form-urlencoded"
PARTS = b'--x\r\nContent-Disposition: form-data; name="queries"\r\n\r\n{"q": {"query": "%b"}}\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("path", "content_type", "body", "encoding", "status"),
    [
        ("/reconcile", FORM, b'queries={"q": {"query": "%B9%AB"}}', None, 400),
        ("/reconcile", FORM, 'queries={"q": {"query": "公"}}'.encode("gbk"), None, 400),
        ("/reconcile", FORM, 'queries={"q": {"query": "公"}}'.encode(), None, 200),
        ("/reconcile", FORM, b'queries={"q": {"query": "%E5%85%AC"}}', None, 200),
        ("/reconcile", FORM, b"queries={}", "gzip", 415),
        ("/reconcile", "multipart/form-data; boundary=x", PARTS % "公".encode("gbk"), None, 400),
        ("/reconcile", "multipart/form-data; boundary=x", PARTS % "公".encode(), None, 200),
        ("/reconcile/draft/match", "application/json", '{"queries": [], "x": "公"}'.encode("gbk"), None, 400),
        ("/reconcile/draft/match", "application/json", b'{"queries": []}', "gzip", 415),
        ("/reconcile/draft/match", "application/json", b'{"queries": []}', None, 200),
    ],
)
def test_what_is_sent_is_utf_8_as_it_is(
    shipped: FlaskClient, path: str, content_type: str, body: bytes, encoding: str | None, status: int
) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    response = shipped.post(path, data=body, content_type=content_type, headers=headers)
    assert response.status_code == status
    if status == 200 and path == "/reconcile":
        assert response.get_json().keys() == {"q"}


def test_jsonp_for_old_clients(shipped: FlaskClient) -> None:
    response = shipped.get("/reconcile?callback=jQuery123")
    assert response.text.startswith("/**/jQuery123({")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def address(shipped: FlaskClient) -> Iterator[str]:
    """Return the address of the service on a free port of this machine."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, shipped.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/reconcile"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the client's own, of pandas
def test_a_client_reconciles_a_column(address: str) -> None:
    column = pd.Series(["党委信息服务中心", "工委（区委）办"])
    table = reconciler.reconcile(column, type_id="organisation", reconciliation_endpoint=address)
    assert list(table["id"]) == ["org/whkfq-0001/u1", "org/whkfq-0001"]
    assert list(table["match"]) == [True, True]
