"""Tables that are written as lines of text: no reader can tell their columns, so they are reported, not read."""

import re
from collections.abc import Iterable, Iterator, Sequence

from budgetgraph.converter.blocks import Block, Paragraph
from budgetgraph.converter.problems import Problem, Severity

#: An amount that stands for itself: no unit behind it, and no sentence around it ("支出 1,465.28 812.05").
_BARE = re.compile(
    r"(?<![^\s|:：])(?!20\d\d\.\d\d(?!\d))[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2,6}(?=\s*(?:\Z|[|]|\s-?[\d,]+(?:\.\d+)?(?!\S)|\s[-—/]+(?!\S)|\s{2,}|\t))",
    re.ASCII,
)
#: Fewest lines and amounts of a table, and most lines without one between two of its rows: labels of blank rows.
_FEWEST_LINES, _FEWEST_AMOUNTS, _MOST_BETWEEN = 3, 6, 12
#: Lines of a text, not of a table: behind them no row of the table above has fallen out.
_SENTENCE = re.compile(r"[。；：:]|.{40}")


def unread_tables(blocks: Iterable[Block]) -> list[Problem]:
    """Return a problem for each run of lines that look like rows of a table without cells, or of the one above them."""
    return [_problem(run) for run in _runs(blocks)]


def _runs(blocks: Iterable[Block]) -> Iterator[list[tuple[Paragraph, int]]]:
    run: list[tuple[Paragraph, int]] = []
    between = _MOST_BETWEEN
    is_rest = has_table = False
    for block in blocks:
        amounts = len(_BARE.findall(block.text)) if isinstance(block, Paragraph) else 0
        if amounts and isinstance(block, Paragraph):
            is_rest = is_rest or (not run and has_table)
            run.append((block, amounts))
            between = 0
            continue
        between = between + 1 if isinstance(block, Paragraph) else 0
        has_table = has_table and not (isinstance(block, Paragraph) and _SENTENCE.search(block.text))
        if between > _MOST_BETWEEN or not isinstance(block, Paragraph):
            if is_rest or _is_table(run):
                yield run
            run, is_rest, has_table = [], False, not isinstance(block, Paragraph)
    if is_rest or _is_table(run):
        yield run


def _is_table(run: Sequence[tuple[Paragraph, int]]) -> bool:
    return len(run) >= _FEWEST_LINES and sum(amounts for _, amounts in run) >= _FEWEST_AMOUNTS


def _problem(run: Sequence[tuple[Paragraph, int]]) -> Problem:
    message = (
        f"{len(run)} lines from here on have amounts ({sum(amounts for _, amounts in run)}) and look like rows of a "
        "table without cells; nothing says which column an amount stands in, so they are not read. Give the table "
        "with its cells"
    )
    return Problem("unread-table", Severity.ERROR, message, run[0][0].locator)
