"""Staff, assets and procurement in invented sentences."""

from datetime import date
from decimal import Decimal

import pytest

from budgetgraph.converter.budget import DataSet
from budgetgraph.converter.narrative import Narrative
from budgetgraph.converter.narrative.assets import reference_date
from tests.converter.narrative.conftest import Read


def only(narrative: Narrative, identity: str) -> DataSet:
    (found,) = [each for each in narrative.data_sets if each.id == identity]
    return found


def values(data_set: DataSet, *dimensions: str) -> dict[tuple[str, ...], Decimal]:
    return {tuple(f.dimensions.get(d, "_T") for d in dimensions): f.value for f in data_set.figures}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "人员编制 30 名，实有 28 名。",
            {("establishment", "_T"): 30, ("actual", "_T"): 28},
        ),
        (
            "编制 30 人，其中：行政编制 12 人、事业编制 18 人；在职实有 28 人，其中行政 12 人，事业 16 人。",
            {
                ("establishment", "_T"): 30,
                ("establishment", "administrative"): 12,
                ("establishment", "institution"): 18,
                ("actual", "_T"): 28,
                ("actual", "administrative"): 12,
                ("actual", "institution"): 16,
            },
        ),
        (
            "离退休人员 9 人，其中：离休 1 人，退休 8 人。",
            {("actual", "retirees"): 9, ("actual", "honorary"): 1, ("actual", "retired"): 8},
        ),
    ],
)
def test_staff(read: Read, sentence: str, expected: dict[tuple[str, str], int]) -> None:
    found = read(sentence, heading="三、部门人员构成情况")
    assert values(only(found, "staff"), "staffBasis", "staffKind") == expected
    assert found.problems == ()


def test_unknown_staff_is_listed(read: Read) -> None:
    found = read("编制 30 人，其中：行政编制 28 人，机器人 2 人。", heading="三、人员构成")
    assert len(only(found, "staff").figures) == 2
    assert [problem.code for problem in found.problems] == ["unknown-staff-kind"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("核定政法专项编制 247 人、行政工勤编制 15 人，在职 244 人。", {("actual", "_T"): 244}),
        (
            "政法专项编制 20 名，实有 21 名；事业编制 5 名，实有 4 名。",
            {
                ("establishment", "institution"): 5,
                ("actual", "institution"): 4,
            },
        ),
        ("编制总数 15 人。核定的工资岗位为专技岗 7 人。", {("establishment", "_T"): 15}),
        (
            "实有人数 25 人，其中：在职人数小计 14 人，退休人数小计 11 人。",
            {("actual", "_T"): 25, ("actual", "retired"): 11},
        ),
    ],
)
def test_posts_of_another_kind_are_no_total(read: Read, sentence: str, expected: dict[tuple[str, str], int]) -> None:
    found = read(sentence, heading="三、人员构成")
    assert values(only(found, "staff"), "staffBasis", "staffKind") == expected
    assert {problem.code for problem in found.problems} == {"unknown-staff-kind"}


def test_a_count_that_is_stated_with_two_values_is_no_figure(read: Read) -> None:
    found = read("编制 30 人，实有 28 人。", "编制 31 人，实有 28 人。", heading="三、人员构成")
    assert values(only(found, "staff"), "staffBasis", "staffKind") == {("actual", "_T"): 28}
    assert [problem.code for problem in found.problems] == ["stated-twice"]


def test_a_text_that_contradicts_itself_in_all_makes_no_data_set(read: Read) -> None:
    found = read("编制 30 人。", "编制 31 人。", heading="三、人员构成")
    assert found.data_sets == ()
    assert [problem.severity.value for problem in found.problems] == ["error"]


def test_purchases_from_one_fund_are_not_all_purchases(read: Read) -> None:
    whole = "政府采购预算总额 50 万元：政府采购货物预算 20 万元、政府采购服务预算 30 万元"
    fund = "其中一般公共预算拨款政府采购 40 万元：政府采购货物预算 20 万元、政府采购服务预算 20 万元。"
    found = read(f"{whole}；{fund}", heading="五、政府采购情况")
    printed = {figure.dimensions.get("procurementKind"): figure.text for figure in only(found, "procurement").figures}
    assert printed == {None: "50", "goods": "20", "services": "30"}
    assert [problem.code for problem in found.problems] == ["unread-amount"] * 3
    assert found.claims == ()


def test_assets_with_values_and_counts(read: Read) -> None:
    found = read(
        "截至 2019 年底，本单位共有资产 100.5 万元，其中：通用设备 1,020 台，价值 60 万元；车辆 2 辆 40.5 万元。",
        heading="（三）国有资产占有使用情况",
    )
    assert values(only(found, "assets-value"), "assetKind") == {
        ("_T",): 1005000,
        ("general-equipment",): 600000,
        ("vehicles",): 405000,
    }
    assert values(only(found, "assets-quantity"), "assetKind") == {("general-equipment",): 1020, ("vehicles",): 2}
    value = only(found, "assets-value")
    assert (value.step, value.reference_date) == (Decimal(1000), date(2019, 12, 31))
    assert found.claims == ()
    assert found.problems == ()


