"""Amounts as forms print them: a bare number in the form's unit, or a number with a unit of its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.amounts import MULTIPLIERS, parse_number, printed_step, split_unit, to_yuan
from budgetgraph.converter.budget import DataSet, Figure
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.labels import fold
from budgetgraph.converter.problems import Severity

_WITH_UNIT = re.compile(r"(?P<number>\S*?)\s*(?P<unit>亿元|百万元|万元|千元|元|万)\s*(?P<remark>[(（][^()（）]*[)）])?")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in 元 with the number as printed and the power of ten of its printed unit."""

    yuan: Decimal
    text: str
    multiplier: int


def head_unit(text: str) -> str | None:
    """Return the unit of money that a head states in brackets: "资金情况（万元）"."""
    return split_unit(fold(text))[1]


def head_multiplier(text: str) -> int | None:
    """Return the power of ten to 元 that a head states in brackets: "资金情况（万元）" is 4."""
    unit = head_unit(text)
    return MULTIPLIERS[unit] if unit else None


def is_amount(text: str) -> bool:
    """Tell whether a text is an amount: a number, or a number with a money unit."""
    text = text.strip()
    if parse_number(text):
        return True
    match = _WITH_UNIT.fullmatch(text)
    return match is not None and parse_number(match["number"]) is not None


def parse_money(text: str, multiplier: int | None) -> Money | None:
    """Return the amount of a cell, or None when it is none or no unit is known.

    >>> parse_money("41", 4).yuan, parse_money("854万元", None).yuan
    (Decimal('410000.00'), Decimal('8540000.00'))
    """
    text = text.strip()
    match = _WITH_UNIT.fullmatch(text)
    if match:
        text = match["number"]
        multiplier = MULTIPLIERS["万元" if match["unit"] == "万" else match["unit"]]
    number = parse_number(text)
    if number is None or multiplier is None:
        return None
    return Money(to_yuan(number.value, multiplier), text, multiplier)


def read_money(cell: FormCell, multiplier: int | None, what: str, booking: Booking) -> Money | None:
    """Return the amount of a cell and book it; what is no amount is booked and listed."""
    money = parse_money(cell.text, multiplier)
    if money is not None:
        booking.convert(cell, what, "amount")
        return money
    if is_amount(cell.text):
        booking.not_understood((cell,), "no unit line says whether this is 元 or 万元; not converted", "missing-unit")
    else:
        booking.not_understood((cell,), f"{what}: this is no amount", "unparsable-number")
    return None


def differs(money: Money, multiplier: int | None, cell: FormCell, booking: Booking) -> None:
    """List an amount whose own unit is not that of the form."""
    if multiplier is not None and money.multiplier != multiplier:
        message = f"{booking.table}: {cell.text.strip()!r} has another unit than the form; its own is used"
        booking.problem("unit-differs", Severity.WARNING, message, cell)


def step_of(figures: Iterable[Figure], multiplier: int) -> Decimal:
    """Return the smallest printed step of figures in 元: 0.01 万元 is 100."""
    numbers = [number for figure in figures if (number := parse_number(figure.text))]
    return printed_step(numbers, multiplier)


def data_sets(identity: str, title: str, structure: str, found: Iterable[tuple[int, Figure]]) -> list[DataSet]:
    """Return figures as data sets, one for each power of ten; the first is called `identity`."""
    by_multiplier: dict[int, list[Figure]] = {}
    for multiplier, figure in found:
        by_multiplier.setdefault(multiplier, []).append(figure)
    return [
        DataSet(
            identity if index == 0 else f"{identity}-e{multiplier}",
            structure,
            title,
            tuple(figures),
            table_kind="form",
            multiplier=multiplier,
            step=step_of(figures, multiplier),
        )
        for index, (multiplier, figures) in enumerate(by_multiplier.items())
    ]
