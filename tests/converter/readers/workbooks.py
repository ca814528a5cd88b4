"""Workbooks that the tests write, and parts of them."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import xlsxwriter
import xlwt
from openpyxl.styles import Border, Side

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.readers.spreadsheet import WorkbookReader
from tests.converter.readers.golden import (
    EXPENDITURE,
    TABLES,
    read_texts,
)

FRAME = Border(*[Side(style="thin")] * 4)


def saved(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def as_xlsx(tables=TABLES, frame=True):
    """Write each table on a sheet of its own, with the lines around it and, if so wished, borders."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for table in tables:
            sheet = book.add_worksheet(f"表{len(book.worksheets()) + 1}")
            sheet.write_column(0, 0, [table.title, table.unit])
            sheet.write_column(2 + len(table.rows), 0, table.notes)
            for r, row in enumerate(table.rows, start=2):
                for c, cell in enumerate(row):
                    if cell is None:
                        continue
                    value = float(cell.value) if isinstance(cell.value, Decimal) else cell.value
                    style = book.add_format({"num_format": cell.number_format, "border": int(frame)})
                    if (cell.rowspan, cell.colspan) != (1, 1):
                        sheet.merge_range(r, c, r + cell.rowspan - 1, c + cell.colspan - 1, value, style)
                    elif isinstance(value, float):
                        sheet.write_number(r, c, value, style)
                    else:
                        sheet.write_string(r, c, value, style)
    return file.getvalue()


def as_xls(tables=TABLES, frame=True):
    book = xlwt.Workbook()
    border = "borders: left thin, right thin, top thin, bottom thin" if frame else ""
    for index, table in enumerate(tables):
        sheet = book.add_sheet(f"表{index + 1}")
        sheet.write(0, 0, table.title)
        sheet.write(1, 0, table.unit)
        for r, row in enumerate(table.rows, start=2):
            for c, cell in enumerate(row):
                if cell is None:
                    continue
                value = float(cell.value) if isinstance(cell.value, Decimal) else cell.value
                style = xlwt.easyxf(border, num_format_str=cell.number_format)
                sheet.write_merge(r, r + cell.rowspan - 1, c, c + cell.colspan - 1, value, style)
        for n, note in enumerate(table.notes):
            sheet.write(2 + len(table.rows) + n, 0, note)
    return saved(book)


def sheet_of(fill):
    book = openpyxl.Workbook()
    fill(book.active)
    return WorkbookReader().read(saved(book), "x")


def rows_of(*rows, frame=()):
    def fill(sheet):
        for row in rows:
            sheet.append(row)
        for r in frame:
            for cell in sheet[r]:
                cell.border = FRAME

    return sheet_of(fill)


def shape(blocks):
    return [block.text if isinstance(block, Paragraph) else read_texts(block) for block in blocks]


# The workbook's XML, written in other ways than usual.

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def member(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)


def with_member(data, name, content):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info))
    return file.getvalue()


def with_rows(rows, before="", behind=""):
    text = f'<worksheet xmlns="{NAMESPACE}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'
    return with_member(as_xlsx([EXPENDITURE]), SHEET, text.encode())
