"""What recognition may have misread in the tables of a scan, however sure it is of it: codes, amounts.

A code that names another line than its row says is not sure. An amount that recognition is not sure of counts where a
sum confirms it. No sum tells a misread unit, which makes all figures of a table wrong: the other tables do.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.blocks import Cell, Grid, Paragraph
from budgetgraph.converter.budget import LINES
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.extraction.classes.rows import RowMeaning
from budgetgraph.converter.extraction.table_state import Extraction
from budgetgraph.converter.identifiers import SCHEMES
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.captions import Caption
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.readers import Document
from budgetgraph.converter.readers.scan.recognition import RECOGNISED_PAGE
from budgetgraph.ontology.codelists import scheme
from budgetgraph.ontology.codelists.labels import candidates

#: A recognised amount of which recognition is less sure than this counts where a sum confirms it ...
SURE_ALONE = 0.9
#: ... and where a cell of its row is surer than a table without ruled lines ever is: its place is not in doubt.
SURE_PLACE = 0.9
#: A unit line is surely read when recognition is at least this sure of it.
SURE_UNIT = 0.75
#: So many unit lines of a file that say the same are not misread, though none of them is sure.
AGREEING = 3
_YEAR = re.compile(r"(?<!\d)20\d{2}(?=年)", re.ASCII)
_CLASSES = {"functionalClass", "economicClass", "govEconomicClass"}


def awaits_sum(work: Extraction, cell: Cell) -> bool:
    """Tell whether an amount counts only where a sum confirms it: its text is in doubt, its place is not."""
    if not work.table.is_recognised or cell.confidence >= SURE_ALONE:
        return False
    row = work.table.grid.rows[cell.row]
    return any(other.confidence > SURE_PLACE for other in row if other is not cell and not other.is_blank)


def is_named(
    work: Extraction, meaning: RowMeaning, row: Sequence[Cell], words: Collection[int], structure: str
) -> bool:
    """Tell whether the code lists call the codes of a recognised row by the names that stand beside them.

    One misread digit makes a code that of another line, and of sums that still close. A line of a table of projects or
    purchases has a name of its own; there recognition must be sure of the code.
    """
    cells = [row[column] for column in words if not row[column].is_blank and row[column].confidence < 1]
    if not work.table.is_recognised or not cells:
        return True
    names = {meaning.label, *(cell.text for cell in cells)}
    for dimension in _CLASSES & meaning.dimensions.keys():
        code, known = meaning.dimensions[dimension], scheme(SCHEMES[dimension].removesuffix("/{year}"), work.year)
        printed = [cell for cell in cells if code in (meaning.code, fold(cell.text))]
        if not printed or any(code in candidates(known, name) for name in names):
            continue
        is_sure = all(cell.confidence >= SURE_ALONE for cell in cells if fold(cell.text).isdecimal())
        if code not in known or structure not in LINES or not is_sure:
            return False
    return True


def unit_doubts(tables: Sequence[tuple[Stitched, Caption]]) -> list[str]:
    """Return for each table of a file why its unit line may be misread, "" where nothing speaks against it.

    A recognised unit is that of most tables of the file; and one of its lines is surely read, or several agree.
    """
    stated = [parse_unit(caption.unit.text) if caption.unit else None for _, caption in tables]
    votes = Counter(unit for unit in stated if unit)
    sure = {unit for unit, (_, caption) in zip(stated, tables, strict=True) if caption.unit and _is_sure(caption.unit)}
    doubts = []
    for unit, (table, caption) in zip(stated, tables, strict=True):
        doubt = ""
        if unit and caption.unit and table.is_recognised and caption.unit.confidence < 1:
            if 2 * votes[unit] <= votes.total():
                doubt = f"its unit is recognised as {unit[0]}, which most tables of the file do not state"
            elif unit not in sure and votes[unit] < AGREEING:
                doubt = f"its unit is recognised as {unit[0]}, which is not sure"
        doubts.append(doubt)
    return doubts


def _is_sure(line: Paragraph) -> bool:
    return line.confidence >= SURE_UNIT


def check_recognised_year(documents: Sequence[Document], year: int, title: str | None) -> None:
    """Raise SourceError when the fiscal year may be misread: one recognised text has it, and others print another.

    title  of the publication, where it is given beside its files
    """
    recognised = any(problem.code == RECOGNISED_PAGE for document in documents for problem in document.problems)
    if not recognised or (title and str(year) in title):
        return
    printed: dict[int, list[float]] = defaultdict(list)
    for block in (block for document in documents for block in document.blocks):
        for each in block.cells() if isinstance(block, Grid) else (block,):
            for found in set(_YEAR.findall(fold(each.text))):
                printed[int(found)].append(each.confidence)
    others = sorted(printed.keys() - {year})
    if len(printed[year]) == 1 and printed[year][0] < 1 and others:
        names = ", ".join(document.name for document in documents)
        raise SourceError(
            f"{names}: its year is recognised as {year} in one line, and other lines print "
            f"{', '.join(map(str, others))}, so it may be misread. Give the title in a publication.yaml."
        )
