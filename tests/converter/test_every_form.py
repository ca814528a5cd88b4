"""One publication, written in every form of source: the same figures with the same keys, each at its own place.

Its names and figures are invented; the sums close. What a form cannot say (spans in a text, lines in a table without
any) may make a reader less sure, but never gives another figure.
"""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.pipeline import Conversion, Settings, convert_document
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.readers.pdf import text_in_box
from tests.converter.readers.golden import Printed, Row, Table
from tests.converter.readers.pdf import goldens
from tests.converter.readers.pdf.writing import Sheet, pdf
from tests.converter.readers.scan import scanning
from tests.converter.readers.test_html import body as html_body
from tests.converter.readers.test_legacy_word import as_word_97, needs_libreoffice
from tests.converter.readers.test_word import body as word_body
from tests.converter.readers.test_word import docx, paragraph
from tests.converter.readers.workbooks import as_xls, as_xlsx

FRONT = "某某市甲乙局2021年部门预算"


AMOUNT = re.compile(r"[\d,]+\.(\d{2}|\d{4})")


def _printed(text: str) -> Printed:
    if match := AMOUNT.fullmatch(text):
        return Printed(text, Decimal(text.replace(",", "")), "0.0000" if len(match.group(1)) == 4 else "#,##0.00")
    return Printed(text, Decimal(text) if text.isdecimal() else text)


def _rows(printed: str) -> tuple[Row, ...]:
    return tuple(tuple(map(_printed, line.split("|"))) for line in printed.strip().splitlines())


def _span(text: str, rowspan: int = 1, colspan: int = 1) -> Printed:
    return Printed(text, text, rowspan=rowspan, colspan=colspan)


REVENUE_AND_EXPENDITURE = Table(
    "2021年部门收支预算总表",
    "单位：万元",
    (
        (_span("收入", colspan=2), None, _span("支出", colspan=2), None),
        *_rows(
            """
项目|预算数|项目|预算数
一、财政拨款收入|1,400.57|一、一般公共服务支出|1,300.57
1.一般公共预算财政拨款收入|1,400.57|二、社会保障和就业支出|100.00
二、其他收入|0.50|三、住房保障支出|0.50
本年收入合计|1,401.07|本年支出合计|1,401.07
收入总计|1,401.07|支出总计|1,401.07
"""
        ),
    ),
)

GENERAL = Table(
    "2021年一般公共预算支出表",
    "单位：万元",
    _rows(
        """
科目编码|科目名称|合计|基本支出|项目支出
|合计|1,401.07|1,151.07|250.00
201|一般公共服务支出|1,300.57|1,050.57|250.00
20131|党委办公厅（室）及相关机构事务|1,300.57|1,050.57|250.00
2013101|行政运行|1,050.57|1,050.57|
2013102|一般行政管理事务|250.00||250.00
208|社会保障和就业支出|100.00|100.00|
20805|行政事业单位养老支出|100.00|100.00|
2080505|机关事业单位基本养老保险缴费支出|100.00|100.00|
221|住房保障支出|0.50|0.50|
22102|住房改革支出|0.50|0.50|
2210201|住房公积金|0.50|0.50|
"""
    ),
    ("注：本表金额含上年结转。",),
)

BASIC = Table(
    "2021年一般公共预算基本支出表",
    "单位：万元",
    (
        (_span("经济科目编码", 2), _span("经济科目名称", 2), _span("基本支出", colspan=3), None, None),
        (None, None, _span("合计"), _span("人员支出"), _span("公用经费")),
        *_rows(
            """
|合计|1,151.07|309.50|841.5700
301|工资福利支出|309.50|309.50|
30101|基本工资|209.50|209.50|
30108|机关事业单位基本养老保险缴费|100.00|100.00|
302|商品和服务支出|841.5700||841.5700
30201|办公费|841.5700||841.5700
"""
        ),
    ),
)

