"""Between the event loop and the application: what waits for clients that do not read is bounded."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.gateway import Gateway
from budgetgraph.server.workers import PoolLimits
from tests.server.exchanges import in_a_loop

MOST = 1_000_000
#: An answer of some 600,000 bytes.
LARGE = "SELECT ?x { VALUES ?x { " + " ".join(map(str, range(6000))) + " } }"


@pytest.fixture(scope="module")
def tight(store: Path) -> Iterator[Flask]:
    app = create_app(ServerConfig(store, PoolLimits(workers=1), web=WebLimits(seconds=None, unsent=MOST)))
    yield app
    close_app(app)


def _scope(query: str) -> dict[str, Any]:
    return {
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 50000),
        "method": "GET",
        "scheme": "http",
        "raw_path": b"/sparql",
        "query_string": f"format=json&query={quote(query)}".encode(),
        "http_version": "1.1",
        "headers": [(b"host", b"data.example.org")],
        "state": {},
    }


def test_large_answers_that_nobody_takes_are_bounded(tight: Flask) -> None:
    async def ask(gateway: Gateway, query: str, taken: asyncio.Event) -> tuple[int, int]:
        status, size = 0, 0

        async def send(message: dict[str, Any]) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await taken.wait()

        await gateway(_scope(query), asyncio.Event().wait, send)
        return status, size

    async def work() -> None:
        gateway, taken, never = Gateway(tight), asyncio.Event(), asyncio.Event()
        taken.set()
        first = asyncio.create_task(ask(gateway, LARGE, never))
        async with asyncio.timeout(60):
            while gateway.room() == MOST:
                await asyncio.sleep(0.001)
        assert gateway.room() > 0
        assert (await ask(gateway, f"{LARGE}#", taken))[0] == 503
        assert (await ask(gateway, "ASK {}", taken))[0] == 200
        never.set()
        status, size = await first
        assert (status, gateway.room()) == (200, MOST)
        assert size > MOST // 2
        assert await ask(gateway, f"{LARGE}#", taken) == (200, size)
        gateway.close()

    in_a_loop(work())
