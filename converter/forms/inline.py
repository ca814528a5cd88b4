"""Indicators that stand as text in one cell, each with its level before it: a piece or a line each.

"【产出指标-数量指标】指标1：保洁河道（≥12条）；【效益指标-社会效益指标】指标2：居民投诉（≤3起）",
"数量指标：保洁河道≥12条". They are read when all pieces of the cell are such; a sentence
is text, whatever numbers it has.
"""

import re
from dataclasses import dataclass

from budgetgraph.converter.budget import Indicator, TargetValue
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.markup import plain
from budgetgraph.converter.forms.outline import label
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.targets import parse_target
from budgetgraph.converter.forms.values import target_of
from budgetgraph.converter.forms.vocabulary import Vocabulary, key
from budgetgraph.converter.privacy import redact

_PIECE = re.compile(r"【[^\n；;【]*|[^\n；;【]*[^\s；;【][^\n；;【]*")
_DASH = r"[\-—－–/]"
_IN_BRACKETS = re.compile(
    rf"\s*【(?P<first>[^】]+?){_DASH}+(?P<second>[^】\-—－–/]+)】\s*(?:指标\s*\d{{1,2}}\s*[:：.、])?\s*(?P<words>.+?)[\s。]*"
)
_BEFORE_COLON = re.compile(
    rf"\s*(?:\d{{1,2}}[.、]\s*)?(?:(?P<first>[^\d:：\-—－–/]+?){_DASH}+)?(?P<second>[^\d:：\-—－–/]+?)\s*\d{{0,2}}\s*[:：]"
    r"\s*(?P<words>.+?)[\s。]*"
)
_VALUE_IN_BRACKETS = re.compile(r"(?P<name>[^（()）]+?)\s*[（(]\s*(?P<value>[^（()）]+?)\s*[)）]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """An indicator in a text: levels as printed and as notations, its words, and where it stands."""

    first: str
    second: str
    level1: str
    level2: str
    name: str
    value: str
    target: TargetValue
    start: int
    end: int


def read_inline(cell: FormCell, words: Vocabulary, booking: Booking) -> tuple[Indicator, ...]:
    """Return the indicators of a cell of text; none where a piece of it is anything else."""
    printed = plain(cell.text)
    pieces = [_piece(match, words) for match in _PIECE.finditer(printed.text)]
    if not all(pieces):
        return ()
    return tuple(
        Indicator(
            order,
            redact(label(piece.name))[0],
            piece.level1,
            piece.level2,
            piece.first,
            piece.second,
            (target_of(piece.target, piece.value, booking.place(cell, *printed.source_span(piece.start, piece.end))),),
            booking.place(cell, *printed.source_span(piece.start, piece.end)),
        )
        for order, piece in enumerate((each for each in pieces if each), start=1)
    )


def _piece(found: re.Match[str], words: Vocabulary) -> _Piece | None:
    text = found.group()
    match = _IN_BRACKETS.fullmatch(text) or _BEFORE_COLON.fullmatch(text)
    if match is None:
        return None
    first, second = label(match["first"] or ""), label(match["second"])
    level2 = words.level2(key(second), words.level1(key(first)) if first else None)
    level1 = words.level1(key(first)) if first else words.only_level1(level2)
    if level1 is None or level2 is None or not words.belongs(level2, level1):
        return None
    name, value, target = _name_and_value(match["words"])
    if not name or (target.kind == "qualitative" and match.re is not _IN_BRACKETS):
        return None
    return _Piece(first, second, level1, level2, name, value, target, found.start(), found.end())


def _name_and_value(text: str) -> tuple[str, str, TargetValue]:
    """Return name, value and target of "保洁河道（≥12条）" or "保洁河道≥12条"; no name where they are not certain."""
    if match := _VALUE_IN_BRACKETS.fullmatch(text):
        return match["name"], match["value"], parse_target(match["value"])
    target = parse_target(text)
    name = target.subject.strip()
    if target.kind != "quantitative" or target.implied or not text.startswith(name):
        return "", "", target
    value = text[len(name) :].strip()
    return name, value, parse_target(value)
