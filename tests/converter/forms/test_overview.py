"""The overview of a department's money: columns by their headers, rows beside them, years in two digits."""

from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.converter.forms.overview import resolve_year
from tests.converter.forms.conftest import ReadForms
from tests.converter.publications import SPENDING, convert_text

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


def test_years_below_a_header_that_spans_the_others(tmp_path: Path) -> None:
    head = "部门名称|某局<6\n部门总体资金情况（万元）^3|总体资金情况<2^2|当年金额^2|占比^2|近两年收支金额<2\n"
    head += "2019年|2020年\n"
    row = """支出构成|基本支出|10|100%|8|9
年度绩效指标^3|一级指标^2|二级指标^2|指标内容^2|近两年指标值<2|预期当年实现值^2
2019年|2020年
产出指标|数量指标|调研报告|9篇|10篇|≥12篇
"""
    conversion = convert_text(tmp_path, f"某局2021年部门预算\n{SPENDING}\n整体绩效目标表\n{head}{row}")
    found = [f for d in conversion.budget.data_sets for f in d.figures if d.id == "overview-expenditure"]
    assert {f.year: f.text for f in found} == {2021: "10", 2019: "8", 2020: "9"}
    (indicator,) = conversion.budget.objectives[0].indicators
    assert [(t.text, t.year) for t in (*indicator.earlier, indicator.target)] == [
        ("9篇", 2019),
        ("10篇", 2020),
        ("≥12篇", None),
    ]


def test_sides_in_front_of_labels(read: ReadForms) -> None:
    rows = """部门名称|某局|
预算情况|部门预算总额（万元）|90
|1、资金来源：（1）财政性资金|80
|（2）其他资金|10
|2、资金结构：（1）基本支出|60
|（2）项目支出|30
|（3）别的支出|0
年度工作任务|1、甲|
"""
    forms = read(rows)
    assert {s.id: [(f.label, str(f.value)) for f in s.figures] for s in forms.data_sets} == {
        "overview-revenue": [("财政性资金", "800000.00"), ("其他资金", "100000.00")],
        "overview-expenditure": [
            ("部门预算总额（万元）", "900000.00"),
            ("基本支出", "600000.00"),
            ("项目支出", "300000.00"),
        ],
    }
    assert [p.code for p in forms.problems] == ["unknown-label"]
