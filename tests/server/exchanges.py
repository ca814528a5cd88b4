"""Connections to an application without a network: what a client sends, and what comes of it."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import uvicorn
from flask import Flask
from uvicorn.server import ServerState
from werkzeug.test import EnvironBuilder

from budgetgraph.server.backend import CLIENT, Backend
from budgetgraph.server.clients import Client
from budgetgraph.server.connections import Connection
from budgetgraph.server.heads import HeadReader
from budgetgraph.server.places import Places
from budgetgraph.server.proxies import TrustedProxies
from budgetgraph.server.short import ShortWay

T = TypeVar("T")


def backend_of(app: Flask) -> Backend:
    backend: Backend = app.extensions["budgetgraph"]
    return backend


def environ_of(query: str | None, method: str = "GET", **more: Any) -> dict[str, Any]:
    told = more.pop("query_string", {}) | ({"query": query} if query is not None else {})
    builder = EnvironBuilder("/sparql", "http://data.example.org/", told, method, **more)
    environ: dict[str, Any] = builder.get_environ()
    return environ


def sent(environ: dict[str, Any]) -> bytes:
    """Return the request of an environment as a client sends it."""
    lines = [f"{environ['REQUEST_METHOD']} /sparql?{environ['QUERY_STRING']} HTTP/1.1"]
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            lines.append(f"{name[5:].replace('_', '-').title()}: {value}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class Transport:
    """The side of a client, which notes what it gets."""

    def __init__(self) -> None:
        self.written = b""
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def get_extra_info(self, name: str) -> Any:
        return {"peername": ("127.0.0.1", 50000), "sockname": ("127.0.0.1", 80)}.get(name)

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


class Exchange:
    """A connection to an application: plain queries are answered, all else is handed on to a stub, and noted."""

    def __init__(self, app: Flask, proxies: TrustedProxies | None = None) -> None:
        server = backend_of(app)
        self.threads = ThreadPoolExecutor(1)
        self.places = Places(server.config.web.threads)
        self.way = ShortWay(server, self.places, self.threads)
        self.handed: list[tuple[bytes, Client | None]] = []
        config = uvicorn.Config(self.hand_on, lifespan="off", log_config=None, interface="asgi3")
        config.load()
        self.state = ServerState()
        self.connection = Connection(
            self.way, HeadReader(proxies), config=config, server_state=self.state, app_state={}, _loop=None
        )
        self.transport = Transport()
        self.connection.connection_made(self.transport)  # type: ignore[arg-type]  # what is used of one

    async def hand_on(self, scope: Any, _receive: Any, send: Any) -> None:
        self.handed.append((scope["query_string"], scope["state"].get(CLIENT)))
        await send({"type": "http.response.start", "status": 418, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    async def until(self, is_done: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not is_done():
                await asyncio.sleep(0.001)

    async def has_ended(self, answers: int = 1) -> None:
        await self.until(lambda: self.state.total_requests == answers)

    def close(self) -> None:
        self.way.close()
        self.threads.shutdown()


def in_a_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: the browser of other tests holds a running loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
