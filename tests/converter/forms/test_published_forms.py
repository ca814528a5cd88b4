"""The forms of a real publication: every indicator, item, year and claim."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.blocks import Grid
from budgetgraph.converter.budget import Indicator, Objective
from budgetgraph.converter.forms import Forms, read_forms
from budgetgraph.converter.readers.text import blocks as read_blocks
from tests.conftest import PUBLICATION

#: All indicators of the publication with the line they are printed on, compared with it by eye.
GOLDEN = Path(__file__).with_name("indicators.tsv")


def objectives(forms: Forms) -> list[Objective]:
    return [*forms.objectives, *(o for project in forms.projects for o in project.objectives)]


def row(objective: Objective, indicator: Indicator) -> list[str]:
    target = indicator.target
    values = [
        indicator.place.locator.line, objective.id, indicator.order, indicator.level1, indicator.level2,
        indicator.label, target.text, indicator.standard, target.comparator or target.kind,
        target.minimum, target.maximum, target.normalised_unit, "shifted" if indicator.shifted else None,
    ]  # fmt: skip
    return ["" if value is None else str(value) for value in values]


def golden() -> list[list[str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def test_all_sixty_indicators(shipped: Forms) -> None:
    found = [row(objective, indicator) for objective in objectives(shipped) for indicator in objective.indicators]
    expected = golden()
    assert len(expected) == 60
    assert found == expected


def test_golden_rows_stand_on_the_lines_they_name() -> None:
    lines = PUBLICATION.read_text(encoding="utf-8").split("\n")
    for line, *_, name, value, standard, _, _, _, _, _ in golden():
        cells = ["".join(cell.split()) for cell in lines[int(line) - 1].split("\t")]
        assert {"".join(text.split()) for text in (name, value, standard)} <= {*cells, ""}


def test_half_of_the_rows_do_not_stand_under_their_header(shipped: Forms) -> None:
    assert sum(i.shifted for o in objectives(shipped) for i in o.indicators) == 28


def test_objectives(shipped: Forms) -> None:
    assert [(o.id, o.scope, o.horizon, len(o.indicators)) for o in objectives(shipped)] == [
        ("long-1", "department", "long", 10),
        ("long-2", "department", "long", 5),
        ("long-3", "department", "long", 4),
        ("annual-1", "department", "annual", 5),
        ("annual-2", "department", "annual", 10),
        ("annual-3", "department", "annual", 6),
        ("project-1", "project", "annual", 10),
        ("project-2", "project", "annual", 5),
        ("project-3", "project", "annual", 5),
    ]
    assert shipped.objectives[3].label == "党代会顺利召开圆满结束"


def test_levels_are_kept_as_printed_even_where_they_contradict(shipped: Forms) -> None:
    contradicting = shipped.projects[1].objectives[0].indicators[3]
    assert (contradicting.level1_label, contradicting.level2_label) == ("效益指标", "质量指标")
    assert (contradicting.level1, contradicting.level2) == ("benefit", "output-quality")


def test_word_cut_by_a_page_turn_is_whole(shipped: Forms) -> None:
    assert shipped.objectives[1].indicators[4].level2_label == "社会公众或服务对象满意度指标"


def test_heads_of_the_projects(shipped: Forms) -> None:
    heads = [(p.label, p.kind, p.code, p.executing_unit, p.total_budget, p.current_budget) for p in shipped.projects]
    assert heads == [
        ("机要、保密费", "departmental", None, "机要保密局", Decimal(410000), Decimal(410000)),
        ("档案管理", "departmental", None, "档案室", Decimal(410000), Decimal(410000)),
        ("会议及慰问费", "departmental", None, "秘书口", Decimal(1300000), Decimal(1300000)),
    ]


def test_group_is_not_added_twice(shipped: Forms) -> None:
    items = {item.number: item for item in shipped.projects[1].items}
    group = items["8"]
    assert (group.label, group.amount) == ("档案在线归档平台相关建设预算", None)
    inside = [item.amount or 0 for item in items.values() if item.parent == "8"]
    beside = [item.amount or 0 for item in items.values() if item.parent is None]
    assert (sum(inside), len(inside)) == (200000, 5)
    assert sum(beside) == 210000
    total = shipped.projects[1].items_total
    assert total is not None
    assert total.value == sum(inside) + sum(beside) == 410000


@pytest.mark.parametrize("project", [0, 1, 2])
def test_items_add_up_to_the_budget(shipped: Forms, project: int) -> None:
    found = shipped.projects[project]
    assert sum(item.amount or 0 for item in found.items) == found.current_budget


def test_item_figures_are_the_items(shipped: Forms) -> None:
    (items,) = [data_set for data_set in shipped.data_sets if data_set.id == "items"]
    assert (items.structure, items.multiplier, items.step) == ("project-item", 4, Decimal(1000))
    for figure in items.figures:
        assert Decimal(figure.text).scaleb(items.multiplier) == figure.value
    now = [f for f in items.figures if f.year is None and f.dimensions["projectItem"] != "_T"]
    assert sum(f.value for f in now) == 2_120_000
    earlier = {(f.dimensions["project"], f.year): f.value for f in items.figures if f.year}
    assert earlier == {
        ("1", 2019): 400000, ("1", 2020): 510000, ("2", 2019): 160000, ("2", 2020): 250000,
        ("3", 2019): 500000, ("3", 2020): 400000,
    }  # fmt: skip


def test_funding_lines(shipped: Forms) -> None:
    lines: list[object] = [(line.order, line.parent, line.label, line.amount) for line in shipped.projects[1].funding]
    assert lines == [
        (1, None, "合计", 410000),
        (2, 1, "财政拨款收入", 410000),
        (3, 2, "申请当年预算拨款", 410000),
    ]
    assert shipped.projects[0].funding == ()


def test_overview_with_a_shifted_total(shipped: Forms) -> None:
    sets = {data_set.id: data_set for data_set in shipped.data_sets}
    revenue = {(f.dimensions.get("revenueSource", "_T"), f.year): f.text for f in sets["overview-revenue"].figures}
    assert revenue == {
        ("appropriation", 2021): "1465.28", ("appropriation", 2019): "3228.05", ("appropriation", 2020): "3403.11",
        ("_T", 2021): "1465.28", ("_T", 2019): "3228.05", ("_T", 2020): "3403.11",
    }  # fmt: skip
    figures = sets["overview-expenditure"].figures
    spent = {(f.dimensions.get("expenditureNature", "_T"), f.year): f.value for f in figures}
    assert spent["_T", 2021] == Decimal("14652800.00")
    assert spent["project", 2020] == Decimal("4740000.00")
    assert len(spent) == 9
    for year in (2019, 2020, 2021):
        assert spent["basic", year] + spent["project", year] == spent["_T", year]


def test_shares(shipped: Forms) -> None:
    shares = [(c.topic, c.percent, c.structure, dict(c.dimensions or {})) for c in shipped.claims if c.kind == "share"]
    assert ("基本支出", Decimal(86), "expenditure", {"expenditureNature": "basic"}) in shares
    assert ("合计", Decimal(100), "revenue", {}) in shares
    assert len(shares) == 5


def test_changes_with_their_topics(shipped: Forms) -> None:
    changes: list[object] = [
        (c.project, c.topic, c.direction, c.amount, c.base_year) for c in shipped.claims if c.kind == "change"
    ]
    assert changes == [
        (1, "机要局 2021 年项目", "increase", 30000, 2020),
        (1, "密码保密宣传印刷费", "increase", 12000, 2020),
        (1, "密码保密培训费", "increase", 10000, 2020),
        (1, "办公设备维修费和耗材、值班用品费", "increase", 8000, 2020),
        (2, "建设预算", "increase", 135000, None),
        (2, "设备维修费用预算", "increase", 5000, None),
        (2, "档案扫描预算", "decrease", 10000, None),
        (2, "荣誉室布展预算", "decrease", 30000, None),
        (2, "档案局经费", "increase", 60000, None),
        (3, "第九届党代会会议费", "increase", 900000, None),
    ]


def test_parts_of_an_earlier_year_are_levels(shipped: Forms) -> None:
    levels: list[object] = [(c.topic, c.amount, c.year, c.project) for c in shipped.claims if c.kind == "level"]
    assert levels == [("机要局", 240000, 2020, 1), ("总值班室", 270000, 2020, 1)]


def test_calculations(shipped: Forms) -> None:
    sums: list[object] = [(c.quote, c.factors, c.amount, c.computed) for c in shipped.claims if c.kind == "arithmetic"]
    assert sums == [
        ("70 人*20*450 元=6.3 万", (70, 20, 450), 63000, 630000),
        ("500人*3天*600元/天=90万", (500, 3, 600), 900000, 900000),
    ]


def test_announced_objectives(shipped: Forms) -> None:
    lists = {c.topic: c.items for c in shipped.claims if c.kind == "list"}
    assert lists["长期目标"] == tuple(o.label for o in shipped.objectives[:3])
    assert len(lists["年度目标"]) == 3


def test_duties_and_tasks_are_split_over_the_page_turn(shipped: Forms) -> None:
    assert [duty.number for duty in shipped.duties[7:11]] == ["（八）", "（九）", "(十)", "(十一)"]
    assert len(shipped.duties) == 13
    assert [task.number for task in shipped.tasks] == [f"{n}、" for n in range(1, 12)]
    assert not any("<" in statement.text for statement in (*shipped.duties, *shipped.tasks))


def test_offsets_give_the_quotes(shipped: Forms) -> None:
    text = PUBLICATION.read_text(encoding="utf-8")
    for claim in shipped.claims:
        place = claim.place.locator
        if claim.kind != "list":
            assert text[place.start : place.end].strip() == claim.quote
    for project in shipped.projects:
        for figure in project.earlier_years:
            assert text[figure.place.locator.start : figure.place.locator.end] == figure.text
    for duty in shipped.duties:
        quote = text[duty.place.locator.start : duty.place.locator.end]
        assert quote.startswith(duty.number)
        assert quote.endswith(duty.text)


def test_printed_tables(shipped: Forms) -> None:
    assert [(t.id, t.unit, t.official, t.kind) for t in shipped.tables] == [
        ("form-1", "万元", False, "form"),
        ("form-2", "万元", False, "form"),
        ("form-3", "万元", False, "form"),
        ("form-4", "万元", False, "form"),
        ("contacts", None, False, "form"),
    ]
    for table in shipped.tables:
        places = [(cell.row, cell.column) for cell in table.cells]
        assert places == sorted(set(places))
        assert max(row for row, _ in places) == table.rows
        assert max(column for _, column in places) <= table.columns
    assert len(shipped.tables[0].notes) == 3


def check_complete_and_silent(text: str, first_line: int) -> Forms:
    """Read the forms; every cell must be booked, and no withheld text may be in what was read."""
    ledger = Ledger()
    found = [block for block in read_blocks(text) if (block.locator.line or 0) >= first_line]
    forms = read_forms(found, 2021, ledger)
    assert ledger.unexplained(block for block in found if isinstance(block, Grid)) == []
    assert forms.problems == ()
    assert sum(len(o.indicators) for o in objectives(forms)) == 60
    assert forms.withheld_texts
    printed = repr(forms)
    assert not [withheld for withheld in forms.withheld_texts if withheld in printed]
    assert sum(ledger.withheld.values()) >= len(forms.withheld_texts)
    return forms


def test_every_cell_is_booked_and_nobody_is_named() -> None:
    check_complete_and_silent(PUBLICATION.read_text(encoding="utf-8"), 473)


@pytest.mark.corpus
def test_the_publication_as_published(corpus: Path) -> None:
    source = corpus / "wuhan-jingkai-party-office-2021" / "document.txt"
    forms = check_complete_and_silent(source.read_text(encoding="utf-8"), 473)
    found = [row(objective, indicator) for objective in objectives(forms) for indicator in objective.indicators]
    assert found == golden()
    assert len(forms.withheld_texts) == 11
