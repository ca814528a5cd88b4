"""Compiled templates: one for each shape of row of a data set, filled with `%`.

The parts of a row that are the same for the whole data set are written into the template once; what changes is
escaped, and put in by position. That is what makes emission many times faster than building triples one by one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol

from budgetgraph.converter.rdf.terms import Pair

#: Rows that are rendered before they are handed on.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Slot:
    """A changing object: what stands before and behind its value, e.g. `"` and `"^^<...#decimal>`."""

    predicate: str
    before: str
    after: str


class Syntax(Protocol):
    """How a statement is written down."""

    def term(self, term: str) -> str:
        """Return an N-Triples term as this syntax writes it."""

    def statements(self, subject: str, pairs: Sequence[Pair], graph: str) -> str:
        """Return the text of all statements about a subject; objects are written as this syntax has them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one shape: subjects `<{stem}{row[0]}>`, constant pairs, and one slot for each further value.

    Values are strings that are escaped where they stand between quotation marks.
    """

    stem: str
    constants: tuple[Pair, ...]
    slots: tuple[Slot, ...]
    values: Sequence[tuple[str, ...]]

    def render(self, syntax: Syntax, graph: str) -> Iterator[str]:
        """Yield the statements in chunks of text."""
        mark = "\x00"
        pairs = [(p, syntax.term(o)) for p, o in self.constants]
        pairs += [(s.predicate, syntax.term(f"{s.before}{mark}{s.after}")) for s in self.slots]
        text = syntax.statements(f"<{self.stem}{mark}\x01>", pairs, graph)
        template = text.replace("%", "%%").replace(mark, "%s").replace("\x01", "")
        order = self._order(text, mark)
        pick = itemgetter(*order) if len(order) > 1 else lambda row: (row[order[0]],)
        for start in range(0, len(self.values), CHUNK):
            yield "".join([template % pick(row) for row in self.values[start : start + CHUNK]])

    @staticmethod
    def _order(text: str, mark: str) -> list[int]:
        """Return for each place in the template which value goes there; a subject's place is marked apart."""
        order, slot = [], 0
        for index, character in enumerate(text):
            if character == mark:
                if text[index + 1] == "\x01":
                    order.append(0)
                else:
                    slot += 1
                    order.append(slot)
        return order
