"""SIGKILL at every step of a publication: the old release is live, or the new one, and each is whole."""

import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pyoxigraph as ox

from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata, current

SCRIPT = Path(__file__).with_name("publish_and_die.py")
BASE = "https://data.example.org/"


def write_source(folder: Path, document: str, size: int) -> Path:
    graph = f"<{BASE}graph/doc/{document}/data>"
    path = folder / f"{document}.nq"
    path.write_text("".join(f'<urn:{document}> <urn:p> "{n}" {graph} .\n' for n in range(size)), "utf-8")
    return path


def publish(store: Path, source: Path, document: str, fatal: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), str(store), str(source), document, str(fatal)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def live_document(store: Path) -> str:
    """Return the document of the live release, after looking that the release is whole and nothing but it."""
    release = current(store)
    opened = ox.Store.read_only(str(release.quads_path))
    (document,) = release.metadata.documents
    assert {quad.subject.value for quad in opened} == {f"urn:{document}"}
    assert len(opened) == release.quads + release.triples
    return document


def test_a_kill_at_any_step_leaves_one_whole_release(memory_folder: Path) -> None:
    store = memory_folder / "step"
    sources = {"0001": write_source(memory_folder, "0001", 20), "0002": write_source(memory_folder, "0002", 30)}
    build_release(store, [sources["0001"]], ReleaseMetadata(BASE, ("0001",), "0.0"))
    counted = publish(store, sources["0002"], "0002", fatal=0)
    steps = int(counted.stdout)
    assert steps > 20

    live, switched, killed = "0002", 0, 0
    for step in range(1, steps + 1):
        new = "0001" if live == "0002" else "0002"
        ended = publish(store, sources[new], new, fatal=step)
        killed += ended.returncode == -signal.SIGKILL
        after = live_document(store)
        assert after in {live, new}, f"killed at step {step} of {steps}"
        switched += after == new
        live = after
    # A walk in which no kill fell before the switch, or none behind it, would show nothing.
    assert killed > 20
    assert 0 < switched < killed
    assert publish(store, sources[live], live, fatal=0).returncode == 0
    assert {path.name for path in (store / "releases").iterdir()} == {current(store).id}


def test_a_kill_at_a_hundred_random_moments_leaves_one_whole_release(memory_folder: Path) -> None:
    """The moments between two steps are those above; these fall anywhere, also inside the engine.

    A fork that has imported everything publishes, so that the moments fall into the publication and not before it.
    """
    store, random = memory_folder / "random", Random(5)  # noqa: S311  # moments, no secrets
    sources = {"0001": write_source(memory_folder, "0001", 400), "0002": write_source(memory_folder, "0002", 500)}
    live, killed, switched, window = "0001", 0, 0, 0.0
    build_release(store, [sources["0001"]], ReleaseMetadata(BASE, ("0001",), "0.0"))
    program = subprocess.Popen(
        [sys.executable, str(SCRIPT.with_name("publish_in_forks.py")), str(store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdin is not None
    assert program.stdout is not None
    for number in range(104):
        new = "0001" if live == "0002" else "0002"
        # The first four run to their end, and say how long that takes. Then the time in which the moments fall follows
        # the machine: it grows with each that falls before the switch, and shrinks with each that falls behind it.
        after = random.uniform(0, window) if number >= 4 else 60.0
        program.stdin.write(f"{sources[new]} {new} {after}\n")
        program.stdin.flush()
        was_killed, seconds = program.stdout.readline().split()
        if number < 4:
            window = max(window, float(seconds))
        killed += was_killed == "killed"
        document = live_document(store)
        assert document in {live, new}, f"killed after {after} s"
        if number >= 4:
            window *= 0.85 if document == new else 1.05
        switched += document == new
        live = document
    program.communicate()
    assert killed > 50
    assert switched > 10
