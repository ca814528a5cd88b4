"""What results have in common: one figure, one table or one sentence whose fault would explain several of them.

A wrong figure breaks each equation it takes part in, and a table whose rows are moved breaks nearly all. A person
looks for the one fault first. These are hints ("likely"), never corrections, and no result is left out for them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from budgetgraph.ontology.namespaces import BUD, PREFIXES
from budgetgraph.shapes.blank_rows import blank_row
from budgetgraph.shapes.documents import Document
from budgetgraph.shapes.explanations import decimal_of, multiplier_of, term_of
from budgetgraph.shapes.queries import solutions
from budgetgraph.shapes.results import Cell, CommonCause, Equation, Message, Result, Severity, Term, amount
from budgetgraph.shapes.rules import ROUNDING
from budgetgraph.shapes.sparql_terms import text_of

#: So many figures of a table have to speak for a fault of the whole table; a wrong unit is told by fewer.
FEWEST = {"unit": 2, "rows": 3, "columns": 3}
#: So many results about one table, with nothing else in common, speak for a fault of that table.
MANY = 8
#: More figures than this, each of which would explain the same results, are not named.
MOST_NAMED = 3
#: Rules on amounts and names in tables: what a moved table or wrong figure breaks.
_ABOUT_FIGURES = ("WT-", "XT-", "QB-8x", "QB-12", "NR-1", "NR-9", "CL-2", "CL-3", "CL-4", "GP-", "BR-")
_ABOUT_SUMS = ("WT-", "XT-", "QB-8x")
_ABOUT_SENTENCES = ("NR-1", "NR-9", "YY-", "PC-1", "PC-3")
_OF_LEVEL, _ABOUT, _STATED = BUD.ofLevel, BUD.aboutObservation, BUD.claimedAmount
_PRINTED, _TOPIC = BUD.sourceValue, BUD.topicLabel


@dataclass(frozen=True, slots=True)
class _Hint:
    """What a result says of a figure: with another amount (元) in its place the equation would hold."""

    result: Result
    term: Term
    wanted: Decimal
    slack: Decimal


@dataclass(frozen=True, slots=True)
class _Common:
    kind: str
    message: Message
    cell: Cell | None
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figures of a document: node -> data set, and of each data set: row and column -> amount (元)."""

    sets: Mapping[str, str]
    places: Mapping[str, Mapping[tuple[int, int], Decimal]]
    cells: Mapping[str, Cell]


def common_causes(document: Document, results: Sequence[Result]) -> tuple[CommonCause, ...]:
    """Return what two or more results have in common, what explains most of them first; a result stands in one only.

    results  with their equations, as `explained` writes them out
    """
    open_results = [result for result in results if result.severity is not Severity.INFO]
    if len(open_results) < 2:
        return ()
    figures = _figures(document)
    found: list[tuple[int, CommonCause]] = []
    for way in (_moved_tables, _units, _blank_rows, _wrong_figures, _sentences, _broken_tables):
        while common := way(document, open_results, figures):
            fingerprints = tuple(dict.fromkeys(result.fingerprint for result in common.results))
            explained = [result for result in open_results if result.fingerprint in fingerprints]
            open_results = [result for result in open_results if result.fingerprint not in fingerprints]
            found.append((len(explained), CommonCause(common.kind, common.message, common.cell, fingerprints)))
    return tuple(cause for _, cause in sorted(found, key=lambda each: -each[0]))


def _figures(document: Document) -> _Figures:
    query = f"SELECT ?o ?s ?v WHERE {{ ?o <{PREFIXES['qb']}dataSet> ?s ; <{BUD.amount}> ?v FILTER (ISNUMERIC(?v)) }}"
    sets: dict[str, str] = {}
    cells: dict[str, Cell] = {}
    places: dict[str, dict[tuple[int, int], Decimal]] = defaultdict(dict)
    for node, data_set, value in (map(text_of, row) for row in solutions(document, query).rows):
        sets[node] = data_set
        for cell in document.cells(node)[:1]:
            cells[node] = cell
            if cell.row is not None and cell.column is not None:
                places[data_set][cell.row, cell.column] = decimal_of(value) or Decimal(0)
    return _Figures(sets, places, cells)


