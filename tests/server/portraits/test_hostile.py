"""What somebody could try through a publication: labels, texts, literals and IRIs of tables, cells and documents."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata
from budgetgraph.server.workers import PoolLimits

BASE = "https://data.example.org/"
SHA = "00000000000000cc"
HTML = {"Accept": "text/html"}
#: As it stands between quotation marks in Turtle.
MARKUP = r"</p></td></svg>\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"
TRIG = Path(__file__).with_name("hostile.trig")
PAGES = [
    "/",
    "/doc/org/x",
    f"/doc/doc/{SHA}",
    f"/doc/doc/{SHA}/t1",
    f"/doc/doc/{SHA}/t1/r1c1",
    f"/doc/doc/{SHA}/t1/r1c2",
    f"/doc/doc/{SHA}/t2/r1c1",
    "/doc/budget/x/2024/budget",
    "/doc/budget/x/2024/budget/t1/_T",
    "/doc/budget/x/2024/budget/project/1",
    f"/validation/{SHA}",
]
#: Addresses of things that never were, or are no addresses at all.
UNKNOWN = [
    "/doc/org/nobody",
    "/doc/doc/0000000000000000",
    "/doc/doc/0000000000000000/t1/r1c1",
    "/doc/doc/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/doc/org/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/doc/%00",
    "/doc/%7B%7B7*7%7D%7D",
    "/doc/org/%E5%80%BC",
    "/doc/" + "a/" * 400,
    "/validation/%3Cscript%3E",
    "/validation/0000000000000000",
    "/pages/%3Cscript%3E/1-1.png",
    f"/pages/{SHA}/1-1.png",
    f"/pages/{SHA}/1-99999999999999999999.png",
]


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(scope="module")
def client(memory_folder: Path) -> Iterator[FlaskClient]:
    source = memory_folder / "hostile.trig"
    source.write_text(TRIG.read_text("utf-8").replace("@MARKUP@", MARKUP), "utf-8")
    build_release(memory_folder / "store", [source], ReleaseMetadata(BASE, (SHA,), "0"))
    app = create_app(ServerConfig(memory_folder / "store", PoolLimits(workers=1), web=WebLimits(seconds=None)))
    yield app.test_client()
    close_app(app)


def _assert_harmless(text: str) -> None:
    page = Page(text)
    for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL):
        assert "<" not in data
        assert json.loads(data)
    for tag, found in page.elements:
        assert tag not in {"img", "iframe", "object", "embed", "base", "meta"} or (tag, set(found)) in (
            ("meta", {"charset"}),
            ("meta", {"name", "content"}),
        )
        data = found.get("type") == "application/ld+json"
        assert tag != "script" or data or found.get("src", "").startswith("/static/")
        assert not [name for name in found if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction", "xlink:href"):
            assert urlsplit(found.get(name, "")).scheme in {"", "http", "https"}, found
            assert found.get(name) != "None"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_the_data_becomes_markup(client: FlaskClient, path: str, language: str) -> None:
    response = client.get(f"{path}?lang={language}", headers=HTML)
    assert response.status_code == 200, response.text
    assert "&lt;script&gt;alert(1)" in response.text, "the text is shown, as text"
    _assert_harmless(response.text)


def test_an_indicator_with_grades_alone_is_listed_with_them(client: FlaskClient) -> None:
    page = client.get(f"/doc/doc/{SHA}", headers=HTML).text
    table = page[page.index('<table id="indicators">') :]
    assert re.findall(r"<td>[^<]*: (≥\d+%)</td>", table) == ["≥95%", "≥80%"]
    assert "<td>优: ≥95%</td>" in table


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_never_was_is_not_found(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code == 404
    assert "<h1>" in response.text
    assert 'href="/catalog"' in response.text
    _assert_harmless(response.text)
    assert client.get(path, headers={"Accept": "application/json"}).get_json(force=True)["status"] == 404
