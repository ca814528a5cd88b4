"""Dates and periods as targets: "2023年12月底前", "11月底之前", "2020年1月--2020年11月", "2023.07-2024.01".

A date is kept as precise as it is printed, in the lexical form of an XML Schema datatype: "2023-12-31" (date),
"2023-12" (gYearMonth), "2023" (gYear), "--12" (gMonth), "--06-30" (gMonthDay). A year that is not printed is not added.
"""

import re
from calendar import monthrange
from dataclasses import dataclass

_YEAR = r"(?:19|20)\d\d"
_DATE = (
    rf"(?:(?P<y{{0}}>{_YEAR})\s*年度?\s*)?(?P<m{{0}}>\d{{{{1,2}}}})\s*月(?:份|(?P<me{{0}}>底|末))?\s*(?:(?P<d{{0}}>\d{{{{1,2}}}})\s*[日号])?"
    rf"|(?P<Y{{0}}>{_YEAR})\s*年度?(?P<ye{{0}}>年?底|末)?"
    rf"|(?P<yn{{0}}>{_YEAR})(?P<sep{{0}}>[.\-/])(?P<mn{{0}}>\d{{{{1,2}}}})(?:(?P=sep{{0}})(?P<dn{{0}}>\d{{{{1,2}}}}))?"
)
_RANGE = r"\s*(?:-{1,2}|~{1,2}|—{1,2}|–|－|至|到)\s*"
_BEFORE = r"(?:之前|以前|前|止)"
_AFTER = r"(?:之后|以后|后|起|开始)"
_FROM = frozenset(["起", "开始"])
#: What may follow without changing which date is meant; a negation would.
_DONE = r"(?:[^\d不未无非]{0,12})"

_SINGLE = re.compile(
    rf"(?P<by>不晚于|不迟于|截至|截止到?|≤|<=|于|在|=)?\s*(?:{_DATE.format('')})\s*"
    rf"(?:(?P<before>{_BEFORE}){_DONE}|(?P<after>{_AFTER}))?[。.]?"
)
_PERIOD = re.compile(
    rf"(?:{_DATE.format('1')}|(?P<only1>\d{{1,2}})|(?P<year1>{_YEAR})|(?P<yo1>{_YEAR})\s*年\s*(?P<mo1>\d{{1,2}})){_RANGE}"
    rf"(?:{_DATE.format('2')}|(?P<year2>{_YEAR}))(?:期间|之间)?[。.]?"
)
_BY = {"不晚于": "le", "不迟于": "le", "截至": "le", "截止": "le", "截止到": "le", "≤": "le", "<=": "le"}


@dataclass(frozen=True, slots=True)
class Period:
    """A date or period in lexical forms of XML Schema.

    comparator   "le" (by the date), "lt" (before it begins: "12月前"), "ge" (from it on), "gt", "eq" (on it), "between"
    implied      the comparator is not printed
    start, end   both None only where the side is open; the same for "eq"
    """

    comparator: str
    implied: bool
    start: str | None
    end: str | None


def parse_period(text: str) -> Period | None:
    """Return the date or period that a text states as a whole, or None.

    What may as well be a number is none ("2021.12", "12月"), nor is a date that does not exist.

    >>> parse_period("11月底之前"), parse_period("2023.07-2024.01")
    (Period(comparator='le', implied=False, start=None, end='--11'), \
Period(comparator='between', implied=False, start='2023-07', end='2024-01'))
    """
    text = text.strip()
    if match := _SINGLE.fullmatch(text):
        return _single(match, text)
    if match := _PERIOD.fullmatch(text):
        return _period(match)
    return None


def _single(match: re.Match[str], text: str) -> Period | None:
    date = _lexical(match, "")
    by, before, after = match["by"], match["before"], match["after"]
    if date is None or (match["yn"] and not match["dn"] and not before):
        return None
    if re.fullmatch(r"\d+\s*月", text):  # the month, or a number of months
        return None
    if after:
        return Period("ge" if after in _FROM else "gt", False, date, None) if by in {None, "于", "在"} else None
    if before:
        by_its_end = by in _BY or before == "止" or match["d"] or match["dn"] or match["me"] or match["ye"]
        return Period("le" if by_its_end else "lt", False, None, date) if by != "=" else None
    if by in _BY:
        return Period("le", False, None, date)
    return Period("eq", by != "=", date, date)


def _period(match: re.Match[str]) -> Period | None:
    end = _lexical(match, "2") or match["year2"]
    if match["only1"]:  # "1-12月": the end names month and year
        if match["m2"] is None or match["d2"]:
            return None
        start = _join(match["y2"], match["only1"], None)
    elif match["yo1"]:  # "2023年1-12月"
        if match["m2"] is None or match["d2"] or match["y2"]:
            return None
        start, end = _join(match["yo1"], match["mo1"], None), _join(match["yo1"], match["m2"], None)
    else:
        start = _lexical(match, "1") or match["year1"]
        if match["year1"] and not (match["year2"] or match["Y2"]):
            return None
        if start and end and not start.startswith("-") and end.startswith("--"):  # "2023年1月至12月": the year holds on
            end = f"{start[:4]}-{end[2:]}"
    if start is None or end is None or not _in_order(start, end):
        return None
    return Period("between", False, start, end)


def _lexical(match: re.Match[str], which: str) -> str | None:
    if year := match[f"Y{which}"]:
        return year
    if year := match[f"yn{which}"]:
        return _join(year, match[f"mn{which}"], match[f"dn{which}"])
    if month := match[f"m{which}"]:
        return _join(match[f"y{which}"], month, match[f"d{which}"])
    return None


def _join(year: str | None, month: str, day: str | None) -> str | None:
    """Return the lexical form of a date; None when there is no such date."""
    if not 1 <= int(month) <= 12:
        return None
    if day is not None and not 1 <= int(day) <= monthrange(int(year or 2000), int(month))[1]:
        return None
    text = f"{year or '-'}-{int(month):02}"
    return f"{text}-{int(day):02}" if day is not None else text


def _in_order(start: str, end: str) -> bool:
    """Tell whether both have a year, or neither, and the end does not come first; without a year it may be the next."""
    if start.startswith("--") or end.startswith("--"):
        return start.startswith("--") and end.startswith("--") and start <= end
    shared = min(len(start), len(end))
    return start[:shared] <= end[:shared]


def datatype(date: str) -> str:
    """Return the XML Schema datatype of a date's lexical form.

    >>> datatype("2023-12"), datatype("--06-30")
    ('gYearMonth', 'gMonthDay')
    """
    if date.startswith("--"):
        return "gMonth" if len(date) == 4 else "gMonthDay"
    return {4: "gYear", 7: "gYearMonth"}.get(len(date), "date")
