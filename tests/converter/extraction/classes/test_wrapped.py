"""Labels that are wrapped over several rows, with their amount in one of them."""

import pytest

from tests.converter.extracting import codes, read

FINAL = """2021年度收入支出决算总表
单位：万元
收入\t\t支出\t
项目\t决算数\t项目\t决算数
"""


def figures_of(extracted, section):
    (data_set,) = [d for d in extracted.data_sets if d.id == f"t2-{section}-final"]
    return [(dict(f.dimensions), f.text, f.label) for f in data_set.figures]


@pytest.mark.parametrize(
    "rows",
    [
        ["\t\t九、社会保障和就\t", "\t\t\t7.00", "\t\t业支出\t"],
        ["\t\t九、社会保障和就\t7.00", "\t\t业支出\t"],
        ["\t\t九、社会保障和就\t", "\t\t业支出\t7.00"],
    ],
    ids=["middle", "first", "last"],
)
def test_a_label_wrapped_over_rows_is_one_with_its_amount(rows):
    extracted, _ = read(FINAL + "\n".join(rows) + "\n总计\t7.00\t总计\t7.00\n")
    assert figures_of(extracted, "functional") == [
        ({"functionalClass": "208"}, "7.00", "九、社会保障和就业支出"),
        ({}, "7.00", "总计"),
    ]
    assert codes(extracted) == []


def test_pieces_that_make_no_known_label_are_listed():
    extracted, _ = read(FINAL + "\t\t九、社会保障与就\t\n\t\t\t7.00\n\t\t业之事\t\n总计\t7.00\t总计\t7.00\n")
    assert figures_of(extracted, "functional") == [({}, "7.00", "总计")]
    assert "unknown-row" in codes(extracted)
