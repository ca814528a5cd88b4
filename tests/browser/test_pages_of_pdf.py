"""From home to a department to an amount to its cell, marked on the page of a PDF."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit, serving, visiting
from tests.browser.test_screenshots import keep
from tests.pdf_publication import TOTAL, pdf_publication


def _is_red(red: int, green: int, blue: int) -> bool:
    return red > max(green, blue) + 60 and green < 150


def _from_home_to_the_cell(visit: Visit, body: str, amount: str) -> bytes:
    """Follow the links, and return a picture of what is seen of the page of the PDF."""
    page = visit.go("/?lang=zh&unit=wan")
    page.get_by_role("link", name=body).first.click()
    page.locator("#budgets").get_by_role("link", name=amount, exact=True).first.click()
    expect(page.get_by_text(re.compile(r"第 \d+ 页")).first).to_be_visible()
    drawn = page.locator("figure.page svg:visible")
    expect(drawn).to_have_count(1)
    assert page.evaluate("fetch(document.querySelector('figure.page image').href.baseVal).then(r => r.status)") == 200
    return drawn.screenshot()


def _has_a_mark(picture: bytes) -> bool:
    """Tell whether there is a box with a red edge that is yellowish inside, and the print in it."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    red = [
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if _is_red(*image.getpixel((x, y)))  # type: ignore[misc]
    ]
    if not red:
        return False
    xs, ys = [x for x, _ in red], [y for _, y in red]
    inside = image.crop((min(xs) + 4, min(ys) + 4, max(xs) - 3, max(ys) - 3))
    colours = inside.getcolors(1 << 20) or []
    yellowish = sum(count for count, (r, g, b) in colours if r > 230 and b < 210)  # type: ignore[misc]
    dark = sum(count for count, (r, _, _) in colours if r < 180)  # type: ignore[misc]
    return yellowish > inside.width * inside.height / 2 and dark > 8


@pytest.fixture(scope="module")
def pdf_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pdf")
    source = folder / "budget.pdf"
    source.write_bytes(pdf_publication())
    with serving(source, folder, BUDGETGRAPH_UPLOADS_ENABLED="true") as site:
        yield site


@pytest.mark.parametrize("width", [1280, 380])
def test_a_cell_is_marked_on_the_page_of_the_pdf(browser: Browser, pdf_site: str, width: int) -> None:
    with visiting(browser, pdf_site, width) as visit:
        assert _has_a_mark(_from_home_to_the_cell(visit, "岚溪市档案局", TOTAL))
        assert not visit.page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")
        if width > 1000:
            visit.page.evaluate("scrollTo(0, 0)")
            keep(visit.page, "cell")


@pytest.mark.parametrize("width", [1280, 380])
def test_a_publication_is_brought_and_its_report_taken_away(
    browser: Browser, pdf_site: str, tmp_path: Path, width: int
) -> None:
    source = tmp_path / "错误的.pdf"
    source.write_bytes(pdf_publication(total="743.00"))
    with visiting(browser, pdf_site, width) as visit:
        page = visit.go("/?lang=zh")
        page.get_by_role("link", name="校验文件").click()
        page.get_by_label("文件", exact=True).set_input_files(source)
        page.get_by_role("button", name="校验").click()
        expect(page.get_by_role("heading", name="校验报告: 错误的")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("cell", name=re.compile("相差 10000 元")).first).to_be_visible()
        for name, beginning in (("JSON", b"{"), ("TTL", b"@prefix"), ("CSV", b"source,"), ("HTML", b"<!doctype html>")):
            with page.expect_download() as download:
                page.get_by_role("link", name=name, exact=True).click()
            assert download.value.path().read_bytes().lower().lstrip(b"\xef\xbb\xbf").startswith(beginning)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert not page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")


def test_a_cell_is_marked_on_the_page_of_a_real_pdf(browser: Browser, corpus: Path, tmp_path: Path) -> None:
    source = corpus / "jiangsu-cppcc-office-2017"
    with serving(source, tmp_path) as site, visiting(browser, site) as visit:
        assert _has_a_mark(_from_home_to_the_cell(visit, "江苏省政协办公厅", "9,146.79"))
        expect(visit.page.get_by_text("tables.pdf")).to_be_visible()
