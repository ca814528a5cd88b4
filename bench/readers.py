"""CPU time, accuracy and memory of the readers: PDF against pdfplumber and camelot, XLSX against openpyxl.

    python bench/readers.py CORPUS [--peers DIR] [--quick] [--xlsx]

CORPUS is a folder of publications as they were published, each in a folder of the name that it has in
`data/publications`. Each reader reads each publication, all its files, in a process of its own (`reading.py`): the
whole process is measured, which reads and ends, and in another one the best of REPEATS further readings (one of
camelot, which takes 10 seconds).
A row of amounts is right when a reader gives the amounts of one row of the tables in `data/publications` in their
order, and nothing else, as one row. Workbooks are written here: the same tables, and 240,000 cells; there a right cell
has the right text at the right place. The first PDF is repeated to 500 pages. DIR keeps the environment of the peers
(readers-peers.txt), which is made when it is missing.

Python keeps what it has compiled of every reader, as it does of installed packages: a first process, which is not
measured, compiles it.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from reading import Found, rows_of_amounts

HERE = Path(__file__).resolve()
SHIPPED = HERE.parent.parent / "data" / "publications"
RUNS, REPEATS = 3, 3
#: Of workbooks that are read in milliseconds, as a run takes seconds and their times vary by a third.
SMALL_RUNS = 7
PAGES = (50, 100, 250, 500)
ROWS, COLUMNS = 20_000, 12
#: Publications of one file, and of a narrative and tables.
PUBLICATIONS = (
    "putuo-finance-bureau-2025",
    "putuo-wanli-subdistrict-2023",
    "putuo-wanli-subdistrict-2025",
    "putuo-government-office-department-2025",
    "putuo-government-office-unit-2025",
    "jiangsu-party-office-2019",
    "jiangsu-peoples-congress-office-2019",
    "jiangsu-party-office-2017",
    "jiangsu-cppcc-office-2017",
    "jiangsu-cppcc-office-2017/tables.pdf",
)
#: The environment of the processes that read.
COMPILED = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
TEMPLATE = "template-shanghai-department-budget-blank.xlsx"


def measured(reader: str, path: Path, python: str, repeats: int = REPEATS) -> dict[str, Any]:
    """Return what `run_one` says of a process of its own, and the CPU seconds of a process that reads once."""
    whole, answer = 0.0, {}
    for times in sorted({0, repeats}):  # the first only reads: what it finds is counted in the other
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            command = [python, str(HERE.with_name("reading.py")), reader, str(path), str(times)]
            process = subprocess.Popen(command, stdout=output, stderr=errors, env=COMPILED)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                errors.seek(0)
                raise SystemExit(f"{reader} failed at {path}: {errors.read()[-2000:].decode()}")
            output.seek(0)
            answer = json.load(output)
        whole = whole or usage.ru_utime + usage.ru_stime
    return answer | {"whole": whole}


def compare(path: Path, pythons: dict[str, str], wanted: Found, runs: int) -> None:
    """Print a line for each reader: medians of runs in turn, as ratios to the last, and what is right."""
    results: dict[str, list[dict[str, Any]]] = {reader: [] for reader in pythons}
    for reader, python in pythons.items():
        measured(reader, path, python, 0) if reader != "camelot" else None
    for _ in range(runs):
        for reader, python in pythons.items():
            results[reader].append(measured(reader, path, python, 1 if reader == "camelot" else REPEATS))
    own = {key: statistics.median(r[key] for r in results[next(iter(pythons))]) for key in ("whole", "further")}
    for reader, answers in results.items():
        whole, further = (statistics.median(r[key] for r in answers) for key in ("whole", "further"))
        found = Counter(answers[0]["found"])
        right = f"{(found & wanted).total() / wanted.total():.1%}" if wanted and "" not in found else "-"
        name = path.name if path.is_dir() else f"{path.parent.name}/{path.name}"
        print(
            f"| {name} | {reader} | {whole:.2f} | {whole / own['whole']:.1f} | {further:.4f} | "
            f"{further / own['further']:.1f} | {answers[0]['memory']:.0f} | {right} |",
            flush=True,
        )


def shipped_rows(publication: str) -> Found:
    from budgetgraph.converter.blocks import Grid
    from budgetgraph.converter.readers import read_document

    blocks = read_document(SHIPPED / publication / "tables.html").blocks
    return rows_of_amounts([[c.text for c in row] for row in block.rows] for block in blocks if isinstance(block, Grid))


def workbook(target: Path, tables: Sequence[tuple[str, list[list[str | float]]]]) -> Found:
    """Write sheets with borders, amounts as numbers with a format; return the cells that show an amount."""
    import xlsxwriter

    wanted: Found = Counter()
    with xlsxwriter.Workbook(target) as book:
        plain, amount = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "#,##0.00"})
        for name, rows in tables:
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(r, c, value, plain)
                    else:
                        sheet.write_number(r, c, value, amount)
                        shown = Decimal(f"{value:.15g}").quantize(Decimal("0.01"), ROUND_HALF_UP)
                        wanted[f"{name}!{xlsxwriter.utility.xl_rowcol_to_cell(r, c)} {shown:,}"] += 1
    return wanted


def published_sheets(publication: str) -> list[tuple[str, list[list[str | float]]]]:
    from budgetgraph.converter.blocks import Grid
    from budgetgraph.converter.readers import read_document

    grids = [b for b in read_document(SHIPPED / publication / "tables.html").blocks if isinstance(b, Grid)]
    number = re.compile(r"-?[\d,]+\.\d{2}")
    return [
        (
            f"表{n}",
            [
                [float(c.text.replace(",", "")) if number.fullmatch(c.text) else c.text for c in row]
                for row in grid.rows
            ],
        )
        for n, grid in enumerate(grids, start=1)
    ]


def large_sheet() -> list[list[str | float]]:
    """Return rows with two texts, amounts with two places, and computed ones with all digits, by turns."""
    return [
        [
            str(2010000 + r),
            f"行政运行{r % 500}",
            *((r * COLUMNS + n) / (100 if n % 2 else 7) for n in range(COLUMNS - 2)),
        ]
        for r in range(ROWS)
    ]


def repeated(source: Path, pages: int, target: Path) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(source) as document, pypdfium2.PdfDocument.new() as made:
        count = len(document)
        for start in range(0, pages, count):
            made.import_pages(document, list(range(min(count, pages - start))))
        made.save(target)


def environment(folder: Path) -> str:
    """Return the Python of the peers, whose environment is made when it is missing."""
    python = folder / "readers" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "readers", with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "-r", str(HERE.with_name("readers-peers.txt"))], check=True
        )
    return str(python)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, metavar="CORPUS")
    parser.add_argument("--peers", type=Path, help="folder of the peers' environment; without it this one is used")
    parser.add_argument("--quick", action="store_true", help="one run instead of three")
    parser.add_argument("--xlsx", action="store_true", help="workbooks alone")
    options = parser.parse_args()
    peer = environment(options.peers.resolve()) if options.peers else sys.executable
    pdf_peers = {"pdfplumber": peer, **({"camelot": peer} if options.peers else {})}
    runs = 1 if options.quick else RUNS
    print("| file | reader | whole CPU s | times | read CPU s | times | MiB | right |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        COMPILED.update(PYTHONPYCACHEPREFIX=str(Path(folder, "compiled")))
        for name in () if options.xlsx else PUBLICATIONS:
            wanted = shipped_rows(Path(name).parts[0])
            compare(options.corpus / name, {"budgetgraph": sys.executable, **pdf_peers}, wanted, runs)
        xlsx = {
            "budgetgraph, rows": sys.executable,
            "budgetgraph, cells": sys.executable,
            "openpyxl": peer,
            "budgetgraph, cells and places": sys.executable,
            "openpyxl, cells and places": peer,
        }
        compare(options.corpus / TEMPLATE, xlsx, Counter(), SMALL_RUNS)
        for name, sheets, times in (
            ("tables.xlsx", published_sheets(PUBLICATIONS[0]), SMALL_RUNS),
            ("large.xlsx", [("表1", large_sheet())], runs),
        ):
            target = Path(folder, name)
            compare(target, xlsx, workbook(target, sheets), times)
        if options.xlsx:
            return
        print("\n| pages | CPU s | MiB |\n|---|---|---|")
        for pages in PAGES:
            target = Path(folder, f"{pages}.pdf")
            repeated(options.corpus / PUBLICATIONS[0] / "document.pdf", pages, target)
            result = measured("budgetgraph", target, sys.executable, repeats=0)
            print(f"| {pages} | {result['whole']:.2f} | {result['memory']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
