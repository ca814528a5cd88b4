"""Sources of revenue and their parts: 单位资金 and 事业收入, 一般公共预算 and 非税收入, 上年结转 and its funds."""

from decimal import Decimal

import pytest

from budgetgraph.converter.pipeline import Conversion
from budgetgraph.converter.rdf.cube import leaf_flags
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.shapes.validation import validate
from tests.converter.publications import codes, convert_text, figures

TITLE = "云岭市测绘服务局2024年部门预算\n\n"
HEAD = "收支总表\n单位：万元\n收入<2|支出<2\n项目|预算数|项目|预算数\n"
REVENUE = "收入总表\n单位：万元\n"


def leaves(conversion: Conversion, data_set: str) -> dict[str, str]:
    """Return what is printed of a data set's leaves, by its dimension values."""
    (found,) = [each for each in conversion.budget.data_sets if each.id == data_set]
    flags = leaf_flags(found, conversion.budget)
    return {" ".join(f.dimensions.values()): f.text for f, leaf in zip(found.figures, flags, strict=True) if leaf}


def faults(conversion: Conversion) -> set[str]:
    """Return the rules on sums and leaves that the publication breaks."""
    report = validate("".join(serialize(conversion.graphs, "nquads")).encode())
    return {result.rule for result in report.results if result.rule.startswith(("WT", "QB-8x-", "XT"))}


def balance(*rows: str) -> str:
    """Return a publication whose balance prints these rows of revenue."""
    first, last = f"{rows[0]}|一般公共服务支出|130.00", f"{rows[-1]}|支出总计|130.00"
    return f"{TITLE}{HEAD}" + "\n".join([first, *(f"{row}||" for row in rows[1:-1]), last])


def test_own_funds_are_the_sum_of_what_is_printed_below_them(tmp_path):
    conversion = convert_text(
        tmp_path,
        balance(
            "一、一般公共预算拨款收入|100.00",
            "其中：经费拨款|90.00",
            "纳入预算管理的非税收入|10.00",
            "二、财政专户管理资金收入|",
            "三、单位资金收入|30.00",
            "其中：事业收入|20.00",
            "上级补助收入|",
            "其他收入|10.00",
            "本年收入合计|130.00",
            "收入总计|130.00",
        ),
    )
    assert codes(conversion) == set()
    assert leaves(conversion, "t1-revenue") == {
        "general.appropriation": "90.00",
        "general.nontax": "10.00",
        "business.other": "20.00",
        "other": "10.00",
    }
    assert faults(conversion) == set()


@pytest.mark.parametrize(("label", "source"), [("单位资金", "ownFunds"), ("财政拨款", "appropriation")])
def test_a_year_of_one_aggregate_alone_is_counted_once(tmp_path, label, source):
    conversion = convert_text(tmp_path, balance(f"{label}|130.00", "本年收入合计|130.00", "收入总计|130.00"))
    assert leaves(conversion, "t1-revenue") == {source: "130.00"}
    assert faults(conversion) == set()


@pytest.mark.parametrize(
    "rows",
    [
        ("六、上年结转|30.00", "一般公共预算拨款|20.00", "单位资金|10.00"),
        ("六、上年结转|30.00", "其中：一般公共预算拨款|20.00", "单位资金|10.00"),
        ("六、上年结转|30.00", "1.一般公共预算拨款|20.00", "2.单位资金|10.00"),
        ("上年结转|30.00", "（一）一般公共预算拨款|20.00", "（二）单位资金|10.00"),
        ("上年结转|30.00", "一般公共预算拨款|20.00", "单位资金|10.00"),
        ("上年结转|30.00", "财政拨款结转|20.00", "单位资金结转|10.00"),
    ],
)
def test_what_stands_below_money_carried_forward_is_of_it(tmp_path, rows):
    conversion = convert_text(
        tmp_path,
        balance("一般公共预算拨款|90.00", "单位资金|10.00", "本年收入合计|100.00", *rows, "收入总计|130.00"),
    )
    assert codes(conversion) == set()
    found = leaves(conversion, "t1-revenue")
    assert (found.pop("general"), found.pop("ownFunds")) == ("90.00", "10.00")
    assert set(found) - {"carriedForward.general", "carriedForward.appropriation"} == {"carriedForward.other"}
    assert sorted(found.values()) == ["10.00", "20.00"]


def test_numbered_beside_money_carried_forward_is_revenue_of_the_year(tmp_path):
    conversion = convert_text(tmp_path, balance("一、上年结转|30.00", "二、一般公共预算拨款|100.00", "收入总计|130.00"))
    assert leaves(conversion, "t1-revenue") == {"carriedForward": "30.00", "general": "100.00"}


