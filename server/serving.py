"""Running the application under uvicorn, as a program of its own.

One event loop reads requests and sends answers: a client that is slow in either holds no thread of the application and
no query worker.
"""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import cast

import uvicorn
import uvloop
from flask import Flask

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig, WebLimits
from budgetgraph.server.connections import Connection, close_still_ones
from budgetgraph.server.exceptions import AddressError
from budgetgraph.server.gateway import Gateway
from budgetgraph.server.logging_json import JsonFormatter, log

#: Seconds that answers under way get when the server is told to stop.
GRACE = 5


def serve(
    config: ServerConfig, host: str = "127.0.0.1", port: int = 8000, ready: Callable[[str], None] | None = None
) -> None:
    """Serve until the process is interrupted or terminated; `ready` is told the address. Port 0 takes a free one.

    Raises StoreError when nothing is published in the store, AddressError when the address cannot be used.
    """
    app = create_app(config)
    try:
        app.extensions["budgetgraph"].engine.release(None)
        listener = _listen(host, port)
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listener.getsockname()[1]}/"
        _write_logs()
        # SIGINT too: where a shell started the program in the background, it would be ignored.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        app.extensions["budgetgraph"].keep_ready()
        if ready is not None:
            ready(address)
        _run(app, listener, config.web)
    finally:
        close_app(app)


def _run(app: Flask, listener: socket.socket, web: WebLimits) -> None:
    """Answer until told to stop; then take no more, and let what is under way end within GRACE."""
    gateway = Gateway(app)
    server = uvicorn.Server(
        uvicorn.Config(
            gateway,
            http=cast("type[asyncio.Protocol]", partial(Connection, gateway.short, gateway.heads)),
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            headers=[("Server", "budgetgraph")],
            limit_concurrency=web.connections,
            timeout_keep_alive=web.idle,
            timeout_graceful_shutdown=GRACE,
        )
    )

    async def answer() -> None:
        watching = asyncio.create_task(close_still_ones(server.server_state.connections, web.idle))
        try:
            await server.serve([listener])
        finally:
            watching.cancel()

    # What is there by now stays: the collector of garbage need not look at it again and again.
    gc.freeze()
    try:
        with suppress(SystemExit, KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(answer())
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gateway.close()


def _stop(number: int, frame: object) -> None:  # noqa: ARG001  # what a signal handler is given
    raise SystemExit(0)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; bound here, so that a taken address is one clear message."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, OverflowError) as error:
        raise AddressError(f"{host}:{port}: cannot serve here: {error}. Choose another --host or --port.") from error


def _write_logs() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    log.setLevel(logging.INFO)
    log.propagate = False
    log.handlers = [handler]
    # A request that is no HTTP is no event.
    uvicorn_log = logging.getLogger("uvicorn.error")
    uvicorn_log.setLevel(logging.ERROR)
    uvicorn_log.handlers, uvicorn_log.propagate = [handler], False
