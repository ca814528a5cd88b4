"""Cells with amounts -> figures, and figures -> data sets."""

import re
from collections.abc import Iterator
from dataclasses import replace

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.amounts import (
    PrintedNumber,
    counting_unit,
    is_dash,
    parse_number,
    printed_step,
    to_yuan,
)
from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.bodies.title_scope import compared_phase
from budgetgraph.converter.budget import COUNTS, NEEDED, STOCKS, STRUCTURES, TOTAL, DataSet, Figure, Place
from budgetgraph.converter.extraction.classes.government import DIMENSION as GOVERNMENT_CLASS
from budgetgraph.converter.extraction.classes.rows import RowMeaning
from budgetgraph.converter.extraction.misreading import awaits_sum, is_named
from budgetgraph.converter.extraction.table_state import (
    Extraction,
    Panel,
    report_shared,
    report_undated,
    report_unknown_row,
)
from budgetgraph.converter.extraction.units.unit_rows import base_panels
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.captions import Caption
from budgetgraph.converter.layouts.header_words import PARTED
from budgetgraph.converter.narrative.assets import reference_date
from budgetgraph.converter.problems import Severity
from budgetgraph.converter.profiles import ColumnSpec

#: A header that says that its budget is the one of the start of the year.
_FIRST_BUDGET = re.compile("年初|批复")
#: The budget after all adjustments in a final account; in a budget it may be that of the whole year.
_WHOLE_YEAR = re.compile("全年预算(?!执行)")

#: An amount is converted when its reader is at least this sure of its text and its column ...
SURE = 0.75
#: ... and at least this sure of the code and label of its row.
SURE_WORDS = 0.5


def read_amount(
    work: Extraction, meaning: RowMeaning, column: ColumnSpec, cell: Cell, section: str | None, words: set[int]
) -> None:
    """Make a figure of an amount's cell, or list the cell with the reason why it is none.

    section  id of the data set that the row belongs to, when its meaning does not name another
    words    columns that say what a row is about
    """
    number = _number(work, meaning, cell, section, words)
    placed = _placed(work, meaning, column, cell, section) if number else None
    if number is None or placed is None:
        return
    target, dimensions = placed
    key = (target, frozenset(dimensions.items()))
    if (first := work.seen.get(key)) and is_dash(first.text) and number.state != "dash":
        work.reject(first, Reason.DUPLICATE)  # a dash over the line that has the amount says nothing
        work.figures[target] = [f for f in work.figures[target] if f.place.locator != first.locator]
    elif first:
        _refuse_repeated(work, meaning, cell, first, target, words)
        return
    work.seen[key] = cell
    if meaning.of_which or column.of_which:
        work.of_which |= {(target.section, name, dimensions[name]) for name in PARTED if name in dimensions}
    if meaning.only_below:
        work.of_which |= {(target.section, name, value) for name, value in meaning.dimensions.items()}
    if column.part:
        work.of_which |= {(target.section, name, value) for name, value in column.dimensions.items()}
    work.book(cell, "amount")
    work.ledger.convert(cell, "observation")
    if awaits_sum(work, cell):
        work.awaited.add(cell.locator)
    is_count = work.structures[target.section] in COUNTS
    work.numbers.setdefault(target, []).append(number)
    work.figures.setdefault(target, []).append(
        Figure(
            dimensions,
            number.value if is_count else to_yuan(number.value, work.multiplier or 0),
            cell.text.strip(),
            meaning.label,
            Place(cell.locator, work.identity, cell.row + 1, cell.column + 1),
            code=meaning.code,
            unit=_counted(work, meaning, cell) if is_count else None,
        )
    )


