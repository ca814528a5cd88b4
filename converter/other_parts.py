"""What of a publication is of another body, another year or another phase than the publication."""

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from budgetgraph.converter.blocks import Grid, Paragraph
from budgetgraph.converter.captions import Caption
from budgetgraph.converter.front import Front
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts import Match
from budgetgraph.converter.narrative.passages import fold_clause, passages
from budgetgraph.converter.narrative.quantities import amounts
from budgetgraph.converter.organisations import fold_name
from budgetgraph.converter.part_titles import NO_TITLE, PartTitle, following, opened_name
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.table_bodies import is_bodys, is_short_name
from budgetgraph.converter.table_labels import is_body_name

_YEAR = re.compile(r"20\d{2}(?=年)")
_FUND = re.compile(r"(?:一般公共|政府性?基金|国有资本经营|社会保险基金)预算")
_YEAR_BEFORE = re.compile(r"(?:\A|[(])上(?:一)?年度?(?:部门|单位|预算|决算|收支|收入|支出)")
_SAID = {"budget": "budget", "final": "final account", "execution": "report on execution"}


def names_alone(
    paragraphs: Sequence[Paragraph], grids: Sequence[Grid], own: Collection[str], units: Sequence[str]
) -> frozenset[str]:
    """Return the folded names of bodies that stand alone in a line, and that a list or a table prints, too.

    own    folded names of the publication's body
    units  names of the units that the text lists
    """
    lines = {name for p in paragraphs if (name := opened_name(p.text)) and is_body_name(name)}
    known = lines & {*own, *map(fold_name, units)}
    if not lines - known:
        return frozenset(known)
    longest = max(map(len, lines))
    cells = (cell.text for grid in grids for cell in grid.cells() if 0 < len(cell.text.strip()) <= 2 * longest)
    return frozenset(known | (lines & set(map(fold_name, cells))))


def other_time(titled: PartTitle, caption: Caption, match: Match, year: int, phase: str) -> str:
    """Return why a table is not of the publication's year and phase, "" where nothing says so.

    What its own title says goes before the title of the part. A phase does not matter where each column names one.
    """
    title = fold(caption.title.text) if caption.title else ""
    dated = all(
        c.phase or c.year or c.years_before for _, columns in match.panes for c, _ in columns if c.role == "amount"
    )
    own_phase = _phase_of(title)
    publication = f"the publication is the {_SAID.get(phase, phase)} of {year}"
    if _YEAR_BEFORE.search(title):
        return f"its title says that it is of the year before, and {publication}"
    if own_phase not in {None, phase} and not dated:
        return f"its title says that it is of a {_SAID[own_phase or phase]}, and {publication}"
    if titled.year not in {None, year} and str(year) not in _YEAR.findall(title):
        return f"it stands behind the title {titled.text!r}, and {publication}"
    if titled.phase not in {None, phase} and own_phase != phase and not dated:
        return f"it stands behind the title {titled.text!r}, and {publication}"
    return ""


def _phase_of(title: str) -> str | None:
    """Return the phase that the title of a table says: 决算 goes before 预算, which funds have in their names."""
    if "决算" in title:
        return "final"
    if "执行情况" in title:
        return "execution"
    return "budget" if "预算" in _FUND.sub("", title) else None


def stated_amounts(paragraphs: Sequence[Paragraph]) -> frozenset[Decimal]:
    """Return the amounts in 元 that a text states."""
    found = (amount.value for p in paragraphs for amount in amounts(fold_clause(p.text)))
    return frozenset(value for value in found if value is not None)


def other_texts(
    files: Sequence[Sequence[Paragraph]], own: Collection[str], alone: Collection[str], front: Front | None
) -> dict[int, str]:
    """Return the paragraphs (`id`) in parts of other bodies, years and phases, with the titles of these parts.

    files  the paragraphs of each file
    own    folded names of the publication's body
    alone  names that open a part, see `names_alone`
    front  of the publication; None: nothing says what it is of
    """
    found: dict[int, str] = {}
    if front is None:
        return found
    for paragraphs in files:
        titled = NO_TITLE
        for paragraph in paragraphs:
            titled = following(titled, paragraph.text, alone)
            another = not is_bodys(titled.body, own) and not is_short_name(titled.body, own)
            if another or titled.year not in {None, front.fiscal_year} or titled.phase not in {None, front.phase}:
                found[id(paragraph)] = titled.text
    return found


def unread_amounts(paragraphs: Sequence[Paragraph], whose: dict[int, str]) -> Iterator[Problem]:
    """Yield a problem for each amount that the text of other bodies and years states: none is a claim."""
    for text in dict.fromkeys(whose.values()):
        for passage in passages([p for p in paragraphs if whose.get(id(p)) == text]):
            for amount in amounts(passage.text):
                printed = passage.printed(amount.start, amount.end)
                message = (
                    f"the amount {printed} in the text is no claim: it stands below the title {text!r}, which is not "
                    "of this publication's body, year and phase"
                )
                yield Problem("unread-amount", Severity.INFO, message, passage.locator(amount.start, amount.end))
