"""Levels of indicators as forms print them: merged, in the middle of their rows, in one column, unknown."""

import pytest

from tests.converter.forms.conftest import ReadForms
from tests.converter.forms.written_forms import HEAD, form, indicators

LEVELS = {
    "first row": ["产出指标|数量指标|甲|1次", "||乙|2次", "|质量指标|丙|3次"],
    "each row": ["产出指标|数量指标|甲|1次", "产出指标|数量指标|乙|2次", "产出指标|质量指标|丙|3次"],
}
BENEFIT = "效益指标|社会效益指标|丁|4次"


@pytest.mark.parametrize("rows", LEVELS.values(), ids=LEVELS)
def test_merged_labels(read: ReadForms, rows: list[str]) -> None:
    found = [(i.label, i.level1, i.level2) for i in indicators(read(form("指标值", *rows, BENEFIT)))]
    assert found == [
        ("甲", "output", "output-quantity"),
        ("乙", "output", "output-quantity"),
        ("丙", "output", "output-quality"),
        ("丁", "benefit", "benefit-social"),
    ]


def test_labels_in_the_middle_of_their_rows(read: ReadForms) -> None:
    """The second row may be the end of 数量指标 or the beginning of 质量指标: its level 2 is not guessed."""
    forms = read(form("指标值", "|数量指标|甲|1次", "产出指标||乙|2次", "|质量指标|丙|3次", "||丁|4次"))
    assert [(i.label, i.level1, i.level2, i.level2_label) for i in indicators(forms)] == [
        ("甲", "output", "output-quantity", "数量指标"),
        ("乙", "output", None, ""),
        ("丙", "output", "output-quality", "质量指标"),
        ("丁", "output", "output-quality", "质量指标"),
    ]
    assert [p.code for p in forms.problems] == ["level-uncertain"]


def test_level_two_that_only_repeats_level_one(read: ReadForms) -> None:
    (found,) = indicators(read(form("指标值", "满意度|满意度指标|居民满意度|≥90%")))
    assert (found.level1, found.level2, found.level2_label) == ("satisfaction", None, "满意度指标")


def test_code_behind_a_head(read: ReadForms) -> None:
    (project,) = read(HEAD.replace("项目主管部门|", "主管部门[123001]|")).projects
    assert (project.department_label, project.executing_unit) == ("某局", "某科")


def test_satisfaction_whose_level_one_stands_below_its_level_two(read: ReadForms) -> None:
    rows = ["效益指标|社会效益指标|甲|1次", "|服务对象满意度指标|乙|≥90%", "满意度指标||丙|≥80%"]
    found = [(i.label, i.level1, i.level2) for i in indicators(read(form("指标值", *rows)))]
    assert found[1:] == [("乙", "satisfaction", "satisfaction-served"), ("丙", "satisfaction", "satisfaction-served")]


def test_order_of_the_levels_is_not_fixed(read: ReadForms) -> None:
    rows = [
        "满意度指标|服务对象满意度指标|居民满意度|≥90%",
        "成本指标|生态环境成本指标|能耗|≤3万元",
        "效益指标|可持续影响指标|持续|长期",
        "|社会效益指标|投诉|≤3起",
        "决策|项目立项|立项规范|规范",
        "项目管理|资金管理|资金到位率|100%",
    ]
    found = [(i.level1, i.level2) for i in indicators(read(form("指标值", *rows)))]
    assert found == [
        ("satisfaction", "satisfaction-served"),
        ("cost", "cost-ecological"),
        ("benefit", "benefit-sustainability"),
        ("benefit", "benefit-social"),
        ("decision", "decision-approval"),
        ("process", "process-funds"),
    ]


def test_unknown_level_is_kept_as_printed_and_reported(read: ReadForms) -> None:
    forms = read(form("指标值", "预算绩效|数量指标|保洁河道|≥12条"))
    (found,) = indicators(forms)
    assert (found.level1, found.level1_label, found.level2, found.label) == (
        "",
        "预算绩效",
        "output-quantity",
        "保洁河道",
    )
    assert [p.code for p in forms.problems] == ["level-unknown"]


def test_unknown_level_alone_never_becomes_the_name(read: ReadForms) -> None:
    forms = read(form("指标值", "预算绩效||保洁河道|≥12条"))
    assert indicators(forms) == []
    assert "预算绩效 | 保洁河道 | ≥12条" in forms.problems[0].message


TREES = [
    "指标名称|指标值\n|产出指标|\n|  数量指标|\n|  保洁河道|≥12条\n|效益指标|\n|  社会效益指标|\n|  居民投诉|≤3起\n",
    "指标名称|指标值\n|一、产出指标|\n|（一）数量指标|\n|保洁河道|≥12条\n|二、效益指标|\n|（一）社会效益指标|\n|居民投诉|≤3起\n",
    "指标|目标值\n|产出指标|\n|数量指标|\n|保洁河道|≥12条\n|效益指标|\n|社会效益指标|\n|居民投诉|≤3起\n",
]


@pytest.mark.parametrize("tree", TREES)
def test_levels_and_names_in_one_column(read: ReadForms, tree: str) -> None:
    forms = read(f"{HEAD}绩效指标|{tree}")
    assert [(i.level1, i.level2, i.label) for i in indicators(forms)] == [
        ("output", "output-quantity", "保洁河道"),
        ("benefit", "benefit-social", "居民投诉"),
    ]
    assert forms.problems == ()


def test_table_without_levels(read: ReadForms) -> None:
    forms = read(HEAD + "绩效指标|指标名称|指标值\n|保洁河道|≥12条\n|合格率|≥95%\n")
    assert [(i.level1, i.label, i.target.text) for i in indicators(forms)] == [
        ("", "保洁河道", "≥12条"),
        ("", "合格率", "≥95%"),
    ]
    assert [(p.code, p.severity) for p in forms.problems] == [("level-unknown", "info")]
