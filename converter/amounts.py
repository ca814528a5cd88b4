"""The grammar of printed amounts. What does not match is reported, never cleaned until it matches."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.labels import fold

#: Digits with optional thousands separators in threes, optional fraction, optional sign.
_NUMBER = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?\Z", re.ASCII)
#: A line break beside a point or a comma is within a number: 1,465.|28. Elsewhere it may stand between two.
_BREAK = re.compile(r"(?<=\d[.,])[ ]*\n\s*(?=\d)|(?<=\d)[ ]*\n\s*(?=[.,]\d)", re.ASCII)
_DASHES = frozenset(("-", "—", "——", "–", "－"))
_NOTHING = frozenset(("/", "／", "\\", "无"))
#: The forms of Chinese typing, one for one: １，２３４．５６.
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")

#: Printed unit -> power of ten to 元.
MULTIPLIERS = {"元": 0, "百元": 2, "千元": 3, "万元": 4, "百万元": 6, "亿元": 8}
_WORDS = "|".join(sorted(MULTIPLIERS, key=len, reverse=True))
_UNIT = re.compile(rf"单位:(?:人民币)?({_WORDS})")
_BRACKETED = re.compile(rf"\((?:单位:)?({_WORDS})\)")

#: A unit of counts in brackets, which may name two: （台、辆）, （台，套）, （台（套））.
_COUNT = r"(?:个|人|人次|次|批|批次|辆|台|套|台套|件|处|间|栋|平方米|平米|㎡|m2)"
_COUNTING = re.compile(rf"[（(]\s*(?:单位[：:])?({_COUNT}(?:[、,，/／|]{_COUNT}|[（(]{_COUNT}[)）])?)\s*[)）]\s*\Z")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed, in the table's unit. state "number" | "zero" | "dash"."""

    value: Decimal
    state: str

    @property
    def places(self) -> int:
        """Return the number of fraction digits printed."""
        exponent = self.value.as_tuple().exponent
        return -exponent if isinstance(exponent, int) else 0

    @property
    def significant_places(self) -> int:
        """Return the number of fraction digits without trailing zeros."""
        exponent = self.value.normalize().as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0


def is_dash(text: str) -> bool:
    """Tell whether a cell prints a dash alone."""
    return text.strip() in _DASHES


def is_nothing(text: str) -> bool:
    """Tell whether a cell prints a slash or 无 alone: nothing applies, which is no amount."""
    return text.strip() in _NOTHING


def parse_number(text: str) -> PrintedNumber | None:
    """Return the number a cell prints, or None when the cell is no number.

    >>> parse_number("1,465.28").value
    Decimal('1465.28')
    >>> parse_number("1,465.2.8") is None
    True
    """
    text = text.strip()
    if is_dash(text):
        return PrintedNumber(Decimal(0), "dash")
    text = text.translate(_FULL_WIDTH)
    if "\n" in text:
        text = _BREAK.sub("", text)
    if not _NUMBER.match(text):
        return None
    value = Decimal(text.replace(",", "").replace("−", "-"))
    return PrintedNumber(value, "zero" if value == 0 else "number")


def parse_unit(text: str) -> tuple[str, int] | None:
    """Return unit word and power of ten of a unit line ("单位：万元" -> ("万元", 4)), or None.

    >>> parse_unit("编制部门：某局 单位:元")
    ('元', 0)
    """
    match = _UNIT.search(fold(text))
    return (match.group(1), MULTIPLIERS[match.group(1)]) if match else None


def split_unit(header: str) -> tuple[str, str | None]:
    """Return a folded header without the unit that it prints in brackets, and that unit.

    >>> split_unit("预算数(万元)"), split_unit("合计")
    (('预算数', '万元'), ('合计', None))
    """
    match = _BRACKETED.search(header)
    return (header[: match.start()] + header[match.end() :], match.group(1)) if match else (header, None)


def counting_unit(label: str) -> str | None:
    """Return the unit that a label or header of a count prints in brackets at its end, as printed.

    >>> counting_unit("公务用车保有量（辆）"), counting_unit("因公出国（境）费")
    ('辆', None)
    """
    found = _COUNTING.search(label)
    return found.group(1) if found else None


def without_counting_unit(label: str) -> str:
    """Return a label without the unit of a count at its end.

    >>> without_counting_unit("公务用车保有量（辆）")
    '公务用车保有量'
    """
    return _COUNTING.sub("", label)


def to_yuan(value: Decimal, multiplier: int) -> Decimal:
    """Return the amount in 元, exact, with at least two fraction digits kept.

    >>> to_yuan(Decimal("841.5700"), 4)
    Decimal('8415700.00')
    """
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"no amount: {value}")
    exponent += multiplier
    zeros = max(0, exponent + 2)  # not scaleb() or quantize(), which round to the context's precision
    return Decimal((sign, digits + (0,) * zeros, exponent - zeros))


def printed_step(numbers: Iterable[PrintedNumber], multiplier: int) -> Decimal:
    """Return the smallest step in 元 that a set of printed numbers resolves.

    Zeros behind the second fraction digit ("841.5700" beside "102.52") show no finer step.
    """
    numbers = list(numbers)
    printed = min(2, max((n.places for n in numbers), default=2))
    places = max(printed, max((n.significant_places for n in numbers), default=0))
    return to_yuan(Decimal((0, (1,), -places)), multiplier)


def adds_up(whole: Decimal, parts: Sequence[Decimal], step: Decimal) -> bool:
    """Tell whether parts make up a whole; n parts printed in steps may miss it by n/2 steps, for they are rounded."""
    return abs(whole - sum(parts)) <= step * len(parts) / 2
