"""The state of reading one table, and how what it does not understand is listed."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Ledger, Reason
from budgetgraph.converter.amounts import PrintedNumber, parse_number, printed_step
from budgetgraph.converter.blocks import Cell, Locator
from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.budget import Figure, TableLine
from budgetgraph.converter.extraction.classes.code_pieces import CodePieces
from budgetgraph.converter.extraction.classes.rows import RowMeaning
from budgetgraph.converter.layouts.signatures import Match
from budgetgraph.converter.layouts.stitching import Stitched
from budgetgraph.converter.privacy import names_in, personal_kind
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.profiles import ColumnSpec

_REASONS = {
    "code": Reason.CODE,
    "unit-code": Reason.CODE,
    "unit": Reason.LABEL,
    "label": Reason.LABEL,
    "header": Reason.HEADER,
    "column-number": Reason.COLUMN_NUMBER,
    "line-number": Reason.LINE_NUMBER,
    "derived": Reason.DERIVED,
    "text": Reason.TEXT,
    "note": Reason.NOTE,
}


@dataclass(frozen=True, slots=True)
class Panel:
    """What makes a data set: the section of the signature; year, phase and unit where they are not the document's.

    unit  the name of a subordinate unit, as printed
    fund  of figures whose structure has no funds, where it is not the table's
    recipient  of transfers, as printed over their column
    """

    section: str | None
    year: int | None = None
    phase: str | None = None
    unit: str | None = None
    fund: str | None = None
    recipient: str | None = None

    @property
    def suffix(self) -> str:
        """Return what tells the data set from others of the table: "nature", "2024-executed", "u1a2b3c4d", ""."""
        place, unit = _told("r", self.recipient), _told("u", self.unit)
        return "-".join(str(part) for part in (self.section, place, self.fund, self.year, self.phase, unit) if part)


def _told(letter: str, name: str | None) -> str:
    return letter + hashlib.sha256(fold_name(name).encode()).hexdigest()[:8] if name else ""


@dataclass(frozen=True, slots=True)
class Names:
    """Names that a document's tables share.

    own    folded names of the body whose document it is
    units  unit code -> name, as far as the tables read so far print both
    whole  of one table: the unit whose table it is as a whole
    """

    own: frozenset[str] = frozenset()
    units: dict[str, str] = field(default_factory=dict)
    whole: str | None = None


@dataclass(slots=True)
class UnitRows:
    """What the rows read so far say of the units of a table.

    filled  whether the columns of unit names have names
    names   unit code -> name, of this table and of those before it
    own     folded names of the body whose document it is
    group   the unit whose row stands above the rows of its classes; None above the first
    certain whether the group is known
    order   unit -> rows of classes (from 0) that nothing but their order puts below its own row
    rows    unit -> its own rows (from 0), without a class
    """

    filled: bool = False
    names: dict[str, str] = field(default_factory=dict)
    group: str | None = None
    certain: bool = True
    span_end: int = 0
    own: frozenset[str] = frozenset()
    order: dict[str, set[int]] = field(default_factory=dict)
    rows: dict[str, set[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Extraction:
    """The state of reading one table.

    stated_phase  phase of a column 预算数: that which a note gives it, else "budget"
    codes         of the pane that is read
    whole         the unit whose table it is as a whole
    within        code by which the names of classes in the next row are read, see `named_classes`
    order         see `UnitRows`
    awaited       amounts that count only where a sum confirms them
    unread        section -> labels of rows that no rule fits
    of_which      section, dimension and value of what is printed as a part of another line or column (其中)
    """

    match: Match
    table: Stitched
    identity: str
    title: str
    multiplier: int | None
    year: int
    phase: str
    stated_phase: str
    ledger: Ledger
    paths: list[str]
    depth: int
    roles: dict[tuple[int, int], str] = field(default_factory=dict)
    figures: dict[Panel, list[Figure]] = field(default_factory=dict)
    numbers: dict[Panel, list[PrintedNumber]] = field(default_factory=dict)
    structures: dict[str | None, str] = field(default_factory=dict)
    kinds: dict[str | None, str] = field(default_factory=dict)
    lines: dict[str | None, list[TableLine]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unsure: list[Cell] = field(default_factory=list)
    awaited: set[Locator] = field(default_factory=set)
    group: str = ""
    group_end: int = 0
    within: str = ""
    codes: CodePieces = field(default_factory=lambda: CodePieces(0))
    units: UnitRows = field(default_factory=UnitRows)
    whole: str | None = None
    refused: Reason | None = None
    empty: Cell | None = None
    unread: dict[str | None, set[str]] = field(default_factory=dict)
    of_which: set[tuple[str | None, str, str]] = field(default_factory=set)
    seen: dict[tuple[Panel, frozenset[tuple[str, str]]], Cell] = field(default_factory=dict)
    order: dict[str, set[int]] = field(default_factory=dict)

    def book(self, cell: Cell, role: str) -> None:
        """Note what a cell is; a blank cell is nothing."""
        if not cell.is_blank:
            self.roles[cell.row, cell.column] = role
            if role in _REASONS:
                self.ledger.explain(cell, _REASONS[role])

    def reject(self, cell: Cell, reason: Reason) -> None:
        """List a cell that is no figure after all, or none with certainty."""
        self.ledger.converted.pop(cell.locator, None)
        self.book(cell, "text")
        self.ledger.explain(cell, reason)

    def take_back(self, figures: Collection[Figure], reason: Reason) -> Cell:
        """List figures, at least one, that are none after all, or none with certainty; return the cell of the first."""
        cells = {cell.locator: cell for cell in self.table.grid.cells()}
        taken = {figure.place.locator: cells[figure.place.locator] for figure in figures}
        for cell in taken.values():
            self.reject(cell, reason)
        for panel, known in self.figures.items():
            self.figures[panel] = [figure for figure in known if figure.place.locator not in taken]
        return next(iter(taken.values()))

    def step_of(self, panel: Panel) -> Decimal:
        """Return the smallest printed step of a data set in 元."""
        return printed_step(self.numbers.get(panel, ()), self.multiplier or 0)

    def problem(self, code: str, severity: Severity, message: str, cell: Cell) -> None:
        """Collect a fault of this table."""
        self.problems.append(Problem(code, severity, f"{self.title}: {message}", cell.locator))


def report_unknown_columns(work: Extraction, depth: int) -> None:
    """List the columns that the signature does not know, with their filled cells."""
    for index in work.match.unknown_columns:
        cells = [row[index] for row in work.table.grid.rows[depth:] if not row[index].is_blank]
        if kind := personal_kind(work.paths[index].rpartition("/")[2]):
            for cell in cells:
                work.roles[cell.row, cell.column] = "withheld"
                work.ledger.withhold(cell, kind, len(names_in(cell.text)) if kind == "person_name" else 1)
            continue
        readings = (pane.words.read(work.paths[index]) for pane in work.match.spec.panes if pane.words)
        words = [cell.text.strip() for cell in cells if parse_number(cell.text) is None]
        if words and any(meaning and meaning.role == "amount" for meaning in readings):
            why = f"has words ({words[0]!r}) where its header says amounts"
            what = "Compare it with the publication."
        else:
            why, what = f"is not in profile {work.match.spec.profile}", "Add the header to the profile."
        work.problem(
            "unknown-column",
            Severity.ERROR if cells else Severity.INFO,
            f"column {index + 1} ({work.paths[index]}) {why}; its {len(cells)} filled cells are not converted. {what}",
            work.table.grid.rows[0][index],
        )
        for cell in cells:
            work.roles[cell.row, cell.column] = "text"
            work.ledger.explain(cell, Reason.UNKNOWN_COLUMN)


def report_unknown_row(
    work: Extraction, code: str, label: str, row: Sequence[Cell], amounts: Sequence[tuple[ColumnSpec, Cell]]
) -> None:
    """List a row that no rule of the profile fits, with its amounts."""
    name = " ".join(filter(None, (code, label))) or "(blank)"
    filled = next(cell for cell in row if not cell.is_blank)
    if amounts:
        work.problem(
            "unknown-row",
            Severity.ERROR,
            f"row {name!r} is not in profile {work.match.spec.profile}; its {len(amounts)} amounts are not converted. "
            "Add its label to the profile.",
            amounts[0][1],
        )
    else:
        work.problem("unknown-row", Severity.INFO, f"row {name!r} without amounts is not known", filled)
    for _, cell in amounts:
        work.reject(cell, Reason.UNKNOWN_ROW)


def report_shared(work: Extraction, meaning: RowMeaning, cell: Cell) -> None:
    """List an amount whose cell covers several columns or rows."""
    work.reject(cell, Reason.UNKNOWN_COLUMN if cell.colspan > 1 else Reason.UNKNOWN_ROW)
    work.problem(
        "shared-amount",
        Severity.ERROR,
        f"{cell.text.strip()!r} in row {meaning.code or meaning.label!r} stands in a cell over {cell.colspan} columns "
        f"and {cell.rowspan} rows, so what it is about is not certain; it is not converted. Compare it with the "
        "publication.",
        cell,
    )


def report_undated(work: Extraction, column: ColumnSpec, cell: Cell) -> None:
    """List an amount of another year whose column does not say whether it is budget or account."""
    work.reject(cell, Reason.UNKNOWN_COLUMN)
    work.problem(
        "unknown-phase",
        Severity.ERROR,
        f"column {cell.column + 1} ({min(column.headers)}) is of another year and names no phase "
        f"(预算数, 执行数, 决算数); {cell.text.strip()!r} is not converted. Add the header to a profile with its "
        "phase.",
        cell,
    )


def report_unsure(work: Extraction) -> None:
    """Say how many amounts are not converted because the reader is not sure of them."""
    if work.unsure:
        first = work.unsure[0]
        work.problem(
            "low-confidence",
            Severity.ERROR,
            f"{len(work.unsure)} amounts are not converted: what is printed, or in which column, is not sure "
            f"(the first is {first.text.strip()!r}). Compare them with the publication.",
            first,
        )
