"""What recognition may have misread in a scan's tables: nothing that speaks against itself is converted."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from budgetgraph.converter.blocks import Block, Cell, Grid, Locator
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.pipeline import Conversion, Settings, convert_document
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers import read_document
from tests.converter.publications import FUNCTIONS, FUNCTIONS_HEAD, SPENDING, TITLE, as_html, figures

#: How sure recognition is of a text when nothing else is said.
SURE = 0.99
RECOGNISED = Problem("recognised-page", Severity.WARNING, "the page is a picture", Locator())


def recognised(
    folder: Path, text: str, sure: Mapping[str, float] | None = None, problems: tuple[Problem, ...] = (RECOGNISED,)
) -> Conversion:
    """Return the conversion of a publication as if it were a scan; `sure` is how sure recognition is of a text."""
    path = folder / "publication.html"
    path.write_text(as_html(text), encoding="utf-8")
    document = read_document(path)
    blocks = tuple(_doubted(block, sure or {}) for block in document.blocks)
    return convert_document(replace(document, blocks=blocks, problems=problems), Settings())


def _doubted(block: Block, sure: Mapping[str, float]) -> Block:
    if not isinstance(block, Grid):
        return replace(block, confidence=sure.get(block.text, SURE))
    rows = tuple(tuple(_cell(cell, sure.get(cell.text, SURE)) for cell in row) for row in block.rows)
    return Grid(rows, block.locator)


def _cell(cell: Cell, confidence: float) -> Cell:
    return Cell(cell.text, cell.row, cell.column, cell.rowspan, cell.colspan, cell.locator, confidence)


def reasons(conversion: Conversion) -> dict[str, int]:
    return {k: n for k, n in conversion.coverage.explained.items() if n and k in {"low-confidence", "missing-unit"}}


def test_a_code_that_names_another_line_than_its_row_is_not_converted(tmp_path):
    """2010308 is 信访事务; all sums close with it."""
    wrong = TITLE + SPENDING.replace("2010302", "2010308")
    conversion = recognised(tmp_path, wrong)
    assert not any(key.startswith("2010308") for key in figures(conversion, "t1"))
    assert reasons(conversion)["low-confidence"] >= 2
    assert conversion.coverage.is_complete
    assert any(p.code == "low-confidence" for p in conversion.problems)


def test_a_code_that_no_list_has_is_not_converted(tmp_path):
    conversion = recognised(tmp_path, TITLE + SPENDING.replace("2010302", "2010382"))
    assert not any(key.startswith("2010382") for key in figures(conversion, "t1"))


def test_what_is_printed_is_taken_as_it_stands_where_it_is_not_recognised(tmp_path):
    conversion = recognised(tmp_path, TITLE + SPENDING.replace("2010302", "2010308"), problems=())
    assert figures(conversion, "t1")["2010308"] == "30.00"


def test_a_line_of_projects_has_a_name_of_its_own_beside_the_code_of_its_function(tmp_path):
    text = f"""{TITLE}{SPENDING}
