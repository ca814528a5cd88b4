"""The shipped publications, published and served, and a Chromium that looks at them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as in need of a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.program("chromium", "chromium"))


def _run(*arguments: str | Path) -> None:
    command = [sys.executable, "-m", "budgetgraph.cli", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


@contextmanager
def serving(source: Path, folder: Path, **settings: str) -> Iterator[str]:
    """Publish a source into a store in the folder, and give the address of a server over it, without "/" at its end.

    settings  environment variables
    """
    store = folder / "store"
    _run("publish", source, "--store", store)
    command = [sys.executable, "-m", "budgetgraph.cli", "serve", "--store", str(store), "--port", "0"]
    environment = os.environ | settings
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        assert process.stderr is not None
        try:
            line = next(line for line in process.stderr if "http://" in line)
            yield line[line.index("http://") :].split()[0].rstrip("/")
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server over the shipped publications."""
    with serving(ROOT / "data" / "publications", tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@dataclass
class Visit:
    """An open page, and what went wrong on it: messages of the console, failed requests, requests to other hosts."""

    page: Page
    site: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a path of the site and wait until it has loaded."""
        self.page.goto(self.site + path, wait_until="load")
        return self.page

    def watch(self) -> None:
        """Begin to note faults."""
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type in {"error", "warning"} else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("requestfailed", self._check_failure)
        self.page.on("request", self._check_host)

    def _check_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left before all of it had come
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _check_host(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.faults.append(f"leaves the host: {request.url}")


@contextmanager
def visiting(browser: Browser, site: str, width: int = 1280) -> Iterator[Visit]:
    """Give a new page; at the end it is an error when the page had a fault. Width in pixels."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", accept_downloads=True)
    opened = Visit(context.new_page(), site)
    opened.watch()
    yield opened
    context.close()
    assert opened.faults == []


@pytest.fixture
def visit(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Return a new page; the test fails at its end when the page had a fault. Parameter: width in pixels."""
    with visiting(browser, site, getattr(request, "param", 1280)) as opened:
        yield opened
