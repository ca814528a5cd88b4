"""The official tables come back from the graph cell for cell, lexical forms included."""

import csv
import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyoxigraph
import pytest

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.reprint.tables import (
    ReprintedCell,
    ReprintedPublication,
    ReprintedTable,
    load,
    read_publications,
    read_tables,
)
from budgetgraph.converter.reprint.text import to_csv, to_html
from budgetgraph.converter.reprint.workbook import COVER, FIRST_ROW, number_format, to_xlsx

#: First and last line of each official table in the source, and the lines of headers repeated at page turns.
LINES = {
    "t1": (93, 133, (115, 116, 117)),
    "t2": (141, 163, ()),
    "t3": (171, 212, (194, 195, 196)),
    "t4": (220, 228, ()),
    "t5": (236, 237, ()),
    "t6": (245, 285, (265, 266, 267)),
    "t7": (293, 314, ()),
    "t8": (322, 345, ()),
}
SOURCE = Path(__file__).parents[3] / "data/publications/wuhan-jingkai-party-office-2021/document.txt"


def printed(table: str) -> list[list[str]]:
    lines = SOURCE.read_text("utf-8").split("\n")
    first, last, repeated = LINES[table]
    rows = [lines[n - 1].split("\t") for n in range(first, last + 1) if n not in repeated]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.fixture(scope="module")
def publication(converted):
    (found,) = read_publications(load(converted), str(converted))
    return found


@pytest.fixture(scope="module")
def tables(publication):
    return {table.id: table for table in publication.tables}


def test_all_eight_tables_are_there(tables):
    assert list(tables) == list(LINES)
    assert [t.number for t in tables.values()] == ["表一", "表二", "表三", "表四", "表五", "表六", "表七", "表八"]


@pytest.mark.parametrize("table", LINES)
def test_every_cell_is_as_printed(tables, table):
    assert tables[table].matrix() == printed(table)


def test_lexical_forms_stay(tables):
    assert "841.5700" in {cell.text for cell in tables["t1"].cells}
    assert "841.57" in {cell.text for cell in tables["t6"].cells}


def test_amounts_come_from_observations(converted):
    """Without its observations a table has lost its amounts, and nothing else."""
    store = load(converted)
    store.update("DELETE WHERE { GRAPH ?g { ?o <https://w3id.org/budgetgraph/def#sourceValue> ?v } }")
    table = next(t for t in read_tables(store, "x") if t.id == "t2")
    assert {cell.text for cell in table.cells if cell.role == "amount"} == {""}
    assert {cell.text for cell in table.cells if cell.role == "code"} >= {"201", "2013101"}


def test_csv_has_the_same_cells(tables):
    number, title, unit, *rows = csv.reader(io.StringIO(to_csv(tables["t8"])))
    assert ["".join(line) for line in (number, title, unit)] == ["表八", "2021 年部门预算支出总表", "单位：万元"]
    assert rows == printed("t8")
    assert {len(line) for line in (number, title, unit, *rows)} == {tables["t8"].columns}


def test_html_has_the_same_cells(publication, tables):
    page = (
        to_html([replace(publication, tables=(tables["t4"],))])
        .replace("<!doctype html>", "")
        .replace('<meta charset="utf-8">', "")
    )
    rows = ET.fromstring(page).iter("tr")  # noqa: S314  # our own page
    assert [["".join(cell.itertext()) for cell in row] for row in rows] == printed("t4")


def shown(cell) -> str:
    """Return a spreadsheet cell as it shows, for the formats that the converter writes."""
    if cell.value is None or isinstance(cell.value, str):
        return cell.value or ""
    _, _, places = cell.number_format.partition(".")
    grouping = "," if "," in cell.number_format else ""
    return f"{cell.value:{grouping}.{len(places)}f}"


def test_xlsx_shows_the_same_cells_and_has_numbers(publication, tables):
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(publication)))
    assert book.sheetnames == [COVER, *LINES]
    for name in LINES:
        end = FIRST_ROW + tables[name].rows
        rows = book[name].iter_rows(min_row=FIRST_ROW + 1, max_row=end, max_col=tables[name].columns)
        assert [[shown(cell) for cell in row] for row in rows] == printed(name)
    assert isinstance(book["t2"]["C6"].value, float)


def test_a_workbook_says_whose_it_is_and_what_each_table_is(publication):
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(publication)))
    assert [cell.value for cell in book[COVER]["A"]] == [publication.title]
    assert [book["t2"].cell(row, 1).value for row in (1, 2, 3)] == [
        "表二", "2021 年一般公共预算支出表", "单位：万元",
    ]  # fmt: skip


def test_columns_are_as_wide_as_their_amounts_and_together_as_the_title(tables):
    table = ReprintedTable("t1", "云岭市测绘服务局2024年一般公共预算支出表", None, None, "x", 1, 2, (
        ReprintedCell("1,234,567,890.12", 1, 1, 1, 1, "amount"), ReprintedCell("1", 1, 2, 1, 1, "amount"),
    ))  # fmt: skip
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(ReprintedPublication("x", None, (table,)))))["t1"]
    widths = [sheet.column_dimensions[letter].width for letter in "AB"]
    assert widths[0] > len("1,234,567,890.12")
    assert sum(widths) > 2 * len(table.title)


@pytest.mark.parametrize("text", ["0.1234567890123456", "1,234,567,890,123.4567", "−1.20", "12,34.00", "-0.00", "1１"])
def test_numbers_a_spreadsheet_cannot_show_as_printed_stay_text(text):
    assert number_format(text) is None


def test_a_graph_without_tables_says_what_to_do():
    with pytest.raises(SourceError, match="holds no printed table"):
        read_tables(pyoxigraph.Store(), "x.trig")


def test_a_broken_file_says_where(tmp_path):
    path = tmp_path / "x.trig"
    path.write_text("<a> <b> .")
    with pytest.raises(SourceError, match=r"x\.trig"):
        load(path)
