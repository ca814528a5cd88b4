"""What holds for every page: no fault, nothing from elsewhere, no sideways scrolling, accessible (axe-core)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit

#: Paths, and the text of a link on that page to follow to the page that is meant.
PAGES = [
    "/",
    "/search?q=支出",
    "/questions",
    "/questions/totals",
    "/questions/spending-by-function",
    "/doc/org/whkfq-0001",
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
    page = visit.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[language]
    assert not _sideways(visit)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
