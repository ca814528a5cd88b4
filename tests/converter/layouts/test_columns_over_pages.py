"""Tables whose columns go on on the next page: joined where their rows are surely the same, else marked."""

import pytest

from budgetgraph.converter.blocks import Cell, Grid, Locator, Paragraph
from budgetgraph.converter.layouts.headers import header_depth
from budgetgraph.converter.layouts.stitching import Stitched, stitch
from budgetgraph.converter.pipeline import NoBudgetTableError, convert
from tests.converter.publications import codes
from tests.converter.readers.pdf.writing import pdf, table

LABELS = """科目编码|科目名称|合计
201|一般公共服务支出|90.00
2010301|行政运行|60.00
2010302|一般行政管理事务|30.00
|合计|90.00"""
AMOUNTS = "基本支出|项目支出\n60.00|30.00\n60.00|\n|30.00\n60.00|30.00"
GROUPS = "科目编码|科目名称|支出合计\n||小计\n201|一般公共服务支出|90.00\n|合计|90.00"
UNDER_GROUPS = "{}|\n基本支出|项目支出\n60.00|30.00\n60.00|30.00"


def _grid(text: str, page: int, top: float = 100, height: float = 20) -> Grid:
    """Return a table of a page whose rows are equally high."""
    rows = [line.split("|") for line in text.splitlines()]

    def place(row: int, column: int) -> Locator:
        return Locator(page=page, box=(50.0 * column, top + height * row, 50.0 * column + 50, top + height * (row + 1)))

    return Grid(
        tuple(
            tuple(Cell(words, row, column, locator=place(row, column)) for column, words in enumerate(line))
            for row, line in enumerate(rows)
        ),
        Locator(page=page),
    )


def _tables(*blocks: Grid | Paragraph) -> list[Stitched]:
    return [block for block in stitch(blocks, header_depth) if isinstance(block, Stitched)]


def _texts(made: Stitched) -> list[str]:
    return ["|".join(cell.text for cell in row) for row in made.grid.rows]


def _beside(left: str, right: str) -> list[str]:
    return [f"{a}|{b}" for a, b in zip(left.splitlines(), right.splitlines(), strict=True)]


@pytest.mark.parametrize("top", [100, 160])
def test_amounts_without_labels_on_the_next_page_are_columns(top):
    (made,) = _tables(_grid(LABELS, 1), _grid(AMOUNTS, 2, top))
    assert _texts(made) == _beside(LABELS, AMOUNTS)
    assert (made.cut, len(made.pieces)) == ("", 2)
    cells = list(made.grid.cells())
    assert [(cell.row, cell.column) for cell in cells] == [(row, column) for row in range(5) for column in range(5)]


def test_labels_that_each_page_repeats_stand_once():
    names = "\n".join(line.rpartition("|")[0] for line in LABELS.splitlines())
    (made,) = _tables(_grid(LABELS, 1), _grid("\n".join(_beside(names, AMOUNTS)), 2, height=30))
    assert _texts(made) == _beside(LABELS, AMOUNTS)
    assert len(made.repeated) == 10


def test_columns_of_three_pages_and_rows_of_two():
    more = "其中：结转\n5.00\n\n5.00\n5.00"
    (made,) = _tables(_grid(LABELS, 1), _grid(AMOUNTS, 2), _grid(more, 3))
    assert made.grid.width == 6
    head, *rows = LABELS.splitlines()
    lower = f"{head}\n208|社会保障和就业支出|7.00\n20805|养老|7.00"
    (made,) = _tables(
        _grid("\n".join([head, *rows[:-1]]), 1),
        _grid("\n".join(AMOUNTS.splitlines()[:-1]), 2),
        _grid(lower, 3),
        _grid("基本支出|项目支出\n7.00|\n7.00|", 4),
    )
    assert _texts(made)[-1] == "20805|养老|7.00|7.00|"
    assert len(made.grid.rows) == 6


def test_a_header_of_fewer_lines_is_as_deep():
    (made,) = _tables(_grid(GROUPS, 1), _grid("上年结转\n5.00\n5.00", 2, top=120))
    assert _texts(made)[0].endswith("|上年结转")
    assert _texts(made)[2].endswith("|5.00")


