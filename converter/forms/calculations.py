"""Calculations printed in text, "500人*3天*600元/天=90万": factors, result claimed, product computed.

The factors may carry units of money, shares (%) and anything that is counted; the product is 元 when exactly one
factor is money, or when none is and the result is. A calculation whose result is not money is none of ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

#: Power of ten from a money word to 元. "万" alone is 万元 where money is spoken of.
_MONEY = {"元": 0, "千元": 3, "万": 4, "万元": 4, "百万元": 6, "千万元": 7, "亿": 8, "亿元": 8}
_MONEY_WORD = r"(?:千万元|百万元|千元|万元|亿元|元|万|亿)"

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNIT_END = r"*×xX＊✕乘=＝,，;；。、()（）\d\s"
_UNIT = rf"(?:[%％]|[^{_UNIT_END}][^{_UNIT_END}]{{0,7}})"
_FACTOR = rf"{_NUMBER}\s*(?:{_UNIT})?(?:\s*[(（][^()（）\d=＝*×]{{1,10}}[)）])?"
_TIMES = r"\s*[*×xX＊✕乘]\s*"
_EQUALS = r"\s*(?:[=＝]|等于|[,，]?\s*(?:共计|合计|总计|共需|共|计))\s*"
_CALCULATION = re.compile(
    rf"(?P<factors>{_FACTOR}(?:{_TIMES}{_FACTOR})+){_EQUALS}(?P<result>{_NUMBER})\s*(?P<unit>{_MONEY_WORD})"
)
_ONE_FACTOR = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?")
_LEADING_MONEY = re.compile(rf"{_MONEY_WORD}(?=/|／|每|\Z)")


@dataclass(frozen=True, slots=True)
class Calculation:
    """A printed product and its printed result.

    quote    the calculation as printed; `start`, `end` are its offsets in the text searched
    factors  the factors; money in 元 ("3万" is 30000), shares as fractions ("5%" is 0.05)
    claimed  the result as printed, in 元
    claimed_text  its number as printed
    computed  the product of the factors, in 元
    """

    quote: str
    start: int
    end: int
    factors: tuple[Decimal, ...]
    claimed: Decimal
    claimed_text: str
    computed: Decimal


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _factor(number: str, unit: str) -> tuple[Decimal, bool]:
    """Return a factor in base units and whether it is money."""
    value = _number(number)
    if unit in ("%", "％"):
        return value.scaleb(-2), False
    money = _LEADING_MONEY.match(unit)
    if money is None:
        return value, False
    return _plain(value.scaleb(_MONEY[money.group()])), True


def calculations(text: str) -> Iterator[Calculation]:
    """Yield the calculations of a text whose result is money.

    >>> found = next(calculations("会议费按500人*3天*600元/天=90万"))
    >>> found.factors, found.claimed, found.computed
    ((Decimal('500'), Decimal('3'), Decimal('600')), Decimal('900000'), Decimal('900000'))
    """
    for match in _CALCULATION.finditer(text):
        factors = [
            _factor(part["number"], (part["unit"] or "").strip())
            for part in _ONE_FACTOR.finditer(re.sub(r"[(（][^()（）]*[)）]", "", match["factors"]))
        ]
        if sum(is_money for _, is_money in factors) > 1:
            continue
        computed = Decimal(1)
        for value, _ in factors:
            computed *= value
        yield Calculation(
            quote=match.group(),
            start=match.start(),
            end=match.end(),
            factors=tuple(value for value, _ in factors),
            claimed=_plain(_number(match["result"]).scaleb(_MONEY[match["unit"]])),
            claimed_text=match["result"],
            computed=_plain(computed),
        )


def _plain(value: Decimal) -> Decimal:
    """Return the same number without exponent: 9E+5 as 900000."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
