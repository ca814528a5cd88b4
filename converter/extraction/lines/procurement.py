"""Tables of government procurement: a tree with a subtotal on every level.

货物, 工程, 服务 > programme (专项) with its economic class > things that are bought. A level that a row leaves blank is
that of the rows above it, within the same kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from budgetgraph.converter.blocks import Cell
from budgetgraph.converter.budget import Place, TableLine
from budgetgraph.converter.extraction.classes.rows import RowMeaning, row_meaning
from budgetgraph.converter.extraction.figures import read_amount
from budgetgraph.converter.extraction.table_state import Extraction, report_unknown_row
from budgetgraph.converter.labels import fold
from budgetgraph.converter.profiles import ColumnSpec, Pane
from budgetgraph.ontology.codelists import TABLE_YEAR, find

WORDS = ("kind", "programme", "economic", "item", "form")


@dataclass(slots=True)
class _Tree:
    """The lines above the row that is read. `numbers` counts the lines below each number."""

    numbers: dict[str, int]
    kind: Mapping[str, str] | None = None
    programme: str = ""
    economic: str = ""
    programme_line: str = ""
    group_line: str = ""

    def below(self, above: str) -> str:
        """Return the next number below a line ("" for the lines of the first level)."""
        self.numbers[above] = self.numbers.get(above, 0) + 1
        return f"{above}.{self.numbers[above]}" if above else str(self.numbers[above])


def read_procurement(
    work: Extraction, pane: Pane, columns: Sequence[tuple[ColumnSpec, int]], rows: Sequence[Sequence[Cell]]
) -> None:
    """Read the rows of a pane of structure "procurement" into figures and lines."""
    places = {column.role: index for column, index in columns if column.role in WORDS}
    section = pane.sections[0]
    lines = work.lines.setdefault(section.id, [])
    tree = _Tree({})
    for row in rows:
        for role, index in places.items():
            work.book(row[index], "label" if role != "form" else "text")
        texts = {role: row[index].text.strip() for role, index in places.items()}
        amounts = [(c, row[i]) for c, i in columns if c.role == "amount" and not row[i].is_blank]
        if not any(texts.values()) and not amounts:
            continue
        meaning = _meaning(work, pane, tree, texts, row, lines, places)
        if meaning is None:
            report_unknown_row(work, "", " ".join(filter(None, texts.values())), row, amounts)
            continue
        for column, cell in amounts:
            read_amount(work, meaning, column, cell, section.id, set(places.values()))


def _meaning(
    work: Extraction,
    pane: Pane,
    tree: _Tree,
    texts: Mapping[str, str],
    row: Sequence[Cell],
    lines: list[TableLine],
    places: Mapping[str, int],
) -> RowMeaning | None:
    """Return what a row is about, and add its line; None where the row does not say."""
    if kind := texts.get("kind", ""):
        found = row_meaning(pane.sections[0].rules, "", kind, "", work.year)
        if found is None:
            return None
        tree.kind, tree.programme, tree.economic, tree.programme_line, tree.group_line = (
            found.dimensions,
            "",
            "",
            "",
            "",
        )
        if not any(texts.get(role) for role in ("programme", "economic", "item")):
            return found
    if tree.kind is None or not tree.kind:
        return None  # a line that stands under no kind
    item = texts.get("item", "")
    if not _enter_group(tree, texts, bool(item)):
        return None
    number = tree.below(tree.group_line or tree.programme_line) if item else tree.group_line or tree.programme_line
    label = item or tree.programme or tree.economic
    role = next(r for r in ("item", "programme", "economic") if texts.get(r))
    place = row[places[role]]
    code = find("dept-economic", tree.economic, work.year, level=2) if tree.economic else None
    if code != find("dept-economic", tree.economic, TABLE_YEAR, level=2):
        code = None  # the lists before 2018 are not complete: a name may have been that of other codes too
    form = texts.get("form", "")
    lines.append(
        TableLine(
            number,
            label,
            Place(place.locator, work.identity, place.row + 1, place.column + 1),
            tree.programme or None,
            tree.economic or None,
            code,
            find("procurement-form", form) if form else None,
        )
    )
    return RowMeaning({**tree.kind, "procurementLine": number}, label, None, None)


def _enter_group(tree: _Tree, texts: Mapping[str, str], with_item: bool) -> bool:
    """Move to the programme and economic class that a row names; False when it names neither and no item.

    A row that repeats both (at the top of a page) goes on with the group. A programme without economic class has
    the groups of its economic classes below it.
    """
    programme, economic = texts.get("programme", ""), texts.get("economic", "")
    if not programme and not economic:
        return with_item
    same = fold(programme or tree.programme) == fold(tree.programme) and fold(economic) == fold(tree.economic)
    if with_item and same:
        return True
    if programme:
        tree.programme = programme
        tree.programme_line = "" if economic else tree.below("")
    elif not tree.programme:
        return False
    tree.economic = economic
    tree.group_line = tree.below(tree.programme_line) if economic else ""
    return True
