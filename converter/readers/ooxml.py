"""Office Open XML packages (xlsx, docx): a ZIP container whose parts refer to each other (ECMA-376 part 2)."""

import posixpath
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from budgetgraph.converter.exceptions import SourceError
from budgetgraph.converter.readers.containers import Container, is_zip
from budgetgraph.converter.readers.markup import parse_xml

CONTENT_TYPES = "[Content_Types].xml"

#: Words in the content type of the main part -> form.
_FORMS = (
    ("sheet.binary", "xlsb"),
    ("spreadsheetml", "xlsx"),
    ("ms-excel.sheet", "xlsx"),
    ("ms-excel.template", "xlsx"),
    ("wordprocessingml", "docx"),
    ("ms-word", "docx"),
    ("presentationml", "pptx"),
    ("ms-powerpoint", "pptx"),
)


class Relationship(NamedTuple):
    """What a part refers to: the last word of the relationship's type, and the part it means."""

    kind: str
    target: str


class Package:
    """A package in memory. Raises SourceError where it is not sound, see `containers.Container`."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.container = Container(data, name)
        self._relationships: dict[str, dict[str, Relationship]] = {}

    @cached_property
    def main_part(self) -> str:
        """Return the name of the part that holds the document."""
        related = self.relationships("").values()
        found = next((r.target for r in related if r.kind == "officeDocument"), None)
        if found is None:
            raise SourceError(f"{self.name}: the Office file names no main part. Save it again with its program.")
        return found

    @cached_property
    def form(self) -> str | None:
        """Return "xlsx", "docx", "xlsb" or "pptx" by the content type of the main part."""
        types = self.tree(CONTENT_TYPES)
        part = f"/{self.main_part}"
        content_type = next(
            (e.get("ContentType") or "" for e in types if (e.get("PartName") or "").lower() == part.lower()), ""
        )
        return next((form for word, form in _FORMS if word in content_type), None)

    def __contains__(self, part: object) -> bool:
        return part in self.container

    def tree(self, part: str) -> etree._Element:
        """Return the root element of an XML part."""
        return parse_xml(self.container.read(part), self.name, part)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return what a part refers to inside the package, by the identifier it uses; "" is the package itself."""
        if part not in self._relationships:
            self._relationships[part] = self._read_relationships(part)
        return self._relationships[part]

    def _read_relationships(self, part: str) -> dict[str, Relationship]:
        folder, file = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{file}.rels")
        if relations not in self.container:
            return {}
        found = {}
        for element in self.tree(relations):
            target = element.get("Target") or ""
            if element.get("TargetMode") != "External":
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = (element.get("Type") or "").rpartition("/")[2]
                found[element.get("Id") or ""] = Relationship(kind, posixpath.normpath(path))
        return found

    def related(self, part: str, kind: str) -> str | None:
        """Return the part of a kind that `part` refers to, where the package has it."""
        targets = [r.target for r in self.relationships(part).values() if r.kind == kind]
        return next((target for target in targets if target in self.container), None)


def package_form(data: bytes) -> str | None:
    """Return "xlsx", "docx", "xlsb" or "pptx" when the bytes are such a package, None for anything else."""
    if not is_zip(data) or CONTENT_TYPES.encode() not in data:
        return None
    try:
        return Package(data, "").form
    except SourceError:
        return None
