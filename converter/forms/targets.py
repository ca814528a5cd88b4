"""The grammar of published target values: "≥98%", "80%以上", "=5.00(万人次)", "全年", "满意".

What does not match the grammar as a whole is text. No character is stripped to make a number of it: values are
often misread ("292%" for "≥92%"), and a number that is not printed must not come out.
"""

import re
from decimal import Decimal
from functools import lru_cache

from budgetgraph.converter.budget import TargetValue
from budgetgraph.converter.forms.dates import parse_period
from budgetgraph.converter.forms.units import Unit, units
from budgetgraph.converter.forms.vocabulary import vocabulary

_COMPARATORS = {
    "ge": "≥ >= => ≧ ⩾ 大于等于 大于或等于 不小于 不低于 不少于 不得低于 不得少于 不能低于 不能少于 不应低于 不应少于 "
    "至少 最少 最低 "
    "高于等于 高于或等于 多于等于 多于或等于 超过或等于",
    "le": "≤ <= =< ≦ ⩽ "
    "小于等于 小于或等于 不大于 不高于 不多于 不超过 不超 不得超过 不能超过 不应超过 不得高于 不能高于 不应高于 未超过 "
    "控制在 至多 最多 最高 "
    "低于等于 低于或等于 少于等于 少于或等于",
    "gt": "> 大于 高于 多于 超过 超",
    "lt": "< 小于 低于 少于 不足",
    "eq": "= 等于",
}  # fmt: skip
_BY_WORD = {word: notation for notation, words in _COMPARATORS.items() for word in words.split()}
_SUFFIXES = {
    "ge": ("及以上", "或以上", "以上"),
    "le": ("及以下", "或以下", "以下", "以内", "之内", "内"),
}
_BY_SUFFIX = {word: notation for notation, words in _SUFFIXES.items() for word in words}

_NUMBER = r"[+\-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_COMPARATOR = "|".join(sorted(map(re.escape, _BY_WORD), key=len, reverse=True))
_SUFFIX = "|".join(sorted(_BY_SUFFIX, key=len, reverse=True))
#: Words for a unit; digits only behind a stroke: "人/10万人".
_LETTER = r"[^\d\s()≥≤<>=±~,;，；。、:：+\-!?！？…“”‘’\"'「」『』【】《》\[\]{}²³]"
_METRES = r"(?:[mM][23](?![^)\s/])|k?m[²³])"
_UNIT = rf"(?:{_METRES}(?:/{_LETTER}+?)?|{_LETTER}{{1,6}}?/{_METRES}|{_LETTER}(?:{_LETTER}|(?<=/)\d+)*?)"
_BRACKETED = r"\((?!含\))(?P<bracketed>[^()\d]*[^()\s\d])\)"
_RANGE = r"(?:-{1,2}|~{1,2}|—{1,2}|–|至|到|－)"

_SUBJECT = r"[^\d≥≤<>=±%()/,;，；。、]*?"
#: What is done within a time, behind "内": "24小时内响应".
_DONE = "完成|办结|办理|响应|到达|到位|送达|处置|处理|反馈|答复"

#: What is done by so many percent, behind them: "100%完成".
_WHOLE = "完成|覆盖|全覆盖|达标|合格|到位"
#: Words before a comparator that turn it round, or make it another one: "严禁超过", "达不到".
_TURNED = re.compile(
    rf"(?:或|{_COMPARATOR}|(?:[不未无非没勿莫禁]|避免|防止|杜绝)[能应可宜许准要会再曾有该当以得允够止到达在至于为]{{0,3}})\Z"
)
#: Words before a number that make it a negative one.
_BELOW_ZERO = ("零下", "负")