def _touched(document: Document, result: Result, figures: _Figures) -> set[str]:
    """Return the data sets whose figures a result is about, itself or through what the text states of them."""
    nodes = {term.node for term in result.equation.terms} if result.equation else set()
    if result.value and result.value.is_iri:
        nodes |= {result.value.text, *document.texts(result.value.text, _ABOUT)}
    known = {figures.sets[node] for node in nodes if node in figures.sets}
    return known | ({result.focus} if result.focus in figures.places else set())


def _moved_tables(document: Document, results: Sequence[Result], figures: _Figures) -> _Common | None:
    """Return the table whose figures stand in other rows, columns or units than those of other tables, if any."""
    speaking: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    compared: dict[str, set[str]] = defaultdict(set)
    for result in results:
        for one, other in _compared(result.equation, figures):
            data_set = figures.sets[one.node]
            compared[data_set].add(one.node)
            for kind in _ways(one, other.amount, figures):
                speaking[data_set, kind][one.node] = figures.sets[other.node]
    best: tuple[int, int, str, str] | None = None
    for (data_set, kind), nodes in sorted(speaking.items()):
        if len(nodes) >= FEWEST[kind.partition(" ")[0]] and 2 * len(nodes) >= len(compared[data_set]):
            touching = sum(data_set in _touched(document, result, figures) for result in results)
            best = max(best or (0, 0, "", ""), (touching, len(nodes), data_set, kind))
    if best is None:
        return None
    _, number, data_set, kind = best
    theirs = Counter(speaking[data_set, kind].values()).most_common(1)[0][0]
    this, that = (_table(document, each, figures) for each in (data_set, theirs))
    kind = kind.partition(" ")[0]
    zh, en = {
        "unit": (
            f"{this}的数与{that}相差一万倍（{number} 个数），可能写错了计量单位（元、万元）",
            f"{number} figures of {this} are ten thousand times off those of {that}: a unit is likely wrong",
        ),
        "rows": (
            f"{this}的数与{that}相比整体错行（{number} 个数），可能有行移位",
            f"{number} figures of {this} stand rows away from where {that} prints them: rows are likely shifted",
        ),
        "columns": (
            f"{this}的数与{that}相比错栏（{number} 个数），可能有两栏对调或移位",
            f"{number} figures of {this} stand in other columns than in {that}: columns are likely swapped or shifted",
        ),
    }[kind]
    return _about_table(document, kind, data_set, Message(zh, en), results, figures)


def _compared(equation: Equation | None, figures: _Figures) -> Iterator[tuple[Term, Term]]:
    """Yield pairs of unequal figures that two tables print of the same thing."""
    if equation is None or equation.is_sum:
        return
    known = [term for term in equation.terms if term.node in figures.cells and term.amount]
    for one, other in permutations(known, 2):
        if figures.sets[one.node] != figures.sets[other.node] and one.amount != other.amount:
            yield one, other


def _ways(term: Term, wanted: Decimal, figures: _Figures) -> Iterator[str]:
    """Yield in which ways a figure is out of its place: "unit", "columns", "rows 1" (and how far)."""
    if any(abs(wanted - term.amount * factor) <= abs(wanted) / 100 for factor in (10_000, Decimal("0.0001"))):
        yield "unit"
    cell = figures.cells[term.node]
    if cell.row is None or cell.column is None:
        return
    printed = figures.places[figures.sets[term.node]]
    steps = (-2, -1, 1, 2)
    if any(printed.get((cell.row, cell.column + step)) == wanted for step in steps):
        yield "columns"
    yield from (f"rows {step}" for step in steps if printed.get((cell.row + step, cell.column)) == wanted)


def _about_table(
    document: Document, kind: str, data_set: str, message: Message, results: Iterable[Result], figures: _Figures
) -> _Common | None:
    own = tuple(
        result
        for result in results
        if result.rule.startswith(_ABOUT_FIGURES) and data_set in _touched(document, result, figures)
    )
    return _Common(kind, message, None, own) if len(own) > 1 else None


