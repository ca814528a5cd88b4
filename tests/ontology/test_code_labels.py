"""Printed labels find the concepts that they name, in the list of their year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgraph.ontology import codelists
from budgetgraph.ontology.codelists import find, fold_label, scheme


@pytest.mark.parametrize(
    ("code", "year", "label", "alternative"),
    [
        ("210", 2017, "医疗卫生与计划生育支出", "卫生健康支出"),
        ("210", 2021, "卫生健康支出", "医疗卫生与计划生育支出"),
        ("20805", 2019, "行政事业单位离退休", "行政事业单位养老支出"),
        ("20805", 2020, "行政事业单位养老支出", "行政事业单位离退休"),
        ("215", 2018, "资源勘探信息等支出", "资源勘探工业信息等支出"),
        ("21305", 2023, "巩固脱贫攻坚成果衔接乡村振兴", "扶贫"),
    ],
)
def test_label_is_that_of_the_year(code: str, year: int, label: str, alternative: str) -> None:
    concept = scheme("functional", year)[code]
    assert concept.label == label
    assert alternative in concept.alternatives


def test_codes_come_and_go() -> None:
    assert "2080504" in scheme("functional", 2019)
    assert "2080504" not in scheme("functional", 2020)
    assert "224" not in scheme("functional", 2018)
    assert "22401" not in scheme("functional", 2018), "its class did not exist"
    assert "20140" in scheme("functional", 2024)


def test_code_used_again_with_another_meaning_does_not_keep_the_old_name() -> None:
    assert scheme("dept-economic", 2017)["30311"].label == "住房公积金"
    assert scheme("dept-economic", 2021)["30311"].label == "代缴社会保险费"
    assert "住房公积金" not in scheme("dept-economic", 2021)["30311"].labels
    assert "30311" not in scheme("dept-economic", 2019)
    assert scheme("dept-economic")["30311"].status == codelists.PROVISIONAL, "only the old meaning was read"


def test_misprint_that_is_another_codes_name_is_no_label() -> None:
    """A publication prints 234 under the name of 233; that has to stay a finding."""
    assert "债务发行费用支出" not in scheme("functional", 2021)["234"].labels
    assert find("functional", "债务发行费用支出", 2021, level=1) == "233"


def test_printed_variant_is_hidden_and_no_proper_name() -> None:
    concept = scheme("functional", 2021)["210"]
    assert "医疗健康支出" in concept.hidden
    assert "医疗健康支出" not in (concept.label, *concept.alternatives)


def test_name_with_a_bracketed_addition_is_a_proper_name() -> None:
    assert "行政运行（党委办公厅）" in scheme("functional", 2021)["2013101"].alternatives


@pytest.mark.parametrize(
    ("name", "printed", "notation"),
    [
        ("revenue-source", "一、一般公共预算收入", "general"),
        ("revenue-source", "1. 财政拨款收入", "general.appropriation"),
        ("revenue-source", "2.纳入预算管理的非税收入安排的拨款", "general.nontax"),
        ("revenue-source", "（1）行政事业性收费收入安排的拨款", "general.nontax.fees"),
        ("revenue-source", "(1)行政事业性收入安排的拨款", "general.nontax.fees"),
        ("revenue-source", "(2)国有资源（资产）有偿使用收入安排的拨款", "general.nontax.assets"),
        ("revenue-source", "二、政府性基金财政拨款收入", "govFund"),
        ("revenue-source", "二、政府性基金预算财政拨款收入", "govFund"),
        ("revenue-source", "1.财政专户安排的资金", "business.specialAccount"),
        ("revenue-source", "八、用事业基金弥补收支差额", "reserveFund"),
        ("revenue-source", "1.往来可用存量资金", "other.idle"),
        ("revenue-source", "九、上年结转", "carriedForward"),
        ("revenue-source", "3.其他资金结余（含事业结余分配）", "carriedForward.other"),
        ("revenue-source", "十、国有资本经营预算收入", "stateCapital"),
        ("revenue-source", "本年收入合计", "current"),
        ("revenue-source", "当年收入小计", "current"),
        ("revenue-source", "公共财政拨款(补助)资金", "general.appropriation"),
        ("expenditure-nature", "二、项目支出", "project"),
        ("expenditure-nature", "上级 上缴 支出", "remitUp"),
        ("expenditure-nature", "对附 属单 位的 补助 支出", "toAffiliates"),
        ("expenditure-nature", "单位预留机动经费", "reserve"),
        ("expenditure-nature", "人员支出", "personnel"),
        ("three-public", "因公出国 (境) 费用", "abroad"),
        ("three-public", "公务用车运行 及维护费", "vehicleRunning"),
        ("indicator", "社会公众或服务对象满 意度指标", "benefit-satisfaction"),
        ("comparator", "≥", "ge"),
        ("comparator", "＜", "lt"),
        ("target-unit", "小时", "hour"),
        ("target-unit", "％", "percent"),
        ("table-kind", "一般公共预算三公经费支出表", "three-public"),
    ],
)
def test_wording_of_a_publication_is_found(name: str, printed: str, notation: str) -> None:
    assert find(name, printed) == notation


@pytest.mark.parametrize("text", ["", "项目", "部门预算支出经济分类", "无此项目"])
def test_what_is_no_label_is_not_found(text: str) -> None:
    assert find("expenditure-nature", text) is None
    assert find("revenue-source", text) is None


def test_ambiguous_label_is_not_guessed() -> None:
    assert find("functional", "行政运行", 2021) is None
    assert len(codelists.candidates(scheme("functional", 2021), "行政运行", level=3)) > 50


def test_closing_word_may_be_missing_in_official_lists_only() -> None:
    assert find("functional", "八、城乡社区", 2021, level=1) == "212"
    assert find("expenditure-nature", "项目") is None


@given(st.text(alphabet=" 一二、.．（）()1290①“”:：收入支出Ａa%％", max_size=12))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_label(fold_label(text)) == fold_label(text)


@given(
    st.sampled_from([label for c in scheme("revenue-source").concepts.values() for label in c.labels]),
    st.sampled_from(["", "一、", "十一、", "（三）", "1.", "2、", "(4)", "其中：", "　", "其中:1．"]),
    st.sampled_from(["", "：", " ", "　 "]),
)
def test_label_is_found_behind_any_enumeration(label: str, before: str, after: str) -> None:
    spaced = " ".join(label)
    assert find("revenue-source", before + spaced + after) == find("revenue-source", label)
