"""What people see: figures, sources, labels, languages; and what nobody may slip in."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from budgetgraph.server.resources import _group
from budgetgraph.server.terms import Term

TOTAL = "/doc/budget/demo-0001/2021/budget/t8/_T"
HTML = {"Accept": "text/html"}
PAGES = [
    "/",
    "/?lang=en",
    "/def",
    "/def/diagrams",
    "/codes",
    "/shapes",
    "/shapes/CL-2-minor",
    "/validation",
    "/sparql",
    "/sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D",
    "/sparql?query=CONSTRUCT+WHERE+%7B%3Fs+%3Fp+%3Fo%7D",
    "/sparql?query=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/validation/00000000000000aa",
    "/doc/org/demo-0001",
    "/doc/org/hostile",
    "/doc/doc/00000000000000aa",
    "/doc/doc/00000000000000aa/t8/r3c3",
    "/doc/budget/demo-0001/2021/budget/t8",
    "/doc/code/functional/2021/_T",
    "/doc/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    TOTAL,
]


class Page(HTMLParser):
    """The elements of a page as (tag, attributes), and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, *names: str) -> Iterator[str]:
        for _, found in self.elements:
            yield from (found[name] for name in names if name in found)


@pytest.mark.parametrize("path", [*PAGES, "/questions", "/questions/totals", "/questions/totals?year=2021", "/dumps/"])
def test_a_page_that_is_kept_does_not_tell_the_host_of_another_client(client: FlaskClient, path: str) -> None:
    for host in ("evil.example", "good.example"):
        page = client.get(path, headers={**HTML, "Host": host}).text
        assert {"evil.example", "good.example"}.intersection(re.findall(r"(?:evil|good)\.example", page)) <= {host}


def get(client: FlaskClient, path: str) -> Page:
    return Page(client.get(path, headers=HTML).text)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_an_amount_is_shown_with_the_printed_text_and_leads_to_its_cell(client: FlaskClient) -> None:
    page = get(client, f"{TOTAL}?lang=en")
    text = squeeze(page.text)
    assert "3,001,200.00 yuan" in text
    assert "as printed “300.12” (万元)" in text
    assert "row 3, column 3, line 31" in text
    assert "/id/doc/00000000000000aa/t8/r3c3?lang=en" in list(page.attributes("href"))
    cell = client.get("/id/doc/00000000000000aa/t8/r3c3", headers=HTML, follow_redirects=True)
    assert "1206" in Page(cell.text).text  # its selector, shown in place
    assert f"/id{TOTAL.removeprefix('/doc')}" in list(Page(cell.text).attributes("href"))


def test_the_home_page_has_totals_states_and_links(client: FlaskClient) -> None:
    page = get(client, "/?lang=en")
    text = squeeze(page.text)
    assert text.count("3,001,200.00") == 2  # expenditure and revenue
    assert "Violation 1" in text
    links = set(page.attributes("href"))
    assert {"/id/org/demo-0001?lang=en", "/id/doc/00000000000000aa?lang=en"} <= links
    assert "/validation/00000000000000aa?lang=en" in links


def test_the_examples_on_the_home_page_work(client: FlaskClient) -> None:
    links = [link for link in get(client, "/").attributes("href") if link.startswith("/sparql?")]
    assert len(links) >= 5
    for link in links:
        response = client.get(link, headers={"Accept": "application/sparql-results+json"})
        assert response.status_code == 200, response.text
    rows = client.get(links[0], headers={"Accept": "text/csv"}).text.splitlines()
    assert rows[1].endswith(",3001200")


def test_a_concept_lists_the_figures_that_have_it(client: FlaskClient) -> None:
    page = get(client, "/doc/code/functional/2021/2013101?lang=en")
    assert "Administration" in page.text
    assert "2,000,000.00" in page.text
    assert "/id/budget/demo-0001/2021/budget/t8/2013101.basic?lang=en" in list(page.attributes("href"))


def test_labels_follow_the_language(client: FlaskClient) -> None:
    assert "金额" in get(client, TOTAL).text
    assert "amount" in get(client, f"{TOTAL}?lang=en").text
    english = client.get(TOTAL, headers=HTML | {"Accept-Language": "en;q=0.8, fr"})
    assert "amount" in english.text
    assert {"Accept", "Accept-Language"} <= set(english.headers["Vary"].split(", "))


