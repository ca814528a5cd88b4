"""Finds the forms among the blocks of a document, by their words."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.blocks import Block, Cell, Grid, Paragraph
from budgetgraph.converter.forms.project_list import is_project_list
from budgetgraph.converter.forms.rows import Piece, pieces_of
from budgetgraph.converter.forms.sections import is_caption
from budgetgraph.converter.forms.vocabulary import Vocabulary, key
from budgetgraph.converter.privacy import personal_kind

#: A form starts within this many rows of its grid; title, year and unit may stand in rows before.
_HEAD_ROWS = 6
#: Paragraphs before a form in which its title and its unit line are looked for.
_BEFORE = 5
#: A grid that begins this many lines below the one before it does not continue it.
_GAP = 3

_PAGE_NUMBER = re.compile(r"(?:第\s*)?[-—–\s]*\d{1,4}[-—–\s]*(?:页.*)?")
_NUMBERED_NOTE = re.compile(r"\d{1,2}\s*[.、．]")
_DEPARTMENT_EVIDENCE = frozenset(["overview", "duties", "tasks", "announced", "objective", "indicators"])


@dataclass(slots=True)
class RawForm:
    """A form's grids as found. kind "department" | "project" | "project-list" | "contacts".

    unit    unit word and power of ten to 元, when a unit line stands before it or in it
    used    the blocks it is made of: grids, title, unit line, notes
    """

    kind: str
    title: str
    unit: tuple[str, int] | None
    pieces: list[Piece]
    used: list[Block]
    notes: list[Paragraph] = field(default_factory=list)


def find_forms(blocks: Sequence[Block], words: Vocabulary, taken: Collection[int] = ()) -> list[RawForm]:
    """Return the forms in reading order; `taken` are the ids of grids that are none."""
    forms: list[RawForm] = []
    before: list[Paragraph] = []
    last: Grid | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            if not _PAGE_NUMBER.fullmatch(block.text):
                before.append(block)
                _take_note(forms, before, last, words)
            continue
        if id(block) in taken:
            before, last = [], None
            continue
        continues = bool(forms) and last is not None and not before and _follows(last, block)
        starts = _starts(block, words, continues)
        if continues and forms[-1].kind == "project-list" and starts == [(0, "project-list")]:
            starts = []  # its header, printed again after a page turn
        elif continues and starts[:1] == [(0, "project")] and _repeats(block, forms[-1], words):
            del starts[0]
        if starts:
            bounds = [0, *(row for row, _ in starts[1:])]
            if continues and _goes_on(block, starts[0][0], words):
                bounds.insert(1, starts[0][0])
                forms[-1].pieces.append(pieces_of(block, bounds)[0])
                forms[-1].used.append(block)
            pieces = pieces_of(block, bounds)[-len(starts) :]
            for (_, kind), piece in zip(starts, pieces, strict=True):
                forms.append(_form(kind, piece, before, words))
                forms[-1].used.append(block)
                before = []  # title and unit line are those of the first form of the grid
            last = block
        elif continues:
            forms[-1].pieces += pieces_of(block, [0])
            forms[-1].used.append(block)
            last = block
        else:
            last = None
        before = []
    return forms


def _form(kind: str, piece: Piece, before: Sequence[Paragraph], words: Vocabulary) -> RawForm:
    near = before[-_BEFORE:]
    unit_lines = [p for p in near if parse_unit(p.text)]
    titles = [p for p in near if words.is_title(p.text) and p not in unit_lines]
    used: list[Block] = [p for p in near if p in titles[-1:] or p in unit_lines[-1:]]
    texts = [p.text for p in unit_lines] or [
        c.text for row in piece.rows[:_HEAD_ROWS] for c in row if parse_unit(c.text)
    ]
    title = (
        titles[-1].text
        if titles
        else next((c.text.strip() for row in piece.rows[:2] for c in row if words.is_title(c.text)), "")
    )
    return RawForm(kind, title, parse_unit(texts[-1]) if texts else None, [piece], used)


def _take_note(forms: list[RawForm], before: list[Paragraph], last: Grid | None, words: Vocabulary) -> None:
    """Give the last paragraph to the form above, when it is a note under it or the next of its numbered notes."""
    if last is None or len(before) != 1:
        return
    numbered = bool(forms[-1].notes) and _NUMBERED_NOTE.match(before[0].text) is not None
    if numbered or words.is_note(before[0].text):
        note = before.pop()
        forms[-1].notes.append(note)
        forms[-1].used.append(note)


def _repeats(grid: Grid, form: RawForm, words: Vocabulary) -> bool:
    """Tell whether a grid begins as the form above does, and goes on below its head: a page turn printed it again."""
    grids = grid.rows, form.pieces[0].rows
    rows, above = ([[key(c.text) for c in row if not c.is_blank] for row in printed] for printed in grids)
    if rows[0] not in above:
        return False
    same = above[above.index(rows[0]) :]
    shared = next((n for n, pair in enumerate(zip(rows, same, strict=False)) if pair[0] != pair[1]), len(rows))
    return shared < len(rows) and bool(rows[shared]) and not words.heads(rows[shared][0])


def _goes_on(grid: Grid, start: int, words: Vocabulary) -> bool:
    """Tell whether the rows before the start of a form are indicators of the form above."""
    return any(words.is_level(key(cell.text)) for row in grid.rows[:start] for cell in row)


def _starts(grid: Grid, words: Vocabulary, continues: bool) -> list[tuple[int, str]]:
    """Return the rows of a grid at which a form starts, with the kind of form; in one that continues, anywhere."""
    if _is_contact_list(grid, words):
        return [(0, "contacts")]
    if is_project_list([_words(row) for row in grid.rows], words):
        return [(0, "project-list")]
    found: list[tuple[int, str]] = []
    for number, row in enumerate(grid.rows):
        roles = _roles(row, words)
        if _is_column_header(row, words):
            continue
        if "project-name" in roles and (found or continues or number < _HEAD_ROWS) and _has_heads(grid, number, words):
            found.append((_with_title(grid, number, words), "project"))
        elif "department-name" in roles and not found and number < _HEAD_ROWS and _is_department(grid, words):
            found.append((_with_title(grid, number, words), "department"))
    return found


def _roles(row: Sequence[Cell], words: Vocabulary) -> frozenset[str]:
    """Return the roles of the first head of a row; of the next, too, where a code or a text stands before a name."""
    printed = [key(cell.text) for cell in row if not cell.is_blank]
    first, following = (words.heads(printed[n]) if n < len(printed) else frozenset() for n in (0, 2))
    before_name = "project-name" in following and not first.isdisjoint({"project-code", "text"})
    return first | following if before_name else first


def _words(row: Sequence[Cell]) -> tuple[tuple[int, str], ...]:
    return tuple((cell.column, key(cell.text)) for cell in row if not cell.is_blank)


def _is_column_header(row: Sequence[Cell], words: Vocabulary) -> bool:
    """Tell whether the first cell heads a column, not a field: the cell right beside it is another head."""
    first = next((index for index, cell in enumerate(row) if not cell.is_blank), len(row))
    beside = row[first + 1] if first + 1 < len(row) else None
    return beside is not None and (words.knows(key(beside.text)) or personal_kind(beside.text) is not None)


def _with_title(grid: Grid, row: int, words: Vocabulary) -> int:
    """Return the first of the rows just before `row` that hold only title, year or unit of the form."""
    while row > 0:
        texts = [c.text for c in grid.rows[row - 1] if not c.is_blank]
        if any(not is_caption(text, words) for text in texts):
            break
        row -= 1
    return row


def _has_heads(grid: Grid, start: int, words: Vocabulary) -> bool:
    """Tell whether the rows after a project's name have heads of a project form, too: not one column of a list."""
    rows = grid.rows[start : start + _HEAD_ROWS]
    found = {key(c.text) for row in rows for c in row if not c.is_blank}
    heads = (word.endswith("主管部门") or not words.heads(word) <= {"project-name", "text"} for word in found)
    return sum(heads) >= 2


def _is_department(grid: Grid, words: Vocabulary) -> bool:
    return any(words.heads(key(c.text)) & _DEPARTMENT_EVIDENCE for c in grid.cells() if not c.is_blank)


def _is_contact_list(grid: Grid, words: Vocabulary) -> bool:
    """Tell whether a header row names nothing but contacts, at least two of them."""
    for row in grid.rows[:4]:
        printed = [c for c in row if not c.is_blank]
        contacts = [c for c in printed if personal_kind(c.text)]
        if len(contacts) >= 2 and all(c in contacts or _beside_contacts(c, words) for c in printed):
            return True
    return False


def _beside_contacts(cell: Cell, words: Vocabulary) -> bool:
    word = key(cell.text)
    return "department-name" in words.heads(word) or word in {
        "序号",
        "备注",
        "单位",
        "部门",
        "职务",
        "科室",
        "处室",
        "地址",
    }


def _follows(above: Grid, below: Grid) -> bool:
    """Tell whether a grid stands directly under another, as far as lines are known."""
    end, start = above.rows[-1][0].locator.line, below.rows[0][0].locator.line
    return end is None or start is None or start - end <= _GAP
