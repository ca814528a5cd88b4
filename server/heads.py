"""The fields of requests, read once: a client sends the same ones with every query of a connection."""

from collections import Counter
from functools import lru_cache
from typing import Any, NamedTuple

import httptools
from werkzeug.wrappers import Request as HttpRequest

from budgetgraph.server.compression import choose_coding
from budgetgraph.server.environ import environ_of, is_host
from budgetgraph.server.proxies import TrustedProxies

PATH = "/sparql"
#: Bytes of the fields that are looked at here, and how many heads are remembered.
_LONGEST, _MOST = 4096, 512
#: Whoever sends one of these asks for more than an answer.
_NOT_PLAIN = {
    b"content-length",
    b"expect",
    b"if-match",
    b"if-modified-since",
    b"if-none-match",
    b"if-unmodified-since",
    b"range",
    b"transfer-encoding",
    b"upgrade",
}


class Head(NamedTuple):
    """What the fields of a request say.

    client  whose share of the workers it uses: the address that a trusted proxy tells; "" for that of the connection
    base    the address of the endpoint, as the client sees it
    accept  its Accept header
    is_coded  it takes a content coding that is offered
    is_last   the connection ends behind the answer
    """

    client: str
    base: str
    accept: str | None
    is_coded: bool
    is_last: bool


class HeadReader:
    """Reads heads of requests that have no body; knows the last ones."""

    def __init__(self, proxies: TrustedProxies | None) -> None:
        self._proxies = proxies
        self._known = lru_cache(_MOST)(self._read)

    def read(self, fields: bytes, peer: str) -> Head | None:
        """Return what the bytes behind the first line of a request say; None when there is more in them."""
        if len(fields) > _LONGEST:
            return None
        return self._known(fields, peer if self._proxies is not None else "")

    def _read(self, fields: bytes, peer: str) -> Head | None:
        found = _Fields()
        if not found.read(fields):
            return None
        environ = environ_of(
            {
                "server": None,
                "client": (peer, 0),
                "method": "GET",
                "scheme": "http",
                "raw_path": PATH.encode(),
                "query_string": b"",
                "http_version": "1.1",
                "headers": found.fields,
            }
        )
        if self._proxies is not None:
            self._proxies(environ, lambda *_: None)
        try:
            base = HttpRequest(environ).base_url if is_host(environ["HTTP_HOST"]) else None
        except UnicodeError:
            base = None
        if base is None:  # no name of a host, which the views refuse
            return None
        coding = choose_coding(environ.get("HTTP_ACCEPT_ENCODING"))
        return Head(environ["REMOTE_ADDR"], base, environ.get("HTTP_ACCEPT"), coding is not None, found.is_last)


class _Fields:
    """What the parser tells of one request."""

    def __init__(self) -> None:
        self.fields: list[tuple[bytes, bytes]] = []
        self.is_last = False
        self._told: Counter[str] = Counter()

    def on_message_begin(self) -> None:
        self._told["begun"] += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name.lower(), value))

    def on_message_complete(self) -> None:
        self._told["ended"] += 1

    def read(self, fields: bytes) -> bool:
        """Tell whether these bytes are the fields of exactly one request, a plain one that names its host."""
        parser: Any = httptools.HttpRequestParser(self)
        try:
            parser.feed_data(b"GET %b HTTP/1.1\r\n%b" % (PATH.encode(), fields))
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            return False
        names = [name for name, _ in self.fields]
        connection = {value.lower() for name, value in self.fields if name == b"connection"}
        self.is_last = connection == {b"close"}
        return (
            self._told == {"begun": 1, "ended": 1}
            and fields.find(b"\r\n\r\n") == len(fields) - 4
            and (self.is_last or connection <= {b"keep-alive"})
            and names.count(b"host") == 1
            and _NOT_PLAIN.isdisjoint(names)
        )
