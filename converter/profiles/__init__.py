"""Layout profiles: what the tables of a family of publications look like, as data.

A profile names header words, row words and what they mean as dimension values; it has no code. The form is
`profile.schema.json`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import yaml

from budgetgraph.converter.exceptions import ProfileError
from budgetgraph.converter.identifiers import SCHEMES
from budgetgraph.converter.labels import fold, fold_item
from budgetgraph.converter.layouts.header_words import HeaderWords, Word
from budgetgraph.converter.profiles.checking import check_form, checked
from budgetgraph.converter.profiles.form import ColumnSpec, Pane, Profile, RowRule, Section, TableSpec
from budgetgraph.ontology import codelists

__all__ = [
    "ColumnSpec",
    "Pane",
    "Profile",
    "RowRule",
    "Section",
    "TableSpec",
    "build_profile",
    "check_profile",
    "parse_profile",
    "profile_hash",
    "profile_names",
    "shipped_profiles",
]

#: Parts of a profile that add to, or replace one by one, those of the profile it extends.
_INHERITED = ("row_rules", "columns")


def _named(what: str, name: str, known: Mapping[str, Any], profile: str) -> Any:
    if name not in known:
        raise ProfileError(f"profile {profile}: {what} {name!r} is not defined; known: {', '.join(known)}")
    return known[name]


def _rule(name: str, data: Mapping[str, Any]) -> RowRule:
    labels = frozenset(fold_item(label) for label in data.get("labels", ()))
    return RowRule(name, **{**data, "labels": labels})


def _column(data: Mapping[str, Any]) -> ColumnSpec:
    headers = frozenset("/".join(fold(part) for part in path.split("/")) for path in data["header"])
    return ColumnSpec(
        data["role"],
        headers,
        data.get("dimensions", {}),
        data.get("optional", False),
        data.get("phase"),
        data.get("year"),
        data.get("years_before", 0),
    )


def _header_words(data: Mapping[str, Any], names: Sequence[str], profile: str) -> HeaderWords:
    words: dict[str, Word] = {}
    for name in names:
        for word, said in _named("header words", name, data, profile).items():
            words[fold(word)] = Word(**said)
    dimensions = {
        (name, each)
        for word in words.values()
        for name, value in (word.dimensions or {}).items()
        for each in (value, *word.below.values())
    }
    above = {(name, value): _above(name, value) for name, value in dimensions}
    return HeaderWords(words, above)


@cache
def _above(dimension: str, notation: str) -> frozenset[str]:
    known = codelists.scheme(SCHEMES[dimension].removesuffix("/{year}"), codelists.TABLE_YEAR)
    return known.ancestors(notation) if notation in known else frozenset()


def _inherit(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the profile with what it takes from the one it extends."""
    if "extends" not in data:
        return data
    parent = _inherit(_read_shipped(f"{data['extends']}.yaml", data["profile"]))
    merged = {part: {**parent.get(part, {}), **data.get(part, {})} for part in _INHERITED}
    vocabularies = {**parent.get("header_words", {})}
    for name, words in data.get("header_words", {}).items():
        vocabularies[name] = {**vocabularies.get(name, {}), **words}
    return {**data, **merged, "header_words": vocabularies}


def _read_shipped(file: str, profile: str) -> Mapping[str, Any]:
    """Return a shipped profile as data. Raises ProfileError when there is none."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    path = resources.files(__name__) / file
    if not path.is_file():
        parent = file.removesuffix(".yaml")
        raise ProfileError(f"profile {profile}: there is no profile {parent!r} to extend; 'base' is one")
    data: Mapping[str, Any] = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506  # a safe loader
    return data


def build_profile(data: Mapping[str, Any]) -> Profile:
    """Return the profile that a YAML file describes. Raises ProfileError when it names what is not defined."""
    data = _inherit(data)
    name = data["profile"]
    rules = {key: _rule(key, value) for key, value in data.get("row_rules", {}).items()}

    def pick(names: list[str]) -> tuple[RowRule, ...]:
        return tuple(_named("row rule", each, rules, name) for each in names)

    def pane(each: Mapping[str, Any]) -> Pane:
        columns = tuple(
            _column(_named("column", c, data.get("columns", {}), name) if isinstance(c, str) else c)
            for c in each.get("columns", ())
        )
        if "words" not in each and all(column.role != "amount" for column in columns):
            raise ProfileError(f"profile {name}: a pane of {each['structure']} has no column of the role 'amount'")
        if "sections" in each:
            sections = tuple(
                Section(
                    s.get("id"),
                    frozenset(map(fold_item, s["headings"])),
                    pick(s["rows"]),
                    s.get("structure"),
                    s.get("kind"),
                )
                for s in each["sections"]
            )
        else:
            sections = (Section(each.get("id"), frozenset(), pick(each["rows"])),)
        return Pane(
            each["structure"],
            columns,
            sections,
            each.get("kind"),
            each.get("optional", False),
            _header_words(data.get("header_words", {}), each["words"], name) if "words" in each else None,
            frozenset(map(fold, each.get("under", ()))),
            each.get("beside", False),
            each.get("repeat", False),
            each.get("plain", False),
            each.get("unfilled_dashes", False),
            each.get("dimensions", {}),
        )

    tables = tuple(
        TableSpec(
            name,
            table["kind"],
            tuple("…".join(map(fold, title.split("…"))) for title in table["titles"]),
            table["fund"],
            tuple(map(pane, table["panes"])),
            table.get("headerless", False),
            tuple(map(fold, table.get("without", ()))),
            table.get("by_title", any("words" in each for each in table["panes"])),
            table.get("bare", False),
            {
                (said.get("dimension", "revenueSource"), value): (tuple(said["beside"]), said["then"])
                for value, said in table.get("apart", {}).items()
            },
        )
        for table in data["tables"]
    )
    return Profile(name, tuple(data.get("expects", ())), tables)


def check_profile(data: object, name: str) -> None:
    """Check a profile's form. Raises ProfileError that names the place in the file and what is expected there."""
    check_form(data, name, "profile.schema.json")


def parse_profile(text: str, name: str) -> Profile:
    """Return the checked profile of a YAML text. Raises ProfileError."""
    return build_profile(checked(text, name, "profile.schema.json"))


def profile_names() -> list[str]:
    """Return the file names of the layout profiles that ship."""
    return sorted(f.name for f in resources.files(__name__).iterdir() if f.name.endswith("-tables.yaml"))


@cache
def shipped_profiles() -> tuple[Profile, ...]:
    """Return the layout profiles that ship with the converter; tests check their form."""
    return tuple(build_profile(_read_shipped(name, name)) for name in profile_names())


@cache
def profile_hash() -> str:
    """Return the SHA-256 over all profile files: part of what a conversion depends on."""
    digest = hashlib.sha256()
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith((".yaml", ".json")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
