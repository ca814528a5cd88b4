"""Blocks of one file among several: every place names its file."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from budgetgraph.converter.blocks import Block, Grid


def in_part(blocks: Iterable[Block], part: str) -> Iterator[Block]:
    """Yield the blocks with places in the file `part`."""
    for block in blocks:
        place = replace(block.locator, part=part)
        if isinstance(block, Grid):
            rows = tuple(
                tuple(replace(cell, locator=replace(cell.locator, part=part)) for cell in row) for row in block.rows
            )
            yield Grid(rows, place)
        else:
            yield replace(block, locator=place)
