"""A page turn in the name of an indicator, whose labels are merged over it and printed above."""

from tests.converter.forms.conftest import ReadForms

FORM = """项目支出绩效目标表
项目名称|馆藏开放|主管部门|某局|
绩效目标|开放全年||||
绩效指标|一级指标|二级指标|三级指标|指标值|分值
|效益指标|可持续影响指标|机制健全性|健全|5
|||人均借阅|≥3%|5
"""


def _names(read: ReadForms, rest: str) -> list[str]:
    (project,) = read(f"{FORM}\n\n{rest}").projects
    return [indicator.label for indicator in project.objectives[0].indicators]


def test_the_rest_of_a_name_on_the_next_page(read: ReadForms) -> None:
    assert _names(read, "|||量增长率||\n|满意度指标|服务对象满意度指标|读者满意度|≥90%|10\n") == [
        "机制健全性",
        "人均借阅量增长率",
        "读者满意度",
    ]


def test_a_value_or_a_level_is_no_rest_of_a_name(read: ReadForms) -> None:
    assert _names(read, "|||≥9%||\n") == ["机制健全性", "人均借阅"]
    assert _names(read, "|||满意度指标||\n") == ["机制健全性", "人均借阅"]
