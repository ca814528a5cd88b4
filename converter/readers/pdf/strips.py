"""What stands below the header of a table without ruled lines: strips of numbers below each other, and labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf

from budgetgraph.converter.readers.pdf.chunks import Chunk, chunks_of, is_numbering
from budgetgraph.converter.readers.pdf.columns import Row
from budgetgraph.converter.readers.pdf.lines import SPACE, Line

#: Edges that numbers share differ by no more than this, in points.
NEAR = 1.0


@dataclass(frozen=True, slots=True)
class Strip:
    """Numbers that stand below each other, by the edges that they share; None: they do not share it."""

    left: float
    right: float
    first: float | None
    last: float | None
    middle: float | None
    holds_amount: bool


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below a header."""

    strips: list[Strip]
    labels: list[Chunk]
    lines: list[Row]


def _shared(values: Iterable[float]) -> float | None:
    """Return what all values are, but for a little, or None."""
    values = sorted(values)
    return (values[0] + values[-1]) / 2 if values[-1] - values[0] <= NEAR else None


def _strips(rows: Sequence[Row]) -> list[Strip]:
    numbers = sorted((c for row in rows for c in row if c.is_number), key=lambda c: c.left)
    groups: list[list[Chunk]] = []
    end = -inf
    for chunk in numbers:
        if chunk.left < end:
            groups[-1].append(chunk)
        else:
            groups.append([chunk])
        end = max(end, chunk.right)
    return [
        Strip(
            min(c.left for c in group),
            max(c.right for c in group),
            _shared(c.left for c in group),
            _shared(c.right for c in group),
            _shared(c.middle for c in group),
            any("." in c.text or "," in c.text for c in group),
        )
        for group in groups
    ]


def parts(line: Line, apart: float = SPACE, starts: Sequence[float] = (), spread: bool = False) -> list[Chunk]:
    """Return the chunks of a line with their own upper and lower edges: cells of one row may stand a little lower."""
    found = []
    for chunk in chunks_of(line, apart, starts, spread):
        runs = [run for run in line.runs if run.left < chunk.right and chunk.left < run.right]
        found.append(replace(chunk, top=min(r.top for r in runs), bottom=max(r.bottom for r in runs)))
    return found


def body_of(lines: Sequence[Line]) -> Body:
    """Return what stands in the lines below a header; a row that numbers the columns counts where no others stand."""
    rows: list[Row] = [parts(line) for line in lines]
    numbering = [c for c in rows[0] if c.is_number] if is_numbering(rows[0]) else []
    strips = _strips(rows[1:] if numbering else rows)
    alone = [c for c in numbering if not any(c.left < s.right and s.left < c.right for s in strips)]
    strips = sorted([*strips, *_strips([alone])], key=lambda s: s.left)
    labels = [c for row in rows for c in row if not c.is_number and not c.holds_amount]
    return Body(strips, labels, rows)
