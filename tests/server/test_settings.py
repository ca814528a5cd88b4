"""Settings: from the file, from the environment, refused with their place; and every one documented."""

from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest

from budgetgraph.server.exceptions import SettingsError
from budgetgraph.server.settings import TABLES, is_secret, read_settings, variable

ROOT = Path(__file__).parents[2]
DOCUMENTED = (ROOT / "docs" / "operation.md").read_text("utf-8")
SETTINGS = [(table, setting) for table, kind in TABLES.items() for setting in fields(kind)]


def read(tmp_path: Path, text: str, environment: dict[str, str] | None = None, store: str = "store") -> Any:
    (tmp_path / "b.toml").write_text(text, "utf-8")
    return read_settings(store, tmp_path / "b.toml", environment or {})


def test_defaults_need_no_file() -> None:
    config = read_settings("store", None, {})
    assert config.store == Path("store")
    assert config.queries.time == 30.0


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    text = '[queries]\ntime = 10\nrows = "none"\n[web]\nproxies = ["10.0.0.0/8"]\n[logs]\nrequests = true\n'
    config = read(tmp_path, text)
    assert (config.queries.time, config.queries.rows) == (10.0, None)
    assert config.web.proxies == ("10.0.0.0/8",)
    assert config.logs.requests is True
    environment = {
        "BUDGETGRAPH_QUERIES_TIME": "5.5",
        "BUDGETGRAPH_WEB_PROXIES": "::1 127.0.0.1",
        "BUDGETGRAPH_LOGS_SLOW": "none",
        "BUDGETGRAPH_WRITES_TOKEN": "a long enough token",
    }
    config = read(tmp_path, text, environment)
    assert config.queries.time == 5.5
    assert config.web.proxies == ("::1", "127.0.0.1")
    assert config.logs.slow is None
    assert config.writes.token == "a long enough token"  # noqa: S105
    assert "long enough" not in repr(config)


def test_an_address_is_a_remote_store(tmp_path: Path) -> None:
    environment = {"BUDGETGRAPH_REMOTE_TOKEN": "t", "BUDGETGRAPH_REMOTE_UNION": "true"}
    config = read(tmp_path, '[remote]\nupdate = "https://a.example/update"\n', environment, "https://a.example/sparql")
    assert config.store.query == "https://a.example/sparql"
    assert (config.store.update, config.store.token, config.store.union) == ("https://a.example/update", "t", True)


@pytest.mark.parametrize(
    ("text", "environment", "said"),
    [
        ("[nothing]\n", {}, r"b\.toml: \[nothing\] is no table"),
        ("[queries]\nsped = 1\n", {}, r"\[queries\] sped: there is no such setting.*time"),
        ("[queries]\nworkers = 'two'\n", {}, r"\[queries\] workers = 'two'.*int"),
        ("[queries]\nworkers = true\n", {}, "workers = True"),
        ("[queries]\nworkers = 1.5\n", {}, "workers = 1.5"),
        ("[queries]\ntime = -1\n", {}, "less than nothing"),
        ("[logs]\nrequests = 1\n", {}, "requests = 1"),
        ("[writes]\ntoken = 'in a file for all to read'\n", {}, "secret.*BUDGETGRAPH_WRITES_TOKEN"),
        ("queries = 1\n", {}, "queries is no table"),
        ("broken", {}, r"b\.toml: cannot be read"),
        ("", {"BUDGETGRAPH_QUERIES_TIME": "soon"}, "BUDGETGRAPH_QUERIES_TIME='soon'"),
        ("", {"BUDGETGRAPH_LOGS_REQUESTS": "1"}, "BUDGETGRAPH_LOGS_REQUESTS"),
        ("", {"BUDGETGRAPH_WRITES_TOKEN": "short"}, "less than 16 characters"),
    ],
)
def test_a_bad_setting_is_named_with_its_place(
    tmp_path: Path, text: str, environment: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        read(tmp_path, text, environment)


def test_a_missing_file_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings("store", tmp_path / "nothing.toml", {})


@pytest.mark.parametrize(("table", "setting"), SETTINGS, ids=lambda each: getattr(each, "name", each))
def test_every_setting_is_documented_with_its_default(table: str, setting: Any) -> None:
    rows = [line for line in DOCUMENTED.splitlines() if line.startswith(f"| `{table}.{setting.name}` |")]
    assert len(rows) == 1
    if is_secret(setting):
        assert variable(table, setting.name) in rows[0]
    elif (table, setting.name) != ("remote", "query"):
        default = None if setting.default is MISSING else setting.default
        shown = "none" if default in {None, ()} else str(default).lower() if isinstance(default, bool) else str(default)
        assert f"| `{shown}` |" in rows[0]
