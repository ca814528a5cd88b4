"""One golden set of tables, which the tests write in every form of source and read back cell by cell.

All names and figures are invented. A place that a span covers is None. `value` and `number_format` say how a
spreadsheet stores what `text` shows; a form without number formats prints `text`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from budgetgraph.converter.blocks import Block, Grid, Paragraph

AMOUNT = "#,##0.00"
FOUR_PLACES = "0.0000"
ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@dataclass(frozen=True)
class Printed:
    """A cell that prints `text`; `value` is what a spreadsheet stores, a str or a number."""

    text: str
    value: str | Decimal
    number_format: str = "General"
    rowspan: int = 1
    colspan: int = 1


Row: TypeAlias = tuple[Printed | None, ...]


@dataclass(frozen=True)
class Table:
    """A table with the lines printed above and below it."""

    title: str
    unit: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.rows[0])

    def texts(self) -> list[list[str]]:
        """Return what each cell prints, "" where nothing is printed or a span covers the place."""
        return [[cell.text if cell else "" for cell in row] for row in self.rows]

    def spans(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return (rowspan, colspan) of the cells at (row, column) that span."""
        return {
            (r, c): (cell.rowspan, cell.colspan)
            for r, row in enumerate(self.rows)
            for c, cell in enumerate(row)
            if cell and (cell.rowspan, cell.colspan) != (1, 1)
        }


def _text(text: str, rowspan: int = 1, colspan: int = 1) -> Printed:
    return Printed(text, text, rowspan=rowspan, colspan=colspan)


def _amount(text: str, number_format: str = AMOUNT) -> Printed:
    return Printed(text, Decimal(text.replace(",", "")), number_format)


def _code(text: str) -> Printed:
    """Return a code that the spreadsheet stores as a number."""
    return Printed(text, Decimal(text))


_BLANK = _text("")

EXPENDITURE = Table(
    "2021年部门支出预算总表",
    "单位：万元",
    (
        (
            _text("科目编码", rowspan=2),
            _text("科目名称", rowspan=2),
            _text("合计", rowspan=2),
            _text("基本支出", colspan=3),
            None,
            None,
            _text("项目支出", rowspan=2),
        ),
        (None, None, None, _text("小计"), _text("人员经费"), _text("公用经费"), None),
        tuple(_code(str(n)) for n in range(1, 8)),
        (
            _BLANK,
            _text("合 计"),
            _amount("12,306.50"),
            _amount("11,064.93"),
            _amount("10,223.36"),
            _amount("841.57"),
            _amount("1,241.57"),
        ),
        (
            _code("201"),
            _text("一般公共服务支出"),
            _amount("12,305.00"),
            _amount("11,063.43"),
            _amount("10,221.86"),
            _amount("841.5700", FOUR_PLACES),
            _amount("1,241.57"),
        ),
        (
            _code("20131"),
            _text("党委办公厅（室）及相关机构事务"),
            _amount("12,305.00"),
            _amount("11,063.43"),
            _amount("10,221.86"),
            _amount("841.5700", FOUR_PLACES),
            _amount("1,241.57"),
        ),
        (
            Printed("2013101", "2013101"),
            _text("行政运行"),
            _amount("11,063.43"),
            _amount("11,063.43"),
            _amount("10,221.86"),
            _amount("841.5700", FOUR_PLACES),
            _BLANK,
        ),
        (
            _code("2013102"),
            _text("一般行政管理事务"),
            _amount("1,241.57"),
            _amount("0.00"),
            _BLANK,
            _BLANK,
            Printed("1,241.57", "1,241.57"),
        ),
        (
            _code("208"),
            _text("社会保障和就业支出"),
            _amount("1.5", "General"),
            _amount("1.50"),
            _amount("1.50"),
            Printed("-", Decimal(0), ACCOUNTING),
            Printed("-0.00", "-0.00"),
        ),
    ),
    ("注：本表金额含上年结转。",),
)

