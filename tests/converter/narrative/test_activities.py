"""Delegations, official vehicles, receptions, conferences and training counted in invented sentences."""

import pytest

from budgetgraph.converter.budget import Figure
from budgetgraph.converter.narrative import Narrative
from tests.converter.narrative.conftest import Read

HEADING = "六、一般公共预算财政拨款“三公”经费支出决算情况说明"


def figures(narrative: Narrative) -> list[Figure]:
    return [f for data_set in narrative.data_sets if data_set.id == "activities" for f in data_set.figures]


def counts(narrative: Narrative) -> dict[str, int]:
    return {figure.dimensions["activityKind"]: int(figure.value) for figure in figures(narrative)}


def unread(narrative: Narrative) -> list[str]:
    """Return the counts that are listed, without blanks."""
    messages = [p.message.replace(" ", "") for p in narrative.problems if p.code == "unread-count"]
    return [m.removeprefix("thecount").partition("inthetext")[0] for m in messages]


SENTENCES = [
    (
        "1．因公出国（境）费支出决算为 0 万元。全年因公出国（境）团组 0 个，累计 0 人次。",
        {"abroad-groups": 0, "abroad-persons": 0},
    ),
    (
        "全年使用财政拨款安排本部门机关及所属单位出国团组 2 个，累计 5 人次。",
        {"abroad-groups": 2, "abroad-persons": 5},
    ),
    ("全年组织因公出国（境）团组 2 个、3 人次，人均费用 2.30 万元。", {"abroad-groups": 2, "abroad-persons": 3}),
    ("本年度安排因公出国（境）团组 1 次，出国（境）3 人。", {"abroad-groups": 1, "abroad-persons": 3}),
    ("共有 3 个因公出国（境）团组、8 人次出访。", {"abroad-groups": 3, "abroad-persons": 8}),
    (
        "公务用车购置支出为 0 万元，公务用车购置数为 1 辆。"
        "截至 2023 年 12 月 31 日，开支财政拨款的公务用车保有量为 12 辆。",
        {"vehicles-bought": 1, "vehicles-kept": 12},
    ),
    ("公务用车购置数 0 辆、保有量 3 辆。", {"vehicles-bought": 0, "vehicles-kept": 3}),
    ("购置公务用车 2 辆；年末公务用车实有 5 辆。", {"vehicles-bought": 2, "vehicles-kept": 5}),
    ("全年按规定更新 1 辆公务用车。", {"vehicles-bought": 1}),
    ("国内公务接待 10 批次、60 余人次。", {"domestic-reception-groups": 10}),
    (
        "国内公务接待 45 批次，1,320 人次（不包括陪同人员）。外事接待支出 0 万元，外事接待 0 批次，0 人次。",
        {
            "domestic-reception-groups": 45,
            "domestic-reception-persons": 1320,
            "foreign-guest-groups": 0,
            "foreign-guest-persons": 0,
        },
    ),
    (
        "其中：国内接待费支出 1.2 万元，共接待国内来访团组 11 个、来宾 89 人次。"
        "国（境）外接待费 0 万元，接待 0 批 0 人次。",
        {
            "domestic-reception-groups": 11,
            "domestic-reception-persons": 89,
            "overseas-reception-groups": 0,
            "overseas-reception-persons": 0,
        },
    ),
    (
        "国内公务接待批次为 12 批，人次为 106 人次（其中：外宾 2 批次，6 人次）。",
        {
            "domestic-reception-groups": 12,
            "domestic-reception-persons": 106,
            "foreign-guest-groups": 2,
            "foreign-guest-persons": 6,
        },
    ),
    (
        "公务接待费支出 2 万元，比 2022 年减少 1 万元。共接待 10 批次，80 人次。",
        {"reception-groups": 10, "reception-persons": 80},
    ),
]

