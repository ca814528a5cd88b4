"""The outcome of a mutation score for people."""

from collections.abc import Iterable, Iterator, Sequence

from budgetgraph.shapes.mutation import ALONE_FROM, AmountCell, Point
from budgetgraph.shapes.mutation_operators import Trial

#: So many unwatched cells are listed.
MOST = 100


def to_text(source: str, points: Sequence[Point], trials: Iterable[Trial]) -> str:
    """Return the curve, the operators and the cells that no rule watches."""
    return "\n".join(_lines(source, points, trials)) + "\n"


def _lines(source: str, points: Sequence[Point], trials: Iterable[Trial]) -> Iterator[str]:
    cells = points[0].cells if points else 0
    yield f"{source}: {cells} 个金额单元格 amount cells"
    yield ""
    yield "每格单独改动 each cell changed by (表的单位 unit of its table)"
    yield f"  {'改动 change':<12}{'违反 violation':>16}{'违反或警告 violation or warning':>32}"
    for point in points:
        least = "" if point.delta >= ALONE_FROM else ">="
        noticed = f"{least}{point.noticed} = {least}{point.share} %"
        yield f"  {f'+{point.delta}':<14}{least + str(point.violation):>16}{noticed:>30}"
    yield ""
    yield "差错种类 faults made (found/tried; 违反 violations)"
    for trial in trials:
        places = ", ".join(trial.missed)
        missed = f"; missed: {places}" if places else ""
        found = f"{trial.caught}/{trial.tried}" if trial.tried else "no place for it"
        yield f"  {trial.name}: {found} ({trial.violation}){missed}"
    yield ""
    unwatched = points[-1].missed if points else ()
    yield f"没有规则看管的单元格 cells that no rule watches (+{points[-1].delta}): {len(unwatched)}" if points else ""
    yield from (f"  {_place(cell)}" for cell in unwatched[:MOST])
    if len(unwatched) > MOST:
        yield f"  ... and {len(unwatched) - MOST} more"


def _place(cell: AmountCell) -> str:
    where = f" ({cell.cell.table}, row {cell.cell.row}, column {cell.cell.column})" if cell.cell else ""
    return f"{cell.node.rpartition('/budget/')[2] or cell.node} {cell.label}{where}"
