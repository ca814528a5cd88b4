"""One figure for each key of a data set, whatever the readers make of a publication (RDF Data Cube, IC-12)."""

from dataclasses import replace

import pytest

from budgetgraph.converter.accounting.ledger import Ledger, Reason
from budgetgraph.converter.accounting.unique_keys import with_unique_keys
from budgetgraph.converter.pipeline import convert
from tests.converter.publications import SPENDING, TITLE, as_html, convert_text, figures, statements

#: 一般公共预算 beside what is carried forward is money of the year, as is what stands below 本年安排.
HEAD = """部门支出总表
单位：万元
科目编码^2|科目名称^2|合计^2|一般公共预算^2|本年安排<2|上年结转^2
一般公共预算|政府性基金
"""


def _converted(folder, general):
    path = folder / "publication.html"
    rows = "".join(f"{words}|100.00|{general}|80.00|10.00|10.00\n" for words in ("201|一般公共服务支出", "合计<2"))
    path.write_text(as_html(TITLE + HEAD + rows), "utf-8")
    conversion = convert(path)
    return conversion, [p for p in conversion.problems if p.code == "duplicate-key"]


def test_two_amounts_of_one_key_are_listed(tmp_path):
    conversion, problems = _converted(tmp_path, "85.00")
    assert [p.severity.value for p in problems] == ["error", "error"]
    assert "'80.00' of '一般公共服务支出'" in problems[0].message
    assert "'85.00' at table 1, row 3, cell 4" in problems[0].message
    assert "general.year" not in " ".join(figures(conversion, "t1"))
    (data_set,) = conversion.budget.data_sets
    assert (data_set.unconverted, len(data_set.gaps)) == (4, 1)
    assert conversion.coverage.explained.get("repeated-row", 0) == 4
    assert b'"850000.00"' not in statements(conversion)


def test_one_amount_that_stands_twice_counts_once(tmp_path):
    conversion, problems = _converted(tmp_path, "80.00")
    assert [p.severity.value for p in problems] == ["info", "info"]
    assert figures(conversion, "t1")["201 general.year"] == "80.00"
    assert (conversion.coverage.explained["duplicate"], conversion.budget.data_sets[0].unconverted) == (2, 0)


def test_data_sets_of_one_name_have_one_set_of_keys(tmp_path):
    """What a figure is of in full counts: the fund of its data set, where it names none itself."""
    budget = convert_text(tmp_path, TITLE + SPENDING).budget
    (data_set,) = budget.data_sets
    first = data_set.figures[0]
    again = replace(first, dimensions={**first.dimensions, "fund": data_set.fund}, value=first.value + 1)
    other = replace(first, year=budget.fiscal_year - 1)
    more = replace(budget, data_sets=(data_set, replace(data_set, figures=(again, other))))
    ledger = Ledger(converted={first.place.locator: "observation"})
    kept, (problem,) = with_unique_keys(more, ledger)
    assert [each.figures for each in kept.data_sets] == [data_set.figures[1:], (other,)]
    assert problem.severity.value == "error"
    assert ledger.explained == {first.place.locator: Reason.REPEATED_ROW}


@pytest.mark.parametrize("change", [{"id": "t2"}, {"year": 2023}])
def test_other_data_sets_and_years_may_say_the_same(tmp_path, change):
    budget = convert_text(tmp_path, TITLE + SPENDING).budget
    (data_set,) = budget.data_sets
    both = replace(budget, data_sets=(data_set, replace(data_set, **change)))
    assert with_unique_keys(both, Ledger()) == (both, ())


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("“三公”经费预算表\n单位：万元\n项目|资金来源|金额", "公务接待费|{}|1.00"),
        ("部门收入总表\n单位：万元\n项目|科室|金额", "一般公共预算拨款收入|{}|1.00"),
        ("国有资产占用情况表\n单位：万元\n项目|使用单位|价值", "车辆|{}|1.00"),
    ],
)
@pytest.mark.parametrize("second", ["甲", "乙"])
def test_equal_amounts_of_rows_that_a_column_without_a_meaning_tells_apart(tmp_path, table, row, second):
    conversion = convert_text(tmp_path, f"{TITLE}{table}\n{row.format('甲')}\n{row.format(second)}\n合计||2.00\n")
    read = [f.text for d in conversion.budget.data_sets for f in d.figures if f.dimensions]
    assert read == ([] if second == "乙" else ["1.00"])
    assert conversion.coverage.explained.get("repeated-row", 0) == (2 if second == "乙" else 0)
