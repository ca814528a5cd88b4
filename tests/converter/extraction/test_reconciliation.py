"""Figures that a table without ruled lines gives only where they can be right as they stand."""

import pytest

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import codes, figures
from tests.converter.readers.pdf.writing import Sheet, TableStyle, pdf, table


def _converted(path, *, lines, wages, office):
    """Convert basic expenditure whose rows of 301 and 302 have their amounts under these two natures."""

    def row(code, name, nature, amount):
        return [code, name, amount, *(("", amount) if nature == "public" else (amount, ""))]

    rows = [
        ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        row("301", "工资福利支出", wages, "120.00"),
        row("30101", "基本工资", wages, "80.00"),
        row("30102", "津贴补贴", wages, "40.00"),
        row("302", "商品和服务支出", office, "30.00"),
        row("30201", "办公费", office, "20.00"),
        row("30202", "印刷费", office, "10.00"),
    ]

    def page(sheet: Sheet) -> None:
        sheet.text(sheet.width / 2, 60, "云岭市测绘服务局2024年部门预算", 16, "centre")
        sheet.text(sheet.width / 2, 90, "一般公共预算基本支出表", 14, "centre")
        sheet.text(520, 110, "单位：万元", 10, "right")
        table(sheet, rows, [70, 130, 60, 60, 60], style=TableStyle(centred=1), lines=lines)

    path.write_bytes(pdf(page))
    return convert(path)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "云岭市测绘服务局2024年部门预算.pdf"


@pytest.mark.parametrize("lines", [True, False])
def test_classes_under_their_natures_are_figures(path, lines):
    found = figures(_converted(path, lines=lines, wages="personnel", office="public"), "t1")
    assert (found["30101 personnel"], found["30201 public"]) == ("80.00", "20.00")
    assert len(found) == 12


@pytest.mark.parametrize(
    ("wages", "office"), [("public", "public"), ("personnel", "personnel"), ("public", "personnel")]
)
def test_classes_under_the_other_nature_are_listed_where_no_line_tells_the_columns(path, wages, office):
    conversion = _converted(path, lines=False, wages=wages, office=office)
    assert codes(conversion) == {"low-confidence"}
    assert {key.partition(" ")[2] for key in figures(conversion, "t1")} == {"basic"}
    assert conversion.coverage.explained["low-confidence"] == 6
    assert conversion.coverage.unexplained == 0


def test_classes_under_the_other_nature_are_what_ruled_lines_say(path):
    conversion = _converted(path, lines=True, wages="public", office="public")
    assert figures(conversion, "t1")["30101 public"] == "80.00"
    assert codes(conversion) == set()
