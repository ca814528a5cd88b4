"""What a spreadsheet shows for a day number: the date and time part of number format codes, in Chinese."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

#: The last day that a spreadsheet knows is 9999-12-31.
_LAST_DAY = 2_958_465
_DAYS_TO_1904 = 1_462
_DAY_SECONDS = 86_400
_WEEKDAYS = "一二三四五六日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<part>y+|m+|d+|h+|s+|a{3,4}|e+)|(?P<split>\.0+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
#: What the system settings put in place of these codes.
_SYSTEM = {"[$-f800]": 'yyyy"年"m"月"d"日"', "[$-f400]": "h:mm:ss"}


def is_date_format(code: str) -> bool:
    """Tell whether a section of a format code shows a date, a time or a duration."""
    if code.lower()[:8] in _SYSTEM:
        return True
    if "general" in code.lower() or "通用格式" in code:
        return False
    tokens = list(_TOKEN.finditer(code))
    has_places = any(t["other"] and t["other"] in "0#?@" for t in tokens)
    return any(t["part"] or t["elapsed"] for t in tokens) and not has_places


def show_date(code: str, value: Decimal, epoch_1904: bool) -> str | None:
    """Return the day number as the section of a format code shows it, None when it is outside the calendar."""
    code = _SYSTEM.get(code.lower()[:8], code)
    tokens = list(_TOKEN.finditer(code))
    split = next((len(t["split"]) - 1 for t in tokens if t["split"]), 0)
    step = Decimal(1).scaleb(-split)
    if not 0 <= value <= _LAST_DAY:
        return None
    seconds = (value * _DAY_SECONDS).quantize(step, ROUND_HALF_UP)
    days, rest = divmod(seconds, _DAY_SECONDS)
    if days > _LAST_DAY - (_DAYS_TO_1904 if epoch_1904 else 0):
        return None
    moment = _moment(int(days), int(rest), epoch_1904)
    half_day = any(t["half"] for t in tokens)
    shown = []
    for index, token in enumerate(tokens):
        if token["elapsed"]:
            shown.append(_elapsed(token["elapsed"], int(seconds)))
        elif token["half"]:
            words = ("上午", "下午") if token["half"] == "上午/下午" else ("AM", "PM")
            shown.append(words[moment.hour >= 12])
        elif token["split"]:
            shown.append(f"{rest % 1:.{split}f}"[1:])
        elif token["part"]:
            name = token["part"].lower()
            minutes = name[0] == "m" and len(name) < 3 and _is_minute(tokens, index)
            shown.append(_part("n" * len(name) if minutes else name, moment, half_day))
        else:
            shown.append(token["quoted"] or token["escaped"] or token["other"] or "")
    return "".join(shown)


def _moment(days: int, seconds: int, epoch_1904: bool) -> "dt.datetime":
    """Return the moment; a spreadsheet takes 1900 for a leap year, so its days before March 1900 are one off."""
    import datetime as dt  # few workbooks show a date

    if epoch_1904:
        start = dt.datetime(1904, 1, 1, tzinfo=dt.UTC)
    else:
        start = dt.datetime(1899, 12, 31 if days < 60 else 30, tzinfo=dt.UTC)
    return start + dt.timedelta(days=days, seconds=seconds)


def _is_minute(tokens: list[re.Match[str]], index: int) -> bool:
    """Tell whether this m means minutes: the time part before it is hours, or the one behind it seconds."""

    def time_part(token: re.Match[str]) -> str:
        return (token["part"] or token["elapsed"] or " ").lower()[0]

    before = next((time_part(t) for t in reversed(tokens[:index]) if time_part(t) != " "), " ")
    behind = next((time_part(t) for t in tokens[index + 1 :] if time_part(t) != " "), " ")
    return before == "h" or behind == "s"


def _elapsed(name: str, seconds: int) -> str:
    divisor = {"h": 3600, "m": 60, "s": 1}[name[0].lower()]
    return f"{seconds // divisor:0{len(name)}d}"


def _part(name: str, moment: "dt.datetime", half_day: bool) -> str:
    """Return one part: y year, m month, n minute, d day, h hour, s second, a weekday, e year."""
    hour = (moment.hour % 12 or 12) if half_day else moment.hour
    weekday = _WEEKDAYS[moment.weekday()]
    names = {
        "mmm": _MONTHS[moment.month - 1],
        "mmmm": f"{moment.month}月",
        "ddd": f"周{weekday}",
        "dddd": f"星期{weekday}",
        "aaa": weekday,
        "aaaa": f"星期{weekday}",
    }
    if name in names:
        return names[name]
    if name[0] in "ye":
        return f"{moment.year % 100:02d}" if name in {"y", "yy"} else f"{moment.year:04d}"
    number = {"m": moment.month, "n": moment.minute, "d": moment.day, "h": hour, "s": moment.second}[name[0]]
    return f"{number:02d}" if len(name) > 1 else str(number)
