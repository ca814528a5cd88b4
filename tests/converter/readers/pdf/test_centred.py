"""Tables without ruled lines whose names stand in the middle of their cells, as they are most often printed."""

import random
from collections.abc import Sequence

import pytest

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.extraction.figures import SURE
from budgetgraph.converter.readers.pdf.columns import BELOW_NAMES
from tests.converter.readers.pdf.test_ruled import grids, spans, texts
from tests.converter.readers.pdf.writing import NUMBER, Sheet, Span, covered, pdf

LINE, ROW, SIZE, PADDING = 11.0, 20.0, 9.0, 3.0


def write(
    sheet: Sheet,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    spans: Sequence[Span] = (),
    head: int = 1,
    side: str = "right",
    shift: dict[tuple[int, int], float] | None = None,
) -> None:
    """Write names in the middle, labels at the left and amounts at a side of their cells, all in the middle of the row.

    head   rows that are the header; "\\n" breaks a line; shift: how far a text stands further right
    """
    xs = [40 + sum(widths[:column]) for column in range(len(widths) + 1)]
    heights = [ROW + LINE * max(t.count("\n") for t in row) for row in rows]
    ys = [100 + sum(heights[:row]) for row in range(len(rows) + 1)]
    inside = covered(spans)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            span = inside.get((r, c), (r, c, 1, 1))
            if span[:2] != (r, c) or not text:
                continue
            left, right = xs[c], xs[c + span[3]]
            amount = NUMBER.fullmatch(text) and "." in text
            align = "centre" if r < head or span[2:] != (1, 1) else side if amount else "left"
            at = {"left": left + PADDING, "right": right - PADDING, "centre": (left + right) / 2}[align]
            parts = text.split("\n")
            middle = (ys[r] + ys[r + span[2]]) / 2 + SIZE * 0.35
            for number, part in enumerate(parts):
                foot = middle + (number - (len(parts) - 1) / 2) * LINE
                sheet.text(at + (shift or {}).get((r, c), 0.0), foot, part, SIZE, align)


def read(rows: Sequence[Sequence[str]], widths: Sequence[float], *args: object, **options: object) -> Grid:
    (grid,) = grids(pdf(lambda sheet: write(sheet, rows, widths, *args, **options), size=(842, 595)))  # type: ignore[arg-type] # passed on
    return grid


def flat(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[text.replace("\n", "") for text in row] for row in rows]


def sure_amounts(data: bytes) -> list[str]:
    cells = (cell for grid in grids(data) for cell in grid.cells())
    return [c.text for c in cells if "." in c.text and NUMBER.fullmatch(c.text) and c.confidence >= SURE]


REVENUE = [
    ["科目编码", "科目名称", "本年收入", "", "", "", "", "上年结转"],
    ["", "", "小计", "一般公共\n预算拨款", "政府性基金\n预算拨款", "事业收入", "其他收入", ""],
    ["205", "教育支出", "1,008.57", "1,000.00", "", "", "8.57", "20.00"],
    ["20502", "普通教育", "1,005.00", "1,000.00", "", "", "5.00", "20.00"],
    ["2050299", "其他普通教\n育支出", "5.00", "", "", "", "5.00", ""],
]
OVER = [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 5), (0, 7, 2, 1)]
WIDTHS = [50, 55, 70, 55, 60, 62, 58, 64]


@pytest.mark.parametrize("side", ["right", "left", "centre"])
def test_names_in_the_middle_tell_the_columns_also_of_those_without_an_entry(side: str):
    grid = read(REVENUE, WIDTHS, OVER, 2, side)
    assert texts(grid) == flat(REVENUE)
    assert spans(grid).items() >= {(r, c): (h, w) for r, c, h, w in OVER}.items()
    assert all(cell.confidence >= SURE for row in grid.rows[2:] for cell in row)


def test_one_row_is_enough_where_every_text_stands_in_its_place():
    grid = read(REVENUE[:3], WIDTHS, OVER, 2)
    assert texts(grid) == flat(REVENUE[:3])
    assert {cell.confidence for cell in grid.rows[-1]} == {BELOW_NAMES}


def generated(seed: int) -> tuple[list[list[str]], list[float], list[Span]]:
    """Return a table with names over several columns, columns without entries, and widths of their own."""
    chance = random.Random(seed)  # noqa: S311 # no secret
    upper, lower, over = ["项目"], [""], [(0, 0, 2, 1)]
    while len(upper) < 7:
        reach = chance.choice([1, 2, 3])
        over.append((0, len(upper), 2, 1) if reach == 1 else (0, len(upper), 1, reach))
        lower += [f"其中{'一二三'[n]}" for n in range(reach)] if reach > 1 else [""]
        upper += [f"名称{len(upper)}", *[""] * (reach - 1)]
    count = len(upper)
    empty = set(chance.sample(range(1, count), 2))
    body = [
        [f"支出{row}", *["" if c in empty else f"{chance.randint(1, 9999)}.{row}0" for c in range(1, count)]]
        for row in range(4)
    ]
    return [upper, lower, *body], [90, *[chance.randint(52, 95) for _ in range(count - 1)]], over


