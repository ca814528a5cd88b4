"""Running text that is recognised in a picture: levels and absences of sure lines, nothing that a table contradicts."""

from dataclasses import replace
from pathlib import Path

import pytest

from budgetgraph.converter.blocks import Grid, Locator, Paragraph
from budgetgraph.converter.narrative import Narrative, read_narrative
from budgetgraph.converter.pipeline import Conversion, Settings, convert_document
from budgetgraph.converter.readers import read_document
from tests.converter.publications import as_html

HEADING = "一、支出预算情况说明"
LEVEL = "2024年支出预算总计90.00万元，其中：基本支出60.00万元，占66.67%。"
CHANGE = "支出预算比2023年预算增加10.00万元，增长12.50%。"
STAFF = "三、人员情况"


def read(*lines: tuple[str, float]) -> Narrative:
    return read_narrative([Paragraph(text, Locator(page=1), sure) for text, sure in lines], 2024)


def test_levels_of_sure_lines_are_claims_that_say_how_sure() -> None:
    found = read((HEADING, 0.99), (LEVEL + CHANGE, 0.96))
    assert [(c.kind, c.topic, str(c.amount), c.confidence) for c in found.claims] == [
        ("level", "支出预算总计", "900000.00", 0.96),
        ("level", "基本支出", "600000.00", 0.96),
    ]
    assert [p.message.partition(": ")[2] for p in found.problems if p.code == "unread-amount"] == [
        "of recognised text only stated levels are taken, no changes and shares"
    ]
    assert {c.kind for c in read((HEADING, 1), (LEVEL + CHANGE, 1)).claims} == {"level", "change", "share"}


def test_lines_that_are_not_sure_are_no_claims_and_name_their_amounts() -> None:
    found = read((HEADING, 0.99), (LEVEL, 0.94))
    assert found.claims == ()
    assert [p.code for p in found.problems] == ["unread-amount", "unread-amount"]
    assert found.amounts == 2


def test_sentences_over_a_line_that_is_not_sure_are_no_claims() -> None:
    found = read((HEADING, 0.99), ("2024年支出预算总计90.00万元，其中：基本支出，", 0.99), ("60.00万元。", 0.5))
    assert found.claims == ()


def test_an_absence_is_a_claim() -> None:
    (claim,) = read((HEADING, 0.99), ("本部门2024年没有使用政府性基金预算拨款安排的支出。", 0.97)).claims
    assert (claim.kind, claim.confidence) == ("absence", 0.97)


def test_no_figures_statements_and_gaps_are_taken() -> None:
    lines = ["一、主要职能", "1.负责测绘管理。", "二、人员情况", "编制10人，在职9人。", HEADING, "支出万元。"]
    found = read(*((line, 0.99) for line in lines))
    assert (found.data_sets, found.duties, found.gaps) == ((), (), ())
    assert read(*((line, 1) for line in lines)).gaps


PUBLICATION = """云岭市测绘服务局2024年部门预算
一、支出预算情况说明
{text}
支出总表
单位：万元
科目编码|科目名称|合计|基本支出|项目支出
201|一般公共服务支出|90.00|60.00|30.00
合计<2|90.00|60.00|30.00
"""


def recognised(folder: Path, text: str) -> Conversion:
    path = folder / "publication.html"
    path.write_text(as_html(PUBLICATION.format(text=text)), encoding="utf-8")
    document = read_document(path)
    blocks = [b if isinstance(b, Grid) else replace(b, confidence=0.97) for b in document.blocks]
    return convert_document(replace(document, blocks=tuple(blocks)), Settings())


@pytest.mark.parametrize(("printed", "claims"), [("90.00", 1), ("90", 1), ("96.00", 0)])
def test_what_a_table_contradicts_is_listed(tmp_path: Path, printed: str, claims: int) -> None:
    conversion = recognised(tmp_path, f"2024年支出预算总计{printed}万元。")
    assert len(conversion.budget.claims) == claims
    found = [p.message for p in conversion.problems if p.code == "unread-amount"]
    assert len(found) == 1 - claims
    assert all(f"{printed}万元 in the text, and a table prints 90.00" in message for message in found)


def test_the_graph_says_how_sure_a_claim_is(tmp_path: Path) -> None:
    conversion = recognised(tmp_path, "2024年支出预算总计90.00万元。")
    data = next(graph for graph in conversion.graphs if graph.name == conversion.ids.graph("data"))
    pairs = [value for each in data.resources for name, value in each.pairs if name.endswith("readingConfidence>")]
    assert [value.partition("^^")[0] for value in pairs] == ['"0.97"']
