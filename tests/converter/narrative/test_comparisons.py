"""Changes, shares and rates of completion, invented: what each is recomputed from, and what reasons may not claim."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.budget import Claim
from tests.converter.narrative.conftest import Read, statement


def claims(read: Read, *lines: str, heading: str = "三、一般公共预算支出安排情况", **options: object) -> list[Claim]:
    return list(read(*lines, heading=heading, **options).claims)


def of_kind(found: list[Claim], kind: str) -> Claim:
    (claim,) = [claim for claim in found if claim.kind == kind]
    return claim


def test_a_change_is_recomputed_from_the_two_amounts_stated(read: Read) -> None:
    found = claims(
        read, "清淤费 3 万元。2020 年当年预算执行数为 2 万元，2021 年预算安排 4 万元，比 2020 年预算执行数增加 100%。"
    )
    assert [(c.order, c.kind, c.phase) for c in found] == [
        (1, "level", None), (2, "level", "executed"), (3, "level", None), (4, "change", None),
    ]  # fmt: skip
    change = found[3]
    assert (change.of_level, change.against_level, change.base_phase) == (3, 2, "executed")


def test_a_change_against_the_budget_of_the_same_year(read: Read) -> None:
    sentence = (
        "清淤费年初预算为 5 万元，调整预算为 4 万元，支出决算为 3 万元，较年初预算减少 2 万元，较调整预算减少 1 万元。"
    )
    *_, first, second = claims(read, sentence, phase="final")
    assert (first.base_year, first.base_phase, first.of_level, first.against_level) == (2021, "budget", 3, 1)
    assert (second.base_year, second.base_phase, second.of_level, second.against_level) == (2021, "adjusted", 3, 2)


def test_a_budget_of_no_year_is_none_of_the_year_before(read: Read) -> None:
    found = read("清淤费 3 万元，较年初预算减少 2 万元。", heading="三、一般公共预算支出安排情况")
    assert [claim.kind for claim in found.claims] == ["level"]
    assert [problem.code for problem in found.problems] == ["unread-amount"]


def test_a_change_of_a_thing_named_in_a_passage_before(read: Read) -> None:
    found = claims(read, "一般公共预算支出预算 90 万元。", "与上年相比，一般公共预算支出增加 10 万元，增长 12.5%。")
    assert (found[1].of_level, found[1].against_level, found[1].base_phase) == (1, None, None)


@pytest.mark.parametrize(
    ("words", "phase"),
    [
        ("比上年预算数", "budget"), ("比 2020 年执行数", "executed"), ("比上年年初预算", "budget"),
        ("较 2020 年决算数", "final"), ("比上年预算数字", "budget"), ("与上年相比", None), ("比 2020 年", None),
    ],
)  # fmt: skip
def test_the_phase_of_the_earlier_year(read: Read, words: str, phase: str | None) -> None:
    change = of_kind(claims(read, f"清淤费 3 万元，{words}减少 1 万元。"), "change")
    assert (change.base_phase, change.base_year, change.direction) == (phase, 2020, "decrease")


def test_a_share_of_a_thing_that_is_named(read: Read) -> None:
    found = claims(
        read,
        "“三公”经费预算 40 万元，其中：公务接待费 10 万元，占“三公”经费的 25 %。",
        heading="四、“三公”经费预算情况说明",
    )
    share = of_kind(found, "share")
    assert share.whole is not None
    assert (share.whole.topic, share.whole.table_kind, share.whole.dimensions) == ("“三公”经费", "three-public", {})
    assert (share.of_level, share.against_level) == (2, 1)


def test_a_share_of_all_expenditure_in_a_section_on_a_part_of_it(read: Read) -> None:
    found = claims(
        read,
        "一般公共预算财政拨款支出 40 万元，占本年支出合计的 80%。",
        heading="四、财政拨款收入支出决算总体情况说明",
        phase="final",
    )
    whole = of_kind(found, "share").whole
    assert whole is not None
    assert (whole.table_kind, whole.dimensions) == ("expenditure", {})


def test_a_share_of_a_thing_that_is_not_named_is_one_of_the_table(read: Read) -> None:
    found = claims(
        read, "本年支出预算合计 50 万元，其中：", "基本支出 20 万元，占 40%；", heading="三、支出预算情况说明"
    )
    share = of_kind(found, "share")
    assert share.whole is not None
    assert (share.whole.topic, share.whole.table_kind, share.whole.dimensions) == ("", "expenditure", {})
    assert (share.of_level, share.against_level) == (2, 1)


def test_a_share_of_an_unknown_thing_has_no_whole(read: Read) -> None:
    share = of_kind(claims(read, "绿化费 2 万元，占 40%。", heading="九、其他重要事项的情况说明"), "share")
    assert (share.whole, share.of_level, share.against_level) == (None, 1, None)


@pytest.mark.parametrize(
    ("words", "phase"),
    [
        ("完成年初预算的", "budget"),
        ("完成预算的", "budget"),
        ("完成全年预算数的", "adjusted"),
        ("完成调整预算", "adjusted"),
    ],
)
def test_a_rate_of_completion(read: Read, words: str, phase: str) -> None:
    found = claims(read, f"1．清淤费。年初预算为 50 万元，支出决算为 45 万元，{words} 90%。", phase="final")
    rate = of_kind(found, "completion")
    assert (str(rate.percent), rate.base_phase, rate.of_level) == ("90", phase, 2)
    assert rate.against_level == (1 if phase == "budget" else None)


def test_figures_of_a_reason_restate_no_table(read: Read) -> None:
    found = claims(
        read, "一般公共预算支出 90 万元，比上年增加 6 万元。主要原因是基本支出增加 2 万元，项目支出增加 4 万元。"
    )
    assert [(c.topic, c.table_kind) for c in found] == [
        ("一般公共预算支出", "general-expenditure"), ("一般公共预算支出", "general-expenditure"),
        ("基本支出", None), ("项目支出", None),
    ]  # fmt: skip


def test_a_reason_ends_with_its_sentence_and_goes_on_where_it_is_counted(read: Read) -> None:
    counted = claims(
        read, "基本支出 9 万元，比上年增加 6 万元，主要原因：一是新增人员增加 2 万元；二是基本支出增加 4 万元。"
    )
    assert [c.table_kind is None for c in counted] == [False, False, True, True]
    ended = claims(read, "基本支出 9 万元，与上年持平，主要原因是人员未变；项目支出 4 万元，主要是用于修缮。")
    assert [(c.topic, c.table_kind) for c in ended if c.kind == "level"] == [
        ("基本支出", "general-expenditure"), ("项目支出", "general-expenditure"),
    ]  # fmt: skip


def test_behind_the_reasons_the_whole_is_spoken_of_again(read: Read) -> None:
    found = claims(
        read,
        "项目支出 90 万元，与上年相比增加 3 万元。主要原因是修缮费增加 5 万元，租金压减 2 万元，"
        "增减相抵后增加 3 万元。",
    )
    last = found[-1]
    assert (last.topic, last.table_kind, last.of_level) == ("项目支出", "general-expenditure", 1)
    assert last.amount == 30000
    named = claims(
        read, "项目支出 9 万元，比上年增加 3 万元，主要原因是租金压减 2 万元，增减相抵后项目支出增加 3 万元。"
    )[-1]
    assert (named.topic, named.dimensions) == ("项目支出", {"expenditureNature": "project"})


def test_a_reason_names_what_it_is_about_without_its_first_words(read: Read) -> None:
    found = claims(read, "修缮费 9 万元，比上年减少 1 万元，减少 10%。主要原因是水电费压减 10%。")
    assert [(c.kind, c.topic, str(c.percent)) for c in found][1:] == [
        ("change", "修缮费", "10"),
        ("change", "水电费", "10"),
    ]


AMOUNTS = st.decimals(min_value=1, max_value=10**7, places=2, allow_nan=False, allow_infinity=False)


@given(budget=AMOUNTS, final=AMOUNTS, rate=AMOUNTS, unit=st.sampled_from(["元", "万元"]))
def test_generated_rates_lead_to_their_amounts(budget: Decimal, final: Decimal, rate: Decimal, unit: str) -> None:
    text = f"1．清淤费。年初预算为{budget}{unit}，支出决算为{final:,f} {unit}，完成年初预算的{rate}%。"
    found = {claim.order: claim for claim in statement(text, phase="final").claims}
    (completion,) = [claim for claim in found.values() if claim.kind == "completion"]
    factor = {"元": 1, "万元": 10_000}[unit]
    assert completion.percent == rate
    assert found[completion.of_level or 0].amount == final * factor
    assert found[completion.against_level or 0].amount == budget * factor


def test_a_final_account_sets_its_budget_apart(read: Read) -> None:
    found = claims(
        read,
        "“三公”经费财政拨款支出预算为 6 万元，支出决算为 5.5 万元，完成预算的 91.67%，其中："
        "公务接待费支出决算为 2 万元，占 36.36%，比 2020 年度减少 0.5 万元。",
        heading="七、“三公”经费财政拨款支出决算情况说明",
        phase="final",
    )
    assert [(c.kind, c.phase, c.table_kind, c.of_level, c.against_level) for c in found] == [
        ("level", "budget", "three-public", None, None),
        ("level", None, "three-public", None, None),
        ("completion", None, "three-public", 2, 1),
        ("level", None, "three-public", None, None),
        ("share", None, "three-public", 4, 2),
        ("change", None, "three-public", 4, None),
    ]
    assert found[3].dimensions == {"threePublic": "reception"}


def test_a_rate_of_completion_is_of_what_was_spent(read: Read) -> None:
    found = claims(
        read,
        "一般公共预算财政拨款支出年初预算为 50 万元，支出决算为 60 万元，完成年初预算的 120%。",
        heading="（三）一般公共预算财政拨款支出决算具体情况",
        phase="final",
    )
    assert [(c.phase, c.of_level, c.against_level) for c in found] == [
        ("budget", None, None),
        (None,) * 3,
        (None, 2, 1),
    ]


def test_revenue_and_expenditure_of_a_final_account_are_a_balance(read: Read) -> None:
    found = claims(
        read,
        "2021 年度收入总计 90.5 万元、支出总计 90.5 万元。与 2020 年度相比，收、支总计各增加 10.5 万元，增长 13.13%。",
        heading="一、收入支出决算总体情况说明",
        phase="final",
    )
    assert [(c.table_kind, c.structure) for c in found] == [
        ("balance", "revenue"),
        ("balance", "expenditure"),
        ("balance", "expenditure"),
    ]
    assert found[2].of_level == 2


def test_shares_of_a_list_that_adds_up_are_of_what_it_adds_up_to(read: Read) -> None:
    found = claims(
        read,
        "清淤支出 100 万元。",
        "甲项支出 60 万元，占总清淤费的 60%；乙项支出 40 万元，占总清淤费的 45%；丙项支出 0 万元，占总清淤费的 0%。",
    )
    shares = [claim for claim in found if claim.kind == "share"]
    assert [claim.against_level for claim in shares] == [1, 1, None]


def test_shares_of_a_list_that_does_not_add_up_have_no_whole(read: Read) -> None:
    parts = "甲项支出 60 万元，占总清淤费的 60%；乙项支出 30 万元，占总清淤费的 45%。"
    assert [c.against_level for c in claims(read, "清淤支出 100 万元。", parts) if c.kind == "share"] == [None, None]


def test_an_amount_that_parts_happen_to_add_up_to_is_no_whole(read: Read) -> None:
    parts = "甲项支出 60 万元，占本地的 6%；乙项支出 40 万元，占本地的 4%。"
    assert [c.against_level for c in claims(read, "清淤支出 100 万元。", parts) if c.kind == "share"] == [None, None]


def test_a_share_of_nought_is_of_what_its_list_adds_up_to(read: Read) -> None:
    text = (
        "本年收入合计 100 万元，其中：财政拨款收入 60 万元，占 60%；事业收入 0 万元，占 0%；其他收入 40 万元，占 40%。"
    )
    found = claims(read, text, heading="二、收入决算情况说明", phase="final")
    assert [c.against_level for c in found if c.kind == "share"] == [1, 1, 1]


@pytest.mark.parametrize("stop", ["，", "。"])
def test_parts_are_of_the_year_of_their_whole(read: Read, stop: str) -> None:
    text = (
        f"2020 年“三公”经费预算 100 万元{stop}其中：公务接待费 30 万元，占 30%，比上年减少 5 万元，"
        "公务用车运行费 70 万元；"
        "2021 年“三公”经费预算 90 万元，其中：公务接待费 20 万元。公务用车运行费 70 万元。"
    )
    found = claims(read, text, heading="七、“三公”经费预算情况说明")
    assert [(c.kind, c.year, c.base_year) for c in found] == [
        ("level", 2020, None), ("level", 2020, None), ("share", 2020, None), ("change", 2020, 2019),
        ("level", 2020, None),
        ("level", 2021, None), ("level", 2021, None), ("level", 2021, None),
    ]  # fmt: skip


def test_parts_behind_a_change_are_not_of_the_year_compared_with(read: Read) -> None:
    text = "公务接待费 20 万元，较 2020 年预算 100 万元减少 80 万元，其中：国内接待费 15 万元。"
    assert [(c.kind, c.year) for c in claims(read, text, heading="七、“三公”经费预算情况说明")] == [
        ("level", 2021), ("level", 2020), ("change", 2021), ("level", 2021),
    ]  # fmt: skip


def test_shares_without_a_name_are_of_one_whole(read: Read) -> None:
    text = "本年收入合计 3930.20 万元，其中：财政拨款收入 3911.98 万元，占 99.54%；其他收入 18.22 万元，占 0.46%。"
    found = claims(read, text, heading="二、收入决算情况说明", phase="final")
    assert [c.against_level for c in found if c.kind == "share"] == [1, 1]


@pytest.mark.parametrize(("percent", "against"), [("60%", 2), ("50%", 1)])
def test_a_named_total_is_the_one_that_the_share_is_of(read: Read, percent: str, against: int) -> None:
    text = f"本年收入合计 100 万元，包括财政拨款收入 60 万元，占收入合计 {percent}。"
    found = claims(read, "2021 年度收入总计 120 万元。", text, heading="一、收入支出决算总体情况说明", phase="final")
    assert of_kind(found, "share").against_level == against


@pytest.mark.parametrize("words", ["较上年预算安排", "比上年预算安排数", "比 2020 年预算安排"])
def test_what_was_arranged_in_a_budget_is_that_budget(read: Read, words: str) -> None:
    found = claims(read, f"清淤费 60 万元，{words}减少 5 万元。")
    assert (found[1].topic, found[1].base_phase, found[1].of_level) == ("清淤费", "budget", 1)


def test_the_name_of_a_budget_is_no_phase(read: Read) -> None:
    text = "财政拨款收入 60 万元，其中：一般公共预算 50 万元，政府性基金预算 10 万元，清淤费预算 3 万元。"
    found = claims(read, text, heading="二、收入决算情况说明", phase="final")
    assert [c.phase for c in found] == [None, None, None, "budget"]


@pytest.mark.parametrize(("value", "kinds"), [("5 万元，增长（下降）8%", ["level"]), ("0 万元", ["level", "change"])])
def test_both_ways_are_a_change_only_of_nought(read: Read, value: str, kinds: list[str]) -> None:
    assert [c.kind for c in claims(read, f"清淤费 60 万元，比上年增加（减少）{value}。")] == kinds


@pytest.mark.parametrize("words", ["与上年对比增加", "与上年对比，增加", "与 2020 年预算数 55 万元相比增加"])
def test_words_that_compare_name_nothing(read: Read, words: str) -> None:
    change = of_kind(claims(read, f"清淤费 60 万元，{words} 5 万元。"), "change")
    assert (change.topic, change.of_level) == ("清淤费", 1)


def test_a_limit_and_a_sentence_before_it_are_not_spoken_of(read: Read) -> None:
    text = "截至年底，共有车辆 5 辆，单价 50 万元以上的通用设备 2 台。拟购置车辆 1 辆，预算 25 万元。"
    assert claims(read, text, heading="十、国有资产占用情况") == []
