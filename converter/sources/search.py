"""What a person names on the command line -> the files of publications, and the folders whose files may be ones.

A folder with a publication.yaml is one publication. The documents that lie loose in another folder, or in a ZIP
archive, may be one publication or several: `bundles` tells from what they say.
"""

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import yaml

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem
from budgetgraph.converter.readers import Document, read_bytes
from budgetgraph.converter.readers.archive import Unpacking, is_archive
from budgetgraph.converter.readers.containers import natural_key
from budgetgraph.converter.readers.isolation import read_isolated, read_kept

DESCRIPTION = "publication.yaml"

#: Endings of files that may be publications; what they really are is told by their content.
ENDINGS = frozenset(
    (
        ".txt",
        ".tsv",
        ".pdf",
        ".doc",
        ".docx",
        ".rtf",
        ".docm",
        ".wps",
        ".xls",
        ".xlsx",
        ".xlsm",
        ".et",
        ".htm",
        ".html",
        ".csv",
        ".zip",
    )
)
#: Endings of pictures. In a folder they may be publications only where no document lies beside them.
PICTURES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff"))

#: What is read of a description; its other keys are for people. A key so like one of these is named (titel, Title).
_READ_KEYS = ("files", "title")
_LIKENESS = 0.8
#: So much of a name is shown.
_MOST_SHOWN = 80

#: The largest description that is read, in bytes.
MAXIMUM_DESCRIPTION = 64 * 1024

#: The deepest folder in a folder that is searched.
MAXIMUM_DEPTH = 16


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read. `name` is what people call it; `kept` is a file with what reading it has given."""

    path: Path
    name: str
    kept: Path | None = None

    def read(self) -> Document:
        """Return the file as read in a process of its own. Raises SourceError."""
        if self.kept is not None and self.kept.is_file():
            return read_kept(self.path, self.name, self.kept)
        return read_isolated(self.path, name=self.name, keep=self.kept)


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication: its files in the order in which they are read.

    name      for messages and output files
    title     the title that publication.yaml gives; where the files have no title page it stands for it
    problems  what is known before reading: members of an archive that could not be unpacked
    refusal   why the publication cannot be read, where that is known already
    """

    name: str
    files: tuple[SourceFile, ...]
    title: str | None = None
    problems: tuple[Problem, ...] = ()
    refusal: str | None = None

    @property
    def path(self) -> Path:
        """Return the path of the first file."""
        return self.files[0].path

    def read(self) -> tuple[Document, ...]:
        """Return the files as read. Raises SourceError when one of them cannot be."""
        if self.refusal is not None:
            raise SourceError(self.refusal)
        return tuple(file.read() for file in self.files)