def test_what_will_be_bought_is_no_stock(read: Read) -> None:
    found = read("2021 年预算安排购置车辆 3 辆。", heading="（三）国有资产占有使用情况")
    assert found.data_sets == ()


def test_unknown_assets_and_limits_are_listed(read: Read) -> None:
    found = read(
        "本部门共有车辆 5 辆，其中：执法车 2 辆。单价 50 万元（含）以上的设备 1 台（套）。",
        heading="（三）国有资产占用",
    )
    assert values(only(found, "assets-quantity"), "assetKind") == {("vehicles",): 5, ("valuable-equipment",): 1}
    assert [problem.code for problem in found.problems] == ["unknown-asset-kind"]


def test_vehicles_by_use_and_equipment_over_a_limit(read: Read) -> None:
    found = read(
        "截至 2024 年 8 月 31 日，某某局共有车辆 6 辆，其中：执法执勤用车 4 辆、其他用车 2 辆；单价 100 万（含）"
        "以上设备（不含车辆）3 台（套）。",
        "2025 年部门预算安排购置车辆 1 辆，其中：执法执勤用车 1 辆；安排购置单价 100 万元（含）"
        "以上设备（不含车辆）2 台（套）。",
        heading="五、国有资产占有使用情况",
    )
    quantity = only(found, "assets-quantity")
    assert values(quantity, "assetKind") == {
        ("vehicles",): 6,
        ("enforcement-vehicles",): 4,
        ("other-vehicles",): 2,
        ("valuable-equipment",): 3,
    }
    assert quantity.reference_date == date(2024, 8, 31)
    assert quantity.figures[-1].label == "单价 100 万（含）以上设备（不含车辆）"


def test_a_stock_goes_on_over_sentences(read: Read) -> None:
    found = read(
        "截止 2022 年 12 月 31 日，本部门流动资产 4.5 万元。固定资产 30 万元，其中：房屋 140.5 平方米；专用设备 8 台/套"
        "（其中：单价 100 万元以上专用设备 1 台/套）；其他固定资产 0 万元。在建工程 1 项 12 万元。",
        heading="五、国有资产占有情况",
    )
    assert values(only(found, "assets-value"), "assetKind") == {
        ("current-assets",): 45000,
        ("fixed-assets",): 300000,
        ("other-fixed-assets",): 0,
        ("construction-in-progress",): 120000,
    }
    assert values(only(found, "assets-quantity"), "assetKind") == {
        ("special-equipment",): 8,
        ("valuable-special-equipment",): 1,
        ("construction-in-progress",): 1,
    }
    assert [problem.code for problem in found.problems] == ["fractional-quantity"]
    assert found.claims == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("截至2024年8月31日", date(2024, 8, 31)),
        ("截至2019年2月底", date(2019, 2, 28)),
        ("截至2019年末", date(2019, 12, 31)),
        ("2019年", None),
        ("截至2019年2月31日", None),
    ],
)
def test_reference_dates(text: str, day: date | None) -> None:
    assert reference_date(text) == day


def test_procurement_by_kind(read: Read) -> None:
    found = read(
        "2021 年政府采购预算 30 万元，其中：政府采购货物预算 10.5 万元、政府采购工程预算 0 万元、"
        "政府采购服务预算 19.5 万元，占 65%。面向中小企业预留的政府采购项目预算 9 万元。",
        heading="二、政府采购预算情况",
    )
    procurement = only(found, "procurement")
    assert values(procurement, "procurementKind") == {
        ("_T",): 300000,
        ("goods",): 105000,
        ("works",): 0,
        ("services",): 195000,
    }
    assert procurement.step == 1000
    claims = [(claim.kind, claim.amount, claim.percent) for claim in found.claims]
    assert claims == [("share", None, Decimal(65)), ("level", Decimal(90000), None)]


def test_a_text_printed_twice_gives_its_data_sets_once(read: Read) -> None:
    sentence = "政府采购预算 30 万元。"
    found = read(sentence, "（三）政府采购情况", sentence, heading="（二）政府采购情况")
    assert len(only(found, "procurement").figures) == 1
    assert found.claims == ()


def test_procurement_of_another_year_is_no_figure_of_this_one(read: Read) -> None:
    heading = "二、政府采购预算情况"
    other = read("2020 年政府采购预算 30 万元，其中：货物 10 万元。", heading=heading)
    assert not other.data_sets
    (data_set,) = read("2021 年政府采购预算 30 万元，与 2020 年 20 万元相比增加 10 万元。", heading=heading).data_sets
    assert [figure.text for figure in data_set.figures] == ["30"]


def test_procurement_behind_a_heading_in_its_line(read: Read) -> None:
    sentence = (
        "（三）政府采购情况：2021 年政府采购预算总额 60 万元，其中，货物类采购预算 20 万元；服务类采购预算 40 万元。"
    )
    following = "（四）其他情况：共有货物 5 万元。"
    (data_set,) = read(sentence, following, heading="六、其他重要事项的情况说明").data_sets
    assert {f.dimensions.get("procurementKind", "_T"): f.text for f in data_set.figures} == {
        "_T": "60",
        "goods": "20",
        "services": "40",
    }