CONFERENCES = "会议费支出决算 4.10 万元。"
TRAINING = "培训费支出决算 6.20 万元。"
SENTENCES += [
    (
        CONFERENCES + "2023 年度全年召开会议 10 个，参加会议 1,500 人次。主要为召开业务会议。",
        {"conference-groups": 10, "conference-persons": 1500},
    ),
    (
        TRAINING + "2023 年度全年组织培训 5 个，组织培训 300 人次。主要为培训执法人员。",
        {"training-groups": 5, "training-persons": 300},
    ),
    (
        "会议费 1 万元，召开 2 次会议，人数 200 人；培训费 3 万元，开展 4 次培训，人数 80 人。",
        {"conference-groups": 2, "conference-persons": 200, "training-groups": 4, "training-persons": 80},
    ),
    (TRAINING + "共举办培训班 3 期，参训 90 人次。", {"training-groups": 3, "training-persons": 90}),
    (CONFERENCES + "全年共召开会议 3 场次、参会人员 60 人次。", {"conference-groups": 3, "conference-persons": 60}),
    ("培训费 2 万元，全年举办 2 期、40 人次。", {"training-groups": 2, "training-persons": 40}),
    (
        "国内公务接待 8 批次、60 人次，主要用于会议、培训等接待。外事接待 0 批次。",
        {"domestic-reception-groups": 8, "domestic-reception-persons": 60, "foreign-guest-groups": 0},
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[s[:14] for s, _ in SENTENCES])
def test_counts(read: Read, sentence: str, expected: dict[str, int]) -> None:
    assert counts(read(sentence, year=2023, phase="final", heading=HEADING)) == expected


OTHERS = [
    ("公务接待费 3 个单位有支出。", ["3个"]),
    ("公务接待批次比上年减少 5 批次，人次减少 30 人次。", ["5批次", "30人次"]),
    ("2022 年公务接待 20 批次。", ["20批次"]),
    ("年初预算安排出国团组 2 个。", ["2个"]),
    ("报废公务用车 2 辆，购置执法执勤用车 3 辆。", ["2辆", "3辆"]),
    ("单位共有公务用车若干，其中：轿车 1 辆。", ["1辆"]),
    ("国内公务接待费包括：接待外省调研 2 批次 10 人次。", ["2批次", "10人次"]),
    ("外宾接待支出 0 万元。其他国内公务接待支出 3 万元，接待 100 批次、1,200 人次。", ["100批次", "1,200人次"]),
    ("全年召开会议 4 个，组织培训 5 期。", ["4个", "5期"]),
    (TRAINING + "开展扶贫干部培训 2 期，因公出国（境）培训团组 1 个。", ["2期", "1个"]),
    (TRAINING + "主要用于会议 3 次的场地。", ["3次"]),
    (CONFERENCES + "其中：电视电话会议 3 次。", ["3次"]),
    (CONFERENCES + "比上年减少会议 3 次。", ["3次"]),
    ("外宾接待费 0 万元，国内接待费 1 万元。全年接待来访团组 4 个。", ["4个"]),
]


@pytest.mark.parametrize(("sentence", "printed"), OTHERS)
def test_what_is_not_the_count_of_the_year_is_listed(read: Read, sentence: str, printed: list[str]) -> None:
    found = read(sentence, year=2023, phase="final", heading=HEADING)
    assert counts(found) == {}
    assert unread(found) == printed


def test_several_numbers_for_one_thing_are_none(read: Read) -> None:
    found = read("局机关国内公务接待 3 批次；某某中心国内公务接待 2 批次。", year=2023, phase="final", heading=HEADING)
    assert counts(found) == {}
    assert [p.code for p in found.problems] == ["unread-count"] * 2


def test_a_part_of_what_is_counted_is_listed(read: Read) -> None:
    found = read("国内公务接待 10 批次，其中：调研接待 2 批次。", year=2023, phase="final", heading=HEADING)
    assert counts(found) == {"domestic-reception-groups": 10}
    assert unread(found) == ["2批次"]


def test_counts_of_several_sections_are_together_and_where_they_stand(read: Read) -> None:
    sentence = "公务用车购置数 1 辆。"
    found = read("出国团组 2 个。", "七、其他事项", sentence, year=2025, heading="六、“三公”经费情况")
    abroad, bought = figures(found)
    assert (abroad.unit, bought.unit, bought.label) == ("个", "辆", "公务用车购置数")
    place = bought.place.locator
    assert place.start is not None
    text = f"六、“三公”经费情况\n\n出国团组 2 个。\n\n七、其他事项\n\n{sentence}"
    assert text[place.start : place.end] == bought.text == "1"
    (data_set,) = (d for d in found.data_sets if d.id == "activities")
    assert (data_set.structure, data_set.table_kind, data_set.multiplier) == ("activity-quantity", "statement", 0)


def test_a_plan_is_the_count_of_a_budget(read: Read) -> None:
    found = read("2025 年预算安排因公出国（境）团组 2 个，4 人次。", year=2025, heading=HEADING)
    assert counts(found) == {"abroad-groups": 2, "abroad-persons": 4}


def test_stocks_of_assets_are_no_activities(read: Read) -> None:
    found = read("截至 2023 年底，共有公务用车 5 辆。", year=2023, heading="（三）国有资产占有使用情况")
    assert counts(found) == {}