@dataclass(frozen=True, slots=True)
class Loose:
    """Documents that lie together without a description."""

    name: str
    files: tuple[SourceFile, ...]
    is_archive: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Search:
    """Finds what paths hold; `folder` is for what is unpacked. `notes` tells what was left out."""

    folder: Path
    notes: list[str] = field(default_factory=list)
    _archives: int = 0
    _seen: set[Path] = field(default_factory=set)

    def find(self, paths: Iterable[Path]) -> list[Publication | Loose]:
        """Return the publications and loose documents in natural order of name within each folder.

        Raises SourceError when a path does not exist or a folder holds no document.
        """
        found: list[Publication | Loose] = []
        for path in paths:
            if not path.exists():
                raise SourceError(f"{path}: no such file or folder. Check the path.")
            if path.resolve() in self._seen:
                self.notes.append(f"{path}: is named twice; it is read once")
                continue
            if path.is_file():
                self._seen.add(path.resolve())
            here = list(self._folder(path, 1) if path.is_dir() else self._file(path))
            if not here:
                raise SourceError(
                    f"{path}: the folder holds no publication. Put a document or a folder with {DESCRIPTION} in it."
                )
            found += here
        return found

    def _file(self, path: Path) -> Iterator[Publication | Loose]:
        try:
            if path.is_file() and _begins(path) == b"PK" and is_archive(data := read_bytes(path, str(path))):
                yield from self._archive(data, str(path))
                return
        except SourceError as error:
            yield Publication(_name(path), (SourceFile(path, str(path)),), refusal=str(error))
            return
        except OSError:
            pass  # reading says what is wrong
        yield Publication(_name(path), (SourceFile(path, str(path)),))

    def _folder(self, folder: Path, depth: int) -> Iterator[Publication | Loose]:
        if depth > 1 and folder.resolve() in self._seen:
            return  # reached by a link before, or a link to a folder around it
        self._seen.add(folder.resolve())
        if (folder / DESCRIPTION).is_file():
            try:
                yield self._described(folder)
            except SourceError as error:
                file = SourceFile(folder / DESCRIPTION, str(folder / DESCRIPTION))
                yield Publication(folder.resolve().name, (file,), refusal=str(error))
            return
        try:
            children = sorted(folder.iterdir(), key=lambda child: natural_key(child.name))
        except OSError as error:
            raise SourceError(f"{folder}: {error.strerror}. Check the folder and its permissions.") from None
        loose, other = [], []
        for child in children:
            if child.name.startswith((".", "~$")):
                continue
            if child.is_dir():
                if depth < MAXIMUM_DEPTH:
                    yield from self._folder(child, depth + 1)
                else:
                    self.notes.append(f"{child}: lies more than {MAXIMUM_DEPTH} folders deep; it is left out")
            elif child.suffix.lower() in ENDINGS | PICTURES:
                loose.append(child)
            else:
                other.append(child.name)
        pictures = [child for child in loose if child.suffix.lower() in PICTURES]
        if len(pictures) < len(loose):
            loose = [child for child in loose if child not in pictures]
            other += [child.name for child in pictures]
        if other:
            names = ", ".join(other[:5]) + (", ..." if len(other) > 5 else "")
            self.notes.append(f"{folder}: left out, as their names end like no document: {names}")
        yield from self._loose(folder, loose)

    def _loose(self, folder: Path, paths: list[Path]) -> Iterator[Publication | Loose]:
        documents: list[SourceFile] = []
        for path in paths:
            for found in self._file(path):
                if isinstance(found, Publication) and found.refusal is None and len(paths) > 1:
                    documents += found.files
                else:
                    yield found
        if documents:
            yield Loose(folder.resolve().name, tuple(documents))

    def _archive(self, data: bytes, name: str) -> Iterator[Publication | Loose]:
        self._archives += 1
        folder = self.folder / f"archive-{self._archives}"
        folder.mkdir()
        unpacking = Unpacking(data, name, folder)
        members = {unpacked.part: unpacked.path for unpacked in unpacking.members()}
        problems = tuple(unpacking.problems)
        if not members:
            reasons = "; ".join(problem.message for problem in problems[:3]) or "it is empty"
            raise SourceError(f"{name}: nothing in the archive can be read ({reasons}).")
        descriptions = [part for part in members if PurePosixPath(part).name == DESCRIPTION]
        for part in descriptions:
            prefix = part.removesuffix(DESCRIPTION)
            inside = {other.removeprefix(prefix): other for other in members if other.startswith(prefix)}
            text = read_bytes(members[part], f"{name}/{part}", MAXIMUM_DESCRIPTION)
            names, title = self._description(text, f"{name}/{part}")
            files = [SourceFile(members[inside[n]], f"{name}/{inside[n]}") for n in names if n in inside]
            if len(files) < len(names):
                absent = next(n for n in names if n not in inside)
                raise SourceError(f"{name}/{part}: names {absent!r}, which is no file of that folder.")
            yield Publication(PurePosixPath(prefix).name or Path(name).stem, tuple(files), title, problems)
        described = tuple(part.removesuffix(DESCRIPTION) for part in descriptions)
        loose = [part for part in members if not described or not part.startswith(described)]
        if loose:
            files = [SourceFile(members[part], f"{name}/{part}") for part in loose]
            yield Loose(Path(name).stem, tuple(files), is_archive=True, problems=problems)

    def _described(self, folder: Path) -> Publication:
        file = folder / DESCRIPTION
        names, title = self._description(read_bytes(file, str(file), MAXIMUM_DESCRIPTION), str(file))
        for name in names:
            if not _is_inside(folder, name):
                shown = name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}..."
                raise SourceError(f"{file}: names {shown!r}, which is no file of that folder.")
        files = tuple(SourceFile(folder / name, str(folder / name)) for name in names)
        return Publication(folder.resolve().name, files, title)

    def _description(self, content: bytes, name: str) -> tuple[list[str], str | None]:
        """Return the files and the title that a description names. Raises SourceError when it is not usable."""
        try:
            data = yaml.safe_load(content.decode("utf-8-sig"))
        except (ValueError, yaml.YAMLError, RecursionError) as error:
            raise SourceError(f"{name}: is no readable YAML: {error}") from None
        record: Mapping[object, object] = data if isinstance(data, dict) else {}
        for key in map(str, record):
            if key not in _READ_KEYS and (meant := difflib.get_close_matches(key, _READ_KEYS, 1, _LIKENESS)):
                self.notes.append(f"{name}: {key!r} is not read; {meant[0]!r} is perhaps meant")
        files, title = record.get("files"), record.get("title")
        if not isinstance(files, list) or not files or not all(isinstance(each, str) for each in files):
            raise SourceError(f"{name}: 'files' must list the publication's files, e.g. files: [document.txt].")
        if len(set(files)) < len(files):
            raise SourceError(f"{name}: 'files' names a file twice.")
        if title is not None and not isinstance(title, str):
            raise SourceError(f"{name}: 'title' must be the publication's title, e.g. title: 某某局2021年部门预算.")
        return files, title


def _name(path: Path) -> str:
    """Return a name that tells publications apart: the folder's where the file is called document."""
    return path.resolve().parent.name if path.stem == "document" else path.stem


def _begins(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(2)


def _is_inside(folder: Path, name: str) -> bool:
    try:
        path = (folder / name).resolve()
        return path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError, RuntimeError):  # no name that the system knows, or a link that leads to itself
        return False


def part_names(names: Iterable[str]) -> list[str]:
    """Return what tells files apart: their names without the folders that all of them lie in.

    >>> part_names(["a.zip/正文.pdf", "a.zip/附件/表.xlsx"])
    ['正文.pdf', '附件/表.xlsx']
    """
    paths = [Path(name).as_posix() for name in names]
    shared = os.path.commonpath([str(PurePosixPath(path).parent) for path in paths])
    return [str(PurePosixPath(path).relative_to(shared)) for path in paths]
