"""The registry of bodies: identities that outlive names, read from a CSV file.

A body is found by any of its names that are valid in a year, after folding width, blanks and brackets; never by
likeness. Short names ("党政办公室") are known in the body's own documents and do not tell it from others.

The columns: `id` (lower-case ASCII, stays for ever; parts stand below their department, "whkfq-0001/u1"), `kind`
(department, headquarters, unit), `parent`, `name_zh` (official), `name_en`, `other_names` and `short_names` (separated
by "|"; a former name with its years, "某某县水务局[2010-2018]", one of them left out where it is not known), `level`
and `division` (notations of the code lists), `uscc` (统一社会信用代码, where published), `valid_from` and `valid_to`
(years in which the other names hold), `source` (where the names were read).

A column `predecessors` may follow: the bodies that a body was made of in a reform, each with the year of the change,
"xx-2[2019]|xx-3[2019]". A body of which several were made stands in the line of each of them.
"""

import csv
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from budgetgraph.converter.budget import Organisation
from budgetgraph.converter.exceptions import RegistryError
from budgetgraph.converter.labels import fold
from budgetgraph.ontology import codelists

COLUMNS = (
    "id",
    "kind",
    "parent",
    "name_zh",
    "name_en",
    "other_names",
    "short_names",
    "level",
    "division",
    "uscc",
    "valid_from",
    "valid_to",
    "source",
)
_PREDECESSORS = "predecessors"
KINDS = ("department", "headquarters", "unit")

_ID = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)*\Z")
_YEAR = re.compile(r"(?:19|20)\d{2}\Z")
#: A name with the years in which it held.
_DATED = re.compile(r"(?P<name>[^\[\]]+)\[(?P<years>[^\[\]]*)\]\Z")
_YEARS = re.compile(r"(?P<first>(?:19|20)\d{2})?-(?P<last>(?:19|20)\d{2})?\Z")

#: A former body with the year in which it became another.
_PREDECESSOR = re.compile(r"(?P<id>[^\[\]]+)\[(?P<year>(?:19|20)\d{2})\]\Z")

#: First and last year in which something holds; None where not known.
Years = tuple[int | None, int | None]
_BRACKETS = str.maketrans("〔〕【】[]", "()()()")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_uscc(code: str) -> bool:
    """Tell whether a code is a 统一社会信用代码 with the right check character (GB 32100-2015).

    Each of the first 17 characters stands for its place in the alphabet, weighed by 3^i mod 31; the check
    character makes the sum a multiple of 31.
    """
    if len(code) != 18 or any(character not in _USCC_ALPHABET for character in code):
        return False
    values = [_USCC_ALPHABET.index(character) for character in code]
    total = sum(value * pow(3, place, 31) for place, value in enumerate(values[:17]))
    return (total + values[17]) % 31 == 0


def fold_name(name: str) -> str:
    """Return a name as names are compared.

    >>> fold_name("工委（区委） 办公室") == fold_name("工委(区委)办公室")
    True
    """
    return fold(name).translate(_BRACKETS)


@dataclass(frozen=True, slots=True)
class Entry:
    """A body of the registry. `names` has the official name first; years are None where not known.

    short_names   ways its own documents write it that others may share; an official name may be one of them
    dated         former names -> their years; the others hold from `valid_from` to `valid_to`
    predecessors  bodies it was made of -> the year of the change
    """

    id: str
    kind: str
    names: tuple[str, ...]
    parent: str | None = None
    name_en: str | None = None
    level: str | None = None
    division: str | None = None
    uscc: str | None = None
    valid_from: int | None = None
    valid_to: int | None = None
    source: str = ""
    short_names: tuple[str, ...] = ()
    dated: Mapping[str, Years] = field(default_factory=dict)
    predecessors: Mapping[str, int] = field(default_factory=dict)

    def is_valid(self, year: int, name: str) -> bool:
        """Tell whether the body has a name, folded or not, in a year."""
        spans = {fold_name(each): years for each, years in self.dated.items()}
        first, last = spans.get(fold_name(name), (self.valid_from, self.valid_to))
        return (first or year) <= year <= (last or year)


