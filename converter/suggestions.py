"""A layout profile for a table that none knows: a stub for a person to complete."""

from collections.abc import Iterator, Sequence

from budgetgraph.converter.headers import column_paths, header_depth
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts import Caption
from budgetgraph.converter.profiles import ColumnSpec, TableSpec
from budgetgraph.converter.stitching import Stitched

#: Rows whose labels are shown, to help the person who completes the stub.
_EXAMPLES = 3


def profile_stub(table: Stitched, caption: Caption, specs: Sequence[TableSpec]) -> str:
    """Return YAML of a profile with one table.

    Columns that some known signature has are filled in; the others say `role: amount` with a comment to decide.
    """
    return "".join(_lines(table, caption, specs))


def _lines(table: Stitched, caption: Caption, specs: Sequence[TableSpec]) -> Iterator[str]:
    depth = header_depth(table.grid)
    title = fold(caption.title.text) if caption.title else "TITLE"
    yield "# Complete the places marked ?, then: budgetgraph convert SOURCE --profile THIS-FILE\n"
    yield "profile: my-layout\nrow_rules:\n  total: {labels: [合计, 总计], dimensions: {}}\n"
    yield "  code: {code: functionalClass}  # ? economicClass for an economic classification\n"
    yield f"tables:\n  - kind: general-expenditure  # ? a notation of the scheme table-kind\n    titles: [{title}]\n"
    yield "    fund: general  # ? general, govFund, stateCapital, appropriation or _T\n"
    yield "    panes:\n      - structure: expenditure  # ? or revenue\n        columns:\n"
    for index, path in enumerate(column_paths(table.grid, depth)):
        if not path:
            continue
        column = _known(path, specs)
        role = column.role if column else "amount"
        note = "" if column else "  # ? what the column's figures are, e.g. {expenditureNature: basic}"
        dimensions = "{" + ", ".join(f"{k}: '{v}'" for k, v in column.dimensions.items()) + "}" if column else "{}"
        tail = f", dimensions: {dimensions}" if role == "amount" else ""
        yield f"          - {{role: {role}, header: ['{path}']{tail}}}{note}  # column {index + 1}\n"
    yield "        rows: [code, total]\n"
    for row in table.grid.rows[depth : depth + _EXAMPLES]:
        yield f"# row: {' | '.join(cell.text for cell in row)}\n"


def _known(path: str, specs: Sequence[TableSpec]) -> ColumnSpec | None:
    columns = (column for spec in specs for pane in spec.panes for column in pane.columns)
    return next((column for column in columns if path in column.headers), None)
