"""Running the application under gunicorn, as a program of its own: threads for connections, processes for queries."""

import logging
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from budgetgraph.server.app import close_app, create_app
from budgetgraph.server.config import ServerConfig
from budgetgraph.server.exceptions import AddressError
from budgetgraph.server.releases import current

#: Connections that a web process answers at the same time; most only wait for a query worker or for their client.
THREADS = 16
#: Seconds in which a client must take what is sent to it before its connection is closed.
SEND_LIMIT = 60.0
#: Seconds that answers under way get when the server is told to stop.
GRACE = 5


def serve(
    store: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    ready: Callable[[str], None] | None = None,
    config: ServerConfig | None = None,
) -> None:
    """Serve a store until the process is interrupted or terminated; `ready` is told the address.

    `workers` are web processes, each with a pool of query workers of its own; port 0 takes a free one.
    Raises StoreError when nothing is published in the store, AddressError when the address cannot be used.
    Ends with SystemExit, as gunicorn does.
    """
    current(store)
    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    # gunicorn takes the descriptor over, and closes it.
    descriptor = listener.detach()
    _Server(config or ServerConfig(store), descriptor, workers, lambda: ready(address) if ready else None).run()


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; bound here, so that a taken address is one clear message."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        raise AddressError(f"{host}:{port}: cannot serve here: {error}. Choose another --host or --port.") from error


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn over a socket that is already bound."""

    def __init__(self, config: ServerConfig, descriptor: int, workers: int, ready: Callable[[], None]) -> None:
        self._config = config
        self._settings = {
            "bind": f"fd://{descriptor}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": GRACE,
            "limit_request_line": 8190,
            "loglevel": "warning",
            "when_ready": lambda _: ready(),
            "post_worker_init": lambda _: logging.getLogger("gunicorn.error").setLevel(logging.WARNING),
            "worker_exit": lambda _, worker: _close(worker),
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take our settings; those that this gunicorn does not know have nothing to switch off."""
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Callable[..., Iterable[bytes]]:
        """Create the application; gunicorn calls this in each web process."""
        return _Application(create_app(self._config))


class _Application:
    """The WSGI application, with a bound on how long a client may stop reading."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        connection = environ.get("gunicorn.socket")
        if connection is not None:
            connection.settimeout(SEND_LIMIT)
        return self.app(environ, start_response)


def _close(worker: Any) -> None:
    application = getattr(worker, "wsgi", None)
    if isinstance(application, _Application):
        close_app(application.app)
