"""Sentences of all families, invented; each form with what must be read from it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.converter.budget import Claim
from budgetgraph.converter.narrative import read_narrative
from tests.converter.narrative.conftest import Read, paragraphs, statement


def brief(claim: Claim) -> tuple[object, ...]:
    """Return kind, topic, amount in 万元, percent, direction, years."""
    amount = None if claim.amount is None else claim.amount / 10000
    return (claim.kind, claim.topic, amount, claim.percent, claim.direction, claim.year, claim.base_year)


def level(topic: str, amount: str, year: int = 2021) -> tuple[object, ...]:
    return ("level", topic, Decimal(amount), None, None, year, None)


def change(
    topic: str, amount: str | None, percent: str | None, direction: str, base: int | None, year: int = 2021
) -> tuple[object, ...]:
    return (
        "change",
        topic,
        None if amount is None else Decimal(amount),
        None if percent is None else Decimal(percent),
        direction,
        year,
        base,
    )


def share(topic: str, percent: str) -> tuple[object, ...]:
    return ("share", topic, None, Decimal(percent), None, 2021, None)


SENTENCES = [
    # amount, and change against a year or the year before
    (
        "公用设施费 30 万元，比 2019 年预算减少 12.5 万元，下降 29.4%，主要是设施减少。",
        [level("公用设施费", "30"), change("公用设施费", "12.5", "29.4", "decrease", 2019)],
    ),
    (
        "（一）河道维护费总计 8.5 万元，与上年相比增加 1.5 万元，增长 21.43 %。主要原因是新增河道。",
        [level("河道维护费总计", "8.5"), change("河道维护费总计", "1.5", "21.43", "increase", 2020)],
    ),
    (
        "绿化费 7 万元，主要用于购买树苗。与上年相比增加 2 万元，增长 40%。",
        [
            level("绿化费", "7"),
            ("list", "绿化费", None, None, None, None, None),
            change("绿化费", "2", "40", "increase", 2020),
        ],
    ),
    (
        "某某局收入、支出预算总计 90 万元，与上年相比收、支预算总计各增加 10 万元，增长 12.5%。",
        [level("某某局收入、支出预算总计", "90"), change("收、支预算总计", "10", "12.5", "increase", 2020)],
    ),
    # a thing whose name begins with a word of change
    (
        "节约用水宣传费 3 万元，比上年增加 1 万元。",
        [level("节约用水宣传费", "3"), change("节约用水宣传费", "1", None, "increase", 2020)],
    ),
    ("印刷费 5 万元，主要是节约纸张费 1 万元。", [level("印刷费", "5"), change("纸张费", "1", None, "decrease", None)]),
    ("差旅费比去年下降 3 万元。", [change("差旅费", "3", None, "decrease", 2020)]),
    ("2021 年会议费较上年度压减了 20%。", [change("会议费", None, "20", "decrease", 2020)]),
    ("维护费增加 3 万元（8.1%）。", [change("维护费", "3", "8.1", "increase", None)]),
    (
        "培训费 5 万元，与 2020 年（上一年度，下同）预算相比增加 1 万元；印刷费 2 万元，比 2020 年预算减少 1 万元。",
        [
            level("培训费", "5"),
            change("培训费", "1", None, "increase", 2020),
            level("印刷费", "2"),
            change("印刷费", "1", None, "decrease", 2020),
        ],
    ),
    # nothing changed, in words or by a form left as it is
    (
        "水费 0 万元，与上年预算数一致；电费 0.00 万元，比 2020 年预算持平。",
        [
            level("水费", "0"),
            change("水费", None, None, "unchanged", 2020),
            level("电费", "0.00"),
            change("电费", None, None, "unchanged", 2020),
        ],
    ),
    ("印刷费、邮电费与上年数一致。", [change("印刷费、邮电费", None, None, "unchanged", 2020)]),
    (
        "2. 取暖费 4 万元。与上年相比增加（减少）0 万元，增长（减少）0%。",
        [level("取暖费", "4"), change("取暖费", "0", "0", "unchanged", 2020)],
    ),
    (
        "取暖费 0 万元，与 2020 年预算一致 0 万元。",
        [level("取暖费", "0"), change("取暖费", "0", None, "unchanged", 2020)],
    ),
    # shares
    (
        "本年安排 200 万元，其中：维护费 150 万元，占 75%；购置费 50 万元，占“总费用”的 25 %。",
        [
            level("本年安排", "200"),
            level("维护费", "150"),
            share("维护费", "75"),
            level("购置费", "50"),
            share("购置费", "25"),
        ],
    ),
    # amounts in brackets
    (
        "修缮费 12 万元（屋面修缮费 8 万元，外墙修缮费 4 万元）；维修（护）费 6 万元。",
        [level("修缮费", "12"), level("屋面修缮费", "8"), level("外墙修缮费", "4"), level("维修（护）费", "6")],
    ),
    # what the year before executed, and final accounts
    (
        "1.“水利（类）河道（款）清淤（项）”科目 2.63 万元，主要用于清淤。2020 年当年预算执行数为 1.48 万元，"
        "2021 年预算安排 2.63 万元，比 2020 年预算执行数增加 77.70%。",
        [
            level("“水利（类）河道（款）清淤（项）”科目", "2.63"),
            ("list", "“水利（类）河道（款）清淤（项）”科目", None, None, None, None, None),
            level("“水利（类）河道（款）清淤（项）”科目", "1.48", 2020),
            level("“水利（类）河道（款）清淤（项）”科目", "2.63"),
            change("“水利（类）河道（款）清淤（项）”科目", None, "77.70", "increase", 2020),
        ],
    ),
    (
        "3．清淤费。年初预算为 50 万元，支出决算为 45 万元，完成年初预算的 90%。",
        [
            level("清淤费", "50"),
            level("清淤费", "45"),
            ("completion", "清淤费", None, Decimal(90), None, 2021, None),
        ],
    ),
    # an amount that something grew by, given as a reason
    (
        "会议费 9 万元，比上年增加 4 万元，主要原因是增加年会经费 3 万元。",
        [
            level("会议费", "9"),
            change("会议费", "4", None, "increase", 2020),
            change("年会经费", "3", None, "increase", 2020),
        ],
    ),
    # units of money
    ("筹资 1.2 亿元，奖励 3,500 元。", [level("筹资", "12000"), level("奖励", "0.35")]),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[s[:12] for s, _ in SENTENCES])
def test_forms(read: Read, sentence: str, expected: list[tuple[object, ...]]) -> None:
    found = read(sentence)
    assert [brief(claim) for claim in found.claims] == expected
    assert found.problems == ()


def test_phases_that_are_named(read: Read) -> None:
    budget = read("清淤费 3 万元。2020 年当年预算执行数为 2 万元，2021 年预算安排 3 万元。")
    assert [claim.phase for claim in budget.claims] == [None, "executed", None]
    final = read("1．清淤费。年初预算为 50 万元，支出决算为 45 万元。", phase="final")
    assert [claim.phase for claim in final.claims] == ["budget", None]


@pytest.mark.parametrize(
    ("sentence", "document", "phases"),
    [
        ("公务接待费全年预算 5 万元。", "budget", [None]),
        ("公务接待费年初预算 4 万元，全年预算 5 万元。", "budget", [None, "adjusted"]),
        ("公务接待费全年预算 5 万元。", "final", ["adjusted"]),
    ],
)
def test_the_budget_of_the_whole_year(read: Read, sentence: str, document: str, phases: list[str | None]) -> None:
    assert [claim.phase for claim in read(sentence, phase=document).claims] == phases


@pytest.mark.parametrize(
    "sentence",
    [
        "1．清淤费（项），主要用于清理河道、河岸支出。年初预算为 50 万元，支出决算为 45 万元。",
        "1．清淤费（项），主要用于清理河道、河岸支出，年初预算为 50 万元，当年支出决算为 45 万元。",
        "1、清淤费（项）。主要用于：清理河道，河岸支出。年初预算为 50 万元，支出决算 45 万元。",
        "1．清淤费（项），主要用于清理河道的支出，包括养护河岸、购置设备、清理淤泥、检测水质、建设泵房、维护水闸、"
        "整治驳岸、巡查堤坝、监测水位、防治内涝、改造管道、更新水泵等方面的各项经费支出。年初预算为 50 万元，"
        "支出决算为 45 万元。",
    ],
)
def test_the_thing_stands_before_its_use(read: Read, sentence: str) -> None:
    found = read(sentence, phase="final")
    assert [(c.topic, c.phase, c.amount) for c in found.claims if c.kind == "level"] == [
        ("清淤费（项）", "budget", Decimal(500000)),
        ("清淤费（项）", None, Decimal(450000)),
    ]
    assert found.problems == ()


def test_what_has_changed_is_what_is_spoken_of(read: Read) -> None:
    found = read("清淤费为 0 万元，与 2020 年持平；绿化费增加 5 万元；养护费减少为 0 万元，与 2020 年持平。")
    assert [(c.topic, c.direction) for c in found.claims if c.kind == "change"] == [
        ("清淤费", "unchanged"),
        ("绿化费", "increase"),
        ("养护费", "decrease"),
        ("养护费", "unchanged"),
    ]


OF_WHICH = "收入总计 100 万元，其中年初结转和结余 10 万元，较 2020 年"


@pytest.mark.parametrize(
    ("change", "topic"),
    [
        ("增加 20 万元，增长 25%", "收入总计"),  # of 80, not of -10
        ("增加 20 万元", "收入总计"),
        ("减少 25 万元，下降 20%", "收入总计"),
        ("增加 2 万元，增长 25%", "其中年初结转和结余"),
        ("增加 2 万元，增长 30%", "其中年初结转和结余"),  # fits neither
        ("增加 2 万元", "其中年初结转和结余"),  # fits both
    ],
)
def test_a_change_behind_a_part_is_of_what_its_figures_fit(read: Read, change: str, topic: str) -> None:
    found = read(f"{OF_WHICH}{change}。", heading="一、收入决算情况说明")
    assert [c.topic for c in found.claims if c.kind == "change"] == [topic]


UNREAD = [
    ("单价 100 万元（含）以上设备若干。", "100 万元"),
    ("奖金为 1,465.2.8 万元。", "1,465.2.8 万元"),
    ("预计 5-10 万元。", "10 万元"),
    ("12 万元。", "12 万元"),
    ("清淤费与上年相比增加（减少）3 万元。", "3 万元"),
    ("清淤费同比增长下降 57%。", "57%"),
    ("清淤费比上年增加减少 3 万元。", "3 万元"),
    ("同口径比 2019 年减少 3 万元。", "3 万元"),
    ("清淤费 2020 年增加 3 万元，与什么相比没有说。", "3 万元"),
]


@pytest.mark.parametrize(("sentence", "printed"), UNREAD)
def test_amounts_of_no_known_form_are_listed(read: Read, sentence: str, printed: str) -> None:
    found = read(sentence)
    assert found.claims == ()
    code = "unread-percentage" if printed.endswith("%") else "unread-amount"
    assert [problem.code for problem in found.problems] == [code]
    assert printed in found.problems[0].message
    assert found.problems[0].location.line == 3


@pytest.mark.parametrize(
    ("sentence", "topic", "items"),
    [
        (
            "维护费 3 万元，主要用于：渠道、闸门（含启闭机、护栏）及道路等支出。",
            "维护费",
            ("渠道", "闸门（含启闭机、护栏）及道路"),
        ),
        ("维护费 3 万元。主要包括：闸门、护栏，与上年数一致。", "维护费", ("闸门", "护栏")),
        ("收入包括：上级拨款、其他收入。", "收入", ("上级拨款", "其他收入")),
    ],
)
def test_lists(read: Read, sentence: str, topic: str, items: tuple[str, ...]) -> None:
    (found,) = [claim for claim in read(sentence).claims if claim.kind == "list"]
    assert (found.topic, found.items) == (topic, items)


@pytest.mark.parametrize(
    ("sentence", "table", "fund"),
    [
        ("水利局没有安排政府性基金的支出。", "fund-expenditure", "govFund"),
        ("注：2021 年无国有资本经营预算支出，表空。", "state-capital-expenditure", "stateCapital"),
    ],
)
def test_absences(read: Read, sentence: str, table: str, fund: str) -> None:
    (found,) = read(sentence).claims
    assert (found.kind, found.table_kind, found.dimensions) == ("absence", table, {"fund": fund})


def test_no_absence_where_something_else_is_missing(read: Read) -> None:
    assert read("政府性基金项目无人申报。", "本部门无此项收入。").claims == ()


KEYS = [
    ("一、财政拨款收支预算总体情况", "财政拨款收支总预算", "appropriation-balance", "expenditure", {}),
    ("一、收支预算总体情况说明", "收入预算总计", "balance", "revenue", {}),
    ("一、收支预算总体情况说明", "财政拨款收入预算总计", "balance", "revenue", {"revenueSource": "appropriation"}),
    ("三、基本支出安排情况", "人员经费", None, None, None),
    (
        "三、一般公共预算基本支出安排情况",
        "人员经费",
        "basic-expenditure",
        "expenditure",
        {"expenditureNature": "personnel"},
    ),
    (
        "三、一般公共预算基本支出安排情况",
        "工资福利支出",
        "basic-expenditure",
        "expenditure",
        {"expenditureNature": "basic", "economicClass": "301"},
    ),
    (
        "四、“三公”经费预算情况说明",
        "因公出国（境）费预算支出",
        "three-public",
        "expenditure",
        {"threePublic": "abroad"},
    ),
    (
        "七、财政拨款“三公”经费支出决算情况说明",
        "公务用车运行维护支出",
        "three-public",
        "expenditure",
        {"threePublic": "vehicleRunning"},
    ),
    (
        "八、政府性基金预算财政拨款收入支出决算情况说明",
        "政府性基金预算支出",
        "fund-expenditure",
        "expenditure",
        {"fund": "govFund"},
    ),
    (
        "四、财政拨款收入支出决算总体情况说明",
        "财政拨款收入支出总计",
        "appropriation-balance",
        "expenditure",
        {},
    ),
    ("一、收入决算情况说明", "收入总计", "balance", "revenue", {}),
    ("一、收入决算情况说明", "收入合计", "revenue", "revenue", {}),
    ("二、支出决算情况说明", "支出总计", "balance", "expenditure", {}),
    ("四、“三公”经费预算情况说明", "公务用车购置及运行费", "three-public", "expenditure", {"threePublic": "vehicles"}),
    ("三、一般公共预算基本支出安排情况", "公务接待费", None, None, None),
    ("八、部门支出预算安排情况", "部门支出预算", "expenditure", "expenditure", {}),
    ("2021年部门预算编制说明", "政府性基金拨款支出预算", "fund-expenditure", "expenditure", {"fund": "govFund"}),
    ("2021年部门预算编制说明", "一般公共预算拨款支出预算", "general-expenditure", "expenditure", {}),
    ("二、一般公共预算支出安排情况", "其他基本支出", None, None, None),
]


@pytest.mark.parametrize(("heading", "topic", "table", "structure", "dimensions"), KEYS)
def test_words_and_section_give_the_key(
    read: Read, heading: str, topic: str, table: str | None, structure: str | None, dimensions: dict[str, str] | None
) -> None:
    (found,) = read(f"2021 年{topic}为 5 万元。", heading=heading).claims
    assert (found.table_kind, found.structure, found.dimensions) == (table, structure, dimensions)


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("八、政府性基金预算财政拨款收入支出决算情况说明", "fund-expenditure"),
        ("九、国有资本经营预算财政拨款收入支出决算情况说明", "state-capital-expenditure"),
        ("四、财政拨款收入支出决算总体情况说明", "appropriation-balance"),
    ],
)
def test_the_section_of_a_budget_is_of_its_table(read: Read, heading: str, table: str) -> None:
    (section,) = read("无收入。", heading=heading).sections
    assert section.table_kind == table


def test_the_name_of_the_body_is_no_part_of_the_topic() -> None:
    text = "某某县水利局 2021 年度部门预算\n\n三、支出预算情况说明\n\n某某县水利局本年支出预算合计 5 万元。"
    (claim,) = read_narrative(paragraphs(text), 2021).claims
    assert (claim.topic, claim.table_kind, claim.dimensions) == ("本年支出预算合计", "expenditure", {})


def test_numbers_of_people_are_taken_out_of_quotes(read: Read) -> None:
    found = read("热线费 3 万元，主要用于：接听（电话 02700000000）、回访。")
    assert found.withheld == 1
    assert not any("0270000" in f"{claim.quote}{claim.items}" for claim in found.claims)


AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
UNITS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


@given(
    topic=st.sampled_from(["绿化费", "维修（护）费", "“一费”支出", "渠道及闸门修缮"]),
    amount=AMOUNTS,
    unit=st.sampled_from(sorted(UNITS)),
    size=AMOUNTS,
    percent=st.decimals(min_value=0, max_value=999, places=2, allow_nan=False, allow_infinity=False),
    direction=st.sampled_from([("增加", "增长", "increase"), ("减少", "下降", "decrease")]),
    base=st.integers(2010, 2020),
    opening=st.sampled_from(["", "（一）", "1．", "其中：", "2021 年"]),
    blank=st.sampled_from(["", " "]),
)
def test_generated_sentences_are_read_back(
    topic: str,
    amount: Decimal,
    unit: str,
    size: Decimal,
    percent: Decimal,
    direction: tuple[str, str, str],
    base: int,
    opening: str,
    blank: str,
) -> None:
    sentence = (
        f"{opening}{topic}{blank}{amount:,f}{blank}{unit}，比{blank}{base}{blank}年预算{direction[0]}{blank}{size:f}"
        f"{blank}{unit}，{direction[1]}{blank}{percent}{blank}%。"
    )
    found = statement(sentence)
    stated, changed = found.claims
    assert (stated.topic, stated.amount, stated.year) == (topic, amount * UNITS[unit], 2021)
    assert (changed.topic, changed.amount, changed.percent) == (topic, size * UNITS[unit], percent)
    assert (changed.direction, changed.base_year) == (direction[2], base)
    assert found.problems == ()
    for claim in found.claims:
        assert claim.quote in sentence
