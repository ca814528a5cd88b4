"""What holds for every page: no fault, nothing from elsewhere, no sideways scrolling, accessible (axe-core)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit

#: Paths; {document} is the version of the Wuhan budget.
PAGES = [
    "/",
    "/search?q=支出",
    "/questions",
    "/questions/totals",
    "/questions/spending-by-function",
    "/doc/org/whkfq-0001",
    "/doc/doc/{document}",
    "/doc/doc/{document}/t8",
    "/doc/doc/{document}/t8/r4c3",
    "/validation/{document}",
    "/sparql",
    "/catalog",
    "/def",
    "/def/diagrams",
    "/codes",
    "/doc/code/functional/2021",
    "/doc/code/functional/2021/201",
    "/shapes",
    "/shapes/CL-2-minor",
    "/validation",
]
WIDE, NARROW = 1280, 380


def _sideways(visit: Visit) -> bool:
    return bool(visit.page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"))


@pytest.mark.parametrize("visit", [WIDE, NARROW], indirect=True)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound(visit: Visit, path: str, language: str) -> None:
    if "{document}" in path:
        link = visit.go("/doc/org/whkfq-0001").locator("#budgets a[href*='/id/doc/']").first
        path = path.format(document=str(link.get_attribute("href")).rpartition("/")[2])
    page = visit.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[language]
    assert not _sideways(visit)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