def _number(
    work: Extraction, meaning: RowMeaning, cell: Cell, section: str | None, words: set[int]
) -> PrintedNumber | None:
    """Return the number of a cell that may be converted; None of others, which are listed."""
    if _is_shared(work, cell, words):
        report_shared(work, meaning, cell)
        return None
    number = parse_number(cell.text)
    if number is None:
        work.reject(cell, Reason.UNPARSABLE)
        work.problem(
            "unparsable-number",
            Severity.ERROR,
            f"{cell.text.strip()!r} in row {meaning.code or meaning.label!r} is no number; it is not converted. "
            "Compare it with the publication.",
            cell,
        )
        return None
    row, structure = work.table.grid.rows[cell.row], work.structures[meaning.section or section]
    if (
        (cell.confidence < SURE and not awaits_sum(work, cell))
        or any(row[c].confidence < SURE_WORDS for c in words if not row[c].is_blank)
        or not is_named(work, meaning, row, words, structure)
    ):
        work.unsure.append(cell)
        work.reject(cell, Reason.LOW_CONFIDENCE)
        return None
    is_count = structure in COUNTS
    if is_count and number.state == "dash":
        work.book(cell, "text")  # a count that does not apply is none
        return None
    if work.refused or (work.multiplier is None and not is_count):
        work.reject(cell, work.refused or Reason.MISSING_UNIT)
        return None
    if is_count and (number.places or number.value < 0):
        _refuse_fraction(work, meaning, cell)
        return None
    return number


def _placed(
    work: Extraction, meaning: RowMeaning, column: ColumnSpec, cell: Cell, section: str | None
) -> tuple[Panel, dict[str, str]] | None:
    """Return the data set and the dimensions of a figure; None where its structure has none such, which is listed."""
    target = _panel(work, column, meaning.section or section, meaning.unit or work.whole)
    if target is None:
        report_undated(work, column, cell)
        return None
    dimensions = {**meaning.dimensions, **column.dimensions}
    dimensions = {name: value for name, value in dimensions.items() if value != TOTAL}
    structure = work.structures[target.section]
    if "fund" in dimensions and "fund" not in STRUCTURES[structure]:
        target = replace(target, fund=dimensions.pop("fund"))
    if "recipient" in dimensions:
        target = replace(target, recipient=dimensions.pop("recipient"))
    needed = NEEDED.get(structure)
    known = {*STRUCTURES[structure], GOVERNMENT_CLASS}
    if (needed and needed not in dimensions) or not dimensions.keys() <= known:
        row = work.table.grid.rows[cell.row]
        report_unknown_row(work, meaning.code or "", meaning.label, row, [(column, cell)])
        return None
    return target, dimensions


def _counted(work: Extraction, meaning: RowMeaning, cell: Cell) -> str | None:
    """Return the unit of a count as the row prints it, or the column, in whose path a printed "/" is a "|"."""
    return counting_unit(meaning.label) or counting_unit(work.paths[cell.column].replace("|", "/"))


def _refuse_fraction(work: Extraction, meaning: RowMeaning, cell: Cell) -> None:
    work.reject(cell, Reason.UNPARSABLE)
    work.problem(
        "fractional-quantity",
        Severity.ERROR,
        f"{cell.text.strip()!r} in row {meaning.label!r} is no whole number, and counts are; it is not converted. "
        "Compare it with the publication.",
        cell,
    )


def _refuse_repeated(
    work: Extraction, meaning: RowMeaning, cell: Cell, first: Cell, target: Panel, words: set[int]
) -> None:
    """List an amount whose key has one already, and take that back too: which is right, or their sum, is not known.

    A total may stand twice with one value, and so may a row that is the same.
    """
    as_well = ""
    apart = bool(meaning.dimensions) and _is_told_apart(work, cell, first, words)
    if meaning.code or apart or parse_number(cell.text) != parse_number(first.text):
        as_well = f", nor is {first.text.strip()!r}"
        work.reject(first, Reason.REPEATED_ROW)
        work.figures[target] = [f for f in work.figures[target] if f.place.locator != first.locator]
    work.reject(cell, Reason.REPEATED_ROW if as_well else Reason.DUPLICATE)
    work.problem(
        "duplicate-row",
        Severity.ERROR if as_well else Severity.INFO,
        f"row {meaning.code or meaning.label!r} stands twice; the amount {cell.text.strip()!r} "
        f"{f'is not converted{as_well}' if as_well else 'counts once'} (the first is at {first.locator})",
        cell,
    )


