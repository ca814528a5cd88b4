"""Heads and their values: "项目总预算 | 41 | 项目当年预算 | 41". Personal values never leave this module."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.choices import has_box
from budgetgraph.converter.forms.markup import Plain, plain
from budgetgraph.converter.forms.rows import FormCell
from budgetgraph.converter.forms.sections import FIELDS, Section, is_field_head
from budgetgraph.converter.forms.vocabulary import Vocabulary
from budgetgraph.converter.privacy import looks_like_phone, names_in, personal_kind, redact


@dataclass(frozen=True, slots=True)
class Field:
    """A head with its value. `plain` is the value without markup, its offsets those of the cell's text."""

    role: str
    head: FormCell
    value: FormCell | None
    plain: Plain | None = None

    @property
    def text(self) -> str:
        """Return the value without markup and without numbers at which people are reached."""
        return redact(self.plain.text.strip())[0] if self.plain else ""


@dataclass(slots=True)
class Fields:
    """The fields of a form in printed order."""

    found: list[Field] = field(default_factory=list)

    def first(self, role: str) -> Field | None:
        """Return the first field with this role that has a value."""
        return next((f for f in self.found if f.role == role and f.value is not None), None)

    def all(self, *roles: str) -> list[Field]:
        """Return the fields with one of these roles that have a value."""
        return [f for f in self.found if f.role in roles and f.value is not None]


def read_fields(sections: Iterable[Section], words: Vocabulary, booking: Booking) -> Fields:
    """Return all fields; heads are booked as labels, personal values are withheld, other values are left to book."""
    fields = Fields()
    for section in sections:
        for row in section.rows:
            _read_row(row, fields, words, booking)
    return fields


def _read_row(row: Sequence[FormCell], fields: Fields, words: Vocabulary, booking: Booking) -> None:
    """Read a row. In a row with a personal head, what belongs to no head may be its value, and is withheld."""
    heads = [index for index, cell in enumerate(row) if is_field_head(cell, words)]
    is_personal = any(personal_kind(row[index].text) for index in heads)
    strays = list(row[: heads[0]])
    if not is_personal:  # a heading over several fields
        booking.label(*(cell for cell in strays if cell.pieces[0].rowspan > 1))
    for index, end in zip(heads, [*heads[1:], len(row)], strict=True):
        head, values = row[index], row[index + 1 : end]
        booking.label(head)
        kind = personal_kind(head.text)
        if kind is not None:
            for cell in values:
                withhold(cell, kind, booking)
            continue
        roles = words.heads(head.key)
        role = next((r for r in FIELDS if r in roles), "text")
        if role == "text" and values and _heads_rows(head, values[0], row):
            strays += values
            continue
        if len(values) > 1 and all(has_box(cell.text) for cell in values):  # the options stand in a cell each
            fields.found.append(Field(role, head, values[0], plain("".join(cell.text for cell in values))))
            for cell in values[1:]:
                booking.convert(cell, "statement", "text", redact(cell.text.strip())[0])
            continue
        value = values[0] if values else None
        fields.found.append(Field(role, head, value, plain(value.text) if value else None))
        strays += values[1:]
    if is_personal:
        for cell in strays:
            withhold(cell, "person_name", booking)
    booking.not_understood(tuple(strays), "cells that belong to no head")


def _heads_rows(head: FormCell, value: FormCell, row: Sequence[FormCell]) -> bool:
    """Tell whether a head spans rows in which several cells stand: they are a table, and the first its header."""
    return value.pieces[0].rowspan < head.pieces[0].rowspan and row[-1] is not value


def withhold(cell: FormCell, kind: str, booking: Booking) -> None:
    """Book a personal cell: as names, or as a number when it looks like one whatever its head says."""
    text = cell.text.strip()
    if kind == "person_name" and (looks_like_phone(text) or text.isdigit()):
        kind = "phone"
    if kind == "person_name":
        booking.withhold(cell, kind, names_in(plain(text).text))
    else:
        booking.withhold(cell, kind, (text,))


def take_text(found: Field, what: str, booking: Booking) -> str:
    """Return a field's text and book its cell as converted; numbers of people are replaced and counted."""
    assert found.value is not None  # noqa: S101  # callers take fields that have a value
    text, count = redact(found.plain.text.strip() if found.plain else "")
    booking.count_redacted(count)
    booking.convert(found.value, what, "text", redact(found.value.text.strip())[0])
    return text