BALANCE = Table(
    "2021年部门收支预算总表",
    "单位：元",
    (
        (_text("收入", colspan=2), None, _text("支出", colspan=2), None),
        (_text("项目"), _text("预算数"), _text("项目"), _text("预算数")),
        (
            _text("一、财政拨款收入"),
            _amount("1,040,000", "#,##0"),
            _text("一、一般公共服务支出"),
            _amount("900,000", "#,##0"),
        ),
        (
            _text("1. 一般公共预算"),
            _amount("1,040,000", "#,##0"),
            _text("二、住房保障支出"),
            _amount("140,000.50", "#,##0.00"),
        ),
        (_text("二、其他收入"), _amount("0.5", "General"), _BLANK, _BLANK),
        (_text("收入总计"), _amount("1,040,000.50"), _text("支出总计"), _amount("1,040,000.50")),
    ),
)

THREE_PUBLIC = Table(
    "2021年“三公”经费预算表",
    "单位:万元",
    (
        (_text("“三公”经费预算数", colspan=6), None, None, None, None, None, _text("机关运行经费预算数", rowspan=3)),
        (
            _text("合计", rowspan=2),
            _text("因公出国(境)费", rowspan=2),
            _text("公务接待费", rowspan=2),
            _text("公务用车购置及运行费", colspan=3),
            None,
            None,
            None,
        ),
        (None, None, None, _text("小计"), _text("购置费"), _text("运行费"), None),
        tuple(_amount(t) for t in ("42.00", "0.00", "12.00", "30.00", "0.00", "30.00", "841.57")),
    ),
    ("注：1. 按财政拨款口径编制。", "2. 不含下属单位。"),
)

INDICATORS = Table(
    "项目绩效目标表",
    "金额单位：万元",
    (
        (_text("一级指标"), _text("二级指标"), _text("指标内容"), _text("指标值")),
        (_text("产出指标", rowspan=3), _text("数量指标"), _text("走访次数"), _text("≥3 次")),
        (None, _text("质量指标", rowspan=2), _text("合格率"), Printed("98.5%", Decimal("0.985"), "0.0%")),
        (None, None, _text("完成率"), Printed("100%", Decimal(1), "0%")),
        (_text("效益指标"), _text("满意度\n指标"), _text("服务对象满意度"), _text("90%以上")),
    ),
)

TABLES = (EXPENDITURE, BALANCE, THREE_PUBLIC, INDICATORS)


def lines(table: Table) -> list[str]:
    """Return the paragraphs around a table, in order."""
    return [table.title, table.unit, *table.notes]


def read_texts(grid: Grid) -> list[list[str]]:
    """Return what a reader found in each cell."""
    return [[cell.text for cell in row] for row in grid.rows]


def read_spans(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Return (rowspan, colspan) of the cells that a reader found to span."""
    return {(c.row, c.column): (c.rowspan, c.colspan) for c in grid.cells() if (c.rowspan, c.colspan) != (1, 1)}


def assert_reads_as(blocks: Sequence[Block], tables: Iterable[Table] = TABLES, spans: bool = True) -> None:
    """Fail unless the blocks are these tables with their lines, in order, every cell at its own place."""
    expected = list(tables)
    grids = [block for block in blocks if isinstance(block, Grid)]
    assert [read_texts(grid) for grid in grids] == [table.texts() for table in expected]
    if spans:
        assert [read_spans(grid) for grid in grids] == [table.spans() for table in expected]
    printed = [line for table in expected for line in lines(table)]
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == printed
    assert_places(blocks)


def assert_places(blocks: Sequence[Block]) -> None:
    """Fail unless rows and columns count from 0, rows are equally wide, and no two cells share a place."""
    cells = [cell for block in blocks if isinstance(block, Grid) for cell in block.cells()]
    assert len({cell.locator for cell in cells}) == len(cells)
    for grid in (block for block in blocks if isinstance(block, Grid)):
        assert {len(row) for row in grid.rows} == {grid.width}
        assert all(c.row == r and c.column == k for r, row in enumerate(grid.rows) for k, c in enumerate(row))


def assert_offsets(blocks: Sequence[Block]) -> None:
    """Fail unless each locator's offsets give back the text in the blocks' texts, each ended by a newline."""
    parts = [part for block in blocks for part in (block.cells() if isinstance(block, Grid) else [block])]
    text = "".join(f"{part.text}\n" for part in parts)
    offset = 0
    for part in parts:
        assert (part.locator.start, part.locator.end) == (offset, offset + len(part.text))
        assert text[part.locator.start : part.locator.end] == part.text
        offset += len(part.text) + 1
