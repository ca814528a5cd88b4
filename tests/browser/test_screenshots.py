"""The pictures of docs/screenshots. `BUDGETGRAPH_SCREENSHOTS=1 pytest tests/browser/test_screenshots.py` makes them."""

import os

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ROOT, Visit

FOLDER = ROOT / "docs" / "screenshots"
#: Name of a picture -> the page it shows.
PICTURES = {
    "home": "/?lang=zh",
    "department": "/doc/org/shpt-0003?lang=zh&unit=wan",
    "question": "/questions/rank-by-function?lang=zh&function=208&unit=wan",
    "search": "/search?lang=zh&q=公务接待",
    "editor": "/sparql?lang=zh",
    "catalogue": "/catalog?lang=en",
    "diagrams": "/def/diagrams?lang=en",
    "codes": "/doc/code/functional/2021?lang=zh",
    "rule": "/shapes/CL-2?lang=en",
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_a_page_that_is_there(visit: Visit, name: str) -> None:
    keep(visit.go(PICTURES[name]), name)


def keep(page: Page, name: str) -> None:
    """Make the picture of a page, when pictures are asked for; else see that there is one."""
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").is_visible()
    file = FOLDER / f"{name}.png"
    if os.environ.get("BUDGETGRAPH_SCREENSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=file)
    assert file.is_file(), "make the pictures, look at them, and commit them"
