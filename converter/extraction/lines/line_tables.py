"""Tables that list projects or purchases, a line a row: what each is, and its amounts by source, fund or kind.

Lines may stand below a row of their unit, function or kind of purchase. What the rows say by order alone is believed
where the sums agree: lines that do not add up to the row that they stand below are listed, and so are lines that are
more than the total.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.amounts import parse_number
from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.budget import LINES, Place, TableLine
from budgetgraph.converter.extraction.classes.rows import RowMeaning, code_and_name, join_code, row_meaning
from budgetgraph.converter.extraction.emptiness import says_empty_row
from budgetgraph.converter.extraction.figures import read_amount
from budgetgraph.converter.extraction.lines.line_nesting import Nesting, settle_units
from budgetgraph.converter.extraction.lines.line_state import Group, Row, State
from budgetgraph.converter.extraction.lines.line_sums import check_sums, move_parts, take_back_kinds
from budgetgraph.converter.extraction.table_state import Extraction, report_unknown_row
from budgetgraph.converter.extraction.units.unit_rows import SUBTOTALS, TOTALS, is_own, report_unknown_unit
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.table_labels import is_body_name
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Severity
from budgetgraph.converter.profiles import ColumnSpec, Pane
from budgetgraph.ontology.codelists import TABLE_YEAR, find

#: Roles of columns that may name a line, the most telling first.
NAMES = ("programme", "item", "catalogue")
#: Roles of columns that say what a line is about, and how its cells are booked.
_ROLES = {
    **dict.fromkeys((*NAMES, "category", "economic"), "text"),  # no names of the code beside them
    **dict.fromkeys(("kind", "label", "unit", "unit-label"), "label"),
    "form": "text",
    "code": "code",
    "unit-code": "unit-code",
}


_SUMS = TOTALS | SUBTOTALS
_SUPPLIERS = "supplierKind"
#: What is set aside for small firms: the sections that summaries have, too.
_OF_SUPPLIERS = {"sme": "suppliers", "micro": "suppliers-of-which"}
#: Opens the name of a part of the line above, beside which there may be more.
_OF_WHICH = "其中"
#: What tells a row from those that a name is merged down over.
_APART = frozenset((*NAMES, "code", "economic", "kind"))


def read_lines(
    work: Extraction,
    pane: Pane,
    columns: Sequence[tuple[ColumnSpec, int]],
    rows: Sequence[Sequence[Cell]],
    own: Collection[str] = (),
) -> None:
    """Read the rows of a pane into lines and figures. `own` are the folded names of the body whose document it is."""
    reader = _Reader(work, pane, columns, rows, own)
    for cells in rows:
        reader.read(cells)
    reader.settle()


class _Reader:
    def __init__(
        self,
        work: Extraction,
        pane: Pane,
        columns: Sequence[tuple[ColumnSpec, int]],
        rows: Sequence[Sequence[Cell]],
        own: Collection[str],
    ) -> None:
        self._work, self._pane, self._columns, self._own = work, pane, columns, own
        self._others = _other_bodies(work, columns, rows, own)
        codes = (work.table.grid.text_down(cells[i]) for cells in rows for c, i in columns if c.role == "unit-code")
        self._one_code = len({fold(code) for code in codes if code}) == 1
        self._section = pane.sections[0]
        self._dimension = LINES[pane.structure]
        self._state, self._nesting = State(), Nesting()
        self._lines = work.lines.setdefault(self._section.id, [])
        self._labels: dict[str, str] = {}  # of the lines, by their numbers
        self._parts = _sections_of_suppliers(work, self._section.id, columns)
        roles = {column.role for column, _ in columns}
        self._last, self._shared = "", set[str]()  # the line of the row above; lines that rows without a name go on
        self._named_by = next((r for r in (*NAMES, "unit-label", "label") if r in roles), "")
        self._has_unit_codes = "unit-code" in roles
        self._words = {index for column, index in columns if column.role in _ROLES}
        self._amounts = {index for column, index in columns if column.role == "amount"}

    def read(self, cells: Sequence[Cell]) -> None:
        """Read a row: a total, a row of a unit, function or kind, or a line."""
        row = self._row(cells)
        if not row.own and not row.amounts:
            return
        words = (c for c in cells if not c.is_blank and c.column not in self._amounts and not _is_number(c.text))
        printed = {fold(cell.text) for cell in words}
        last, self._last = self._last, ""
        if printed and printed <= TOTALS:
            self._state.groups, self._state.kind, self._state.unit, self._state.unit_code = [], {}, "", ""
            self._take(row, RowMeaning({}, next(iter(printed)), None, None))
        elif not row.amounts:
            self._heading(row, next(cell for cell in cells if not cell.is_blank))
        elif not self._words and any(rule.unlabelled for rule in self._section.rules):
            self._take(row, RowMeaning({}, "", None, None))
        elif (meaning := self._subtotal(row, printed) if printed & _SUMS else self._meaning(row)) is None:
            name = " ".join(dict.fromkeys(filter(None, (row.texts[role] for role in _ROLES))))
            report_unknown_row(self._work, "", name, cells, row.amounts)
            if last and printed and not row.own.intersection(NAMES):
                self._shared.add(last)
                self._last = last
        else:
            self._take(row, meaning)

    def _subtotal(self, row: Row, printed: set[str]) -> RowMeaning | None:
        """Return the meaning of a row that says 小计 beside the name of a unit or kind, and nothing else."""
        kind = row_meaning(self._section.rules, "", row.texts["kind"], "", self._work.year)
        if kind and "kind" in row.own and printed - _SUMS == {fold(row.texts["kind"])}:
            self._state.kind = kind.dimensions
            return RowMeaning(kind.dimensions, row.texts["kind"], None, None)
        if "unit" in row.own and printed - _SUMS == {fold(row.texts["unit"])}:
            if printed & TOTALS and is_own(row.texts["unit"], self._own):
                return RowMeaning({}, row.texts["unit"], None, None)
            self._enter(row.texts["unit"])
            return self._unit(row, row.texts["unit"])
        return None

    def _heading(self, row: Row, first: Cell) -> None:
        """Read a row without amounts: what follows stands below it, where it is a unit, function or kind."""
        if says_empty_row(first.text):
            self._work.empty = first
            self._work.book(first, "note")
        elif kind := self._kind(row):
            self._state.kind = kind
        elif row.own.intersection(NAMES):
            self._state.kind = {}
        else:
            self._meaning(row)

    def settle(self) -> None:
        """List the lines whose sums say that they may be parts of others, and move parts that make up no sum."""
        self._list_shared()
        columns = [column for column, _ in self._columns]
        sections = (self._section.id, *self._parts.values())
        self._state.by_order -= set(settle_units(self._work, sections, self._dimension, self._state.units))
        self._state.by_order |= self._nesting.settle(self._work, sections, self._dimension)
        take_back_kinds(self._work, sections, self._state.kinds_again)
        check_sums(self._work, sections, columns, self._state.by_order)
        move_parts(self._work, self._section.id, columns)

    def _list_shared(self) -> None:
        """List the amounts of lines whose names rows below leave out: they are of a part of the line, as those are."""
        own = [f for figures in self._work.figures.values() for f in figures]
        parts = [f for f in own if f.dimensions.get(self._dimension) in self._shared]
        if parts:
            first = self._work.take_back(parts, Reason.UNKNOWN_ROW)
            why = "rows below theirs print no name, so all these may be parts of one line"
            message = f"{len(parts)} amounts are not converted: {why} (the first is {parts[0].label!r}). "
            self._work.problem("unknown-row", Severity.ERROR, f"{message}Compare them with the publication.", first)

    def _row(self, cells: Sequence[Cell]) -> Row:
        texts: dict[str, str] = dict.fromkeys(_ROLES, "")
        own, codes = set(), []
        for column, index in self._columns:
            cell = cells[index]
            if column.role not in _ROLES:
                if column.role != "amount":
                    self._work.book(cell, column.role)
                continue
            self._work.book(cell, _ROLES[column.role])
            text = self._work.table.grid.text_down(cell)
            if column.role == "code":
                codes.append(text)
            texts[column.role] = " ".join(filter(None, (texts[column.role], text)))
            if not cell.is_blank:
                own.add(column.role)
        amounts = [(column, cells[i]) for column, i in self._columns if column.role == "amount"]
        amounts = [(column, cell) for column, cell in amounts if not cell.is_blank]
        return Row(texts, frozenset(own), join_code(codes or [""]), amounts, cells)

    def _meaning(self, row: Row) -> RowMeaning | None:
        """Return what a row is about, and add its line; None where the row does not say."""
        state, texts = self._state, row.texts
        function = row_meaning(self._section.rules, row.code, "", "", self._work.year) if row.code else None
        if row.code and (function is None or "functionalClass" not in function.dimensions):
            return None
        if self._named_by == "unit-label":
            return self._below_unit_label(row, texts["unit-label"], function)
        self._enter(row.texts["unit"])
        name = texts.get(self._named_by, "") if row.own & _APART else ""
        kind = self._kind(row)
        if name and kind and "kind" not in row.own:
            state.kind = kind
            return RowMeaning(kind, name, None, None)  # 货物 in the column of names
        if fold(name).startswith(_OF_WHICH):
            return None
        if name and self._named_by in NAMES:
            dimensions = {**(function.dimensions if function else {}), **(kind or state.kind)}
            return self._line(row, texts["item"] or name, dimensions, row.code)
        if self._says_more(row):
            return None
        if function:
            return self._function(row, texts["label"], function) if texts["label"] else None
        if kind and "kind" in row.own:
            return self._kind_row(kind, texts["kind"])
        if "unit" in row.own and texts["unit"]:
            return self._unit(row, texts["unit"])
        if row.own == {"kind"} and is_body_name(texts["kind"]) and not state.kinds:
            return self._unit_of_kinds(row, texts["kind"])
        if row.own == {"unit-label"}:
            return self._unit_or_function(row, texts["unit-label"])
        return None

    def _unit_or_function(self, row: Row, text: str) -> RowMeaning | None:
        """Return the meaning of a row of a unit, or of a function by its code, above the lines of projects."""
        if is_body_name(text):
            self._state.groups = []
            return self._unit(row, text)
        code, name = code_and_name(text) or ("", "")
        function = row_meaning(self._section.rules, code, "", "", self._work.year) if code else None
        return self._function(row, name, function) if function else None

    def _kind_row(self, kind: Mapping[str, str], name: str) -> RowMeaning | None:
        """Return the meaning of a kind of purchase: of the unit above it in its column, or once of the whole table."""
        state = self._state
        state.kind = kind
        if state.groups and state.groups[-1].kinds:
            return RowMeaning({**kind, self._dimension: state.groups[-1].number}, name, None, None)
        if kind in state.kinds:
            state.kinds_again.append(kind)
            return None
        state.kinds.append(kind)
        return RowMeaning(kind, name, None, None)

    def _unit_of_kinds(self, row: Row, name: str) -> RowMeaning:
        """Add a row of a unit in the column of kinds, which stand below it."""
        self._enter(name)
        self._state.kind = {}
        meaning = self._unit(row, name)
        self._state.groups[-1] = replace(self._state.groups[-1], kinds=True)
        return meaning

    def _says_more(self, row: Row) -> bool:
        """Tell whether a row has words in a column that nobody reads: it may be what they name, not a sum."""
        read = {index for _, index in self._columns}
        return any(c.column not in read and not c.is_blank and not _is_number(c.text) for c in row.cells)

    def _below_unit_label(self, row: Row, name: str, function: RowMeaning | None) -> RowMeaning | None:
        """Return the meaning where one column has units, functions and projects: the first row of a unit is its own."""
        state, unit_code = self._state, row.texts["unit-code"]
        if name and not self._has_unit_codes:
            return self._line(row, name, function.dimensions, row.code) if function else self._below_unit(row, name)
        if not name or (not unit_code and (function or is_body_name(name) or not state.groups)):
            return None
        if unit_code and unit_code != state.unit_code:
            if not (function and self._one_code) and (function or not is_body_name(name)):
                return None
            state.unit_code, state.groups = unit_code, []
            if not function:
                return self._unit(row, name)
        if function:
            return self._function(row, name, function)
        return self._line(row, name, {}, "")

    def _below_unit(self, row: Row, name: str) -> RowMeaning | None:
        """Return the meaning of a unit's row or of one below it, where only the names tell which is which."""
        if is_body_name(name):
            self._state.groups = []
            return self._unit(row, name)
        return self._line(row, name, {}, "") if self._state.groups else None

    def _kind(self, row: Row) -> Mapping[str, str] | None:
        """Return the kind of purchase that a row names in the column of kinds, or else as the name of all of it."""
        text = row.texts["kind"] or (row.texts.get(self._named_by, "") if self._named_by in row.own else "")
        found = row_meaning(self._section.rules, "", text, "", self._work.year) if text else None
        return found.dimensions if found and "procurementKind" in found.dimensions else None

    def _enter(self, unit: str) -> None:
        """Leave the groups of a unit where a row names another; what had nothing below it may be above the other."""
        state = self._state
        if unit and fold(unit) != fold(state.unit):
            state.unit = unit
            state.groups = [group for group in state.groups if not group.code]
            if state.groups and state.numbers.get(state.groups[-1].number):
                state.groups.pop()

    def _unit(self, row: Row, name: str) -> RowMeaning:
        state = self._state
        number = state.below(state.groups[-1].number if state.groups else "")
        state.groups, state.unit = [*state.groups, Group(number)], name
        state.units.append(number)
        if "." in number:
            state.by_order.add(number)
        return self._added(row, number, name, {}, None)

    def _function(self, row: Row, name: str, function: RowMeaning) -> RowMeaning:
        """Add a row of a function: below that which its code begins with, else below the unit."""
        code = function.code or ""
        groups = [g for g in self._state.groups if not g.code or (code.startswith(g.code) and code != g.code)]
        number = self._state.below(groups[-1].number if groups else "")
        self._state.groups = [*groups, Group(number, code)]
        return self._added(row, number, name, function.dimensions, code)

    def _line(self, row: Row, name: str, dimensions: Mapping[str, str], code: str) -> RowMeaning:
        state = self._state
        if code:
            state.groups = [g for g in state.groups if not g.code or code.startswith(g.code)]
        elif state.groups and state.groups[-1].code:
            dimensions = {**dimensions, "functionalClass": state.groups[-1].code}
        number = state.below(state.groups[-1].number if state.groups else "")
        told = code if state.groups and state.groups[-1].code else self._is_of_unit(number, row)
        if ("." in number and not told) or (state.kind and "kind" not in row.own):
            state.by_order.add(number)
        printed = next((row.cells[i].text for column, i in self._columns if column.role == "line-number"), "")
        self._last = number
        self._nesting.note(number, printed, name, row.texts["catalogue"])
        return self._added(row, number, name, dimensions, None)

    def _is_of_unit(self, number: str, row: Row) -> bool:
        """Tell whether a line prints the unit that it stands below."""
        above = self._labels.get(number.rpartition(".")[0], "")
        return "unit" in row.own and fold(row.texts["unit"]) == fold(above)

    def _added(self, row: Row, number: str, name: str, dimensions: Mapping[str, str], code: str | None) -> RowMeaning:
        texts = {role: redact(text)[0] for role, text in row.texts.items() if text and fold(text) not in _SUMS}
        economic, year = texts.get("economic", ""), self._work.year
        of_class = find("dept-economic", economic, year, level=2) if economic else None
        words = [row.cells[i] for i in sorted(self._words) if not row.cells[i].is_blank]
        place = next((cell for cell in words if cell.text.strip() == name), words[0])
        label = self._labels[number] = redact(name)[0]
        self._lines.append(
            TableLine(
                number,
                label,
                Place(place.locator, self._work.identity, place.row + 1, place.column + 1),
                texts.get("programme"),
                texts.get("economic"),
                of_class if of_class == find("dept-economic", economic, TABLE_YEAR, level=2) else None,
                find("procurement-form", texts["form"]) if "form" in texts else None,
                texts.get("catalogue"),
                texts.get("category") or texts.get("kind"),
                texts.get("unit"),
            )
        )
        return RowMeaning({**dimensions, self._dimension: number}, label, code, None)

    def _take(self, row: Row, meaning: RowMeaning) -> None:
        if self._dimension not in meaning.dimensions and fold(row.texts["unit"]) in self._others:
            report_unknown_unit(self._work, "", f"{row.texts['unit']} {meaning.label}", row.amounts)
            return  # a total or kind of one unit, which no line says
        meaning = replace(meaning, dimensions={**self._pane.dimensions, **meaning.dimensions})
        for column, cell in row.amounts:
            section = self._parts.get(column.dimensions.get(_SUPPLIERS, ""), self._section.id)
            read_amount(self._work, meaning, column, cell, section, self._words)


