"""Several bodies in the files of one publication, and in the sheets of one workbook."""

import re

import pytest
import xlsxwriter

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Settings, convert, convert_publication
from budgetgraph.converter.sources.bundles import open_publications
from tests.converter.publications import FUNCTIONS_HEAD, TITLE, UNITS, as_html, totals

ROWS = "201|一般公共服务支出|{0}|{0}|\n2010301|行政运行|{0}|{0}|\n|合计|{0}|{0}|\n"
TEXT = "三、支出预算情况\n2024年支出预算{0}万元。\n"


def _spending(total, line=""):
    return f"部门支出总表\n{line}单位：万元\n{FUNCTIONS_HEAD}\n{ROWS.format(total)}\n"


def _revenue(total):
    return f"收入总表\n单位：万元\n项目|预算数\n一、一般公共预算拨款收入|{total}\n收入总计|{total}\n"


def _together(folder, *texts):
    """Return the conversion of one publication of these files."""
    names = [f"{number}.html" for number in range(1, len(texts) + 1)]
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_text(as_html(text), "utf-8")
    (folder / "publication.yaml").write_text(f"files: [{', '.join(names)}]", "utf-8")
    with open_publications([folder], Settings()) as opened:
        (publication,) = opened.publications
        return convert_publication(publication, Settings())


def _workbook(folder, sheets):
    path = folder / "tables.xlsx"
    with xlsxwriter.Workbook(path) as book:
        border = book.add_format({"border": 1, "num_format": "0.00"})
        for name, text in sheets.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(text.splitlines()):
                cells = line.split("|")
                for column, cell in enumerate(cells):
                    if re.fullmatch(r"\d+\.\d\d", cell):
                        sheet.write_number(row, column, float(cell), border)
                    elif len(cells) > 1:
                        sheet.write_string(row, column, cell, border)
                    else:
                        sheet.write_string(row, column, cell)
    return convert(path)


def _listed(conversion):
    return [p.message for p in conversion.problems if p.code == "unknown-table"]


def test_the_file_of_another_department_is_listed(tmp_path):
    other = "云岭市水务局2024年部门预算\n" + TEXT.format("30.00") + _spending("30.00") + _revenue("30.00")
    conversion = _together(tmp_path, TITLE + TEXT.format("90.00") + _spending("90.00"), other)
    assert totals(conversion) == {(None, "expenditure"): "90.00"}
    assert ["'云岭市水务局'" in message for message in _listed(conversion)] == [True, True]
    assert [claim.amount_text for claim in conversion.budget.claims] == ["90.00万元"]
    assert conversion.coverage.is_complete


def test_the_file_of_a_unit_is_the_unit_s(tmp_path):
    unit = "云岭市地图院2024年单位预算\n" + _spending("30.00") + _revenue("30.00")
    conversion = _together(tmp_path, TITLE + UNITS + _spending("90.00"), unit)
    assert totals(conversion) == {
        (None, "revenue"): "90.00",
        ("云岭市测绘服务局（本级）", "revenue"): "60.00",
        ("云岭市地图院", "revenue"): "30.00",
        (None, "expenditure"): "90.00",
        ("云岭市地图院", "expenditure"): "30.00",
    }


@pytest.mark.parametrize(
    "tables",
    ["云岭市地图院2024年单位预算\n" + _spending("30.00"), _spending("30.00", "填报单位：云岭市地图院 ")],
)
def test_tables_that_are_all_of_another_body_are_not_the_text_s_department_s(tmp_path, tables):
    with pytest.raises(SourceError, match="it is of '云岭市地图院'"):
        _together(tmp_path, TITLE + TEXT.format("90.00"), tables)


def test_a_file_under_a_short_name_of_the_body_is_the_body_s(tmp_path):
    conversion = _together(tmp_path, TITLE + TEXT.format("90.00"), "市测绘局2024年部门预算\n" + _spending("90.00"))
    assert totals(conversion) == {(None, "expenditure"): "90.00"}
    assert len(conversion.budget.claims) == 1


def test_a_title_holds_in_its_own_file_only(tmp_path):
    first = f"{TITLE}{_spending('90.00')}附件：云岭市测绘服务局2023年部门预算\n"
    assert (None, "revenue") in totals(_together(tmp_path, first, _revenue("90.00")))


