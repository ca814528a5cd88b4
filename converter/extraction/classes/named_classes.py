"""Classes that a table prints by name alone: what a name means by the rows it stands below.

行政运行 is an item of nearly every 款, 其他支出 a 类 with a 款 of the same name: only its place says which class such a
name is. So the rows of a list are followed, and what is named by its place alone has to add up to the row above it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.amounts import adds_up
from budgetgraph.converter.budget import Figure
from budgetgraph.converter.extraction.classes.rows import RowMeaning, row_meaning
from budgetgraph.converter.extraction.table_state import Extraction, Panel
from budgetgraph.converter.problems import Severity
from budgetgraph.converter.profiles import RowRule
from budgetgraph.ontology.codelists import candidates, scheme

#: Dimension -> the classification that its notations are of; none of them begins with the digit of another's.
_SCHEMES = {"functionalClass": "functional", "economicClass": "dept-economic", "govEconomicClass": "gov-economic"}


def class_above(meaning: RowMeaning | None, before: str) -> str:
    """Return the code that the names of the rows below one are read by; `before` is that above it.

    A row that is not known, a total, and a class whose own 类 has no row end it.
    """
    code = next((meaning.dimensions[name] for name in _SCHEMES if name in meaning.dimensions), "") if meaning else ""
    return code if _above(code) in ("", *_chain(before)) else ""


def named_in_columns(work: Extraction, rules: Sequence[RowRule], printed: Sequence[str]) -> str:
    """Return the name of the class that a row is of, which columns of codes print in place of one: 类|款|项 in words.

    What stands in the columns before it is what the row stands below. Codes are no names.
    """
    names = [text.strip() for text in printed if text.strip()]
    if any(character.isdecimal() for name in names for character in name):
        return ""
    for name in names[:-1]:
        work.within = class_above(row_meaning(rules, "", name, "", work.year, work.within), work.within)
    return names[-1] if names else ""


def check_named(work: Extraction) -> None:
    """List the classes that their names alone do not tell for certain.

    A name of several classes has to add up, with those beside it, to the row that it stands below. And where more rows
    that are not known name classes of another list than rows that are known name those of this one alone, the table
    is one of the other list (住房公积金 is a function, too).
    """
    lists = {
        name for pane, _ in work.match.panes for s in pane.sections for r in s.rules if r.nested and (name := r.scheme)
    }
    placed_badly, of_others = list[Figure](), list[Figure]()
    for panel, figures in work.figures.items():
        for dimension, name in _SCHEMES.items():
            placed = [f for f in figures if dimension in f.dimensions and not f.code]
            doubtful = {f.dimensions[dimension] for f in placed if _by_place(name, f, dimension, work.year)}
            open_codes = _open(work, panel, dimension, {_above(code) for code in doubtful})
            wrong = {code for code in doubtful if _above(code) in open_codes}
            placed_badly += [f for f in placed if wrong.intersection(_chain(f.dimensions[dimension]))]
            if name in lists and _is_of_another(
                name, {f.label for f in placed}, work.unread.get(panel.section, ()), work.year
            ):
                of_others += [f for f in placed if _named(name, f.label, work.year)]
    _refuse(
        work,
        of_others,
        "more rows of the table name classes of another list, so it is not certain which list is its own",
    )
    placed_badly = [f for f in placed_badly if f not in of_others]
    why = (
        "their names stand for several classes, and with the rows beside them they do not add up to the row that they "
        "stand below, so it is not certain which class they are of"
    )
    _refuse(work, placed_badly, why)


def _refuse(work: Extraction, figures: Sequence[Figure], why: str) -> None:
    if figures:
        first = work.take_back(figures, Reason.UNKNOWN_ROW)
        message = f"{len(figures)} amounts are not converted: {why} (the first is {figures[0].label!r}). "
        work.problem("unknown-row", Severity.ERROR, f"{message}Compare them with the publication.", first)


def _is_of_another(name: str, known: Collection[str], unread: Collection[str], year: int) -> bool:
    """Tell whether unread labels that name classes of other lists alone are more than known ones of this list alone."""
    others = [other for other in _SCHEMES.values() if other != name]

    def alone(labels: Collection[str], *, here: bool) -> int:
        found = ((_named(name, label, year), any(_named(other, label, year) for other in others)) for label in labels)
        return sum(bool(own) is here and elsewhere is not here for own, elsewhere in found)

    return alone(unread, here=False) > alone(known, here=True)


def _named(name: str, label: str, year: int) -> set[str]:
    return {code for level in (1, 2, 3) for code in candidates(scheme(name, year), label, level=level)}


def _chain(code: str) -> Iterator[str]:
    """Yield a code and those above it."""
    while code:
        yield code
        code = _above(code)


def _above(code: str) -> str:
    return code[:-2] if len(code) > len("201") else ""


def _by_place(name: str, figure: Figure, dimension: str, year: int) -> bool:
    """Tell whether the label of a figure names its class, which is below another, and others as well."""
    named = _named(name, figure.label, year)
    code = figure.dimensions[dimension]
    return bool(_above(code)) and code in named and len(named) > 1


def _open(work: Extraction, panel: Panel, dimension: str, codes: set[str]) -> set[str]:
    """Return those of the classes with amounts that the classes right below them do not make up, in some column."""
    wholes: dict[tuple[str, frozenset[tuple[str, str]]], Decimal] = defaultdict(Decimal)
    parts: dict[tuple[str, frozenset[tuple[str, str]]], list[Decimal]] = defaultdict(list)
    for figure in work.figures[panel]:
        code = figure.dimensions.get(dimension, "")
        rest = frozenset(pair for pair in figure.dimensions.items() if pair[0] != dimension)
        if code in codes:
            wholes[code, rest] += figure.value
        if _above(code) in codes:
            parts[_above(code), rest].append(figure.value)
    step, printed = work.step_of(panel), {code for code, _ in wholes}
    keys = wholes.keys() | parts.keys()
    return {key[0] for key in keys if key[0] in printed and not adds_up(wholes[key], parts[key], step)}
