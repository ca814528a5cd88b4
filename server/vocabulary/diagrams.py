"""Diagrams of classes: boxes with their properties in columns, arrows to the classes that these lead to.

A property is a line of its box, so no label stands on an arrow. Columns follow the direction of the arrows; a narrower
class stands to the right of the broader one. All lengths are in units of the drawing, which are pixels at full size.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from budgetgraph.ontology import codelists
from budgetgraph.ontology.namespaces import CODE_BASE, PREFIXES
from budgetgraph.server.languages import best_label, common_label, language
from budgetgraph.server.terms import Term
from budgetgraph.server.vocabulary.definitions import read_vocabulary
from budgetgraph.server.vocabulary.groups import Group, read_groups

_CODES = f"{PREFIXES['skos']}Concept"
_OBSERVATION = Term("uri", f"{PREFIXES['qb']}Observation")

_FONT, _LINE, _PADDING = 13, 20, 9
_GAP_X, _GAP_Y, _MARGIN = 84, 18, 6
#: How wide a Latin letter is, as a part of its height.
_PLAIN, _BOLD = 0.57, 0.66
#: With fewer relations a drawing shows nothing that a line of text does not.
_FEWEST = 2


@dataclass(slots=True)
class Row:
    """A line of a box: a property, and the classes its arrows lead to; `again` when it leads back to its own class."""

    text: str
    targets: tuple[str, ...]
    again: bool


@dataclass(slots=True)
class Box:
    """A class. `own` tells whether the group defines it, or it only stands at the end of an arrow."""

    iri: str
    title: str
    own: bool
    rows: list[Row] = field(default_factory=list)
    x: int = 0
    y: int = 0
    width: int = 0

    @property
    def height(self) -> int:
        """Return the height: the title and one line for each property."""
        return _PADDING * 2 + _LINE * (1 + len(self.rows)) + (6 if self.rows else 0)

    def baseline(self, row: int) -> int:
        """Return where the text of a row stands, below the top of the box."""
        return _PADDING + _LINE * (row + 2) + 1


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line of the drawing as SVG path data; kind "property" | "narrower"."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """What an arrow says, for those who read: subject and object are classes, the property is None for "is a"."""

    subject: Term
    property: Term | None
    object: Term


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing, and the same in sentences."""

    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    sentences: Sequence[Sentence]
    width: int
    height: int


def draw(group: Group) -> Diagram | None:
    """Return the diagram of a group in the language of this request; None where there is little to show."""
    sentences = list(_sentences(group))
    if len(sentences) < _FEWEST:
        return None
    boxes = _boxes(group, sentences)
    broader = [(s.object.value, s.subject.value) for s in sentences if s.property is None]
    columns = _columns(boxes, [*_edges(boxes), *broader])
    _place(columns, boxes, broader)
    arrows = [*_narrower(boxes, broader), *_properties(boxes)]
    width = max(box.x + box.width for box in boxes.values()) + _GAP_X // 2 + _MARGIN
    height = max(box.y + box.height for box in boxes.values()) + _MARGIN
    return Diagram(list(boxes.values()), arrows, sentences, width, height)


def name_of(term: Term) -> str:
    """Return what a class, property or code list is called in the language of this request."""
    if term.value.startswith(CODE_BASE):
        scheme = codelists.scheme(term.value.removeprefix(CODE_BASE))
        return scheme.label if language() == "zh" else scheme.label_en
    definition = read_vocabulary().terms.get(term.value)
    label = best_label(definition.labels) if definition else None
    return label.value if label else common_label(term) or term.short()


def _sentences(group: Group) -> Iterator[Sentence]:
    """Yield what is said between classes of which one at least is in the group.

    A component of the cube stands on observations (Data Cube, 6.1); a coded one leads to its code list.
    """
    terms = read_vocabulary().terms
    for each in group.classes:
        yield from (Sentence(each.term, None, above) for above in each.above if above.value in terms)
    for each in terms.values():
        ends = (each.code_list,) if each.code_list else tuple(t for t in each.range if _is_drawn(t))
        starts = each.domain if each.role == "relation" else (_OBSERVATION,) if each.role == "dimension" else ()
        for start, end in product(starts, ends):
            if start.value in group.class_iris or end.value in group.class_iris:
                yield Sentence(start, each.term, end)


def _is_drawn(term: Term) -> bool:
    """Tell whether a class is drawn: those of the groups, but concepts, which half of all properties lead to."""
    return term.value != _CODES and any(term.value in group.class_iris for group in read_groups())