@pytest.mark.parametrize("seed", range(8))
def test_what_is_read_surely_is_what_was_written(seed: int):
    rows, widths, over = generated(seed)
    grid = read(rows, widths, over, 2)
    assert texts(grid) == rows
    assert spans(grid) == {(r, c): (h, w) for r, c, h, w in over}


@pytest.mark.parametrize("seed", range(8))
def test_a_name_that_stands_beside_its_middle_is_not_read_surely_over_another_column(seed: int):
    rows, widths, over = generated(seed)
    moved = {(0, column): 12.0 for _, column, height, _ in over if height == 2 and column} or {(1, 2): 12.0}
    data = pdf(lambda sheet: write(sheet, rows, widths, over, 2, shift=moved), size=(842, 595))
    found = [grid for grid in grids(data) if any(cell.confidence >= SURE for cell in grid.cells())]
    assert not sure_amounts(data) or [texts(grid) for grid in found] == [rows]


def test_the_label_of_a_single_row_in_several_lines_is_no_name():
    rows = [["单位代码", "单位名称", "合计", "基本支出"], ["303", "津海区财\n政局", "12.50", "9.00"]]
    assert texts(read(rows, [50, 45, 60, 60])) == flat(rows)


def test_lines_of_labels_between_two_rows_go_to_the_row_whose_middle_they_share():
    rows = [
        ["科目名称", "合计", "基本支出", "项目支出"],
        ["机关事业单位基本\n养老保险缴费支出", "378.20", "378.20", ""],
        ["机关事业单位职业\n年金缴费支出", "189.10", "189.10", ""],
        ["其他支出", "5.10", "", "5.10"],
    ]
    grid = read(rows, [80, 60, 60, 60])
    assert texts(grid) == flat(rows)
    assert all(cell.confidence >= SURE for cell in grid.cells() if not cell.is_blank)


def test_a_text_that_ends_before_its_cell_does_and_seems_to_go_on_leaves_the_rows_in_doubt():
    rows = [
        ["科目名称", "合计", "基本支出", "项目支出"],
        ["机关事业单位基本\n养老保险缴费支出", "378.20", "378.20", ""],
        ["其他\n项目", "189.10", "189.10", ""],
    ]
    assert not sure_amounts(pdf(lambda sheet: write(sheet, rows, [80, 60, 60, 60])))


@pytest.mark.parametrize("widths", [[26, 22, 22, 80, 60], [60, 55, 50, 80, 60]], ids=["above them", "right of them"])
def test_single_characters_above_codes_of_their_own_are_names_of_columns(widths: list[float]):
    rows = [
        ["科目编码", "", "", "科目名称", "合计"],
        ["类", "款", "项", "", ""],
        ["205", "02", "01", "学前教育", "12.50"],
        ["205", "02", "99", "其他", "3.00"],
        ["208", "05", "01", "离退休", "4.25"],
    ]
    over = [(0, 0, 1, 3), (0, 3, 2, 1), (0, 4, 2, 1)]
    assert texts(read(rows, widths, over, 2)) == rows


def test_a_name_in_two_lines_begins_above_the_names_beside_it():
    rows = [
        ["科目名称", "2023年\n执行数", "2024年预算数", "", "2024年比\n2023年"],
        ["", "", "基本支出", "项目支出", ""],
        ["教育支出", "672.48", "312.52", "369.51", "9.55"],
        ["科技支出", "72.48", "12.52", "69.51", "9.55"],
    ]
    over = [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (0, 4, 2, 1)]
    grid = read(rows, [80, 60, 60, 60, 60], over, 2)
    assert [row[1:] for row in texts(grid)[2:]] == [row[1:] for row in rows[2:]]
    assert texts(grid)[0][1].replace("\n", "") == "2023年执行数"


def test_an_amount_that_its_column_breaks_is_not_read_short():
    rows = [
        ["科目名称", "合计", "基本支出", "项目支出"],
        ["教育支出", "4,645.7\n9", "3,471.38", "1,174.41"],
        ["科技支出", "588.17", "", "588.17"],
        ["农林支出", "588.18", "", "588.18"],
    ]
    found = sure_amounts(pdf(lambda sheet: write(sheet, rows, [80, 38, 60, 60])))
    assert not {"4,645.7", "9"} & set(found)
