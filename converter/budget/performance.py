"""Performance objectives, their indicators, and the values these shall reach."""

from dataclasses import dataclass
from decimal import Decimal

from budgetgraph.converter.budget.places import Place


@dataclass(frozen=True, slots=True)
class TargetValue:
    """What a printed value says. All but `kind` are empty for text.

    kind        "quantitative" | "qualitative" | "completeness" (全年, 长期: over the whole period) | "dated"
    comparator  "le" | "ge" | "lt" | "gt" | "eq" | "between"; None for text
    implied     the comparator is not printed ("1次" is eq)
    value, upper_value   the printed number(s)
    unit        unit as printed ("小时"); "" when none is printed
    minimum, maximum     bounds in `normalised_unit`, both inclusive unless the comparator is strict
    normalised_unit      notation of the base unit: "SEC", "UNITLESS" (shares: 98% is 0.98), "YUAN", or the printed unit
    subject     what the number is of, where the cell says so ("慰问人数")
    start, end  of a date or period, as precise as printed, in a lexical form of XML Schema ("2023-12", "--06-30")
    """

    kind: str
    comparator: str | None = None
    implied: bool = False
    value: Decimal | None = None
    upper_value: Decimal | None = None
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    normalised_unit: str | None = None
    subject: str = ""
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(TargetValue):
    """The value an indicator shall reach, or was in an earlier year.

    text        as printed ("≤1 小时")
    column      header of the column, where a table has several columns of values
    period      notation of the scheme target-period, where the column says so
    year        of an earlier value, where the column says so
    """

    text: str
    place: Place
    column: str = ""
    period: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of a performance form. `level1` and `level2` are notations of the scheme indicator.

    targets     those of the column of values, and of further ones; several where one cell states several
    earlier     values of earlier years; no targets
    graded      values of the grades 优, 良, 中, 差, which their columns name; no targets. A form may print these alone
    achieved    what was reached, of a self-evaluation; no targets
    weight      points or weight, the number as printed; those of the levels likewise
    score       points given, of a self-evaluation, the number as printed
    nature      what the form says it is: 定量, 定性, 正向, 反向
    remarks     texts of further columns of notes, "评分标准：…"
    """

    order: int
    label: str
    level1: str
    level2: str | None
    level1_label: str
    level2_label: str
    targets: tuple[Target, ...]
    place: Place
    standard: str | None = None  # 绩效标准 or 备注, as printed
    shifted: bool = False  # the row did not stand under its header and was read by vocabulary
    earlier: tuple[Target, ...] = ()
    graded: tuple[Target, ...] = ()
    achieved: tuple[Target, ...] = ()
    weight: Decimal | None = None
    weight_text: str | None = None
    score: Decimal | None = None
    score_text: str | None = None
    level1_weight: Decimal | None = None
    level2_weight: Decimal | None = None
    nature: str | None = None
    remarks: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        """Return the first target. Raises IndexError where the form prints values of grades alone."""
        return self.targets[0]

    @property
    def further(self) -> tuple[Target, ...]:
        """Return the targets beside the first."""
        return self.targets[1:]


@dataclass(frozen=True, slots=True)
class Objective:
    """A performance objective with its indicators. scope "department" | "project"; horizon "long" | "annual".

    unit  the subordinate unit whose objective it is, as printed
    """

    id: str
    scope: str
    horizon: str
    order: int
    label: str
    place: Place
    indicators: tuple[Indicator, ...] = ()
    unit: str | None = None
