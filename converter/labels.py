"""Folding of printed words for comparison only; what is published keeps the words as printed."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

#: Marks of footnotes, which no word or code has; but m² is a unit.
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKS = re.compile(r"(?<!m)[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_QUOTES = str.maketrans("", "", "“”\"'‘’「」『』")
#: What the general budget (一般公共预算) was called until the Budget Law of 2015.
_FORMER_GENERAL = re.compile("(?<!一般)公共(?:(?:财政)?预算(?!外)|财政(?=拨款))")
#: As many characters at least must be left of a header word that a repeated header cuts off.
_LEFT_OF_WORD = 4
_ENUMERATION = re.compile(
    r"^(?:[(]?[一二三四五六七八九十]{1,3}[)、.]|[(]\d{1,2}[)]|\d{1,2}[、.](?!\d)|[(][一二三四五六七八九十]{1,3}[)])"
)
#: Words that open a sub-line of a total ("其中：...").
_OF_WHICH = re.compile(r"^其中[:,]?")


#: A longer text is no label.
_LONGEST_LABEL = 200


@cache  # they take as long to compile as a page takes to read, and readers do not need them
def _english() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds English behind Chinese ("合计 Total", "合计Total"), and before it with a space between.

    Names like OA and APP are none.
    """
    letters = r"[A-Za-z][A-Za-z\s,.&'’()%-]*"
    behind = rf"(?<=[\u4e00-\u9fff)）:：])(?:\s+(?=[^a-z]*[A-Za-z]{{3}})|(?=[A-Za-z]*[a-z]{{2}})){letters}\Z"
    before = rf"\A(?=[A-Za-z]{{3}}){letters}\s+(?=[\u4e00-\u9fff（(])"
    return re.compile(behind), re.compile(before)


def without_english(text: str) -> str:
    """Return the Chinese words of a text that gives them in English too, else the text.

    >>> without_english("合计 Total"), without_english("项目支出\\nProject Expenditure"), without_english("OA系统")
    ('合计', '项目支出', 'OA系统')
    """
    if text.isascii() or len(text) > _LONGEST_LABEL:
        return text
    behind, before = _english()
    return before.sub("", behind.sub("", text.strip()))


def fold(text: str) -> str:
    """Return the text without white space, quotation marks and marks of footnotes, full-width forms made half-width.

    The general budget is called by its name of today.

    >>> fold(" “三公” 经费（万元） "), fold("行政运行¹"), fold("m²"), fold("公共财政预算支出")
    ('三公经费(万元)', '行政运行', 'm2', '一般公共预算支出')
    """
    if not _RAISED.isdisjoint(text):
        text = _MARKS.sub("", text)
    folded = "".join(unicodedata.normalize("NFKC", text).split()).translate(_QUOTES)
    return _FORMER_GENERAL.sub("一般公共预算", folded) if "公共" in folded else folded


def repeats(first: Sequence[str], second: Sequence[str]) -> bool:
    """Tell whether a row is another one printed again, given the folded texts of both.

    Where pages repeat a header, its rows may be too low for all their lines, so that words break off
    ("政府性基金预算" | "政府性基金预"). Two whole words at least must be the same then.
    """
    if len(first) != len(second):
        return False
    cut = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    same = sum(a == b != "" for a, b in zip(first, second, strict=True))
    return not cut or (same > 1 and all(len(b) >= _LEFT_OF_WORD and a.startswith(b) for a, b in cut))


def fold_item(text: str) -> str:
    """Return the folded text without its leading enumeration.

    >>> fold_item("（1）行政事业性收费"), fold_item("一、基本支出"), fold_item("其中：财政拨款")
    ('行政事业性收费', '基本支出', '财政拨款')
    """
    folded = fold(text)
    while True:
        shorter = _OF_WHICH.sub("", _ENUMERATION.sub("", folded))
        if shorter == folded:
            return folded
        folded = shorter
