"""From the event loop to the Flask application and back (ASGI 3, PEP 3333).

The loop reads a request whole and sends its answer. In between, the application has a thread; so a client that is slow
in either holds none. Plain queries do not come here at all: see `short.py`.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

from flask import Flask
from werkzeug.wsgi import FileWrapper

from budgetgraph.server.answers import IN_MEMORY, Answer, new_file
from budgetgraph.server.backend import CLIENT, Backend
from budgetgraph.server.clients import Client, client_key
from budgetgraph.server.environ import environ_of
from budgetgraph.server.heads import HeadReader
from budgetgraph.server.logs import BEGAN
from budgetgraph.server.places import Places
from budgetgraph.server.proxies import TrustedProxies
from budgetgraph.server.responses import ROOM
from budgetgraph.server.short import ShortWay

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
        self._threads = ThreadPoolExecutor(web.threads, "request")
        self._places = Places(web.threads)
        #: Bytes of large answers that are being sent, and how many there may be.
        self._unsent, self._most_unsent = 0, int(web.unsent)
        self._proxies = TrustedProxies(lambda _environ, _start: (), web.proxies) if web.proxies else None
        self.heads = HeadReader(self._proxies)
        self.short = ShortWay(self._server, self._places, self._threads)

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Answer one request.

        If its query was begun on the short way, its state has the client, and the request has its place.
        """
        began = time.monotonic()
        environ = environ_of(scope)
        coding = environ.get("HTTP_TRANSFER_ENCODING")
        if coding is not None and coding.lower() == "chunked":
            del environ["HTTP_TRANSFER_ENCODING"]
        if "CONTENT_LENGTH" in environ or coding is not None:
            body = await self._read(environ, receive)
            if body is None:
                return
            environ["wsgi.input"] = body
        client: Client | None = scope["state"].get(CLIENT)
        if client is None:
            await self._places.wait()
            seen = dict(environ)
            if self._proxies is not None:
                self._proxies(seen, lambda *_: None)
            client = Client(client_key(seen["REMOTE_ADDR"]))
        try:
            response = await self._in_thread(environ, client, began, receive)
        finally:
            environ["wsgi.input"].close()
            if client.begun is not None:
                client.begun.abandon()
            self._places.leave()
        waiting = response.body.size if response.body.size > IN_MEMORY else 0
        self._unsent += waiting
        try:
            await _send(response, send)
        finally:
            self._unsent -= waiting

    def room(self) -> int:
        """Return how many bytes of large answers more may wait for their clients. Called from any thread."""
        return self._most_unsent - self._unsent

    def close(self) -> None:
        """Take no more requests."""
        self.short.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _read(self, environ: dict[str, Any], receive: _Receive) -> IO[bytes] | None:
        """Return the body of a request; None when the client leaves. One that is too long is not read to its end."""
        stated = int(environ.get("CONTENT_LENGTH", 0))
        file, size, more = new_file(), 0, True
        while more and max(size, stated) <= self._most:
            message = await receive()
            if message["type"] != "http.request":
                file.close()
                return None
            size += file.write(message["body"])
            more = message["more_body"]
        # What is longer than the application takes, it refuses by this number.
        environ["CONTENT_LENGTH"] = str(max(size, stated))
        environ["budgetgraph.unread"] = more or size > self._most
        file.seek(0)
        return file

    async def _in_thread(self, environ: dict[str, Any], client: Client, began: float, receive: _Receive) -> _Response:
        loop, left = asyncio.get_running_loop(), threading.Event()
        client.has_left = left.is_set
        environ |= {CLIENT: client, BEGAN: began, ROOM: self.room}
        # Who asks for more would be told to go on with a body that is not read (RFC 9110, 10.1.1).
        watching = loop.create_task(_watch(receive, left)) if not environ.get("budgetgraph.unread") else None
        try:
            return await loop.run_in_executor(self._threads, self._run, environ)
        finally:
            if watching is not None:
                watching.cancel()

    def _run(self, environ: dict[str, Any]) -> _Response:
        """Let the application answer. Runs in a thread."""
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None, /) -> Callable[[bytes], object]:
            told[:] = status, headers
            return lambda _: None

        body = self._app(environ, start)
        if isinstance(body, FileWrapper):
            # A file to download lies on the disk anyway.
            size = int(dict(told[1])["Content-Length"]) if isinstance(body.file, SpooledTemporaryFile) else 0
            answer = Answer(body.file, size, None)
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