def test_the_chosen_language_stays(client: FlaskClient) -> None:
    page = get(client, "/doc/org/demo-0001?lang=en")
    own = [link for link in page.attributes("href") if link.startswith("/id/")]
    assert own
    assert all("lang=en" in link for link in own)
    assert "/doc/org/demo-0001?lang=zh" in list(page.attributes("href"))
    redirected = client.get("/id/org/demo-0001?lang=en", headers=HTML)
    assert redirected.headers["Location"] == "/doc/org/demo-0001?lang=en"


def test_lists_are_shown_in_place(client: FlaskClient) -> None:
    text = get(client, "/doc/doc/00000000000000aa/claim/1").text
    assert "70, 20, 450" in text
    graph = client.get("/doc/doc/00000000000000aa/claim/1.nt").data
    objects = [triple.object for triple in ox.parse(graph, ox.RdfFormat.N_TRIPLES)]
    assert {o.value for o in objects if isinstance(o, ox.Literal)} >= {"70", "20", "450"}


def test_resources_are_sorted_by_their_numbers(client: FlaskClient) -> None:
    names = ["o/1", "o/10", "o/2", "o2/1"]
    rows = [{"predicate": Term("uri", "p"), "object": Term("uri", name)} for name in names]
    with client.application.test_request_context("/"):
        [shown] = _group([*rows, {"predicate": Term("uri", "p"), "object": Term("literal", "o/0")}], "object")
    assert [node.value for node, _ in shown.nodes] == ["o/0", "o/1", "o/2", "o/10", "o2/1"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_the_data_becomes_markup(client: FlaskClient, path: str) -> None:
    page = get(client, path)
    kinds = [found for tag, found in page.elements if tag == "script"]
    scripts = [found.get("src", "") for found in kinds if found.get("type") != "application/ld+json"]  # no script
    assert all(source.startswith("/static/") for source in scripts)  # ours, and none that stands in the page
    assert not [name for _, found in page.elements for name in found if name.startswith("on") or name == "style"]
    for address in page.attributes("href", "src", "action", "formaction"):
        assert urlsplit(address).scheme in {"", "http", "https"}, address


def test_hostile_names_and_links_stay_text(client: FlaskClient) -> None:
    page = get(client, "/doc/org/hostile")
    assert "<script>alert(1)</script>" in page.text
    assert "javascript:alert(3)" in page.text
    assert "https://other.example/page" in list(page.attributes("href"))


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    for tag, found in Page(response.text).elements:
        if tag in {"link", "img", "script", "iframe", "form", "source", "object"} and "json" not in found.get(
            "type", ""
        ):
            address = found.get("href") or found.get("src") or found.get("action") or ""
            assert address.startswith("/"), (tag, address)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_style_loads_nothing(client: FlaskClient) -> None:
    with client.get("/static/style.css") as style:
        text = style.get_data(as_text=True)
        assert "url(" not in text
        assert "@import" not in text


@pytest.mark.parametrize("path", PAGES)
def test_pages_can_be_used_by_everyone(client: FlaskClient, path: str) -> None:
    """A language, one main heading, a landmark to skip to, labelled fields, and tables with headers."""
    page = get(client, path)
    tags = [tag for tag, _ in page.elements]
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert next(found for tag, found in page.elements if tag == "html")["lang"] in {"zh-Hans", "en"}
    labelled = {found["for"] for tag, found in page.elements if tag == "label"}
    for tag, found in page.elements:
        if tag in {"textarea", "select"} or (tag == "input" and found.get("type") != "hidden"):
            assert found["id"] in labelled
    assert tags.count("table") <= sum(1 for tag, found in page.elements if tag == "th" and found.get("scope") == "col")
    identities = [found["id"] for _, found in page.elements if "id" in found]
    assert len(identities) == len(set(identities))


def test_every_own_link_of_every_page_leads_somewhere(client: FlaskClient) -> None:
    followed = set()
    for path in PAGES:
        for link in get(client, path).attributes("href"):
            own = link.partition("#")[0]
            if own.startswith("/") and own not in followed and not own.startswith("/doc/%3C"):
                followed.add(own)
                with client.get(own, headers=HTML, follow_redirects=True) as response:
                    assert response.status_code in {200, 400}, (path, own, response.status_code)
    assert len(followed) > 30