def test_numbers_of_columns_go_on():
    left = "科目编码|科目名称|合计\n类款项||\n栏次||1\n201|一般公共服务支出|90.00\n|合计|90.00"
    (made,) = _tables(_grid(left, 1), _grid("基本支出|项目支出\n2|3\n60.00|30.00\n60.00|30.00", 2, top=120))
    assert _texts(made)[2:4] == ["栏次||1|2|3", "201|一般公共服务支出|90.00|60.00|30.00"]


def test_a_unit_line_above_the_last_columns_is_the_table_s():
    blocks = stitch([_grid(LABELS, 1), Paragraph("单位：万元"), _grid(AMOUNTS, 2)], header_depth)
    assert [block.text if isinstance(block, Paragraph) else len(block.grid.rows) for block in blocks] == [
        "单位：万元",
        5,
    ]


@pytest.mark.parametrize(
    ("blocks", "why"),
    [
        ([_grid("\n".join(AMOUNTS.splitlines()[:-1]), 2)], "not known to be the same"),
        ([_grid(AMOUNTS, 2, height=18)], "not known to be the same"),
        ([Paragraph("出总表"), _grid(AMOUNTS, 2)], "words stand between"),
    ],
)
def test_columns_whose_rows_are_not_certain_are_marked(blocks, why):
    assert [why in made.cut for made in _tables(_grid(LABELS, 1), *blocks)] == [True, True]


@pytest.mark.parametrize(
    ("left", "right", "is_cut"),
    [
        ("财政拨款支出", "其他资金支出", False),
        ("项", "目支出", True),
        ("一般公共预算", "支出", True),
        ("支出合计", "", False),
    ],
)
def test_a_header_over_several_columns_may_be_cut(left, right, is_cut):
    pieces = _grid(GROUPS.replace("支出合计", left), 1), _grid(UNDER_GROUPS.format(right), 2)
    assert [bool(made.cut) for made in _tables(*pieces)] == ([True, True] if is_cut else [False])


@pytest.mark.parametrize(
    "blocks",
    [
        [_grid(AMOUNTS, 1, 300)],  # on the same page
        [_grid("合计|因公出国（境）费\n5.00|5.00", 2)],  # one row
        [Paragraph("“三公”经费支出表"), _grid("合计|接待费\n5.00|5.00\n5.00|", 2)],
        [_grid("项目|金额\n甲|60.00\n乙|\n丙|\n丁|", 2)],  # labels of its own
        [Paragraph("项目支出表"), _grid("科目编码|科目名称|基本支出\n201|一般公共服务支出|9.00\n|合计|9.00", 2)],
    ],
)
def test_other_tables_on_the_next_page_are_tables(blocks):
    assert [made.cut for made in _tables(_grid(LABELS, 1), *blocks)] == ["", ""]


PROJECTS = ["项目名称", "合计"], ["测绘管理", "60.00"], ["系统建设", "40.00"], ["合计", "100.00"]
SOURCES = ["一般公共预算", "政府性基金"], ["60.00", ""], ["30.00", "10.00"], ["90.00", "10.00"]


@pytest.mark.parametrize("rows", [4, 3])
def test_a_wide_table_of_a_publication(tmp_path, rows):
    def first(sheet):
        sheet.text(sheet.width / 2, 60, "云岭市测绘服务局2024年部门预算", 18, "centre")
        sheet.text(sheet.width / 2, 100, "项目支出表", 14, "centre")
        sheet.text(530, 120, "单位：万元", 10, "right")
        table(sheet, list(PROJECTS), [150, 90])

    path = tmp_path / "wide.pdf"
    path.write_bytes(pdf(first, lambda sheet: table(sheet, list(SOURCES[:rows]), [90, 90])))
    if rows < len(SOURCES):
        with pytest.raises(NoBudgetTableError, match=r"'项目支出表'.*not known to be the same"):
            convert(path)
        return
    conversion = convert(path)
    (found,) = (d for d in conversion.budget.data_sets if d.figures)
    assert [f.text for f in found.figures if f.label == "系统建设"] == ["40.00", "30.00", "10.00"]
    assert len({frozenset(f.dimensions.items()) for f in found.figures}) == len(found.figures) == 8
    assert codes(conversion) == set()
