"""The configurations that docs/operation.md gives for systemd and nginx, as they are printed there."""

import http.client
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "operation.md"
LONG = "/sparql?query=" + quote("SELECT ?s ?p ?o { ?s ?p ?o }")
MANY = " ".join(f"({n})" for n in range(3000))
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ VALUES (?a) {{ {MANY} }} VALUES (?b) {{ {MANY} }} VALUES (?c) {{ {MANY} }} }}"
HEAD = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{ }}
http {{
access_log off;
client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
"""


def printed(heading: str) -> str:
    """Return the indented block below a heading."""
    section = DOCUMENT.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return "\n".join(line[4:] for line in section.splitlines() if line.startswith("    ") or not line)


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, f"{old} is no longer in the document"
        text = text.replace(old, new)
    return text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    for _ in again():
        assert process.poll() is None, process.communicate()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            continue
    pytest.fail("it does not listen")


def again() -> Iterator[None]:
    """Say when to look again, for a minute at most."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        yield
        time.sleep(0.05)


class Proxy:
    """nginx before the endpoint, asked from addresses of the loopback."""

    def __init__(self, port: int, endpoint: int) -> None:
        self.port, self.endpoint = port, endpoint

    def fetch(
        self, path: str, source: str = "127.0.0.1", *, direct: bool = False, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.endpoint if direct else self.port, 60, (source, 0))
        try:
            sent = {"Host": "budget.example.org"} | {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=sent)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def proxy(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("nginx")
    endpoint, port = free_port(), free_port()
    settings = folder / "budgetgraph.toml"
    settings.write_text('[web]\nproxies = ["127.0.0.1"]\nseconds = 1e-6\nwindow = 60\n')
    command = [sys.executable, "-m", "budgetgraph.cli", "serve", "--store", str(store), "--port", str(endpoint)]
    server = subprocess.Popen([*command, "--config", str(settings)], stderr=subprocess.PIPE, text=True)
    text = replaced(
        re.sub(r"^ *ssl_.*\n", "", printed("nginx"), flags=re.MULTILINE),
        ("127.0.0.1:8000", f"127.0.0.1:{endpoint}"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
    )
    (folder / "nginx.conf").write_text(HEAD.format(folder=folder) + text + "\n}\n")
    nginx = subprocess.Popen(
        ["nginx", "-p", str(folder), "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(endpoint, server)
        wait_for(port, nginx)
        yield Proxy(port, endpoint)
    finally:
        for process in (nginx, server):
            process.terminate()
            process.communicate(timeout=60)


@pytest.mark.program("nginx", "nginx-light")
def test_nginx_passes_answers_as_they_are(proxy: Proxy) -> None:
    direct, plain = proxy.fetch(LONG, direct=True, X_Forwarded_For="192.0.2.1", Accept="text/csv")
    through, body = proxy.fetch(LONG, "127.0.0.2", Accept="text/csv")
    assert (through.status, body) == (200, plain)
    of_the_connection = {"connection", "date", "server", "etag"}
    assert {(k.lower(), v) for k, v in through.getheaders() if k.lower() not in of_the_connection} == {
        (k.lower(), v) for k, v in direct.getheaders() if k.lower() not in of_the_connection
    }
    again, _ = proxy.fetch(LONG, "127.0.0.2", Accept="text/csv", If_None_Match=through.headers["ETag"])
    assert again.status == 304
    small, packed = proxy.fetch(LONG, "127.0.0.2", Accept="text/csv", Accept_Encoding="gzip")
    assert (small.headers["Content-Encoding"], packed[:2]) == ("gzip", b"\x1f\x8b")


@pytest.mark.program("nginx", "nginx-light")
def test_nginx_tells_who_asks_and_under_which_name(proxy: Proxy) -> None:
    def ask(number: int, source: str, claimed: str = "") -> int:
        path = f"/sparql?query={quote(f'SELECT * {{}} LIMIT {number}')}"
        return proxy.fetch(path, source, X_Forwarded_For=claimed)[0].status

    assert [ask(1, "127.0.0.3"), ask(2, "127.0.0.3"), ask(3, "127.0.0.4")] == [200, 429, 200]
    assert ask(4, "127.0.0.3", "192.0.2.7") == 429, "what a client says of itself counts for nothing"
    _, described = proxy.fetch(
        "/sparql", Accept="text/turtle", X_Forwarded_Prefix="/evil", X_Forwarded_Host="evil.example"
    )
    assert b"sd:endpoint <http://budget.example.org/sparql>" in described
    assert b"evil" not in described


@pytest.mark.program("nginx", "nginx-light")
def test_nginx_lets_no_stranger_write_or_measure(proxy: Proxy) -> None:
    for path in ("/update", "/metrics", "/readyz"):
        assert proxy.fetch(path)[0].status == 403


@pytest.mark.program("nginx", "nginx-light")
def test_a_client_that_leaves_nginx_ends_its_query(proxy: Proxy) -> None:
    body = RUNAWAY.encode()
    head = "POST /sparql HTTP/1.1\r\nHost: h\r\nContent-Type: application/sparql-query\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"

    def measured(name: str) -> bool:
        return name in proxy.fetch("/metrics", direct=True)[1].decode()

    with socket.create_connection(("127.0.0.1", proxy.port), 60, ("127.0.0.5", 0)) as leaving:
        leaving.sendall(head.encode() + body)
        assert any(measured('budgetgraph_workers_busy{lane="light"} 1.0') for _ in again())
    assert any(measured('budgetgraph_worker_events_total{event="left"}') for _ in again())
    assert not measured('event="timeout"'), "it went on until its time was over"


@pytest.mark.program("systemd-analyze", "systemd")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("budgetgraph")
    unit = tmp_path / "budgetgraph.service"
    unit.write_text(replaced(printed("systemd"), ("/opt/budgetgraph/.venv/bin/budgetgraph", str(program))))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=35", str(unit)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout.splitlines()[-1]
