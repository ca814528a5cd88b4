"""The files of a publication -> its tables: recognised and extracted, repeated, unknown."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from budgetgraph.converter.accounting.ledger import Ledger, Reason, is_numeric
from budgetgraph.converter.blocks import Grid, Locator, Paragraph
from budgetgraph.converter.bodies.form_front import find_front
from budgetgraph.converter.bodies.front import Front
from budgetgraph.converter.bodies.organisations import fold_name
from budgetgraph.converter.bodies.other_parts import other_time, stated_amounts, title_of
from budgetgraph.converter.bodies.part_titles import Parts, PartTitle
from budgetgraph.converter.bodies.rival_tables import NOBODY, Candidate, owners
from budgetgraph.converter.bodies.table_bodies import named_body, other_bodies, unit_named, units_in_columns
from budgetgraph.converter.extraction.misreading import unit_doubts
from budgetgraph.converter.extraction.steps import Extracted, extract
from budgetgraph.converter.extraction.table_state import Names
from budgetgraph.converter.labels import fold
from budgetgraph.converter.layouts.bare_titles import unconfirmed
from budgetgraph.converter.layouts.captions import Caption, caption_of, table_titles
from budgetgraph.converter.layouts.headers import header_depth, is_column_number_row
from budgetgraph.converter.layouts.signatures import Match, Nearest, as_nearest, kind_by_title, recognise
from budgetgraph.converter.layouts.stitching import Stitched, stitch
from budgetgraph.converter.layouts.table_labels import label_number
from budgetgraph.converter.privacy import masked, personal_texts
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.profiles import Profile, TableSpec
from budgetgraph.converter.readers import Document
from budgetgraph.converter.readers.scan.recognition import RECOGNISED_PAGE
from budgetgraph.converter.sources.repeats import compare, describe_repeat


@dataclass(frozen=True, slots=True)
class Outline:
    """A file of a publication with its tables made whole, and what its front page says."""

    document: Document
    paragraphs: tuple[Paragraph, ...]
    blocks: tuple[Paragraph | Stitched, ...]
    front: Front | None


#: What a person can do where a file holds the tables of several bodies or years.
PARTS_ADVICE = (
    "Put the tables of each body and year into files of their own, in a folder with a publication.yaml that gives its "
    "title, and convert these."
)


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """A table that no profile knows, or knows in part, with the signature that comes nearest.

    kind  what its title says it is, of a table that is not converted at all
    """

    table: Stitched
    caption: Caption
    nearest: Nearest | None
    kind: str | None = None

    def has_numbers(self) -> bool:
        """Tell whether a number is printed in it, beside those that count its columns."""
        rows = (row for row in self.table.grid.rows if not is_column_number_row(row))
        return any(is_numeric(cell.text) for row in rows for cell in row)

    @property
    def advice(self) -> str:
        """Return what a person can do about it."""
        if self.nearest and self.nearest.whose:
            return PARTS_ADVICE
        return "See `budgetgraph inspect` for a profile to complete."

    def personal_texts(self) -> frozenset[str]:
        """Return the cells that may name or reach a person: nothing has read them, but messages may quote them."""
        return personal_texts([cell.text for cell in row] for row in self.table.grid.rows)

    def __str__(self) -> str:
        """Say how it relates to the nearest known signature."""
        return masked(describe(self.nearest), self.personal_texts())


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a publication.

    pieces    identities (`id`) of the grids that need no more reading: extracted, or repeated from another file
    problems  tables that another file repeats
    partly    extracted tables with columns that their signature does not know
    """

    extracted: tuple[Extracted, ...]
    unknown: tuple[UnknownTable, ...]
    pieces: frozenset[int]
    problems: tuple[Problem, ...] = ()
    partly: tuple[UnknownTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Whose:
    """What is known of the body whose publication it is.

    own     its folded names, with all that the text writes
    body    those of the front page and the registry: lines above the tables may name its units, too
    name    that of the front page where it is a department's
    units   the units that the text lists
    alone   folded names that open a part of the publication where they stand alone in a line -> the whole names
    text    the running text about it
    dated   whether a title says which year and phase it is of
    """

    own: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()
    name: str = ""
    units: tuple[str, ...] = ()
    alone: Mapping[str, str] = field(default_factory=dict)
    text: tuple[Paragraph, ...] = ()
    dated: bool = False


def outline(document: Document) -> Outline:
    """Return the outline of a file."""
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    pictures = {problem.location.page for problem in document.problems if problem.code == RECOGNISED_PAGE}
    blocks = [
        replace(block, is_recognised=any(piece.locator.page in pictures for piece in block.pieces))
        if pictures and isinstance(block, Stitched)
        else block
        for block in stitch(document.blocks, header_depth)
    ]
    return Outline(document, tuple(paragraphs), tuple(blocks), find_front(document.blocks, table_titles(blocks)))


def read_tables(
    outlines: Sequence[Outline],
    ledger: Ledger,
    profiles: Sequence[Profile],
    year: int,
    phase: str,
    whose: Whose | None = None,
) -> Tables:
    """Return the tables of all files.

    whose  what is known of the publication's body

    A table that stands in several files counts where most tables stand; elsewhere it is compared and reported.
    """
    specs = [spec for profile in profiles for spec in profile.tables]
    whose = whose or Whose()
    found = [_recognised(each, specs, whose.alone) for each in outlines]
    order = sorted(range(len(found)), key=lambda index: -sum(isinstance(m, Match) for *_, m in found[index]))
    work = _Reading(ledger, year, phase, Names(whose.own), specs, whose)
    found = work.confirmed(found)
    matched = ((match, table) for file in found for _, table, _, match in file if isinstance(match, Match))
    work.units += units_in_columns(matched, whose.body)
    titled = [[(title, caption, match) for title, _, caption, match in file] for file in found]
    bodies = list(other_bodies(titled, whose.body, whose.name, set(map(fold_name, work.units))))
    for index in order:
        work.read_file(found[index], bodies[index])
    return Tables(
        tuple(work.extracted), tuple(work.unknown), frozenset(work.pieces), tuple(work.problems), tuple(work.partly)
    )


#: A cell in a row that a signature does not know, and a column, speak against it as much as so many figures for it.
_UNKNOWN = 3

#: A table with the title of the part that it stands in, its caption, and what recognition makes of it.
_Found = tuple[PartTitle, Stitched, Caption, Match | Nearest | None]


def _recognised(each: Outline, specs: Sequence[TableSpec], bodies: Mapping[str, str]) -> list[_Found]:
    found: list[_Found] = []
    parts = Parts(title_of(each.front), bodies)
    tables = [(block, caption_of(each.blocks, i)) for i, block in enumerate(each.blocks) if isinstance(block, Stitched)]
    doubts = iter(unit_doubts(tables))
    captions = iter([replace(caption, unit_doubt=next(doubts)) for _, caption in tables])
    for block in each.blocks:
        if isinstance(block, Paragraph):
            parts.line(block)
        else:
            parts.table(block.grid.locator)
            caption = next(captions)
            found.append((parts.title, block, caption, recognise(block, caption, specs)))
    return found


#: In the title of a table or the name of its sheet: the department with all its units.
_WHOLE = "汇总"


class _Reading:
    """Collects the tables of one file after the other."""

    def __init__(
        self,
        ledger: Ledger,
        year: int,
        phase: str,
        names: Names,
        specs: Sequence[TableSpec],
        whose: Whose,
    ) -> None:
        self._ledger, self._year, self._phase, self._names, self._specs = ledger, year, phase, names, specs
        self._whose = whose
        self.units = list(whose.units)
        self._taken: set[str] = set()
        self._printed: set[tuple[tuple[str, ...], ...]] = set()
        self._alone: set[str] = set()
        self.extracted: list[Extracted] = []
        self.unknown: list[UnknownTable] = []
        self.pieces: set[int] = set()
        self.problems: list[Problem] = []
        self.partly: list[UnknownTable] = []

    def read_file(self, found: Sequence[_Found], whose: list[str]) -> None:
        """Read the tables of a file; those of the files before are known.

        whose  for each table the body whose it is, "" for the publication's own
        """
        earlier, printed = list(self.extracted), set(self._printed)
        alone = len(found) == 1
        nobody = self._settle(found, whose)
        for (titled, table, caption, match), body, rival in zip(found, whose, nobody, strict=True):
            self._printed.update(map(_words, table.pieces))
            unit = self._unit(body) if body else None
            if isinstance(match, Match) and (why := rival or self._why_not(titled, caption, match, body, unit)):
                match = replace(as_nearest(match, table, caption), whose=why)
            if not isinstance(match, Match):
                again = [piece for piece in table.pieces if len(piece.rows) > 1 and _words(piece) in printed]
                self._repeat(again)
                if len(again) < len(table.pieces):
                    self.unknown.append(UnknownTable(table, caption, match, kind_by_title(caption, self._specs)))
                continue
            self.pieces.update(map(id, table.pieces))
            identity = _identity(caption, self._taken)
            match = self._most_telling(match, table, caption)
            names = replace(self._names, whole=unit)
            made = extract(match, table, caption, identity, self._year, self._ledger, self._phase, names)
            others = (each for each in earlier if not (alone and self._are_two(each, made)))
            comparison = next(filter(None, (compare(other, made) for other in others)), None)
            if comparison is None:
                self._taken.add(identity)
                if match.unknown_columns:
                    self.partly.append(UnknownTable(table, caption, as_nearest(match, table, caption)))
                self.extracted.append(made)
                if alone:
                    self._alone.add(made.table.id)
            else:
                self._repeat(table.pieces)
                self.problems.append(describe_repeat(comparison))

    def confirmed(self, files: Sequence[Sequence[_Found]]) -> list[list[_Found]]:
        """Return the tables; those under bare titles of which nothing says whose money they are match nothing."""
        found = [each for file in files for each in file]
        matches = {i: m for i, (*_, m) in enumerate(found) if isinstance(m, Match)}
        bare = dict(unconfirmed(matches, lambda i, m: self._trial(m, *found[i][1:3])[0]))
        rest = iter(
            (titled, table, caption, replace(as_nearest(bare[i], table, caption), other_title=True) if i in bare else m)
            for i, (titled, table, caption, m) in enumerate(found)
        )
        return [list(islice(rest, len(file))) for file in files]

    def _settle(self, found: Sequence[_Found], names: list[str]) -> list[str]:
        """Name the units of tables that contradict others of their kind; return why a table is nobody's, "" else."""
        mine = [
            (index, match)
            for index, ((titled, _, caption, match), name) in enumerate(zip(found, names, strict=True))
            if isinstance(match, Match) and not name and not self._why_not(titled, caption, match, "", None)
        ]
        kinds = Counter((match.spec.kind, match.spec.fund) for _, match in mine)
        if all(count == 1 for count in kinds.values()):
            return [""] * len(found)
        tables = []
        for index, match in mine:
            _, table, caption, _ = found[index]
            made, _ = self._trial(self._most_telling(match, table, caption), table, caption)
            label = label_number(caption.number.text) if caption.number else None
            title = fold(caption.title.text) if caption.title else ""
            own = (named_body(caption) or _WHOLE in f"{title} {table.grid.locator.sheet}") and self._whose.body
            number = int(label) if label and label.isdigit() else None
            tables.append(Candidate(index, made, number, bool(own), title))
        nobody = [""] * len(found)
        for index, unit in owners(tables, stated_amounts(self._whose.text)).items():
            if unit:
                names[index] = unit
            else:
                nobody[index] = NOBODY
        return nobody

    def _are_two(self, first: Extracted, second: Extracted) -> bool:
        """Tell that two tables, each the only one of its file, are no repeats: they have other titles."""
        return first.table.id in self._alone and fold(first.table.title) != fold(second.table.title)

    def _why_not(self, titled: PartTitle, caption: Caption, match: Match, body: str, unit: str | None) -> str:
        """Return why a table is not converted: its body is not known, or it is of another year or phase; else ""."""
        if body and unit is None:
            return f"it is of {body!r}, which is neither the publication's body nor a unit that it lists"
        return other_time(titled, caption, match, self._year, self._phase) if self._whose.dated else ""

    def _trial(self, match: Match, table: Stitched, caption: Caption) -> tuple[Extracted, Ledger]:
        """Return what a signature makes of a table, with a ledger of its own."""
        names, ledger = replace(self._names, units=dict(self._names.units)), Ledger()
        return extract(match, table, caption, "t1", self._year, ledger, self._phase, names), ledger

    def _unit(self, body: str) -> str | None:
        """Return the name of a unit that the text or the tables so far print, or of the department's own office."""
        printed = (d.unit for made in self.extracted for d in made.data_sets if d.unit)
        return unit_named(body, (*self.units, *self._names.units.values(), *printed), self._whose.body)

    def _most_telling(self, match: Match, table: Stitched, caption: Caption) -> Match:
        """Return the signature that reads most rows and columns; headers alone do not tell families apart."""
        if not match.others:
            return match

        def told(each: Match) -> int:
            made, ledger = self._trial(each, table, caption)
            figures = sum(len(data_set.figures) for data_set in made.data_sets)
            unread = sum(reason is Reason.UNKNOWN_ROW for reason in ledger.explained.values())
            return figures - _UNKNOWN * (unread + len(each.unknown_columns))

        return max((match, *match.others), key=told)

    def _repeat(self, grids: Sequence[Grid]) -> None:
        self.pieces.update(map(id, grids))
        for grid in grids:
            for cell in grid.cells():
                if not cell.is_blank:
                    self._ledger.repeat(cell)


def _words(grid: Grid) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(fold(cell.text) for cell in row) for row in grid.rows)