@pytest.mark.parametrize(
    ("rows", "source"),
    [
        (("一般公共预算拨款|90.00", "单位资金|10.00", "收入总计|130.00"), "general"),
        (("一般公共预算拨款|90.00", "单位资金|10.00", "本年收入合计|100.00", "收入总计|130.00"), "general"),
        (("一般公共预算拨款|30.00", "本年收入合计|100.00", "收入总计|130.00"), "carriedForward.general"),
    ],
)
def test_plain_lines_behind_money_carried_forward_are_what_the_sums_say(tmp_path, rows, source):
    conversion = convert_text(tmp_path, balance("上年结转|30.00", *rows))
    assert figures(conversion, "t1-revenue")[source] == rows[0].partition("|")[2]
    assert codes(conversion) | faults(conversion) == set()
    assert conversion.coverage.explained == {}


def test_what_is_personal_counts_once_where_a_list_is_read_again(tmp_path):
    table = """部门收支总表
单位：万元
收入<2|支出<3
项目|预算数|项目|预算数|联系电话
上年结转|30.00|一般公共服务支出|130.00|00000000
一般公共预算拨款|100.00|||
收入总计|130.00|支出总计|130.00|
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert figures(conversion, "t1-revenue")["general"] == "100.00"
    assert dict(conversion.ledger.withheld) == {"phone": 1}


@pytest.mark.parametrize(("carried", "total"), [("30.00", "140.00"), ("", "100.00"), ("30.00", "")])
def test_what_may_be_of_either_year_is_listed(tmp_path, carried, total):
    rows = (f"上年结转|{carried}", "一般公共预算拨款|100.00", f"收入总计|{total}")
    conversion = convert_text(tmp_path, balance(*rows))
    assert codes(conversion) == {"unknown-row"}
    assert "100.00" not in [text for key, text in figures(conversion, "t1-revenue").items() if key != "_T"]


def test_words_that_mean_something_only_below_others_are_listed_elsewhere(tmp_path):
    conversion = convert_text(tmp_path, balance("一般公共预算拨款|100.00", "收入总计|130.00", "非税收入|30.00"))
    assert codes(conversion) == {"unknown-row"}


@pytest.mark.parametrize(("part", "whole"), [("教育收费", "事业收入"), ("财政拨款", "一般公共预算拨款")])
def test_a_part_that_does_not_make_up_its_whole_stands_apart(tmp_path, part, whole):
    """A whole with one part printed is still a leaf; sums over leaves miss nothing."""
    table = f"""科目编码|科目名称|合计|{whole}|其中：{part}|其他收入
合计<2|130.00|100.00|40.00|30.00
201|一般公共服务支出|130.00|100.00|40.00|30.00
"""
    conversion = convert_text(tmp_path, TITLE + REVENUE + table)
    assert codes(conversion) == set()
    assert sum(Decimal(text) for text in leaves(conversion, "t1").values()) == 130
    assert set(figures(conversion, "t1-of-which").values()) == {"40.00"}
    assert faults(conversion) == set()


@pytest.mark.parametrize("amount", ["100.00", "160.00"])
def test_parts_that_make_up_their_whole_or_too_much_stay_below_it(tmp_path, amount):
    table = f"科目编码|科目名称|合计|事业收入|其中：教育收费\n合计<2|100.00|100.00|{amount}\n"
    conversion = convert_text(tmp_path, TITLE + REVENUE + table)
    assert [each.id for each in conversion.budget.data_sets] == ["t1"]
    assert leaves(conversion, "t1") == {"business.specialAccount.education": amount}
    assert faults(conversion) == (set() if amount == "100.00" else {"QB-8x-leaves", "WT-13"})


COLUMNS = """科目编码^2|科目名称^2|合计^2|一般公共预算<3|单位资金<4|上年结转<3
小计|经费拨款|纳入预算管理的非税收入|小计|其中：事业收入|事业单位经营收入|其他收入|小计|财政拨款|单位资金
合计<2|150.00|100.00|90.00|10.00|30.00|15.00|5.00|10.00|20.00|12.00|8.00
"""
FLAT = """科目编码|科目名称|合计|一般公共预算|其中：财政拨款|纳入预算管理的非税收入|单位资金|其中：事业收入|上年结转
合计<2|150.00|100.00|90.00|10.00|30.00|30.00|20.00
"""
OF_WHICH = """项目|合计|一般公共预算|单位资金<4|上年结转
||本年预算数|小计|其中<3|本年预算数
||||事业收入|事业单位经营收入|其他收入|
合计|150.00|100.00|30.00|15.00|5.00|10.00|20.00
"""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            COLUMNS,
            "general.appropriation=90.00 general.nontax=10.00 business.other=15.00 operating=5.00 other=10.00 "
            "carriedForward.appropriation=12.00 carriedForward.other=8.00",
        ),
        (FLAT, "general.appropriation=90.00 general.nontax=10.00 business.other=30.00 carriedForward=20.00"),
        (OF_WHICH, "general=100.00 business.other=15.00 operating=5.00 other=10.00 carriedForward=20.00"),
    ],
)
def test_columns_are_parts_of_what_stands_above_or_before_them(tmp_path, table, expected):
    conversion = convert_text(tmp_path, TITLE + REVENUE + table)
    assert codes(conversion) == set()
    assert " ".join(f"{name}={text}" for name, text in leaves(conversion, "t1").items()) == expected
    assert faults(conversion) == set()


def test_a_group_that_says_nothing_of_its_own_has_known_parts(tmp_path):
    """Other money (其他资金) is of other sources in each province, so its own total is listed."""
    table = """科目编码^2|科目名称^2|收入合计^2|预算拨款<2|其他资金<4
