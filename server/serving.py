"""Running the application under waitress, as a program of its own.

waitress reads requests and sends answers on one thread that never blocks: a client that is slow in either holds no
thread of the application and no query worker.
"""

import logging
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress.server import create_server

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.exceptions import AddressError
from budgetgraph.server.logging_json import JsonFormatter, log

#: Bytes of a request's head. A query in an address is at most as long; longer ones are posted.
HEAD = 32 << 10
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
        server = create_server(
            app,
            sockets=[listener],
            threads=config.web.threads,
            connection_limit=config.web.connections,
            channel_timeout=config.web.idle,
            cleanup_interval=min(10, config.web.idle),
            channel_request_lookahead=1,
            max_request_header_size=HEAD,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            outbuf_high_watermark=1 << 20,
            asyncore_use_poll=True,
            log_socket_errors=False,
            clear_untrusted_proxy_headers=False,
            ident="budgetgraph",
        )
        # SIGINT too: where a shell started the program in the background, it would be ignored.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        if ready is not None:
            ready(address)
        _run(server)
    finally:
        close_app(app)


def _run(server: Any) -> None:
    """Answer until told to stop; then take no more, and let what is under way end within GRACE."""
    with suppress(SystemExit, KeyboardInterrupt):
        server.asyncore.loop(timeout=1, map=server._map, use_poll=True)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=GRACE)
    server.close()


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
    # Requests that waitress queues for a thread are no event.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress_log = logging.getLogger("waitress")
    waitress_log.handlers, waitress_log.propagate = [handler], False
