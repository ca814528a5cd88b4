"""A recognised table -> data sets of figures, and the table as printed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from budgetgraph.converter.accounting.ledger import Ledger, Reason
from budgetgraph.converter.amounts import MULTIPLIERS, parse_number, parse_unit
from budgetgraph.converter.blocks import Cell, Paragraph
from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.bodies.title_scope import other_scope
from budgetgraph.converter.budget import COUNTS, LINES, DataSet, PrintedCell, PrintedTable
from budgetgraph.converter.extraction.classes.class_columns import of_the_year, settle_natures
from budgetgraph.converter.extraction.classes.class_rows import read_classes
from budgetgraph.converter.extraction.classes.government import settle_classes
from budgetgraph.converter.extraction.classes.named_classes import check_named
from budgetgraph.converter.extraction.classes.nature_rows import close_natures, part_totals
from budgetgraph.converter.extraction.classes.revenue_sources import closes, part_with, set_apart
from budgetgraph.converter.extraction.classes.staff_totals import check_people
from budgetgraph.converter.extraction.classes.three_public import settle_three_public
from budgetgraph.converter.extraction.emptiness import says_empty_note, says_table_empty
from budgetgraph.converter.extraction.figures import data_sets
from budgetgraph.converter.extraction.lines.line_tables import read_lines
from budgetgraph.converter.extraction.lines.procurement import read_procurement
from budgetgraph.converter.extraction.reconciliation import refute
from budgetgraph.converter.extraction.table_state import (
    Extraction,
    Names,
    Panel,
    report_unknown_columns,
    report_unsure,
)
from budgetgraph.converter.extraction.units.unit_rows import settle
from budgetgraph.converter.layouts.captions import Caption, says_adjusted
from budgetgraph.converter.layouts.headers import (
    column_paths,
    data_rows,
    header_depth,
    header_units,
    header_words_beside_total,
    is_column_number_row,
    units_below,
)
from budgetgraph.converter.layouts.signatures import Match
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.layouts.table_labels import year_named
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.profiles import ColumnSpec, Pane


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one table gave. `notes` are the paragraphs below it that open as notes do."""

    table: PrintedTable
    data_sets: tuple[DataSet, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Paragraph, ...] = ()


def extract(
    match: Match,
    table: Stitched,
    caption: Caption,
    identity: str,
    year: int,
    ledger: Ledger,
    phase: str = "budget",
    names: Names | None = None,
    plain: str = "",
) -> Extracted:
    """Return the figures of a recognised table; every cell of it is booked in the ledger.

    identity  "t2"; unique in the document
    year      fiscal year, whose code lists tell the meaning of labels
    phase     the document's: that of the columns that name none
    names     those that the tables of the document share
    plain     what plain lines behind 上年结转 are, see `SourceRows`
    """
    names, withheld = names or Names(), ledger.withheld.copy()
    depth = header_depth(table.grid)
    paths = column_paths(table.grid, depth)
    match = of_the_year(match, paths, year)
    units = _units(table, caption, depth)
    work = Extraction(
        match,
        table,
        identity,
        caption.title.text if caption.title else match.spec.titles[0],
        MULTIPLIERS[units[0]] if len(units) == 1 else None,
        year,
        phase,
        "adjusted" if any(says_adjusted(note.text) for note in caption.notes) else "budget",
        ledger,
        paths,
        depth,
        whole=names.whole,
    )
    _book_header(work)
    rows = data_rows(table.grid, depth)
    report_unknown_columns(work, depth)
    _check_scope(work, caption, rows, units)
    doubts = [_read_pane(work, pane, columns, rows, names, plain) for pane, columns in match.panes]
    if any(doubts):
        again = partial(extract, match, table, caption, identity, year)
        trials = {
            each: again(Ledger(), phase, replace(names, units=dict(names.units)), each) for each in ("part", "year")
        }
        told = [each for each, trial in trials.items() if closes(trial.data_sets, year)]
        if len(told) == 1:
            ledger.withheld = withheld  # what is personal is counted by the second reading
            return again(ledger, phase, names, told[0])
    _settle(work, names)
    _check_emptiness(work, caption)
    return Extracted(_printed(work, caption), tuple(data_sets(work, caption)), tuple(work.problems), caption.notes)


def _units(table: Stitched, caption: Caption, depth: int) -> list[str]:
    """Return the units of money that the line above a table, its header, and lines within its rows print."""
    stated = parse_unit(caption.unit.text) if caption.unit else None
    within = units_below(cell for row in table.grid.rows[depth:] for cell in row)
    return sorted(header_units(table.grid, depth) | within | ({stated[0]} if stated else set()))


def _book_header(work: Extraction) -> None:
    """Book the cells of the header, of those that repeat it, and those that are paragraphs now."""
    grid = work.table.grid
    for row in grid.rows[: work.depth]:
        for cell in row:
            work.book(cell, "column-number" if is_column_number_row(row) else "header")
    for column in header_words_beside_total(grid, work.depth):
        work.book(grid.rows[work.depth][column], "header")
    for cell in work.table.repeated:
        if not cell.is_blank:
            work.ledger.explain(cell, Reason.REPEATED_HEADER)
    for cell in work.table.lifted:
        work.ledger.explain(cell, Reason.TEXT)