_SIMPLE = re.compile(
    rf"(?P<subject>{_SUBJECT})\s*"
    rf"(?P<comparator>{_COMPARATOR})?\s*(?P<number>{_NUMBER})\s*"
    rf"(?:{_BRACKETED}|(?P<unit>{_UNIT})(?:(?<=元)整|(?<=%)(?:{_WHOLE}))?)?\s*(?:(?:\(含\)\s*)?(?P<suffix>{_SUFFIX})(?:{_DONE})?)?[。.;；]?"
)
_BETWEEN = re.compile(
    rf"(?P<subject>{_SUBJECT})(?:控制在|=)?\s*(?P<low>{_NUMBER})\s*(?P<low_unit>(?![至到]){_UNIT})?\s*(?P<range>{_RANGE})\s*(?P<high>{_NUMBER})\s*"
    rf"(?:{_BRACKETED}|(?P<unit>{_UNIT}))?(?:之间)?"
)
_PLUS_MINUS = re.compile(rf"(?:控制在)?±\s*(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})?(?:以内|之内)?")
_DATES = re.compile(
    r"(?<!\d)(?:19|20)\d\d[.\-/](?:0?[1-9]|1[0-2])(?:[.\-/]\d{1,2})?(?!\d|\s*[^\d\s月日前底至到\-—~～.])"
    r"|(?<!\d)(?:19|20)\d\d\s*年"
    r"|\d+\s*月(?:\d|底|末|份|初|中|前|之前|以前|止|起|之后|以后|后|上旬|中旬|下旬|-|—|~|至|\Z)|\d+\s*[日号](?:前|之前|以前|止|起)"
    r"|(?<!\d)(?:19|20)\d\d\s*(?:-|—|~|至)\s*(?:19|20)\d\d\s*\Z"
)
#: A subject that may stand before a bare number without a comparator: 满意率100%.
_RATE = re.compile(r"\S{0,10}(?:率|度|性|比例|占比)(?:达到|达|为)?\Z")
#: Other subjects that do not change what a bare number says.
_REACH = frozenset(["", "达到", "达", "完成", "共"])
#: Units of a column that say no more than that the value is a date.
_DATE_UNITS = frozenset(["", "年", "月", "日", "年月", "年月日", "时间", "日期"])
#: What a unit does not contain: approximations, ranks, letters beside characters ("5A级").
_NO_UNIT = re.compile(
    r"左右|上下|不等|[以之内前后多余几级等类届版号第]|[A-Za-z][\u4e00-\u9fff]|[\u4e00-\u9fff][A-Za-z]"
)

#: A number behind a stroke that is of the same unit: "90%/95%", two values.
_TWO_VALUES = re.compile(r"(?P<unit>[^/\d]+)/\d+(?:\.\d+)?(?P=unit)")

#: One code point to one, so that what is cut out of the folded text is as long as in the printed one.
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；：－"} | {
    0x3000: 0x20, ord("﹪"): ord("%"), ord("％"): ord("%"), ord("≧"): ord("≥"), ord("⩾"): ord("≥"),
    ord("≦"): ord("≤"), ord("⩽"): ord("≤"), ord("＞"): ord(">"), ord("＜"): ord("<"), ord("～"): ord("~"),
    ord("﹥"): ord(">"), ord("﹤"): ord("<"),
    ord("═"): ord("="), ord("﹦"): ord("="), ord("㎡"): ord("㎡"), ord("\n"): 0x20, ord("\t"): 0x20,
}  # fmt: skip


QUALITATIVE = TargetValue("qualitative")
#: More digits than any target has: digits run together, not a number.
_ENDLESS = re.compile(r"\d{19}")
COMPLETENESS = TargetValue("completeness")


def comparator_of(text: str) -> str | None:
    """Return the notation of a comparator that stands alone ("≥", "不低于"), or None."""
    return _BY_WORD.get(text.translate(FOLD).strip())


@lru_cache(maxsize=4096)
def parse_target(text: str, unit: str = "", comparator: str = "") -> TargetValue:
    """Return what a printed value says; `unit` and `comparator` are those of columns of their own.

    A unit or comparator printed in the value itself goes before that of the column; when both are printed and
    differ, the value is text: which of the two is meant is not for us to say.

    >>> parse_target("≤1 小时").maximum, parse_target("≤1 小时").normalised_unit
    (Decimal('3600'), 'SEC')
    >>> parse_target("80%以上").minimum
    Decimal('0.80')
    """
    folded = text.translate(FOLD).strip()
    if vocabulary().is_completeness(folded):
        return COMPLETENESS
    if folded and _DATES.search(folded):
        return _dated(folded, unit, comparator)
    if not folded or _ENDLESS.search(folded.replace(",", "")):
        return QUALITATIVE
    if match := _PLUS_MINUS.fullmatch(folded):
        size = _decimal(match["number"])
        return _between(-size, size, _unit(match["unit"], None, unit))
    if match := _BETWEEN.fullmatch(folded):
        return _range(match, unit)
    match = _SIMPLE.fullmatch(folded)
    if match is None or not _acceptable((match["unit"] or match["bracketed"] or "").strip()):
        match = _with_prose(folded)
    return _simple(match, unit, comparator) if match else QUALITATIVE


def _dated(text: str, unit: str, comparator: str) -> TargetValue:
    """Return a date or period; a unit of a column other than one of dates, or another comparator, makes it text."""
    if unit.strip() not in _DATE_UNITS:
        return QUALITATIVE
    period = parse_period(text)
    if period is None:
        return QUALITATIVE
    column = comparator_of(comparator)
    if column and period.implied:
        period = parse_period(f"{'≤' if column == 'le' else '='}{text}") if column in {"le", "eq"} else None
    elif column and column != period.comparator:
        period = None
    if period is None:
        return QUALITATIVE
    return TargetValue("dated", period.comparator, period.implied, start=period.start, end=period.end)


