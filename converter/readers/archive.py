"""ZIP archives: what their members hold, one after the other in order of name.

Members are read by the same readers as files; a place names its member. An archive in an archive is opened, one
in that one is not. What no reader knows (pictures, say) is reported, never silently left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from budgetgraph.converter.blocks import Block, Grid, Locator
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers.containers import Container, DamagedContainerError, is_zip, natural_key
from budgetgraph.converter.readers.offsets import number
from budgetgraph.converter.readers.ooxml import package_form
from budgetgraph.converter.readers.reading import Reading

#: The largest member that is read, in bytes when inflated.
MAXIMUM_MEMBER = 64 * 1024 * 1024

#: The most cells and paragraphs that all members may have.
MAXIMUM_PARTS = 500_000

#: How many archives may lie in one another.
MAXIMUM_DEPTH = 2

#: ZIP containers that are documents without a reader, and what to do about them.
_OTHER_DOCUMENTS = {
    "xlsb": "is a binary Excel workbook; save it as .xlsx",
    "pptx": "is a presentation; save its tables as .xlsx or .docx",
    "opendocument": "is an OpenDocument file; save it as .xlsx or .docx",
}
_EMPTY = b"PK\x05\x06"


class MemberReader(Protocol):
    """What an archive asks of the readers of its members, see `readers.Reader`."""

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes are of this reader's form."""

    def read(self, data: bytes, name: str) -> Sequence[Block]:
        """Return the blocks in reading order."""


class ArchiveReader:
    """Reads ZIP files. `readers` read the members, the first one that handles a member."""

    media_type = "application/zip"

    def __init__(self, readers: Sequence[MemberReader]) -> None:
        self._readers = tuple(readers)

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes are any ZIP container: readers of documents that are ones come before."""
        return is_zip(data) or data.startswith(_EMPTY)

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks of all members.

        Raises SourceError when the archive is damaged, encrypted or beyond the limits of `containers`, and when
        nothing in it could be read.
        """
        blocks: list[Block] = []
        problems: list[Problem] = []
        size = 0
        for part, found in self._members(data, name, "", 1):
            if isinstance(found, SourceError):
                problems.append(Problem("unread-member", Severity.ERROR, str(found), Locator(part=part)))
                continue
            if isinstance(found, Reading):
                problems += [replace(p, location=replace(p.location, part=part)) for p in found.problems]
            size += sum(len(block.rows) * block.width if isinstance(block, Grid) else 1 for block in found)
            if size > MAXIMUM_PARTS:
                raise SourceError(
                    f"{name}: holds more than {MAXIMUM_PARTS} cells and paragraphs up to {part}. Unpack and split it."
                )
            blocks += _at(found, part)
        if not blocks:
            reasons = "; ".join(problem.message for problem in problems[:3]) or "it is empty"
            raise SourceError(f"{name}: nothing in the archive can be read ({reasons}).")
        return Reading(number(blocks), problems)

    def _members(
        self, data: bytes, name: str, path: str, depth: int
    ) -> Iterator[tuple[str, Sequence[Block] | SourceError]]:
        """Yield the path of each member and its blocks, or why it has none."""
        form = package_form(data) or (
            "opendocument" if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200] else ""
        )
        if form in _OTHER_DOCUMENTS:
            raise SourceError(f"{name}: {_OTHER_DOCUMENTS[form]}.")
        if depth > MAXIMUM_DEPTH:
            raise SourceError(f"{name}: archives lie in one another {depth} deep. Unpack it and give the files.")
        container = Container(data, name)
        for member in sorted(container.members, key=lambda each: natural_key(each.name)):
            if _is_litter(member.name):
                continue
            part, label = f"{path}{member.name}", f"{name}/{member.name}"
            try:
                content = container.read_member(member, MAXIMUM_MEMBER)
                reader = next((each for each in self._readers if each.handles(content)), None)
                if reader is None and self.handles(content):
                    yield from self._members(content, label, f"{part}/", depth + 1)
                else:
                    yield part, _read(reader, content, label)
            except DamagedContainerError as error:
                yield part, error


def _read(reader: MemberReader | None, content: bytes, label: str) -> Sequence[Block] | SourceError:
    if not content.strip():
        return SourceError(f"{label}: the file is empty.")
    if reader is None:
        return SourceError(f"{label}: is of no form that is read.")
    try:
        return reader.read(content, label)
    except SourceError as error:
        return error


def _is_litter(name: str) -> bool:
    """Tell whether a member is not a document: what operating systems and open programs leave behind."""
    folders = name.split("/")
    file = folders[-1]
    return (
        "__MACOSX" in folders
        or any(folder.startswith(".") for folder in folders)
        or file.startswith("~$")
        or file.lower() in {"thumbs.db", "desktop.ini"}
    )


def _at(blocks: Iterable[Block], part: str) -> Iterator[Block]:
    """Yield the blocks with places in a member."""
    for block in blocks:
        place = replace(block.locator, part=part)
        if isinstance(block, Grid):
            rows = tuple(
                tuple(replace(cell, locator=replace(cell.locator, part=part)) for cell in row) for row in block.rows
            )
            yield Grid(rows, place)
        else:
            yield replace(block, locator=place)