def _boxes(group: Group, sentences: Sequence[Sentence]) -> dict[str, Box]:
    boxes: dict[str, Box] = {}
    for sentence in sentences:
        for term in (sentence.subject, sentence.object):
            boxes.setdefault(term.value, Box(term.value, name_of(term), term.value in group.class_iris))
    targets: dict[tuple[str, Term], list[str]] = {}
    for sentence in sentences:
        if sentence.property is not None:
            targets.setdefault((sentence.subject.value, sentence.property), []).append(sentence.object.value)
    for (subject, property_), leads_to in targets.items():
        others = tuple(target for target in leads_to if target != subject)
        boxes[subject].rows.append(Row(name_of(property_), others, subject in leads_to))
    for box in boxes.values():
        texts = [f"{row.text} ↺" if row.again else row.text for row in box.rows]
        box.width = max(_width(box.title, _BOLD), *(_width(text, _PLAIN) for text in texts), 0) + 2 * _PADDING + 4
    return boxes


def _edges(boxes: Mapping[str, Box]) -> list[tuple[str, str]]:
    return [(box.iri, target) for box in boxes.values() for row in box.rows for target in row.targets]


def _columns(boxes: Collection[str], edges: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return the column of each box: right of all that lead to it, arrows that would close a circle left out."""
    following: dict[str, list[str]] = {}
    for start, end in edges:
        if start not in _reached(end, following):
            following.setdefault(start, []).append(end)
    columns = dict.fromkeys(boxes, 0)
    for _ in boxes:
        for start, ends in following.items():
            for end in ends:
                columns[end] = max(columns[end], columns[start] + 1)
    return columns


def _reached(start: str, following: Mapping[str, Sequence[str]]) -> set[str]:
    met, waiting = {start}, [start]
    while waiting:
        new = [each for each in following.get(waiting.pop(), ()) if each not in met]
        met.update(new)
        waiting += new
    return met


def _place(columns: Mapping[str, int], boxes: Mapping[str, Box], broader: Sequence[tuple[str, str]]) -> None:
    """Give the boxes their places: each column sorted by where the arrows to its boxes come from."""
    coming: dict[str, list[str]] = {}
    for start, end in [*_edges(boxes), *broader]:
        coming.setdefault(end, []).append(start)
    x = _MARGIN
    for column in range(max(columns.values()) + 1):
        here = [box for box in boxes.values() if columns[box.iri] == column]
        middle = {box.iri: _middle([boxes[s] for s in coming.get(box.iri, ()) if columns[s] < column]) for box in here}
        y = _MARGIN
        for box in sorted(here, key=lambda each: middle[each.iri]):
            box.x, box.y = x, y
            y += box.height + _GAP_Y
        x += max(box.width for box in here) + _GAP_X
    tallest = max(box.y + box.height for box in boxes.values())
    for column in range(max(columns.values()) + 1):
        here = [box for box in boxes.values() if columns[box.iri] == column]
        spare = tallest - max(box.y + box.height for box in here)
        for box in here:
            box.y += spare // 2


def _middle(boxes: Sequence[Box]) -> float:
    return sum(box.y + box.height / 2 for box in boxes) / len(boxes) if boxes else 0.0


def _properties(boxes: Mapping[str, Box]) -> Iterable[Arrow]:
    for box in boxes.values():
        for number, row in enumerate(box.rows):
            for target in row.targets:
                y = box.y + box.baseline(number) - _FONT // 3
                yield Arrow("property", _curve(box, y, boxes[target]))


def _narrower(boxes: Mapping[str, Box], broader: Sequence[tuple[str, str]]) -> Iterable[Arrow]:
    for above, below in broader:
        start, end = boxes[below], boxes[above]
        y, to = start.y + _PADDING + _LINE // 2, end.y + _PADDING + _LINE // 2
        right = end.x + end.width
        bend = (start.x + right) // 2
        yield Arrow("narrower", f"M{start.x} {y}C{bend} {y} {bend} {to} {right + 11} {to}")


def _curve(box: Box, y: int, target: Box) -> str:
    """Return the path from the right side of a box to its target: to the left side, or round to the right one."""
    start, to = box.x + box.width, target.y + _PADDING + _LINE // 2
    if target.x > start:
        bend = max(30, (target.x - start) // 2)
        return f"M{start} {y}C{start + bend} {y} {target.x - bend} {to} {target.x - 1} {to}"
    right = target.x + target.width
    bend = max(start, right) + _GAP_X // 2
    return f"M{start} {y}C{bend} {y} {bend} {to + 6} {right + 1} {to + 6}"


def _width(text: str, narrow: float) -> int:
    """Return about how wide a text is: a character as wide as it is high, or `narrow` of that."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return round(_FONT * (wide + narrow * (len(text) - wide)))
