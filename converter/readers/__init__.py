"""Document -> blocks. One module for each form of source; the form is told by content, not by file name.

A new form is one module with a `Reader` and one entry in READERS.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from budgetgraph.converter.blocks import Block
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem
from budgetgraph.converter.readers.pdf import PdfReader
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.text import TextReader, decode

#: The largest source that is read, in bytes.
MAXIMUM_SIZE = 64 * 1024 * 1024


class Reader(Protocol):
    """What every reader offers."""

    media_type: str

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes are of this reader's form."""

    def read(self, data: bytes, name: str) -> Sequence[Block]:
        """Return the blocks in reading order. Raises SourceError when the bytes cannot be read."""


@dataclass(frozen=True, slots=True)
class Document:
    """A source as read: its bytes, its form, its blocks in reading order.

    text      the decoded text that offsets count in, where the source is text
    problems  what is in the file but not in the blocks, see `reading.Reading`
    """

    name: str
    data: bytes
    media_type: str
    blocks: tuple[Block, ...]
    text: str | None = None
    problems: tuple[Problem, ...] = ()


READERS: tuple[Reader, ...] = (PdfReader(), TextReader())

#: First bytes of forms that are known but have no reader, and what to do about them.
KNOWN_FORMS = (
    (b"PK\x03\x04", "a ZIP container (docx, xlsx, zip)", "save it as tab-separated text"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (doc, xls)", "save it as tab-separated text"),
)


def read_document(path: Path) -> Document:
    """Read a source file. Raises SourceError when it is missing, too large, empty or of no known form."""
    name = str(path)
    try:
        size = path.stat().st_size
        if size > MAXIMUM_SIZE:
            limit = MAXIMUM_SIZE // 1024**2
            raise SourceError(f"{name}: {size} bytes; at most {limit} MiB are read. Split the file.")
        data = path.read_bytes()
    except IsADirectoryError:
        raise SourceError(f"{name}: is a folder; name the publication's file in it.") from None
    except OSError as error:
        raise SourceError(f"{name}: {error.strerror}. Check the path and its permissions.") from None
    if not data.strip():
        raise SourceError(f"{name}: the file is empty. Fetch the publication again.")
    for magic, form, advice in KNOWN_FORMS:
        if data.startswith(magic):
            raise SourceError(f"{name}: is {form}, which this version does not read; {advice}.")
    for reader in READERS:
        if reader.handles(data):
            text = decode(data, name) if reader.media_type == "text/plain" else None
            found = reader.read(data, name)
            problems = found.problems if isinstance(found, Reading) else ()
            return Document(name, data, reader.media_type, tuple(found), text, problems)
    place = next((i for i, b in enumerate(data) if b < 9 or 13 < b < 27), 0)
    raise SourceError(
        f"{name}: byte {place} is {data[place]:#04x}, so this is neither text nor another form that is read. "
        "Give UTF-8 or GB 18030 text."
    )
