"""Page furniture: what is printed on pages for the pages' sake, not for the text's.

Page numbers, running heads and feet, and the title and unit lines that a spreadsheet repeats above each page of a
long table. They would part a table's pieces from each other and stand in the middle of sentences.
"""

import re
from collections import Counter
from collections.abc import Sequence

from budgetgraph.converter.labels import fold
from budgetgraph.converter.readers.pdf.layout import Item, Layout, TextLine
from budgetgraph.converter.readers.pdf.tables import Table

#: How many lines at the upper and lower edge of a page may be furniture.
DEPTH = 2
#: Furniture stands at the same height on its pages, to this many points.
SAME_HEIGHT = 3.0
#: A head or foot stands on at least this many pages ...
FEWEST_PAGES = 3
#: ... and a page number in a series of at least this many.
FEWEST_NUMBERS = 2
#: A line nearer to a table than this many times its height belongs to the table: a unit line or a note.
CAPTION_GAP = 2.0
#: Running heads and feet, and page numbers that are in no series, stand within an inch of the edge, in points.
MARGIN = 72.0
#: The most lines that a spreadsheet repeats above a table.
MOST_CAPTIONS = 5

_DASHES = r"[-‐-―−─━－~·•.\s]*"
_PAGE_NUMBER = re.compile(
    rf"{_DASHES}(?:第|Page)?\s*(\d{{1,4}})\s*(?:页)?\s*(?:[,，/]?\s*(?:共|of|/)?\s*\d{{1,4}}\s*页?)?{_DASHES}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_DASHES}\d{{1,4}}{_DASHES}")


def page_number(text: str) -> int | None:
    """Return the number of a line that is nothing but a page number ("- 3 -", "第 3 页 共 12 页"), or None."""
    match = _PAGE_NUMBER.fullmatch(text)
    if match is None:
        return None
    plain = _BARE.fullmatch(text) or "页" in text or "age" in text or "/" in text
    return int(match.group(1)) if plain else None


def _edges(layout: Layout, depth: int = DEPTH) -> list[tuple[bool, int, TextLine]]:
    """Return (at the top, place, line) of the lines at a page's edges, outermost first; no table stands outside."""
    result = []
    for top in (True, False):
        places = range(len(layout.items)) if top else range(len(layout.items) - 1, -1, -1)
        for place in places[:depth]:
            item = layout.items[place]
            if isinstance(item, Table):
                break
            result.append((top, place, item))
    return result


def _from_edge(layout: Layout, line: TextLine, top: bool) -> float:
    return line.box[1] if top else layout.height - line.box[3]


def _remove(layout: Layout, places: set[int]) -> None:
    layout.items = [item for place, item in enumerate(layout.items) if place not in places]


def _drop_numbers(layouts: Sequence[Layout]) -> None:
    found = []
    for layout in layouts:
        for top, place, line in _edges(layout):
            number = page_number(line.text)
            if number is not None:
                height = round(_from_edge(layout, line, top) / SAME_HEIGHT)
                found.append((layout, top, place, number, height))
    series = Counter(
        (top, number - layout.number, near)
        for layout, top, _, number, height in found
        for near in (height - 1, height, height + 1)
    )
    gone: dict[int, set[int]] = {}
    for layout, top, place, number, height in found:
        box = layout.items[place].box
        edge = box[3] if top else layout.height - box[1]
        alone = number == layout.number and edge <= MARGIN
        if series[top, number - layout.number, height] >= FEWEST_NUMBERS or alone:
            gone.setdefault(id(layout), set()).add(place)
    for layout in layouts:
        _remove(layout, gone.get(id(layout), set()))


def _is_attached(layout: Layout, place: int, top: bool) -> bool:
    """Tell whether a line belongs to a table: to the lines right above or below it, without a wide blank."""
    step = 1 if top else -1
    while 0 <= place + step < len(layout.items):
        line, item = layout.items[place].box, layout.items[place + step]
        gap = item.box[1] - line[3] if top else line[1] - item.box[3]
        if gap >= CAPTION_GAP * (line[3] - line[1]):
            return False
        if isinstance(item, Table):
            return True
        place += step
    return False


def _drop_heads(layouts: Sequence[Layout]) -> None:
    """Drop running heads and feet where they are repeated; where each stands first, it is kept.

    They stand in the margins, mostly apart from tables: titles that several tables share are none.
    """
    for _ in range(DEPTH):
        seen: dict[tuple[bool, str, int], list[tuple[Layout, int, bool]]] = {}
        for layout in layouts:
            for top, place, line in _edges(layout, 1):
                edge = line.box[3] if top else layout.height - line.box[1]
                if edge <= MARGIN and len(layout.items) > 1:
                    height = round(_from_edge(layout, line, top) / SAME_HEIGHT)
                    attached = _is_attached(layout, place, top)
                    seen.setdefault((top, fold(line.text), height), []).append((layout, place, attached))
        gone: dict[int, set[int]] = {}
        for places in seen.values():
            if len(places) >= FEWEST_PAGES and sum(attached for *_, attached in places) * 2 <= len(places):
                for layout, place, _attached in places[1:]:
                    gone.setdefault(id(layout), set()).add(place)
        if not gone:
            break
        for layout in layouts:
            _remove(layout, gone.get(id(layout), set()))


def _captions(items: Sequence[Item]) -> tuple[list[str], Table] | None:
    """Return the texts above a page's first table, and the table; None when there is none or they are many."""
    texts: list[str] = []
    for item in items:
        if isinstance(item, Table):
            return texts, item
        texts.append(item.text)
        if len(texts) > MOST_CAPTIONS:
            break
    return None


def _same(texts: Sequence[str], others: Sequence[str]) -> bool:
    return len(texts) == len(others) and all(fold(a) == fold(b) for a, b in zip(texts, others, strict=True))


def _drop_repeated_captions(layouts: Sequence[Layout]) -> None:
    """Drop the lines above a table that goes on from the page before under the same lines and header row."""
    before: tuple[list[str], Table] | None = None
    for previous, layout in zip([None, *layouts], layouts, strict=False):
        captions = _captions(layout.items)
        open_end = previous is not None and bool(previous.items) and isinstance(previous.items[-1], Table)
        if captions and before and open_end and captions[0]:
            lines, above = captions[0], before[0][-len(captions[0]) :]
            headers = [[cell.text for cell in table.grid.rows[0]] for _, table in (captions, before)]
            if _same(lines, above) and _same(*headers):
                _remove(layout, set(range(len(lines))))
        tables = [item for item in layout.items if isinstance(item, Table)]
        if len(tables) == 1 and captions and captions[0]:
            before = captions
        elif tables and not (captions and not captions[0] and len(tables) == 1):
            before = None


def remove_furniture(layouts: Sequence[Layout]) -> None:
    """Take page furniture out of the pages of a file, in place."""
    _drop_numbers(layouts)
    _drop_heads(layouts)
    _drop_repeated_captions(layouts)
