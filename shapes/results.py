"""What a validation found: frozen values, ordered, the same for the same data and shapes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """How much a result matters; the three of SHACL (https://www.w3.org/TR/shacl/#severity)."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"

    @property
    def rank(self) -> int:
        """Return the position when the worst comes first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Message:
    """A result in words: labels, codes and amounts, never running text of the source."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a figure is printed: table as it is numbered or called, row and column from 1, page if known.

    box       left, top, width, height on the page, in points from its upper left corner
    official  the table is one of the official tables, which hold amounts and no contacts
    """

    table: str
    row: int | None = None
    column: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = field(default=None, compare=False)
    official: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """The value node of a result: an IRI, or a literal with its datatype or language."""

    text: str
    is_iri: bool = True
    datatype: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A figure that takes part in an equation.

    amount   in 元
    printed  the text of its cell
    own      it is the sum, not a part of it
    shared   it takes part in another equation that fails too
    """

    node: str
    label: str
    amount: Decimal
    printed: str
    own: bool
    cell: Cell | None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """What may explain a difference: a kind that `causes.py` knows, and the figure it is about."""

    kind: str
    term: Term | None


@dataclass(frozen=True, slots=True)
class Equation:
    """An equation that does not hold, written out.

    amount, sum, difference, tolerance   in 元
    multiplier  power of ten of the unit that the figures are printed in: 4 for 万元
    is_sum      the terms that are not own add up to `sum`; otherwise they are printings that are compared
    """

    amount: Decimal
    sum: Decimal
    difference: Decimal
    tolerance: Decimal | None
    multiplier: int
    is_sum: bool
    terms: tuple[Term, ...]
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that is wrong.

    rule         last part of the shape's IRI ("WT-1")
    focus        IRI of the focus node: data set, observation or document version
    path         IRI of the property, where the shape has one
    value        what is wrong: mostly the IRI of the observation; of a blank cell, the IRI its figure would have
    component    IRI of the constraint component
    cells        where the value (or else the focus) is printed
    fingerprint  hash over rule, budget and what the result is about, without row numbers and amounts: it stays
                 when the document is published again with rows moved
    """

    rule: str
    severity: Severity
    focus: str
    path: str | None
    value: Value | None
    message: Message
    component: str
    cells: tuple[Cell, ...]
    fingerprint: str
    equation: Equation | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CommonCause:
    """What would explain several results, as a hint for people.

    kind          "figure" (one figure is wrong), "stated" (one amount of the text), "unit", "rows" or "columns" (all
                  of a table is off), "row" (a row is blank or cut off), "table" (many results
                  about one table)
    message       in words, with the table and figure
    cell          where to look, where it is one place
    fingerprints  of the results it would explain, two at least
    """

    kind: str
    message: Message
    cell: Cell | None
    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome for one document version.

    engine     name of the engine
    shapes     SHA-256 over the shape files
    source     what was validated, as the caller names it
    document   IRI of the document version
    title      its title, "" where it states none
    sha256     hash of the source it was converted from, "" where it states none
    series     IRI of the budget that the version states; the version's own where it states none
    data_sets  number of data sets in the document
    checked    rule -> number of equations, or of values, that the rule looked at
    handed_on  rules that the engine left to pySHACL, because it does not know all they state
    triples    number of triples in the document
    results    the worst first, then by rule and by what they are about
    causes     what several results have in common, where their equations were written out
    """

    engine: str
    shapes: str
    source: str
    document: str
    title: str
    sha256: str
    series: str
    data_sets: int
    checked: Mapping[str, int]
    handed_on: tuple[str, ...]
    triples: int
    results: tuple[Result, ...]
    causes: tuple[CommonCause, ...] = field(default=(), compare=False)

    @property
    def looked_at(self) -> int:
        """Return the number of equations and values that all rules looked at; 0 says nothing was checked."""
        return sum(self.checked.values())

    @property
    def conforms(self) -> bool:
        """Tell whether there is no violation. Warnings and infos do not count here, unlike in `sh:conforms`."""
        return not self.count(Severity.VIOLATION)

    def explained_by(self, cause: CommonCause) -> tuple[Result, ...]:
        """Return the results that a common cause would explain."""
        return tuple(result for result in self.results if result.fingerprint in cause.fingerprints)

    def count(self, severity: Severity) -> int:
        """Return the number of results of a severity."""
        return sum(result.severity is severity for result in self.results)


def amount(value: Decimal, multiplier: int) -> str:
    """Return an amount of 元 in the unit it is printed in: 14652800 in 万元 as "1,465.28", with two digits at least."""
    number = value.scaleb(-multiplier)
    fewest = 2 if multiplier else 0
    digits = max(fewest, -int(number.normalize().as_tuple().exponent)) if number else fewest
    return f"{number:,.{digits}f}"
