"""Compiled templates: one for each shape of row of a data set.

The parts of a row that are the same for the whole data set are written down once; what changes is escaped, and put
between them by position, for many rows in one step. That is what makes emission many times faster than building
triples one by one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice, repeat
from typing import Protocol

from budgetgraph.converter.rdf.terms import Pair, escaped
from budgetgraph.ontology.collecting import collector_paused

#: Rows that are rendered before they are handed on.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Slot:
    """A changing object: what stands before and behind its value, e.g. `"` and `"^^<...#decimal>`.

    is_text  whether the values are free text: they are escaped, and stand between quotation marks
    """

    predicate: str
    before: str
    after: str
    is_text: bool = False

    def around(self, value: str) -> str:
        """Return the term with a value that needs no escaping."""
        mark = '"' if self.is_text else ""
        return f"{self.before}{mark}{value}{mark}{self.after}"


class Syntax(Protocol):
    """How a statement is written down."""

    def term(self, term: str) -> str:
        """Return an N-Triples term as this syntax writes it."""

    def statements(self, subject: str, pairs: Sequence[Pair], graph: str) -> str:
        """Return the text of all statements about a subject; objects are written as this syntax has them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one shape: subjects `<{stem}{row[0]}>`, constant pairs, and one slot for each further value.

    Values are taken as they are, but for those of slots of text. They are read once for each rendering, in chunks, so
    that an iterator serves for any number of rows.
    """

    stem: str
    constants: tuple[Pair, ...]
    slots: tuple[Slot, ...]
    values: Iterable[Sequence[str]]

    def render(self, syntax: Syntax, graph: str) -> Iterator[bytes]:
        """Yield the statements in chunks of UTF-8 text."""
        mark = "\x00"
        pairs = [(p, syntax.term(o)) for p, o in self.constants]
        pairs += [(s.predicate, syntax.term(s.around(mark))) for s in self.slots]
        text = syntax.statements(f"<{self.stem}{mark}\x01>", pairs, graph)
        beginning, *behind = text.split(mark)
        slots = count(1)
        order = [0 if piece.startswith("\x01") else next(slots) for piece in behind]  # the subject is marked apart
        pieces = [repeat(piece.removeprefix("\x01").encode()) for piece in behind]
        first = repeat(beginning.encode())
        texts = [index for index, slot in enumerate(self.slots, start=1) if slot.is_text]
        values = iter(self.values)
        while True:
            with collector_paused():
                columns: list[Sequence[str]] = list(zip(*islice(values, CHUNK), strict=True))
            if not columns:
                return
            for index in texts:
                columns[index] = escaped(columns[index])
            # Encoded one by one: a single Chinese value would make a chunk of text twice as large and slow to encode.
            changing = ((map(str.encode, columns[index]), piece) for index, piece in zip(order, pieces, strict=True))
            parts = zip(first, *chain.from_iterable(changing), strict=False)
            yield b"".join(chain.from_iterable(parts))
