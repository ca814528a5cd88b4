"""Search over a shipped publication."""

from typing import Any

import pytest
from flask.testing import FlaskClient


def ask(client: FlaskClient, **arguments: str) -> dict[str, Any]:
    response = client.get("/search", query_string={"format": "json", **arguments})
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.get_json()
    return told


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("办公室", "organisation", "中共武汉经开区工委（区委）办公室"),
        ("zgwhjkq", "organisation", "中共武汉经开区工委（区委）办公室"),
        ("2080505", "code", "机关事业单位基本养老保险缴费支出"),
        ("social security and employment", "code", "社会保障和就业支出"),
        ("档案", "project", "档案管理"),
        ("扫描", "item", "档案扫描"),
        ("特提", "indicator", "特提电报"),
        ("公务接待", "claim", None),
        ("支出总表", "table", None),
    ],
)
def test_everything_is_found_by_its_words(shipped: FlaskClient, text: str, kind: str, label: str | None) -> None:
    told = ask(shipped, q=text, kind=kind)
    labels = [hit["label"] for hit in told["hits"]]
    assert label in labels if label else labels
    assert {hit["kind"] for hit in told["hits"]} <= {kind}


def test_a_name_that_is_the_text_comes_first(shipped: FlaskClient) -> None:
    assert ask(shipped, q="公务接待费")["hits"][0]["label"] == "公务接待费"


def test_facets_count_what_they_narrow_down_to(shipped: FlaskClient) -> None:
    whole = ask(shipped, q="支出")
    assert sum(whole["facets"]["kind"].values()) == whole["total"]
    for kind, count in whole["facets"]["kind"].items():
        assert ask(shipped, q="支出", kind=kind)["total"] == count


def test_pages_of_hits_follow_each_other(shipped: FlaskClient) -> None:
    told = ask(shipped, q="支出")
    seen = [hit["iri"] for hit in told["hits"]]
    while told["next"]:
        told = shipped.get(told["next"]).get_json()
        seen += [hit["iri"] for hit in told["hits"]]
    assert len(seen) == len(set(seen)) == told["total"]


@pytest.mark.parametrize("text", ["", "，。", "<script>alert(1)</script>", '"', "a" * 200])
def test_what_has_no_words_finds_nothing_and_breaks_nothing(shipped: FlaskClient, text: str) -> None:
    page = shipped.get("/search", query_string={"q": text}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("arguments", [{"q": "x" * 201}, {"q": "支出", "kind": "x"}, {"q": "支出", "page": "0"}])
def test_what_cannot_be_asked_is_refused(shipped: FlaskClient, arguments: dict[str, str]) -> None:
    assert shipped.get("/search", query_string=arguments).status_code == 400
