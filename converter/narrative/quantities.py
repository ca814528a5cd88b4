"""Amounts of money and shares in running text. A number without 元 is no amount: years, counts, document numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.amounts import MULTIPLIERS, parse_number, to_yuan

_UNITS = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
#: Whatever looks like an amount, well-formed or not. A minus behind a digit is a range's dash.
_AMOUNT = re.compile(rf"(?P<number>(?:(?<![\d,.%元])[-−])?\d[\d.,]*)(?P<unit>{_UNITS})")
#: An expense whose unit lacks its 元: "国内公务接待支出0.3万（含外宾接待支出0万元）".
_BARE = re.compile(
    r"(?:支出|收入|费用?|金额|合计|总计|共计|总额|[算计]数)(?:合计|共计|总计)?(?:为|共|是)?(?P<number>\d[\d.,]*)(?P<unit>万)(?=[(，。；、)]|\Z)"
)
_PERCENT = re.compile(r"(?P<number>(?:(?<![\d,.%])[-−])?\d[\d.,]*)%")
_RANGE = re.compile(r"\d[\d.,]*(?:万|亿)?元?[-−~～—至到]\Z")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount printed in a folded text at [start, end). `value` is 元; None when the digits are no number.

    digits_end  where the number ends and the unit begins
    multiplier  power of ten from the unit to 元
    places      printed fraction digits
    """

    start: int
    end: int
    digits_end: int
    value: Decimal | None
    multiplier: int
    places: int

    @property
    def step(self) -> Decimal:
        """Return the smallest printed step in 元, e.g. 100 for 484.27万元."""
        return to_yuan(Decimal((0, (1,), -self.places)), self.multiplier)


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage printed in a folded text at [start, end); `value` is 55 for 55%, None when no number."""

    start: int
    end: int
    value: Decimal | None


def amounts(text: str) -> Iterator[Amount]:
    """Yield the amounts of a folded text. The ends of a range ("10-20万元") are no figure and have no value."""
    found = [*_AMOUNT.finditer(text), *_BARE.finditer(text)]
    for match in sorted(found, key=lambda match: match.start("number")):
        number = parse_number(match["number"])
        in_range = _RANGE.search(text, max(0, match.start("number") - 16), match.start("number")) is not None
        multiplier = MULTIPLIERS[match["unit"].removesuffix("元") + "元"]
        value = None if number is None or in_range else to_yuan(number.value, multiplier)
        places = number.places if number else 0
        yield Amount(match.start("number"), match.end(), match.end("number"), value, multiplier, places)


def percents(text: str) -> Iterator[Percent]:
    """Yield the percentages of a folded text."""
    for match in _PERCENT.finditer(text):
        number = parse_number(match["number"])
        yield Percent(match.start(), match.end(), number.value if number else None)
