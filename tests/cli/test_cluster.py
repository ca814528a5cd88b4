"""`publish --cluster`: publications prepared by the processes of a Dask cluster."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from budgetgraph.server.releases import current
from tests.cli.commands import PUBLICATIONS, run
from tests.pdf_publication import pdf_publication

SOME = [PUBLICATIONS / name for name in ("jiangsu-cppcc-office-2017", "putuo-finance-bureau-2025")]


@contextmanager
def program(folder: Path, until: str, *arguments: str) -> Iterator[str]:
    """Run one of the cluster's programs in a folder of its own; give the line in which it says `until`."""
    folder.mkdir()
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        try:
            yield next(line for line in process.stderr if until in line)
        finally:
            process.kill()


HERE = ("--host", "127.0.0.1", "--no-dashboard")


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler on a free port of this machine."""
    with program(
        tmp_path / "scheduler", "Scheduler at", "distributed.cli.dask_scheduler", "--port", "0", *HERE
    ) as line:
        yield line.split()[-1]


@contextmanager
def worker(scheduler: str, folder: Path, *options: str) -> Iterator[None]:
    """Run a worker of one thread that knows the scheduler."""
    arguments = ("distributed.cli.dask_worker", scheduler, "--nthreads", "1", *HERE, *options)
    with program(folder, "Registered to", *arguments):
        yield


def test_a_cluster_gives_the_release_that_this_machine_gives(tmp_path, scheduler):
    pdf = tmp_path / "budget.pdf"
    pdf.write_bytes(pdf_publication())
    here = run("publish", *SOME, pdf, "--store", tmp_path / "here")
    with worker(scheduler, tmp_path / "worker", "--no-nanny"):
        there = run("publish", *SOME, pdf, "--store", tmp_path / "there", "--cluster", scheduler)
    assert (here.returncode, there.returncode) == (0, 0), there.stderr
    said = [line for line in here.stderr.splitlines() if not line.startswith(("Converting", "published"))]
    assert said == [line for line in there.stderr.splitlines() if not line.startswith("published")]
    pictures = [current(tmp_path / store).page_pictures for store in ("here", "there")]
    assert [path.read_bytes() for path in pictures[0].values()] == [path.read_bytes() for path in pictures[1].values()]
    assert len(pictures[0]) == 1
    dumps = []
    for store in ("here", "there"):
        assert run("dump", "--store", tmp_path / store, "-o", tmp_path / f"dump-{store}").returncode == 0
        files = sorted((tmp_path / f"dump-{store}").glob("*.nq.gz"))
        quads = {line for file in files for line in gzip.decompress(file.read_bytes()).splitlines()}
        dumps.append({quad for quad in quads if b"_:" not in quad})
    assert len(dumps[0]) > 10_000
    assert dumps[0] == dumps[1]


def test_a_source_that_cannot_be_read_costs_only_itself(tmp_path, scheduler):
    bad = tmp_path / "bad.txt"
    bad.write_text("某局 2021 年部门预算\n没有表格。", "utf-8")
    with worker(scheduler, tmp_path / "worker", "--no-nanny"):
        done = run("publish", bad, SOME[0], "--store", tmp_path / "store", "--cluster", scheduler)
    assert done.returncode == 3
    assert "has no table" in done.stderr
    assert "published 1 document as release" in done.stderr


def test_a_worker_that_may_not_start_processes_says_what_to_do(tmp_path, scheduler):
    with worker(scheduler, tmp_path / "worker", "--nanny"):
        done = run("publish", SOME[0], "--store", tmp_path / "store", "--cluster", scheduler)
    assert done.returncode == 2
    assert "--no-nanny" in done.stderr
    assert not (tmp_path / "store" / "current").exists()


def test_a_scheduler_without_workers_is_named(tmp_path, scheduler):
    done = run("publish", SOME[0], "--store", tmp_path / "store", "--cluster", scheduler)
    assert done.returncode == 2
    assert "has no worker" in done.stderr


@pytest.mark.parametrize(
    ("address", "message"),
    [("tcp://127.0.0.1:9", "no Dask scheduler answers there"), ("nowhere:8786", "not the address of a Dask scheduler")],
)
def test_an_address_without_a_scheduler_is_named(tmp_path, address, message):
    done = run("publish", SOME[0], "--store", tmp_path / "store", "--cluster", address)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
