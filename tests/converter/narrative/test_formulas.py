"""Formulas of bodies of other places, in invented sentences: each amount in the right claim, or in none.

`formulas.txt` was reviewed line by line. A line "#" opens a section of a document (phase, year, heading), a line "*" is
a sentence, the lines below it are what it says: kind, topic, amount in 元, percentage, direction, year < year compared
with, phase < phase compared with, key (structure, kind of table, dimension values), items; "?" is a figure that is
listed as not read.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from budgetgraph.converter.budget import Claim
from budgetgraph.converter.narrative import Narrative
from tests.converter.narrative.conftest import Read

FORMULAS = Path(__file__).parent / "formulas.txt"


def brief(claim: Claim) -> str:
    """Return what a claim states, in one line."""
    years = f"{claim.year or ''}" + (f"<{claim.base_year}" if claim.base_year else "")
    phases = (claim.phase or "") + (f"<{claim.base_phase}" if claim.base_phase else "")
    names = [] if claim.dimensions is None else [claim.structure, claim.table_kind, *claim.dimensions.values()]
    key = "/".join(map(str, names))
    amount = "" if claim.amount is None else f"{claim.amount.normalize():f}"
    percent = "" if claim.percent is None else f"{claim.percent}%"
    parts = [
        claim.kind,
        claim.topic,
        amount,
        percent,
        claim.direction or "",
        years,
        phases,
        key,
        "、".join(claim.items),
    ]
    return " | ".join(parts).rstrip(" |")


def briefs(found: Narrative) -> list[str]:
    """Return what a text says, one line for each claim and each figure that is listed."""
    unread = [
        p.message.split(" in the text")[0].split(" ", 2)[2] for p in found.problems if p.code.startswith("unread")
    ]
    return [*map(brief, found.claims), *(f"? {printed}" for printed in unread)]


def formulas() -> Iterator[tuple[str, int, str, str, list[str]]]:
    phase, year, heading, lines = "", 0, "", FORMULAS.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line.startswith("#"):
            phase, of_year, heading = (part.strip() for part in line[1:].split("|"))
            year = int(of_year)
        elif line.startswith("* "):
            ends = (n for n in range(number + 1, len(lines)) if lines[n][:2] in {"* ", "# ", ""})
            yield phase, year, heading, line[2:], lines[number + 1 : next(ends, len(lines))]


@pytest.mark.parametrize(("phase", "year", "heading", "sentence", "expected"), list(formulas()))
def test_formulas(read: Read, phase: str, year: int, heading: str, sentence: str, expected: list[str]) -> None:
    assert briefs(read(sentence, year=year, phase=phase, heading=heading)) == expected
