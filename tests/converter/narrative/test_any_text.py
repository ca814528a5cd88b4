"""Texts of any wording: nothing raises, and every amount is accounted for once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgraph.converter.narrative import read_narrative
from tests.converter.narrative.conftest import Read, paragraphs

HEADINGS = """
    一、收支预算总体情况说明 二、收入预算情况说明 四、“三公”经费预算情况说明 二、政府采购预算情况 五、国有资产占有情况
    三、人员构成情况 十一、机关运行经费 （一）主要职能 名词解释 目录
""".split()  # noqa: SIM905
ASSETS = HEADINGS[4]
TOKENS = """
    基本支出 三公经费 （类） 车辆 政府采购 货物 主要原因是 一是 二是 增减相抵后 比上年
    与2020年预算相比 增加 减少 （减少） 占 的 为
    其中： 完成年初预算的 年初预算 支出决算 主要用于 截至2020年底 单价 以上 共有 编制 实有 5 10.5 1.2.3 -
    万元 元 亿元 % 人 辆
    台（套） 5万元 10.5万元 1,200元 12% 3辆 ， 。 ； 、 （ ） XX 〔2013〕 2083.68
""".split()  # noqa: SIM905
TOKENS.append("\n\n")


@settings(max_examples=150, deadline=None)
@given(
    heading=st.sampled_from(HEADINGS),
    tokens=st.lists(st.sampled_from(TOKENS), max_size=40),
    phase=st.sampled_from(["budget", "final"]),
)
def test_every_amount_is_in_one_place(heading: str, tokens: list[str], phase: str) -> None:
    text = f"{heading}\n\n{''.join(tokens)}"
    found = read_narrative(paragraphs(text), 2021, phase=phase, source=text)
    in_claims = sum(claim.amount is not None for claim in found.claims)
    unread = sum(problem.code == "unread-amount" for problem in found.problems)
    structures = {"asset-value", "procurement"}
    in_sets = sum(len(each.figures) for each in found.data_sets if each.structure in structures)
    twice = sum(problem.code == "stated-twice" for problem in found.problems)
    assert in_claims + unread + in_sets <= found.amounts
    if not in_sets and not twice and heading != ASSETS:  # a limit is part of what assets are called
        assert in_claims + unread == found.amounts
    orders = {claim.order for claim in found.claims}
    for claim in found.claims:
        place = claim.place.locator
        assert text[place.start : place.end] == claim.quote
        assert {claim.of_level, claim.against_level} - {None} <= orders


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    read_narrative(paragraphs(text), 2021, source=text)


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("根据〔2013〕16号文件，清淤费 5 万元。", 2021),
        ("建筑面积 2083.68 平方米，清淤费 5 万元。", 2021),
        ("清淤费 2083.68 万元。", 2021),
        ("204类06款01项清淤费 5 万元。", 2021),
        ("2019 年清淤费 5 万元。", 2019),
        ("从2020年12月起，清淤费 5 万元。", 2021),
    ],
)
def test_what_is_no_year_is_not_taken_for_one(read: Read, sentence: str, year: int) -> None:
    (claim,) = read(sentence).claims
    assert (claim.kind, claim.year, claim.base_year) == ("level", year, None)


def test_a_year_of_a_comparison_is_not_the_year_of_what_follows(read: Read) -> None:
    found = read("清淤费 5 万元，比 2019 年预算减少 1 万元；绿化费 3 万元。").claims
    assert [(claim.topic, claim.year) for claim in found] == [("清淤费", 2021), ("清淤费", 2021), ("绿化费", 2021)]
