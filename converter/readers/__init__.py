"""Document -> blocks. One module for each form of source; the form is told by content, not by file name.

A new form is one module with a `Reader` and one entry in READERS.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from budgetgraph.converter.blocks import Block
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.text import decode

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


#: First bytes -> readers that may be meant, asked in this order. A format library is loaded only when a file of
#: its form is read.
READERS: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (b"PK\x03\x04", ("spreadsheet:WorkbookReader", "word:WordReader")),
    (b"\xd0\xcf\x11\xe0", ("legacy_spreadsheet:LegacyWorkbookReader", "legacy_word:LegacyWordReader")),
    (b"{\\rtf", ("legacy_word:RichTextReader",)),
    (b"%PDF-", ("pdf:PdfReader",)),
    (b"\x89PNG", ("scan.images:ImageReader",)),
    (b"\xff\xd8\xff", ("scan.images:ImageReader",)),
    (b"II*\0", ("scan.images:ImageReader",)),
    (b"MM\0*", ("scan.images:ImageReader",)),
    (b"", ("spreadsheet_xml:XmlWorkbookReader", "html:HtmlReader", "delimited:DelimitedReader", "text:TextReader")),
)

#: What programs write first into a web page with all its parts in one file; such files end with .doc or .mht.
_WEB_ARCHIVE = (b"MIME-Version:", b"From: <Saved by ")

#: Documents in one XML file that are not read, by what stands near their beginning, and what to do about them.
_OTHER_XML = (
    (b"schemas.microsoft.com/office/word/2003/wordml", "is a Word 2003 XML document. Open it and save it as .docx"),
    (b"schemas.microsoft.com/office/2006/xmlPackage", "is a document in one XML file. Open it and save it as .docx"),
    (b"urn:oasis:names:tc:opendocument", "is an OpenDocument file. Save it as .xlsx or .docx"),
)

#: Text that has none of these near its beginning is not offered to the reader of web pages.
_XML_WORKBOOK = b"urn:schemas-microsoft-com:office:spreadsheet"
_MARKUP = re.compile(rb"<\s*(?:!|\?|[a-z])", re.IGNORECASE)
_BEGINNING = 4096


def modules_for(data: bytes) -> list[str]:
    """Return the modules of the readers that may be meant by the beginning of a file, the likeliest first."""
    return [f"{__name__}.{name.partition(':')[0]}" for name in _names(data)]


def _names(data: bytes) -> Iterator[str]:
    for name in next(names for magic, names in READERS if data.removeprefix(BOM_UTF8).startswith(magic)):
        if name.startswith("spreadsheet_xml:") and _XML_WORKBOOK not in data[:_BEGINNING]:
            continue
        if not name.startswith("html:") or _MARKUP.search(data[:_BEGINNING].replace(b"\0", b"")):
            yield name


def _candidates(data: bytes) -> Iterator[Reader]:
    for name in _names(data):
        module, _, reader = name.partition(":")
        found: Reader = getattr(import_module(f"{__name__}.{module}"), reader)()
        yield found


def read_bytes(path: Path, name: str, maximum: int = MAXIMUM_SIZE) -> bytes:
    """Return the bytes of a source file. Raises SourceError when it is missing, no file, too large or empty."""
    try:
        if not path.is_file() and path.exists():
            kind = "a folder; name the publication's file in it" if path.is_dir() else "no file. Name a document"
            raise SourceError(f"{name}: is {kind}.")
        size = path.stat().st_size
        if size > maximum:
            limit = f"{maximum // 1024**2} MiB" if maximum >= 1024**2 else f"{maximum // 1024} KiB"
            raise SourceError(f"{name}: {size} bytes; at most {limit} are read. Split the file.")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{name}: {error.strerror}. Check the path and its permissions.") from None
    if not data.strip():
        raise SourceError(f"{name}: the file is empty. Fetch the publication again.")
    return data


def read_document(path: Path, name: str | None = None) -> Document:
    """Read a source file.

    name  what messages and the document call the file; the path by default

    Raises SourceError when it is missing, too large, empty, of no known form, or cannot be read.
    """
    name = name or str(path)
    data = read_bytes(path, name)
    if data.startswith(_WEB_ARCHIVE):
        raise SourceError(f"{name}: is a web page with its pictures in one file (MHTML). Open it and save it as .docx.")
    is_xml = data.removeprefix(BOM_UTF8).startswith(b"<?xml")
    if hint := next((hint for mark, hint in _OTHER_XML if is_xml and mark in data[:_BEGINNING]), None):
        raise SourceError(f"{name}: {hint}.")
    for reader in _candidates(data):
        if reader.handles(data):
            text = decode(data, name) if reader.media_type == "text/plain" else None
            found = reader.read(data, name)
            problems = found.problems if isinstance(found, Reading) else ()
            return Document(name, data, reader.media_type, tuple(found), text, problems)
    from budgetgraph.converter.readers.archive import other_document  # loads libraries that few files need

    if hint := other_document(data):
        raise SourceError(f"{name}: {hint}.")
    if data.startswith((b"PK", b"\xd0\xcf")):
        raise SourceError(
            f"{name}: is a ZIP container or an old Office file, but neither workbook nor document. "
            "Give the publication's own file: PDF, XLSX, XLS, DOCX, DOC, HTML or text."
        )
    place = next((i for i, b in enumerate(data) if b < 9 or 13 < b < 27), 0)
    raise SourceError(
        f"{name}: byte {place} is {data[place]:#04x}, so this is neither text nor another form that is read. "
        "Give UTF-8 or GB 18030 text."
    )
