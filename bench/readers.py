"""CPU time, accuracy and memory of the readers: PDF against pdfplumber and camelot, XLSX against openpyxl.

    python bench/readers.py CORPUS [--peers DIR] [--quick]

CORPUS is a folder of publications as they were published, each in a folder of the name that it has in
`data/publications`. Each reader reads each file in a process of its own: the whole process is measured, and in it the
best of REPEATS further readings (of camelot, which takes 10 seconds, the first one). A row of amounts is right when a
reader gives the amounts of one row of the tables in `data/publications` in their order, and nothing else, as one row.
Workbooks are written here: the same tables, and 240,000 cells; there a right cell has the right text at the right
place. The first PDF is repeated to 500 pages. DIR keeps the environment of the peers (readers-peers.txt), which is made
when it is missing.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
SHIPPED = HERE.parent.parent / "data" / "publications"
RUNS, REPEATS = 3, 3
PAGES = (50, 100, 250, 500)
ROWS, COLUMNS = 20_000, 12
DOCUMENTS = (
    "putuo-finance-bureau-2025/document.pdf",
    "putuo-wanli-subdistrict-2023/document.pdf",
    "jiangsu-party-office-2019/tables.pdf",
    "jiangsu-cppcc-office-2017/tables.pdf",
)
TEMPLATE = "template-shanghai-department-budget-blank.xlsx"

AMOUNT = re.compile(r"-?\d[\d,]*\.\d+")
#: What is counted: rows of amounts, or cells with their place.
Found = Counter[str]


def rows_of_amounts(tables: Iterable[Iterable[Iterable[str | None]]]) -> Found:
    rows = ([t.strip() for t in row if t and AMOUNT.fullmatch(t.strip())] for table in tables for row in table)
    return Counter(" ".join(row) for row in rows if row)


def own_pdf(path: Path) -> Callable[[], Found]:
    from budgetgraph.converter.blocks import Grid
    from budgetgraph.converter.readers.pdf import PdfReader

    blocks = PdfReader().read(path.read_bytes(), path.name)
    return lambda: rows_of_amounts([[c.text for c in row] for row in b.rows] for b in blocks if isinstance(b, Grid))


def pdfplumber(path: Path) -> Callable[[], Found]:
    import pdfplumber

    with pdfplumber.open(path) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
    return lambda: rows_of_amounts(tables)


def camelot(path: Path) -> Callable[[], Found]:
    from importlib import import_module

    tables = import_module("camelot").read_pdf(str(path), pages="all", flavor="lattice", suppress_stdout=True)
    return lambda: rows_of_amounts(table.df.values.tolist() for table in tables)


def own_xlsx(path: Path) -> Callable[[], Found]:
    """Read all sheets; every cell is made, as openpyxl does, though the converter's process of reading needs none."""
    from budgetgraph.converter.blocks import Grid
    from budgetgraph.converter.readers.spreadsheet import WorkbookReader

    blocks = WorkbookReader().read(path.read_bytes(), path.name)
    cells = [cell for block in blocks if isinstance(block, Grid) for cell in block.cells()]
    return lambda: Counter(f"{c.locator.sheet}!{c.locator.ref} {c.text}" for c in cells if AMOUNT.fullmatch(c.text))


def own_xlsx_rows(path: Path) -> Callable[[], Found]:
    """Read all sheets and leave the cells unmade: what is handed on from the process that reads."""
    from budgetgraph.converter.readers.spreadsheet import WorkbookReader

    blocks = WorkbookReader().read(path.read_bytes(), path.name)
    return lambda: Counter({"": len(blocks)})


def openpyxl(path: Path) -> Callable[[], Found]:
    """Read all cells. What they show is worked out afterwards, for formats with two places, and not measured."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    return lambda: Counter(
        f"{cell.parent.title}!{cell.coordinate} {text}" for cell in cells if AMOUNT.fullmatch(text := _shown(cell))
    )


def _shown(cell: Any) -> str:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "0.00" in cell.number_format:
        amount = Decimal(f"{value:.15g}").quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{amount:,}" if "," in cell.number_format else str(amount)
    return value.strip() if isinstance(value, str) else ""


READERS: dict[str, Callable[[Path], Callable[[], Found]]] = {
    "budgetgraph": own_pdf,
    "pdfplumber": pdfplumber,
    "camelot": camelot,
    "budgetgraph, all cells": own_xlsx,
    "budgetgraph, rows": own_xlsx_rows,
    "openpyxl": openpyxl,
}


def run_one(reader: str, path: Path, repeats: int) -> None:
    """Read a file in this process and print what it took and what was found."""
    read = READERS[reader]
    times = []
    for _ in range(1 + repeats):
        start = time.process_time()
        found = read(path)
        times.append(time.process_time() - start)
        if len(times) == 1:
            counted, memory = found(), _peak_memory()
        del found
    json.dump({"first": times[0], "further": min(times[1:] or times), "memory": memory, "found": counted}, sys.stdout)


def _peak_memory() -> float:
    """Return the MiB at the peak of this process. The kernel's figure for ended children begins at their parent's."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


def measured(reader: str, path: Path, python: str, repeats: int = REPEATS) -> dict[str, Any]:
    """Return what `run_one` says of a process of its own, and the CPU seconds of a process that reads once."""
    whole, answer = 0.0, {}
    for times in sorted({0, repeats}):
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            command = [python, str(HERE), str(path), "--run", reader, "--repeats", str(times)]
            process = subprocess.Popen(command, stdout=output, stderr=errors)
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
    for _ in range(runs):
        for reader, python in pythons.items():
            results[reader].append(measured(reader, path, python, 0 if reader == "camelot" else REPEATS))
    own = {key: statistics.median(r[key] for r in results[next(iter(pythons))]) for key in ("whole", "further")}
    for reader, answers in results.items():
        whole, further = (statistics.median(r[key] for r in answers) for key in ("whole", "further"))
        found = Counter(answers[0]["found"])
        right = f"{(found & wanted).total() / wanted.total():.1%}" if wanted and "" not in found else "-"
        print(
            f"| {path.parent.name}/{path.name} | {reader} | {whole:.2f} | {whole / own['whole']:.1f} | {further:.3f} | "
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
    parser.add_argument("--run", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run_one(options.run, options.corpus, options.repeats)
        return
    peer = environment(options.peers.resolve()) if options.peers else sys.executable
    pdf_peers = {"pdfplumber": peer, **({"camelot": peer} if options.peers else {})}
    runs = 1 if options.quick else RUNS
    print("| file | reader | whole CPU s | times | read CPU s | times | MiB | right |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in DOCUMENTS:
            wanted = shipped_rows(Path(name).parent.name)
            compare(options.corpus / name, {"budgetgraph": sys.executable, **pdf_peers}, wanted, runs)
        xlsx = {"budgetgraph, all cells": sys.executable, "budgetgraph, rows": sys.executable, "openpyxl": peer}
        compare(options.corpus / TEMPLATE, xlsx, Counter(), runs)
        for name, sheets in (
            ("tables.xlsx", published_sheets(Path(DOCUMENTS[0]).parent.name)),
            ("large.xlsx", [("表1", large_sheet())]),
        ):
            target = Path(folder, name)
            compare(target, xlsx, workbook(target, sheets), runs)
        print("\n| pages | CPU s | MiB |\n|---|---|---|")
        for pages in PAGES:
            target = Path(folder, f"{pages}.pdf")
            repeated(options.corpus / DOCUMENTS[0], pages, target)
            result = measured("budgetgraph", target, sys.executable, repeats=0)
            print(f"| {pages} | {result['whole']:.2f} | {result['memory']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