def _is_told_apart(work: Extraction, cell: Cell, first: Cell, words: set[int]) -> bool:
    """Tell whether two rows differ in a column that is not read, beside what they are about: they may be parts."""
    columns = [(column, index) for _, placed in work.match.panes for column, index in placed]
    others = [index for column, index in columns if column.role == "amount" and index < min(words, default=0)]
    unread = set(range(max(others, default=-1) + 1, cell.column)) - {index for _, index in columns}
    grid = work.table.grid
    return any(grid.text_down(grid.rows[first.row][c]) != grid.text_down(grid.rows[cell.row][c]) for c in unread)


def _panel(work: Extraction, column: ColumnSpec, section: str | None, unit: str | None) -> Panel | None:
    """Return the data set that a column's figures go to; None where it names another year, and nothing a phase."""
    year = column.year or work.year - column.years_before
    phase = column.phase or (work.phase if year == work.year else None)
    if phase == "budget" and column.phase and year == work.year and not _FIRST_BUDGET.search(min(column.headers)):
        phase = work.stated_phase
    if phase == "adjusted" and work.phase == "budget" and any(map(_WHOLE_YEAR.search, work.paths)):
        phase = _phase_of_whole_year(work, year)
    if phase is None and compared_phase(work.title) == work.phase:
        phase = work.phase
    if phase is None:
        return None
    return Panel(section, None if year == work.year else year, None if phase == work.phase else phase, unit)


def _phase_of_whole_year(work: Extraction, year: int) -> str | None:
    """Return the phase of a column 全年预算 in a budget: beside another budget of its year it is the adjusted one.

    Alone it is the budget of the publication's year; of a year before it may be either, which is None.
    """
    columns = [c for _, columns in work.match.panes for c, _ in columns if c.role == "amount"]
    beside = (c.phase for c in columns if (c.year or work.year - c.years_before) == year)
    if "budget" in beside or "调整" in work.title:
        return "adjusted"
    return "budget" if year == work.year else None


def _is_shared(work: Extraction, cell: Cell, words: set[int]) -> bool:
    """Tell whether an amount's cell covers several columns, or several rows that are about different things."""
    beside = set(work.paths[cell.column : cell.column + cell.colspan]) - {""}
    below = work.table.grid.rows[cell.row + 1 : cell.row + cell.rowspan]
    return len(beside) > 1 or any(not row[column].is_blank for row in below for column in words)


def data_sets(work: Extraction, caption: Caption) -> Iterator[DataSet]:
    """Yield the data sets of a table that has been read; of an empty table the first panel."""
    spec = work.match.spec
    empty = not any(work.figures.values())
    wholes = base_panels(work)
    for whole in wholes:
        work.figures.setdefault(whole, [])
    for panel, figures in work.figures.items():
        if not figures and panel not in wholes and not (empty and panel == next(iter(work.figures))):
            continue
        multiplier = 0 if work.structures[panel.section] in COUNTS else work.multiplier or 0
        yield DataSet(
            id=_name(work, panel),
            structure=work.structures[panel.section],
            title=work.title,
            figures=tuple(figures),
            table=work.identity,
            table_number=caption.number.text if caption.number else None,
            table_kind=work.kinds[panel.section],
            multiplier=multiplier,
            step=printed_step(work.numbers.get(panel, ()), multiplier),
            fund=panel.fund or spec.fund,
            reference_date=reference_date(fold(work.title)) if work.structures[panel.section] in STOCKS else None,
            declared_empty=empty and not any(r == "text" for r in work.roles.values()),
            year=panel.year,
            phase=panel.phase,
            unit=panel.unit,
            recipient=panel.recipient,
            part_of=_name(work, replace(panel, unit=None)) if panel.unit else None,
            lines=tuple(work.lines.get(panel.section, ())) if figures else (),
        )


def _name(work: Extraction, panel: Panel) -> str:
    return f"{work.identity}-{panel.suffix}" if panel.suffix else work.identity
