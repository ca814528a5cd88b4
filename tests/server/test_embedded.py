"""Which releases the workers of the embedded engine copy into their memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from budgetgraph.server.clients import Client
from budgetgraph.server.embedded import EmbeddedEngine
from budgetgraph.server.frames import Request
from budgetgraph.server.metrics import Metrics
from budgetgraph.server.workers import PoolLimits


@pytest.fixture
def engine(store: Path, request: pytest.FixtureRequest) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(store, request.param, Metrics())
    yield engine
    engine.pool.close()


@pytest.mark.parametrize(
    ("engine", "copied"),
    [
        (PoolLimits(workers=1, heavy=0), True),
        (PoolLimits(workers=1, heavy=0, copied=1 << 10), False),
        (PoolLimits(workers=1, heavy=0, memory=1 << 11), False),
    ],
    ids=["fits", "over the budget", "over half of a worker's memory"],
    indirect=["engine"],
)
def test_a_release_is_copied_where_it_fits(engine: EmbeddedEngine, copied: bool) -> None:
    release = engine.release(None)
    asked = Request(str(release.quads_path), "ASK {}", "csv")
    assert engine.evaluation(asked, Client(), release).request.copied is copied


@pytest.mark.parametrize("engine", [PoolLimits(workers=1, heavy=0)], indirect=True)
def test_an_answer_in_a_lasting_order_comes_from_the_disk(engine: EmbeddedEngine) -> None:
    release = engine.release(None)
    asked = Request(str(release.quads_path), "ASK {}", "csv", stable=True)
    assert not engine.evaluation(asked, Client(), release).request.copied
