"""Text with tab-separated tables: the form in which a publication's text is extracted or pasted.

Lines that hold a tab are rows; rows that follow each other directly are one grid; any other line is a
paragraph. Where a spreadsheet program has filled all lines with tabs to one length, the lines above the first row
are paragraphs, too. Offsets count the characters of the decoded text, without a byte order mark.
"""

import codecs
from collections.abc import Iterator, Sequence

from budgetgraph.converter.blocks import Block, Cell, Grid, Locator, Paragraph
from budgetgraph.converter.exceptions import SourceError

#: Tried in this order; GB 18030 also decodes what calls itself GB2312 or GBK.
ENCODINGS = ("utf-8", "gb18030")

_TEXT_CONTROL = frozenset(b"\t\n\r\f")


def decode(data: bytes, name: str) -> str:
    """Return the text of the bytes without byte order mark.

    Raises SourceError with the place of the first byte that is neither UTF-8 nor GB 18030.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding)
    data = data.removeprefix(codecs.BOM_UTF8)
    places = []
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            places.append(f"not {encoding} at line {line}, byte {error.start} ({data[error.start]:#04x})")
    raise SourceError(f"{name}: {'; '.join(places)}. Save the file as UTF-8.")


def blocks(text: str) -> Iterator[Block]:
    """Yield the paragraphs and grids of a text in reading order."""
    pending: list[list[Cell]] = []
    offset = 0
    lines = text.split("\n")
    is_above = _is_padded(lines)
    for number, line in enumerate(lines, start=1):
        content = line.removesuffix("\r")
        printed = content.strip()
        if "\t" in printed or (printed and content.startswith("\t")):
            is_above = False
        if "\t" in content and not is_above:
            pending.append(_row(content, number, offset, len(pending)))
        else:
            if pending:
                yield _grid(pending)
                pending = []
            if printed:
                start = offset + len(content) - len(content.lstrip())
                yield Paragraph(printed, Locator(number, None, start, start + len(printed)))
        offset += len(line) + 1
    if pending:
        yield _grid(pending)


def _is_padded(lines: Sequence[str]) -> bool:
    """Tell whether all lines have equally many tabs."""
    counts = {line.count("\t") for line in lines if line.removesuffix("\r")}
    return len(counts) == 1 and counts != {0}


def _row(line: str, number: int, offset: int, row: int) -> list[Cell]:
    cells = []
    for column, text in enumerate(line.split("\t")):
        start = offset + len(text) - len(text.lstrip())
        printed = text.strip()
        place = Locator(number, column + 1, start, start + len(printed))
        cells.append(Cell(printed, row, column, locator=place))
        offset += len(text) + 1
    return cells


def _grid(rows: list[list[Cell]]) -> Grid:
    width = max(map(len, rows))
    for index, row in enumerate(rows):
        end = row[-1].locator
        row.extend(
            Cell("", index, column, locator=Locator(end.line, column + 1, end.end, end.end))
            for column in range(len(row), width)
        )
    return Grid(tuple(map(tuple, rows)), rows[0][0].locator)


class TextReader:
    """Reads UTF-8 (with or without mark), UTF-16 with mark, and GB 18030."""

    media_type = "text/plain"

    def handles(self, data: bytes) -> bool:
        """Tell whether no byte is a control character that text does not have."""
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return True
        return not any(b < 32 and b not in _TEXT_CONTROL for b in set(data))

    def read(self, data: bytes, name: str) -> list[Block]:
        """Return the blocks of the text. Raises SourceError when it cannot be decoded."""
        try:
            return list(blocks(decode(data, name)))
        except UnicodeDecodeError as error:
            raise SourceError(f"{name}: {error.reason} at byte {error.start}. Save the file as UTF-8.") from None
