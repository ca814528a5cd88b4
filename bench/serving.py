"""What the programs that measure servers share: data, servers, and load from wrk, which costs little itself."""

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import Release, ReleaseMetadata, current

PUBLICATIONS = Path(__file__).resolve().parent.parent / "data" / "publications"
BASE = "https://w3id.org/budgetgraph/"
_DOCUMENT = re.compile(r"\b(?:graph|id)/doc/([0-9a-f]{16})/")
#: Reads addresses from a file, one a line, and asks them in turn.
_SCRIPT = """
local paths, at = {}, 0
function init(args) for line in io.lines(args[1]) do paths[#paths + 1] = line end end
function request() at = at % #paths + 1; return wrk.format("GET", paths[at], { Accept = "text/csv" }) end
"""


@dataclass(frozen=True)
class Load:
    """What wrk saw: answers, and those of a second, latencies as it writes them, and failures of any kind."""

    answers: int
    rate: float
    median: str
    slowest: str
    failures: str


def store_of(folder: Path, quads: int) -> Path:
    """Return a store with at least so many quads: the shipped publications, again and again under other names."""
    store = folder / f"store-{quads}"
    if (store / "current").exists():
        return store
    converted = folder / "converted"
    if not converted.exists():
        sources = sorted(map(str, PUBLICATIONS.iterdir()))
        budgetgraph = [sys.executable, "-m", "budgetgraph.cli", "convert", *sources, "--format", "nquads"]
        subprocess.run([*budgetgraph, "-o", str(converted)], check=True, stdout=subprocess.DEVNULL)
    multiplied = folder / f"quads-{quads}.nq"
    began = time.monotonic()
    documents = _multiply(sorted(converted.glob("*.nq")), quads, multiplied)
    release = build_release(store, [multiplied], ReleaseMetadata(BASE, documents, "0"))
    print(f"published {release.quads:,} statements in {time.monotonic() - began:.0f} s")
    return store


def _multiply(sources: list[Path], quads: int, target: Path) -> tuple[str, ...]:
    """Write copies until there are so many quads, and return their documents.

    A copy has documents and budgets of its own, and shares the rest.
    """
    written, number = 0, 0
    documents: set[str] = set()
    with target.open("w", encoding="utf-8") as file:
        while written < quads:
            for source in sources:
                for line in source.read_text("utf-8").splitlines(keepends=True):
                    if number and "/graph/doc/" not in line.rpartition("<")[2]:
                        continue
                    renamed = _renamed(line, number) if number else line
                    file.write(renamed)
                    written += 1
                    documents.update(_DOCUMENT.findall(renamed))
                if written >= quads:
                    break
            number += 1
    return tuple(sorted(documents))


def _renamed(line: str, number: int) -> str:
    line = _DOCUMENT.sub(lambda found: f"{found[0][:-17]}{number:04x}{found[1][4:]}/", line)
    return line.replace("/id/budget/", f"/id/budget/n{number}-")


def subjects(release: Release, most: int) -> list[str]:
    """Return subjects of a release, mixed, the same ones each time."""
    store = ox.Store.read_only(str(release.quads_path))
    quads = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    found = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})
    return random.Random(7).sample(found, min(most, len(found)))  # noqa: S311  # no secret


@contextmanager
def running(command: list[str], port: int, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; begin when it listens."""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, **options
    )
    try:
        while True:
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait()


def budgetgraph(store: Path, port: int, settings: Path, python: str = sys.executable) -> list[str]:
    """Return the command that serves a store directory, by the budgetgraph that a Python has."""
    command = [python, "-m", "budgetgraph.cli", "serve", "--store", str(store), "--port", str(port)]
    return [*command, "--config", str(settings)]


def oxigraph(arguments: list[str], port: int) -> list[str]:
    """Return the command of the native server, which the wheel `oxigraph` brings."""
    program = shutil.which("oxigraph") or str(Path(sys.executable).with_name("oxigraph"))
    return [program, *arguments, "--bind", f"127.0.0.1:{port}"]


def load(folder: Path, port: int, path: str, queries: Iterable[str], clients: int, seconds: float) -> Load:
    """Ask queries in turn over so many connections that stay open, for some seconds."""
    script, asked = folder / "ask.lua", folder / f"ask-{port}.txt"
    script.write_text(_SCRIPT)
    asked.write_text("\n".join(path + quote(query) for query in queries))
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "120s", "--latency", "-s", str(script)]
    command += [f"http://127.0.0.1:{port}", "--", str(asked)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def find(pattern: str) -> str:
        found = re.search(pattern, told)
        return found[1].strip() if found else ""

    failures = "; ".join(filter(None, (find(r"(Socket errors.*)"), find(r"(Non-2xx.*)"))))
    answers = int(find(r"(\d+) requests in"))
    return Load(
        answers, float(find(r"Requests/sec:\s+(\S+)")), find(r"\n +50%\s+(\S+)"), find(r"\n +99%\s+(\S+)"), failures
    )


def resting(process: subprocess.Popen[bytes]) -> None:
    """Wait until a server and its descendants do nothing: until the release is in memory, say."""
    while True:
        before = cpu_seconds(process.pid)
        time.sleep(1.5)
        if cpu_seconds(process.pid) - before < 0.05:
            return


def children(pid: int) -> list[int]:
    """Return the processes that a process has begun. A thread may end meanwhile; another one then has its children."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, listed.read_text().split())
    return found


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has begun, and those that these have."""
    found = children(pid)
    return found + [further for child in found for further in descendants(child)]


def has_copy(pid: int) -> bool:
    """Tell whether a process is the one that has the release in memory, or one that it has forked."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return b"copying" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and its descendants have used, as far as they live."""
    told = 0
    for each in (pid, *descendants(pid)):
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            told += int(fields[11]) + int(fields[12])
    return told / os.sysconf("SC_CLK_TCK")


def release_of(store: Path) -> Release:
    """Return the live release."""
    return current(store.resolve())
