"""What a spreadsheet shows for a stored number: number format codes (ECMA-376 part 1, 18.8.30 and 18.8.31).

Numbers come as the decimal digits of the file and stay decimal: no float is made of them. A spreadsheet computes
with 15 significant digits, so a stored 1465.2800000000002 is 1465.28. Halves are rounded away from zero.

A negative number that is shown in red or in brackets alone is given with its sign: nobody could tell it from the text.

The sign of a currency is left out: a format puts it before all its numbers, in 元 or 万元.

Formats for fractions (# ?/?), exponents and Chinese numerals ([DBNum1]) show the number in general form.
"""

import re
import sys
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from budgetgraph.converter.readers.date_formats import is_date_format, show_date

#: A spreadsheet's numbers have 15 significant digits; they reach 1E+308, so that quantizing needs room.
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_ROOM = Context(prec=400, rounding=ROUND_HALF_UP)
_NOUGHT = Decimal(0)

#: The most fraction digits with which every decimal is written without an exponent.
_PLAIN_PLACES = 6

#: How many numbers a format keeps with what it shows: a budget prints most amounts in several places.
_KEPT = 256

#: Codes of the formats that a file refers to by number alone, as shown in a Chinese setting.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"\\-#,##0', 6: '"¥"#,##0;[Red]"¥"\\-#,##0',
    7: '"¥"#,##0.00;"¥"\\-#,##0.00', 8: '"¥"#,##0.00;[Red]"¥"\\-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00",
    41: '_ * #,##0_ ;_ * \\-#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* \\-#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<exponent>E[+-])|(?P<sign>[0#?.,%@/])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION_END = re.compile(r'"[^"]*"?|[\\!_*].|\[[^\]]*\]|(;)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\Z")
_COLOUR = re.compile(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|[黑蓝青绿红白黄]色?|洋红色?|(?:color|颜色) ?[0-9]{1,2})\Z",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(（](.*)[)）]")
_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "=": lambda a, b: a == b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<>": lambda a, b: a != b,
}


class _Section(NamedTuple):
    """One of the parts between semicolons.

    kind       "number", "date", "text" or "general" (also for what is not shown in its own form)
    parts      literal texts and the digit places 0 # ? of a number, its point among them
    power      power of ten by which the number is shown: 2 for each %, -3 for each trailing comma
    condition  when the section is used, where the code says so
    colour     in which the number is shown, "" for that of the cell
    """

    kind: str
    code: str
    parts: tuple[tuple[bool, str], ...] = ()
    grouped: bool = False
    power: int = 0
    condition: Callable[[Decimal], bool] | None = None
    colour: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.code

    @property
    def shows_sign(self) -> bool:
        """Tell whether the literals say that the number is negative."""
        return any(not is_place and "-" in text for is_place, text in self.parts)

    @property
    def plain_places(self) -> int:
        """Return the fraction digits of 0, 0.00, #,##0.00 and the like, -1 for any other form."""
        pattern = "".join(text for is_place, text in self.parts if is_place)
        simple = re.fullmatch(r"#*0(?:\.(0+))?", pattern)
        if not simple or self.power or not all(is_place for is_place, _ in self.parts):
            return -1
        return len(simple.group(1) or "")


