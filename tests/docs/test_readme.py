"""The README shows what really comes out."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SHOWN = re.findall(r"`([a-z-]+)\.rq`[^\n]*(?:\n[^|\n][^\n]*)*\n\n((?:\|[^\n]*\n)+)", README)


def test_five_questions_are_shown():
    assert len(SHOWN) == 5


@pytest.mark.parametrize(("query", "table"), SHOWN)
def test_answers_are_those_that_the_queries_give(query, table):
    """The answers in data/competency are compared with the graph by tests/data/test_competency.py."""
    with (ROOT / "data" / "competency" / f"{query}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()]
    assert [rows[0], *rows[2:]] == expected


def test_the_two_commands_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in re.findall(r"^    make (\w+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{command}:", makefile, flags=re.MULTILINE)