def _table(document: Document, data_set: str, figures: _Figures) -> str:
    """Return what a table is called."""
    names = (cell.table for node, cell in figures.cells.items() if figures.sets[node] == data_set)
    titles = document.texts(data_set, f"{PREFIXES['dcterms']}title")
    return next(names, None) or next(titles, data_set.rpartition("/")[2])


def _units(_document: Document, results: Sequence[Result], _figures: _Figures) -> _Common | None:
    """Return the results that say that text and tables are in different units, if there are several."""
    own = tuple(result for result in results if result.rule == "NR-1-unit")
    message = Message(
        "文字与表中的这些数都相差一万倍，文字或表可能写错了计量单位（元、万元）",
        "in all of them text and tables are ten thousand times off each other: the unit of one is likely wrong",
    )
    return _Common("unit", message, None, own) if len(own) > 1 else None


def _blank_rows(document: Document, results: Sequence[Result], figures: _Figures) -> _Common | None:
    """Return the row that was cut off, if one explains several results."""
    found = blank_row(document, results, figures.sets, figures.cells)
    return _Common("row", found.message, found.cell, found.results) if found and len(found.results) > 1 else None


def _wrong_figures(document: Document, results: Sequence[Result], figures: _Figures) -> _Common | None:
    """Return the figure that, with one other amount in its place, lets most equations hold, if it is more than one."""
    hints: dict[str, list[_Hint]] = defaultdict(list)
    for result in results:
        for hint in _hints(document, result, figures):
            hints[hint.term.node].append(hint)
    groups = {node: _agreeing(own) for node, own in hints.items()}
    groups = {node: own for node, own in groups.items() if len({hint.result for hint in own}) > 1}
    if not groups:
        return None
    best = max(groups.values(), key=lambda own: (len(own), own[0].term.own, own[0].term.node))
    same = [own[0] for own in groups.values() if {h.result for h in own} == {h.result for h in best}]
    explains = {hint.result for hint in best}
    if len(same) == 1:
        node = same[0].term.node
        explains |= {r for r in results if r.rule.startswith(_ABOUT_SUMS) and r.value and r.value.text == node}
        explains |= {hint.result for hint in hints[node] if _lets_hold(hint, best[0].wanted)}
    ordered = tuple(result for result in results if result in explains)
    return _Common("figure", _figure_message(document, same, best), same[0].term.cell, ordered)


def _hints(document: Document, result: Result, figures: _Figures) -> Iterator[_Hint]:
    equation = result.equation
    if result.rule == "NR-1":
        yield from _stated(document, result, figures)
    if equation is None or not equation.difference:
        return
    slack = equation.tolerance or Decimal(0)
    if equation.is_sum:
        for term in equation.terms:
            wanted = term.amount - equation.difference if term.own else term.amount + equation.difference
            yield _Hint(result, term, wanted, slack)
        if not any(term.own for term in equation.terms) and result.value and result.value.is_iri:
            name = result.value.text.rpartition("/")[2]
            yield _Hint(result, Term(result.value.text, name, Decimal(0), "", True, None), equation.sum, slack)
        return
    amounts = Counter(term.amount for term in equation.terms)
    for term in equation.terms:
        for own, wanted in ((equation.amount, equation.sum), (equation.sum, equation.amount)):
            if term.amount == own != wanted and amounts[own] == 1:
                yield _Hint(result, term, wanted, slack)


def _stated(document: Document, result: Result, figures: _Figures) -> Iterator[_Hint]:
    """Yield the figure that a text states otherwise, with the amount stated, known to its last printed digit."""
    claim = result.value.text if result.value else ""
    node, stated, printed = (next(document.texts(claim, p), "") for p in (_ABOUT, _STATED, _PRINTED))
    number = re.sub(r"[^0-9.]", "", printed)
    wanted = decimal_of(stated)
    if node not in figures.cells or wanted is None or not re.fullmatch(r"\d+(\.\d+)?", number) or not Decimal(number):
        return
    last = abs(wanted) / Decimal(number) / 10 ** len(number.partition(".")[2])
    yield _Hint(result, term_of(document, node, Decimal(0)), wanted, last)


