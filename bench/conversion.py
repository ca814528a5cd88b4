"""CPU time of one whole conversion, start-up included.

Prints the median over several runs; run with `make bench`. CPU seconds, not wall time: they hold on a busy machine.
"""

import resource
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PUBLICATION = ROOT / "data" / "publications" / "wuhan-jingkai-party-office-2021"
RUNS = 5


def conversion() -> float:
    """Return the CPU seconds of `budgetgraph convert` on the shipped publication."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "budgetgraph.cli", "convert", str(PUBLICATION)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    seconds = [conversion() for _ in range(RUNS)]
    print(f"convert one publication, start-up included: median {statistics.median(seconds):.2f} CPU s of {RUNS} runs")


if __name__ == "__main__":
    main()
