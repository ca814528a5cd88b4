"""The pages of vocabulary, code lists, rules and catalogue: light to load, readable in the dark, and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Visit

PAGES = [
    "/def",
    "/def/diagrams",
    "/codes",
    "/doc/code/functional/2021",
    "/shapes",
    "/shapes/CL-2-minor",
    "/validation",
    "/catalog",
]
#: Bytes that a page and all it loads may have on the wire.
MOST_BYTES = 100 * 1024


@pytest.mark.parametrize("visit", [380], indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_readable_in_the_dark_and_light_to_load(visit: Visit, path: str) -> None:
    visit.page.emulate_media(color_scheme="dark")
    page = visit.go(f"{path}?lang=en")
    sizes = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
    assert page.evaluate(f"{sizes}.reduce((sum, each) => sum + each.transferSize, 0)") < MOST_BYTES
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 31)"
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()


def test_a_drawing_follows_the_colours_of_the_page(visit: Visit) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page = visit.go("/def/diagrams?lang=en")
        drawing = page.locator(".diagram svg").first
        expect(drawing).to_be_visible()
        colours[scheme] = drawing.locator("text").first.evaluate("each => getComputedStyle(each).fill")
        assert colours[scheme] == page.evaluate("getComputedStyle(document.body).color")
    assert colours["light"] != colours["dark"]


def test_a_drawing_is_there_in_words_too(visit: Visit) -> None:
    page = visit.go("/def/diagrams?lang=en")
    words = page.locator(".diagram details").first
    expect(words.locator("li").first).not_to_be_visible()
    words.locator("summary").click()
    expect(words.locator("li").first).to_contain_text("→")


def test_a_tree_is_walked_by_the_keyboard_to_a_code(visit: Visit) -> None:
    page = visit.go("/codes?lang=zh")
    page.get_by_role("link", name="支出功能分类科目").click()
    page.locator(".editions a", has_text="2021").click()
    branch = page.get_by_role("link", name="20131 党委办公厅")
    expect(branch).not_to_be_visible()
    page.locator("li.parent > details > summary[aria-label='201 的下级']").press("Enter")
    expect(branch).to_be_visible()
    branch.click()
    page.get_by_role("link", name="2013101 行政运行").click()
    expect(page.locator(".crumbs")).to_contain_text("一般公共服务支出")


def test_from_a_report_to_a_rule_to_the_rules_with_the_most_findings(visit: Visit) -> None:
    page = visit.go("/validation?lang=zh")
    page.get_by_label("级别").select_option("Warning")
    page.get_by_role("button", name="筛选").click()
    severities = set(page.locator("tbody .severity").all_inner_texts())
    assert severities == {"警告"}
    page.locator("tbody a").first.click()
    page.locator("h3 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("校验报告")


@pytest.mark.parametrize("path", ["/def", "/doc/code/functional/2021", "/catalog"])
def test_paper_has_no_navigation_and_all_that_is_folded(visit: Visit, path: str) -> None:
    page = visit.go(f"{path}?lang=en")
    page.emulate_media(media="print")
    expect(page.locator("header")).not_to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for folded in page.locator("main details > :not(summary)").all()[:5]:
        expect(folded).to_be_visible()
    assert page.locator(".wide").evaluate_all("all => all.every(e => getComputedStyle(e).overflowX === 'visible')")
