"""Cuts the rows of a form into sections by the words at their heads, wherever in the row these stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.forms.columns import names_value_columns
from budgetgraph.converter.forms.rows import FormCell, Row
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import personal_kind

#: Headings of what was meant beside what was done, of a self-evaluation: 预期目标 | 实际完成情况.
_MEANT = re.compile(r".{0,12}目标(?:\(.*\))?")
_HEADING = re.compile(r"(?:年初|年度|当年|本年|预期|预设|设定|批复|申报|总体|绩效|的)+目标")
_DONE = re.compile(r".{0,12}(?:完成情况|实现情况|实际完成|完成目标|完成目标情况|完成情况综述|达成情况)(?:\(.*\))?")
#: Sections whose rows go on until another head comes.
_LISTS = frozenset(["overview", "funding", "fund-block", "items"])
#: The same, where the head stands beside the headers of columns.
_TABLES = frozenset(["task-table"])
#: Heads of rows that are pairs of head and value, in the order in which an ambiguous head is decided.
FIELDS = (
    "project-name",
    "project-code",
    "project-department",
    "project-unit",
    "project-kind",
    "project-nature",
    "project-category",
    "start-date",
    "end-date",
    "total-budget",
    "current-budget",
    "department-budget",
    "history",
    "basis",
    "objective",
    "text",
    "department-name",
    "duties",
    "tasks",
)


#: Rows of a form that a page turn may print again.
_FIRST = 6
_YEAR = re.compile(r"[（(]?\s*\d{4}\s*年度?\s*[)）]?")


@dataclass(slots=True)
class Section:
    """Rows that are read together.

    role  "title" | "fields" | "note" | "objective" | "announced" | "aims" | "indicators" | "indicator-text" |
          "task-table" | "unknown" or a list section
    head  cells that name the section
    headers  rows of column headers ("indicators", "announced", "aims", "task-table")
    rows  cells of each row, section heads taken off
    """

    role: str
    head: list[FormCell] = field(default_factory=list)
    headers: list[tuple[FormCell, ...]] = field(default_factory=list)
    rows: list[tuple[FormCell, ...]] = field(default_factory=list)


def sections(rows: Sequence[Row], words: Vocabulary) -> list[Section]:
    """Return the sections of a form in order. Every cell of every row is in exactly one of them."""
    found: list[Section] = []
    for row in rows:
        current = found[-1] if found else None
        if current and current.role == "indicators" and current.rows and _is_repeated(row, rows, current):
            found.insert(-1, Section("title", rows=[row.cells]))
            continue
        section = _section_of(row.cells, current, words)
        if section is not current:
            found.append(section)
    return found


def _is_repeated(row: Row, rows: Sequence[Row], table: Section) -> bool:
    """Tell whether a row is one of the first of the form, printed again after a page turn.

    Indicators may have one name and one value: theirs are none of these rows.
    """
    same = [cell.key for cell in row.cells]
    heads = (first for first in rows[:_FIRST] if first is not row and first.cells not in table.rows)
    return any([cell.key for cell in first.cells] == same for first in heads)


def is_caption(text: str, words: Vocabulary) -> bool:
    """Tell whether a cell holds a title, a unit line or the year of a form: "（2023年度）"."""
    return words.is_title(text) or parse_unit(text) is not None or _YEAR.fullmatch(text.strip()) is not None


def is_field_head(cell: FormCell, words: Vocabulary) -> bool:
    """Tell whether a cell is the head of a field: known, or of a person or telephone."""
    return not words.heads(cell.key).isdisjoint(FIELDS) or personal_kind(cell.text) is not None


def _section_of(cells: tuple[FormCell, ...], current: Section | None, words: Vocabulary) -> Section:
    """Return the section a row belongs to, with the row put into it: the current one, or a new one."""
    if _is_indicator_header(cells, words):
        if current is None or current.role != "indicators" or current.rows or _names_levels(current, words):
            return _new_indicators(cells, words)
        current.headers.append(cells)
        return current
    if _is_upper_header(cells, words):
        return Section("indicators", head=[cells[0]], headers=[cells[1:]])
    if "tasks" in words.heads(cells[0].key) and _is_task_header(cells[1:], words):
        return Section("task-table", head=[cells[0]], headers=[cells[1:]])
    if (
        current
        and current.role == "indicators"
        and not current.rows
        and (_all_columns(cells, words) or names_value_columns(cells, current.headers[-1], words))
    ):
        current.headers.append(cells)
        return current
    if len(cells) == 1 and words.is_note(cells[0].text):
        return Section("note", rows=[cells])
    heads_years = current is not None and current.role == "overview" and len(current.rows) == 1
    if all(is_caption(c.text, words) for c in cells) and not heads_years:
        return Section("title", rows=[cells])
    is_headed = current is not None and current.role in {"announced", "aims"}
    if current and is_headed and not current.rows and not words.heads(cells[0].key):
        current.rows.append(cells)
        return current
    if (headed := _announced(cells, words) or _aims(cells)) is not None:
        return headed
    if len(cells) == 2 and words.horizon(cells[0].key) and not words.knows(cells[1].key):
        return Section("objective", head=[cells[0]], rows=[cells[1:]])
    return _by_head(cells, current, words)


def _by_head(cells: tuple[FormCell, ...], current: Section | None, words: Vocabulary) -> Section:
    roles = words.heads(cells[0].key)
    lists = roles & _LISTS
    if lists:
        role = next(iter(sorted(lists)))
        section = current if current and current.role == role else Section(role)
        taken = 0
        while taken < len(cells) and role in words.heads(cells[taken].key):
            taken += 1
        section.head.extend(cells[:taken])
        if cells[taken:]:
            section.rows.append(cells[taken:])
        return section
    if current and current.role == "indicators":
        if "indicators" in roles and len(cells) > 1:
            current.head.append(cells[0])
            cells, roles = cells[1:], frozenset()
        is_field = is_field_head(cells[0], words) and not _is_below_level2(cells, current, words)
        if not is_field and not any(personal_kind(cell.text) for cell in cells):
            current.rows.append(cells)
            return current
    if current and current.role == "fund-block" and _is_of_block(cells, current, words):
        current.rows.append(cells)
        return current
    if _begins_field(cells, words) or any(personal_kind(cell.text) for cell in cells):
        return Section("fields", rows=[cells])
    if "indicators" in roles and len(cells) == 2 and not words.knows(cells[1].key):
        return Section("indicator-text", head=[cells[0]], rows=[cells[1:]])
    if current and current.role in _LISTS | _TABLES and not _is_left_of(cells, current):
        current.rows.append(cells)
        return current
    return Section("unknown", rows=[cells])


def _is_below_level2(cells: tuple[FormCell, ...], table: Section, words: Vocabulary) -> bool:
    """Tell whether a row begins below the header of level 2, and is long enough to be an indicator."""
    below = {cell.column for row in table.headers for cell in row if words.column(cell.key) == "level2"}
    return cells[0].column in below and len(cells) > 2


def _is_of_block(cells: tuple[FormCell, ...], block: Section, words: Vocabulary) -> bool:
    """Tell whether a row of the whole amount stands in a fund block: its head spans it, and heads no columns."""
    head = block.head[0] if block.head else None
    if head is None or not words.heads(cells[0].key) & {"total-budget", "current-budget"}:
        return False
    no_columns = all(words.block_word(cell.key) for row in block.rows for cell in row)
    return no_columns and cells[0].row < head.row + head.pieces[0].rowspan


def _begins_field(cells: tuple[FormCell, ...], words: Vocabulary) -> bool:
    """Tell whether a row begins with the head of a field; a heading over several of them may stand before it."""
    is_under = len(cells) > 2 and cells[0].pieces[0].rowspan > 1 and not words.knows(cells[0].key)
    return is_field_head(cells[0], words) or (is_under and is_field_head(cells[1], words))


def _is_left_of(cells: tuple[FormCell, ...], table: Section) -> bool:
    """Tell whether a row begins where the head of a table stands, left of its columns: it is the next thing."""
    return table.role in _TABLES and cells[0].column <= table.head[0].column


def _is_indicator_header(cells: tuple[FormCell, ...], words: Vocabulary) -> bool:
    roles = [words.column(cell.key) for cell in cells]
    return len({role for role in roles if role in {"level1", "level2", "name", "value"}}) >= 2 and (
        "level1" in roles or "level2" in roles or ("name" in roles and "value" in roles)
    )


def _is_upper_header(cells: tuple[FormCell, ...], words: Vocabulary) -> bool:
    """Tell whether a row heads columns, and 绩效指标 those of levels that the row below names."""
    roles = {words.column(cell.key) for cell in cells[1:]}
    return "indicators" in words.heads(cells[0].key) and None not in roles and {"value", "achieved"} <= roles


def _names_levels(table: Section, words: Vocabulary) -> bool:
    """Tell whether the headers of a table name a level."""
    roles = {words.column(cell.key) for row in table.headers for cell in row}
    return not roles.isdisjoint({"level1", "level2", "name"})


def _is_task_header(cells: tuple[FormCell, ...], words: Vocabulary) -> bool:
    roles = [words.task_column(cell.key) for cell in cells]
    return "name" in roles and len(roles) > 1 and None not in roles


def _new_indicators(cells: tuple[FormCell, ...], words: Vocabulary) -> Section:
    first = next(i for i, cell in enumerate(cells) if words.column(cell.key))
    return Section("indicators", head=list(cells[:first]), headers=[cells[first:]])


def _all_columns(cells: tuple[FormCell, ...], words: Vocabulary) -> bool:
    return all(words.column(cell.key) for cell in cells)


def _announced(cells: tuple[FormCell, ...], words: Vocabulary) -> Section | None:
    """Return a section for "整体绩效目标 | 长期目标 | 年度目标": a head, then nothing but headings of objectives."""
    headings = cells[1:] if "announced" in words.heads(cells[0].key) else cells
    if len(headings) < 2 and headings is cells:
        return None
    if not headings or not all(words.horizon(cell.key) for cell in headings):
        return None
    return Section("announced", head=list(cells[: len(cells) - len(headings)]), headers=[tuple(headings)])


def _aims(cells: tuple[FormCell, ...]) -> Section | None:
    """Return a section for "年度总体目标 | 预期目标 | 实际完成情况": what was meant and what was done stand below."""
    headings = cells[-2:]
    if len(headings) != 2 or not (_MEANT.fullmatch(headings[0].key) and _DONE.fullmatch(headings[1].key)):
        return None
    return Section("aims", head=list(cells[:-2]), headers=[headings])


def is_heading_of_aims(cell: FormCell, words: Vocabulary) -> bool:
    """Tell whether a cell beside 年度总体目标 is a heading, and not the objective: its text stands below."""
    return words.horizon(cell.key) is not None or _HEADING.fullmatch(cell.key) is not None
