"""Columns of a table without ruled lines: where its numbers and labels stand."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from budgetgraph.converter.readers.pdf.chunks import Chunk, aligned, is_numbering, is_torn, usual_decimals

#: Left and right edge of a column.
Column = tuple[float, float]
#: The chunks of one line.
Row = Sequence[Chunk]

#: How sure the columns are when all numbers are aligned ...
STRAIGHT = 0.9
#: ... when there are but few rows, and each of their numbers stands below one name of the header and no other ...
BELOW_NAMES = 0.8
#: ... and when some are not or have no name above them, when there are but few rows below a header that names each
#: of their columns, and for the amounts of a row whose label an amount stands too near.
DOUBTFUL = 0.6
#: Lines of a broken amount have less than this part of their height between them.
TORN = 1.0
#: A table has at least this many rows with numbers, unless a header names as many columns.
FEWEST = 3


def _components(chunks: Sequence[Chunk]) -> list[Column]:
    """Return the stretches of the page's width that chunks take, overlapping ones as one."""
    result: list[Column] = []
    for chunk in sorted(chunks, key=lambda c: c.left):
        if result and chunk.left < result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], chunk.right)
        else:
            result.append((chunk.left, chunk.right))
    return result


def columns_of(body: Sequence[Row], header: Row) -> list[Column]:
    """Return left and right edge of each column.

    Numbers tell the columns of numbers. A label that reaches over a column of numbers is cut off there: in its row
    that column is blank. Words of the header's lowest line above no column are columns without an entry.

    body    the lines with entries; header: the lowest line of the header
    """
    body = [row for row in body if not is_numbering(row)]
    numbers = _components([chunk for row in body for chunk in row if chunk.is_number])
    labels = []
    for chunk in (chunk for row in body for chunk in row if not chunk.is_number):
        if any(left <= chunk.left < right for left, right in numbers):
            continue
        limit = min((left for left, _ in numbers if left > chunk.left), default=chunk.right)
        labels.append(Chunk("", chunk.left, 0.0, min(chunk.right, limit), 0.0))
    columns = sorted(numbers + _components(labels))
    columns += [(c.left, c.right) for c in header if not any(_over(c, column) for column in columns)]
    return sorted(columns)


def _over(chunk: Chunk, column: Column) -> bool:
    return chunk.left < column[1] and column[0] < chunk.right


def _column_of(chunk: Chunk, columns: Sequence[Column]) -> int:
    if not chunk.is_number:
        for index, (left, right) in enumerate(columns):
            if left <= chunk.left < right:
                return index
    distance = [max(left - chunk.right, chunk.left - right) for left, right in columns]
    return distance.index(min(distance))


def place(row: Row, columns: Sequence[Column]) -> list[int]:
    """Return the column of each chunk of a line: a number's by where it stands, a text's by where it begins."""
    if is_numbering(row) and len(row) == len(columns):
        return list(range(len(columns)))
    return [_column_of(chunk, columns) for chunk in row]


def confidence(
    body: Sequence[Row], columns: Sequence[Column], named: Mapping[int, Column], covered: AbstractSet[int], told: bool
) -> float:
    """Return how sure the columns are, or 0 when the lines are no table.

    named    the columns of which the header has a name, with the left and right edge of the lowest
    covered  the columns over which a name of the header stands, alone or over several; empty without a header
    told     whether the print tells how the names stand over each other
    """
    numbers: dict[int, list[Chunk]] = {}
    for row in body:
        if is_numbering(row):
            continue
        places = place(row, columns)
        if any(a == b and (x.is_number or y.is_number) for (a, x), (b, y) in pairwise(zip(places, row, strict=True))):
            return 0.0
        for column, chunk in zip(places, row, strict=True):
            if chunk.is_number:
                numbers.setdefault(column, []).append(chunk)
    if _has_torn(body, columns):
        return 0.0
    full = [chunks for chunks in numbers.values() if len(chunks) >= FEWEST]
    if full:
        straight = sum(aligned(chunks) for chunks in full)
        # Where numbers have no name above them, the names may stand over the wrong ones.
        nameless = bool(covered) and (not told or not numbers.keys() <= covered)
        return 0.0 if not straight else STRAIGHT if straight == len(full) and not nameless else DOUBTFUL
    if len(numbers) < FEWEST or not all(column in named for column in numbers):
        return 0.0
    if not told or len(named) < len(columns):
        return DOUBTFUL
    full_rows = all(len(row) == len(columns) for row in body)  # one entry for each name: there is but one order
    below = all(_below_its_name(chunk, column, named) for column, chunks in numbers.items() for chunk in chunks)
    return BELOW_NAMES if full_rows or below else DOUBTFUL


def _has_torn(body: Sequence[Row], columns: Sequence[Column]) -> bool:
    """Tell whether a column is so narrow that it breaks an amount over two lines, which would be read as two."""
    usual = usual_decimals(chunk for row in body for chunk in row)
    over: dict[int, Chunk] = {}
    for row in body:
        for column, chunk in zip(place(row, columns), row, strict=True):
            first = over.get(column)
            near = first is not None and chunk.top - first.bottom < TORN * chunk.height
            if first and near and is_torn(first.text, chunk.text, usual):
                return True
            over[column] = chunk
    return False


def _below_its_name(chunk: Chunk, column: int, named: Mapping[int, Column]) -> bool:
    """Tell whether a number shares half of the narrower one's width with its column's name, and none with another."""
    left, right = named[column]
    shared = min(right, chunk.right) - max(left, chunk.left)
    alone = not any(_over(chunk, name) for other, name in named.items() if other != column)
    return alone and shared * 2 >= min(right - left, chunk.right - chunk.left)


def is_contents(body: Sequence[Row]) -> bool:
    """Tell whether lines are a list of contents: entries, each followed by the number of its page."""
    rows = [row for row in body if any(chunk.is_number for chunk in row)]
    if any(sum(chunk.is_number for chunk in row) > 1 or not row[-1].is_number for row in rows):
        return False
    pages = [row[-1].text for row in rows]
    return all(page.isdecimal() and len(page) <= 3 for page in pages) and all(
        int(a) <= int(b) for a, b in pairwise(pages)
    )
