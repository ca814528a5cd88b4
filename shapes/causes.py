"""What may have gone wrong in a sum that does not hold: a figure that, printed another way, makes it hold exactly.

These are hints for a person, never corrections.
"""

from collections.abc import Iterator
from decimal import Decimal

from budgetgraph.shapes.results import Cause, Equation, Term

#: More hints than this help nobody: the difference is then too common to point at anything.
MOST = 4


def likely_causes(equation: Equation, elsewhere: tuple[Term, ...] = ()) -> tuple[Cause, ...]:
    """Return what may explain the difference; the sum is `amount`, its parts add up to `sum` (元).

    elsewhere  figures of other tables that are as large as the difference and would be parts of this sum
    """
    found = (*(Cause("missing", term) for term in elsewhere), *_causes(equation))
    if found or not equation.difference:
        return found if len(found) <= MOST else ()
    step = Decimal(10) ** (equation.multiplier - 2)
    steps = equation.difference / step
    if steps == steps.to_integral_value() and steps % 9 == 0:
        return (Cause("divisible-by-nine", None),)
    return ()


def _causes(equation: Equation) -> Iterator[Cause]:
    difference = equation.difference
    slack = equation.tolerance or Decimal(0)
    if not difference:
        return
    for term in equation.terms:
        # How much larger the figure would have to be for the equation to hold.
        lacking = -difference if term.own else difference
        if not term.own and term.amount and _near(-lacking, term.amount, slack):
            yield Cause("counted-twice", term)
        for kind in _printings(term, lacking, slack):
            yield Cause(kind, term)


def _printings(term: Term, lacking: Decimal, slack: Decimal) -> Iterator[str]:
    wanted = term.amount + lacking
    if not term.amount or abs(wanted) <= slack:
        return
    if _near(wanted, -term.amount, slack):
        yield "sign"
    elif _near(wanted, term.amount * 10, slack) or _near(wanted, term.amount / 10, slack):
        yield "point"
    elif _near(wanted, term.amount * 10_000, slack) or _near(wanted, term.amount / 10_000, slack):
        yield "unit"
    elif _swapped(term.amount, wanted):
        yield "digits"


def _near(one: Decimal, other: Decimal, slack: Decimal) -> bool:
    return abs(one - other) <= slack


def _swapped(one: Decimal, other: Decimal) -> bool:
    """Tell whether two amounts differ by two neighbouring digits only."""
    if one == other or one < 0 or other < 0:
        return False
    first, second = (f"{amount:.2f}".replace(".", "") for amount in (one, other))
    width = max(len(first), len(second))
    first, second = first.zfill(width), second.zfill(width)
    unlike = [place for place in range(width) if first[place] != second[place]]
    return (
        len(unlike) == 2
        and unlike[1] == unlike[0] + 1
        and first[unlike[0]] == second[unlike[1]]
        and first[unlike[1]] == second[unlike[0]]
    )
