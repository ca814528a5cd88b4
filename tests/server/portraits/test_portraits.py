"""Pages of departments, documents and tables, over a shipped publication: every figure shown is the graph's."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from lxml import html

from budgetgraph.converter.reprint.tables import load, read_tables
from budgetgraph.server.binding import bind_variables
from budgetgraph.server.query_files import read_query
from tests.converter.publications import SPENDING, TITLE, convert_text, statements

HTML = {"Accept": "text/html"}
DEPARTMENT = "/doc/org/whkfq-0001"


class Tables(HTMLParser):
    """The cells of the tables of a page, row by row: (text, rowspan, colspan, link)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[list[str]]] = []
        self.links: list[tuple[str, str]] = []
        self._cell: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self._cell = ["", found.get("rowspan") or "1", found.get("colspan") or "1"]
            self.rows[-1].append(self._cell)
        elif tag == "a" and self._cell is not None:
            self.links.append((str(self.rows and len(self.rows[-1])), found.get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell[0] += data


def _document(client: FlaskClient) -> str:
    """Return the path of the document's page, as the department's page links it."""
    page = client.get(DEPARTMENT, headers=HTML).text
    start = page.index("/id/doc/")
    return page[start : page.index('"', start)]


def _get(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=HTML, follow_redirects=True)
    assert response.status_code == 200, response.text
    return response.text


def _first_table(page: str) -> str:
    return page[page.index("<table") : page.index("</table>")]


def test_every_printed_table_is_shown_cell_by_cell(shipped: FlaskClient, converted: Path) -> None:
    document = _document(shipped)
    for table in read_tables(load(converted), "x"):
        shown = Tables(_first_table(_get(shipped, f"{document}/{table.id}")))
        placed = {(cell.row, cell.column): cell for cell in table.cells}
        covered = {
            (c.row + r, c.column + k) for c in table.cells for r in range(c.rowspan) for k in range(c.colspan) if r or k
        }
        last_row = max(cell.row + cell.rowspan - 1 for cell in table.cells)
        last_column = max(cell.column + cell.colspan - 1 for cell in table.cells)
        expected = [
            [
                [cell.text, str(cell.rowspan), str(cell.colspan)]
                if (cell := placed.get((row, column)))
                else ["", "1", "1"]
                for column in range(1, last_column + 1)
                if (row, column) not in covered
            ]
            for row in range(1, last_row + 1)
        ]
        assert shown.rows == expected, table.id
        assert len(shown.links) == sum(cell.role == "amount" for cell in table.cells)


def test_an_amount_leads_to_its_observation_and_back_to_its_cell(shipped: FlaskClient) -> None:
    table = f"{_document(shipped)}/t8"
    shown = Tables(_first_table(_get(shipped, table)))
    address = shown.links[0][1]
    observation = _get(shipped, address)
    assert "14,652,800.00" in observation
    assert "“1,465.28”" in observation
    assert f"{table}/r" in observation


def test_a_document_shows_its_tables_projects_and_targets(shipped: FlaskClient) -> None:
    page = _get(shipped, _document(shipped))
    assert page.count("/t8") >= 1
    assert page.count("<summary>") == 4  # three projects, and all statements
    assert "410,000.00" in page
    assert page.count("<tr><td>") >= 60
    assert "/validation/" in page


@pytest.mark.parametrize(("unit", "total"), [("yuan", "14,652,800.00"), ("wan", "1,465.28"), ("yi", "0.146528")])
def test_a_department_shows_its_figures_in_the_unit_chosen(shipped: FlaskClient, unit: str, total: str) -> None:
    page = _get(shipped, f"{DEPARTMENT}?unit={unit}")
    assert total in page
    for figure in ("answer-totals", "answer-money-flow", "answer-spending-by-function", "answer-three-public"):
        assert f'id="{figure}"' in page
        assert f'data-table="{figure}"' in page


def test_a_department_offers_the_data_of_its_charts(shipped: FlaskClient) -> None:
    page: Any = html.fromstring(_get(shipped, f"{DEPARTMENT}?lang=en"))
    links = page.xpath("//main//a[starts-with(@href, '/api/')]/@href")
    assert len(links) == 3 * len(page.xpath("//figure[@data-chart]"))
    for link in links:
        assert shipped.get(link).status_code == 200, link
    headings = page.xpath("//table[@id='answer-totals']//th[not(@hidden)]")
    assert [th.get("data-column") for th in headings] == ["year", "expenditure", "revenue", "persons", "perHead"]


def test_a_table_says_where_it_stands(shipped: FlaskClient) -> None:
    document = _document(shipped)
    page: Any = html.fromstring(_get(shipped, f"{document}/t8"))
    crumbs = page.xpath("//main/p[a]")[0]
    assert crumbs.xpath("./a/@href") == [document]
    assert "表八" in crumbs.text_content()
    assert "万元" in crumbs.text_content()


def test_items_of_a_project_stand_in_their_order(shipped: FlaskClient) -> None:
    page: Any = html.fromstring(_get(shipped, _document(shipped)))
    for table in page.xpath("//table[@class='items']"):
        numbers = [[int(part) for part in td.text.split(".")] for td in table.xpath(".//td[1]")]
        assert numbers == sorted(numbers)


def test_a_page_is_made_once_for_a_release(shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _get(shipped, DEPARTMENT)
    monkeypatch.setattr("budgetgraph.server.resources.portrait_of", lambda _: pytest.fail("made again"))
    assert _get(shipped, DEPARTMENT) == first


def test_bodies_lead_to_those_above_and_below_them(shipped: FlaskClient) -> None:
    whole: Any = html.fromstring(_get(shipped, DEPARTMENT))
    below = [each.get("href") for each in whole.xpath("//dl[@class='body']//a[contains(@href, '/id/org/')]")]
    assert sorted(below) == [f"/id/org/whkfq-0001/{part}" for part in ("hq", "u1", "u2")]
    assert whole.xpath("//p[@class='crumbs']") == []
    for part in below:
        page: Any = html.fromstring(_get(shipped, part.replace("/id/", "/doc/")))
        (crumbs,) = page.xpath("//p[@class='crumbs']")
        assert [each.get("href") for each in crumbs.iterchildren("a")] == ["/id/org/whkfq-0001"]
        assert crumbs.text_content().endswith(page.findtext(".//h1"))


def test_a_document_says_whose_it_is_and_of_which_year(shipped: FlaskClient) -> None:
    document = _document(shipped)
    for language, phase in (("zh", "预算"), ("en", "Budget")):
        page: Any = html.fromstring(_get(shipped, f"{document}?lang={language}"))
        (about,) = page.xpath("//p[@id='about']")
        assert about.text_content() == f"中共武汉经开区工委（区委）办公室 · 2021 · {phase}"
        assert about.xpath("a/@href")[0].startswith("/id/org/whkfq-0001")


def test_a_report_is_headed_by_the_title_of_its_document(shipped: FlaskClient) -> None:
    sha = _document(shipped).rpartition("/")[2]
    page: Any = html.fromstring(_get(shipped, f"/validation/{sha}"))
    (title,) = page.xpath(f"//main//p/a[starts-with(@href, '/id/doc/{sha}')]")
    assert "2021" in title.text_content()
    assert "部门预算" in title.text_content()


def test_figures_of_a_data_set_are_told_apart_by_what_they_are_of(shipped: FlaskClient) -> None:
    page: Any = html.fromstring(_get(shipped, "/doc/budget/whkfq-0001/2021/budget/t7?lang=en"))
    table = page.xpath("//table")[-1]
    heads = [cell.text_content() for cell in table.xpath(".//thead//th")]
    rows = [[cell.text_content() for cell in row] for row in table.xpath(".//tbody/tr")]
    assert heads[:2] == ["Label", "Of which"]
    assert "Data set" not in heads
    assert len({(row[0], row[1]) for row in rows}) == len(rows)


def test_a_table_of_another_body_says_so(tmp_path: Path) -> None:
    office = SPENDING.replace("支出表", "支出表\n单位名称：云岭市测绘服务局（本级）").replace("0.00", "0.10")
    conversion = convert_text(tmp_path, f"{TITLE}部门：云岭市测绘服务局\n{SPENDING}\n{office}")
    store = ox.Store()
    store.load(statements(conversion), format=ox.RdfFormat.N_QUADS)
    query = bind_variables(read_query("list-tables"), {"this": conversion.ids.document})
    rows = store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    whose = [row["whoseLabel"].value if row["whoseLabel"] else "" for row in rows]
    assert whose == ["", "云岭市测绘服务局（本级）"]
