"""The overview of a department's money: columns by their headers, rows beside them, years in two digits."""

from decimal import Decimal

import pytest

from budgetgraph.converter.forms.overview import resolve_year
from tests.converter.forms.conftest import ReadForms

HEAD = "部门名称|某局||||||\n部门总体资金情况（万元）|总体资金情况||当年预算收支|占比|近两年收支情况|\n|||||19年|20年\n"


def figures(read: ReadForms, rows: str, identity: str) -> dict[tuple[str, int | None], str]:
    forms = read(HEAD + rows + "年度工作任务|1、甲|||||\n")
    sets = {data_set.id: data_set for data_set in forms.data_sets}
    dimension = "revenueSource" if identity.endswith("revenue") else "expenditureNature"
    return {(f.dimensions.get(dimension, "_T"), f.year): f.text for f in sets[identity].figures}


@pytest.mark.parametrize(
    ("printed", "year", "expected"),
    [
        ("19年", 2021, 2019),
        ("21年", 2021, 2021),
        ("98年", 2005, 1998),
        ("2019年", 2021, 2019),
        ("2020年预算数", 2021, 2020),
        ("年", 2021, None),
        ("占比", 2021, None),
    ],
)
def test_years(printed: str, year: int, expected: int | None) -> None:
    assert resolve_year(printed, year) == expected


def test_row_under_its_header_with_a_blank(read: ReadForms) -> None:
    found = figures(read, "|收入构成|财政拨款|10|100%||9\n", "overview-revenue")
    assert found == {("appropriation", 2021): "10", ("appropriation", 2020): "9"}


@pytest.mark.parametrize(
    "row", ["|支出构成|基本支出|10|40%|8|9", "支出构成|基本支出|10|40%|8|9|", "支出构成||基本支出||10|40%|8|9"]
)
def test_row_beside_its_header(read: ReadForms, row: str) -> None:
    found = figures(read, row + "\n", "overview-expenditure")
    assert found == {("basic", 2021): "10", ("basic", 2019): "8", ("basic", 2020): "9"}


def test_values_that_fit_no_column_are_listed(read: ReadForms) -> None:
    forms = read(HEAD + "支出构成|基本支出|10|40%|8||\n年度工作任务|1、甲|||||\n")
    assert forms.data_sets == ()
    assert [p.code for p in forms.problems] == ["form-row-unknown"]


def test_unknown_row_is_listed(read: ReadForms) -> None:
    forms = read(HEAD + "|支出构成|援外支出|10|40%|8|9\n年度工作任务|1、甲|||||\n")
    assert [p.code for p in forms.problems] == ["unknown-label"]
    assert "援外支出" in forms.problems[0].message


def test_unit_of_the_head_decides(read: ReadForms) -> None:
    forms = read((HEAD + "|收入构成|财政拨款|10|||\n年度工作任务|1、甲|||||\n").replace("（万元）", "（元）"))
    assert [(f.value, d.multiplier) for d in forms.data_sets for f in d.figures] == [(Decimal(10), 0)]
