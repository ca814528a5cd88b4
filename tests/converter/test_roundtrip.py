"""The official tables, written from the graph and read again, give the same figures."""

from pathlib import Path

import pytest
import yaml

from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.pipeline import Conversion, Settings, convert, convert_documents
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.reprint.tables import ReprintedPublication, load, read_publications
from budgetgraph.converter.reprint.text import description, to_csv, to_html
from budgetgraph.converter.reprint.workbook import to_xlsx
from tests.converter.publications import FUNCTIONS, FUNCTIONS_HEAD, SPENDING, TITLE, convert_text
from tests.converter.publications import reprinted_publication as again_of


def figures(conversion: Conversion) -> dict[str, list[tuple[object, ...]]]:
    return {
        d.id: [(tuple(sorted(f.dimensions.items())), f.value, f.text, f.label, f.code) for f in d.figures]
        for d in conversion.budget.data_sets
        if d.table and d.table.startswith("t")
    }


def facts(conversion: Conversion) -> set[tuple[object, ...]]:
    """Return what the tables say: key, amount, printed form, unit, body, year, phase."""
    budget = conversion.budget
    names = {body.id: fold_name(body.names[0]) for body in (budget.department, *budget.units)}
    return {
        (
            (d.structure, d.table_kind, d.fund, d.multiplier),
            (names[budget.body(d)], d.phase or budget.phase, f.year or d.year or budget.fiscal_year),
            (tuple(sorted(f.dimensions.items())), f.value, f.text, f.unit, f.label),
        )
        for d in budget.data_sets
        if d.table
        for f in d.figures
    }


def in_folder(publication: ReprintedPublication, folder: Path) -> Conversion:
    """Return the conversion of the folder of CSV files that `tables` writes."""
    files = {f"{table.id}.csv": to_csv(table) for table in publication.tables}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    described = yaml.safe_load(description(publication, list(files)))
    documents = [read_document(folder / name) for name in described["files"]]
    return convert_documents(documents, Settings(), "x", described["title"])


def in_workbook(publication: ReprintedPublication, folder: Path) -> Conversion:
    """Return the conversion of the workbook that `tables` writes."""
    (folder / "tables.xlsx").write_bytes(to_xlsx(publication))
    return convert(folder / "tables.xlsx")


def in_page(publication: ReprintedPublication, folder: Path) -> Conversion:
    """Return the conversion of the page that `tables` writes."""
    (folder / "tables.html").write_text(to_html([publication]), encoding="utf-8")
    return convert(folder / "tables.html")


FORMS = [in_workbook, in_page, in_folder]
OFFICE = SPENDING.replace("支出表", "支出表\n单位名称：云岭市测绘服务局（本级）").replace("0.00", "0.10")
TWO_BODIES = f"{TITLE}部门：云岭市测绘服务局\n{SPENDING}\n{OFFICE}"
ADJUSTED = """云岭市测绘服务局2023年度部门决算

财政拨款“三公”经费支出决算表
单位：万元
预算数<6|决算数<6
合计^2|因公出国（境）费^2|公务用车购置及运行维护费<3|公务接待费^2|合计^2|因公出国（境）费^2|公务用车购置及运行维护费<3|公务接待费^2
小计|公务用车购置费|公务用车运行维护费|小计|公务用车购置费|公务用车运行维护费
1|2|3|4|5|6|7|8|9|10|11|12
9.50||8.00||8.00|1.50|7.20||6.20||6.20|1.00

注：预算数为“三公”经费全年预算数，反映按规定程序调整后的预算数。
"""
CONTRADICTORY = f"""{TITLE}
一般公共预算支出表
单位：元
{FUNCTIONS_HEAD.replace("合计", "合计（万元）")}{FUNCTIONS}
{SPENDING.replace("一般公共预算支出表", "部门支出总表")}
"""
MINUS = f"{TITLE}{SPENDING.replace('|60.00|30.00', '|91.20|−1.20', 1)}"


@pytest.mark.parametrize("again", FORMS)
@pytest.mark.parametrize("text", [TITLE + SPENDING, TWO_BODIES, ADJUSTED, CONTRADICTORY, MINUS])
def test_what_is_printed_again_says_the_same(text: str, again, tmp_path: Path):
    conversion = convert_text(tmp_path, text)
    assert facts(conversion)
    (publication,) = again_of(conversion)
    second = again(publication, tmp_path)
    assert facts(second) == facts(conversion)
    assert second.coverage.unexplained == 0
    assert (second.budget.fiscal_year, second.budget.phase) == (conversion.budget.fiscal_year, conversion.budget.phase)


def test_the_publication_of_the_front_page_has_all_its_figures(converted: Path, conversion: Conversion, tmp_path: Path):
    (publication,) = read_publications(load(converted), "x")
    again = in_workbook(publication, tmp_path)
    assert figures(again) == figures(conversion)
    assert again.coverage.unexplained == 0
    assert again.budget.department.id == conversion.budget.department.id


def test_places_in_a_workbook_are_cells(converted: Path, tmp_path: Path):
    (publication,) = read_publications(load(converted), "x")
    again = in_workbook(publication, tmp_path)
    (t2,) = (d for d in again.budget.data_sets if d.id == "t2")
    assert {(f.place.locator.sheet, f.place.locator.ref) for f in t2.figures} >= {("t2", "C6"), ("t2", "E10")}


@pytest.mark.corpus
@pytest.mark.parametrize(
    "name", ["template-shanghai-department-budget-blank.xlsx", "template-shanghai-unit-budget-blank.xls"]
)
def test_blank_templates_have_tables_and_no_figures(corpus: Path, name: str):
    conversion = convert(corpus / name)
    assert sum(len(d.figures) for d in conversion.budget.data_sets) == 0
    assert conversion.coverage.unexplained == 0
