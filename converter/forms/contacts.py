"""Lists of contacts: recognised so that all of it is withheld; only the body's name and the headers stay."""

import re
from collections.abc import Sequence

from budgetgraph.converter.forms.booking import Booking
from budgetgraph.converter.forms.fields import withhold
from budgetgraph.converter.forms.rows import FormCell, Row
from budgetgraph.converter.forms.vocabulary import Vocabulary, key
from budgetgraph.converter.privacy import looks_like_phone, personal_kind

_HEADER_WORDS = frozenset(["序号", "备注", "单位", "部门", "职务", "科室", "处室", "地址"])
#: A body's name ends so; a person's does not.
_BODY = re.compile(r".*(?:办|办公室|局|委|会|部|院|所|站|队|中心|学校|公司|街道|镇|乡|厅|处|科|室|区|县|市)\Z")


def read_contacts(rows: Sequence[Row], words: Vocabulary, booking: Booking) -> tuple[str, ...]:
    """Book a contact list and return the names of bodies in it; every other cell below the headers is withheld."""
    bodies: list[str] = []
    columns: dict[int, str] = {}
    body_columns: set[int] = set()
    below = False
    for row in rows:
        if not below and all(_is_header(cell, words) for cell in row.cells):
            booking.header(*row.cells)
            columns |= {c.column: kind for c in row.cells if (kind := personal_kind(c.text))}
            body_columns |= {c.column for c in row.cells if _names_body(c, words)}
            continue
        below = True
        for cell in row.cells:
            if cell.column in body_columns and _BODY.fullmatch(key(cell.text)):
                booking.convert(cell, "organisation name", "label")
                bodies.append(cell.text.strip())
            else:
                withhold(cell, _kind(cell, columns), booking)
    return tuple(bodies)


def _kind(cell: FormCell, columns: dict[int, str]) -> str:
    """Return what a cell holds: what its header says, unless its own form says otherwise."""
    kind = columns.get(cell.column, "person_name")
    is_number = looks_like_phone(cell.text) or cell.text.strip().isdigit()
    if is_number:
        return kind if kind in {"phone", "qq"} else "phone"
    return "person_name" if kind in {"phone", "qq"} else kind


def _is_header(cell: FormCell, words: Vocabulary) -> bool:
    return personal_kind(cell.text) is not None or cell.key in _HEADER_WORDS or _names_body(cell, words)


def _names_body(cell: FormCell, words: Vocabulary) -> bool:
    return "department-name" in words.heads(cell.key) or cell.key in {"单位", "部门"}