def _other_bodies(
    work: Extraction,
    columns: Sequence[tuple[ColumnSpec, int]],
    rows: Sequence[Sequence[Cell]],
    own: Collection[str],
) -> set[str]:
    """Return the folded names of units whose totals are not the department's.

    An only unit above whose rows the department's total stands is all of the department.
    """
    found, has_total = set[str](), False
    for index in (index for column, index in columns if column.role == "unit"):
        for row in rows:
            name = work.table.grid.text_down(row[index])
            if not name or fold(name) in _SUMS:
                has_total = has_total or any(fold(cell.text) in TOTALS for cell in row)
            elif not is_own(name, own):
                found.add(fold(name))
    return set() if has_total and len(found) == 1 else found


def _is_number(text: str) -> bool:
    """Tell whether a cell prints a number, or a share in percent."""
    return parse_number(text.strip().rstrip("%％")) is not None


def _sections_of_suppliers(
    work: Extraction, section: str | None, columns: Sequence[tuple[ColumnSpec, int]]
) -> dict[str, str]:
    """Return kind of suppliers -> section of what lines set aside for it: a part of their amounts, told apart."""
    kinds = {column.dimensions.get(_SUPPLIERS) for column, _ in columns}
    found = {kind: name for kind, name in _OF_SUPPLIERS.items() if kind in kinds}
    for name in found.values():
        work.structures[name], work.kinds[name] = "procurement-by-supplier", work.kinds[section]
        work.lines[name] = work.lines[section]
    return found
