"""A request of uvicorn's as the environment of a WSGI application (PEP 3333)."""

import re
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import FileWrapper

#: RFC 3986, 3.2.2 and 3.2.3, without what no host is called; one only (RFC 9112, 3.2).
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~%-]+)(?::[0-9]*)?", re.ASCII)


def is_host(field: str) -> bool:
    """Tell whether a Host field names a host."""
    return _HOST.fullmatch(field) is not None


def environ_of(scope: dict[str, Any]) -> dict[str, Any]:
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
