"""Rows that do not stand under their header, other orders of columns, page turns: the same indicators come out."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.budget import Indicator
from budgetgraph.converter.forms import Forms, read_forms
from budgetgraph.converter.readers.text import blocks as read_blocks
from tests.converter.forms.conftest import ReadForms

HEAD = """2022年项目申报表
资金单位：万元
项目名称|道路养护|项目代码|X-1||
项目主管部门|某局|项目执行单位|某科||
项目绩效总目标|道路完好||||
"""

#: level 1, level 2, name, value, standard; "" where a merged label is printed above.
ROWS = [
    ("产出指标", "数量指标", "养护里程", "≥120公里", ""),
    ("", "", "巡查次数", "12次", "每月一次"),
    ("", "质量指标", "验收合格率", "100%", ""),
    ("", "时效指标", "完成时间", "年底前完成", ""),
    # Not 成本指标, which is the name of a level 1 too: where it slips under that column, it is read as such.
    ("", "产出成本指标", "成本控制", "≤41万元", "预算批复"),
    ("效益指标", "社会效益指标", "通行条件", "改善", ""),
    ("", "可持续影响指标", "持续发挥作用", "长期", ""),
    ("", "社会公众或服务对象满意度指标", "市民满意度", "≥90%", "问卷 100 份"),
]
EXPECTED = [
    ("output", "output-quantity", "养护里程", "≥120公里", None),
    ("output", "output-quantity", "巡查次数", "12次", "每月一次"),
    ("output", "output-quality", "验收合格率", "100%", None),
    ("output", "output-timeliness", "完成时间", "年底前完成", None),
    ("output", "output-cost", "成本控制", "≤41万元", "预算批复"),
    ("benefit", "benefit-social", "通行条件", "改善", None),
    ("benefit", "benefit-sustainability", "持续发挥作用", "长期", None),
    ("benefit", "benefit-satisfaction", "市民满意度", "≥90%", "问卷 100 份"),
]
HEADER = "项目年度绩效指标|一级指标|二级指标|指标内容|指标值|备注\n"


def facts(forms: Forms) -> list[tuple[str, str | None, str, str, str | None]]:
    return [(i.level1, i.level2, i.label, i.target.text, i.standard) for i in indicators(forms)]


def indicators(forms: Forms) -> list[Indicator]:
    found = [i for project in forms.projects for objective in project.objectives for i in objective.indicators]
    return found + [i for objective in forms.objectives for i in objective.indicators]


def aligned(rows: Sequence[tuple[str, ...]]) -> str:
    return "".join("|" + "|".join(row) + "\n" for row in rows)


def test_aligned_table(read: ReadForms) -> None:
    forms = read(HEAD + HEADER + aligned(ROWS))
    assert facts(forms) == EXPECTED
    assert not any(i.shifted for i in indicators(forms))
    assert forms.problems == ()


@st.composite
def shifted_tables(draw: st.DrawFn) -> str:
    """Return the table with blank cells dropped and put in at random in each row; printed cells keep their order."""
    lines = []
    for row in ROWS:
        cells: list[str] = []
        for text in (cell for cell in row if cell):
            cells += [""] * draw(st.integers(0, 2)) + [text]
        lines.append("|".join(cells) + "|")
    return "\n".join(lines)


@given(shifted_tables())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shifted_tables_give_the_same_indicators(table: str) -> None:
    ledger = Ledger()
    blocks = list(read_blocks((HEAD + HEADER + table).replace("|", "\t")))
    forms = read_forms(blocks, 2022, ledger)
    assert facts(forms) == EXPECTED
    assert ledger.unexplained(block for block in blocks if isinstance(block, Grid)) == []


def test_shifted_row_is_marked(read: ReadForms) -> None:
    table = aligned(ROWS[:2]) + "质量指标||验收合格率|100%||\n" + "|时效指标||完成时间||年底前完成\n"
    marks = [i.shifted for i in indicators(read(HEAD + HEADER + table))]
    assert marks == [False, False, True, True]


ORDERS = {
    "comparator, value, unit": ("计算符号|目标值|度量单位", ["≥", "120", "公里"]),
    "kind as comparator, value, unit": ("指标性质|指标值|度量单位", ["≥", "120", "公里"]),
    "unit, comparator, value": ("计量单位|指标性质|指标值", ["公里", "≥", "120"]),
    "kind, comparator, value, unit": ("指标性质|指标方向|目标值|计量单位", ["正向", "大于等于", "120", "公里"]),
}


@pytest.mark.parametrize(("columns", "values"), ORDERS.values(), ids=ORDERS.keys())
def test_comparator_and_unit_in_columns_of_their_own(read: ReadForms, columns: str, values: list[str]) -> None:
    header = f"绩效指标|一级指标|二级指标|三级指标|{columns}\n"
    forms = read(HEAD + header + f"|产出指标|数量指标|养护里程|{'|'.join(values)}\n")
    (found,) = indicators(forms)
    assert (found.target.comparator, found.target.minimum, found.target.normalised_unit) == ("ge", Decimal(120000), "M")
    assert found.target.text in {"≥120公里", "大于等于120公里"}


def test_qualitative_value_beside_an_empty_unit(read: ReadForms) -> None:
    header = "绩效指标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位\n"
    (found,) = indicators(read(HEAD + header + "|效益指标|社会效益指标|通行条件|定性|改善|\n"))
    assert (found.target.kind, found.target.text) == ("qualitative", "改善")


def test_standard_before_the_value(read: ReadForms) -> None:
    header = "绩效指标|一级指标|二级指标|三级指标|指标解释|指标值\n"
    (found,) = indicators(read(HEAD + header + "|产出指标|数量指标|养护里程|含支路|≥120公里\n"))
    assert (found.standard, found.target.text) == ("含支路", "≥120公里")


def test_points_are_not_taken_for_values(read: ReadForms) -> None:
    header = "绩效指标|一级指标|二级指标|三级指标|分值|指标值\n"
    forms = read(HEAD + header + "|产出指标|数量指标|养护里程|10|≥120公里\n")
    assert [(i.target.text, i.weight) for i in indicators(forms)] == [("≥120公里", Decimal(10))]
    assert forms.problems == ()


def test_two_tables_side_by_side_are_listed(read: ReadForms) -> None:
    header = "绩效指标|一级指标|二级指标|三级指标|指标值|二级指标|三级指标|指标值\n"
    forms = read(HEAD + header + "|产出指标|数量指标|养护里程|120公里|数量指标|养护里程|100公里\n")
    assert indicators(forms) == []
    assert [p.code for p in forms.problems] == ["indicator-columns"]
    assert "120公里" in forms.problems[0].message


def test_row_that_cannot_be_read_is_listed(read: ReadForms, ledger: Ledger) -> None:
    forms = read(HEAD + HEADER + "|产出指标|数量指标|甲|乙|丙|丁|戊\n")
    assert indicators(forms) == []
    assert [p.code for p in forms.problems] == ["indicator-unknown"]
    assert "甲 | 乙" in forms.problems[0].message


def test_indicator_without_value_is_listed(read: ReadForms) -> None:
    forms = read(HEAD + HEADER + "|产出指标|数量指标|养护里程||\n|||巡查次数|12次|\n")
    assert [i.label for i in indicators(forms)] == ["巡查次数"]
    assert [p.code for p in forms.problems] == ["indicator-without-value"]


def test_satisfaction_and_cost_are_level_one_in_later_forms(read: ReadForms) -> None:
    table = (
        "|成本指标|经济成本指标|养护成本|≤41万元|\n|产出指标|数量指标|养护里程|120公里|\n"
        "|满意度指标|服务对象满意度指标|市民满意度|≥90%|\n"
    )
    assert [(i.level1, i.level2) for i in indicators(read(HEAD + HEADER + table))] == [
        ("cost", "cost-economic"),
        ("output", "output-quantity"),
        ("satisfaction", "satisfaction-served"),
    ]


def test_name_of_both_levels_is_told_by_its_column(read: ReadForms) -> None:
    table = "|效益指标|社会效益指标|通行条件|改善|\n|满意度指标||市民满意度|≥90%|\n"
    assert [(i.level1, i.level2, i.level2_label) for i in indicators(read(HEAD + HEADER + table))] == [
        ("benefit", "benefit-social", "社会效益指标"),
        ("satisfaction", None, ""),
    ]
    table = "|效益指标|社会效益指标|通行条件|改善|\n||满意度指标|市民满意度|≥90%|\n"
    assert [(i.level1, i.level2) for i in indicators(read(HEAD + HEADER + table))][1:] == [
        ("benefit", "benefit-satisfaction"),
    ]


def test_points_and_marks_around_level_names(read: ReadForms) -> None:
    table = "|产出指标(50分)|★数量指标（必填）|养护里程|120公里|\n"
    (found,) = indicators(read(HEAD + HEADER + table))
    assert (found.level1, found.level2, found.level1_label) == ("output", "output-quantity", "产出指标(50分)")


def test_merged_label_printed_in_the_middle_of_its_rows(read: ReadForms) -> None:
    table = (
        "||数量指标|养护里程|120公里|\n|产出指标|质量指标|验收合格率|100%|\n||时效指标|完成时间|12月底前|\n"
        "||经济效益指标|物流成本|下降|\n|效益指标|社会效益指标|通行条件|改善|\n"
    )
    levels = [i.level1 for i in indicators(read(HEAD + HEADER + table))]
    assert levels == ["output", "output", "output", "benefit", "benefit"]


def test_page_turn_with_repeated_header_and_cut_word(read: ReadForms) -> None:
    forms = read(
        HEAD + HEADER + "|产出指标|数量指标|养护里程|≥120公里|\n|效益指标|社会公众或服务对象满|市民满意度|≥90%|\n\n"
        "||意度指标|||\n\n" + HEADER + "|||商户满意度|≥85%|\n"
    )
    assert [(i.level2, i.level2_label, i.label) for i in indicators(forms)][1:] == [
        ("benefit-satisfaction", "社会公众或服务对象满意度指标", "市民满意度"),
        ("benefit-satisfaction", "社会公众或服务对象满意度指标", "商户满意度"),
    ]
    assert forms.tables[0].rows == 8


def test_indicators_printed_one_below_the_other_over_a_page_turn(read: ReadForms) -> None:
    forms = read(HEAD + HEADER + "|产出指标|数量指标|养护里程|≥120公里|\n\n|||巡查次数|12次|\n")
    assert [i.label for i in indicators(forms)] == ["养护里程", "巡查次数"]
