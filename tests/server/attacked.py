"""A server process of its own, for tests that attack it."""

import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

PROGRAM = """
import sys
from pathlib import Path
from budgetgraph.server.config import ServerConfig, WebLimits, WriteLimits
from budgetgraph.server.serving import serve
from budgetgraph.server.workers import PoolLimits
queries = PoolLimits(workers=2, heavy=1, light=0.5, time=2, memory=900 << 20, patience=20, waiting=48, bytes=8 << 20)
web = WebLimits(seconds=None, idle=2, threads=48)
config = ServerConfig(Path(sys.argv[1]), queries, web=web)
serve(config, port=0, ready=lambda address: print(address, flush=True))
"""
LIGHT = "SELECT ?l { <https://data.example.org/id/org/demo-0001> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"


class Server:
    """A server process of its own, asked over sockets. `address` of an attacker is another one of the loopback."""

    def __init__(self, store: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(store)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        told = self.process.stdout.readline().strip()
        assert told, self.process.communicate()[1]
        self.port = int(told.rstrip("/").rpartition(":")[2])

    def connect(self, source: str = "127.0.0.1", seconds: float = 60) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), seconds, (source, 0))

    def fetch(
        self, path: str, body: bytes | None = None, source: str = "127.0.0.1", method: str | None = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, 60, (source, 0))
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method or ("GET" if body is None else "POST"), path, body, sent)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def ask(self, query: str, source: str = "127.0.0.9") -> int:
        """Post a query; return the status, 0 when the connection broke off."""
        try:
            return self.fetch("/sparql", query.encode(), source, Content_Type="application/sparql-query")[0].status
        except OSError:
            return 0

    def light(self) -> int:
        """Ask a light query that no cache can answer; return the status."""
        return self.fetch("/sparql?query=" + quote(f"{LIGHT} # {time.monotonic_ns()}"))[0].status

    def workers(self) -> list[int]:
        """Return the workers: begun by the server, or forked by the process that has the release in memory."""
        begun = _children(self.process.pid)
        copiers = [pid for pid in begun if b"copying" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        return [pid for pid in begun if pid not in copiers] + [pid for each in copiers for pid in _children(each)]

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def memory(self) -> int:
        """Return the resident memory of the web process, in bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, listed.read_text().split())
    return found
