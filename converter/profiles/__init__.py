"""Layout profiles: what the tables of a family of publications look like, as data.

A profile names header words, row words and what they mean as dimension values; it has no code. The form is
`profile.schema.json`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from budgetgraph.converter.exceptions import ProfileError
from budgetgraph.converter.labels import fold, fold_item


@dataclass(frozen=True, slots=True)
class RowRule:
    """What a row's code or label means. Exactly one of labels, code, code_in_label, scheme, unlabelled is set.

    labels         folded labels -> `dimensions`
    unlabelled     a row with amounts alone -> `dimensions`
    code           dimension whose notation stands in the code column
    code_in_label  dimension whose notation opens the label ("201 一般公共服务支出")
    scheme         concept scheme whose labels are looked up, for `dimension`; `level` asks for 类 (1), 款 (2) or 项 (3)
    section        id of the data set the row belongs to, when it is not that of its section
    """

    name: str
    labels: frozenset[str] = frozenset()
    dimensions: Mapping[str, str] | None = None
    code: str | None = None
    code_in_label: str | None = None
    scheme: str | None = None
    dimension: str | None = None
    level: int | None = None
    unlabelled: bool = False
    section: str | None = None


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column by its folded header paths. `dimensions` are what the column adds to its figures' keys."""

    role: str
    headers: frozenset[str]
    dimensions: Mapping[str, str]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a pane that opens with one of `headings` and makes a data set of its own."""

    id: str | None
    headings: frozenset[str]
    rules: tuple[RowRule, ...]


@dataclass(frozen=True, slots=True)
class Pane:
    """Columns that are read together: one label (and code) column with its amount columns.

    kind      notation in the scheme table-kind of its data set, where that is not the table's
    optional  a table without these columns is of the kind too
    """

    structure: str
    columns: tuple[ColumnSpec, ...]
    sections: tuple[Section, ...]
    kind: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One kind of table in one family of layouts."""

    profile: str
    kind: str
    titles: tuple[str, ...]
    fund: str
    panes: tuple[Pane, ...]
    headerless: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A family of layouts. `expects` are the kinds a complete publication has."""

    id: str
    expects: tuple[str, ...]
    tables: tuple[TableSpec, ...]


def _named(what: str, name: str, known: Mapping[str, Any], profile: str) -> Any:
    if name not in known:
        raise ProfileError(f"profile {profile}: {what} {name!r} is not defined; known: {', '.join(known)}")
    return known[name]


def _rule(name: str, data: Mapping[str, Any]) -> RowRule:
    labels = frozenset(fold_item(label) for label in data.get("labels", ()))
    return RowRule(name, **{**data, "labels": labels})


def _column(data: Mapping[str, Any]) -> ColumnSpec:
    headers = frozenset("/".join(fold(part) for part in path.split("/")) for path in data["header"])
    return ColumnSpec(data["role"], headers, data.get("dimensions", {}), data.get("optional", False))


def build_profile(data: Mapping[str, Any]) -> Profile:
    """Return the profile that a YAML file describes. Raises ProfileError when it names what is not defined."""
    name = data["profile"]
    rules = {key: _rule(key, value) for key, value in data.get("row_rules", {}).items()}

    def pick(names: list[str]) -> tuple[RowRule, ...]:
        return tuple(_named("row rule", each, rules, name) for each in names)

    def pane(each: Mapping[str, Any]) -> Pane:
        columns = tuple(
            _column(_named("column", c, data.get("columns", {}), name) if isinstance(c, str) else c)
            for c in each["columns"]
        )
        if "sections" in each:
            sections = tuple(
                Section(s["id"], frozenset(map(fold_item, s["headings"])), pick(s["rows"])) for s in each["sections"]
            )
        else:
            sections = (Section(each.get("id"), frozenset(), pick(each["rows"])),)
        return Pane(each["structure"], columns, sections, each.get("kind"), each.get("optional", False))

    tables = tuple(
        TableSpec(
            name,
            table["kind"],
            tuple(map(fold, table["titles"])),
            table["fund"],
            tuple(map(pane, table["panes"])),
            table.get("headerless", False),
        )
        for table in data["tables"]
    )
    return Profile(name, tuple(data.get("expects", ())), tables)


def check_profile(data: object, name: str) -> None:
    """Check a profile's form. Raises ProfileError that names the place in the file and what is expected there."""
    from jsonschema import Draft202012Validator  # 0.3 s that only new profiles pay

    schema = json.loads((resources.files(__name__) / "profile.schema.json").read_text("utf-8"))
    for error in Draft202012Validator(schema).iter_errors(data):
        place = "/".join(map(str, error.absolute_path)) or "(top)"
        raise ProfileError(f"{name}: at {place}: {error.message}")


def parse_profile(text: str, name: str) -> Profile:
    """Return the checked profile of a YAML text. Raises ProfileError."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ProfileError(f"{name}: is no YAML: {error}") from None
    check_profile(data, name)
    return build_profile(data)


def profile_names() -> list[str]:
    """Return the file names of the layout profiles that ship."""
    return sorted(f.name for f in resources.files(__name__).iterdir() if f.name.endswith("-tables.yaml"))


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """Return the layout profiles that ship with the converter; tests check their form."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    texts = ((resources.files(__name__) / name).read_text("utf-8") for name in profile_names())
    return tuple(build_profile(yaml.load(text, loader)) for text in texts)  # noqa: S506  # a safe loader


@cache
def profile_hash() -> str:
    """Return the SHA-256 over all profile files: part of what a conversion depends on."""
    digest = hashlib.sha256()
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith((".yaml", ".json")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
