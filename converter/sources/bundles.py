"""Documents that lie together -> publications: those that agree on body, year and phase are one.

Each document is read once, in a process of its own; what it gave is kept until it is converted. Documents that
agree but print other figures under the same keys are versions of each other, so they stay apart. A document with
tables that names no body or no year ("附件1.xlsx") belongs to the only publication of its folder, if there is one;
so does one with performance forms alone, where it is of that year and phase.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from budgetgraph.converter.accounting.ledger import Ledger
from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.bodies.organisations import Registry
from budgetgraph.converter.bodies.registered import find_body
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.labels import fold
from budgetgraph.converter.narrative import printed_names
from budgetgraph.converter.pipeline import Settings
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.profiles import shipped_profiles
from budgetgraph.converter.recognition import Tables, outline, read_tables
from budgetgraph.converter.sources.files import check_year
from budgetgraph.converter.sources.repeats import compare
from budgetgraph.converter.sources.search import Loose, Publication, Search, SourceFile, part_names


@dataclass(frozen=True, slots=True)
class Opened:
    """The publications that were found; `notes` tells what was joined, kept apart and left out."""

    publications: list[Publication]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Card:
    """What a document says it is: body (identity, or name where it is not registered), year, phase, scope.

    key     None where it names no body or no year
    period  year and phase, where it names them
    forms   whether it has forms alone: these are of the publication that they lie beside
    """

    key: tuple[str, int, str, str] | None
    period: tuple[int, str] | None
    sha256: str
    forms: bool = False


@dataclass(slots=True)
class _Group:
    key: tuple[str, int, str, str] | None
    files: list[SourceFile]
    tables: list[Tables] = field(default_factory=list)


@contextmanager
def open_publications(paths: Iterable[Path], settings: Settings, jobs: int = 1) -> Iterator[Opened]:
    """Find the publications that paths hold; they can be read while the context is open.

    jobs  how many documents are read at once where several lie together

    Raises SourceError when a path does not exist or holds no document. What is wrong with one document is raised
    when its publication is read.
    """
    with tempfile.TemporaryDirectory(prefix="budgetgraph-") as folder:
        search = Search(Path(folder))
        publications: list[Publication] = []
        bundles = _Bundles(Path(folder), settings, jobs, search.notes)
        for found in search.find(paths):
            publications += bundles.publications(found) if isinstance(found, Loose) else [found]
        yield Opened(publications, search.notes)


class _Bundles:
    """Groups loose documents."""

    def __init__(self, folder: Path, settings: Settings, jobs: int, notes: list[str]) -> None:
        self._folder, self._settings, self._jobs, self._notes = folder, settings, jobs, notes
        self._registry = settings.registry or Registry.load()
        self._kept = 0

    def publications(self, loose: Loose) -> list[Publication]:
        """Return the publications that the documents make, in the order of their first files."""
        if len(loose.files) == 1:
            return [Publication(_stem(loose.files[0]), loose.files, problems=loose.problems)]
        files = [self._keeping(file) for file in loose.files]
        with ThreadPoolExecutor(max(1, self._jobs)) as pool:
            cards = list(pool.map(self._card, files))
        groups: list[_Group] = []
        refused: list[tuple[SourceFile, str]] = []
        nameless: list[tuple[SourceFile, _Card]] = []
        seen: dict[str, SourceFile] = {}
        for file, card in zip(files, cards, strict=True):
            if isinstance(card, str):
                refused.append((file, card))
            elif card.sha256 in seen:
                self._notes.append(f"{file.name}: has the same bytes as {seen[card.sha256].name}; it is left out")
            else:
                seen[card.sha256] = file
                if card.key is None or card.forms:
                    nameless.append((file, card))
                else:
                    self._place(file, card.key, groups)
        named = list(groups)
        for file, card in nameless:
            if not self._attach(file, card, named):
                groups.append(_Group(card.key, [file]))
                if card.forms:
                    named.append(groups[-1])
        for group in groups:
            group.files.sort(key=files.index)
        groups.sort(key=lambda group: files.index(group.files[0]))
        return self._named(loose, groups, refused)

    def _keeping(self, file: SourceFile) -> SourceFile:
        self._kept += 1
        return replace(file, kept=self._folder / f"kept-{self._kept}")

    def _card(self, file: SourceFile) -> _Card | str:
        """Return what the document says it is, or why it cannot be read."""
        try:
            document = file.read()
        except SourceError as error:
            return str(error)
        sha256 = hashlib.sha256(document.data).hexdigest()
        found = outline(document)
        if found.front is None:
            return _Card(None, None, sha256)
        try:
            check_year(file.name, found.front)
        except SourceError as error:
            return str(error)
        names, entry = find_body(found.front, printed_names(found.paragraphs), self._registry)
        body = entry.id if entry else fold(names[0]) if names else None
        front = found.front
        period = front.fiscal_year, front.phase
        return _Card((body, *period, front.scope) if body else None, period, sha256, front.of_forms)

    def _place(self, file: SourceFile, key: tuple[str, int, str, str], groups: list[_Group]) -> None:
        """Put a document to those that it agrees with, or into a group of its own."""
        for group in groups:
            if group.key != key:
                continue
            other = self._contradicted(file, self._tables(file), group)
            if other is None:
                return
            self._notes.append(
                f"{file.name}: is of the same body and year as {other.name}, but states other figures, so it is a "
                "publication of its own (a version, perhaps)"
            )
        groups.append(_Group(key, [file]))

    def _attach(self, file: SourceFile, card: _Card, groups: Sequence[_Group]) -> bool:
        """Put a document that names no body or no year to the only publication that it can belong to."""
        fitting = [g for g in groups if g.key and card.period in {None, g.key[1:3]}]
        if card.key and (same := [g for g in fitting if g.key and g.key[0] == card.key[0]]):
            fitting = same
        beside = [g for g in fitting if any(_folder(other) == _folder(file) for other in g.files)]
        candidates = beside or fitting
        if not candidates:
            return False
        group = candidates[0]
        lacks = "no body" if card.period else "no year"
        if card.forms:
            lacks = "no body of one of those beside it"
        if card.forms and len(candidates) == 1:
            group.files.append(file)
            if group.tables:
                group.tables.append(self._tables(file, card.period))
            self._notes.append(f"{file.name}: has forms alone, so it is of {group.files[0].name}, which lies beside it")
            return True
        if len(candidates) == 1:
            tables = self._tables(file, group.key[1:3] if group.key else None)
            if not tables.extracted:
                lacks = f"{lacks} and holds no budget table"
            elif self._contradicted(file, tables, group) is None:
                self._notes.append(
                    f"{file.name}: names {lacks}, so it is of {group.files[0].name}, which lies beside it"
                )
                return True
            else:
                lacks = f"{lacks} and states other figures than what lies beside it"
        names = part_names([*(other.name for other in group.files), file.name])
        self._notes.append(
            f"{file.name}: names {lacks}, so it is a publication of its own. If it belongs to another, put them into "
            f"a folder with a publication.yaml such as: files: {json.dumps(names, ensure_ascii=False)}"
        )
        return False

    def _contradicted(self, file: SourceFile, tables: Tables, group: _Group) -> SourceFile | None:
        """Add a document to a group and return None, or return the file of the group that it contradicts."""
        if not group.tables:
            group.tables += map(self._tables, group.files)
        other = next((f for f, t in zip(group.files, group.tables, strict=True) if _contradict(t, tables)), None)
        if other is None:
            group.files.append(file)
            group.tables.append(tables)
        return other

    def _tables(self, file: SourceFile, period: tuple[int, str] | None = None) -> Tables:
        """Return the tables of a document; period: year and phase, where it does not name them itself."""
        found = outline(file.read())
        profiles = (*self._settings.profiles, *shipped_profiles())
        year, phase = period or ((found.front.fiscal_year, found.front.phase) if found.front else (0, "budget"))
        return read_tables([found], Ledger(), profiles, year, phase)

    def _named(
        self, loose: Loose, groups: Sequence[_Group], refused: Sequence[tuple[SourceFile, str]]
    ) -> list[Publication]:
        """Return a publication for each group, and one for each document that cannot be read.

        What cannot be read of an archive that holds one publication is a problem of that publication.
        """
        problems = list(loose.problems)
        is_one = len(groups) == 1
        if is_one and loose.is_archive:
            names = part_names([file.name for file in loose.files])
            called = {file.name: part for file, part in zip(loose.files, names, strict=True)}
            problems += [
                Problem("unread-member", Severity.ERROR, why, Locator(part=called[file.name])) for file, why in refused
            ]
            refused = ()
        found = [
            Publication(
                loose.name if is_one and len(group.files) > 1 else _stem(group.files[0]),
                tuple(group.files),
                problems=tuple(problems) if is_one else (),
            )
            for group in groups
        ]
        for publication in found:
            if len(publication.files) > 1:
                together = ", ".join(part_names([file.name for file in publication.files]))
                self._notes.append(
                    f"{publication.name}: {together} agree on body and year, so they are one publication"
                )
        if len(groups) > 1:
            self._notes.append(
                f"{loose.name}: the {sum(len(group.files) for group in groups)} documents are {len(groups)} "
                "publications. Where some belong together, name them in a publication.yaml"
            )
            self._notes += [f"{loose.name}: {problem}" for problem in problems]
        return [*found, *(Publication(_stem(file), (file,), refusal=why) for file, why in refused)]


def _folder(file: SourceFile) -> PurePosixPath:
    return PurePosixPath(Path(file.name).as_posix()).parent


def _contradict(first: Tables, second: Tables) -> bool:
    pairs = (compare(a, b) for a in first.extracted for b in second.extracted)
    return any(found is not None and found.differing for found in pairs)


def _stem(file: SourceFile) -> str:
    path = PurePosixPath(Path(file.name).as_posix())
    return path.parent.name if path.stem == "document" and path.parent.name else path.stem
