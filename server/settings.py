"""Settings from one TOML file and the environment: a table for each part of `config.ServerConfig`.

`[queries] time = 10` in the file is `BUDGETGRAPH_QUERIES_TIME=10` in the environment, which goes before the file.
Secrets (`writes.token`, `remote.user`, `remote.password`, `remote.token`) are taken from the environment alone.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, fields, replace
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_type_hints

from budgetgraph.server.config import LogSettings, RemoteSettings, ServerConfig, UploadLimits, WebLimits, WriteLimits
from budgetgraph.server.exceptions import SettingsError
from budgetgraph.server.guard import GuardLimits
from budgetgraph.server.workers import PoolLimits

#: Table of the file -> what it fills.
TABLES: Mapping[str, type[Any]] = {
    "queries": PoolLimits,
    "guard": GuardLimits,
    "web": WebLimits,
    "writes": WriteLimits,
    "uploads": UploadLimits,
    "logs": LogSettings,
    "remote": RemoteSettings,
}
PREFIX = "BUDGETGRAPH_"

_SHORTEST_TOKEN = 16
_Part = TypeVar("_Part")


def read_settings(store: str, file: Path | None = None, environment: Mapping[str, str] | None = None) -> ServerConfig:
    """Return the configuration of a server over a store directory or the address of a SPARQL endpoint.

    Raises SettingsError that names the file or variable, the setting, and what it takes.
    """
    environment = os.environ if environment is None else environment
    told = _read_file(file) if file is not None else {}
    for table in told:
        if table not in TABLES:
            raise SettingsError(f"{file}: [{table}] is no table of settings. There are: {', '.join(TABLES)}.")
    parts = {name: _fill(name, kind(), told, file, environment) for name, kind in TABLES.items() if name != "remote"}
    if len(parts["writes"].token or "x" * _SHORTEST_TOKEN) < _SHORTEST_TOKEN:
        raise SettingsError(f"{PREFIX}WRITES_TOKEN: has less than {_SHORTEST_TOKEN} characters. Take a longer one.")
    if not is_address(store):
        return ServerConfig(Path(store), **parts)
    return ServerConfig(_fill("remote", RemoteSettings(store), told, file, environment), **parts)


def is_address(store: str) -> bool:
    """Tell whether a store is named by an address; else it is a folder."""
    return store.startswith(("http://", "https://"))


def read_remote(address: str, base: str | None = None) -> RemoteSettings:
    """Return the settings of a remote store from the environment alone; `base` goes before. Raises SettingsError."""
    told = _fill("remote", RemoteSettings(address), {}, None, os.environ)
    return told if base is None else replace(told, base=base)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}. Give a TOML file in UTF-8.") from None


def _fill(table: str, part: _Part, told: dict[str, Any], file: Path | None, environment: Mapping[str, str]) -> _Part:
    """Return a part with the values that the file and the environment state."""
    kinds = get_type_hints(type(part))
    known = {each.name: each for each in fields(part)}  # type: ignore[arg-type]  # all parts are dataclasses
    values: dict[str, Any] = {}
    stated = told.get(table, {})
    if not isinstance(stated, dict):
        raise SettingsError(f"{file}: {table} is no table. Write [{table}] and the settings below.")
    for name, value in stated.items():
        place = f"{file}: [{table}] {name}"
        if name not in known or (table == "remote" and name == "query"):
            raise SettingsError(f"{place}: there is no such setting. There are: {', '.join(known)}.")
        if is_secret(known[name]):
            raise SettingsError(f"{place}: is a secret, which a file does not keep. Set {variable(table, name)}.")
        values[name] = _typed(value, kinds[name], place)
    for name in known:
        text = environment.get(variable(table, name))
        if text is not None and not (table == "remote" and name == "query"):
            values[name] = _parse(text, kinds[name], variable(table, name))
    return replace(part, **values)  # type: ignore[type-var]


def is_secret(setting: Field[Any]) -> bool:
    """Tell whether a setting is one that nobody may read."""
    return not setting.repr


def variable(table: str, name: str) -> str:
    """Return the environment variable of a setting."""
    return f"{PREFIX}{table.upper()}_{name.upper()}"


def _parse(text: str, kind: Any, place: str) -> Any:
    """Return the value of an environment variable. `none` switches a limit off."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if type(None) in kinds and text.lower() == "none":
        return None
    if bool in kinds:
        if text.lower() in {"true", "false"}:
            return text.lower() == "true"
    elif str in kinds:
        return text
    elif int in kinds or float in kinds:
        number = int if int in kinds else float
        try:
            return _positive(number(text), place)
        except ValueError:
            pass
    else:
        return tuple(text.split())
    raise SettingsError(f"{place}={text!r}: is not what the setting takes ({_name(kind)}).")


def _typed(value: Any, kind: Any, place: str) -> Any:
    """Return the value of a setting in the file. `"none"` switches a limit off: TOML has no null."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if type(None) in kinds and value == "none":
        return None
    if isinstance(value, list) and all(isinstance(each, str) for each in value) and not {int, float, str} & set(kinds):
        return tuple(value)
    if isinstance(value, bool) or bool in kinds:
        if isinstance(value, bool) and bool in kinds:
            return value
    elif isinstance(value, int) and float in kinds:
        return _positive(float(value), place)
    elif any(isinstance(value, each) for each in kinds if each in {int, float, str}):
        return _positive(value, place)
    raise SettingsError(f"{place} = {value!r}: is not what the setting takes ({_name(kind)}).")


def _positive(value: Any, place: str) -> Any:
    if isinstance(value, int | float) and (value < 0 or value != value):  # not a number
        raise SettingsError(f"{place}: {value} is less than nothing.")
    return value


def _name(kind: Any) -> str:
    return getattr(kind, "__name__", None) or str(kind).replace("NoneType", "none").replace("None", "none")