一般公共预算拨款|政府性基金预算拨款|小计|事业收入|其他收入|上年结余结转
合计<2|150.00|90.00|10.00|50.00|20.00|20.00|10.00
"""
    conversion = convert_text(tmp_path, TITLE + REVENUE + table)
    assert codes(conversion) == {"unknown-column"}
    assert leaves(conversion, "t1") == {
        "general": "90.00",
        "govFund": "10.00",
        "business": "20.00",
        "other": "20.00",
        "carriedForward": "10.00",
    }
    assert faults(conversion) == set()


def test_a_list_of_sources_may_have_columns_of_years(tmp_path):
    table = (
        "项目|2023年预算数|2024年预算数\n一、单位资金|20.00|30.00\n其中：事业收入|20.00|30.00\n收入总计|20.00|30.00\n"
    )
    conversion = convert_text(tmp_path, TITLE + REVENUE + table)
    assert leaves(conversion, "t1") == {"business.other": "30.00"}
    assert leaves(conversion, "t1-2023") == {"business.other": "20.00"}


def test_money_carried_forward_may_stand_before_that_of_the_year(tmp_path):
    conversion = convert_text(
        tmp_path,
        TITLE
        + """财政拨款收支总表
单位：万元
收入<2|支出<2
项目|预算数|项目|合计
一、上年结转|30.00|一般公共服务支出|130.00
（一）一般公共预算拨款|30.00||
二、本年收入|100.00||
（一）一般公共预算拨款|100.00||
收入总计|130.00|支出总计|130.00
""",
    )
    assert leaves(conversion, "t1-revenue") == {"carriedForward.general": "30.00", "general": "100.00"}


FUNDS = """部门支出总表
单位：万元
科目编码^2|科目名称^2|合计^2|一般公共预算<3|财政专户管理资金^2|单位资金<3|上年结转^2
小计|经费拨款|纳入预算管理的非税收入|小计|事业收入|其他收入
合计<2|150.00|100.00|90.00|10.00|20.00|20.00|15.00|5.00|{carried}
201|一般公共服务支出|150.00|100.00|90.00|10.00|20.00|20.00|15.00|5.00|{carried}
"""


@pytest.mark.parametrize(
    ("carried", "general"),
    [("10.00", {"general.year", "specialAccount.year", "own.year"}), ("", {"general", "specialAccount", "own"})],
)
def test_expenditure_has_its_money_in_columns(tmp_path, carried, general):
    table = FUNDS.format(carried=carried)
    conversion = convert_text(tmp_path, TITLE + (table if carried else table.replace("150.00", "140.00")))
    assert codes(conversion) == set()
    found = leaves(conversion, "t1")
    assert found.pop("201 carriedForward", "") == carried
    assert (found.pop("201 specialAccount", "") or found.pop("201 specialAccount.year")) == "20.00"
    assert found == {
        "201 general.appropriation": "90.00",
        "201 general.nontax": "10.00",
        "201 own.business": "15.00",
        "201 own.other": "5.00",
    }
    assert general <= set(figures(conversion, "t1"))
    assert faults(conversion) == set()


def test_a_part_of_a_fund_that_does_not_make_it_up_stands_apart(tmp_path):
    table = """部门支出总表
单位：万元
科目编码|科目名称|合计|一般公共预算|其中：财政拨款|上年结转
合计<2|110.00|100.00|90.00|10.00
201|一般公共服务支出|110.00|100.00|90.00|10.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert leaves(conversion, "t1") == {"201 general.year": "100.00", "201 carriedForward": "10.00"}
    assert figures(conversion, "t1-of-which")["201 general.appropriation"] == "90.00"
    assert faults(conversion) == set()


def test_a_part_of_the_whole_table_stands_apart(tmp_path):
    table = "科目编码|科目名称|合计|其中：财政拨款收入\n合计<2|100.00|80.00\n201|一般公共服务支出|100.00|80.00\n"
    conversion = convert_text(tmp_path, TITLE + REVENUE + table)
    assert leaves(conversion, "t1") == {"201": "100.00"}
    assert figures(conversion, "t1-of-which")["appropriation"] == "80.00"


