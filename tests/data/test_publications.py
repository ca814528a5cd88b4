"""The publications that ship: readable, complete in form, and without a person in them."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from budgetgraph.converter.budget import DepartmentBudget
from budgetgraph.converter.pipeline import Conversion, Settings, convert_publication
from budgetgraph.converter.problems import Severity
from budgetgraph.converter.sources.bundles import open_publications

PUBLICATIONS = Path(__file__).resolve().parents[2] / "data" / "publications"
WUHAN = PUBLICATIONS / "wuhan-jingkai-party-office-2021"

#: Runs of digits that could be a mobile, a landline or a messenger number; amounts and codes are shorter.
LONG_NUMBER = re.compile(r"(?<![\d.,])\d{8,}(?![\d.])|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")

#: Cells behind or below these heads hold a person.
PERSON_HEADS = ("填报人", "项目负责人")
PLACEHOLDER_NAMES = {"张某某", "李某某"}


#: What a description must say, so that a reader knows whose figures these are and whose words.
REQUIRED = {"title", "body", "place", "fiscal_year", "files", "source", "rewritten", "rights"}

TEXT_FILES = sorted([*PUBLICATIONS.glob("*/*.txt"), *PUBLICATIONS.glob("*/*.html")])
PRINTED = sorted(path.parent.name for path in PUBLICATIONS.glob("*/tables.html"))


def grids(text: str) -> list[list[list[str]]]:
    """Return the blocks of consecutive tab-separated lines as rows of fields."""
    found: list[list[list[str]]] = []
    inside = False
    for line in text.split("\n"):
        if "\t" in line:
            if not inside:
                found.append([])
            found[-1].append(line.split("\t"))
        inside = "\t" in line
    return found


@pytest.fixture(scope="module")
def wuhan() -> str:
    return (WUHAN / "document.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", sorted(PUBLICATIONS.iterdir()), ids=lambda folder: folder.name)
def test_publication_is_described(folder: Path) -> None:
    description = yaml.safe_load((folder / "publication.yaml").read_text(encoding="utf-8"))
    assert set(description) >= REQUIRED
    assert folder.name.endswith(f"-{description['fiscal_year']}")
    others = {path.name for path in folder.iterdir()} - {"publication.yaml"}
    assert others == set(description["files"])


@pytest.mark.parametrize("path", TEXT_FILES, ids=lambda path: path.parent.name)
def test_text_is_plain_utf8(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert "\r" not in text
    assert "\ufeff" not in text
    assert "\ufffd" not in text


@pytest.mark.parametrize("path", TEXT_FILES, ids=lambda path: path.parent.name)
def test_no_telephone_but_zeros(path: Path) -> None:
    numbers = LONG_NUMBER.findall(path.read_text(encoding="utf-8"))
    assert set("".join(numbers)) <= {"0"}


@pytest.mark.parametrize(
    ("number", "is_contact"),
    [
        ("13800000001", True),
        ("80000001", True),
        ("027-80000001", True),
        ("2013101", False),
        ("841.5700", False),
        ("1,465.28", False),
    ],
)
def test_telephone_pattern_tells_contacts_from_figures(number: str, is_contact: bool) -> None:
    assert bool(LONG_NUMBER.search(number)) is is_contact


@cache
def converted(folder: Path) -> Conversion:
    with open_publications([folder], Settings()) as opened:
        (publication,) = opened.publications
        return convert_publication(publication, Settings())


def test_seven_bodies_of_three_places_in_five_years() -> None:
    descriptions = [yaml.safe_load(path.read_text("utf-8")) for path in PUBLICATIONS.glob("*/publication.yaml")]
    assert len({each["body"] for each in descriptions}) == 7
    assert len({each["place"] for each in descriptions}) == 3
    assert len({each["fiscal_year"] for each in descriptions}) == 5


@pytest.mark.parametrize("name", PRINTED)
def test_every_cell_is_accounted_for_and_the_body_is_registered(name: str) -> None:
    description = yaml.safe_load((PUBLICATIONS / name / "publication.yaml").read_text("utf-8"))
    conversion = converted(PUBLICATIONS / name)
    budget = conversion.budget
    assert conversion.coverage.is_complete
    assert budget.department.registered
    assert (budget.title, budget.fiscal_year) == (description["title"], description["fiscal_year"])
    assert {problem.severity for problem in conversion.problems} <= {Severity.INFO}


@pytest.mark.corpus
@pytest.mark.parametrize("name", PRINTED)
def test_the_printed_tables_give_the_figures_of_the_publication(corpus: Path, name: str) -> None:
    shipped, published = converted(PUBLICATIONS / name).budget, converted(corpus / name).budget
    assert shipped.department.id == published.department.id
    assert (shipped.fiscal_year, shipped.phase) == (published.fiscal_year, published.phase)
    assert facts(shipped) == facts(published)
    assert cells(shipped) == cells(published)


def facts(budget: DepartmentBudget) -> list[tuple[object, ...]]:
    """Return what official tables state: data sets with their figures."""
    official = {table.id for table in budget.tables if table.official}
    return [
        (
            *(d.id, d.structure, d.table_kind, d.fund, d.multiplier, d.step, d.canonical, d.declared_empty, d.year),
            *((tuple(sorted(f.dimensions.items())), f.year, f.value, f.text.strip(), f.label) for f in d.figures),
        )
        for d in budget.data_sets
        if d.table in official
    ]


def cells(budget: DepartmentBudget) -> list[list[object]]:
    return [
        [table.id, table.kind, *((c.row, c.column, c.rowspan, c.colspan, c.role, c.text.strip()) for c in table.cells)]
        for table in budget.tables
        if table.official
    ]


def test_persons_are_placeholders(wuhan: str) -> None:
    names: list[str] = []
    for grid in grids(wuhan):
        for row in grid:
            if row[0] in PERSON_HEADS:
                names += row[1].split("、")
    contact_list = grids(wuhan)[-1]
    names += [field for field in contact_list[-1][1:] if field and not field.isdigit()]
    assert len(names) == 7
    assert set(names) == PLACEHOLDER_NAMES


def test_every_name_of_the_form_someone_is_a_placeholder(wuhan: str) -> None:
    assert set(re.findall(r"\w某某?", wuhan)) == PLACEHOLDER_NAMES


def test_budget_tables_stand_in_their_order(wuhan: str) -> None:
    numbers = re.findall(r"^表[一二三四五六七八九十]+$", wuhan, flags=re.MULTILINE)
    assert numbers == [f"表{numeral}" for numeral in "一二三四五六七八"]


def test_tables_keep_their_page_turns(wuhan: str) -> None:
    blocks = grids(wuhan)
    assert len(blocks) == 24
    assert [len(block) for block in blocks[:4]] == [22, 18, 23, 23]
    headers = [tuple(block[0]) for block in blocks]
    assert headers.count(("收 入", "", "支 出", "", "", "")) == 4
    assert headers.count(("经济科目编码", "经济科目名称", "基本支出", "", "")) == 2


def test_faults_of_the_source_are_kept(wuhan: str) -> None:
    assert "234 债务发行费用支出" in wuhan
    assert "234 抗疫特别国债安排的支出" in wuhan
    assert "70 人*20*450 元=6.3 万" in wuhan
    assert wuhan.count("841.5700") == 1