def _other_year(caption: Caption, year: int, columns: Sequence[ColumnSpec]) -> tuple[str, str] | None:
    """Return the code and the words of the problem with a line between title and table that names another year."""
    end = next(
        (i for i, line in enumerate(caption.lines) if caption.title and line.locator == caption.title.locator), 0
    )
    named = {found for line in caption.lines[:end] if (found := year_named(line.text))} - {year}
    if not named or all(column.year for column in columns if column.role == "amount"):
        return None
    return "other-year", f"a line above it names {', '.join(map(str, sorted(named)))}, the publication is of {year}"


def _check_scope(work: Extraction, caption: Caption, rows: Sequence[Sequence[Cell]], units: Sequence[str]) -> None:
    """Report a title by which the amounts are not of the budget, and amounts without a unit, or of several."""
    first, panes = work.table.grid.rows[0][0], work.match.panes
    of_money = any(pane.structure not in COUNTS for pane, _ in panes)
    columns = [column for pane, placed in panes if not pane.has_dated_rows for column, _ in placed]
    other = other_scope(work.title, work.year, columns, of_money=of_money)
    if other := other or _other_year(caption, work.year, columns):
        work.refused = Reason.UNKNOWN_TABLE
        code, why = other
        work.problem(code, Severity.ERROR, f"{why}; its amounts are not converted", first)
    if caption.unit_doubt and of_money:
        work.refused = work.refused or Reason.MISSING_UNIT
        why = f"{caption.unit_doubt}; its amounts are not converted. Compare it with the publication."
        work.problem("missing-unit", Severity.ERROR, why, first)
    elif work.multiplier is None and of_money and any(parse_number(cell.text) for row in rows for cell in row):
        why = "no unit line such as 单位：万元 above it"
        if units:
            why = f"its header and the line above it print several units ({', '.join(units)})"
        work.problem("missing-unit", Severity.ERROR, f"{why}; its amounts are not converted", first)


def _read_pane(
    work: Extraction,
    pane: Pane,
    columns: Sequence[tuple[ColumnSpec, int]],
    rows: Sequence[Sequence[Cell]],
    names: Names,
    plain: str,
) -> bool:
    """Read the rows of a pane; tell whether it is not known what some of them are, see `read_classes`."""
    for section in pane.sections:
        own = (section.structure or pane.structure, section.kind or pane.kind or work.match.spec.kind)
        work.structures[section.id], work.kinds[section.id] = own
        for rule in section.rules:
            if rule.section:
                work.structures[rule.section] = rule.structure or own[0]
                work.kinds[rule.section] = rule.kind or own[1]
        work.figures.setdefault(Panel(section.id), [])
    if pane.structure not in LINES or pane.plain:
        return read_classes(work, pane, columns, rows, names, plain)
    if pane.words:
        read_lines(work, pane, columns, rows, {fold_name(names.whole)} if names.whole else names.own)
    else:
        read_procurement(work, pane, columns, rows)
    return False


def _settle(work: Extraction, names: Names) -> None:
    """Decide, with all rows read, what of the figures is a part of what, whose they are, and which to list."""
    check_named(work)
    close_natures(work)
    settle_classes(work)
    settle_natures(work)
    settle(work, names.own)
    set_apart(work)
    part_with(work)
    if any(pane.has_natures for pane, _ in work.match.panes):
        part_totals(work)
    check_people(work)
    settle_three_public(work)
    refute(work)
    report_unsure(work)


def _check_emptiness(work: Extraction, caption: Caption) -> None:
    """Report a note that says the table is empty where it is not; the figures stay."""
    stated = next((note for note in caption.notes if says_empty_note(note.text)), None)
    figures = [figure for each in work.figures.values() for figure in each if figure.value]
    place = stated.locator if stated else work.empty.locator if work.empty else None
    if place is not None and figures:
        text = stated.text.strip() if stated else work.empty.text.strip() if work.empty else ""
        message = f"{work.title}: {text!r} says that the table is empty, yet it has {len(figures)} amounts, which stand"
        work.problems.append(Problem("empty-note", Severity.WARNING, message, place))


def _printed(work: Extraction, caption: Caption) -> PrintedTable:
    grid = work.table.grid
    cells = tuple(
        PrintedCell(
            "" if role == "withheld" else cell.text,
            cell.row + 1,
            cell.column + 1,
            role,
            cell.locator,
            cell.rowspan,
            cell.colspan,
            cell.confidence,
        )
        for cell in grid.cells()
        if not cell.is_blank
        for role in [work.roles.get((cell.row, cell.column), "text")]
    )
    for cell in grid.cells():
        if not cell.is_blank and not work.ledger.is_booked(cell):
            work.ledger.explain(cell, Reason.TEXT)
    return PrintedTable(
        work.identity,
        caption.number.text if caption.number else None,
        work.title,
        work.match.spec.kind,
        caption.unit.text if caption.unit else None,
        work.match.spec.profile,
        grid.width,
        len(grid.rows),
        cells,
        grid.locator,
        notes=tuple(note.text.strip() for note in caption.notes if says_adjusted(note.text)),
        empty_note=next((note.text.strip() for note in caption.notes if says_table_empty(note.text)), None),
    )
