"""What of a publication is of another body, another year or another phase than the publication."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from budgetgraph.converter.blocks import Block, Grid, Paragraph
from budgetgraph.converter.bodies.front import Front
from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.bodies.part_titles import NO_TITLE, OFFICE, Parts, PartTitle, opened_name, part_title
from budgetgraph.converter.bodies.table_bodies import is_bodys, is_office, is_short_name
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.captions import Caption
from budgetgraph.converter.layouts.signatures import Match
from budgetgraph.converter.layouts.table_labels import is_body_name
from budgetgraph.converter.narrative.passages import fold_clause, passages
from budgetgraph.converter.narrative.quantities import amounts
from budgetgraph.converter.problems import Problem, Severity

_YEAR = re.compile(r"20\d{2}(?=年)")
_FUND = re.compile(r"(?:一般公共|政府性?基金|国有资本经营|社会保险基金)预算")
_YEAR_BEFORE = re.compile(r"(?:\A|[(])上(?:一)?年度?(?:部门|单位|预算|决算|收支|收入|支出)")
#: A sheet's name with fewer characters names no body; a name without its place lacks no more than this.
_SHORTEST_SHEET, _PLACE = 3, 12
_SAID = {"budget": "budget", "final": "final account", "execution": "report on execution"}


def names_alone(blocks: Sequence[Block], own: Collection[str], units: Sequence[str]) -> dict[str, str]:
    """Return the names of bodies that stand alone in a line or are those of a sheet, and that a list or a table prints.

    The department's own office needs no list. The name of a sheet may be the end of a unit's name, where no other ends
    so. Where one sheet is a body's, or of the department's own office, so are the others whose names are like
    bodies', printed elsewhere or not.

    own    folded names of the publication's body
    units  names of the units that the text lists
    """
    lines = {name for b in blocks if isinstance(b, Paragraph) and is_body_name(name := opened_name(b.text))}
    sheets = {opened_name(sheet) for b in blocks if (sheet := b.locator.sheet)}
    has_office = any((title := part_title(sheet)) and title.body == OFFICE for sheet in sheets)
    sheets = {
        name for name in sheets if len(name) >= _SHORTEST_SHEET and (name in lines or is_body_name(f"某某{name}"))
    }
    printed = {*own, *map(fold_name, units)}
    if (lines | sheets) - printed:
        longest = 2 * max(map(len, lines | sheets)) + _PLACE
        grids = (block for block in blocks if isinstance(block, Grid))
        texts = {text for grid in grids for cell in grid.cells() if 0 < len(text := cell.text.strip()) <= longest}
        printed |= {name for name in map(fold_name, texts) if is_body_name(name)}
    alone = {name: name for name in lines if name in printed or is_office(name, own)}
    for name in sheets:
        whole = {name} & printed or {each for each in printed if each.endswith(name)}
        if len(whole) == 1:
            alone[name] = whole.pop()
    if has_office or not sheets.isdisjoint(alone):
        alone |= {name: name for name in sheets - alone.keys() if is_body_name(name)}
    return alone


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
    files: Sequence[tuple[Sequence[Paragraph], Front | None]],
    own: Collection[str],
    alone: Mapping[str, str],
    front: Front | None,
) -> dict[int, str]:
    """Return the paragraphs (`id`) in parts of other bodies, years and phases, with the titles of these parts.

    单位预算 of the department itself is that of its office, where the department's own part states amounts too.

    files  the paragraphs of each file, and what its front page says
    own    folded names of the publication's body
    alone  names that open a part, see `names_alone`
    front  of the publication; None: nothing says what it is of
    """
    found: dict[int, str] = {}
    if front is None:
        return found
    offices: dict[int, str] = {}
    of_department = False
    for paragraphs, page in files:
        parts = Parts(title_of(page), alone)
        for paragraph in paragraphs:
            parts.line(paragraph)
            title = parts.title
            another = not is_bodys(title.body, own) and not is_short_name(title.body, own)
            if another or title.year not in {None, front.fiscal_year} or title.phase not in {None, front.phase}:
                found[id(paragraph)] = title.text
            elif title.unit and title.body and front.scope == "department":
                offices[id(paragraph)] = title.text
            else:
                of_department = of_department or bool(stated_amounts([paragraph]))
    return found | offices if of_department else found


def title_of(page: Front | None) -> PartTitle:
    """Return the title of a file's first part: its front page."""
    if page is None or not page.has_page or not page.name:
        return NO_TITLE
    return PartTitle(fold(page.name), page.fiscal_year, page.phase, text=page.title)


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
