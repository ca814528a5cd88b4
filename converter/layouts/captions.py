"""What stands above and below a table: title, number label, unit line, notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.blocks import Locator, Paragraph
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.layouts.table_labels import (
    is_attachment,
    is_body_name,
    is_label,
    names_body,
    printed_length,
    split_label,
)

#: A unit line stands within this many paragraphs above its table; what is between is the rest of a wrapped line.
_UNIT_WITHIN = 3
#: So many paragraphs below a table may be its notes.
_NOTES = 3
_NOTE = re.compile(
    r"(?:注|备注|说明)[:0-9]|\(?(?:本|此|该)(?:表|部门|单位)|\(无|[^。]{0,40}(?:空表|为空|表中?无数据)|"
    r"\(?(?:[我本该][^,。:]{1,6}?)?(?:无|没有|未安排|未发生|不涉及)(?:[此该这本]|相关)[项类]?"
)
_LONGEST_REST = 20
#: A line with the body's name stands so many paragraphs below the title; a label may stand between.
_BODY_WITHIN = 2
_TITLE = re.compile(r".{3}表(?:\([^()]*\))?\Z")
#: A sheet's name that says what its table is of: 收支总表, 表3 支出预算, 三公经费.
_SHEET_TITLE = re.compile(r"[\u4e00-\u9fff].*(?:收入|支出|收支|经费|采购|拨款)|[\u4e00-\u9fff]{3}表")
_BUDGET_IS = re.compile(r"预算数(?:为|是|系|指|反映)[^。;]{0,20}?(?:全年预算|调整后的?预算|调整预算)")
#: A unit line whose unit no one knows: no title, and the table has no unit.
_UNKNOWN_UNIT = re.compile(r"\(?(?:金额|资金|计量)?单位:[^,。;:]{1,6}\)?\Z")
_TITLE_WITH_UNIT = re.compile(r"([^:]{3,50}表(?:\([^():]*\))?)\(?(?:金额|资金|计量)?单位:")


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above a table: title, number label ("表二"), unit line; and the notes below it.

    lines  those above it that may say whose it is
    unit_doubt  why the unit line may be misread, "" where nothing speaks against it
    """

    title: Paragraph | None = None
    number: Paragraph | None = None
    unit: Paragraph | None = None
    notes: tuple[Paragraph, ...] = ()
    lines: tuple[Paragraph, ...] = ()
    unit_doubt: str = ""


def caption_of(blocks: Sequence[Paragraph | Stitched], index: int) -> Caption:
    """Return the caption of the table at `index`: the paragraphs between it and the table before."""
    title = number = unit = None
    above = _without_rest(_above(blocks, index))
    for place, block in enumerate(above):
        text = fold(block.text)
        if unit is None and title is None and (words := _title_with_unit(block.text)):
            unit, title = block, Paragraph(words, block.locator)
        elif unit is None and title is None and parse_unit(block.text):
            unit = block
        elif title is None and (_UNKNOWN_UNIT.match(text) or names_body(text) or _is_bare_body(above, place)):
            continue
        elif number is None and title is None and is_label(text):
            number = block
        elif title is None and len(text) <= 60 and not text.endswith(("。", ";", ":")):
            title = block
        elif title is not None and is_label(text) and number is None:
            number = block
        else:
            break
    if (title is None or is_attachment(title.text)) and (sheet := _sheet_title(blocks, index)):
        title = sheet
    if title is not None and number is None and (parts := split_label(title.text)):
        number, title = (Paragraph(part, title.locator) for part in parts)
    return Caption(title, number, unit, _notes_below(blocks, index), tuple(above))


def _sheet_title(blocks: Sequence[Paragraph | Stitched], index: int) -> Paragraph | None:
    """Return the name of the sheet as the title of the first table in it, where it is none of a body or a number."""
    place = _place(blocks[index])
    sheet = fold(place.sheet or "")
    if not _SHEET_TITLE.search(sheet) or is_body_name(sheet) or names_body(sheet):
        return None
    earlier = (block for block in blocks[:index] if isinstance(block, Stitched))
    return None if any(_place(block).sheet == place.sheet for block in earlier) else Paragraph(place.sheet or "", place)


def _place(block: Paragraph | Stitched) -> Locator:
    return block.grid.locator if isinstance(block, Stitched) else block.locator


def _is_bare_body(above: Sequence[Paragraph], place: int) -> bool:
    """Tell whether a line is a body's name alone, below the title of the table: 表 ends that one, and not this."""
    text = fold(above[place].text)
    titles = (fold(line.text) for line in above[place + 1 : place + 1 + _BODY_WITHIN])
    return is_body_name(text) and any(_TITLE.search(each) and not _NOTE.match(each) for each in titles)


def _title_with_unit(text: str) -> str | None:
    """Return the title of a line that has title and unit: "收支预算总表（单位：万元）"."""
    found = _TITLE_WITH_UNIT.match(fold(text))
    return text[: printed_length(text, found.group(1))].strip() if found and parse_unit(text) else None


def _notes_below(blocks: Sequence[Paragraph | Stitched], index: int) -> tuple[Paragraph, ...]:
    """Return the paragraphs below a table that open as notes do."""
    notes: list[Paragraph] = []
    for block in blocks[index + 1 : index + 1 + _NOTES]:
        if isinstance(block, Stitched) or not _NOTE.match(fold(block.text)):
            break
        notes.append(block)
    return tuple(notes)


def _above(blocks: Sequence[Paragraph | Stitched], index: int) -> list[Paragraph]:
    """Return up to six paragraphs between the table at `index` and the one before, the nearest first.

    What stands in another sheet of a workbook is not above the table.
    """
    above: list[Paragraph] = []
    sheet = _place(blocks[index]).sheet
    for block in reversed(blocks[max(0, index - 6) : index]):
        if isinstance(block, Stitched) or block.locator.sheet != sheet:
            break
        above.append(block)
    return above


def _without_rest(above: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs without what a wrapped unit line left between itself and the table.

    A long name in front of the unit ("部门：... 单位：万元") wraps, and its end is no title.
    """
    for place, paragraph in enumerate(above[:_UNIT_WITHIN]):
        if parse_unit(paragraph.text):
            return above[place:]
        text = fold(paragraph.text)
        if len(text) > _LONGEST_REST or text.endswith("表") or is_label(text):
            break
    return above


def says_adjusted(note: str) -> bool:
    """Tell whether a note below a table says that its 预算数 is the budget after adjustment.

    The model of the Ministry's final accounts: "预算数为“三公”经费全年预算数，反映按规定程序调整后的预算数".
    """
    return _BUDGET_IS.search(fold(note)) is not None


def table_titles(blocks: Sequence[Paragraph | Stitched]) -> list[str]:
    """Return the titles that stand above the tables."""
    captions = (caption_of(blocks, i) for i, block in enumerate(blocks) if isinstance(block, Stitched))
    return [caption.title.text for caption in captions if caption.title]
