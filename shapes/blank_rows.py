"""Rows whose rest is blank: cut at the end of a page, mostly, and the one cause of what is missing elsewhere.

A row of which a table prints the beginning or nothing breaks the sum above it in each of its blank columns, its own
sum, and each comparison with a table that prints it whole.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.explanations import decimal_of
from budgetgraph.shapes.results import Cell, Message, Result

_BLANK, _SUMS = "XT-blank", ("WT-", "QB-8x")
_ROWS, _COLUMNS = ("WT-3",), ("WT-1", "WT-2")
#: The class of a row in the last part of a figure's IRI: 2010601.basic, _T.basic.30101, appropriation.208.
_CLASS = re.compile(r"(?<![0-9A-Za-z])\d{3,7}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True)
class BlankRow:
    """A row with blank cells, and the results that it explains.

    cell  the last figure that is printed in the row, if any
    """

    message: Message
    cell: Cell | None
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class _Missing:
    """The results that miss something in a row, and the amounts (元) that may be missing."""

    results: tuple[Result, ...]
    amounts: frozenset[Decimal]


def blank_row(
    document: Document, results: Sequence[Result], sets: Mapping[str, str], cells: Mapping[str, Cell]
) -> BlankRow | None:
    """Return the row whose blank cells explain most results, if they explain more than one, sums among them.

    sets, cells  of each figure of the document: its data set, and where it is printed
    """
    best: BlankRow | None = None
    for code, missing in sorted(_missing(document, results, sets).items()):
        for data_set, sums in sorted(_broken(code, missing.amounts, results, sets).items()):
            explained = tuple(result for result in results if result in missing.results or result in sums)
            if best is None or len(explained) > len(best.results):
                best = _named(document, data_set, code, explained, sets, cells)
    return best


def _missing(document: Document, results: Sequence[Result], sets: Mapping[str, str]) -> dict[str, _Missing]:
    found: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        node = _node(result)
        if result.rule == _BLANK and node in sets and (code := _code(node, sets[node])):
            found[sets[node], code].append(result)
    rows: dict[str, _Missing] = {}
    for result, data_set in _sums(results, sets):
        if result.rule.startswith(_ROWS) and result.equation and (code := _code(_node(result), data_set)):
            rows[code] = _Missing((result,), frozenset({abs(result.equation.difference)}))
    for (data_set, code), own in found.items():
        there = [node for node, of in sets.items() if of == data_set and _code(node, data_set) == code]
        printed = (decimal_of(text) for node in there for text in document.texts(node, BUD.amount))
        known = rows.get(code, _Missing((), frozenset()))
        rows[code] = _Missing((*known.results, *own), known.amounts | {value for value in printed if value})
    return rows


def _broken(
    code: str, amounts: frozenset[Decimal], results: Sequence[Result], sets: Mapping[str, str]
) -> dict[str, list[Result]]:
    """Return the sums of a table that lack just what the row lacks, by data set."""
    broken: dict[str, list[Result]] = defaultdict(list)
    above: set[str] = set()
    for result, data_set in _sums(results, sets):
        node = _node(result)
        own = _code(node, data_set)
        if own is not None and not code.startswith(own):
            continue
        lacks = result.equation is None or abs(result.equation.difference) in amounts
        is_above = result.rule.startswith(_COLUMNS) and own is not None and own != code
        if is_above and own and _below(node, data_set, own, code) in sets:
            continue  # the row prints this column
        if lacks and (own or result.equation):
            broken[data_set].append(result)
            above.update({data_set} if is_above else ())
    return {data_set: own for data_set, own in broken.items() if data_set in above}


def _node(result: Result) -> str:
    return result.value.text if result.value else ""


def _sums(results: Sequence[Result], sets: Mapping[str, str]) -> Iterator[tuple[Result, str]]:
    for result in results:
        if result.rule.startswith(_SUMS) and result.value and result.value.text in sets:
            yield result, sets[result.value.text]


def _code(node: str, data_set: str) -> str | None:
    match = _CLASS.search(node.removeprefix(f"{data_set}/"))
    return match.group() if match else None


def _below(node: str, data_set: str, above: str, code: str) -> str:
    """Return the IRI of the figure of a row in the column of one above it."""
    return f"{data_set}/{node.removeprefix(f'{data_set}/').replace(above, code, 1)}"


def _named(
    document: Document,
    data_set: str,
    code: str,
    results: tuple[Result, ...],
    sets: Mapping[str, str],
    cells: Mapping[str, Cell],
) -> BlankRow:
    own = {node: cell for node, cell in cells.items() if sets[node] == data_set}
    printed = [cell for node, cell in own.items() if _code(node, data_set) == code]
    cell = max(printed, key=lambda each: each.column or 0, default=None)
    titles = document.texts(data_set, f"{PREFIXES['dcterms']}title")
    table = next((each.table for each in own.values()), None) or next(titles, data_set.rpartition("/")[2])
    if cell is not None and _ends_page(cell, own):
        zh = f"{table}的 {code} 行印在第 {cell.page} 页末，其余各栏是空白，可能在换页处被截断"
        en = f"row {code} of {table} stands at the end of page {cell.page} with the rest blank: likely cut by the page"
    elif cell is not None:
        zh = f"{table}的 {code} 行后面各栏是空白，可能漏印或被截断"
        en = f"the rest of row {code} of {table} is blank: likely left out or cut off"
    else:
        zh = f"{table}没有 {code} 行的数，可能漏印或在换页处被截断"
        en = f"{table} has no figures in row {code}: likely left out, or cut off at the end of a page"
    return BlankRow(Message(zh, en), cell, results)


def _ends_page(cell: Cell, cells: Mapping[str, Cell]) -> bool:
    """Tell whether a row is the last on its page, and the table goes on behind it."""
    if cell.page is None or cell.row is None:
        return False
    following = [each for each in cells.values() if each.row is not None and each.row > cell.row]
    return bool(following) and all(each.page is not None and each.page > cell.page for each in following)
