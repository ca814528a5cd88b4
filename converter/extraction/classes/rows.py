"""A row's code and label -> what the row is about, by the rules of a profile."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from budgetgraph.converter.amounts import without_counting_unit
from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.labels import fold, fold_item
from budgetgraph.converter.layouts.header_words import HeaderWords, Meaning
from budgetgraph.converter.profiles import RowRule
from budgetgraph.ontology.codelists import candidates, find, scheme

_CODE = re.compile(r"\d{3}(?:\d{2}){0,2}\Z", re.ASCII)
_YEAR = re.compile(r"20\d{2}\Z", re.ASCII)
#: "2010506统计管理", "[30101]基本工资", "30101-基本工资".
_CODE_IN_LABEL = re.compile(r"\s*(?:\d{3}(?:\d{2}){0,2}(?=\D)|\[\d{3}(?:\d{2}){0,2}\])[-—_]*(?=.)", re.ASCII)

_BRACKETS = str.maketrans("【［〔］】〕０１２３４５６７８９", "[[[]]]0123456789")

#: The first digit of the codes of a classification (政府收支分类科目): 1 is revenue, 5 economic classes of governments.
_FIRST_DIGIT = {"functionalClass": "2", "economicClass": "3", "govEconomicClass": "5"}
#: Labels of a line that repeats its group: the group's name is what the line is about.
_SUBTOTALS = frozenset(("小计", "合计"))
#: Labels of what a list leaves.
_REST = frozenset(("其他", "其它"))

#: Lists whose 类 are called as 款 of the other are.
_ECONOMIC = ("dept-economic", "gov-economic")
#: The first digit of the codes of a list, and the digits of the code of a 类.
_DIGITS, _CLASS = {"functional": "2", "dept-economic": "3", "gov-economic": "5"}, 3


#: A number of an item with a blank for its mark, as small print is recognised: "四 上级补助收入".
_BLANK_ENUMERATION = re.compile(r"^[(（]?[一二三四五六七八九十]{1,3}[)）]?\s+(?=\S{3,}\Z)")


@dataclass(frozen=True, slots=True)
class RowMeaning:
    """What a row is about: dimension values, its label and code, and the section it is moved to.

    unit        name of the subordinate unit that it is of; None for the department
    time        what its label says as a header: the year and phase of its figures
    below       source of revenue, or nature -> what it says where it is a part of that
    only_below  it says nothing elsewhere
    of_which    it is printed as a part of the line above (其中)
    """

    dimensions: Mapping[str, str]
    label: str
    code: str | None
    section: str | None
    unit: str | None = None
    time: Meaning | None = None
    below: Mapping[str, str] = field(default_factory=dict)
    only_below: bool = False
    of_which: bool = False


def join_code(pieces: Sequence[str]) -> str:
    """Return the code that stands in one, two or three columns (类|款|项).

    款 and 项 have two digits; a zero that was lost in front ("301|2") stands in the code again. A column that prints
    the code of its level whole, behind those of its pieces or above it, says what these say.

    >>> join_code(["201", "06", "01"]), join_code(["301", "2", ""]), join_code(["201", "06", "01", "2010601"])
    ('2010601', '30102', '2010601')
    """
    joined, *others = (fold(piece) for piece in pieces)
    for piece in filter(None, others):
        if _CODE.match(piece) and joined and piece.startswith(joined):
            joined = piece
        else:
            joined += piece.zfill(2) if piece.isdecimal() else piece
    return joined


def split_code(code: str, label: str) -> tuple[str, str]:
    """Return code and label of a row that prints both in one cell ("2010506统计管理"), else as given.

    >>> split_code("2010506统计管理", ""), split_code("20105", "统计信息事务")
    (('2010506', '统计管理'), ('20105', '统计信息事务'))
    """
    return (None if label else code_and_name(code)) or (code, label)


def text_over(row: Sequence[Cell], cell: Cell) -> str:
    """Return what is printed over a cell: its own text, or that of the cell of the row that spans it."""
    if not cell.is_blank:
        return cell.text.strip()
    spanning = (c for c in row[: cell.column] if c.column + c.colspan > cell.column and not c.is_blank)
    return next((c.text.strip() for c in spanning), "")


def code_and_name(text: str) -> tuple[str, str] | None:
    """Return code and name of a text that opens with a code, as printed but for the brackets; None of others.

    >>> code_and_name("[30101]基本工资"), code_and_name("301 工资福利支出"), code_and_name("基本工资")
    (('30101', '基本工资'), ('301', '工资福利支出'), None)
    """
    found = _CODE_IN_LABEL.match(text.translate(_BRACKETS))
    return (re.sub(r"\D", "", found.group()), text[found.end() :].strip()) if found else None


def row_meaning(
    rules: Sequence[RowRule], code: str, label: str, group: str, year: int, within: str = ""
) -> RowMeaning | None:
    """Return what the first rule that fits says, or None when none fits.

    code   as `join_code` gives it, "" when the table has no code column or the cell is blank
    group  label of the group that the row stands in, "" when the table has no such column
    year   fiscal year whose code lists are looked up
    within code of the class in the row above, "" when none is certain: names of 款 and 项 repeat between classes
    """
    if group and fold_item(label) in _SUBTOTALS:
        label = group
    for spelling in dict.fromkeys((label, without_counting_unit(label), _BLANK_ENUMERATION.sub("", label))):
        for rule in rules:
            meaning = _apply(rule, code, spelling, year, within)
            if meaning is not None:
                return replace(meaning, label=label) if meaning.label == spelling else meaning
    return None


def time_meaning(rules: Sequence[RowRule], label: str, words: HeaderWords | None) -> RowMeaning | None:
    """Return what a row of a year or phase is about (上年预算数, 增减), None where its label says something else.

    words  vocabulary of the headers, which such a label is read by
    """
    rule = next((rule for rule in rules if rule.time), None)
    if rule is None or words is None:
        return None
    text = fold_item(label)
    time = words.read(f"{text}年" if _YEAR.match(text) else text)
    if time is None or time.dimensions or not (time.role == "derived" or (time.role == "amount" and time.dated)):
        return None
    return RowMeaning(rule.dimensions or {}, label, None, rule.section, time=time)


def _apply(rule: RowRule, code: str, label: str, year: int, within: str) -> RowMeaning | None:
    is_code = _CODE.match(code) is not None
    if rule.unlabelled:
        return None if code or label else RowMeaning(rule.dimensions or {}, "", None, rule.section)
    if rule.labels:
        if not is_code and fold_item(label) in rule.labels:
            said = rule.dimensions or {}
            return RowMeaning(said, label, None, rule.section, below=rule.below, only_below=rule.dimensions is None)
        if not label and rule.dimensions is not None and fold_item(code) in rule.labels:
            return RowMeaning(rule.dimensions, code, None, rule.section)
    if rule.pattern and re.fullmatch(rule.pattern, fold_item(label)):
        return RowMeaning(rule.dimensions or {}, label, None, rule.section)
    if rule.code and is_code and code.startswith(_FIRST_DIGIT.get(rule.code, "")):
        return RowMeaning({rule.code: code}, label, code, rule.section)
    found = code_and_name(label) if rule.code_in_label else None
    if rule.code_in_label and found and found[0].startswith(_FIRST_DIGIT.get(rule.code_in_label, "")):
        return RowMeaning({rule.code_in_label: found[0]}, found[1], found[0], rule.section)
    if rule.scheme and rule.dimension and not (rule.nested and code) and fold_item(label) not in _REST:
        notation = (
            _nested(rule.scheme, label, year, within)
            if rule.nested
            else find(rule.scheme, label, year, level=rule.level)
        )
        return RowMeaning({rule.dimension: notation}, label, None, rule.section) if notation else None
    return None


def _nested(name: str, label: str, year: int, within: str) -> str | None:
    """Return the notation that a label names in a row behind that of the class `within`.

    It is a 类, or a class right below that one or one of those above it. Below a 类 with a row of its own a name that
    is one class's alone needs no row of its 款. Where no row of a 类 is above, only economic classes are known, by
    such a name.
    """
    known = scheme(name, year)
    within = within if within[:1] == _DIGITS[name] else ""
    classes, items, details = (candidates(known, label, level=level) for level in (1, 2, 3))
    found = [*classes, *(n for n in items if within and n[:_CLASS] == within[:_CLASS])]
    found += [n for n in details if len(within) > _CLASS and n.startswith(within[: _CLASS + 2])]
    if len(found) > 1:
        found = [n for n in found if not within.startswith(n)]  # 其他支出 behind 其他支出 is a part of that
    elif not found and within:
        found = [n for n in details if n[:_CLASS] == within[:_CLASS] and len(details) == 1]
    elif not found and name in _ECONOMIC and not _names_others(label, year):
        found = list(items)
    return found[0] if len(found) == 1 else None


def _names_others(label: str, year: int) -> bool:
    """Tell whether a label names a 类 of economic classes, or a function: 住房公积金 is both."""
    functions = (candidates(scheme("functional", year), label, level=level) for level in (1, 2, 3))
    return any(functions) or any(find(each, label, year, level=1) for each in _ECONOMIC)
