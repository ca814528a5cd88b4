"""Joins the pieces into which page turns cut a table.

Two grids are pieces of one table when nothing but blank lines stands between them and the second either
repeats the first one's header or goes on with the same width. Titles, unit lines and notes are paragraphs, so
they end a table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from budgetgraph.converter.blocks import Block, Cell, Grid, Paragraph
from budgetgraph.converter.labels import fold


@dataclass(frozen=True, slots=True)
class Stitched:
    """A table made whole: `grid` without repeated headers, which are kept apart; `pieces` as they stood."""

    grid: Grid
    pieces: tuple[Grid, ...]
    repeated: tuple[Cell, ...] = ()


def _folded(row: tuple[Cell, ...]) -> tuple[str, ...]:
    texts = [fold(cell.text) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _common_rows(first: Grid, second: Grid, depth: int) -> int:
    """Return how many leading rows of both grids are the same, up to `depth`."""
    count = 0
    for a, b in zip(first.rows[:depth], second.rows[:depth], strict=False):
        if _folded(a) != _folded(b):
            break
        count += 1
    return count


def _append(first: Grid, second: Grid, skip: int) -> Grid:
    width = max(first.width, second.width)
    rows: list[tuple[Cell, ...]] = []
    for row in (*first.rows, *second.rows[skip:]):
        end = row[-1]
        padding = tuple(
            Cell("", 0, column, locator=replace(end.locator, field=column + 1, start=end.locator.end))
            for column in range(len(row), width)
        )
        rows.append(tuple(replace(cell, row=len(rows)) for cell in (*row, *padding)))
    return Grid(tuple(rows), first.locator)


def stitch(blocks: Iterable[Block], header_depth: Callable[[Grid], int]) -> list[Paragraph | Stitched]:
    """Return the paragraphs and whole tables in reading order.

    header_depth  tells how many leading rows of a grid are its header
    """
    result: list[Paragraph | Stitched] = []
    for block in blocks:
        last = result[-1] if result else None
        if isinstance(block, Paragraph):
            result.append(block)
            continue
        if isinstance(last, Stitched):
            skip = _common_rows(last.pieces[0], block, header_depth(last.pieces[0]))
            if skip or (last.grid.width == block.width and header_depth(block) == 0):
                repeated = last.repeated + tuple(cell for row in block.rows[:skip] for cell in row)
                grid = _append(last.grid, block, skip)
                result[-1] = Stitched(grid, (*last.pieces, block), repeated)
                continue
        result.append(Stitched(block, (block,)))
    return result
