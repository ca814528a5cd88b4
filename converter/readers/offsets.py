"""Offsets of blocks in the text of a document whose form has no text of its own.

That text is the text of all blocks in order, the cells of a grid row by row, each followed by a line feed. It can
be built again from the blocks of the same file, so an offset into it names a place for good.
"""

from collections.abc import Iterable

from budgetgraph.converter.blocks import Block, Cell, Grid, Paragraph


def number(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks with `start` and `end` set in the locators of paragraphs, grids and cells."""
    result: list[Block] = []
    offset = 0
    for block in blocks:
        start = offset
        if isinstance(block, Grid):
            rows = []
            for row in block.rows:
                cells = []
                for cell in row:
                    end = offset + len(cell.text)
                    place = cell.locator.at(offset, end)
                    cells.append(
                        Cell(cell.text, cell.row, cell.column, cell.rowspan, cell.colspan, place, cell.confidence)
                    )
                    offset = end + 1
                rows.append(tuple(cells))
            result.append(Grid(tuple(rows), block.locator.at(start, max(start, offset - 1))))
        else:
            end = offset + len(block.text)
            result.append(Paragraph(block.text, block.locator.at(start, end), block.confidence))
            offset = end + 1
    return result


def text_of(blocks: Iterable[Block]) -> str:
    """Return the text into which the offsets of `number` point."""
    parts = []
    for block in blocks:
        if isinstance(block, Grid):
            parts += [cell.text for cell in block.cells()]
        else:
            parts.append(block.text)
    return "".join(f"{part}\n" for part in parts)
