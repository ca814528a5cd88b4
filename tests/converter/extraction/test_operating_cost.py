"""Tables of the operating cost of authorities (机关运行经费), by kind of body and by economic class."""

import pytest
import xlsxwriter

from budgetgraph.converter.pipeline import convert
from tests.converter.publications import SPENDING, TITLE, codes, convert_text, faults, figures, reprinted

ROWS = """项目|行次|2024年预算数|2023年预算数|增减%
机关运行经费|1|80.00|70.00|14%
（一）行政单位|2|70.00|60.00|17%
（二）参照公务员法管理事业单位|3|10.00|10.00|0
"""


def _check(conversion):
    assert figures(conversion, "t1") == {"_T": "80.00"}
    assert figures(conversion, "t1-2023") == {"_T": "70.00"}
    assert figures(conversion, "t1-bodies") == {"administrative": "70.00", "civil-service": "10.00"}
    assert figures(conversion, "t1-bodies-2023") == {"administrative": "60.00", "civil-service": "10.00"}
    sets = {each.id: each for each in conversion.budget.data_sets}
    assert [sets[name].table_kind for name in ("t1", "t1-bodies")] == ["operating-cost"] * 2
    assert sets["t1-bodies"].structure == "operating-cost-by-body"
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.unexplained == conversion.coverage.unexplained_labels == 0


@pytest.mark.parametrize("title", ["机关运行经费表", "2024年机关运行经费预算表", "机关运行经费支出情况表"])
def test_kinds_of_bodies(tmp_path, title):
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{ROWS}")
    _check(conversion)
    assert reprinted(conversion)[2] == ["（一）行政单位", "2", "70.00", "60.00", "17%"]


def test_kinds_of_bodies_in_a_workbook(tmp_path):
    path = tmp_path / "云岭市测绘服务局2024年部门预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("运行经费")
        money = book.add_format({"num_format": "0.00"})
        sheet.write(0, 0, "云岭市测绘服务局2024年部门预算机关运行经费表")
        sheet.write(1, 4, "单位：万元")
        for row, line in enumerate(ROWS.splitlines(), start=2):
            label, number, *amounts, change = line.split("|")
            sheet.write(row, 0, label)
            sheet.write(row, 4, change)
            if row == 2:
                sheet.write_row(row, 1, [number, *amounts])
                continue
            sheet.write_number(row, 1, int(number))
            for column, amount in enumerate(amounts, start=2):
                sheet.write_number(row, column, float(amount), money)
    _check(convert(path))


def test_kinds_that_do_not_add_up_are_a_fault(tmp_path):
    text = f"{TITLE}机关运行经费表\n单位：万元\n{ROWS.replace('|2|70.00', '|2|71.00')}"
    assert faults(convert_text(tmp_path, text)) == {"WT-3-bodies"}


def test_a_kind_that_is_not_known_is_listed(tmp_path):
    rows = f"{ROWS}（三）其他单位|4|0.00|0.00|0\n"
    conversion = convert_text(tmp_path, f"{TITLE}机关运行经费表\n单位：万元\n{rows}")
    assert codes(conversion) == {"unknown-row"}
    assert figures(conversion, "t1-bodies") == {"administrative": "70.00", "civil-service": "10.00"}


def test_economic_classes(tmp_path):
    rows = "302|商品和服务支出|80.00\n30201|办公费|80.00\n|合计|80.00\n"
    text = f"{TITLE}{SPENDING}\n机关运行经费支出预算表\n单位：万元\n科目编码|科目名称|机关运行经费\n{rows}"
    conversion = convert_text(tmp_path, text)
    assert figures(conversion, "t2") == {"302": "80.00", "30201": "80.00", "_T": "80.00"}
    assert codes(conversion) == set()


@pytest.mark.parametrize(
    ("title", "fund"), [("机关运行经费预算财政拨款情况统计表", "appropriation"), ("机关运行经费预算表", "general")]
)
def test_a_row_for_each_unit(tmp_path, title, fund):
    rows = (
        "单位名称|2023年预算数|2024年预算数\n云岭市测绘服务局本级|5.00|6.00\n云岭市测绘中心|2.00|3.00\n合计|7.00|9.00\n"
    )
    conversion = convert_text(tmp_path, f"{TITLE}{title}\n单位：万元\n{rows}")
    sets = conversion.budget.data_sets
    assert {(each.table_kind, each.fund) for each in sets} == {("operating-cost", fund)}
    assert figures(conversion, "t1") == {"_T": "9.00"}
    assert figures(conversion, "t1-2023") == {"_T": "7.00"}
    assert {each.unit for each in sets} == {None, "云岭市测绘服务局本级", "云岭市测绘中心"}
