from decimal import Decimal

import pytest

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.budget import DataSet, Figure, Place
from budgetgraph.converter.narrative import read_narrative, resolve_by_labels
from tests.converter.narrative.conftest import paragraphs


def figure(label: str, **dimensions: str) -> Figure:
    return Figure(dimensions, Decimal(1), "1", label, Place(Locator()))


GENERAL = DataSet(
    "t2",
    "expenditure",
    "一般公共预算支出表",
    (
        figure("合计"),
        figure("一般公共服务支出", functionalClass="201"),
        figure("人大事务", functionalClass="20101"),
        figure("行政运行", functionalClass="2010101", expenditureNature="basic"),
        figure("行政运行", functionalClass="2010101"),
        figure("政协事务", functionalClass="20102"),
        figure("行政运行", functionalClass="2010201"),
        figure("一般行政管理事务（政协）", functionalClass="2010202"),
    ),
    table_kind="general-expenditure",
)
BASIC = DataSet(
    "t3",
    "expenditure",
    "基本支出表",
    (
        figure("办公费", economicClass="30201", expenditureNature="basic"),
        figure("办公费", economicClass="30201", expenditureNature="public"),
    ),
    table_kind="basic-expenditure",
)


@pytest.mark.parametrize(
    ("topic", "kind", "dimensions"),
    [
        ("一般公共服务（类）支出", "general-expenditure", {"functionalClass": "201"}),
        ("1．政协事务（款）行政运行（项）支出", "general-expenditure", {"functionalClass": "2010201"}),
        (
            "“一般公共服务支出-人大事务-行政运行”科目",
            "general-expenditure",
            {"functionalClass": "2010101"},
        ),
        ("一般行政管理事务", "general-expenditure", {"functionalClass": "2010202"}),
        ("办公费（款）支出", "basic-expenditure", {"economicClass": "30201", "expenditureNature": "basic"}),
        ("行政运行", "general-expenditure", None),  # two rows have this label
        ("办公费", "general-expenditure", None),
        ("渠道费", "general-expenditure", None),
    ],
)
def test_a_label_names_the_total_of_its_row(topic: str, kind: str, dimensions: dict[str, str] | None) -> None:
    key = resolve_by_labels([GENERAL, BASIC])(topic, kind)
    assert (key.dimensions if key else None) == dimensions
    assert key is None or key.table_kind == kind


def test_sentences_are_tied_to_the_rows_they_name() -> None:
    text = "二、一般公共预算支出安排情况\n\n1．人大事务（款）行政运行（项）支出 3 万元，与上年数一致。"
    found = read_narrative(paragraphs(text), 2021, resolve=resolve_by_labels([GENERAL, BASIC])).claims
    assert [claim.kind for claim in found] == ["level", "change"]
    assert {(c.structure, c.table_kind, str(c.dimensions)) for c in found} == {
        ("expenditure", "general-expenditure", "{'functionalClass': '2010101'}")
    }