def _range(match: re.Match[str], column_unit: str) -> TargetValue:
    subject = match["subject"].strip()
    low_unit, high_unit = (match["low_unit"] or "").strip(), (match["unit"] or match["bracketed"] or "").strip()
    if (low_unit and low_unit != high_unit) or (subject and not _RATE.match(subject)):
        return QUALITATIVE
    low, high = _decimal(match["low"]), _decimal(match["high"])
    if low < 0 and match["range"] == "--":  # "-3--1": a minus, or the dash of a range
        return QUALITATIVE
    return _between(low, high, _unit(high_unit, None, column_unit), subject)


def _with_prose(text: str) -> re.Match[str] | None:
    """Return the match of "至少1次矫正人员的活动": a comparator, a number, a known unit, then words without numbers.

    Without a comparator the words may only be another unit in brackets: "1台(套)".
    """
    start = re.search(rf"(?:{_COMPARATOR})\s*{_NUMBER}\s*", text)
    begin = start or re.match(rf"{_NUMBER}\s*", text)
    word = units().longest_word(text[begin.end() :]) if begin else None
    if begin is None or word is None:
        return None
    rest = text[begin.end() + len(word) :]
    if start is None and not _is_counted_too(word, rest):
        return None
    if re.search(r"[\d≥≤<>=%²³]|^(?:左右|上下|不等|多|余|[·*×A-Za-z]|/\s*[^/\s])", rest):
        return None
    return _SIMPLE.fullmatch(text[: begin.end()] + word)


def _is_counted_too(word: str, rest: str) -> bool:
    """Tell whether the rest behind a word that counts is another such word in brackets."""
    found = units().find(word), units().find(rest[1:-1]) if rest[:1] == "(" and rest[-1:] == ")" else None
    return all(unit is not None and unit.factor == 1 for unit in found)


def _simple(match: re.Match[str], column_unit: str, column_comparator: str) -> TargetValue:
    subject = match["subject"].strip()
    printed = _BY_WORD.get(match["comparator"] or "")
    suffix = _BY_SUFFIX.get(match["suffix"] or "")
    column = comparator_of(column_comparator)
    stated = {notation for notation in (printed, suffix, column) if notation}
    unit = _unit(match["unit"], match["bracketed"], column_unit)
    if len(stated) > 1 or unit is None or match["unit"] == "月":  # "12月以内": December, or twelve months
        return QUALITATIVE
    if not stated and subject not in _REACH and not (_RATE.match(subject) and unit == "%"):
        return QUALITATIVE
    if ((printed or suffix) and _TURNED.search(subject)) or subject.endswith(_BELOW_ZERO):
        return QUALITATIVE
    if match["number"][0] in "-−" and suffix == "le" and "内" in match["suffix"]:  # "-5%以内": on which side?
        return QUALITATIVE
    if printed is None and subject.endswith(("不", "未", "无", "低", "高", "减", "降")) and suffix is None:
        return QUALITATIVE
    if not _acceptable(unit):
        return QUALITATIVE
    comparator = stated.pop() if stated else "eq"
    value = _decimal(match["number"])
    known, scaled = _scaled(value, unit)
    return TargetValue(
        "quantitative",
        comparator,
        implied=not (printed or suffix or column),
        value=value,
        unit=unit,
        minimum=scaled if comparator in {"ge", "gt", "eq"} else None,
        maximum=scaled if comparator in {"le", "lt", "eq"} else None,
        normalised_unit=known.symbol if known else unit or None,
        subject="" if subject in _REACH else subject,
    )


def _between(low: Decimal, high: Decimal, unit: str | None, subject: str = "") -> TargetValue:
    if unit is None or low > high or not _acceptable(unit):
        return QUALITATIVE
    known, minimum = _scaled(low, unit)
    _, maximum = _scaled(high, unit)
    symbol = known.symbol if known else unit or None
    return TargetValue("quantitative", "between", False, low, high, unit, minimum, maximum, symbol, subject)


def _unit(printed: str | None, bracketed: str | None, column: str) -> str | None:
    """Return the unit of a value, "" for none, None when value and column contradict each other."""
    own = (printed or bracketed or "").strip()
    column = column.translate(FOLD).strip()
    if own and column and own != column:
        here, there = units().find(own), units().find(column)
        if here is None or here != there:
            return None
    return own or column


def _acceptable(unit: str) -> bool:
    """Tell whether a word is a unit, or none is printed, or it may be one: short, or compound ("元/人*月")."""
    if not unit or units().find(unit) is not None:
        return True
    if _NO_UNIT.search(unit) or _TWO_VALUES.fullmatch(unit) or unit[-1] == "/":
        return False
    if unit[-1].isdigit() and not re.search(r"/[mM][23²³]\Z", unit):
        return False
    if unit[0] == "%" and unit[1] != "/":
        return False
    return "/" in unit or len(unit) <= 3 or (unit.isascii() and len(unit) <= 6)


def _scaled(value: Decimal, unit: str) -> tuple[Unit | None, Decimal]:
    known = units().find(unit) if unit else None
    return known, _plain(value * known.factor) if known else value


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("−", "-")) + 0


def _plain(value: Decimal) -> Decimal:
    """Return the same number without exponent form."""
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else value