class NumberFormat:
    """A compiled format code; `show` returns the text that a cell with it prints, "" where it prints none."""

    def __init__(self, code: str, epoch_1904: bool = False) -> None:
        sections = [_section(part) for part in _split(code or "General")]
        self._epoch_1904 = epoch_1904
        self._text = sections.pop() if len(sections) == 4 or sections[-1].kind == "text" else None
        self._sections = sections or [_Section("general", code)]
        self._is_conditional = any(section.condition for section in self._sections)
        first = self._sections[0]
        self._is_general = first.kind == "general" and not first.parts and len(self._sections) == 1
        places = -1 if first.kind != "number" or self._is_conditional else first.plain_places
        self._places = places if places <= _PLAIN_PLACES else -1

    @property
    def hides_text(self) -> bool:
        """Tell whether texts are not shown (;;;)."""
        return self._text is not None and self._text.is_blank

    def show(self, number: str) -> str:
        """Return what is shown for a stored number, given as decimal digits ("841.57", "1.5E-2").

        What is no number is returned as it is.
        """
        try:
            value = _FIFTEEN.create_decimal(number)
        except (InvalidOperation, ValueError):
            return number
        if not value.is_finite():
            return number
        return general(value) if self._is_general else self._show(value).strip()

    def quick(self, show: Callable[[str], str]) -> Callable[[str], str]:
        """Return a function that gives what `show` gives, for the usual numbers in a third of the time, and "" for "".

        show  gives what is shown for a stored number in whatever way it is written
        """
        known = {"": "", "0": show("0")}
        if self._places < 0:
            return lambda number: known[number] if number in known else show(number)
        parse, quantize, last_place = _FIFTEEN.create_decimal, _ROOM.quantize, Decimal(1).scaleb(-self._places)
        tail = 3 + self._places + bool(self._places)  # characters behind the first comma from the right
        plain, once = (tail, tail + 3) if self._sections[0].grouped else (sys.maxsize, 0)

        def shown(number: str) -> str:
            if number in known:
                return known[number]
            try:
                value = parse(number)
                if value > _NOUGHT:
                    text = str(quantize(value, last_place))
                    if len(text) > plain:
                        # Decimals write commas themselves, but take longer for it than for all the rest.
                        text = f"{text[:-tail]},{text[-tail:]}" if len(text) <= once else f"{Decimal(text):,}"
                    if len(known) < _KEPT:
                        known[number] = text
                    return text
            except InvalidOperation:  # no number, or with blanks around it
                return show(number)
            return show(number)

        return shown

    def show_text(self, text: str) -> str:
        """Return what is shown for a text: nothing where the code hides it (;;;)."""
        return "" if self.hides_text else text

    def _show(self, value: Decimal) -> str:
        index = self._index(value)
        section = self._sections[index]
        if section.kind == "date":
            shown = show_date(section.code, value, self._epoch_1904)
            return general(value) if shown is None else shown
        if section.kind == "general":
            literal = "".join(text for _, text in section.parts)
            return literal.replace("\0", general(value)) if literal else general(value)
        if section.is_blank:
            return ""
        filled = _fill(section, abs(value)).strip()
        is_first = index == 0 and not self._is_conditional
        if value >= 0 or (section.shows_sign and not is_first):
            return filled
        bracketed = _BRACKETED.fullmatch(filled)
        is_marked = bracketed or section.colour != self._sections[0].colour
        keeps_sign = self._is_conditional or is_first or is_marked
        return f"{'-' if keeps_sign else ''}{bracketed.group(1) if bracketed else filled}"

    def _index(self, value: Decimal) -> int:
        sections = self._sections
        if self._is_conditional:
            for index, section in enumerate(sections):
                if section.condition is None or section.condition(value):
                    return index
            return len(sections) - 1
        if len(sections) > 2 and value == 0:
            return 2
        return 1 if len(sections) > 1 and value < 0 else 0


def general(value: Decimal) -> str:
    """Return the general form: all digits there are, no zeros behind them.

    >>> general(Decimal("2013101.0")), general(Decimal("-0.50"))
    ('2013101', '-0.5')
    """
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def exact(number: float) -> str:
    """Return the 15 significant digits that a spreadsheet shows of a binary number.

    >>> exact(1465.2800000000002), exact(2013101.0)
    ('1465.28', '2013101')
    """
    return format(number, ".15g")


@lru_cache(maxsize=4096)
def compile_format(code: str, epoch_1904: bool = False) -> NumberFormat:
    """Return the compiled form of a format code; `epoch_1904` when the workbook counts days from 1904."""
    return NumberFormat(code, epoch_1904)


def _split(code: str) -> list[str]:
    parts, start = [], 0
    for match in _SECTION_END.finditer(code):
        if match.group(1):
            parts.append(code[start : match.start()])
            start = match.end()
    return [*parts, code[start:]][:4]


