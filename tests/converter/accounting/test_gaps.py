"""Amounts that are not converted: the graph tells their rows and columns, and no rule faults what they leave behind."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from budgetgraph.converter.accounting.gaps import with_gaps
from budgetgraph.converter.bodies.organisations import Registry
from budgetgraph.converter.budget import DataSet, Place, PrintedCell, TableGap
from budgetgraph.converter.pipeline import Conversion
from budgetgraph.converter.rdf.graphs import build_graphs
from budgetgraph.converter.rdf.serialization import serialize
from budgetgraph.shapes.validation import validate
from tests.converter.publications import convert_text

#: A sound publication of an invented body, in which tables are compared in many ways.
TEXT = """
某某区测绘馆 2024 年部门预算

2024年部门收支总表
单位：万元
收入<2 | 支出<2
项目 | 金额 | 功能分类科目 | 金额
一般公共预算财政拨款收入 | 150.50 | 一般公共服务支出 | 120.50
事业收入 | 0.00 | 社会保障和就业支出 | 30.00
收入总计 | 150.50 | 支出总计 | 150.50

2024年财政拨款收支总表
单位：万元
收入<2 | 支出<2
项目 | 金额 | 功能分类科目 | 金额
一般公共预算 | 150.50 | 一般公共服务支出 | 120.50
政府性基金预算 | 0.00 | 社会保障和就业支出 | 30.00
收入总计 | 150.50 | 支出总计 | 150.50

2024年部门支出总表
单位：万元
功能分类科目编码 | 功能分类科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | 120.50 | 80.50 | 40.00
20126 | 档案事务 | 120.50 | 80.50 | 40.00
2012601 | 行政运行 | 90.50 | 70.50 | 20.00
2012602 | 一般行政管理事务 | 30.00 | 10.00 | 20.00
208 | 社会保障和就业支出 | 30.00 | 30.00 |
20805 | 行政事业单位养老支出 | 30.00 | 30.00 |
2080505 | 机关事业单位基本养老保险缴费支出 | 30.00 | 30.00 |
合计<2 | 150.50 | 110.50 | 40.00

2024年一般公共预算支出表
单位：万元
功能分类科目编码 | 功能分类科目名称 | 合计 | 基本支出 | 项目支出
201 | 一般公共服务支出 | 120.50 | 80.50 | 40.00
20126 | 档案事务 | 120.50 | 80.50 | 40.00
2012601 | 行政运行 | 90.50 | 70.50 | 20.00
2012602 | 一般行政管理事务 | 30.00 | 10.00 | 20.00
208 | 社会保障和就业支出 | 30.00 | 30.00 |
20805 | 行政事业单位养老支出 | 30.00 | 30.00 |
2080505 | 机关事业单位基本养老保险缴费支出 | 30.00 | 30.00 |
合计<2 | 150.50 | 110.50 | 40.00

2024年一般公共预算基本支出表
单位：万元
经济分类科目编码 | 经济分类科目名称 | 合计 | 人员经费 | 公用经费
301 | 工资福利支出 | 90.50 | 90.50 |
30101 | 基本工资 | 60.50 | 60.50 |
30108 | 机关事业单位基本养老保险缴费 | 30.00 | 30.00 |
302 | 商品和服务支出 | 20.00 | | 20.00
30201 | 办公费 | 19.00 | | 19.00
30217 | 公务接待费 | 1.00 | | 1.00
合计<2 | 110.50 | 90.50 | 20.00

2024年一般公共预算“三公”经费支出表
单位：万元
合计 | 因公出国（境）费 | 公务用车购置及运行费小计 | 公务用车购置费 | 公务用车运行费 | 公务接待费
3.00 | 0.00 | 2.00 | 0.00 | 2.00 | 1.00
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Conversion:
    return convert_text(tmp_path_factory.mktemp("sound"), TEXT)


def found(conversion: Conversion, data_sets: tuple[DataSet, ...] | None = None) -> set[tuple[str, str, str]]:
    """Return the rules that find something in the publication with these data sets, and where."""
    budget = conversion.budget if data_sets is None else replace(conversion.budget, data_sets=data_sets)
    graphs = build_graphs(budget, conversion.ids, Registry(()))
    results = validate("".join(serialize(graphs, "nquads")).encode()).results
    return {(each.rule, each.focus, each.value.text if each.value else "") for each in results}


def without(data_sets: tuple[DataSet, ...], table: str, row: int | None, column: int | None) -> tuple[DataSet, ...]:
    """Return the data sets as they are when the amounts of a row or column, or where both meet, are not converted."""

    def is_lost(place: Place) -> bool:
        return row in {None, place.row} and column in {None, place.column}

    own = [d for d in data_sets if d.table == table]
    lost = [f.place for d in own for f in d.figures if is_lost(f.place)]
    cells = [PrintedCell("1", p.row or 0, p.column or 0, "amount", p.locator) for p in lost]
    kept = [replace(d, figures=tuple(f for f in d.figures if not is_lost(f.place))) for d in own]
    changed = {d.id: d for d in with_gaps(kept, cells)}
    return tuple(changed.get(d.id, d) for d in data_sets)