THREE_PUBLIC = Table(
    "2021年一般公共预算“三公”经费支出表",
    "单位：万元",
    (
        (
            _span("合计", 2),
            _span("因公出国（境）费用", 2),
            _span("公务用车购置及运行维护费", colspan=3),
            None,
            None,
            _span("公务接待费", 2),
        ),
        (None, None, _span("小计"), _span("公务用车购置费"), _span("公务用车运行维护费"), None),
        *_rows("42.00|0.00|30.00|0.00|30.00|12.00"),
    ),
)

TABLES = (REVENUE_AND_EXPENDITURE, GENERAL, BASIC, THREE_PUBLIC)
goldens.HEADERS.update({REVENUE_AND_EXPENDITURE: 2, GENERAL: 1, BASIC: 2, THREE_PUBLIC: 2})


def _page(table: Table, lines: bool) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        if table is TABLES[0]:
            sheet.text(300, 30, FRONT, 14, "centre")
        goldens.draw(sheet, table, lines, 8)

    return draw


def _as_text(delimiter: str, padded: bool) -> bytes:
    width = max(table.width for table in TABLES)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    for line in ([FRONT], []):
        writer.writerow(line + [""] * (width - len(line)) * padded)
    for table in TABLES:
        for row in ([table.title], [table.unit], *table.texts(), *([note] for note in table.notes), []):
            writer.writerow(row + [""] * (width - len(row)) * padded)
    return file.getvalue().encode()


COVER = Table(FRONT, "", ())
WRITTEN: dict[str, Callable[[], bytes]] = {
    "pdf": lambda: pdf(*(_page(table, lines=True) for table in TABLES)),
    "pdf-without-lines": lambda: pdf(*(_page(table, lines=False) for table in TABLES)),
    "xlsx": lambda: as_xlsx((COVER, *TABLES)),
    "xls": lambda: as_xls((COVER, *TABLES)),
    "docx": lambda: docx(paragraph(FRONT) + word_body(TABLES)),
    "html": lambda: f"<html><meta charset=utf-8><body><h1>{FRONT}</h1>{html_body(TABLES)}</body></html>".encode(),
    "csv": lambda: _as_text(",", padded=True),
    "tsv": lambda: _as_text("\t", padded=True),
    "txt": lambda: _as_text("\t", padded=False),
}

#: kind of table, dimensions, text, and row and column (from 0) in which the golden table prints it
Observed = tuple[str, dict[str, str], str, int, int]

_NATURES: dict[str, list[dict[str, str]]] = {
    "general-expenditure": [{}, {"expenditureNature": "basic"}, {"expenditureNature": "project"}],
    "basic-expenditure": [{"expenditureNature": nature} for nature in ("basic", "personnel", "public")],
}
_REVENUE = ("appropriation", "general", "other", "current", "")
_CLASSES = ("201", "208", "221", "", "")
_THREE_PUBLIC = ("", "abroad", "vehicles", "vehiclePurchase", "vehicleRunning", "reception")


def expected() -> list[Observed]:
    """Return what the tables say, written down from how they look and not from how they are read."""
    found: list[Observed] = []
    rows = REVENUE_AND_EXPENDITURE.texts()
    for row, source in enumerate(_REVENUE, start=2):
        found.append(("balance", {"revenueSource": source} if source else {}, rows[row][1], row, 1))
    for row, code in enumerate(_CLASSES, start=2):
        current = {"expenditureNature": "current"} if row == 5 else {}  # 本年支出合计
        found.append(("balance", current | ({"functionalClass": code} if code else {}), rows[row][3], row, 3))
    for kind, table, name in (
        ("general-expenditure", GENERAL, "functionalClass"),
        ("basic-expenditure", BASIC, "economicClass"),
    ):
        for row, texts in enumerate(table.texts()):
            for column, nature in enumerate(_NATURES[kind], start=2):
                if AMOUNT.fullmatch(texts[column]):
                    found.append((kind, nature | ({name: texts[0]} if texts[0] else {}), texts[column], row, column))
    for column, expense in enumerate(_THREE_PUBLIC):
        found.append(
            ("three-public", {"threePublic": expense} if expense else {}, THREE_PUBLIC.texts()[2][column], 2, column)
        )
    return found


