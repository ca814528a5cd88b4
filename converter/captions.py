"""What stands above and below a table: title, number label, unit line, notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from budgetgraph.converter.amounts import parse_unit
from budgetgraph.converter.blocks import Paragraph
from budgetgraph.converter.labels import fold
from budgetgraph.converter.stitching import Stitched

_NUMBER_LABEL = re.compile(r"(?:公开)?表(?:[一二三四五六七八九十]{1,3}|\d{1,2})\Z|公开\d{1,2}表\Z")
_DIGITS = "零一二三四五六七八九"
#: A unit line stands within this many paragraphs above its table; what is between is the rest of a wrapped line.
_UNIT_WITHIN = 3
_LONGEST_REST = 20


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands above a table: title, number label ("表二"), unit line."""

    title: Paragraph | None = None
    number: Paragraph | None = None
    unit: Paragraph | None = None


def caption_of(blocks: Sequence[Paragraph | Stitched], index: int) -> Caption:
    """Return the caption of the table at `index`: the paragraphs between it and the table before."""
    title = number = unit = None
    for block in _without_rest(_above(blocks, index)):
        text = fold(block.text)
        if unit is None and title is None and parse_unit(block.text):
            unit = block
        elif number is None and title is None and _NUMBER_LABEL.match(text):
            number = block
        elif title is None and len(text) <= 60 and not text.endswith(("。", ";", ":")):
            title = block
        elif title is not None and _NUMBER_LABEL.match(text) and number is None:
            number = block
        else:
            break
    return Caption(title, number, unit)


def _above(blocks: Sequence[Paragraph | Stitched], index: int) -> list[Paragraph]:
    """Return up to six paragraphs between the table at `index` and the one before, the nearest first."""
    above: list[Paragraph] = []
    for block in reversed(blocks[max(0, index - 6) : index]):
        if isinstance(block, Stitched):
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
        if len(text) > _LONGEST_REST or text.endswith("表") or _NUMBER_LABEL.match(text):
            break
    return above


def table_titles(blocks: Sequence[Paragraph | Stitched]) -> list[str]:
    """Return the titles that stand above the tables."""
    captions = (caption_of(blocks, i) for i, block in enumerate(blocks) if isinstance(block, Stitched))
    return [caption.title.text for caption in captions if caption.title]


def table_number(label: str) -> int | None:
    """Return the number in a label.

    >>> table_number("表十二"), table_number("公开01表"), table_number("附件")
    (12, 1, None)
    """
    text = fold(label)
    if not _NUMBER_LABEL.match(text):
        return None
    if digits := re.search(r"\d+", text):
        return int(digits.group())
    tens, has_ten, ones = text.removeprefix("公开").removeprefix("表").partition("十")
    if not has_ten:
        return _DIGITS.index(tens)
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
