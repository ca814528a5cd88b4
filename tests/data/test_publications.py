"""The publications that ship: readable, complete in form, and without a person in them."""

import re
from pathlib import Path

import pytest
import yaml

PUBLICATIONS = Path(__file__).resolve().parents[2] / "data" / "publications"
WUHAN = PUBLICATIONS / "wuhan-jingkai-party-office-2021"

#: Runs of digits that could be a mobile, a landline or a messenger number; amounts and codes are shorter.
LONG_NUMBER = re.compile(r"(?<![\d.,])\d{8,}(?![\d.])|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")

#: Cells behind or below these heads hold a person.
PERSON_HEADS = ("填报人", "项目负责人")
PLACEHOLDER_NAMES = {"张某某", "李某某"}


#: What a description must say, so that a reader knows whose figures these are and whose words.
REQUIRED = {"title", "body", "place", "fiscal_year", "files", "source", "rewritten", "rights"}

TEXT_FILES = sorted(PUBLICATIONS.glob("*/*.txt"))


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
