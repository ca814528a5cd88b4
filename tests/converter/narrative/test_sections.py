from budgetgraph.converter.narrative import read_narrative
from budgetgraph.converter.narrative.passages import passages
from budgetgraph.converter.narrative.sections import outline
from tests.converter.narrative.conftest import Read, paragraphs

CONTENTS = [
    "某某县水利局",
    "2020 年部门预算",
    "目 录",
    "第一部分 某某县水利局概况",
    "- 一、部门主要职能",
    "- 二、部门预算单位构成 ………… 3",
    "第三部分 某某县水利局 2020 年部门预算情况说明",
    "- 一、财政拨款收支预算 100 万元的总体情况",
    "第四部分 名词解释",
]
BODY = [
    "第一部分 某某县水利局概况",
    "一、部门主要职能",
    "（一）管理河道。",
    "第三部分 某某县水利局 2020 年部门预算",
    "情况说明",
    "一、财政拨款收支预算总体情况",
    "2020 年财政拨款收支总预算 5 万元。",
]


def kinds(*lines: str) -> list[tuple[str, str | None]]:
    return [(s.kind, s.table) for s in outline(passages(paragraphs("\n\n".join(lines))))]


def test_sections_are_found_by_their_headings() -> None:
    assert kinds(*CONTENTS, *BODY) == [
        ("title", None),
        ("contents", None),
        ("overview", None),
        ("duties", None),
        ("statement", None),  # its heading stands on two lines
        ("statement", "appropriation-balance"),
    ]


def test_the_table_of_contents_states_nothing() -> None:
    found = read_narrative(paragraphs("\n\n".join(CONTENTS)), 2020)
    assert (found.claims, found.duties, found.glossary, found.units, found.data_sets) == ((), (), (), (), ())
    whole = read_narrative(paragraphs("\n\n".join([*CONTENTS, *BODY])), 2020)
    assert [claim.amount for claim in whole.claims] == [50000]
    assert len(whole.duties) == 1


def test_a_deeper_heading_without_meaning_stays_in_its_section() -> None:
    found = kinds(
        "二、一般公共预算支出情况", "（一）教育支出（类）", "1．普通教育（款）", "三、机关食堂", "四、名词解释"
    )
    assert found[1:] == [("statement", "general-expenditure"), ("other", None), ("glossary", None)]


def test_a_heading_may_be_closed_like_a_sentence() -> None:
    found = kinds(
        "八、其他重要事项的情况说明",
        "（二）政府采购预算安排情况说明。",
        "（三）国有资产的情况。",
        "（四）国有资产为零。",
    )
    assert found[1:] == [("statement", None), ("procurement", None)]


def test_page_furniture_and_unit_lines_state_nothing(read: Read) -> None:
    assert read("单位：万元", "- 12 -", "附件 1").claims == ()


def test_a_cut_sentence_is_no_heading() -> None:
    """A line that ends where a page did looks like a heading on the budget of all."""
    assert kinds("一、部门主要职能", "某某局一般公共预算支出预算") == [("title", None), ("duties", None)]
