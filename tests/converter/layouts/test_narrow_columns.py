"""Tables of seventeen narrow columns in a PDF, whose amounts are broken over two lines: whole where the sums agree."""

from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.pipeline import convert
from budgetgraph.converter.readers.pdf import PdfReader
from tests.converter.publications import codes, faults, figures, reprinted
from tests.converter.readers.pdf.writing import Sheet, TableStyle, pdf, table, width_of

STYLE = TableStyle(left=20, top=150, row_height=34, size=6, padding=1.5)
#: Room for all but the last digit of an amount.
NARROW = width_of("12,345.6", STYLE.size) + 2 * STYLE.padding + 1
CLASSES = [
    "基本\n工资",
    "津贴\n补贴",
    "奖金",
    "绩效\n工资",
    "伙食\n补助\n费",
    "住房\n公积\n金",
    "医疗\n费",
    "办公\n费",
    "印刷\n费",
    "水费",
    "电费",
    "邮电\n费",
    "差旅\n费",
    "租赁\n费",
]
HEAD = ["编码", "科目名称", "合计", *CLASSES]


def _row(code, name, total, office):
    return [code, name, total, "1,000.20", "465.08", "", "", "", "", "", office, "", "", "", "", "", ""]


def _written(path, total="12,345.6\n7", office="10,880.3\n9"):
    rows = [
        HEAD,
        *(
            _row(c, n, total, office)
            for c, n in (("201", "一般公\n共服务"), ("20131", "党委办\n公厅"), ("2013101", "行政\n运行"), ("", "合计"))
        ),
    ]

    def page(sheet: Sheet) -> None:
        sheet.text(sheet.width / 2, 60, "云岭市测绘服务局2024年部门预算", 16, "centre")
        sheet.text(sheet.width / 2, 110, "一般公共预算支出表", 14, "centre")
        sheet.text(530, 135, "单位：万元", 10, "right")
        table(sheet, rows, [34, 40, *[NARROW] * 15], style=STYLE)

    path.write_bytes(pdf(page))
    return convert(path)


def test_broken_amounts_are_whole_where_the_sums_agree(tmp_path):
    conversion = _written(tmp_path / "云岭市测绘服务局2024年部门预算.pdf")
    for code in ("201 ", "20131 ", "2013101 ", ""):
        found = {key.removeprefix(code): text for key, text in figures(conversion, "t1").items()}
        assert found[(code or "_T").strip()] == "12,345.67"
        assert (found["30101"], found["30201"]) == ("1,000.20", "10,880.39")
    assert codes(conversion) == set()
    assert faults(conversion) <= {"CL-2", "CL-2-minor"}  # names that narrow columns do not hold
    assert conversion.coverage.unexplained == 0
    assert reprinted(conversion)[1][2] == "12,345.67"


def test_broken_amounts_are_listed_where_the_sums_do_not_agree(tmp_path):
    conversion = _written(tmp_path / "云岭市测绘服务局2024年部门预算.pdf", office="10,888.3\n9")
    assert codes(conversion) == {"open-sum"}
    assert set(figures(conversion, "t1").values()) == {"1,000.20", "465.08"}
    assert conversion.coverage.explained["low-confidence"] == 8


def _second(right):
    """Return the cell of an amount whose rest stands at the right or at the left of its cell."""

    def page(sheet: Sheet) -> None:
        table(sheet, [["201", ""], ["205", "1.00"]], [60, NARROW], style=STYLE)
        end, start = STYLE.left + 60 + NARROW - STYLE.padding, STYLE.left + 60 + STYLE.padding
        sheet.text(end, STYLE.top + 12, "12,345.6", STYLE.size, "right")
        sheet.text(end if right else start, STYLE.top + 20, "7", STYLE.size, "right" if right else "left")

    (grid,) = [block for block in PdfReader().read(pdf(page), "test.pdf") if isinstance(block, Grid)]
    return grid.rows[0][1]


def test_the_rest_of_a_broken_amount_stands_below_its_end():
    assert (_second(right=True).text, _second(right=True).confidence) == ("12,345.67", 0.9)
    assert _second(right=False).text == "12,345.6\n7"