def test_a_balance_has_the_money_of_its_expenditure_in_columns(tmp_path):
    table = """收支总体情况表
单位：万元
收入<2|支出<6
项目^2|金额^2|项目^2|合计^2|一般公共预算<2|政府性基金^2|上年结转结余^2
小计|其中：财政拨款
一般公共预算|90.00|一、基本支出|60.00|60.00|60.00||
上年结转结余|10.00|二、项目支出|40.00|30.00|30.00||10.00
收入总计|100.00|支出总计|100.00|90.00|90.00||10.00
"""
    conversion = convert_text(tmp_path, TITLE + table)
    assert codes(conversion) == set()
    assert leaves(conversion, "t1-nature") == {
        "basic general.appropriation": "60.00",
        "project general.appropriation": "30.00",
        "project carriedForward": "10.00",
    }


HOSPITAL = (
    "一、财政拨款收入|30.00",
    "二、事业收入|90.00",
    "其中：医疗收入|85.00",
    "科研收入|5.00",
    "三、援藏资金|10.00",
)


def test_what_business_income_is_of(tmp_path):
    conversion = convert_text(tmp_path, balance(*HOSPITAL, "本年收入合计|130.00", "收入总计|130.00"))
    assert leaves(conversion, "t1-revenue") == {
        "appropriation": "30.00",
        "business.medical": "85.00",
        "business.research": "5.00",
        "aid": "10.00",
    }
    assert codes(conversion) | faults(conversion) == set()


@pytest.mark.parametrize("rest", ["", "科研收入|3.00"])
def test_parts_of_business_income_stand_apart_from_their_whole(tmp_path, rest):
    rows = [row if "科研" not in row else rest for row in HOSPITAL]
    conversion = convert_text(tmp_path, balance(*filter(None, rows), "本年收入合计|130.00", "收入总计|130.00"))
    parts = {"business.medical": "85.00", **({"business.research": "3.00"} if rest else {})}
    assert figures(conversion, "t1-revenue-of-which") == parts
    assert leaves(conversion, "t1-revenue")["business"] == "90.00"
    assert codes(conversion) | faults(conversion) == set()


def test_medical_income_beside_business_income_is_not_certain(tmp_path):
    rows = [row.replace("其中：医疗", "三、医疗").replace("三、援", "四、援") for row in HOSPITAL if "科研" not in row]
    conversion = convert_text(tmp_path, balance(*rows, "本年收入合计|130.00", "收入总计|130.00"))
    assert not any("medical" in key for each in conversion.budget.data_sets for key in figures(conversion, each.id))
    assert codes(conversion) == {"unknown-row"}


@pytest.mark.parametrize(
    "head",
    [
        "科目编码^2|科目名称^2|合计^2|事业收入<3|其他收入^2\n小计|医疗收入|科研收入",
        "科目编码|科目名称|合计|事业收入|其中：医疗收入|其中：科研收入|其他收入",
    ],
)
def test_parts_of_business_income_as_columns(tmp_path, head):
    row = "100.00|90.00|85.00|5.00|10.00"
    conversion = convert_text(tmp_path, f"{TITLE}{REVENUE}{head}\n210|卫生健康支出|{row}\n合计<2|{row}\n")
    assert leaves(conversion, "t1") == {
        "210 business.medical": "85.00",
        "210 business.research": "5.00",
        "210 other": "10.00",
    }
    assert codes(conversion) | faults(conversion) == set()


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            "一、一般公共预算|60.00\n其中：上级补助|10.00\n二、政府性基金|30.00",
            {"general": "60.00", "govFund": "30.00"},
        ),
        (
            "上年结转|20.00\n其中：一般公共预算|15.00\n本年收入|70.00",
            {"carriedForward": "20.00", "current": "70.00"},
        ),
        (
            "一、财政拨款收入|60.00\n其中：一般公共预算|60.00\n二、单位资金|30.00\n其中：其他收入|30.00",
            {"appropriation": "60.00", "general": "60.00", "ownFunds": "30.00", "other": "30.00"},
        ),
    ],
)
def test_a_part_of_a_source_is_no_source_beside_it(tmp_path, rows, found):
    table = f"部门收入总表\n单位：万元\n项目|预算数\n{rows}\n合计|90.00\n"
    conversion = convert_text(tmp_path, f"云岭市测绘服务局2024年部门预算\n\n{table}")
    assert figures(conversion, "t1") == {**found, "_T": "90.00"}
    printed = {f.dimensions.get("revenueSource") for d in conversion.budget.data_sets for f in d.figures}
    assert "superior" not in printed
    assert "general" not in printed or "general" in found
