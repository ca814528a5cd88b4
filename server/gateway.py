"""From the event loop to the Flask application and back (ASGI 3, PEP 3333).

The loop reads a request whole and sends its answer. In between, the application has a thread; so a client that is slow
in either holds none. Plain queries need no thread at all: see `short.py`.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from typing import IO, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.wsgi import FileWrapper

from budgetgraph.server.answers import Answer, new_file
from budgetgraph.server.backend import CLIENT, Backend
from budgetgraph.server.clients import Client
from budgetgraph.server.logs import BEGAN
from budgetgraph.server.proxies import TrustedProxies
from budgetgraph.server.short import answer_soon

#: Bytes of a file that are sent at once.
_CHUNK = 1 << 18
_Scope = dict[str, Any]
_Receive = Callable[[], Any]
_Send = Callable[[dict[str, Any]], Any]


class _Response(NamedTuple):
    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: Answer


class Gateway:
    """An ASGI application around the Flask one, which answers up to `web.threads` requests at once."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._server: Backend = app.extensions["budgetgraph"]
        web = self._server.config.web
        self._most = int(app.config["MAX_CONTENT_LENGTH"])
        self._places = asyncio.Semaphore(web.threads)
        self._threads = ThreadPoolExecutor(web.threads, "request")
        self._proxies = TrustedProxies(lambda _environ, _start: (), web.proxies) if web.proxies else None

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        began = time.monotonic()
        environ = _environ(scope)
        if "CONTENT_LENGTH" in environ or environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
            body = await self._read(environ, receive)
            if body is None:
                return
            environ["wsgi.input"] = body
        seen = environ
        if self._proxies is not None:
            seen = dict(environ)
            self._proxies(seen, lambda *_: None)
        client = Client(seen["REMOTE_ADDR"])
        try:
            async with self._places:
                short = await answer_soon(self._server, seen, client)
                response = None if short is not None else await self._in_thread(environ, client, began, receive)
        finally:
            environ["wsgi.input"].close()
            if client.begun is not None:
                client.begun.abandon()
        if short is not None:
            await send({"type": "http.response.start", "status": 200, "headers": short.headers})
            await send({"type": "http.response.body", "body": short.body})
        elif response is not None:
            await _send(response, send)

    def close(self) -> None:
        """Take no more requests."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _read(self, environ: dict[str, Any], receive: _Receive) -> IO[bytes] | None:
        """Return the body of a request; None when the client leaves. One that is too long is not read to its end."""
        file, size, more = new_file(), 0, int(environ.get("CONTENT_LENGTH", 0)) <= self._most
        while more and size <= self._most:
            message = await receive()
            if message["type"] != "http.request":
                file.close()
                return None
            size += file.write(message["body"])
            more = message["more_body"]
        # What is longer than the application takes, it refuses by this number.
        environ["CONTENT_LENGTH"] = str(max(size, int(environ.get("CONTENT_LENGTH", 0))))
        environ["budgetgraph.unread"] = more or size > self._most
        file.seek(0)
        return file

    async def _in_thread(
        self, environ: dict[str, Any], client: Client, began: float, receive: _Receive
    ) -> _Response | None:
        loop, left = asyncio.get_running_loop(), threading.Event()
        client.has_left = left.is_set
        environ |= {CLIENT: client, BEGAN: began}
        watching = loop.create_task(_watch(receive, left))
        try:
            return await loop.run_in_executor(self._threads, self._run, environ)
        finally:
            watching.cancel()

    def _run(self, environ: dict[str, Any]) -> _Response:
        """Let the application answer. Runs in a thread."""
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None, /) -> Callable[[bytes], object]:
            told[:] = status, headers
            return lambda _: None

        body = self._app(environ, start)
        if isinstance(body, FileWrapper):
            answer = Answer(body.file, -1, None)
        else:
            file = new_file()
            try:
                for chunk in body:
                    file.write(chunk)
            finally:
                if hasattr(body, "close"):
                    body.close()
            answer = Answer.of(file, None)
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in told[1]]
        if environ.get("budgetgraph.unread"):
            headers.append((b"connection", b"close"))
        return _Response(int(told[0].split(" ", 1)[0]), headers, answer)


async def _watch(receive: _Receive, left: threading.Event) -> None:
    """Note when the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
    left.set()


async def _send(response: _Response, send: _Send) -> None:
    """Send a response; what its client has not taken yet waits in its file."""
    with response.body.file as file:
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        more = True
        while more:
            chunk = file.read(_CHUNK)
            more = len(chunk) == _CHUNK
            await send({"type": "http.response.body", "body": chunk, "more_body": more})


def _environ(scope: _Scope) -> dict[str, Any]:
    """Return the environment of a request (PEP 3333)."""
    server, peer = scope["server"] or ("", 0), scope["client"] or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope["raw_path"]),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": peer[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in scope["headers"]:
        variable = _variable(name)
        if variable in environ:
            environ[variable] += ("; " if variable == "HTTP_COOKIE" else ",") + value.decode("latin-1")
        elif variable is not None:
            environ[variable] = value.decode("latin-1")
    return environ


@lru_cache(256)
def _path(raw: bytes) -> str:
    return unquote_to_bytes(raw).decode("latin-1")


@lru_cache(256)
def _variable(name: bytes) -> str | None:
    """Return the variable of a field; None for names with a _, which pass for others with a - there."""
    if b"_" in name:
        return None
    told = name.decode("latin-1").upper().replace("-", "_")
    return told if told in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{told}"
