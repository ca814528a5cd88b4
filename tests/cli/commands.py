"""Running a command: in a process of its own, in this one, or as click calls it."""

import io
import signal
import subprocess
import sys
from contextlib import chdir, nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from budgetgraph.cli.main import group, main

ROOT = Path(__file__).parents[2]
PUBLICATIONS = ROOT / "data" / "publications"
PUBLICATION = PUBLICATIONS / "wuhan-jingkai-party-office-2021"
#: One without violations.
SOUND = PUBLICATIONS / "putuo-finance-bureau-2025"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "budgetgraph.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)


def here(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command in this process, with all that `main` does but its folder for temporary files.

    Starting an interpreter with what a command needs takes longer than most commands.
    """
    out, errors = io.BytesIO(), io.BytesIO()
    end = signal.getsignal(signal.SIGTERM)
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(io.TextIOWrapper(out, "utf-8", write_through=True)),
        redirect_stderr(io.TextIOWrapper(errors, "utf-8", write_through=True)),
        chdir(ROOT),
    ):
        patch.setattr(sys, "argv", ["budgetgraph", *map(str, arguments)])
        patch.setattr("budgetgraph.cli.processes.temporary_files", nullcontext)
        try:
            with pytest.raises(SystemExit) as left:
                main()
        finally:
            signal.signal(signal.SIGTERM, end)
        said = out.getvalue().decode(), errors.getvalue().decode()
    return subprocess.CompletedProcess(sys.argv, int(left.value.code or 0), *said)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(group, [*map(str, arguments)])
