"""What a file of performance forms alone is of: such a file has no title page, but its forms name body and year."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from budgetgraph.converter.blocks import Block, Cell, Grid, Paragraph
from budgetgraph.converter.bodies.front import Front, read_front
from budgetgraph.converter.forms.finding import find_forms
from budgetgraph.converter.forms.vocabulary import Vocabulary, key, vocabulary
from budgetgraph.converter.labels import fold

#: Title, year and body stand within so many rows of a form.
_WITHIN = 8
_YEAR = re.compile(r"\(?(20\d{2})年度?\)?")
_TITLE_YEAR = re.compile(r"(20\d{2})年")
_CODE = re.compile(r"\A[\[【(]?\d{3,}[\]】)]?[-—_]?(?=\D)")
_FINAL = ("自评", "决算", "完成情况", "绩效评价")
#: The heads that name a body, the one whose publication it is first.
_BODIES = ("department-name", "project-department", "project-unit")


def find_front(blocks: Sequence[Block], table_titles: Sequence[str]) -> Front | None:
    """Return what the title page of a file says, else its forms where it has nothing else, else its tables' titles."""
    front = read_front([block for block in blocks if isinstance(block, Paragraph)], table_titles)
    if front is not None and front.has_page:
        return front
    return _front_of_forms(blocks) if _only_forms(blocks) else front


def _front_of_forms(blocks: Sequence[Block]) -> Front | None:
    """Return body, year and phase that the forms of a file agree on, None where they do not agree on a year.

    A self-evaluation (自评表) is part of a final account, a form of targets of a budget. The name is None where the
    forms are of several bodies.
    """
    words = vocabulary()
    grids = [block for block in blocks if isinstance(block, Grid)]
    titles = [text for text in _heads(blocks) if words.is_title(text)]
    alone = (found for text in _heads(blocks) if (found := _YEAR.fullmatch(fold(text))))
    named = (found for title in titles for found in _TITLE_YEAR.finditer(fold(title)))
    years = {int(found[1]) for found in (*alone, *named)}
    if len(years) != 1:
        return None
    year = years.pop()
    final = any(word in title for title in titles for word in _FINAL)
    kind, phase = ("final_account", "final") if final else ("budget", "budget")
    name = _body(grids, words)
    title = titles[0].strip() if titles else ""
    shown = title if name and name in title else f"{name or ''}{'' if str(year) in title else f'{year}年度'}{title}"
    return Front(shown, name, year, kind, phase, has_page=False, of_forms=True)


def _only_forms(blocks: Sequence[Block]) -> bool:
    """Tell whether a file has forms, and no other table."""
    used = {id(block) for form in find_forms(blocks, vocabulary()) for block in form.used}
    return bool(used) and all(id(block) in used for block in blocks if isinstance(block, Grid))


def _heads(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the lines beside the forms, and the cells in their first rows."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for row in block.rows[:_WITHIN] for cell in row if not cell.is_blank)


def _body(grids: Sequence[Grid], words: Vocabulary) -> str | None:
    """Return the body that all forms name behind the first of the heads that one of them has."""
    for role in _BODIES:
        names = {name for grid in grids for row in grid.rows[:_WITHIN] for name in _named(row, role, words)}
        if names:
            return names.pop() if len(names) == 1 else None
    return None


def _named(row: Sequence[Cell], role: str, words: Vocabulary) -> Iterator[str]:
    printed = [cell for cell in row if not cell.is_blank]
    for head, value in pairwise(printed):
        if role in words.heads(key(head.text)) and not words.knows(key(value.text)):
            yield _CODE.sub("", "".join(value.text.split()))
