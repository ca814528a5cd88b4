"""The numbers that Word prints before paragraphs of a list ("一、", "（二）", "3."), which the text does not hold.

ECMA-376 part 1, 17.9. A list is an abstract definition; paragraphs refer to it through an instance, and all
instances of a definition count on unless one says where it starts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from budgetgraph.converter.readers.markup import attribute, local_name

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def chinese(number: int) -> str:
    """Return a number from 1 to 999 in Chinese, others in digits.

    >>> chinese(10), chinese(12), chinese(20), chinese(105)
    ('十', '十二', '二十', '一百零五')
    """
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * min(count, 50)
    return text


def _letter(number: int) -> str:
    return chr(65 + (number - 1) % 26) * min(1 + (number - 1) // 26, 50) if number > 0 else str(number)


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 0 < number <= 20 else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalFullWidth": lambda n: "".join(chr(ord(digit) + 0xFEE0) for digit in str(n)),
    "decimalZero": lambda n: f"{n:02d}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "upperLetter": _letter,
    "lowerLetter": lambda n: _letter(n).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": lambda n: "".join(_DIGITS[int(digit)] for digit in str(abs(n))),
    "ideographTraditional": lambda n: _STEMS[n - 1] if 0 < n <= len(_STEMS) else str(n),
    "bullet": lambda _: "",
    "none": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


@dataclass(slots=True)
class _List:
    """An abstract definition and where its count stands: level -> number."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the lists of a document; paragraphs must be asked for in reading order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._instances: dict[str, tuple[_List, dict[int, int]]] = {}
        for element in root if root is not None else ():
            if local_name(element) == "abstractNum":
                found = (e for e in element if local_name(e) == "lvl")
                self._lists[attribute(element, "abstractNumId") or ""] = _List({_index(e): _level(e) for e in found})
        for element in root if root is not None else ():
            if local_name(element) == "num":
                self._add_instance(element)

    def _add_instance(self, element: etree._Element) -> None:
        parts = {local_name(part): part for part in element}
        refers = parts.get("abstractNumId")
        known = self._lists.get(attribute(refers, "val") or "") if refers is not None else None
        if known is not None:
            starts = {}
            for override in (part for part in element if local_name(part) == "lvlOverride"):
                start = next((e for e in override if local_name(e) == "startOverride"), None)
                if start is not None:
                    starts[_index(override)] = _whole(attribute(start, "val"))
            self._instances[attribute(element, "numId") or ""] = (known, starts)

    def next(self, instance: str, level: int) -> str:
        """Return what is printed before the next paragraph of a list, "" where nothing is."""
        known, starts = self._instances.get(instance, (None, {}))
        if known is None or level not in known.levels:
            return ""
        start = starts.pop(level, None)  # an instance starts anew once
        if start is not None:
            known.counts[level] = start
        else:
            known.counts[level] = known.counts.get(level, known.levels[level].start - 1) + 1
        for deeper in [other for other in known.counts if other > level]:
            del known.counts[deeper]
        text = known.levels[level].text
        if known.levels[level].form == "bullet":
            return ""
        for index, each in known.levels.items():
            count = known.counts.get(index, each.start)
            text = text.replace(f"%{index + 1}", _FORMS.get(each.form, str)(count))
        return text if not text or text[-1] in "、）)．。" else f"{text} "


def _level(element: etree._Element) -> _Level:
    parts = {local_name(part): attribute(part, "val") or "" for part in element}
    start = _whole(parts["start"]) if "start" in parts else 1
    return _Level(start, parts.get("numFmt", "decimal"), parts.get("lvlText", ""))


def _index(element: etree._Element) -> int:
    return _whole(attribute(element, "ilvl"))


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
