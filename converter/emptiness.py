"""The ways in which publications say that a table is empty."""

import re

from budgetgraph.converter.labels import fold

_ROW = re.compile(
    r"\(?(?:无|空|空表|(?:此|本)表(?:为空(?:表)?|无数据)|无数据|不涉及|无相关(?:收支|支出|收入|数据)|"
    r"(?:本部门|本单位)?(?:无|没有|未安排|不涉及).{0,30}(?:收支|支出|收入|预算|拨款|数据|项目|情况))\)?[。.]?"
)
_THIS_TABLE = re.compile(r"空表|(?:此|本|该)表(?:为空|无数据|没有数据)|表(?:中)?无数据")
_NOTE = re.compile(
    r"空表|(?:此|本|该)表(?:为空|无数据|没有数据)|表(?:中)?无数据|"
    r"(?:无|没有|未安排)(?:使用)?(?:政府性基金|国有资本经营)[^,，。;；]{0,20}(?:收支|支出|收入|预算|拨款)"
)


def says_empty_row(label: str) -> bool:
    """Tell whether a row of a table says that there is nothing: 无, 此表为空.

    >>> says_empty_row("此表为空"), says_empty_row("无线电管理")
    (True, False)
    """
    return _ROW.fullmatch(fold(label)) is not None


def says_empty_note(text: str) -> bool:
    """Tell whether a note below a table says that the table is empty.

    >>> says_empty_note("注：本部门无政府性基金预算支出，故本表为空表。"), says_empty_note("注：本表反映部门总收支。")
    (True, False)
    """
    return _NOTE.search(fold(text)) is not None


def says_table_empty(text: str) -> bool:
    """Tell whether a note says so of the table that it stands below, not only that there is no money of some fund.

    >>> says_table_empty("注：故本表为空表。"), says_table_empty("注：本部门无政府性基金预算支出。")
    (True, False)
    """
    return _THIS_TABLE.search(fold(text)) is not None
