"""A document as JSON, to hand what one process has read to another.

Not pickle: the sender has read a file that nobody vouches for, and what it says must not be able to run anything.
"""

import hashlib
import json
from operator import attrgetter
from typing import Any

from budgetgraph.converter.blocks import Block, Box, Cell, Grid, Locator, Paragraph
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers import Document
from budgetgraph.converter.readers.sheets import SheetRows

_fields = attrgetter("sheet", "columns", "numbers", "lines", "texts", "start", "spans")
_place = attrgetter("line", "field", "start", "end", "page", "box", "sheet", "ref", "part", "more")


def to_json(document: Document) -> bytes:
    """Return the document as UTF-8 JSON, with the checksum of its bytes in place of the bytes."""
    record = {
        "sha256": hashlib.sha256(document.data).hexdigest(),
        "media_type": document.media_type,
        "text": document.text,
        "blocks": [_written(block) for block in document.blocks],
        "problems": [[p.code, p.severity.value, p.message, _place(p.location)] for p in document.problems],
    }
    return json.dumps(record, separators=(",", ":")).encode()


def from_json(answer: bytes, name: str, data: bytes) -> Document:
    """Return the document again, with its bytes.

    Raises ValueError, TypeError or KeyError when the answer is no document, or one of other bytes.
    """
    record = json.loads(answer)
    if record["sha256"] != hashlib.sha256(data).hexdigest():
        raise ValueError("the file has changed meanwhile")
    problems = (
        Problem(str(code), Severity(severity), str(message), _locator(place))
        for code, severity, message, place in record["problems"]
    )
    blocks = tuple(map(_read, record["blocks"]))
    return Document(name, data, record["media_type"], blocks, record["text"], tuple(problems))


def _written(block: Block) -> list[Any]:
    if isinstance(block, Paragraph):
        return [block.text, _place(block.locator), block.confidence]
    if isinstance(block.stored, SheetRows):
        return [{"sheet": _fields(block.stored)}, _place(block.locator)]
    cells = [[[c.text, c.rowspan, c.colspan, c.confidence, _place(c.locator)] for c in row] for row in block.rows]
    return [cells, _place(block.locator)]


def _read(record: list[Any]) -> Block:
    content, place, *sure = record
    if isinstance(content, str):
        return Paragraph(content, _locator(place), *map(float, sure))
    if isinstance(content, dict):
        return Grid.of(_sheet_rows(*content["sheet"]), _locator(place))
    rows = tuple(
        tuple(
            Cell(str(text), r, c, int(rowspan), int(colspan), _locator(at), float(confidence))
            for c, (text, rowspan, colspan, confidence, at) in enumerate(row)
        )
        for r, row in enumerate(content)
    )
    return Grid(rows, _locator(place))


def _sheet_rows(
    sheet: str,
    columns: list[int],
    numbers: list[int],
    lines: list[int] | None,
    texts: list[list[str]],
    start: int,
    spans: list[list[int]],
) -> SheetRows:
    if len(texts) != len(numbers) or not {len(row) for row in texts} <= {len(columns)}:
        raise ValueError("rows of unequal length")
    ranges = [(int(row), int(column), int(rowspan), int(colspan)) for row, column, rowspan, colspan in spans]
    if not all(0 <= row < len(texts) and 0 <= column < len(columns) for row, column, *_ in ranges):
        raise ValueError("a range outside the table")
    read = [list(map(str, row)) for row in texts]
    places = list(map(int, columns)), list(map(int, numbers)), None if lines is None else list(map(int, lines))
    return SheetRows(str(sheet), *places, read, int(start), ranges)


def _locator(values: list[Any]) -> Locator:
    line, field, start, end, page, box, sheet, ref, part, more = values
    pieces = tuple((int(number), _box(place)) for number, place in more)
    return Locator(line, field, start, end, page, _box(box) if box else None, sheet, ref, part, pieces)


def _box(values: list[float]) -> Box:
    left, top, right, bottom = values
    return left, top, right, bottom
