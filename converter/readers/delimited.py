"""CSV files: text whose lines all have the same number of fields between commas or semicolons.

Text with tabs belongs to `readers.text`. Title and note lines around a table may stand alone in their line.
"""

import csv
import io
from collections import Counter

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.sheets import Sheet, SheetLayout
from budgetgraph.converter.readers.text import decode

#: The largest file that is read, in bytes.
MAXIMUM_SIZE = 32 * 1024 * 1024

DELIMITERS = ",;"


class DelimitedReader:
    """Reads comma- and semicolon-separated text in the encodings of `readers.text.decode`.

    A place is line and field; offsets are those of `readers.offsets`, as quotes are not part of what is read.
    """

    media_type = "text/csv"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes are text without tabs, in lines of equally many fields."""
        if len(data) > MAXIMUM_SIZE or not any(mark.encode() in data for mark in DELIMITERS):
            return False
        try:
            return _rows(decode(data, "")) is not None
        except (SourceError, UnicodeDecodeError):
            return False

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks in order. Raises SourceError when `handles` is false, or above the limit of cells."""
        try:
            rows = _rows(decode(data, name)) if len(data) <= MAXIMUM_SIZE else None
        except UnicodeDecodeError as error:
            raise SourceError(f"{name}: {error.reason} at byte {error.start}. Save the file as UTF-8.") from None
        if rows is None:
            raise SourceError(f"{name}: is no CSV. Give all lines equally many fields and put commas into quotes.")
        sheet = Sheet("", lines=[line for line, _ in rows])
        for index, (_, fields) in enumerate(rows):
            sheet.rows[index] = {column: text for column, field in enumerate(fields) if (text := field.strip())}
        return Reading(SheetLayout(name).blocks(sheet))


def _rows(text: str) -> list[tuple[int, list[str]]] | None:
    """Return line number and fields of each row, None when the text is no table in any delimiter."""
    if "\t" in text or "\0" in text:
        return None
    found = (_split(text, delimiter) for delimiter in DELIMITERS)
    return max(filter(None, found), key=lambda rows: max(len(fields) for _, fields in rows), default=None)


def _split(text: str, delimiter: str) -> list[tuple[int, list[str]]] | None:
    if delimiter not in text:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for fields in reader:
            rows.append((line, fields))
            line = reader.line_num + 1
    except csv.Error:
        return None
    widths = Counter(len(fields) for _, fields in rows if any(field.strip() for field in fields))
    single = widths.pop(1, 0)
    # Prose can have one comma in each of a few lines; two fields ask for more lines than three do.
    is_table = len(widths) == 1 and widths.total() >= max(2, single + (2 in widths))
    return rows if is_table else None
