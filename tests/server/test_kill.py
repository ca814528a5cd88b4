"""SIGKILL at every step of a publication: the old release is live, or the new one, and each is whole."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random

import pyoxigraph as ox

from budgetgraph.server.publishing import build_release
from budgetgraph.server.releases import ReleaseMetadata, current

SCRIPT = Path(__file__).with_name("publish_in_forks.py")
BASE = "https://data.example.org/"


def write_source(folder: Path, document: str, size: int) -> Path:
    graph = f"<{BASE}graph/doc/{document}/data>"
    path = folder / f"{document}.nq"
    path.write_text("".join(f'<urn:{document}> <urn:p> "{n}" {graph} .\n' for n in range(size)), "utf-8")
    return path


class Publisher:
    """Publishes one of two documents after the other: always the one that is not live."""

    def __init__(self, program: "subprocess.Popen[str]", store: Path, sources: dict[str, Path]) -> None:
        self.program, self.store, self.sources = program, store, sources
        self.live = live_document(store)

    def publish(self, seconds: float = 60.0, step: int = 0) -> tuple[bool, bool, float]:
        """Publish the other document, killed after so many seconds or at that step.

        Return whether it was killed, whether it is live now, and the seconds it took.
        """
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        old, (new,) = self.live, self.sources.keys() - {self.live}
        self.program.stdin.write(f"{self.sources[new]} {new} {seconds} {step}\n")
        self.program.stdin.flush()
        how, took = self.program.stdout.readline().split()
        assert how in {"killed", "ended"}
        self.live = live_document(self.store)
        assert self.live in {old, new}, f"killed at step {step}, or after {seconds} s"
        return how == "killed", self.live == new, float(took)


@contextmanager
def publisher(folder: Path, name: str, sizes: tuple[int, int]) -> Iterator[Publisher]:
    store = folder / name
    sources = {f"000{n}": write_source(folder, f"000{n}", size) for n, size in enumerate(sizes)}
    build_release(store, [sources["0000"]], ReleaseMetadata(BASE, ("0000",), "0.0"))
    command = [sys.executable, str(SCRIPT), str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        yield Publisher(program, store, sources)


def live_document(store: Path) -> str:
    """Return the document of the live release, after looking that the release is whole and nothing but it."""
    release = current(store)
    opened = ox.Store.read_only(str(release.quads_path))
    (document,) = release.metadata.documents
    assert {quad.subject.value for quad in opened} == {f"urn:{document}"}
    assert len(opened) == release.quads + release.triples
    return document


def test_a_kill_at_any_step_leaves_one_whole_release(memory_folder: Path) -> None:
    with publisher(memory_folder, "step", (20, 30)) as works:
        killed = switched = 0
        for step in count(1):
            was_killed, is_live, _ = works.publish(step=step)
            if not was_killed:  # it has fewer steps: all of them have been walked through
                break
            killed += 1
            switched += is_live
            # What the kill left behind goes, so that each walk has the same steps and none is passed over.
            assert works.publish()[:2] == (False, True)
            assert {path.name for path in (works.store / "releases").iterdir()} == {current(works.store).id}
        # A walk in which no kill fell before the switch, or none behind it, would show nothing.
        assert killed > 20
        assert 0 < switched < killed


def test_a_kill_at_a_hundred_random_moments_leaves_one_whole_release(memory_folder: Path) -> None:
    """The moments between two steps are those above; these fall anywhere, also inside the engine.

    A fork that has imported everything publishes, so that the moments fall into the publication and not before it.
    """
    random = Random(5)  # noqa: S311  # moments, no secrets
    with publisher(memory_folder, "random", (400, 500)) as works:
        # The first four run to their end, and say how long that takes. Then the time in which the moments fall follows
        # the machine: it grows with each that falls before the switch, and shrinks with each that falls behind it.
        window = max(seconds for _, _, seconds in (works.publish() for _ in range(4)))
        killed = switched = 0
        for _ in range(100):
            was_killed, is_live, _ = works.publish(seconds=random.uniform(0, window))
            window *= 0.85 if is_live else 1.05
            killed += was_killed
            switched += is_live
    assert killed > 50
    assert switched > 5
