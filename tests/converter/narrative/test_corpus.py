"""Real publications of three places: what their text states, claim by claim, against reviewed lists.

The lists in `corpus/` hold figures, years, codes and names of dimensions only. `cell` says how the figure of the table
compares: "=" equal when the finer of the two is rounded, "<" when it is cut off (as one bureau does), "!" another,
blank where none is printed.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.budget import Claim
from budgetgraph.converter.narrative.passages import passages
from budgetgraph.converter.narrative.quantities import amounts
from budgetgraph.converter.pipeline import Conversion, Settings, convert_documents
from budgetgraph.converter.rdf.cube import observation_iris
from budgetgraph.converter.rdf.graphs import ObservationFinder
from budgetgraph.converter.readers import read_document
from budgetgraph.converter.readers.pdf import text_in_box

pytestmark = pytest.mark.corpus

LISTS = Path(__file__).with_name("corpus")
COLUMNS = (
    "order", "page", "kind", "yuan", "percent", "direction", "year", "base", "phase", "base_phase", "items",
    "table", "structure", "key", "of", "against", "note_of", "cell",
)  # fmt: skip

#: Publication -> amounts in the text, of which listed; claims with a figure: of a printed cell, a blank one, of
#: another year or phase, of no figure of the tables.
ACCOUNTS = {
    "jiangsu-cppcc-office-2017": (148, 0, 163, 6, 1, 3),
    "jiangsu-party-office-2017": (63, 0, 71, 6, 0, 0),
    "jiangsu-party-office-2019": (73, 0, 71, 14, 0, 3),
    "jiangsu-peoples-congress-office-2019": (118, 0, 89, 21, 0, 29),
    "putuo-finance-bureau-2025": (48, 3, 24, 14, 0, 8),
    "putuo-government-office-department-2025": (41, 1, 27, 13, 0, 3),
    "putuo-government-office-unit-2025": (41, 1, 27, 13, 0, 3),
    "putuo-wanli-subdistrict-2023": (142, 0, 122, 7, 34, 7),
    "putuo-wanli-subdistrict-2025": (69, 1, 57, 4, 0, 7),
    "wuhan-jingkai-party-office-2021": (42, 0, 27, 5, 0, 6),
}

#: Publication -> duties, tasks, entries of the glossary (of them with a concept), headings, lines of the contents list.
STATEMENTS = {
    "jiangsu-cppcc-office-2017": (1, 13, 8, 6, 31, 20),
    "jiangsu-party-office-2017": (10, 3, 9, 7, 32, 20),
    "jiangsu-party-office-2019": (12, 4, 9, 7, 29, 19),
    "jiangsu-peoples-congress-office-2019": (15, 12, 9, 7, 29, 19),
    "putuo-finance-bureau-2025": (12, 0, 4, 3, 17, 16),
    "putuo-government-office-department-2025": (14, 0, 8, 7, 17, 16),
    "putuo-government-office-unit-2025": (14, 0, 8, 7, 15, 15),
    "putuo-wanli-subdistrict-2023": (9, 0, 4, 3, 23, 17),
    "putuo-wanli-subdistrict-2025": (9, 0, 8, 7, 23, 16),
    "wuhan-jingkai-party-office-2021": (13, 11, 19, 16, 28, 24),
}

#: Faults of the sources: a level that differs from its cell, with the page.
FAULTS = {
    "putuo-finance-bureau-2025": [(7, "8873600.00", "2080506")],
    "putuo-wanli-subdistrict-2023": [(7, "4412500.00", "2080506")],
}


#: Those with pages. The text's quotes stand at offsets, which `test_document.py` looks at.
PRINTED = sorted(name for name in ACCOUNTS if not name.startswith("wuhan-"))


@pytest.fixture(scope="module", params=sorted(ACCOUNTS))
def publication(request: pytest.FixtureRequest, corpus: Path) -> tuple[str, Path]:
    """Return name and folder of a publication."""
    return request.param, corpus / request.param


@pytest.fixture(scope="module")
def converted(publication: tuple[str, Path]) -> Conversion:
    """Return what became of the publication."""
    name, folder = publication
    files = sorted(f for f in folder.iterdir() if f.suffix in {".pdf", ".txt"})
    return convert_documents([read_document(file) for file in files], Settings(), name=name)


def claims(conversion: Conversion) -> Iterator[Claim]:
    return (claim for claim in conversion.budget.claims if claim.section is not None)


def rows(conversion: Conversion) -> Iterator[tuple[str, ...]]:
    budget, ids = conversion.budget, conversion.ids
    finder = ObservationFinder(budget, ids)
    printed = {
        iri: figure.value
        for data_set in budget.data_sets
        for figure, iri in zip(data_set.figures, observation_iris(data_set, budget, ids), strict=True)
    }
    for claim in claims(conversion):
        key = "" if claim.dimensions is None else " ".join(f"{k}={v}" for k, v in sorted(claim.dimensions.items()))
        cell = printed.get(finder.observation(claim, claim.year, claim.phase) or "")
        values = (
            claim.order, claim.place.locator.page, claim.kind, claim.amount, claim.percent, claim.direction, claim.year,
            claim.base_year, claim.phase, claim.base_phase, len(claim.items) or None, claim.table_kind,
            claim.structure, key, claim.of_level, claim.against_level, claim.table, compared(claim, cell),
        )  # fmt: skip
        yield tuple("" if value is None else str(value) for value in values)


def compared(claim: Claim, cell: Decimal | None) -> str:
    """Compare to half a step of what the text prints (938.99万元 beside 9389851元)."""
    if cell is None or claim.kind != "level" or claim.amount is None or claim.amount_text is None:
        return ""
    places = len(claim.amount_text.replace(" ", "").rstrip("万元").partition(".")[2])
    step = Decimal(10_000 if "万" in claim.amount_text else 1) / 10**places
    if abs(claim.amount - cell) <= step / 2:
        return "="
    return "<" if 0 <= cell - claim.amount < step else "!"


def test_claims_are_those_that_were_reviewed(converted: Conversion, publication: tuple[str, Path]) -> None:
    with (LISTS / f"{publication[0]}.tsv").open(encoding="utf-8", newline="") as file:
        header, *reviewed = [tuple(row) for row in csv.reader(file, delimiter="\t")]
    assert header == COLUMNS
    assert list(rows(converted)) == reviewed


def test_levels_are_the_figures_of_the_tables_but_for_known_faults(
    converted: Conversion, publication: tuple[str, Path]
) -> None:
    differing = [
        (int(page), yuan, key.rpartition("=")[2])
        for _, page, _, yuan, *_, key, _, _, _, cell in rows(converted)
        if cell == "!"
    ]
    assert differing == FAULTS.get(publication[0], [])


def test_every_amount_of_the_text_is_accounted_for(converted: Conversion, publication: tuple[str, Path]) -> None:
    text = converted.text
    account = (text.amounts, text.listed, text.restating, text.blank, text.elsewhere, text.unresolved)
    assert account == ACCOUNTS[publication[0]]


def test_duties_tasks_glossary_and_headings(converted: Conversion, publication: tuple[str, Path]) -> None:
    budget = converted.budget
    explained = [entry for entry in budget.glossary if entry.notations]
    parts = (budget.duties, budget.tasks, budget.glossary, explained, budget.sections, budget.contents)
    assert tuple(map(len, parts)) == STATEMENTS[publication[0]]


@pytest.mark.parametrize("publication", PRINTED, indirect=True)
def test_quotes_stand_where_their_places_say(converted: Conversion, publication: tuple[str, Path]) -> None:
    folder = publication[1]
    data = {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix == ".pdf"}
    assert data
    figures = [claim for claim in claims(converted) if claim.amount_text is not None]
    for claim in figures[::7]:
        place = claim.place.locator
        assert place.page is not None
        assert place.box is not None
        source = data[place.part] if place.part else next(iter(data.values()))
        words = "".join(text_in_box(source, page, box) for page, box in [(place.page, place.box), *place.more])
        assert (claim.amount_text or "").replace(" ", "") in "".join(words.split())
    assert len(figures) > 30


def test_no_page_number_joins_a_figure(converted: Conversion) -> None:
    """A percentage of a page that turns behind 增长 would be ten times too large or more."""
    by_words = {c.percent for c in claims(converted) if c.percent is not None}
    assert all(percent < 600 for percent in by_words)


def test_amounts_in_claims_are_in_the_text(converted: Conversion) -> None:
    for claim in claims(converted):
        if claim.amount is not None and claim.amount_text is not None:
            (quoted,) = passages([Paragraph(claim.quote)])
            found = [a.value for a in amounts(quoted.text) if a.value is not None]
            assert claim.amount in {abs(value) for value in found}
