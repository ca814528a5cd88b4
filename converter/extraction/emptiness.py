"""The ways in which publications say that a table is empty."""

import re

from budgetgraph.converter.labels import fold

#: Who says it: 我单位, 本部门, 我局.
_WHO = r"(?:[我本该](?:单位|部门|街道|中心|[局委办厅部院会室站所处校馆队镇乡])|(?:本|20\d{2})年度?)*"
#: 无 denies nothing in the names of things: 无障碍设施改造项目, 无线电监测项目.
_NONE = r"(?:无(?!线|障碍|人机|人驾驶|偿|害|烟|土|纸|废|菌|缝|形资产|主|公害|接触)|没有|未安排|未发生|不涉及)"
_THIS = r"(?:[此该这本]|相关)[项类]?"
_MONEY = r"(?:预算|经费|资金)?(?:收支|支出|收入|预算|拨款|资金|经费|业务|数据|内容)"
_ROW = re.compile(
    r"(?:(?:注|备注|说明):)?\(?(?:无|空|空表|(?:此|本)表(?:为空(?:表)?|无数据)|无数据|不涉及|无相关(?:收支|支出|收入|数据)|"
    rf"{_WHO}{_NONE}(?:.{{0,30}}(?:收支|支出|收入|预算|拨款|数据|项目|情况)|{_THIS}{_MONEY}))\)?[。.]?"
)
_ITEM = rf"{_NONE}{_THIS}{_MONEY}"
_THIS_TABLE = re.compile(rf"空表|(?:此|本|该)表(?:为空|无数据|没有数据)|表(?:中)?无数据|{_ITEM}")
_NOTE = re.compile(
    rf"空表|(?:此|本|该)表(?:为空|无数据|没有数据)|表(?:中)?无数据|{_ITEM}|"
    r"(?:无|没有|未安排)(?:使用)?(?:政府性基金|国有资本经营)[^,，。;；]{0,20}(?:收支|支出|收入|预算|拨款)"
)
#: What a form says to those who fill it in is no statement: "如无此项支出，本表为空".
_IF = re.compile(r"(?:[如若凡]|没有.{0,8}的(?:部门|单位))")


def says_empty_row(label: str) -> bool:
    """Tell whether a row of a table says that there is nothing: 无, 此表为空.

    >>> says_empty_row("此表为空"), says_empty_row("无政府性基金预算支出"), says_empty_row("无障碍设施改造项目")
    (True, True, False)
    """
    return _ROW.fullmatch(fold(label)) is not None


def says_empty_note(text: str) -> bool:
    """Tell whether a note below a table says that the table is empty.

    >>> says_empty_note("注：本部门无政府性基金预算支出，故本表为空表。"), says_empty_note("注：本表反映部门总收支。")
    (True, False)
    """
    return _NOTE.search(fold(text)) is not None and not _IF.search(fold(text))


def says_table_empty(text: str) -> bool:
    """Tell whether a note says so of the table that it stands below, not only that there is no money of some fund.

    >>> says_table_empty("注：我单位无此项支出。"), says_table_empty("注：如无此项支出，本表为空。")
    (True, False)
    >>> says_table_empty("注：故本表为空表。"), says_table_empty("注：本部门无政府性基金预算支出。")
    (True, False)
    """
    return _THIS_TABLE.search(fold(text)) is not None and not _IF.search(fold(text))