def _agreeing(hints: Sequence[_Hint]) -> list[_Hint]:
    """Return the hints that want the same amount, most of them; each of another result."""
    best: list[_Hint] = []
    for one in hints:
        own = {hint.result: hint for hint in hints if abs(hint.wanted - one.wanted) <= hint.slack + one.slack}
        if len(own) > len(best):
            best = list(own.values())
    return best


def _lets_hold(hint: _Hint, wanted: Decimal) -> bool:
    """Tell whether a comparison would hold with the amount wanted elsewhere: it then lies on the other side."""
    equation = hint.result.equation
    if equation is None or equation.is_sum:
        return False
    return (hint.wanted - hint.term.amount > 0) == (wanted - hint.wanted > 0)


def _figure_message(document: Document, same: Sequence[_Hint], best: Sequence[_Hint]) -> Message:
    if len(same) > 1:
        names = [_named(hint.term) for hint in same[:MOST_NAMED]]
        more = len(same) > MOST_NAMED
        zh = f"下列数之一可能有误：{'；'.join(zh for zh, _ in names)}{'等' if more else ''}"
        return Message(zh, f"one of these figures is likely wrong: {'; '.join(en for _, en in names)}{' ...' * more}")
    (hint,) = same
    equation = hint.result.equation
    power = equation.multiplier if equation else multiplier_of(document, (hint.term,))
    wanted = amount(hint.wanted, power)
    zh, en = _named(hint.term)
    if all(each.result.rule.endswith(ROUNDING) for each in best):
        return Message(
            f"可能因{zh}的舍入：若为 {wanted}，其中 {len(best)} 个等式都成立",
            f"likely the rounding of {en}: with {wanted} in its place, {len(best)} of the equations hold",
        )
    if decimal_of(hint.term.printed.replace(",", "")) == hint.wanted.scaleb(-power):
        data = amount(hint.term.amount, power)
        return Message(
            f"{zh}在数据中是 {data}，与印出的不同：按印出的数，其中 {len(best)} 个等式都成立",
            f"{en} is {data} in the data, unlike what is printed: as printed, {len(best)} of the equations hold",
        )
    return Message(
        f"{zh}可能有误：若为 {wanted}，其中 {len(best)} 个等式都成立",
        f"{en} is likely wrong: with {wanted} in its place, {len(best)} of the equations hold",
    )


def _named(term: Term) -> tuple[str, str]:
    table = term.cell.table if term.cell else ""
    if not term.printed:
        return f"{table}“{term.label}”（空白）", f"“{term.label}” (blank){f' in {table}' if table else ''}"
    return f"{table}“{term.label}”{term.printed}", f"“{term.label}” {term.printed}{f' in {table}' if table else ''}"


def _sentences(document: Document, results: Sequence[Result], _figures: _Figures) -> _Common | None:
    """Return the amount of the text that several results are about, if there is one."""
    levels: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.rule.startswith(_ABOUT_SENTENCES) and result.value and result.value.is_iri:
            claim = result.value.text
            levels[next(document.texts(claim, _OF_LEVEL), claim)].append(result)
    level, own = max(levels.items(), key=lambda each: len(each[1]), default=("", []))
    if len(own) < 2:
        return None
    printed, topic = (next(document.texts(level, p), "") for p in (_PRINTED, _TOPIC))
    topic = topic.strip("“”")
    message = Message(
        f"都与文字中“{topic}”的“{printed}”有关，这个数可能有误",
        f"all are about “{printed}” for “{topic}” in the text, which is likely wrong",
    )
    return _Common("stated", message, next(iter(own[0].cells), None), tuple(own))


def _broken_tables(document: Document, results: Sequence[Result], figures: _Figures) -> _Common | None:
    """Return the table that many results are about, if there is one."""
    touching = Counter(
        data_set
        for result in results
        if result.rule.startswith(_ABOUT_FIGURES)
        for data_set in sorted(_touched(document, result, figures))
    )
    for data_set, number in touching.most_common(1):
        if number >= MANY:
            name = _table(document, data_set, figures)
            message = Message(
                f"都与{name}有关，该表可能有行、栏移位或单位错误",
                f"all are about {name}: its rows or columns are likely shifted, or its unit is wrong",
            )
            return _about_table(document, "table", data_set, message, results, figures)
    return None
