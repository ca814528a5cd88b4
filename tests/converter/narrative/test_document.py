"""A whole document: the claims, counted and compared one by one with a reviewed table."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from budgetgraph.converter.budget import Claim, DataSet
from budgetgraph.converter.narrative import Narrative, printed_names, read_narrative
from budgetgraph.converter.narrative.passages import passages
from budgetgraph.converter.narrative.quantities import amounts
from tests.converter.narrative.conftest import paragraphs

REVIEWED = Path(__file__).with_name("claims.tsv")


def row(claim: Claim) -> tuple[str, ...]:
    dimensions = claim.dimensions
    key = "-" if dimensions is None else " ".join(f"{k}={v}" for k, v in sorted(dimensions.items()))
    values = (
        claim.place.locator.line,
        claim.kind,
        claim.topic,
        claim.amount,
        claim.percent,
        claim.direction,
        claim.base_year,
        len(claim.items) or None,
        claim.table_kind,
        claim.structure,
        key,
    )
    return tuple("" if value is None else str(value) for value in values)


def figures(data_set: DataSet, dimension: str) -> dict[str, tuple[Decimal, str]]:
    return {figure.dimensions.get(dimension, "_T"): (figure.value, figure.text) for figure in data_set.figures}


def data_set(narrative: Narrative, identity: str) -> DataSet:
    return next(each for each in narrative.data_sets if each.id == identity)


def test_claims_are_those_that_were_reviewed(narrative: Narrative) -> None:
    with REVIEWED.open(encoding="utf-8", newline="") as file:
        reviewed = [tuple(line) for line in csv.reader(file, delimiter="\t")][1:]
    assert [row(claim) for claim in narrative.claims] == reviewed
    assert [claim.order for claim in narrative.claims] == list(range(1, len(reviewed) + 1))


def test_every_amount_is_read_once(narrative: Narrative, document: str) -> None:
    printed = Counter(
        passage.locator(amount.start, amount.digits_end)
        for passage in passages(paragraphs(document), document)
        for amount in amounts(passage.text)
    )
    in_claims = [claim for claim in narrative.claims if claim.amount is not None]
    in_figures = [
        figure
        for each in narrative.data_sets
        if each.structure in {"procurement", "asset-value"}
        for figure in each.figures
    ]
    assert len(in_claims) + len(in_figures) == narrative.amounts == sum(printed.values()) == 42
    assert all(count == 1 for count in printed.values())
    assert not narrative.problems
    assert {figure.place.locator for figure in in_figures} <= set(printed)


def test_quotes_stand_at_their_offsets(narrative: Narrative, document: str) -> None:
    for claim in narrative.claims:
        place = claim.place.locator
        assert document[place.start : place.end] == claim.quote
        assert claim.amount_text is None or claim.amount_text in claim.quote
    for each in narrative.data_sets:
        for figure in each.figures:
            assert document[figure.place.locator.start : figure.place.locator.end] == figure.text
    for duty in narrative.duties:
        assert document[duty.place.locator.start : duty.place.locator.end] == duty.text


def test_staff(narrative: Narrative) -> None:
    staff = {
        (f.dimensions["staffBasis"], f.dimensions.get("staffKind", "_T")): int(f.value)
        for f in data_set(narrative, "staff").figures
    }
    assert staff == {
        ("establishment", "_T"): 36,
        ("establishment", "administrative"): 25,
        ("establishment", "institution"): 11,
        ("actual", "_T"): 26,
        ("actual", "administrative"): 25,
        ("actual", "institution"): 1,
        ("actual", "retirees"): 15,
        ("actual", "retired"): 15,
    }


def test_assets(narrative: Narrative) -> None:
    value = data_set(narrative, "assets-value")
    assert (value.multiplier, value.step, value.reference_date) == (4, Decimal(100), date(2020, 12, 31))
    assert figures(value, "assetKind") == {
        "_T": (Decimal("8841700"), "884.17"),
        "general-equipment": (Decimal("4842700"), "484.27"),
        "furniture": (Decimal("239100"), "23.91"),
        "special-equipment": (Decimal("28300"), "2.83"),
        "vehicles": (Decimal("3731600"), "373.16"),
    }
    quantity = data_set(narrative, "assets-quantity")
    assert [(f.dimensions["assetKind"], int(f.value), f.unit) for f in quantity.figures] == [
        ("general-equipment", 353, "台"),
        ("furniture", 88, "套"),
        ("special-equipment", 9, "台"),
        ("vehicles", 12, "辆"),
        ("official-vehicles", 12, "辆"),
    ]
    assert quantity.reference_date == date(2020, 12, 31)


def test_procurement(narrative: Narrative) -> None:
    procurement = data_set(narrative, "procurement")
    assert figures(procurement, "procurementKind") == {"_T": (Decimal(120000), "12"), "goods": (Decimal(120000), "12")}
    assert (procurement.multiplier, procurement.step) == (4, Decimal(10000))


def test_organisation(narrative: Narrative, document: str) -> None:
    assert narrative.units == ("党委信息服务中心", "专用通信保障中心")
    assert (narrative.declared_units, narrative.declared_projects) == (2, 3)
    names = (
        "中共武汉经开区工委（区委）办公室",
        "工委（区委）办公室",
        "工委(区委)办公室",
        "工委（区委）办",
        "党政办公室",
    )
    assert narrative.names == printed_names(paragraphs(document)) == names


def test_duties_and_glossary(narrative: Narrative) -> None:
    assert [duty.number for duty in narrative.duties][:8] == [
        "（一）", "（二）", "（三）", "（四）", "（五）", "（六）", "（七）", "(八)",
    ]  # fmt: skip
    assert len(narrative.duties) == 13
    numbers = [entry.number for entry in narrative.glossary]
    assert numbers == ["（一）", "（二）", "（三）", "（四）", *map(str, range(1, 14)), "（十一）", "（十二）"]
    concepts = {entry.term: (entry.scheme, entry.notations) for entry in narrative.glossary}
    assert concepts["基本支出"] == ("expenditure-nature", ("basic",))
    assert concepts["“三公”经费"] == ("three-public", ("_T",))
    assert concepts["机关运行经费"] == (None, ())
    classes = [entry.notations for entry in narrative.glossary if "（项）" in entry.term][0:13]
    assert classes == [
        ("2013102",), ("2013150",), ("2080501",), ("2080505",), ("2080506",), ("2082701",), ("2082702",), ("2082703",),
        ("2101101",), ("2101102",), (), ("2130506",), ("2210201",),
    ]  # fmt: skip


def test_lines_of_any_kind_give_the_same_but_for_places(document: str, narrative: Narrative) -> None:
    windows = document.replace("\n", "\r\n")
    again = read_narrative(paragraphs(windows), 2021, source=windows)
    assert [row(claim) for claim in again.claims] == [row(claim) for claim in narrative.claims]
    for claim in again.claims:
        assert windows[claim.place.locator.start : claim.place.locator.end] == claim.quote
