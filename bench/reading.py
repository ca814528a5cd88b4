"""One reader in a process of its own, for `readers.py`: it imports nothing that the reader does not need.

python bench/reading.py READER PATH REPEATS
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

AMOUNT = re.compile(r"-?\d[\d,]*\.\d+")
#: What is counted: rows of amounts, or cells with their place.
Found = Counter[str]


def rows_of_amounts(tables: Iterable[Iterable[Iterable[str | None]]]) -> Found:
    rows = ([t.strip() for t in row if t and AMOUNT.fullmatch(t.strip())] for table in tables for row in table)
    return Counter(" ".join(row) for row in rows if row)


def files(path: Path) -> list[Path]:
    """Return the PDFs of a publication, which is a folder or a file."""
    return sorted(path.glob("*.pdf")) if path.is_dir() else [path]


def own_pdf(path: Path) -> Callable[[], Found]:
    from budgetgraph.converter.blocks import Grid
    from budgetgraph.converter.readers.pdf import PdfReader

    blocks = [block for file in files(path) for block in PdfReader().read(file.read_bytes(), file.name)]
    return lambda: rows_of_amounts([[c.text for c in row] for row in b.rows] for b in blocks if isinstance(b, Grid))


def pdfplumber(path: Path) -> Callable[[], Found]:
    import pdfplumber

    tables = []
    for file in files(path):
        with pdfplumber.open(file) as document:
            tables += [table for page in document.pages for table in page.extract_tables()]
    return lambda: rows_of_amounts(tables)


def camelot(path: Path) -> Callable[[], Found]:
    from importlib import import_module

    tables = [
        table
        for file in files(path)
        for table in import_module("camelot").read_pdf(str(file), pages="all", flavor="lattice", suppress_stdout=True)
    ]
    return lambda: rows_of_amounts(table.df.values.tolist() for table in tables)


def own_xlsx(path: Path) -> Callable[[], Found]:
    """Read all sheets and leave the cells unmade: what is handed on from the process that reads."""
    from budgetgraph.converter.readers.spreadsheet import WorkbookReader

    blocks = WorkbookReader().read(path.read_bytes(), path.name)
    return lambda: Counter({"": len(blocks)})


def own_xlsx_cells(path: Path) -> Callable[[], Found]:
    """Read all sheets and make every cell; like openpyxl's they work out their place when it is asked for."""
    from budgetgraph.converter.blocks import Grid
    from budgetgraph.converter.readers.spreadsheet import WorkbookReader

    blocks = WorkbookReader().read(path.read_bytes(), path.name)
    cells = [cell for block in blocks if isinstance(block, Grid) for cell in block.cells()]
    return lambda: Counter(f"{c.locator.sheet}!{c.locator.ref} {c.text}" for c in cells if AMOUNT.fullmatch(c.text))


def own_xlsx_places(path: Path) -> Callable[[], Found]:
    """Read all sheets, make every cell and its place."""
    from budgetgraph.converter.blocks import Grid
    from budgetgraph.converter.readers.spreadsheet import WorkbookReader

    blocks = WorkbookReader().read(path.read_bytes(), path.name)
    cells = [(cell.locator, cell) for block in blocks if isinstance(block, Grid) for cell in block.cells()]
    return lambda: Counter(f"{p.sheet}!{p.ref} {c.text}" for p, c in cells if AMOUNT.fullmatch(c.text))


def openpyxl(path: Path) -> Callable[[], Found]:
    """Read all cells. What they show is worked out afterwards, for formats with two places, and not measured."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    return lambda: _counted((cell.coordinate, cell) for cell in cells)


def openpyxl_places(path: Path) -> Callable[[], Found]:
    """Read all cells and their coordinates."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    cells = [(cell.coordinate, cell) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    return lambda: _counted(cells)


def _counted(cells: Iterable[tuple[str, Any]]) -> Found:
    return Counter(f"{c.parent.title}!{place} {text}" for place, c in cells if AMOUNT.fullmatch(text := _shown(c)))


def _shown(cell: Any) -> str:
    from decimal import ROUND_HALF_UP, Decimal

    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "0.00" in cell.number_format:
        amount = Decimal(f"{value:.15g}").quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{amount:,}" if "," in cell.number_format else str(amount)
    return value.strip() if isinstance(value, str) else ""


READERS: dict[str, Callable[[Path], Callable[[], Found]]] = {
    "budgetgraph": own_pdf,
    "pdfplumber": pdfplumber,
    "camelot": camelot,
    "budgetgraph, rows": own_xlsx,
    "budgetgraph, cells": own_xlsx_cells,
    "openpyxl": openpyxl,
    "budgetgraph, cells and places": own_xlsx_places,
    "openpyxl, cells and places": openpyxl_places,
}


def run_one(reader: str, path: Path, repeats: int) -> None:
    """Read a file in this process and print what it took and what was found; without repeats, only read it."""
    read = READERS[reader]
    times = []
    for _ in range(1 + repeats):
        start = time.process_time()
        found = read(path)
        times.append(time.process_time() - start)
        if len(times) == 1:
            memory, counted = _peak_memory(), found() if repeats else {}
        del found
    json.dump({"further": min(times[1:] or times), "memory": memory, "found": counted}, sys.stdout)


def _peak_memory() -> float:
    """Return the MiB at the peak of this process. The kernel's figure for ended children begins at their parent's."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))


if __name__ == "__main__":
    run_one(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
