"""Codes in columns of their own (类|款|项) whose rows leave out what stands above them: "201", then "06", then "01"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from budgetgraph.converter.extraction.classes.rows import join_code
from budgetgraph.converter.labels import fold
from budgetgraph.ontology.codelists import scheme
from budgetgraph.ontology.codelists.labels import fold_label

_CLASS = re.compile(r"\d{3}\Z", re.ASCII)
_PIECE = re.compile(r"\d{1,2}\Z", re.ASCII)
#: The classification that the first digit of a code is of.
_SCHEMES = {"2": "functional", "3": "dept-economic", "5": "gov-economic"}


@dataclass(slots=True)
class CodePieces:
    """The code columns of a pane, row by row. `above` are the pieces of the last code."""

    year: int
    above: list[str] = field(default_factory=list)

    def read(self, printed: Sequence[str], label: str) -> str:
        """Return the code of a row; where pieces are blank, with those of the rows above if its name agrees.

        A code whose pieces are not certain is returned with a blank in it, which is no code.
        """
        pieces = [fold(text) for text in printed]
        last = max((place for place, piece in enumerate(pieces) if piece), default=-1)
        if last < 0:
            return ""
        if all(pieces[: last + 1]) or not _PIECE.match(pieces[last]):
            if _CLASS.match(pieces[0]):
                self.above = pieces[: last + 1]
            return join_code(pieces)
        above = [*self.above, *([""] * len(pieces))]
        filled = [piece or stood for piece, stood in zip(pieces[: last + 1], above, strict=False)]
        same = all(piece in {"", stood} for piece, stood in zip(pieces[:last], above, strict=False))
        if all(filled) and same and self._may_be(join_code(filled), label):
            self.above = filled
            return join_code(filled)
        return " ".join(filter(None, pieces))

    def _may_be(self, code: str, label: str) -> bool:
        """Tell whether the code list does not call the code by another name than the row."""
        name = _SCHEMES.get(code[:1])
        if name is None or not label:
            return False
        known = scheme(name, self.year)
        said = fold_label(label).removesuffix("支出")
        return code not in known or any(fold_label(each).removesuffix("支出") == said for each in known[code].labels)
