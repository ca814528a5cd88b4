"""Which releases the embedded engine has in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from budgetgraph.server.embedded import EmbeddedEngine
from budgetgraph.server.metrics import Metrics
from budgetgraph.server.workers import PoolLimits


@pytest.fixture
def engine(store: Path, request: pytest.FixtureRequest) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(store, request.param, Metrics())
    yield engine
    engine.pool.close()


@pytest.mark.parametrize(
    ("engine", "is_held"),
    [(PoolLimits(workers=1, heavy=0), True), (PoolLimits(workers=1, heavy=0, copied=1 << 10), False)],
    ids=["fits", "over the budget"],
    indirect=["engine"],
)
def test_the_live_release_is_held_in_memory_where_it_fits(
    engine: EmbeddedEngine, is_held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[Path | None] = []
    monkeypatch.setattr(engine.pool, "hold", held.append)
    release = engine.release(None)
    assert held == [release.path if is_held else None]
