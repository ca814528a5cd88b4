"""Boxes to tick: "1.部门项目 ☑ 2.公共项目 ☐", "□新增 √延续"."""

import re

from budgetgraph.converter.forms.markup import CHECKED, UNCHECKED
from budgetgraph.converter.forms.outline import take_apart

_TICKED = CHECKED + "√■✓✔☒●"
_EMPTY = UNCHECKED + "□○"
_MARKS = re.compile(rf"[{_TICKED}{_EMPTY}]|口(?=\s|\d|\Z)")
_NUMBERED = re.compile(r"(?<=\s)(?=\d{1,2}\s*[.、．])")


def has_box(text: str) -> bool:
    """Tell whether a text holds a box to tick, ticked or not."""
    return _MARKS.search(text) is not None


def chosen(text: str) -> tuple[str, ...]:
    """Return the options that are ticked, without their numbers; the text itself when nothing can be ticked.

    The box stands behind its option or before it: before it when the text begins with a box.

    >>> chosen("1.部门项目 ☑ √ 2.公共项目 ☐"), chosen("□ 新增 ■ 延续")
    (('部门项目',), ('延续',))
    """
    text = text.strip()
    marks = list(_MARKS.finditer(text))
    if not marks:
        return (take_apart(text).text.strip(),)
    if marks[0].start() == 0:
        ends = [m.start() for m in marks[1:]] + [len(text)]
        options = [(text[m.end() : end], m.group()) for m, end in zip(marks, ends, strict=True)]
    else:
        starts = [0] + [m.end() for m in marks[:-1]]
        options = [(text[start : m.start()], m.group()) for start, m in zip(starts, marks, strict=True)]
    found: dict[str, None] = {}
    name = ""
    for words, mark in options:
        name = take_apart(words.strip()).text.strip() or name
        if mark in _TICKED:
            found[name] = None
    return tuple(found)
