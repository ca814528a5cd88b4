"""`budgetgraph publish` holds the current documents against each other; the site shows what that finds."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from lxml import html

from budgetgraph.cli.main import group
from budgetgraph.converter.bodies.organisations import COLUMNS
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits, WriteLimits
from budgetgraph.server.releases import current
from budgetgraph.server.workers import PoolLimits
from budgetgraph.server.writes import Write, write
from tests.converter.publications import as_html

TEXT = """
某某区{body} {year} 年部门预算

{year}年部门支出总表
单位：万元
功能分类科目编码 | 功能分类科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | {total} | {total} |
20126 | 档案事务 | {total} | {total} |
2012601 | 行政运行 | {total} | {total} |
合计<2 | {total} | {total} |
"""
#: Bodies of the registry: ID -> kind, parent, name.
BODIES = {
    "xx-1": ("department", "", "某某区测绘馆"),
    "xx-1/u1": ("unit", "xx-1", "某某区测绘资料中心"),
    "xx-2": ("department", "", "某某区水文馆"),
}


def publish(folder: Path, totals: dict[str, str]) -> str:
    """Publish the budgets of bodies (name -> total in 万元), each in its file, and return what the run says."""
    registry = folder / "registry.csv"
    lines = [",".join(COLUMNS)]
    for body, (kind, parent, name) in BODIES.items():
        row = dict.fromkeys(COLUMNS, "") | {"id": body, "kind": kind, "parent": parent, "name_zh": name}
        lines.append(",".join(row.values()))
    registry.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources = []
    for number, (body, total) in enumerate(totals.items()):
        sources.append(folder / f"{number}.html")
        sources[-1].write_text(as_html(TEXT.format(body=body, year=2024, total=total)), encoding="utf-8")
    done = CliRunner().invoke(
        group, ["publish", *map(str, sources), "--store", str(folder / "store"), "--registry", str(registry)]
    )
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def site(tmp_path: Path) -> Iterator[FlaskClient]:
    publish(tmp_path, {"测绘馆": "100.00", "测绘资料中心": "120.00", "水文馆": "30.00"})
    app = create_app(ServerConfig(tmp_path / "store", PoolLimits(workers=1, time=30), web=WebLimits(seconds=None)))
    yield app.test_client()
    close_app(app)


def page(client: FlaskClient, path: str) -> html.HtmlElement:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200, path
    return html.fromstring(response.text)


def test_what_documents_say_of_each_other_is_published(tmp_path: Path, site: FlaskClient) -> None:
    report = list(ox.parse(site.get("/validation/across.ttl").data, ox.RdfFormat.TURTLE))
    shapes = {quad.object.value for quad in report if quad.predicate.value.endswith("#sourceShape")}
    assert shapes == {"https://w3id.org/budgetgraph/shape#AD-1"}

    for language, words in (("zh", "部门支出总计 1000000 元"), ("en", "The department's total is 1000000 yuan")):
        (row,) = page(site, f"/validation/across?lang={language}").xpath("//table//tbody/tr")
        assert words in row.text_content()
        assert "/id/org/xx-1" in "".join(row.xpath(".//a/@href"))

    for path in ("/", "/validation", "/catalog"):
        assert page(site, path).xpath("//a[starts-with(@href, '/validation/across')]"), path
    assert "AD-1" in page(site, "/doc/org/xx-1?lang=en").xpath("string(//h2[@id='across']/following-sibling::ul)")
    assert not page(site, "/doc/org/xx-2?lang=en").xpath("//h2[@id='across']")
    reports = {href.rpartition("/id/doc/")[2] for href in page(site, "/validation/across").xpath("//tbody//@href")}
    (department,) = {each.partition("?")[0] for each in reports if len(each.partition("?")[0]) == 16}
    found = page(site, f"/validation/{department}?lang=en").xpath("//h2[@id='across']/following-sibling::ul/li")
    assert ["AD-1" in each.text_content() for each in found] == [True]
    others = set(current(tmp_path / "store").metadata.documents) - {department}
    assert len(others) == 2
    assert not any(page(site, f"/validation/{each}").xpath("//h2[@id='across']") for each in others)

    league = {row["rule"]: row for row in json.loads(site.get("/validation.json").text)["rules"]}
    assert (league["AD-1"]["findings"], league["AD-1"]["documents"]) == (1, 1)
    assert "AD-1" not in {row["rule"] for row in json.loads(site.get("/validation.json?year=2023").text)["rules"]}
    rule = page(site, "/shapes/AD-1?lang=en")
    assert rule.xpath("//h3/a/@href") == ["/validation/across?lang=en"]

    catalogue = {
        (quad.subject.value.rpartition("/")[2], quad.object.value)
        for quad in ox.parse(site.get("/catalog.ttl").data, ox.RdfFormat.TURTLE)
        if quad.predicate.value.endswith("/relation") and quad.object.value.endswith("/validation/across")
    }
    assert len(catalogue) == 2
    assert "/validation/across" in site.get("/sitemap.xml").text


def test_the_report_is_renewed_with_the_documents(tmp_path: Path, site: FlaskClient) -> None:
    assert "1 Violation" in publish(tmp_path, {"测绘馆": "100.00", "测绘资料中心": "120.00"})
    told = publish(tmp_path, {"测绘馆": "120.00", "测绘资料中心": "120.00"})
    assert "2 documents together: " in told
    assert "nothing found" in told.partition("2 documents together: ")[2]
    assert not page(site, "/validation/across").xpath("//table")
    # Nothing is left that has to do with another.
    assert "together" not in publish(tmp_path, {"测绘馆": "120.00", "水文馆": "30.00"})
    assert site.get("/validation/across", headers={"Accept": "text/html"}).status_code == 404
    assert not page(site, "/validation").xpath("//a[starts-with(@href, '/validation/across')]")


def test_a_report_that_a_change_over_http_left_behind_says_so(tmp_path: Path, site: FlaskClient) -> None:
    folder = tmp_path / "store"
    paths = ("/validation/across", f"/validation/{current(folder).metadata.documents[0]}")
    assert not any(page(site, path).xpath("//*[@id='outdated']") for path in paths)
    made = current(folder).created
    writes = WriteLimits(token="a token of this test", body=10_000, time=60)  # noqa: S106
    for _ in range(2):
        write(folder, writes, Write("update", base_iri="http://localhost/"), b"INSERT DATA { <urn:s> <urn:p> 1 }")
    changed = current(folder)
    assert changed.metadata.reported == made, "the second change too"
    for path in paths:
        (note,) = page(site, f"{path}?lang=en").xpath("//*[@id='outdated']")
        assert made in note.text_content()
        assert changed.created in note.text_content()
        assert "budgetgraph publish" in note.text_content()
    publish(tmp_path, {"测绘馆": "100.00", "测绘资料中心": "120.00"})
    assert not page(site, "/validation/across").xpath("//*[@id='outdated']"), "made again"


def test_a_version_that_another_replaces_is_not_compared(tmp_path: Path) -> None:
    told = publish(tmp_path, {"测绘馆": "100.00", "测绘资料中心": "120.00", "测绘馆 ": "130.00"})
    assert "nothing found" in told.partition("2 documents together: ")[2]