def _section(code: str) -> _Section:
    tokens = list(_TOKEN.finditer(code))
    condition = next((c for t in tokens if t["bracket"] and (c := _condition(t["bracket"]))), None)
    colour = next((bracket.lower() for t in tokens if (bracket := t["bracket"]) and _COLOUR.match(bracket)), "")
    if is_date_format(code):
        return _Section("date", code, condition=condition)
    parts: list[tuple[bool, str]] = []
    power = 0
    shows_general = False
    for token in tokens:
        literal = _without_currency(token["quoted"] or token["escaped"] or token["other"] or "")
        sign = token["sign"]
        if token["general"]:
            parts.append((False, "\0"))  # where the number stands among the literals
        elif token["exponent"] or sign == "/" or (token["bracket"] or "").lower().startswith("dbnum"):
            shows_general = True
        elif sign == "@":
            return _Section("text", code)
        elif sign == "%":
            power += 2
            parts.append((False, "%"))
        elif sign:
            parts.append((True, sign))
        elif literal:
            parts.append((False, literal))
    if shows_general:
        return _Section("general", code, condition=condition)
    if any(text == "\0" for _, text in parts):
        return _Section("general", code, tuple(p for p in parts if not p[0]), condition=condition)
    places, grouped, thousands = _commas(parts)
    return _Section("number", code, places, grouped, power - 3 * thousands, condition, colour)


def _condition(bracket: str) -> Callable[[Decimal], bool] | None:
    match = _CONDITION.match(bracket.strip())
    if not match:
        return None
    compare, bound = _COMPARISONS[match.group(1)], Decimal(match.group(2))
    return lambda value: compare(value, bound)


def _without_currency(literal: str) -> str:
    """Return a literal, blank where it is the sign of the currency; brackets ([$¥-804]) have no literal."""
    return "" if literal.strip() in {"¥", "￥"} else literal


def _commas(parts: Sequence[tuple[bool, str]]) -> tuple[tuple[tuple[bool, str], ...], bool, int]:
    """Return the parts without commas; whether digits are grouped; how many trailing commas divide by 1,000."""
    digits = [i for i, (is_place, text) in enumerate(parts) if is_place and text in "0#?"]
    point = next((i for i, part in enumerate(parts) if part == (True, ".")), len(parts))
    last_whole = max((i for i in digits if i < point), default=-1)
    commas = [i for i, part in enumerate(parts) if part == (True, ",")]
    grouped = any(digits and digits[0] < i < last_whole for i in commas)
    last = digits[-1] if digits else -1
    trailing = sum(1 for i in commas if i > last_whole and (i < point or i > last))
    return tuple(p for p in parts if p != (True, ",")), grouped, trailing if digits else 0


def _fill(section: _Section, value: Decimal) -> str:
    """Return the literals of the section with the digits of `value` in its places."""
    parts = section.parts
    point = next((i for i, part in enumerate(parts) if part == (True, ".")), len(parts))
    wholes = [i for i in range(point) if parts[i][0]]
    fractions = [i for i in range(point + 1, len(parts)) if parts[i][0] and parts[i][1] != "."]
    scaled = value.scaleb(section.power, _ROOM)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(fractions)), context=_ROOM)
    whole, _, fraction = f"{rounded:f}".partition(".")
    shown = [text for _, text in parts]
    _fill_fraction(shown, fractions, fraction)
    if wholes:
        _fill_whole(shown, wholes, "" if whole == "0" else whole, section.grouped)
    return "".join(shown)


def _fill_fraction(shown: list[str], places: Sequence[int], digits: str) -> None:
    significant = len(digits.rstrip("0"))
    for n, place in enumerate(places):
        if n < significant or shown[place] == "0":
            shown[place] = digits[n]
        else:
            shown[place] = " " if shown[place] == "?" else ""


def _fill_whole(shown: list[str], places: Sequence[int], digits: str, grouped: bool) -> None:
    """Put digits into the places from the right; what is left stands before the first place."""
    needed = next((len(places) - n for n, place in enumerate(places) if shown[place] == "0"), 0)
    digits = digits.rjust(needed, "0")
    for n, place in enumerate(reversed(places)):
        first = n == len(places) - 1
        taken = digits[: len(digits) - n] if first else digits[len(digits) - n - 1 : len(digits) - n]
        if n >= len(digits):
            taken = " " if shown[place] == "?" else ""
        elif grouped:
            taken = _grouped(taken, n)
        shown[place] = taken


def _grouped(digits: str, position: int) -> str:
    """Return the digits, whose last one stands `position` places left of the point's, with commas behind threes."""
    ended = [digit + ("," if (position + k) % 3 == 0 and position + k else "") for k, digit in enumerate(digits[::-1])]
    return "".join(ended[::-1])
