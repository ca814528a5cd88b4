"""Which rows and columns of a table have amounts that are not converted, in the terms of its dimensions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from budgetgraph.converter.budget import STRUCTURES, TOTAL, DataSet, Figure, PrintedCell, TableGap


def with_gaps(data_sets: Sequence[DataSet], cells: Sequence[PrintedCell]) -> Iterator[DataSet]:
    """Return the data sets of one table with what is known of the cells whose amounts are not converted.

    A cell in a column of one data set says nothing of another that does not print that column.
    """
    grids = [_Grid(data_set) for data_set in data_sets]
    for grid in grids:
        own = [c for c in cells if c.column in grid.columns or not any(c.column in other.columns for other in grids)]
        yield grid.with_gaps(own)


class _Grid:
    """The figures of a data set by the rows and columns in which they are printed."""

    def __init__(self, data_set: DataSet) -> None:
        self.data_set = data_set
        self.rows: dict[int | None, list[Figure]] = defaultdict(list)
        self.columns: dict[int | None, list[Figure]] = defaultdict(list)
        for figure in data_set.figures:
            self.rows[figure.place.row].append(figure)
            self.columns[figure.place.column].append(figure)
        self.across = self._changing(self.rows.values())
        self.down = self._changing(self.columns.values())

    def _changing(self, lines: Iterable[list[Figure]]) -> tuple[str, ...]:
        """Return the dimensions in which figures of one line differ."""
        lines = list(lines)
        return tuple(n for n in STRUCTURES[self.data_set.structure] if any(len(_values(x, n)) > 1 for x in lines))

    def with_gaps(self, cells: Sequence[PrintedCell]) -> DataSet:
        gaps = dict.fromkeys(gap for cell in cells for gap in self._gaps(cell))
        return replace(self.data_set, unconverted=len(cells), gaps=tuple(gaps))

    def _gaps(self, cell: PrintedCell) -> Iterator[TableGap]:
        row, column = self.rows.get(cell.row), self.columns.get(cell.column)
        if column:
            yield self._gap(column, self.down, self.across)
        if row:
            yield self._gap(row, self.across, self.down)
        if not row and not column:
            yield TableGap((), ())

    def _gap(self, line: list[Figure], along: tuple[str, ...], other: tuple[str, ...]) -> TableGap:
        """Return the gap in a row or column: what its figures share is known of it.

        A value that all figures of the data set share is known too, unless the line could not show another.
        """
        known = [n for n in STRUCTURES[self.data_set.structure] if n not in along and (along or n in other)]
        return TableGap(tuple((name, line[0].dimensions.get(name)) for name in known), along)


def _values(figures: Iterable[Figure], name: str) -> set[str]:
    return {figure.dimensions.get(name, TOTAL) for figure in figures}
