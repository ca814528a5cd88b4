"""What was published in a former release and is not any more: 410, and where it can still be found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from budgetgraph.ontology import codelists
from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.publishing import build_release
from budgetgraph.server.refused import refused_graph, withdrawn
from budgetgraph.server.releases import kept_releases
from budgetgraph.server.workers import PoolLimits
from tests.server.conftest import METADATA, PUBLISHED

HTML = {"Accept": "text/html"}
GONE = [
    "/doc/doc/00000000000000aa",
    "/doc/doc/00000000000000aa.ttl",
    "/doc/doc/00000000000000aa/t8",
    "/doc/doc/00000000000000aa/t8/r3c3",
    "/doc/doc/00000000000000aa/t8/r3c3.nt",
    "/validation/00000000000000aa",
    "/pages/00000000000000aa/1-1.png",
]
#: Gone with the budget that the document stated; no release that is kept says so by its name.
GONE_WITH_BUDGET = ["/doc/budget/demo-0001/2021/budget/t8/_T"]
NEVER = ["/doc/doc/00000000000000bb", "/doc/budget/demo-0001/2022/budget/t8/_T", "/validation/00000000000000bb"]


def _states() -> bytes:
    scheme = codelists.scheme("publication-state")
    graph = f"<{METADATA.base}graph/codes/publication-state>"
    return "".join(f"{s} {p} {o} {graph} .\n" for s, p, o in codelists.statements(scheme)).encode()


@pytest.fixture(scope="module", params=[0, 3], ids=["pruned", "kept"])
def client(memory_folder: Path, request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    store = memory_folder / f"store-{request.param}"
    build_release(store, [PUBLISHED, _states()], METADATA)
    gone = withdrawn(store, METADATA.base, (), "2026-03-01T00:00:00Z")
    empty = METADATA.__class__(METADATA.base, (), "0.0")
    build_release(store, [_states(), refused_graph(gone, METADATA.base)], empty, keep=request.param)
    app = create_app(ServerConfig(store, PoolLimits(workers=1), web=WebLimits(seconds=None)))
    yield app.test_client()
    close_app(app)


@pytest.mark.parametrize("path", [*GONE, *GONE_WITH_BUDGET])
def test_it_is_gone(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=HTML).status_code == 410


@pytest.mark.parametrize(("lang", "said"), [("zh", "已撤下"), ("en", "No longer published")])
def test_the_page_says_so_and_leads_on(client: FlaskClient, lang: str, said: str) -> None:
    page = client.get(f"/doc/doc/00000000000000aa/t8?lang={lang}", headers=HTML).text
    assert f"<h1>{said}</h1>" in page
    assert f'href="/catalog?lang={lang}"' in page
    whole = client.get(f"/doc/doc/00000000000000aa?lang={lang}", headers=HTML).text
    assert {"zh": "不再属于发布的来源。", "en": "No longer among the sources of the release."}[lang] in whole


@pytest.mark.parametrize("path", NEVER)
def test_what_never_was_is_not_gone(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=HTML).status_code == 404


def test_a_release_that_is_kept_still_has_it(memory_folder: Path) -> None:
    store = memory_folder / "store-3"
    app = create_app(ServerConfig(store, PoolLimits(workers=1), web=WebLimits(seconds=None)))
    try:
        client, old = app.test_client(), kept_releases(store)[-1]
        told = client.get("/doc/doc/00000000000000aa/t8", headers={"Accept": "application/json"}).get_json(force=True)
        assert f"add ?release={old}." in told["detail"]
        assert client.get(f"/doc/doc/00000000000000aa/t8?release={old}", headers=HTML).status_code == 200
    finally:
        close_app(app)
