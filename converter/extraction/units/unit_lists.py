"""Tables that list the units of a department: 序号 | 单位名称 | 备注."""

from collections.abc import Iterable, Iterator, Sequence

from budgetgraph.converter.accounting.ledger import Ledger, Reason, is_numeric
from budgetgraph.converter.blocks import Cell, Grid
from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.headers import column_paths, header_depth
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.narrative.organisation import is_headquarters
from budgetgraph.converter.narrative.vocabulary import shipped_vocabulary
from budgetgraph.converter.recognition import UnknownTable

#: Headers of the column of names, and of those that may stand beside it. Any other column makes it another table.
_NAMES = frozenset(("单位名称", "预算单位名称", "预算单位", "部门(单位)名称", "决算单位名称", "决算单位"))
_BESIDE = {
    "序号": Reason.LINE_NUMBER,
    **dict.fromkeys(("备注", "单位性质", "单位类型", "单位类别", "经费类型", "预算级次", "单位级别"), Reason.TEXT),
}


def read_unit_lists(
    unknown: Sequence[UnknownTable], own: frozenset[str], ledger: Ledger
) -> tuple[tuple[str, ...], tuple[UnknownTable, ...]]:
    """Return the units that tables without amounts list, and the tables that are no such lists.

    The headquarters (本级, 本部) and the department itself are no units.

    own  folded names of the department
    """
    names: dict[str, None] = {}
    rest = []
    for each in unknown:
        found = _cells(each.table.grid)
        if found is None:
            rest.append(each)
            continue
        _book(each.table, ledger)
        names |= dict.fromkeys(_names(found, own))
    return tuple(names), tuple(rest)


def names_listed(tables: Iterable[Stitched], own: frozenset[str]) -> tuple[str, ...]:
    """Return the units that tables without amounts list; see `read_unit_lists`."""
    lists = filter(None, (_cells(table.grid) for table in tables))
    return tuple(dict.fromkeys(name for cells in lists for name in _names(cells, own)))


def _names(cells: Sequence[Cell], own: frozenset[str]) -> Iterator[str]:
    for name in ("".join(cell.text.split()) for cell in cells):
        if fold_name(name) not in own and not is_headquarters(fold(name), shipped_vocabulary()):
            yield name


def _cells(grid: Grid) -> list[Cell] | None:
    """Return the cells with the names of a list; None where the table is no list of units."""
    depth = header_depth(grid)
    paths = column_paths(grid, depth)
    columns = [index for index, path in enumerate(paths) if path in _NAMES]
    if len(columns) != 1 or len(columns) + sum(path in _BESIDE for path in paths) < grid.width:
        return None
    found = []
    for row in grid.rows[depth:]:
        name = row[columns[0]]
        if name.is_blank or is_numeric(name.text):
            return None
        found.append(name)
    return found


def _book(table: Stitched, ledger: Ledger) -> None:
    """Book all cells of a list."""
    grid = table.grid
    depth = header_depth(grid)
    beside = {index: _BESIDE[path] for index, path in enumerate(column_paths(grid, depth)) if path in _BESIDE}
    for row in grid.rows:
        for cell in row:
            if not cell.is_blank:
                reason = beside.get(cell.column, Reason.LABEL)
                ledger.explain(cell, Reason.HEADER if cell.row < depth else reason)
    for cell in table.repeated:
        if not cell.is_blank:
            ledger.explain(cell, Reason.REPEATED_HEADER)
