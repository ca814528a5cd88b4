"""Header paths read word by word: what is certain, and what is not."""

import pytest

from budgetgraph.converter.layouts.header_words import Meaning, blocks_of
from budgetgraph.converter.profiles import shipped_profiles

SPECS = {
    (spec.kind, pane.structure, pane.sections[0].id): pane.words
    for profile in shipped_profiles()
    if profile.id == "generic-tables"
    for spec in reversed(profile.tables)  # the first of a kind
    for pane in spec.panes
    if pane.words
}
SPENDING = SPECS["general-expenditure", "expenditure", None]
BASIC = SPECS["basic-expenditure", "expenditure", None]
FUNDS = SPECS["appropriation-balance", "expenditure", "functional"]


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        ("项目/功能分类科目编码/类", Meaning("code", {})),
        ("科目名称", Meaning("label", {})),
        ("合计", Meaning("amount", {})),
        ("本年支出/基本支出", Meaning("amount", {"expenditureNature": "basic"})),
        ("基本支出/人员经费", Meaning("amount", {"expenditureNature": "personnel"})),
        ("2024年预算数/小计", Meaning("amount", {}, "budget", 2024)),
        ("2023年执行数", Meaning("amount", {}, "executed", 2023)),
        ("上年决算数", Meaning("amount", {}, "final", None, 1)),
        ("2024年", Meaning("amount", {}, None, 2024)),
        ("项目支出预算数", Meaning("amount", {"expenditureNature": "project"}, "budget")),
        ("2024年预算数比2023年执行数/增减额", Meaning("derived", {})),
        ("增减%", Meaning("derived", {})),
        ("备注", Meaning("text", {})),
        ("本年一般公共预算支出/项目支出", Meaning("amount", {"fund": "general", "expenditureNature": "project"})),
    ],
)
def test_what_words_say(path, meaning):
    assert SPENDING.read(path) == meaning


@pytest.mark.parametrize(
    "path",
    [
        "",
        "备用",
        "基本支出/其他",  # a part that is no word
        "基本支出/项目支出",  # contradiction
        "预算数/决算数",  # contradiction
        "科目编码/科目名称",  # contradiction
        "其中基本支出",
    ],
)
def test_what_is_not_certain_is_not_read(path):
    assert SPENDING.read(path) is None


def test_the_same_word_says_what_the_table_is_about():
    assert BASIC.read("合计") == Meaning("amount", {"expenditureNature": "basic"})
    assert BASIC.read("人员经费/决算数") == Meaning("amount", {"expenditureNature": "personnel"}, "final")
    assert FUNDS.read("支出/一般公共预算财政拨款") == Meaning("amount", {"fund": "general"})


def test_a_code_or_label_behind_an_amount_opens_a_block():
    paths = ["人员经费/科目编码", "人员经费/科目名称", "人员经费/决算数", "", "公用经费/科目编码", "公用经费/决算数"]
    assert blocks_of([BASIC.read(p) for p in paths], [bool(p) for p in paths]) == [[0, 1, 2], [4, 5]]


def test_a_header_that_repeats_words_is_read_in_no_time():
    """支出预算 is a word of two words: a run of it can be read in more ways than anybody can wait for."""
    assert SPENDING.read("支出预算" * 200) == Meaning("amount", {})
    assert SPENDING.read("其中" * 2000 + "政府性基金") == Meaning("amount", {"fund": "govFund"}, of_which=True)
