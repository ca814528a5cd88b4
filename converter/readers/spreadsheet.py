"""XLSX workbooks: every cell as its number format shows it, with merged ranges, at its place in the sheet.

Own code on the XML, for three reasons. A number stays the decimal digits of the file. What is shown depends on the
cell's style, which the fast libraries do not give. And a sheet with two cells at opposite corners is read without
making the 17,000,000,000 places between them, at which python-calamine ends the process.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from budgetgraph.converter.blocks import Block
from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.problems import Problem
from budgetgraph.converter.readers.markup import attribute
from budgetgraph.converter.readers.ooxml import Package, package_form
from budgetgraph.converter.readers.reading import Reading
from budgetgraph.converter.readers.sheet_columns import MAXIMUM_COLUMNS, column_number
from budgetgraph.converter.readers.sheet_scanner import MAXIMUM_SHEET, NOTHING, scan_cells, split_sheet
from budgetgraph.converter.readers.sheets import Range, Sheet, SheetLayout, hidden_content, hidden_sheet
from budgetgraph.converter.readers.workbook_cells import WorkbookCells, number_attribute, shared_strings
from budgetgraph.ontology.collecting import collector_paused

#: The most sheets that a workbook may have.
MAXIMUM_SHEETS = 255

_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?\Z")


class WorkbookReader:
    """Reads .xlsx, .xlsm and .xltx files."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def handles(self, data: bytes) -> bool:
        """Tell whether the bytes are a package whose main part is a workbook."""
        return package_form(data) == "xlsx"

    def read(self, data: bytes, name: str) -> Reading:
        """Return the blocks of the sheets that are shown, in order.

        Raises SourceError when the file is damaged or beyond the limits named in the modules of this folder.
        """
        with collector_paused():
            return _Workbook(Package(data, name)).read()


class _SheetPart(NamedTuple):
    name: str
    part: str
    is_hidden: bool


class _Workbook:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._name = package.name
        self._tree = package.tree(package.main_part)
        settings = next(_named(self._tree, "workbookPr"), None)
        epoch_1904 = settings is not None and settings.get("date1904") in {"1", "true"}
        styles, strings = (package.related(package.main_part, kind) for kind in ("styles", "sharedStrings"))
        self._cells = WorkbookCells(
            self._name,
            package.tree(styles) if styles else None,
            shared_strings(package.container.read(strings), self._name, strings) if strings else [],
            epoch_1904,
        )

    def read(self) -> Reading:
        layout = SheetLayout(self._name)
        blocks: list[Block] = []
        problems: list[Problem] = []
        for source in self._sheets():
            if source.is_hidden:
                problems.append(hidden_sheet(source.name))
                continue
            sheet = self._sheet(source)
            problems += hidden_content(sheet)
            blocks += layout.blocks(sheet)
        return Reading(blocks, [*problems, *self._cells.problems])

    def _sheets(self) -> list[_SheetPart]:
        related = self._package.relationships(self._package.main_part)
        found = []
        for element in _named(self._tree, "sheet"):
            relation = related.get(attribute(element, "id") or "")
            if relation and relation.kind == "worksheet":  # not a chart or a macro sheet
                hidden = element.get("state") in {"hidden", "veryHidden"}
                found.append(_SheetPart(element.get("name") or "", relation.target, hidden))
        if len(found) > MAXIMUM_SHEETS:
            raise SourceError(
                f"{self._name}: has {len(found)} sheets; at most {MAXIMUM_SHEETS} are read. Split the file."
            )
        return found

    def _sheet(self, source: _SheetPart) -> Sheet:
        data = self._package.container.read(source.part, MAXIMUM_SHEET)
        frame, cells = split_sheet(data, self._name, source.part)
        del data  # as large as everything that is made of it
        sheet = Sheet(source.name)
        self._cells.sheet = source.name
        scan_cells(cells, self._cells, sheet, f"{self._name}: sheet {source.name!r}")
        sheet.merged = [found for e in _named(frame, "mergeCell") if (found := _range(e.get("ref") or ""))]
        sheet.hidden_columns = _hidden_columns(_named(frame, "col"))
        return sheet


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return root.iter(f"{{*}}{name}")


def _range(printed: str) -> Range | None:
    match = _RANGE.match(printed)
    if match is None or column_number(match.group(1)) >= MAXIMUM_COLUMNS:
        return None
    first, top, last, bottom = match.groups()
    right = min(column_number(last or first), MAXIMUM_COLUMNS - 1)
    return int(top) - 1, column_number(first), int(bottom or top) - 1, right


def _hidden_columns(elements: Iterator[etree._Element]) -> list[int]:
    hidden: set[int] = set()
    for element in elements:
        if element.get("hidden") in {"1", "true"} or NOTHING.match(element.get("width") or ""):
            first, last = number_attribute(element, "min"), number_attribute(element, "max")
            hidden.update(range(max(first, 1) - 1, min(last, MAXIMUM_COLUMNS)))
    return sorted(hidden)
