"""The values of an indicator's row -> targets, and what is wrong with them.

Values are taken as they are printed. What cannot be meant (292 % of a whole), what contradicts the columns beside
it, and what the form's template left is reported.
"""

from dataclasses import fields, replace

from budgetgraph.converter.budget import Place, Target, TargetValue
from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.columns import Column
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.several import parse_targets
from budgetgraph.converter.forms.targets import comparator_of
from budgetgraph.converter.forms.units import units
from budgetgraph.converter.forms.vocabulary import Vocabulary, key
from budgetgraph.converter.privacy import redact
from budgetgraph.converter.problems import Severity

_SIGNS = "≥≤≧≦<>="


def read_values(
    name: FormCell,
    cell: FormCell,
    comparator: FormCell | None,
    unit: FormCell | None,
    words: Vocabulary,
    booking: Booking,
) -> list[Target]:
    """Return the targets that a cell states, at least one; comparator and unit are cells of columns of their own."""
    sign = comparator.text.strip() if comparator and comparator_of(comparator.text) else ""
    printed_unit = unit.text.strip() if unit else ""
    found = targets_of(cell, sign, printed_unit, booking)
    _report(found, name, cell, sign, printed_unit, words, booking)
    return found


def targets_of(cell: FormCell, sign: str, unit: str, booking: Booking, column: Column | None = None) -> list[Target]:
    """Return the targets that a cell states; `column` is given where several columns hold values."""
    place = booking.place(cell)
    found = [
        target_of(value, _joined(sign, printed, unit if any(map(str.isdigit, printed)) else ""), place)
        for printed, value in parse_targets(cell.text, unit, sign)
    ]
    if column is None:
        return found
    return [replace(t, column=column.header, period=column.period, year=column.year) for t in found]


def _joined(sign: str, printed: str, unit: str) -> str:
    """Return a value with what the columns beside it say, each once: the cell may print them, too."""
    sign = "" if printed[:1] in {*_SIGNS} else sign
    return f"{sign}{printed}{'' if unit and printed.endswith(unit) else unit}"


def target_of(value: TargetValue, text: str, place: Place) -> Target:
    """Return a target that is printed with this text at a place; personal data in text and subject is withheld."""
    said = {field.name: getattr(value, field.name) for field in fields(value)}
    return Target(**said | {"subject": redact(value.subject)[0], "text": redact(text)[0], "place": place})


def _report(
    found: list[Target], name: FormCell, cell: FormCell, sign: str, unit: str, words: Vocabulary, booking: Booking
) -> None:
    text = cell.text.strip()
    if found[0].kind == "qualitative" and (sign or unit) and parse_targets(text)[0][1].kind == "quantitative":
        columns = " ".join(filter(None, (sign, unit)))
        message = f"{booking.table}: {redact(text)[0]!r} contradicts {columns!r} in the columns beside it; kept as text"
        booking.problem("value-contradiction", Severity.WARNING, message, cell)
    elif found[0].kind == "qualitative" and _is_unfilled(text):
        message = f"{booking.table}: {redact(text)[0]!r} is what the blank form prints, not a target"
        booking.problem("target-unfilled", Severity.WARNING, message, cell)
    for target in found:
        bound = target.minimum if target.minimum is not None else target.maximum
        is_share = target.normalised_unit == "UNITLESS" and words.is_share(key(target.subject or name.text))
        if is_share and bound is not None and bound > 1:
            message = (
                f"{booking.table}: {target.text!r} is more than the whole; it is published as printed. "
                "Compare it with the publication: a comparator may have been misread as a digit"
            )
            booking.problem("target-implausible", Severity.WARNING, message, cell)


def _is_unfilled(text: str) -> bool:
    """Tell whether a value is a comparator or a unit without a number."""
    rest = key(text).strip(_SIGNS)
    return not any(c.isdigit() for c in rest) and ((not rest and bool(text)) or units().find(rest) is not None)


def check_nature(nature: str, target: Target, cell: FormCell, booking: Booking) -> None:
    """Report a value in words that its form calls a number."""
    if nature.startswith("定量") and target.kind == "qualitative":
        message = f"{booking.table}: {target.text!r} is called {nature}, and no number can be read; kept as text"
        booking.problem("value-contradiction", Severity.WARNING, message, cell)
