"""ZIP archives: their members, each as a file of its own, so that a file reads the same wherever it comes from.

Nothing that a member's name says decides where it is written. An archive in an archive is opened, one in that one
is not. What an operating system leaves in archives is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from budgetgraph.converter.blocks import Locator
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem, Severity
from budgetgraph.converter.readers.containers import (
    MAXIMUM_MEMBERS,
    MAXIMUM_TOTAL,
    Container,
    DamagedContainerError,
    is_zip,
    natural_key,
)
from budgetgraph.converter.readers.ooxml import package_form

#: The largest member that is read, in bytes when inflated.
MAXIMUM_MEMBER = 64 * 1024 * 1024

#: How many archives may lie in one another.
MAXIMUM_DEPTH = 2

#: ZIP containers that are documents without a reader, and what to do about them.
_OTHER_DOCUMENTS = {
    "xlsb": "is a binary Excel workbook; save it as .xlsx",
    "pptx": "is a presentation; save its tables as .xlsx or .docx",
    "opendocument": "is an OpenDocument file; save it as .xlsx or .docx",
    "ofd": "is an OFD document (GB/T 33190); print it to PDF or save it as .docx",
}
#: The member with which an OFD document begins (GB/T 33190-2016, 7.2), at the container's root.
_OFD_ROOT = "OFD.xml"
_EMPTY = b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A member that was written to `path`; `part` is its name in the archive, with those of archives around it."""

    part: str
    path: Path


def is_archive(data: bytes) -> bool:
    """Tell whether the bytes are a ZIP container of files, not a document whose form is one."""
    return (is_zip(data) or data.startswith(_EMPTY)) and _form(data) is None


def other_document(data: bytes) -> str | None:
    """Return what to say about a ZIP container that is a document of a form that is not read, None for others."""
    return _OTHER_DOCUMENTS.get(_form(data) or "")


def _form(data: bytes) -> str | None:
    if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
        return "opendocument"
    if is_zip(data) and _OFD_ROOT.encode() in data and _has_member(data, _OFD_ROOT):
        return "ofd"
    return package_form(data)


def _has_member(data: bytes, name: str) -> bool:
    try:
        return name in Container(data, "")
    except SourceError:
        return False


class Unpacking:
    """Writes the members of an archive into a folder, in natural order of their names.

    After `members` was exhausted, `problems` tells which members could not be unpacked, and why.
    """

    def __init__(self, data: bytes, name: str, folder: Path) -> None:
        self._data, self._name, self._folder = data, name, folder
        self._left, self._count = MAXIMUM_TOTAL, 0
        self.problems: list[Problem] = []

    def members(self) -> Iterator[Unpacked]:
        """Yield the members.

        Raises SourceError when the archive is damaged, encrypted, or beyond the limits of `containers`; those hold
        for all archives in it together.
        """
        yield from self._members(self._data, self._name, "", 1)

    def _members(self, data: bytes, name: str, prefix: str, depth: int) -> Iterator[Unpacked]:
        if depth > MAXIMUM_DEPTH:
            raise SourceError(f"{name}: archives lie in one another {depth} deep. Unpack it and give the files.")
        container = Container(data, name)
        for member in sorted(container.members, key=lambda each: natural_key(each.name)):
            if _is_litter(member.name):
                continue
            part, label = f"{prefix}{member.name}", f"{name}/{member.name}"
            try:
                content = container.read_member(member, MAXIMUM_MEMBER)
                self._left -= len(content)
                self._count += 1
                if self._left < 0 or self._count > MAXIMUM_MEMBERS:
                    raise SourceError(
                        f"{self._name}: holds more than {MAXIMUM_MEMBERS} members or {MAXIMUM_TOTAL // 1024**2} MiB "
                        f"when inflated, up to {part}; this is not read. Unpack it and give the files."
                    )
                if is_archive(content):
                    yield from self._members(content, label, f"{part}/", depth + 1)
                else:
                    yield Unpacked(part, self._written(content))
            except DamagedContainerError as error:
                self.problems.append(Problem("unread-member", Severity.ERROR, str(error), Locator(part=part)))

    def _written(self, content: bytes) -> Path:
        path = self._folder / f"{self._count}"
        path.write_bytes(content)
        return path


def _is_litter(name: str) -> bool:
    """Tell whether a member is not a document: what operating systems and open programs leave behind."""
    folders = name.split("/")
    file = folders[-1]
    return (
        "__MACOSX" in folders
        or any(folder.startswith(".") and folder.strip(".") for folder in folders)
        or file.startswith("~$")
        or file.lower() in {"thumbs.db", "desktop.ini"}
    )
