"""Rows of classes: which section, unit and class a row of a pane is about, and its amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.amounts import is_dash, is_nothing, parse_number
from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.extraction.classes.block_totals import narrowed, of_their_totals
from budgetgraph.converter.extraction.classes.code_pieces import CodePieces
from budgetgraph.converter.extraction.classes.government import ROLES as GOVERNMENT
from budgetgraph.converter.extraction.classes.government import government_class, is_government_class
from budgetgraph.converter.extraction.classes.named_classes import class_above, named_in_columns
from budgetgraph.converter.extraction.classes.nature_rows import NatureRows, check_natures
from budgetgraph.converter.extraction.classes.revenue_sources import SourceRows, by_years
from budgetgraph.converter.extraction.classes.rows import RowMeaning, row_meaning, split_code, text_over, time_meaning
from budgetgraph.converter.extraction.classes.wrapped import unwrapped_label
from budgetgraph.converter.extraction.emptiness import says_empty_row
from budgetgraph.converter.extraction.figures import read_amount
from budgetgraph.converter.extraction.lines.line_sums import move_kinds
from budgetgraph.converter.extraction.table_state import Extraction, Names, UnitRows, report_undated, report_unknown_row
from budgetgraph.converter.extraction.units.unit_rows import ROLES, TOTALS, names_units, read_unit, report_unknown_unit
from budgetgraph.converter.labels import fold, fold_item, without_english
from budgetgraph.converter.profiles import ColumnSpec, Pane

#: Roles of the columns that say what a row is about, and whose it is.
_WORDS = ("code", "group", "label", *GOVERNMENT, *ROLES)

#: Roles that cells are booked as, where that is not the column's.
_BOOKED = {"group": "label", "unit-label": "label", "gov-code": "code", "gov-label": "label"}


def read_classes(
    work: Extraction,
    pane: Pane,
    columns: Sequence[tuple[ColumnSpec, int]],
    rows: Sequence[Sequence[Cell]],
    names: Names,
    plain: str,
) -> bool:
    """Read the rows of a pane into figures; tell whether it is not known what plain lines behind 上年结转 are.

    plain  what they are taken for, see `SourceRows`
    """
    work.group, work.group_end, work.within, work.codes = "", 0, "", CodePieces(work.year)
    work.units = UnitRows(names_units(rows, columns), names.units, own=names.own, order=work.order)
    reader = _Reader(work, pane, of_their_totals(pane, columns, rows, work.year), plain)
    for cells in rows:
        reader.read(cells)
    if pane.has_natures:
        check_natures(work, reader.natures)
    if pane.plain:
        move_kinds(work, reader.section.id)
    return reader.sources.doubt


@dataclass(slots=True)
class _Row:
    """What a row prints in the columns of a pane.

    by_role     columns and cells, by the role of the column
    government  the class of governments that it names
    """

    cells: Sequence[Cell]
    by_role: Mapping[str, Sequence[tuple[ColumnSpec, Cell]]]
    code: str
    label: str
    group: str
    government: str
    amounts: Sequence[tuple[ColumnSpec, Cell]]

    @property
    def says_nothing(self) -> bool:
        """Tell whether neither code nor label nor amount is printed."""
        return not self.code and not self.label and not self.amounts


class _Reader:
    """Reads the rows of one pane. `section` is the one that the row belongs to, and the next one."""

    def __init__(self, work: Extraction, pane: Pane, columns: Sequence[tuple[ColumnSpec, int]], plain: str) -> None:
        self._work, self._pane, self._columns = work, pane, columns
        self.section = pane.sections[0]
        self.sources, self.natures = SourceRows(plain=plain), NatureRows(work.year)

    def read(self, cells: Sequence[Cell]) -> None:
        """Read the part of a row that belongs to the pane."""
        work, row = self._work, self._row(cells)
        said = read_unit(work.units, row.by_role, row.code, row.label)
        unit, row.label = said.unit or work.whole, said.label
        if said.whole and said.unit and not row.label and row.amounts:
            work.units.rows.setdefault(said.unit, set()).add(cells[0].row)
        heading = next((each for each in self._pane.sections if fold_item(row.label) in each.headings), None)
        self.section = heading or self.section
        if (heading and not row.amounts) or (row.says_nothing and said.certain):
            return
        if not said.certain:
            report_unknown_unit(work, row.code, row.label, row.amounts)
            return
        if not row.by_role["code"] or not row.label:
            row.code, row.label = split_code(row.code, row.label)
        meaning = RowMeaning({}, unit or "", None, None) if said.whole and not row.label else self._meaning(row)
        if meaning is None and not row.by_role["code"]:
            whole = self._unwrapped(row)
            if whole and not row.amounts:
                return  # a piece of a label that stands with its amount in another row
            meaning = self._named(whole) if whole else None
        if meaning is None and (meaning := time_meaning(self.section.rules, row.label, self._pane.words)):
            row.amounts = self._dated(meaning, row.amounts)
        if meaning and row.government:
            meaning = _with_government(meaning, row.government)
        if meaning is None and not row.amounts and says_empty_row(row.code + row.label):
            work.empty = next(cell for cell in cells if not cell.is_blank)
            work.book(work.empty, "note")
            return
        work.within = class_above(meaning, work.within)
        meaning = self._placed(meaning, row.label) if meaning else None
        if meaning is None:
            work.unread.setdefault(self.section.id, set()).add(row.label)
            report_unknown_row(work, row.code, row.label, cells, row.amounts)
            return
        words = {cell.column for role in _WORDS for _, cell in row.by_role[role]}
        for each, column, cell in by_years(work, replace(meaning, unit=unit), self._columns, row.amounts):
            read_amount(work, each, narrowed(self._pane, column, each.dimensions), cell, self.section.id, words)

    def _row(self, cells: Sequence[Cell]) -> _Row:
        """Return what a row prints; its cells beside the amounts are booked."""
        work, pane = self._work, self._pane
        by_role: dict[str, list[tuple[ColumnSpec, Cell]]] = {role: [] for role in (*_WORDS, "amount")}
        for column, index in self._columns:
            if column.role in {"line-number", "derived", "text"}:
                work.book(cells[index], column.role)
            else:
                by_role[column.role].append((column, cells[index]))
        for role in _WORDS:
            for _, cell in by_role[role]:
                work.book(cell, _BOOKED.get(role, role))
        group = _group(work, by_role["group"])
        label = without_english(next((text for _, cell in by_role["label"] if (text := text_over(cells, cell))), ""))
        pieces = [cell.text for _, cell in by_role["code"]]
        code = work.codes.read(pieces, label)
        if not by_role["label"] and (name := named_in_columns(work, self.section.rules, pieces)):
            code, label = "", name
        amounts = [(c, cell) for c, cell in by_role["amount"] if not cell.is_blank and not is_nothing(cell.text)]
        if pane.unfilled_dashes:
            amounts = [(column, cell) for column, cell in amounts if not is_dash(cell.text)]
        government, beside = government_class(work.table.grid, by_role, work.year)
        if fold(government) in TOTALS:
            government, beside = "", government
        if not code and not label and fold(beside) in TOTALS:
            label = beside
        words = (cell for role in ("code", "label", *GOVERNMENT) for _, cell in by_role[role])
        if pane.repeat and fold(label) in TOTALS and all(cell.is_blank for cell in words):
            label = ""  # a total over all blocks, not of this one
        if pane.repeat and amounts and not code and not label:
            label = _label_before(work, cells, amounts[0][1])
        if not by_role["code"] and not by_role["label"]:
            label = _unknown_words(work, cells)
        return _Row(cells, by_role, code, label, group, government, amounts)

    def _meaning(self, row: _Row) -> RowMeaning | None:
        work = self._work
        return row_meaning(self.section.rules, row.code, row.label or row.group, row.group, work.year, work.within)

    def _named(self, label: str) -> RowMeaning | None:
        """Return what a label alone says."""
        return row_meaning(self.section.rules, "", label, "", self._work.year, self._work.within)

    def _unwrapped(self, row: _Row) -> str | None:
        """Return the label of which a row has a piece, where the rows around it make a known one with it."""
        work = self._work
        rows = work.table.grid.rows[work.depth :]
        return unwrapped_label(
            rows, row.cells[0].row - work.depth, self._columns, lambda text: self._named(text) is not None
        )

    def _placed(self, meaning: RowMeaning, label: str) -> RowMeaning | None:
        """Return what a row means where it stands in the list; None where that is not certain."""
        if self._pane.structure == "revenue":
            return self.sources.placed(meaning, label)
        named = self._pane.has_natures or meaning.only_below
        return self.natures.placed(meaning, label, self.section.id) if named else meaning

    def _dated(self, meaning: RowMeaning, amounts: Sequence[tuple[ColumnSpec, Cell]]) -> list[tuple[ColumnSpec, Cell]]:
        """Return the amounts of a row of a year or phase, with it in their columns; none of a row of differences.

        A phase that the header names (预算总额) is that of all figures of the row, which are parts of one another.
        """
        time = meaning.time
        if time is None or time.role == "derived":
            for _, cell in amounts:
                self._work.book(cell, "derived")
            return []
        phases = {column.phase for column, _ in self._columns if column.phase}
        phase = time.phase or (phases.pop() if len(phases) == 1 else None)
        result = []
        for column, cell in amounts:
            if column.year or column.years_before or (column.phase or phase) != phase:
                report_undated(self._work, column, cell)
                continue
            headers = frozenset(f"{meaning.label}/{path}" for path in column.headers)
            dated = replace(column, phase=phase, headers=headers, year=time.year, years_before=time.years_before)
            result.append((dated, cell))
        return result


def _with_government(meaning: RowMeaning, government: str) -> RowMeaning | None:
    """Return what a row means with the class of governments beside it; None where that is none."""
    if not is_government_class(government):
        return None
    return replace(meaning, dimensions={**meaning.dimensions, "govEconomicClass": government})


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
