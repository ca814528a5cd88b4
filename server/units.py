"""Units of money on pages: 元, 万元, 亿元. Data and downloads are in 元 always."""

from collections.abc import Mapping
from decimal import Decimal

from flask import request

#: Name of a unit in addresses -> exponent of ten from 元.
UNITS: Mapping[str, int] = {"yuan": 0, "wan": 4, "yi": 8}


def unit() -> str:
    """Return the unit that the address of the page asks for."""
    asked = request.args.get("unit", "yuan")
    return asked if asked in UNITS else "yuan"


def shown(value: str | Decimal | None, kind: str) -> str:
    """Return a value as a page shows it; amounts in the page's unit, with thousands separators, no digit lost."""
    if value is None:
        return ""
    if not isinstance(value, Decimal):
        return value
    if kind != "money":
        return f"{value:,f}"
    amount = value.scaleb(-UNITS[unit()])
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{places}f}"


def plain(value: str | Decimal | None, kind: str) -> str:
    """Return a number for a chart: in the page's unit where it is an amount, without separators; "" for none."""
    if not isinstance(value, Decimal):
        return ""
    return f"{value.scaleb(-UNITS[unit()]) if kind == 'money' else value:f}"
