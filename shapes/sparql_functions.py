"""What compiled queries call: operators and functions of SPARQL 1.1 over the values of `sparql_terms.py`.

An error is None, as an unbound variable is. https://www.w3.org/TR/sparql11-query/#expressions
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from budgetgraph.shapes.exceptions import NotCompiledError
from budgetgraph.shapes.sparql_terms import XSD, Tagged, Typed, Value
from budgetgraph.shapes.sparql_terms import text_of as text_of_value

Row = tuple[Value, ...]
#: Classes of numbers; a truth value is none.
NUMBERS: frozenset[Any] = frozenset((int, Decimal))
#: Least of the greatest numbers that Oxigraph keeps, and how many digits it keeps behind the point.
_MOST, _DECIMALS = 10**18, 18
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\]*")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)
_YEAR = f"{XSD}gYear"
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)


def sure(value: Value) -> Value:
    """Return the value of a variable that patterns are joined on; one without value would join with everything."""
    if value is None:
        raise NotCompiledError("a join on a variable without a value")
    return value


def indexed(rows: Iterable[Row], keys: Sequence[int], others: Sequence[int], *, sure: bool) -> dict[Row, list[Row]]:
    """Return the rows by their keys, without them; `sure` where keys are known to have values."""
    key_of, rest_of = _picked(keys), _picked(others)
    found: dict[Row, list[Row]] = {}
    for row in rows:
        key = key_of(row)
        if key in found:
            found[key].append(rest_of(row))
        else:
            found[key] = [rest_of(row)]
    if not sure and any(None in key for key in found):
        raise NotCompiledError("a join on a variable without a value")
    return found


def _picked(places: Sequence[int]) -> Callable[[Row], Row]:
    """Return what gives the values at these places of a row."""
    if len(places) == 1:
        (place,) = places
        return lambda row: (row[place],)
    return itemgetter(*places) if places else lambda _: ()


# Operators


def truth(value: Value) -> bool | None:
    """Return the effective boolean value."""
    if value is True or value is False or value is None:
        return value
    if value.__class__ in NUMBERS:
        return bool(value)
    if isinstance(value, str) and value[0] == '"':
        return len(value) > 1
    return None


def equal(one: Value, other: Value) -> bool | None:
    """=."""
    if one is None or other is None:
        return None
    if one.__class__ is other.__class__ or (one.__class__ in NUMBERS and other.__class__ in NUMBERS):
        if one == other:
            return True
        if isinstance(one, Typed) and not (one.datatype == other.datatype == _YEAR and _is_year(one, other)):
            raise NotCompiledError(f"{one} is compared with {other}")
        return False
    for each, opposite in ((one, other), (other, one)):
        if (
            isinstance(each, Typed)
            and each.datatype != _YEAR
            and not (isinstance(opposite, str) and opposite[0] != '"')
        ):
            raise NotCompiledError(f"{each} is compared with {opposite}")
    return False


def _is_year(*values: Typed) -> bool:
    return all(_FOUR_DIGITS.fullmatch(value.text) for value in values)


def _compared(one: Value, other: Value) -> int | None:
    """Return the sign of the difference of two numbers or plain strings."""
    if one.__class__ in NUMBERS:
        if other.__class__ not in NUMBERS:
            return None
    elif not (isinstance(one, str) and isinstance(other, str) and one[0] == other[0] == '"'):
        if one is None or other is None or not any(isinstance(each, Typed | Tagged) for each in (one, other)):
            return None
        raise NotCompiledError(f"{one} is compared with {other}")
    return int(one > other) - int(one < other)


def less(one: Value, other: Value) -> bool | None:
    """<."""
    if one.__class__ in NUMBERS and other.__class__ in NUMBERS:
        return bool(one < other)
    sign = _compared(one, other)
    return None if sign is None else sign < 0


def at_most(one: Value, other: Value) -> bool | None:
    """<=."""
    if one.__class__ in NUMBERS and other.__class__ in NUMBERS:
        return bool(one <= other)
    sign = _compared(one, other)
    return None if sign is None else sign <= 0


def plus(one: Value, other: Value) -> Value:
    """+."""
    if one.__class__ in NUMBERS and other.__class__ in NUMBERS:
        return one + other
    return None


def minus(one: Value, other: Value) -> Value:
    """-."""
    if one.__class__ in NUMBERS and other.__class__ in NUMBERS:
        return one - other
    return None


def times(one: Value, other: Value) -> Value:
    """*. Raises NotCompiledError where Oxigraph, which keeps fewer digits, may take the product for an error."""
    if one.__class__ in NUMBERS and other.__class__ in NUMBERS:
        product = one * other
        if abs(product) > _MOST or (isinstance(product, Decimal) and int(product.as_tuple().exponent) < -_DECIMALS):
            raise NotCompiledError(f"the product of {one} and {other}")
        return product
    return None


def absolute(value: Value) -> Value:
    """ABS."""
    return abs(value) if value.__class__ in NUMBERS else None


def is_numeric(value: Value) -> bool | None:
    """ISNUMERIC."""
    return None if value is None else value.__class__ in NUMBERS


# Strings: without the quotation mark; None is an error.


def text_of(value: Value) -> str | None:
    """Return the text of a string, as functions on strings take it."""
    if value.__class__ is str:
        return value[1:] if value[0] == '"' else None
    return value.text if isinstance(value, Tagged) else None


def plain(value: Value) -> str | None:
    """Return the text of a string, for functions whose result has the language of what they take."""
    if value.__class__ is str:
        return value[1:] if value[0] == '"' else None
    if isinstance(value, Tagged):
        raise NotCompiledError("a function that keeps the language of a string")
    return None


def quoted(text: str | None) -> Value:
    """Return a text as a value."""
    return None if text is None else '"' + text


def as_string(value: Value) -> str | None:
    """STR."""
    if value.__class__ is str:
        sign = value[0]
        return value[1:-1] if sign == "<" else value[1:] if sign == '"' else None
    if value.__class__ is Tagged or value.__class__ is Typed:
        return str(value.text)
    return None if value is None else text_of_value(value)


def language(value: Value) -> str | None:
    """LANG."""
    if isinstance(value, Tagged):
        return value.language
    return None if value is None or (isinstance(value, str) and value[0] != '"') else ""


def ends(text: str | None, end: str | None) -> bool | None:
    """STRENDS."""
    return None if text is None or end is None else text.endswith(end)


def starts(text: str | None, start: str | None) -> bool | None:
    """STRSTARTS."""
    return None if text is None or start is None else text.startswith(start)


def contains(text: str | None, part: str | None) -> bool | None:
    """CONTAINS."""
    return None if text is None or part is None else part in text


def str_ends(value: Value, end: str | None) -> bool | None:
    """STRENDS of STR."""
    if value.__class__ is str and value[0] == "<" and end is not None:
        return bool(value.endswith(end, 1, -1))
    return ends(as_string(value), end)


def str_starts(value: Value, start: str | None) -> bool | None:
    """STRSTARTS of STR."""
    if value.__class__ is str and value[0] == "<" and start is not None:
        return bool(value.startswith(start, 1, -1))
    return starts(as_string(value), start)


def str_contains(value: Value, part: str | None) -> bool | None:
    """CONTAINS of STR."""
    if value.__class__ is str and value[0] == "<" and part is not None:
        return value.find(part, 1, -1) >= 0
    return contains(as_string(value), part)


def string(value: Value) -> str | Tagged | None:
    """Return a string as `joined` takes it."""
    return value if isinstance(value, Tagged) else text_of(value)


def concatenated(*parts: str | None) -> str | None:
    """CONCAT, where one part at least has no language."""
    return None if None in parts else "".join(parts)  # type: ignore[arg-type]  # None is in none of them


def joined(*parts: str | Tagged | None) -> str | None:
    """CONCAT."""
    texts = [part.text if isinstance(part, Tagged) else part for part in parts if part is not None]
    if len(texts) < len(parts):
        return None
    if parts and all(isinstance(part, Tagged) for part in parts):
        raise NotCompiledError("CONCAT of strings in a language")
    return "".join(texts)


def length(text: str | None) -> int | None:
    """STRLEN."""
    return None if text is None else len(text)


def before(text: str | None, part: str | None) -> str | None:
    """STRBEFORE."""
    if text is None or part is None:
        return None
    found = text.find(part)
    return text[:found] if found >= 0 else ""


def after(text: str | None, part: str | None) -> str | None:
    """STRAFTER."""
    if text is None or part is None:
        return None
    found = text.find(part)
    return text[found + len(part) :] if found >= 0 else ""


def part_of(text: str | None, start: Value, number: Value = 1 << 60) -> str | None:
    """SUBSTR: positions begin at 1."""
    if text is None or start.__class__ is not int or number.__class__ is not int:
        return None
    return text[max(start - 1, 0) : max(start - 1 + number, 0)]


@lru_cache(maxsize=512)
def pattern(text: str, flags: str = "") -> re.Pattern[str]:
    """Return a regular expression of XPath as Python's: its end is the end of the text, not of a last line."""
    if set(flags) - {"i", "s"} or re.search(r"\\[pPiIcC]|\(\?|&&|-\[", text):
        raise NotCompiledError(f"the pattern {text}")
    try:
        return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", text), sum(getattr(re, each.upper()) for each in set(flags)))
    except re.error as error:
        raise NotCompiledError(f"the pattern {text}: {error}") from None