项目支出表
单位：万元
科目编码|项目名称|合计|一般公共预算
2010302|地图更新项目|20.00|20.00
2010302|测绘基准项目|10.00|10.00
合计<2|30.00|30.00
"""
    printed = {f.text for d in recognised(tmp_path, text).budget.data_sets for f in d.figures if d.lines}
    assert printed == {"20.00", "10.00", "30.00"}
    doubted = recognised(tmp_path, text, {"2010302": 0.8})
    assert not {f.text for d in doubted.budget.data_sets for f in d.figures if d.lines} & {"20.00", "10.00"}


def test_an_amount_that_is_not_sure_counts_where_a_sum_confirms_it(tmp_path):
    text = TITLE + SPENDING.replace("2010302|一般行政管理事务|30.00||30.00", "2010302|一般行政管理事务|30.0||30.000")
    conversion = recognised(tmp_path, text, {"30.0": 0.4, "30.000": 0.4})
    assert figures(conversion, "t1")["2010302"] == "30.0"
    assert reasons(conversion) == {}


def test_an_amount_that_is_not_sure_and_makes_its_sum_open_is_not_converted(tmp_path):
    text = TITLE + SPENDING.replace("2010302|一般行政管理事务|30.00||30.00", "2010302|一般行政管理事务|80.00||30.00")
    found = figures(recognised(tmp_path, text, {"80.00": 0.4}), "t1")
    assert "2010302" not in found
    assert found["_T"] == "90.00"
    assert found["20103"] == "90.00"  # the sum above closes


def test_an_amount_that_is_not_sure_and_stands_in_no_sum_is_not_converted(tmp_path):
    text = f"{TITLE}{SPENDING}\n机关运行经费支出表\n单位：万元\n项目|金额\n机关运行经费|45.00\n"
    assert "45.00" in {f.text for d in recognised(tmp_path, text).budget.data_sets for f in d.figures}
    doubted = recognised(tmp_path, text, {"45.00": 0.85})
    assert "45.00" not in {f.text for d in doubted.budget.data_sets for f in d.figures}
    assert reasons(doubted) == {"low-confidence": 1}


def test_rounding_explains_no_difference_between_recognised_amounts(tmp_path):
    """15.00 + 15.01 are 30.00 but for what rounding can do, and a last digit that was misread looks the same."""
    rows = "2010302|一般行政管理事务|15.00||15.00\n2010308|信访事务|15.01||15.01"
    text = TITLE + SPENDING.replace("2010302|一般行政管理事务|30.00||30.00", rows)
    assert figures(recognised(tmp_path, text, problems=()), "t1")["2010308"] == "15.01"
    assert "2010308" not in figures(recognised(tmp_path, text), "t1")


def table(unit: str, title: str = "一般公共预算支出表") -> str:
    return f"\n{title}\n单位：{unit}\n{FUNCTIONS_HEAD}{FUNCTIONS}"


def test_a_unit_that_most_tables_do_not_state_is_not_taken(tmp_path):
    text = TITLE + table("万元", "部门支出总表") + table("万元") + table("元", "政府性基金预算支出表")
    conversion = recognised(tmp_path, text)
    assert [bool(d.figures) for d in conversion.budget.data_sets] == [True, True, False]
    (problem,) = (p for p in conversion.problems if p.code == "missing-unit")
    assert "recognised as 元" in problem.message
    assert reasons(conversion)["missing-unit"] > 10
    assert conversion.coverage.is_complete
    assert all(d.figures for d in recognised(tmp_path, text, problems=()).budget.data_sets)


@pytest.mark.parametrize(("tables", "is_taken"), [(1, False), (2, False), (3, True)])
def test_a_unit_of_which_no_line_is_sure_is_taken_where_several_agree(tmp_path, tables, is_taken):
    titles = ("部门支出总表", "一般公共预算支出表", "政府性基金预算支出表")[:tables]
    conversion = recognised(tmp_path, TITLE + "".join(table("万元", t) for t in titles), {"单位：万元": 0.6})
    assert [bool(d.figures) for d in conversion.budget.data_sets] == [is_taken] * tables


def test_a_number_of_an_item_may_have_a_blank_for_its_mark(tmp_path):
    """Recognition takes the small mark of "一、" for a blank."""
    text = f"""{TITLE}
部门收支总表
单位：万元
收入<2|支出<2
项目|预算数|项目|预算数
一 一般公共预算拨款收入|90.00|一 一般公共服务支出|90.00
收入总计|90.00|支出总计|90.00
"""
    conversion = recognised(tmp_path, text)
    assert [len(d.figures) for d in conversion.budget.data_sets] == [2, 2]
    assert conversion.coverage.is_complete


@pytest.mark.parametrize(
    ("header", "kept"),
    [("2023年预算数|2024年预算数", 2), ("2010年预算数|2024年预算数", 1), ("2023年预算数|2025年预算数", 0)],
)
def test_a_year_that_a_header_may_not_print_is_not_taken(tmp_path, header, kept):
    """A table has figures of the document's year, and else of the year before."""
    text = f"""{TITLE}
2024年一般公共预算支出表
单位：万元
科目编码|科目名称|{header}
201|一般公共服务支出|80.00|90.00
20103|政府办公厅（室）及相关机构事务|80.00|90.00
合计<2|80.00|90.00
"""
    conversion = recognised(tmp_path, text)
    assert len([d for d in conversion.budget.data_sets if d.figures]) == kept
    assert conversion.coverage.is_complete
    assert conversion.coverage.explained.get("low-confidence", 0) == 3 * (2 - kept)


def test_a_year_that_one_line_has_and_others_print_otherwise_is_not_taken(tmp_path):
    text = TITLE + SPENDING + "\n2023年收入总计90.00万元。\n"
    with pytest.raises(SourceError, match="recognised as 2024 in one line, and other lines print 2023"):
        recognised(tmp_path, text)
    assert recognised(tmp_path, f"{text}\n2024年支出总计90.00万元。\n").budget.fiscal_year == 2024
    assert recognised(tmp_path, TITLE + SPENDING).budget.fiscal_year == 2024
