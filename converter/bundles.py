"""Documents that lie together -> publications: those that agree on body, year and phase are one.

Each document is read once, in a process of its own; what it gave is kept until it is converted. Documents that
agree but print other figures under the same keys are versions of each other, so they stay apart.
"""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.bodies import find_body
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.labels import fold
from budgetgraph.converter.ledger import Ledger
from budgetgraph.converter.narrative import printed_names
from budgetgraph.converter.organisations import Registry
from budgetgraph.converter.pipeline import Settings
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.profiles import shipped_profiles
from budgetgraph.converter.recognition import Tables, outline, read_tables
from budgetgraph.converter.repeats import compare
from budgetgraph.converter.sources import Loose, Publication, Search, SourceFile, part_names


@dataclass(frozen=True, slots=True)
class Opened:
    """The publications that were found; `notes` tells what was joined, kept apart and left out."""

    publications: list[Publication]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Card:
    """What a document says it is: body (identity, or name where it is not registered), year, phase, scope."""

    key: tuple[str, int, str, str] | None
    sha256: str


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
        seen: dict[str, SourceFile] = {}
        for file, card in zip(files, cards, strict=True):
            if isinstance(card, str):
                refused.append((file, card))
            elif card.sha256 in seen:
                self._notes.append(f"{file.name}: has the same bytes as {seen[card.sha256].name}; it is left out")
            else:
                seen[card.sha256] = file
                self._place(file, card, groups)
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
            return _Card(None, sha256)
        names, entry = find_body(found.front, printed_names(found.paragraphs), self._registry)
        body = entry.id if entry else fold(names[0]) if names else None
        front = found.front
        return _Card((body, front.fiscal_year, front.phase, front.scope) if body else None, sha256)

    def _place(self, file: SourceFile, card: _Card, groups: list[_Group]) -> None:
        """Put a document to those that it agrees with, or into a group of its own."""
        for group in groups:
            if card.key is None or group.key != card.key:
                continue
            if not group.tables:
                group.tables += map(self._tables, group.files)
            tables = self._tables(file)
            other = next((f for f, t in zip(group.files, group.tables, strict=True) if _contradict(t, tables)), None)
            if other is None:
                group.files.append(file)
                group.tables.append(tables)
                return
            self._notes.append(
                f"{file.name}: is of the same body and year as {other.name}, but states other figures, so it is a "
                "publication of its own (a version, perhaps)"
            )
        groups.append(_Group(card.key, [file]))

    def _tables(self, file: SourceFile) -> Tables:
        found = outline(file.read())
        profiles = (*self._settings.profiles, *shipped_profiles())
        year, phase = (found.front.fiscal_year, found.front.phase) if found.front else (0, "budget")
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


def _contradict(first: Tables, second: Tables) -> bool:
    pairs = (compare(a, b) for a in first.extracted for b in second.extracted)
    return any(found is not None and found.differing for found in pairs)


def _stem(file: SourceFile) -> str:
    path = PurePosixPath(Path(file.name).as_posix())
    return path.parent.name if path.stem == "document" and path.parent.name else path.stem