@pytest.mark.parametrize("name", ["云岭市地图院", "地图院", "2 地图院".replace(" ", "、")])
def test_the_names_of_sheets_say_whose_the_tables_are(tmp_path, name):
    sheets = {"部门": TITLE + UNITS, "云岭市测绘服务局": _spending("90.00"), name: _spending("30.00")}
    found = totals(_workbook(tmp_path, sheets))
    assert {unit: total for (unit, kind), total in found.items() if kind == "expenditure"} == {
        None: "90.00",
        "云岭市地图院": "30.00",
    }


def test_the_sheet_of_the_office_and_that_of_all_together(tmp_path):
    sheets = {"封面": TITLE, "局本级": _spending("60.00"), "地图院": _spending("30.00"), "汇总": _spending("90.00")}
    conversion = _workbook(tmp_path, sheets)
    assert totals(conversion) == {
        ("云岭市测绘服务局（本级）", "expenditure"): "60.00",
        (None, "expenditure"): "90.00",
    }
    assert len(_listed(conversion)) == 1


def test_sheets_that_say_nothing_are_nobody_s(tmp_path):
    sheets = {"封面": TITLE, "支出总表": _spending("90.00"), "支出总表 (2)": _spending("30.00")}
    with pytest.raises(SourceError, match=r"contradicts another table of its kind.*publication\.yaml"):
        _workbook(tmp_path, sheets)


def test_the_name_of_a_sheet_ends_with_the_sheet(tmp_path):
    sheets = {
        "部门": TITLE + UNITS,
        "地图院": _spending("30.00"),
        "附表": _spending("90.00"),
    }
    assert totals(_workbook(tmp_path, sheets))[None, "expenditure"] == "90.00"


def test_the_office_s_own_text_is_its_own(tmp_path):
    title = "云岭市测绘服务局（本级）2024年单位预算\n\n"
    text = f"{title}（一）局本级\n{TEXT.format('60.00')}{_spending('60.00')}"
    conversion = _together(tmp_path, text)
    assert [claim.amount_text for claim in conversion.budget.claims] == ["60.00万元"]


def test_a_table_that_another_file_prints_with_another_number_counts_once(tmp_path):
    table = _spending("90.00")
    conversion = _together(tmp_path, f"{TITLE}表1-1\n{table}", f"{TITLE}表2\n{table}")
    assert [d.id for d in conversion.budget.data_sets] == ["t1-1"]
    assert "repeated-table" in {p.code for p in conversion.problems}


SHEET = "部门支出总表||||\n单位：万元||||\n" + FUNCTIONS_HEAD + "\n"
SHEETS = [
    "201|一般公共服务支出|90.00|60.00|30.00\n2010301|行政运行|90.00|60.00|30.00\n",
    "205|教育支出|9.00|6.00|3.00\n2050201|学前教育|9.00|6.00|3.00\n",
]


def test_a_table_does_not_go_on_in_a_sheet_of_another_name(tmp_path):
    """Titles, units and headers are the same, and neither has a total: the names of the sheets tell them apart."""
    sheets = {"局本级": SHEET + SHEETS[0], "某某中心": SHEET + SHEETS[1]}
    conversion = _workbook(tmp_path, {"封面": "云岭市测绘服务局2024年部门预算", **sheets})
    found = {d.unit: [f.text for f in d.figures] for d in conversion.budget.data_sets if d.figures}
    assert found == {"云岭市测绘服务局（本级）": ["90.00", "60.00", "30.00"] * 2}
    assert "'某某中心'" in _listed(conversion)[0]


@pytest.mark.parametrize("names", [("支出总表1", "支出总表2"), ("支出总表", "支出总表（续）"), ("Page 1", "Page 2")])
def test_a_table_goes_on_in_the_next_sheet_of_its_name(tmp_path, names):
    sheets = dict(zip(names, (SHEET + rows for rows in SHEETS), strict=True))
    conversion = _workbook(tmp_path, {"封面": "云岭市测绘服务局2024年部门预算", **sheets})
    (data_set,) = conversion.budget.data_sets
    assert len(data_set.figures) == 12
