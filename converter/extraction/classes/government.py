"""The classification of governments (政府预算支出经济分类) beside that of departments, in one row.

Most tables name one class of governments for each departmental class: it is then a note on the figure. Where one
departmental class stands beside several, as in departments with offices and institutions, both make the key.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from budgetgraph.converter.blocks import Cell, Grid
from budgetgraph.converter.budget import TOTAL, Figure
from budgetgraph.converter.extraction.classes.rows import code_and_name, join_code
from budgetgraph.converter.extraction.table_state import Extraction
from budgetgraph.converter.profiles import ColumnSpec
from budgetgraph.ontology.codelists import find

#: Roles of the columns that name a class of governments beside the departmental one.
ROLES = ("gov-code", "gov-label")

#: Structure of figures whose key has a class of governments.
STRUCTURE = "expenditure-by-government-class"
#: Part of the keys of all figures until `settle_classes` decides what it is.
DIMENSION = "govEconomicClass"
_CODE = re.compile(r"5\d{2}(?:\d{2})?\Z", re.ASCII)


def government_class(grid: Grid, cells: Mapping[str, Sequence[tuple[ColumnSpec, Cell]]], year: int) -> tuple[str, str]:
    """Return the class of governments that a row names, "" where it names none, and the words of its cell.

    A code that is none of the classification is returned as it stands. A merged cell holds for all rows it spans.
    """
    texts = {role: [grid.text_down(cell) for _, cell in cells[role]] for role in ROLES}
    code = join_code(texts["gov-code"] or [""])
    label = next(filter(None, texts["gov-label"]), "")
    if not code and (found := code_and_name(label)):
        code = found[0]
    known = find("gov-economic", label, year) if label and not code else None
    return code or (known if known and known != TOTAL else ""), label


def is_government_class(code: str) -> bool:
    """Tell whether a code has the form of those of the classification: 501, 50101."""
    return _CODE.match(code) is not None


def settle_classes(work: Extraction) -> None:
    """Decide for each section of a table what its classes of governments are: notes on figures, or parts of keys."""
    for section, structure in work.structures.items():
        panels = [panel for panel in work.figures if panel.section == section]
        figures = [figure for panel in panels for figure in work.figures[panel]]
        if structure != "expenditure" or not any(DIMENSION in figure.dimensions for figure in figures):
            continue
        if all(_is_note(work.figures[panel]) for panel in panels):
            for panel in panels:
                work.figures[panel] = [_noted(figure) for figure in work.figures[panel]]
        else:
            work.structures[section] = STRUCTURE


def _is_note(figures: Sequence[Figure]) -> bool:
    keys = {frozenset(_noted(figure).dimensions.items()) for figure in figures}
    bare = any(DIMENSION in f.dimensions and "economicClass" not in f.dimensions for f in figures)
    return not bare and len(keys) == len(figures)


def _noted(figure: Figure) -> Figure:
    dimensions = {name: value for name, value in figure.dimensions.items() if name != DIMENSION}
    return replace(figure, dimensions=dimensions, government_class=figure.dimensions.get(DIMENSION))
