"""What a sentence says of a part of the money (政府性基金, 财政拨款) is nothing of the whole its section restates."""

import pytest

from tests.converter.narrative.conftest import Read

BALANCE = "一、收支预算总体情况"
APPROPRIATION = "三、财政拨款收支预算情况"


def keys(read: Read, text: str, heading: str = BALANCE) -> list[object]:
    return [c.dimensions and dict(c.dimensions) for c in read(text, heading=heading).claims if c.kind == "level"]


@pytest.mark.parametrize(
    "text",
    [
        "政府性基金预算收入 10 万元，支出 10 万元。",
        "国有资本经营预算本年收入 10 万元，本年支出 10 万元，年末结转和结余 0 万元。",
        "政府性基金预算支出 10 万元，其中：基本支出 0 万元；项目支出 10 万元。",
    ],
)
@pytest.mark.parametrize("heading", [BALANCE, APPROPRIATION])
def test_what_follows_a_part_of_the_money_is_of_that_part(read: Read, text: str, heading: str) -> None:
    assert set(map(str, keys(read, text, heading)[1:])) == {"None"}


def test_what_follows_the_money_of_the_section_is_of_the_section(read: Read) -> None:
    text = "财政拨款收入 90 万元，支出 90 万元，其中：基本支出 60 万元；项目支出 30 万元。"
    assert keys(read, text, APPROPRIATION)[1:] == [
        {}, {"expenditureNature": "basic"}, {"expenditureNature": "project"},
    ]  # fmt: skip
    assert keys(read, text)[1:] == [None, None, None]


@pytest.mark.parametrize(
    "text",
    [
        "收入预算 90 万元，其中：政府性基金预算收入 10 万元，本年收入 80 万元；支出预算 90 万元。",
        "政府性基金预算收入 10 万元；支出预算 90 万元。",
        "政府性基金预算收入 10 万元。支出预算 90 万元。",
    ],
)
def test_behind_a_list_and_a_sentence_the_whole_is_spoken_of_again(read: Read, text: str) -> None:
    assert keys(read, text)[-1] == {}


BASIC, PROJECT = {"expenditureNature": "basic"}, {"expenditureNature": "project"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # they add up to the whole, to a part of the money, or to nothing that is told
        ("支出总计 90 万元。其中：政府性基金收入 20 万元，基本支出 60 万元，项目支出 30 万元。", [BASIC, PROJECT]),
        ("支出总计 90 万元，其中：政府性基金支出 20 万元，基本支出 5 万元，项目支出 15 万元。", [None, None]),
        ("支出总计 90 万元，其中：政府性基金支出 20 万元，基本支出 60 万元，项目支出 20 万元。", [None, None]),
        # the last list is of the part
        ("支出总计 90 万元，包括：政府性基金支出 20 万元，其中：基本支出 0 万元，项目支出 20 万元。", [None, None]),
        # the list is of what stands between
        (
            "收入总计 9 万元，其中：政府性基金收入 2 万元；支出总计 9 万元，其中：基本支出 6 万元，项目支出 3 万元。",
            [BASIC, PROJECT],
        ),
        # a class, a project or a body has parts of its own
        ("教育支出 30 万元，其中：基本支出 20 万元，项目支出 10 万元。", [None, None]),
        ("档案馆支出预算 30 万元，其中：基本支出 20 万元，项目支出 10 万元。", [None, None]),
        ("本部门支出 30 万元，其中：基本支出 20 万元，项目支出 10 万元。", [BASIC, PROJECT]),
        ("基本支出 20 万元，其中：工资 15 万元；项目支出 10 万元。", [None, PROJECT]),
        ("设备费 5 万元，包括：电脑，打印机；基本支出 20 万元，项目支出 10 万元。", [BASIC, PROJECT]),
        ("设备费 5 万元，主要包括电脑，基本支出 20 万元，项目支出 10 万元。", [BASIC, PROJECT]),
    ],
)
def test_parts_are_of_what_their_list_is_of(read: Read, text: str, expected: list[object]) -> None:
    assert keys(read, text)[-2:] == expected


def test_a_source_that_is_named_keeps_its_name(read: Read) -> None:
    assert keys(read, "一般公共预算拨款收入 80 万元，事业收入 10 万元。")[1] == {"revenueSource": "business"}
