"""Sentences about units, and about other years: nothing of them is the publication's own."""

import pytest

from tests.converter.narrative.conftest import Read

BALANCE = "二、收支预算总体情况说明"


def keys(read: Read, *lines: str, others: tuple[str, ...] = ()) -> list[object]:
    found = read(*lines, heading=BALANCE, others=others)
    return [c.dimensions and dict(c.dimensions) for c in found.claims if c.kind == "level"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # below a heading that is a unit's name, up to the next as high
        (
            [
                "（一）某某登记中心",
                "支出预算 15 万元。",
                "1．基本支出 9 万元。",
                "（二）其他情况",
                "支出预算 50 万元。",
            ],
            [{}],
        ),
        (["（一）某某局机关", "支出预算 15 万元。"], []),
        (["三、某某登记中心", "收入预算 15 万元。"], []),
        (["（一）图书馆", "支出预算 15 万元。"], [{}]),  # a class by function
        (["（一）离退休干部", "支出预算 15 万元。"], [{}]),
        # a unit is spoken of to the end of the sentence
        (
            ["局机关收入预算 25 万元，支出预算 25 万元，其中：基本支出 15 万元。支出预算 50 万元。"],
            [None, None, None, {}],
        ),
        (["我局收入预算 50 万元，支出预算 50 万元。"], [{}, {}]),
        (["市公路局收入预算 25 万元。", "支出预算 50 万元。"], [None, {}]),
    ],
)
def test_units_that_no_list_names(read: Read, lines: list[str], expected: list[object]) -> None:
    assert keys(read, *lines) == expected


def test_what_is_stated_about_a_unit_makes_no_data_set(read: Read) -> None:
    lines = [
        "截至 2020 年 12 月 31 日，本部门共有车辆 12 辆。其中某某中心共有房屋 3 套。",
        "某某中心共有通用设备 7 台。",
        "（一）某某登记站",
        "截至 2020 年 12 月 31 日，共有家具 5 件。",
    ]
    (found,) = read(*lines, heading="二、国有资产占用情况", others=["某某中心"]).data_sets
    assert [(dict(f.dimensions), int(f.value)) for f in found.figures] == [({"assetKind": "vehicles"}, 12)]


def test_a_figure_contains_a_unit(read: Read) -> None:
    assert keys(read, "支出预算（含某某中心）50 万元。", others=("某某中心",)) != []


def test_a_sentence_with_a_units_name_gives_no_name_of_the_body(read: Read) -> None:
    lines = ["某某局 2021 年部门预算", "某某中心 2021 年预算收入 15 万元。"]
    assert keys(read, *lines, others=("某某中心",)) == []


@pytest.mark.parametrize(
    ("heading", "phase", "expected"),
    [
        ("二、2020 年“三公”经费决算情况", "budget", [(2020, "final", None), (2020, "final", 2019), (2021, None, 2020)]),
        (
            "二、2022 年“三公”经费预算情况",
            "final",
            [(2022, "budget", None), (2022, "budget", 2021), (2021, None, 2020)],
        ),
        # the same phase: a year that is left over; a year that is compared with
        ("二、2020 年“三公”经费预算情况", "budget", [(2021, None, None), (2021, None, 2020), (2021, None, 2020)]),
        (
            "二、“三公”经费与 2020 年决算比较情况",
            "budget",
            [(2021, None, None), (2021, None, 2020), (2021, None, 2020)],
        ),
    ],
)
def test_a_heading_names_another_year_and_phase(
    read: Read, heading: str, phase: str, expected: list[tuple[object, ...]]
) -> None:
    lines = ["公务接待费 5 万元。公务用车购置费比上年增加 1 万元。", "2021 年因公出国（境）费比上年减少 2 万元。"]
    found = read(*lines, heading=heading, phase=phase)
    assert [(c.year, c.phase, c.base_year) for c in found.claims] == expected


def test_counts_of_another_year_are_none(read: Read) -> None:
    counts = "国内公务接待 5 批次，80 人次。"
    assert read(counts, heading="二、2020 年“三公”经费决算情况").data_sets == ()
    assert len(read(counts, heading="二、“三公”经费预算情况").data_sets) == 1