def _identity(caption: Caption, taken: set[str]) -> str:
    """Return "t2" for 表二, "t1-1" for 表1-1; without a number of its own a table takes the next free one."""
    printed = label_number(caption.number.text) if caption.number else None
    if printed and f"t{printed}" not in taken:
        return f"t{printed}"
    number = len(taken) + 1
    while f"t{number}" in taken:
        number += 1
    return f"t{number}"


def report_unknown(unknown: Sequence[UnknownTable], ledger: Ledger) -> list[Problem]:
    """Book the cells of the unknown tables that nothing else has read, and report each table."""
    problems = []
    for each in unknown:
        for piece in each.table.pieces:
            for cell in piece.cells():
                if not cell.is_blank and not ledger.is_booked(cell):
                    ledger.explain(cell, Reason.UNKNOWN_TABLE)
        title = each.caption.title.text if each.caption.title else "table without title"
        filled = each.has_numbers()
        problems.append(
            Problem(
                "unknown-table",
                Severity.ERROR if filled else Severity.INFO,
                f"{title!r} is not converted{'' if filled else ', and prints no number'}: {each}. {each.advice}",
                each.table.grid.locator,
            )
        )
    return problems


def describe(nearest: Nearest | None) -> str:
    """Return in words how a table relates to the nearest known signature."""
    if nearest is None:
        return "no known signature shares a column with it"
    if nearest.whose or nearest.why:
        return nearest.whose or nearest.why
    if nearest.ambiguous_with:
        return f"its header fits {nearest.spec.kind} and {nearest.ambiguous_with}, and no title says which it is"
    missing = f"; missing {', '.join(nearest.missing)}" if nearest.missing else ""
    other = f"; not known {', '.join(nearest.unknown)}" if nearest.unknown else ""
    title = "; its title does not say what it is of" if nearest.other_title else ""
    why = missing + other + title or "; but they do not fit together: two say the same, or no words name the rows"
    return f"nearest is {nearest.spec.kind} with {nearest.coverage:.0%} of the columns{why}"


def table_noted(place: Locator, extracted: Sequence[Extracted]) -> str | None:
    """Return the table whose note stands at a place of the text, or None when none does."""
    if place.start is None:
        return None
    return next(
        (
            each.table.id
            for each in extracted
            for note in each.notes
            if note.locator.part == place.part and (note.locator.start or 0) <= place.start < (note.locator.end or 0)
        ),
        None,
    )
