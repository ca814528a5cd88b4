"""Tables whose titles do not say whose money they are about (支出预算表): what else says that it is all of it."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from budgetgraph.converter.bodies.rival_tables import Candidate, is_of_all
from budgetgraph.converter.budget import TOTAL
from budgetgraph.converter.extraction.steps import Extracted
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.signatures import Match

#: Money beside the appropriations of the treasury, and what is spent of it: a table with words for it is of all money.
_OWN_MONEY = re.compile(
    r"单位(?:自有)?资金|事业收入|其他收入|经营(?:收入|支出)|上级补助|上缴(?:上级|收入)|附属单位|财政专户|专户资金"
)


def unconfirmed(matches: Mapping[int, Match], trial: Callable[[int, Match], Extracted]) -> list[tuple[int, Match]]:
    """Return the tables under bare titles of which nothing says that they are of all money.

    Evidence is a row or column for money of the body's own, or the total of another table of all money.

    trial  gives for the number of a table and its signature what this makes of it
    """
    if not any(match.spec.bare for match in matches.values()):
        return []
    of_all = [(i, m) for i, m in matches.items() if is_of_all(m.spec.kind) and m.spec.fund == TOTAL]
    found = [(index, match, trial(index, match)) for index, match in of_all]
    bare = [each for each in found if each[1].spec.bare and not _has_own_money(each[2])]
    totals = {_total(each[2]) for each in found if each not in bare} - {None, Decimal(0)}
    return [(index, match) for index, match, made in bare if _total(made) not in totals]


def _total(made: Extracted) -> Decimal | None:
    return Candidate(0, made).total


def _has_own_money(made: Extracted) -> bool:
    return any(_OWN_MONEY.search(fold(cell.text)) for cell in made.table.cells)
