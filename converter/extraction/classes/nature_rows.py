"""Economic classes below the nature that they are of: "基本支出" above "工资福利支出" in one list of rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from budgetgraph.converter.accounting.ledger import Reason
from budgetgraph.converter.amounts import adds_up
from budgetgraph.converter.budget import TOTAL, Figure
from budgetgraph.converter.extraction.classes.rows import RowMeaning
from budgetgraph.converter.extraction.table_state import Extraction, Panel
from budgetgraph.converter.forms.outline import Outline, take_apart
from budgetgraph.converter.labels import fold_item
from budgetgraph.converter.problems import Severity
from budgetgraph.ontology.codelists import find

NATURE, CLASS = "expenditureNature", "economicClass"

#: Natures that classes stand below; others are sums over all that is above them.
_WHOLES = frozenset(
    ("basic", "personnel", "public", "project", "specialBusiness", "remitUp", "toAffiliates", "operations")
)
#: Basic expenditure, and what it is made of.
_BASIC, _OF_BASIC = "basic", frozenset(("personnel", "public"))
#: Digits of the code of a 类.
_CLASS = 3


@dataclass(slots=True)
class NatureRows:
    """The natures that the rows of a pane have named so far. Another section begins anew.

    section   that of the last row
    last      nature of the last row that named one, "" before it and after a sum over all
    left      what the last row is of that no other is a part of (年末结转和结余)
    natures   numbers of the lines that name a nature
    by_order  section and nature of classes that nothing but their order puts below it
    alone     sections with classes that stand below no nature
    economic  sections with a row of a class whose name is that of no function
    """

    year: int
    section: str | None = None
    outline: Outline = field(default_factory=Outline)
    natures: dict[str, str] = field(default_factory=dict)
    last: str = ""
    left: str = ""
    by_order: set[tuple[str | None, str]] = field(default_factory=set)
    alone: set[str | None] = field(default_factory=set)
    economic: set[str | None] = field(default_factory=set)

    def placed(self, meaning: RowMeaning, label: str, section: str | None) -> RowMeaning | None:
        """Return what a row means where it stands in the list; None where that is not certain.

        section  id of the data set that the row belongs to, when its meaning does not name another
        """
        if section != self.section:
            self.section, self.outline, self.natures, self.last, self.left = section, Outline(), {}, "", ""
        number, parent = self.outline.add(take_apart(label))
        said = meaning.dimensions
        if meaning.only_below:
            part = meaning.below.get(self.left)
            return replace(meaning, dimensions={NATURE: part}, of_which=True) if part else None
        self.left = said.get(NATURE, "")
        if CLASS not in said:
            if self.last and "functionalClass" in said and find("dept-economic", label, self.year, level=1):
                return None  # 其他支出 behind 项目支出 may be of either classification
            if "functionalClass" not in said:
                nature = said.get(NATURE, "")
                self.last = nature if nature in _WHOLES else ""
                if self.last:
                    self.natures[number] = self.last
            return meaning
        if meaning.code or not _is_function(label, self.year):
            self.economic.add(meaning.section or section)
        if NATURE in said:
            return meaning
        if above := self.natures.get(parent or ""):
            return replace(meaning, dimensions={**said, NATURE: above})
        if not self.last and meaning.section:
            return None  # a class in a list of functions, with no nature above
        if not self.last:
            self.alone.add(section)
            return meaning
        self.by_order.add((meaning.section or section, self.last))
        return replace(meaning, dimensions={**said, NATURE: self.last})


def _is_function(label: str, year: int) -> bool:
    """Tell whether a label is that of a function, perhaps beside that of an economic class."""
    return find("functional", fold_item(label), year, level=1) is not None


def check_natures(work: Extraction, rows: NatureRows) -> None:
    """List the classes that their order alone puts below a nature whose amount they do not make up.

    其他支出 is a function, too: where no other class is in the list, it is listed. Classes above all natures may be of
    one of them: they are listed likewise, unless they make up the whole.
    """
    refused: list[Figure] = []
    for panel, figures in work.figures.items():
        natures = {nature for section, nature in rows.by_order if section == panel.section}
        doubtful = [figure for figure in figures if figure.dimensions.get(NATURE) in _open(work, panel, natures)]
        doubtful = [figure for figure in doubtful if CLASS in figure.dimensions]
        if panel.section not in rows.economic and not any("经济" in path for path in work.paths):
            doubtful += [f for f in figures if CLASS in f.dimensions and f not in doubtful]
        if panel.section in rows.alone and not _is_whole(work, panel):
            alone = [figure for figure in figures if figure.dimensions.keys() & {CLASS, NATURE} == {CLASS}]
            doubtful += [figure for figure in alone if figure not in doubtful]
        refused += doubtful
    if refused:
        first = work.take_back(refused, Reason.UNKNOWN_ROW)
        work.problem(
            "unknown-row",
            Severity.ERROR,
            f"{len(refused)} amounts are not converted: their classes do not add up to the nature of expenditure that "
            "they stand below, or to the whole, or their names are those of functions too, so it is not certain what "
            f"they are parts of (the first is {refused[0].label!r}). Compare them with the publication.",
            first,
        )


def close_natures(work: Extraction) -> None:
    """Say of the classes above 人员经费合计 in one list that they are of that nature, where they make it up."""
    for panel, figures in work.figures.items():
        keys = {frozenset(figure.dimensions.items()) for figure in figures}
        above: list[Figure] = []
        closed: dict[int, Figure] = {}
        for figure in figures:
            said = figure.dimensions
            if {CLASS, NATURE} == said.keys() and said[NATURE] == _BASIC:
                above.append(figure)
            elif said.keys() == {NATURE} and said[NATURE] in _OF_BASIC and figure.label.endswith("合计"):
                parts = {each.dimensions[CLASS]: each.value for each in above}
                exact = {id(f): replace(f, dimensions={**f.dimensions, NATURE: said[NATURE]}) for f in above}
                known = keys.isdisjoint(frozenset(f.dimensions.items()) for f in exact.values())
                if known and adds_up(figure.value, _not_of_others(parts), work.step_of(panel)):
                    closed |= exact
                above = []
        work.figures[panel] = [closed.get(id(figure), figure) for figure in figures]


def part_totals(work: Extraction) -> None:
    """Move natures beside classes of no nature into data sets of their own: 本年支出合计 is a sum of classes, too.

    Where one is carried forward, so is the total: the classes are those of the year alone.
    """
    for panel, figures in list(work.figures.items()):
        classes = [figure for figure in figures if figure.dimensions.keys() & {CLASS, NATURE} == {CLASS}]
        totals = [figure for figure in figures if CLASS not in figure.dimensions]
        if not any(figure.dimensions.get(NATURE) == "carryForward" for figure in totals):
            totals = [figure for figure in totals if NATURE in figure.dimensions]
        if not classes or not totals:
            continue
        section = "-".join(filter(None, (panel.section, "totals")))
        work.structures[section], work.kinds[section] = work.structures[panel.section], work.kinds[panel.section]
        target = replace(panel, section=section)
        work.figures[panel] = [figure for figure in figures if figure not in totals]
        work.figures.setdefault(target, []).extend(totals)
        work.numbers.setdefault(target, []).extend(work.numbers.get(panel, []))


def _open(work: Extraction, panel: Panel, natures: set[str]) -> set[str]:
    """Return the natures whose classes do not make up their amounts in some column."""
    step = work.step_of(panel)
    return {nature for nature in natures if not _closes(work.figures[panel], nature, step)}


def _is_whole(work: Extraction, panel: Panel) -> bool:
    """Tell whether classes of no nature are beside no natures, or make up what all natures of the year do."""
    figures = [(figure, figure.dimensions.get(NATURE, TOTAL)) for figure in work.figures[panel]]
    if not any(nature in _WHOLES for _, nature in figures):
        return True
    natures: dict[frozenset[tuple[str, str]], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    classes: dict[frozenset[tuple[str, str]], dict[str, Decimal]] = defaultdict(dict)
    for figure, nature in figures:
        rest = frozenset(pair for pair in figure.dimensions.items() if pair[0] not in {CLASS, NATURE})
        if CLASS not in figure.dimensions:
            natures[rest][nature] = figure.value
        elif nature == TOTAL:
            classes[rest][figure.dimensions[CLASS]] = figure.value
    step = work.step_of(panel)
    for rest in natures.keys() | classes.keys():
        found, parts = natures[rest], _not_of_others(classes[rest])
        if "current" not in found and "carryForward" in found:
            parts.append(found["carryForward"])
        if not adds_up(found.get("current", found[TOTAL]), parts, step):
            return False
    return True


def _closes(figures: Sequence[Figure], nature: str, step: Decimal) -> bool:
    wholes: dict[frozenset[tuple[str, str]], Decimal] = defaultdict(Decimal)
    parts: dict[frozenset[tuple[str, str]], dict[str, Decimal]] = defaultdict(dict)
    for figure in figures:
        if figure.dimensions.get(NATURE) != nature:
            continue
        rest = frozenset(pair for pair in figure.dimensions.items() if pair[0] != CLASS)
        if CLASS in figure.dimensions:
            parts[rest][figure.dimensions[CLASS]] = figure.value
        else:
            wholes[rest] = figure.value
    return all(adds_up(wholes[rest], _not_of_others(values), step) for rest, values in parts.items())


def _not_of_others(values: Mapping[str, Decimal]) -> list[Decimal]:
    """Return the values of the classes that are no parts of others: 款 without their 类."""
    return [value for code, value in values.items() if len(code) == _CLASS or code[:_CLASS] not in values]