def observed(conversion: Conversion) -> list[Observed]:
    found: list[Observed] = []
    for data_set in conversion.budget.data_sets:
        for figure in data_set.figures:
            row, column = figure.place.row, figure.place.column
            assert row
            assert column
            assert figure.value == Decimal(figure.text.replace(",", "")) * 10_000
            found.append((data_set.table_kind or "", dict(figure.dimensions), figure.text, row - 1, column - 1))
    return found


def key(item: Observed) -> tuple[object, ...]:
    return item[0], sorted(item[1].items()), *item[2:]


def printed_at(form: str, data: bytes, place: Locator) -> str:
    """Return what stands in the file at a place, looked up without the reader that found it."""
    if place.page:
        assert place.box
        return text_in_box(data, place.page, place.box)
    if place.line:
        assert place.field
        rows = list(csv.reader(io.StringIO(data.decode()), delimiter="," if form == "csv" else "\t"))
        return rows[place.line - 1][place.field - 1]
    if place.sheet:  # 表1 is the cover; two lines stand above each table
        letters, number = re.fullmatch(r"([A-Z])(\d+)", place.ref or "").groups()  # type: ignore[union-attr]
        return TABLES[int(place.sheet[1:]) - 2].texts()[int(number) - 3][ord(letters) - ord("A")]
    table, row, cell = map(int, re.fullmatch(r"table (\d+), row (\d+), cell (\d+)", place.ref or "").groups())  # type: ignore[union-attr]
    return [
        text
        for text, printed in zip(TABLES[table - 1].texts()[row - 1], TABLES[table - 1].rows[row - 1], strict=True)
        if printed
    ][cell - 1]


def converted(form: str, data: bytes, folder: Path) -> Conversion:
    """Convert a file and look up every figure at its place. (That boxes on a scan are right, `test_scans` tests.)"""
    path = folder / f"publication.{form}"
    path.write_bytes(data)
    conversion = convert_document(read_document(path), Settings())
    for data_set in conversion.budget.data_sets:
        for figure in data_set.figures:
            place = figure.place.locator
            assert form == "scan" or printed_at(form, data, place) == figure.text
    assert conversion.coverage.is_complete
    return conversion


@pytest.mark.parametrize("form", [form for form in WRITTEN if form != "pdf-without-lines"])
def test_the_same_figures_come_out_of_every_form(form: str, tmp_path: Path):
    conversion = converted(form, WRITTEN[form](), tmp_path)
    assert sorted(observed(conversion), key=key) == sorted(expected(), key=key)
    assert conversion.budget.department.names[0] == "某某市甲乙局"
    assert conversion.budget.fiscal_year == 2021
    assert set(conversion.coverage.explained) == {"code"}


@needs_libreoffice
def test_the_same_figures_come_out_of_a_word_97_document(tmp_path: Path):
    document = docx(paragraph(FRONT) + word_body(TABLES) + "<w:p/>")  # a Word document ends with a paragraph
    conversion = converted("doc", as_word_97(document, tmp_path), tmp_path)
    assert sorted(observed(conversion), key=key) == sorted(expected(), key=key)
    assert conversion.budget.fiscal_year == 2021


def test_without_lines_what_is_not_sure_is_listed_and_the_rest_is_the_same(tmp_path: Path):
    conversion = converted("pdf", WRITTEN["pdf-without-lines"](), tmp_path)
    found, wished = observed(conversion), expected()
    left_out = [item for item in wished if item not in found]
    assert all(item in wished for item in found)
    assert {item[0] for item in left_out} <= {"three-public"}  # one row of figures proves no column
    assert conversion.coverage.explained.get("low-confidence", 0) == len(left_out)


def test_a_scan_gives_the_same_figures(tmp_path: Path):
    conversion = converted("scan", scanning.as_pdf([scanning.scanned(_page(BASIC, lines=True), askew=0.4)]), tmp_path)
    assert sorted(observed(conversion), key=key) == sorted(
        (i for i in expected() if i[0] == "basic-expenditure"), key=key
    )