def losses(conversion: Conversion) -> Iterator[tuple[str, int | None, int | None]]:
    """Yield the last column of each table, and by turns some of its rows and cells."""
    for table in conversion.budget.tables:
        places = [f.place for d in conversion.budget.data_sets if d.table == table.id for f in d.figures]
        yield table.id, None, max(p.column or 0 for p in places)
        yield from ((table.id, row, None) for row in sorted({p.row or 0 for p in places})[::4])
        yield from ((table.id, p.row, p.column) for p in places[1::11])


def test_no_rule_faults_what_is_left_of_a_sound_publication(sound: Conversion) -> None:
    before = found(sound)
    assert not {rule for rule, *_ in before if rule.startswith(("WT", "XT", "CL-4", "QB"))}
    places = list(losses(sound))
    assert len(places) > 15
    for place in places:
        new = found(sound, without(sound.budget.data_sets, *place)) - before
        assert {rule for rule, *_ in new} == {"PV-4"}, place


@pytest.mark.parametrize(
    ("lost", "changed", "rules"),
    [
        # A column is lost: what adds up in the others is checked, and so are rows that lose nothing by it.
        ((None, 5), ("2012601", "basic"), {"WT-1", "XT-1"}),
        # A row is lost: sums of its columns are not checked, those of the other rows are.
        ((5, None), ("208", "basic"), {"WT-3", "XT-1"}),
        # A cell is lost: its own row and column are not checked.
        ((5, 5), ("2012602", "basic"), {"WT-1", "XT-1"}),
    ],
)
def test_what_no_gap_touches_is_checked(
    sound: Conversion, lost: tuple[int | None, int | None], changed: tuple[str, str], rules: set[str]
) -> None:
    (table,) = [d for d in sound.budget.data_sets if d.table_kind == "general-expenditure"]
    key = dict(zip(("functionalClass", "expenditureNature"), changed, strict=True))
    figures = tuple(replace(f, value=f.value + 10000) if f.dimensions == key else f for f in table.figures)
    assert figures != table.figures
    wrong = tuple(replace(d, figures=figures) if d is table else d for d in sound.budget.data_sets)
    new = found(sound, without(wrong, table.table or "", *lost)) - found(sound)
    assert {rule for rule, *_ in new if rule[:2] in {"WT", "XT"} and not rule.endswith("rounding")} == rules


def test_a_gap_says_what_is_known_of_its_place(sound: Conversion) -> None:
    (table,) = [d for d in sound.budget.data_sets if d.table_kind == "general-expenditure"]
    first = next(f.place for f in table.figures if f.dimensions.get("functionalClass") == "2012601")

    def gaps(row: int, column: int) -> tuple[TableGap, ...]:
        cell = PrintedCell("1.00", row, column, "amount", first.locator)
        (data_set,) = with_gaps([table], [cell])
        assert data_set.unconverted == 1
        return data_set.gaps

    shared = (("economicClass", None), ("threePublic", None), ("fund", None))
    column = TableGap((("expenditureNature", "basic"), *shared), ("functionalClass",))
    row = TableGap((("functionalClass", "2012601"), *shared), ("expenditureNature",))
    assert gaps(99, 4) == (column,)
    assert gaps(first.row or 0, 99) == (row,)
    assert gaps(first.row or 0, 4) == (column, row)
    assert gaps(99, 99) == (TableGap((), ()),)


def test_panels_beside_each_other_have_gaps_of_their_own(sound: Conversion) -> None:
    panels = [d for d in sound.budget.data_sets if d.table_kind == "appropriation-balance"]
    revenue, expenditure = sorted(panels, key=lambda d: d.structure, reverse=True)
    place = expenditure.figures[0].place
    assert place.row in {f.place.row for f in revenue.figures}
    cell = PrintedCell("1.00", place.row or 0, place.column or 0, "amount", place.locator)
    left, right = with_gaps([revenue, expenditure], [cell])
    assert (left.unconverted, left.gaps) == (0, ())
    assert (right.unconverted, [gap.along for gap in right.gaps][:1]) == (1, [("functionalClass",)])


def test_the_graph_leads_from_a_table_to_its_gaps(sound: Conversion) -> None:
    (table,) = [d for d in sound.budget.data_sets if d.table_kind == "general-expenditure"]
    budget = replace(sound.budget, data_sets=without(sound.budget.data_sets, table.table or "", None, 5))
    text = "".join(serialize(build_graphs(budget, sound.ids, Registry(())), "nquads"))
    gap = f"<{sound.ids.data_set(table.id)}/gap-1>"
    lines = {line.rsplit(" <", 1)[0] for line in text.splitlines() if line.startswith(gap)}
    bud, code = "https://w3id.org/budgetgraph/def#", "https://w3id.org/budgetgraph/id/code/"
    assert f"{gap} <{bud}gapAlong> <{bud}expenditureNature>" in lines
    assert f"{gap} <{bud}gapAt> <{code}functional/2024/201>" in lines
    assert f"{gap} <{bud}gapAt> <{code}fund/general>" in lines
