"""Tables with rows of subordinate units: whose figures a row has, told by columns of unit codes and names.

The layouts: a row for each unit (收入总表, 三公), with a total row of the department; rows of classes that name their
unit; a row of the unit above the rows of its classes, in one column of names (单位名称（科目）). Each unit's figures
are data sets of their own beside the department's, so that nothing is counted twice. A row whose unit is not certain
is listed.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.budget import Figure
from budgetgraph.converter.extraction.classes.rows import code_and_name
from budgetgraph.converter.extraction.table_state import Extraction, Panel, UnitRows
from budgetgraph.converter.extraction.units.unit_blocks import is_sum_of_units, prove, share_with_department
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.table_labels import is_body_name
from budgetgraph.converter.problems import Severity
from budgetgraph.converter.profiles import ColumnSpec
from budgetgraph.ontology.codelists import find

#: Roles of the columns that say which unit a row is of; the words of the last are of a unit or of a class.
ROLES = ("unit-code", "unit", "unit-label")

#: Words of a total row.
TOTALS = frozenset(("合计", "总计", "合计数"))
SUBTOTALS = frozenset(("小计",))
_SUMS = TOTALS | SUBTOTALS
#: Codes that are none of a class: those of units begin with 0 or another digit than the classifications, or are longer.
_UNIT_CODE = re.compile(r"[014-9]\d{2,}\Z|\d{3}(?:\d{3}|\d{5,})\Z", re.ASCII)
_CODED_NAME = re.compile(r"[\[【]?(?P<code>\d{3,})[\]】]?[-—_]?(?P<name>\D.*)\Z", re.ASCII)
#: What stands before the name of a unit: 其中, the number of the line.
_BEFORE = re.compile(
    r"\A(?:其中[:：,，]?|[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.、．](?!\d))\s*"
)
#: What stands for several units: 下属单位, 事业单位.
_SEVERAL = re.compile(
    r"(?:其他|其余|[一二三]级|下属|所属|直属|[局厅委]属|行政|事业|参公|参照公务员法管理的?|全额拨款|差额拨款|自收自支|公益[一二]类|预算)+"
    r"单位(?:小计|合计)?"
)
#: Names of what is the department's own office, not a unit below it.
HEADQUARTERS = re.compile(r"(?:机关|本级|本部)[)）]?\Z")


@dataclass(frozen=True, slots=True)
class Said:
    """Whose row it is: `unit` is None for the department. `label` is what is left to say what it is about.

    whole    the row is about all of the unit
    certain  the unit is known
    """

    unit: str | None
    label: str
    whole: bool = False
    certain: bool = True


def read_unit(state: UnitRows, cells: Mapping[str, Sequence[tuple[ColumnSpec, Cell]]], code: str, label: str) -> Said:
    """Return whose row it is; the department's where no column is of units.

    cells   of the columns of units, by role
    code    functional or economic code of the row
    label   words of its columns of labels
    """
    row = next(cell.row for found in cells.values() for _, cell in found)
    if not any(cells[role] for role in ROLES):
        return _in_one_column(state, row, code, label)
    unit_code = next((fold(cell.text) for _, cell in cells["unit-code"] if not cell.is_blank), "")
    own_name = _spanning(state, [cell for _, cell in cells["unit"]])
    either = next((cell.text.strip() for _, cell in cells["unit-label"] if not cell.is_blank), "")
    label = label or either
    if fold(own_name) in _SUMS and any(text and fold(text) not in _SUMS for text in (code, label)):
        return Said(None, label, certain=fold(own_name) in TOTALS)  # a class, or a year, of all units
    if cells["unit-label"] and not unit_code and _UNIT_CODE.match(code) and is_body_name(either):
        unit_code, code = code, ""  # 科目编码 beside 单位名称（功能科目）
    named = code_and_name(either) if not code else None
    if (code and fold(code) not in TOTALS) or (named and not is_body_name(named[1])) or _is_class(either):
        if not own_name and not unit_code and not cells["unit-label"] and state.group and state.certain:
            return _by_order(state, row, label)
        return _of_class(state, unit_code, own_name, label, bool(cells["unit-label"]))
    total = next((text for text in (own_name, label, unit_code, code) if fold(text) in _SUMS), "")
    if own_name and total and total != own_name:
        label, total = "", ""  # 小计 beside the name of a unit
    if total:
        state.group, state.certain = None, fold(total) in TOTALS
        return Said(None, total, certain=state.certain)
    name = own_name or either
    if _SEVERAL.fullmatch(fold(name)):
        state.certain = False
        return Said(None, name, certain=False)
    if not name:
        return Said(None, label, certain=not unit_code and not state.filled)
    if (coded := _CODED_NAME.match(name)) and _UNIT_CODE.match(coded["code"]):
        label = "" if label == name else label
        unit_code, name = unit_code or coded["code"], coded["name"]  # "302001-某某馆"
    known = state.names.get(unit_code, name)
    if fold_name(known) != fold_name(name) or (not own_name and not unit_code and not is_body_name(name)):
        state.certain = state.certain and bool(unit_code)
        return Said(None, name, certain=False)
    if unit_code:
        state.names[unit_code] = name
    state.group, state.certain = name, True
    return Said(name, "" if label == name else label, whole=True)


def _in_one_column(state: UnitRows, row: int, code: str, label: str) -> Said:
    """Return whose row it is where one column has codes of units and of classes."""
    if _UNIT_CODE.match(code) and (is_own(label, state.own) or is_body_name(label)):
        state.group = None if is_own(label, state.own) else label
        return Said(label, "", whole=True)
    if {fold(code), fold(label)} & TOTALS:
        state.group = None
    return _by_order(state, row, label) if state.group else Said(None, label)


def _by_order(state: UnitRows, row: int, label: str) -> Said:
    """Return the unit whose row stands above, for now: its classes have to add up to that."""
    state.order.setdefault(state.group or "", set()).add(row)
    return Said(state.group, label)


def _is_class(name: str) -> bool:
    """Tell whether a name is that of an economic class (类), and of no function."""
    return bool(name and find("dept-economic", name, level=1) and not find("functional", name, level=1))


def names_units(rows: Sequence[Sequence[Cell]], columns: Sequence[tuple[ColumnSpec, int]]) -> bool:
    """Tell whether a column of unit names has a name in any row."""
    places = [index for column, index in columns if column.role == "unit"]
    texts = (fold(row[place].text) for row in rows for place in places)
    return any(text and text not in _SUMS for text in texts)


def _of_class(state: UnitRows, unit_code: str, name: str, label: str, grouped: bool) -> Said:
    if name:
        return Said(name, label)
    if unit_code:
        if unit_code not in state.names and state.certain and state.group and state.group not in state.names.values():
            state.names[unit_code] = state.group  # its row above prints no code
        return Said(state.names.get(unit_code), label, certain=unit_code in state.names)
    if grouped:
        return Said(state.group, label, certain=state.certain)
    return Said(None, label, certain=not state.filled)


def _spanning(state: UnitRows, cells: Sequence[Cell]) -> str:
    """Return the name in a column of units, which holds for all rows that its cell spans."""
    for cell in cells:
        if not cell.is_blank:
            state.span_end = cell.row + cell.rowspan
            state.group = _BEFORE.sub("", cell.text.strip())
            return state.group
        if cell.row < state.span_end and state.group:
            return state.group
        if state.group and fold(state.group) in _SUMS:
            state.group = None  # 合计 heads no rows below its own
    return ""


def is_own(name: str, own: Collection[str]) -> bool:
    """Tell whether a name is the body's own, or that without the place it begins with.

    own  folded names of the body

    >>> is_own("津海区财政局", {"天津市津海区财政局"}), is_own("财政局(本级)", {"财政局"})
    (True, False)
    """
    folded = fold_name(name)
    return folded in own or (is_body_name(name) and any(each.endswith(folded) for each in own))


def settle(work: Extraction, own: Collection[str]) -> None:
    """Give the department the figures of rows under its own name, where they are the department's.

    own  folded names of the department

    Such a row repeats the total row, or is the sum of the others, or there is no other unit; else it is the
    department's own office. A table of one unit has none.
    """
    prove(work)
    if work.whole:
        return
    units = {panel.unit for panel in work.figures if panel.unit}
    for panel in [p for p in work.figures if p.unit and is_own(p.unit, own)]:
        whole = replace(panel, unit=None)
        known = {_key(figure): figure for figure in work.figures.get(whole, ())}
        shared = [(known[_key(f)], f) for f in work.figures[panel] if _key(f) in known]
        if any(a.value != b.value for a, b in shared):
            continue
        if len(units) > 1 and not shared and not is_sum_of_units(work, panel):
            continue
        if shared:
            first = work.take_back([figure for _, figure in shared], Reason.DUPLICATE)
            work.problem(
                "repeated-row",
                Severity.INFO,
                f"rows of {panel.unit!r} repeat {len(shared)} figures of the department, which count once",
                first,
            )
        work.figures.setdefault(whole, []).extend(work.figures.pop(panel))
        work.numbers.setdefault(whole, []).extend(work.numbers.pop(panel, []))
    share_with_department(work)


def _key(figure: Figure) -> frozenset[tuple[str, str]]:
    return frozenset(figure.dimensions.items())


def report_unknown_unit(work: Extraction, code: str, label: str, amounts: Sequence[tuple[ColumnSpec, Cell]]) -> None:
    """List a row of a unit that is not certain."""
    name = " ".join(filter(None, (code, label))) or "(blank)"
    for _, cell in amounts:
        work.reject(cell, Reason.UNKNOWN_ROW)
    if amounts:
        work.problem(
            "unknown-unit",
            Severity.ERROR,
            f"row {name!r}: which unit it is of is not certain; its {len(amounts)} amounts are not converted. "
            "Compare the columns of units with the publication.",
            amounts[0][1],
        )


def base_panels(work: Extraction) -> set[Panel]:
    """Return the department's panels that panels of units are part of."""
    return {replace(panel, unit=None) for panel, figures in work.figures.items() if panel.unit and figures}
