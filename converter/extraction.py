"""A recognised table -> data sets of figures, and the table as printed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from budgetgraph.converter.amounts import MULTIPLIERS, is_dash, is_nothing, parse_number, parse_unit
from budgetgraph.converter.block_totals import narrowed, of_their_totals
from budgetgraph.converter.blocks import Cell, Paragraph
from budgetgraph.converter.budget import COUNTS, LINES, DataSet, PrintedCell, PrintedTable
from budgetgraph.converter.captions import Caption, says_adjusted
from budgetgraph.converter.class_columns import of_the_year, settle_natures
from budgetgraph.converter.code_pieces import CodePieces
from budgetgraph.converter.emptiness import says_empty_note, says_empty_row, says_table_empty
from budgetgraph.converter.figures import data_sets, read_amount
from budgetgraph.converter.government import ROLES as GOVERNMENT
from budgetgraph.converter.government import government_class, is_government_class, settle_classes
from budgetgraph.converter.headers import (
    column_paths,
    data_rows,
    header_depth,
    header_units,
    header_words_beside_total,
    is_column_number_row,
    units_below,
)
from budgetgraph.converter.labels import fold, fold_item, without_english
from budgetgraph.converter.layouts import Match
from budgetgraph.converter.ledger import Ledger, Reason
from budgetgraph.converter.line_sums import move_kinds
from budgetgraph.converter.line_tables import read_lines
from budgetgraph.converter.named_classes import check_named, class_above, named_in_columns
from budgetgraph.converter.nature_rows import NatureRows, check_natures, close_natures, part_totals
from budgetgraph.converter.organisations import fold_name
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.procurement import read_procurement
from budgetgraph.converter.profiles import ColumnSpec, Pane, Section
from budgetgraph.converter.reconciliation import refute
from budgetgraph.converter.revenue_sources import SourceRows, by_years, closes, part_with, set_apart
from budgetgraph.converter.rows import RowMeaning, row_meaning, split_code, text_over, time_meaning
from budgetgraph.converter.staff_totals import check_people
from budgetgraph.converter.stitching import Stitched
from budgetgraph.converter.table_state import (
    Extraction,
    Names,
    Panel,
    UnitRows,
    report_undated,
    report_unknown_columns,
    report_unknown_row,
    report_unsure,
)
from budgetgraph.converter.title_scope import other_scope
from budgetgraph.converter.unit_rows import ROLES, TOTALS, names_units, read_unit, report_unknown_unit, settle
from budgetgraph.converter.wrapped import unwrapped_label

#: Roles of the columns that say what a row is about, and whose it is.
_WORDS = ("code", "group", "label", *GOVERNMENT, *ROLES)

#: Roles that cells are booked as, where that is not the column's.
_BOOKED = {"group": "label", "unit-label": "label", "gov-code": "code", "gov-label": "label"}


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
    names, doubt, withheld = names or Names(), False, ledger.withheld.copy()
    title = caption.title.text if caption.title else match.spec.titles[0]
    depth = header_depth(table.grid)
    stated = parse_unit(caption.unit.text) if caption.unit else None
    within = units_below(cell for row in table.grid.rows[depth:] for cell in row)
    units = header_units(table.grid, depth) | within | ({stated[0]} if stated else set())
    unit = next(((word, MULTIPLIERS[word]) for word in units), None) if len(units) == 1 else None
    paths = column_paths(table.grid, depth)
    match = of_the_year(match, paths, year)
    work = Extraction(
        match,
        table,
        identity,
        title,
        unit[1] if unit else None,
        year,
        phase,
        "adjusted" if any(says_adjusted(note.text) for note in caption.notes) else "budget",
        ledger,
        paths,
        depth,
        whole=names.whole,
    )
    for row in table.grid.rows[:depth]:
        for cell in row:
            work.book(cell, "column-number" if is_column_number_row(row) else "header")
    for column in header_words_beside_total(table.grid, depth):
        work.book(table.grid.rows[depth][column], "header")
    rows = data_rows(table.grid, depth)
    for cell in table.repeated:
        if not cell.is_blank:
            ledger.explain(cell, Reason.REPEATED_HEADER)
    for cell in table.lifted:
        ledger.explain(cell, Reason.TEXT)
    report_unknown_columns(work, depth)
    of_money = any(pane.structure not in COUNTS for pane, _ in match.panes)
    specs = [column for pane, placed in match.panes if not pane.has_dated_rows for column, _ in placed]
    if other := other_scope(title, year, specs, of_money=of_money):
        work.refused = Reason.UNKNOWN_TABLE
        code, why = other
        work.problem(code, Severity.ERROR, f"{why}; its amounts are not converted", table.grid.rows[0][0])
    if caption.unit_doubt and of_money:
        work.refused = work.refused or Reason.MISSING_UNIT
        why = f"{caption.unit_doubt}; its amounts are not converted. Compare it with the publication."
        work.problem("missing-unit", Severity.ERROR, why, table.grid.rows[0][0])
    elif unit is None and of_money and any(parse_number(c.text) for row in rows for c in row):
        first = table.grid.rows[0][0]
        work.problem(
            "missing-unit",
            Severity.ERROR,
            f"its header and the line above it print several units ({', '.join(sorted(units))}); its amounts are not "
            "converted"
            if units
            else "no unit line such as 单位：万元 above it; its amounts are not converted",
            first,
        )
    for pane, columns in match.panes:
        for section in pane.sections:
            own = (section.structure or pane.structure, section.kind or pane.kind or match.spec.kind)
            work.structures[section.id], work.kinds[section.id] = own
            for rule in section.rules:
                if rule.section:
                    work.structures[rule.section] = rule.structure or own[0]
                    work.kinds[rule.section] = rule.kind or own[1]
            work.figures.setdefault(Panel(section.id), [])
        if pane.structure in LINES and not pane.plain:
            if pane.words:
                read_lines(work, pane, columns, rows, {fold_name(names.whole)} if names.whole else names.own)
            else:
                read_procurement(work, pane, columns, rows)
            continue
        section, work.group, work.group_end, work.within = pane.sections[0], "", 0, ""
        work.codes = CodePieces(year)
        exact = of_their_totals(pane, columns, rows, year)
        work.units = UnitRows(names_units(rows, columns), names.units, own=names.own, order=work.order)
        sources, natures = SourceRows(plain=plain), NatureRows(year)
        for row in rows:
            section = _read_row(work, pane, exact, row, section, sources, natures)
        if pane.has_natures:
            check_natures(work, natures)
        doubt = doubt or sources.doubt
        if pane.plain:
            move_kinds(work, section.id)
    if doubt:
        again = partial(extract, match, table, caption, identity, year)
        trials = {
            each: again(Ledger(), phase, replace(names, units=dict(names.units)), each) for each in ("part", "year")
        }
        told = [each for each, trial in trials.items() if closes(trial.data_sets, year)]
        if len(told) == 1:
            ledger.withheld = withheld  # what is personal is counted by the second reading
            return again(ledger, phase, names, told[0])
    check_named(work)
    close_natures(work)
    settle_classes(work)
    settle_natures(work)
    settle(work, names.own)
    set_apart(work)
    part_with(work)
    if any(pane.has_natures for pane, _ in match.panes):
        part_totals(work)
    check_people(work)
    refute(work)
    report_unsure(work)
    _check_emptiness(work, caption)
    return Extracted(_printed(work, caption), tuple(data_sets(work, caption)), tuple(work.problems), caption.notes)


def _check_emptiness(work: Extraction, caption: Caption) -> None:
    """Report a note that says the table is empty where it is not; the figures stay."""
    stated = next((note for note in caption.notes if says_empty_note(note.text)), None)
    figures = [figure for each in work.figures.values() for figure in each if figure.value]
    place = stated.locator if stated else work.empty.locator if work.empty else None
    if place is not None and figures:
        text = stated.text.strip() if stated else work.empty.text.strip() if work.empty else ""
        message = f"{work.title}: {text!r} says that the table is empty, yet it has {len(figures)} amounts, which stand"
        work.problems.append(Problem("empty-note", Severity.WARNING, message, place))


def _read_row(
    work: Extraction,
    pane: Pane,
    columns: Sequence[tuple[ColumnSpec, int]],
    row: Sequence[Cell],
    section: Section,
    sources: SourceRows,
    natures: NatureRows,
) -> Section:
    """Read the part of a row that belongs to a pane; return the section that holds after it."""
    by_role: dict[str, list[tuple[ColumnSpec, Cell]]] = {role: [] for role in (*_WORDS, "amount")}
    for column, index in columns:
        if column.role in {"line-number", "derived", "text"}:
            work.book(row[index], column.role)
        else:
            by_role[column.role].append((column, row[index]))
    for role in _WORDS:
        for _, cell in by_role[role]:
            work.book(cell, _BOOKED.get(role, role))
    group = _group(work, by_role["group"])
    label = without_english(next((text for _, cell in by_role["label"] if (text := text_over(row, cell))), ""))
    pieces = [cell.text for _, cell in by_role["code"]]
    code = work.codes.read(pieces, label)
    if not by_role["label"] and (name := named_in_columns(work, section.rules, pieces)):
        code, label = "", name
    amounts = [(column, cell) for column, cell in by_role["amount"] if not cell.is_blank and not is_nothing(cell.text)]
    if pane.unfilled_dashes:
        amounts = [(column, cell) for column, cell in amounts if not is_dash(cell.text)]
    government, beside = government_class(work.table.grid, by_role, work.year)
    if not code and not label and fold(beside) in TOTALS:
        label = beside
    if (
        pane.repeat
        and fold(label) in TOTALS
        and all(c.is_blank for r in ("code", "label", *GOVERNMENT) for _, c in by_role[r])
    ):
        label = ""  # a total over all blocks, not of this one
    if pane.repeat and amounts and not code and not label:
        label = _label_before(work, row, amounts[0][1])
    if not by_role["code"] and not by_role["label"]:
        label = _unknown_words(work, row)
    said = read_unit(work.units, by_role, code, label)
    unit, label = said.unit or work.whole, said.label
    if said.whole and said.unit and not label and amounts:
        work.units.rows.setdefault(said.unit, set()).add(row[0].row)
    heading = next((s for s in pane.sections if fold_item(label) in s.headings), None)
    if heading is not None:
        section = heading
        if not amounts:
            return section
    if not said.certain:
        report_unknown_unit(work, code, label, amounts)
        return section
    if not code and not label and not amounts:
        return section
    if not by_role["code"] or not label:
        code, label = split_code(code, label)
    meaning = (
        RowMeaning({}, unit or "", None, None)
        if said.whole and not label
        else row_meaning(section.rules, code, label or group, group, work.year, work.within)
    )
    if meaning is None and not by_role["code"]:
        rules, year = section.rules, work.year
        whole = unwrapped_label(
            work.table.grid.rows[work.depth :],
            row[0].row - work.depth,
            columns,
            lambda text: row_meaning(rules, "", text, "", year, work.within) is not None,
        )
        if whole and not amounts:
            return section  # a piece of a label that stands with its amount in another row
        meaning = row_meaning(rules, "", whole, "", year, work.within) if whole else None
    if meaning is None and (meaning := time_meaning(section.rules, label, pane.words)):
        amounts = _dated(work, meaning, columns, amounts)
    if meaning and government:
        known = is_government_class(government)
        meaning = replace(meaning, dimensions={**meaning.dimensions, "govEconomicClass": government}) if known else None
    if meaning is None and not amounts and says_empty_row(code + label):
        work.empty = next(cell for cell in row if not cell.is_blank)
        work.book(work.empty, "note")
        return section
    work.within = class_above(meaning, work.within)
    if meaning is not None and pane.structure == "revenue":
        meaning = sources.placed(meaning, label)
    elif meaning is not None and pane.has_natures:
        meaning = natures.placed(meaning, label, section.id)
    if meaning is None:
        work.unread.setdefault(section.id, set()).add(label)
        report_unknown_row(work, code, label, row, amounts)
        return section
    words = {cell.column for role in _WORDS for _, cell in by_role[role]}
    for each, column, cell in by_years(work, replace(meaning, unit=unit), columns, amounts):
        read_amount(work, each, narrowed(pane, column, each.dimensions), cell, section.id, words)
    return section


def _dated(
    work: Extraction,
    meaning: RowMeaning,
    columns: Sequence[tuple[ColumnSpec, int]],
    amounts: Sequence[tuple[ColumnSpec, Cell]],
) -> list[tuple[ColumnSpec, Cell]]:
    """Return the amounts of a row of a year or phase, with it in their columns; none of a row of differences.

    A phase that the header names (预算总额) is that of all figures of the row, which are parts of one another.
    """
    time = meaning.time
    if time is None or time.role == "derived":
        for _, cell in amounts:
            work.book(cell, "derived")
        return []
    phases = {column.phase for column, _ in columns if column.phase}
    phase = time.phase or (phases.pop() if len(phases) == 1 else None)
    result = []
    for column, cell in amounts:
        if column.year or column.years_before or (column.phase or phase) != phase:
            report_undated(work, column, cell)
            continue
        headers = frozenset(f"{meaning.label}/{path}" for path in column.headers)
        dated = replace(column, phase=phase, headers=headers, year=time.year, years_before=time.years_before)
        result.append((dated, cell))
    return result


def _unknown_words(work: Extraction, row: Sequence[Cell]) -> str:
    """Return the words that a row has in columns that no pane reads: they may say what it is about."""
    read = {index for _, columns in work.match.panes for _, index in columns}
    cells = (cell for cell in row if cell.column not in read)
    return " ".join(c.text.strip() for c in cells if not c.is_blank and not parse_number(c.text))


def _label_before(work: Extraction, row: Sequence[Cell], amount: Cell) -> str:
    """Return the label over the blocks before an amount, where only blank cells stand between ("公用经费合计").

    A plain 合计 there is of all blocks, not of the amount's own.
    """
    before = next((cell for cell in reversed(row[: amount.column]) if not cell.is_blank), None)
    words = before is not None and work.roles.get((before.row, before.column)) in {"code", "label"}
    return before.text.strip() if before and words and fold(before.text) not in TOTALS else ""


def _group(work: Extraction, cells: Sequence[tuple[ColumnSpec, Cell]]) -> str:
    """Return the group that a row stands in, "" where nothing says so.

    A name holds for the rows that its cell spans. Where no span is stated it may stand in the middle of its
    rows, so a blank cell below it is not known to belong to it.
    """
    for _, cell in cells:
        if not cell.is_blank:
            work.group, work.group_end = cell.text.strip(), cell.row + cell.rowspan
            return work.group
        if cell.row < work.group_end:
            return work.group
    return ""


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