@lru_cache(maxsize=20_000)
def matches(text: str | None, expression: str | None, flags: str | None = "") -> bool | None:
    """REGEX."""
    if text is None or expression is None or flags is None:
        return None
    return pattern(expression, flags).search(text) is not None


@lru_cache(maxsize=20_000)
def replaced(text: str | None, expression: str | None, by: str | None, flags: str | None = "") -> str | None:
    """REPLACE."""
    if text is None or expression is None or by is None or flags is None:
        return None
    if "\\" in by:
        raise NotCompiledError(f"the replacement {by}")
    found = pattern(expression, flags)
    if by and found.match(""):  # Python takes what is empty right behind a match for another one
        raise NotCompiledError(f"the replacement of nothing, which {expression} matches")
    return found.sub(re.sub(r"\$(\d)", r"\\g<\1>", by), text)


def as_iri(value: Value) -> Value:
    """IRI of a string that is one, or of an IRI."""
    if isinstance(value, str):
        if value[0] == "<":
            return value
        if value[0] == '"' and _IRI.fullmatch(value, 1):
            return f"<{value[1:]}>"
    return None


def as_decimal(value: Value) -> Value:
    """xsd:decimal."""
    if isinstance(value, int | Decimal):
        return Decimal(value)
    text = text_of(value) if isinstance(value, str) else None
    return Decimal(text) if text is not None and _DECIMAL.fullmatch(text) else None


def as_integer(value: Value) -> Value:
    """xsd:integer."""
    if isinstance(value, int | Decimal):
        return int(value)
    text = text_of(value) if isinstance(value, str) else None
    return int(text) if text is not None and _INTEGER.fullmatch(text) else None


# Aggregates: a list of what they are made of; None in it is an error.


def counted(values: Collection[Value]) -> int:
    """COUNT of an expression."""
    return sum(value is not None for value in values) if None in values else len(values)


def total(values: Sequence[Value]) -> Value:
    """SUM."""
    return sum(values) if NUMBERS.issuperset(map(type, values)) else None


def least(values: Sequence[Value]) -> Value:
    """MIN."""
    return min(values) if _ordered(values) else None


def greatest(values: Sequence[Value]) -> Value:
    """MAX."""
    return max(values) if _ordered(values) else None


def _ordered(values: Sequence[Value]) -> bool:
    """Tell whether there are values and no error. Raises NotCompiledError unless all are numbers, or plain strings."""
    if not values or None in values:
        return False
    kinds = set(map(type, values))
    if not kinds <= NUMBERS and (kinds != {str} or any(value[0] != '"' for value in values)):
        raise NotCompiledError("the least or greatest of values of several kinds")
    return True
