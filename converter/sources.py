"""What a person names on the command line -> the publications to convert."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from budgetgraph.converter.exceptions import SourceError

DESCRIPTION = "publication.yaml"

#: Endings of files that may be publications; what they really are is told by their content.
ENDINGS = frozenset((".txt", ".tsv", ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".htm", ".html", ".csv", ".zip"))


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication: the file that is read. `name` is for messages and output files."""

    name: str
    path: Path


def find_publications(paths: Iterable[Path]) -> list[Publication]:
    """Return the publications that files and folders hold, in order of name within each folder.

    A folder with a publication.yaml is one publication; any other folder is searched. Raises SourceError when a
    path does not exist or a folder holds none.
    """
    found: list[Publication] = []
    for path in paths:
        if not path.exists():
            raise SourceError(f"{path}: no such file or folder. Check the path.")
        here = list(_search(path))
        if not here:
            raise SourceError(
                f"{path}: the folder holds no publication. Put a document or a folder with {DESCRIPTION} in it."
            )
        found += here
    return found


def _search(path: Path) -> Iterable[Publication]:
    if path.is_file():
        yield Publication(_name(path), path)
    elif (path / DESCRIPTION).is_file():
        yield Publication(path.resolve().name, _described(path))
    else:
        for child in sorted(path.iterdir()):
            if child.is_dir() or child.suffix.lower() in ENDINGS:
                yield from _search(child)


def _name(path: Path) -> str:
    """Return a name that tells publications apart: the folder's where the file is called document."""
    return path.resolve().parent.name if path.stem == "document" else path.stem


def _described(folder: Path) -> Path:
    file = folder / DESCRIPTION
    try:
        data = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SourceError(f"{file}: is no readable YAML: {error}") from None
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, list) or not files or not all(isinstance(name, str) for name in files):
        raise SourceError(f"{file}: 'files' must list the publication's files, e.g. files: [document.txt].")
    if len(files) > 1:
        raise SourceError(f"{file}: names {len(files)} files; this version reads publications of one file.")
    path: Path = folder / files[0]
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise SourceError(f"{file}: names {files[0]!r}, which is no file of that folder.")
    return path