class Registry:
    """The bodies that are known, by identity and by name."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: Mapping[str, Entry] = {entry.id: entry for entry in entries}
        self._by_name: dict[str, list[Entry]] = defaultdict(list)
        self._parts: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._successors: dict[str, dict[str, int]] = defaultdict(dict)
        for entry in self.entries.values():
            names, short = _folded(entry.names), _folded(entry.short_names)
            for name in names - short:
                self._by_name[name].append(entry)
            for name in names | short:
                self._parts[entry.parent or "", name].append(entry)
            for former, year in entry.predecessors.items():
                self._successors[former][entry.id] = year

    @classmethod
    def load(cls, path: Path | None = None) -> "Registry":
        """Return the registry of a CSV file; of the one that ships when no path is given.

        Raises RegistryError that names file, line, column, value and what to do.
        """
        file = path or resources.files("budgetgraph.data") / "organisations.csv"
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise RegistryError(f"{file}: cannot be read: {error.strerror}. Check the path.") from None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise RegistryError(f"{file}: line {line}: is no UTF-8. Save the file as UTF-8.") from None
        return cls(parse_registry(text, str(file)))

    def find(self, name: str, year: int) -> Entry | None:
        """Return the body that has this name in a year, or None; a department goes before its parts.

        Raises RegistryError when the name is that of several bodies.
        """
        found = [entry for entry in self._by_name.get(fold_name(name), []) if entry.is_valid(year, name)]
        return _only([entry for entry in found if entry.kind == "department"] or found, name)

    def part(self, department: str, name: str, year: int | None = None) -> Entry | None:
        """Return the headquarters or unit of a department that has this name, short names included, or None.

        year  only names valid then; None for all

        Raises RegistryError when the name is that of several.
        """
        found = self._parts.get((department, fold_name(name)), [])
        return _only([entry for entry in found if year is None or entry.is_valid(year, name)], name)

    def organisation(self, entry: Entry, printed: Sequence[str] = ()) -> Organisation:
        """Return the body with its official name first, then those of its names that a document prints."""
        known = _folded((*entry.names, *entry.short_names))
        names = dict.fromkeys([entry.names[0], *(n for n in printed if fold_name(n) in known)])
        return Organisation(entry.id, entry.kind, tuple(names), entry.parent, entry.level, entry.division)

    def units(
        self, department: Organisation, printed: Sequence[str], year: int | None = None, version: str | None = None
    ) -> tuple[Organisation, ...]:
        """Return the units of a department that a document lists.

        year     only names valid then; None for all
        version  short hash of the document: a unit that is not registered has an identity for this version only
        """
        units = []
        for order, name in enumerate(printed, start=1):
            entry = self.part(department.id, name, year)
            if entry is not None:
                units.append(self.organisation(entry, (name,)))
            else:
                above = f"unregistered-{version}" if version else department.id
                digest = hashlib.sha256(fold_name(name).encode()).hexdigest()[:8]
                identity = f"{above}/u{order}" if version else f"{above}/unregistered-{digest}"
                units.append(Organisation(identity, "unit", (name,), department.id, registered=False))
        return tuple(units)

    def family(self, identity: str) -> tuple[Entry, ...]:
        """Return a body with those above it, those below it, and those that any of them were before or became."""
        wanted = {identity}
        above = self.entries.get(identity)
        while above and above.parent and above.parent not in wanted:
            wanted.add(above.parent)
            above = self.entries.get(above.parent)
        below = {identity}
        for entry in self.entries.values():
            if entry.parent in below:
                below.add(entry.id)
        wanted |= below
        waiting = list(wanted)
        while waiting:
            near = {*self.predecessors(waiting[-1]), *self.successors(waiting.pop())} - wanted
            wanted |= near
            waiting += near
        return tuple(entry for entry in self.entries.values() if entry.id in wanted)

    def predecessors(self, identity: str) -> Mapping[str, int]:
        """Return the bodies that one was made of, with the year of each change."""
        entry = self.entries.get(identity)
        return entry.predecessors if entry else {}

    def successors(self, identity: str) -> Mapping[str, int]:
        """Return the bodies that were made of one, with the year of each change."""
        return self._successors.get(identity, {})


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold_name, names))


def _only(found: Sequence[Entry], name: str) -> Entry | None:
    if len(found) > 1:
        bodies = " and ".join(f"{entry.id} ({entry.names[0]})" for entry in found)
        raise RegistryError(f"{name!r} is a name of {bodies}. Limit the years of one of them, or make it a short name.")
    return found[0] if found else None


def unregistered(name: str, version: str) -> Organisation:
    """Return a body that no registry knows; its identity holds for one document version (16 hexadecimal digits)."""
    return Organisation(f"unregistered-{version}", "department", (name,), registered=False)


def parse_registry(text: str, file: str) -> list[Entry]:
    """Return the bodies of a CSV text. Raises RegistryError that names file, line, column, value and what to do."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise RegistryError(
            f"{file}: line 1: no column {', '.join(missing)}. The first line must be: {','.join(COLUMNS)}"
        )
    entries: dict[str, Entry] = {}
    lines: dict[str, int] = {}
    try:
        for row in rows:
            if not any(row.values()):
                continue
            entry = _Row(file, rows.line_num, row).entry()
            if entry.id in entries:
                raise RegistryError(
                    f"{file}: line {rows.line_num}, column id: {entry.id!r} stands on line {lines[entry.id]} already. "
                    "Give each body an identity of its own."
                )
            entries[entry.id], lines[entry.id] = entry, rows.line_num
    except csv.Error as error:
        raise RegistryError(f"{file}: line {rows.line_num}: is no CSV: {error}") from None
    for entry in entries.values():
        parents = [entry.parent] if entry.parent is not None else []
        for column, named in (("parent", parents), (_PREDECESSORS, entry.predecessors)):
            for other in named:
                place = f"{file}: line {lines[entry.id]}, column {column}: {other!r}"
                if other not in entries:
                    raise RegistryError(
                        f"{place} is no body of the registry. Add a line for it, or leave the column empty."
                    )
                if other == entry.id:
                    raise RegistryError(f"{place} is the body itself. Name another one, or leave the column empty.")
    return list(entries.values())


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the file, with its checks."""

    file: str
    line: int
    values: Mapping[str, str | None]

    def entry(self) -> Entry:
        if None in self.values:
            raise self.error("source", "more cells than columns", "Quote a value that has a comma in it.")
        identity, kind = self["id"], self["kind"]
        if not _ID.match(identity):
            raise self.error("id", identity, "Use lower-case ASCII letters, digits, '-' and '/'.")
        if kind not in KINDS:
            raise self.error("kind", kind, f"Use one of {', '.join(KINDS)}.")
        if not self["name_zh"]:
            raise self.error("name_zh", "", "Give the official name.")
        if kind != "department" and not self["parent"]:
            raise self.error("parent", "", f"A {kind} belongs to a department: give its id.")
        if self["uscc"] and not is_uscc(self["uscc"]):
            raise self.error("uscc", self["uscc"], "Correct the code (GB 32100), or leave it empty.")
        valid_from, valid_to = self._year("valid_from"), self._year("valid_to")
        if valid_from and valid_to and valid_from > valid_to:
            raise self.error("valid_to", self["valid_to"], "It must not be before valid_from.")
        names = (self["name_zh"], *self._names("other_names"))
        return Entry(
            identity,
            kind,
            tuple(dict.fromkeys(names)),
            self["parent"] or None,
            self["name_en"] or None,
            self._concept("level"),
            self._concept("division"),
            self["uscc"] or None,
            valid_from,
            valid_to,
            self["source"],
            self._names("short_names"),
            {**self._dated("other_names"), **self._dated("short_names")},
            dict(self._predecessors()),
        )

    def __getitem__(self, column: str) -> str:
        return (self.values.get(column) or "").strip()

    def error(self, column: str, value: str, what_to_do: str) -> RegistryError:
        """Return the message for a value that cannot be used."""
        return RegistryError(f"{self.file}: line {self.line}, column {column}: {value!r}. {what_to_do}")

    def _names(self, column: str) -> tuple[str, ...]:
        return tuple(name for name, _ in self._written(column))

    def _dated(self, column: str) -> dict[str, Years]:
        """Return the names of a column that have years. Raises RegistryError when these are none."""
        return {name: self._years(column, years) for name, years in self._written(column) if years is not None}

    def _years(self, column: str, text: str) -> Years:
        match = _YEARS.match(text)
        first, last = (int(match[name]) if match and match[name] else None for name in ("first", "last"))
        if match is None or not (first or last) or (first and last and first > last):
            raise self.error(column, text, "Give the years of a name as [2010-2018], [2010-] or [-2018].")
        return first, last

    def _written(self, column: str) -> Iterator[tuple[str, str | None]]:
        """Yield the names of a column, each with what stands in brackets of years behind it."""
        for text in self[column].split("|"):
            if match := _DATED.match(text.strip()):
                yield match["name"].strip(), match["years"]
            elif text.strip():
                yield text.strip(), None

    def _predecessors(self) -> Iterator[tuple[str, int]]:
        for text in filter(None, (each.strip() for each in self[_PREDECESSORS].split("|"))):
            match = _PREDECESSOR.match(text)
            if match is None:
                raise self.error(_PREDECESSORS, text, "Give the id of a body and the year of the change: xx-2[2019].")
            yield match["id"].strip(), int(match["year"])

    def _year(self, column: str) -> int | None:
        text = self[column]
        if text and not _YEAR.match(text):
            raise self.error(column, text, "Give a year of four digits, or leave it empty.")
        return int(text) if text else None

    def _concept(self, column: str) -> str | None:
        notation = self[column]
        if notation and notation not in codelists.scheme(column).concepts:
            raise self.error(column, notation, f"Use a notation of the code list {column}, or leave it empty.")
        return notation or None
