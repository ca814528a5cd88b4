"""What became of a result since a former report, and what a person said about it.

Both go by fingerprint, which stays the same when a document is published again with rows moved.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from budgetgraph.shapes.exceptions import FormerReportError
from budgetgraph.shapes.results import Report

#: What a person can say about a result, in the order of how far they got.
STATUSES = ("extraction", "confirmed", "accepted")


@dataclass(frozen=True, slots=True)
class Status:
    """What a person said: a word of STATUSES, and why."""

    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FormerResult:
    """A result of a former report."""

    rule: str
    severity: str
    zh: str
    en: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class History:
    """A former report and a file of statuses; empty where none was given."""

    former: Mapping[str, tuple[FormerResult, ...]] | None = None
    statuses: Mapping[str, Status] = field(default_factory=dict)

    def state(self, fingerprint: str) -> str | None:
        """Return "new" or "unchanged"; None without a former report."""
        if self.former is None:
            return None
        known = any(each.fingerprint == fingerprint for results in self.former.values() for each in results)
        return "unchanged" if known else "new"

    def fixed(self, report: Report, of: Iterable[Report]) -> tuple[FormerResult, ...]:
        """Return the former results of a source that are gone; `of`: all reports of this run."""
        if self.former is None:
            return ()
        alone = len(self.former) == 1 and len(list(of)) == 1
        former = next(iter(self.former.values())) if alone else self.former.get(report.source, ())
        now = {result.fingerprint for result in report.results}
        return tuple({each.fingerprint: each for each in former if each.fingerprint not in now}.values())


def read_history(former: Path | None, statuses: Path | None) -> History:
    """Return the history that two files tell. Raises FormerReportError when one cannot be read."""
    return History(_former(former) if former else None, _statuses(statuses) if statuses else {})


def _former(path: Path) -> dict[str, tuple[FormerResult, ...]]:
    try:
        sources = json.loads(_text(path))["sources"]
        return {source["source"]: tuple(map(_former_result, source["results"])) for source in sources}
    except (ValueError, KeyError, TypeError) as error:
        raise FormerReportError(
            f"{path}: is no report of this program ({error!r}). Give what `budgetgraph validate --format json` wrote."
        ) from None


def _former_result(record: Mapping[str, Any]) -> FormerResult:
    message = record["message"]
    return FormerResult(record["rule"], record["severity"], message["zh"], message["en"], record["fingerprint"])


def _statuses(path: Path) -> dict[str, Status]:
    """Return the statuses of a YAML list or a CSV table with fingerprint, status and reason."""
    text = _text(path)
    try:
        records = list(csv.DictReader(text.splitlines())) if path.suffix.lower() == ".csv" else yaml.safe_load(text)
    except (yaml.YAMLError, csv.Error) as error:
        raise FormerReportError(f"{path}: is neither YAML nor CSV: {error}") from None
    if not isinstance(records, list | None):
        raise FormerReportError(f"{path}: holds no list. Write one entry with fingerprint, status, reason per result.")
    found: dict[str, Status] = {}
    for number, record in enumerate(records or (), start=1):
        place = f"{path}: entry {number}"
        if not isinstance(record, Mapping) or not record.get("fingerprint"):
            raise FormerReportError(f"{place} has no fingerprint. Copy it from the report.")
        status, reason = str(record.get("status") or ""), str(record.get("reason") or "")
        if status not in STATUSES:
            raise FormerReportError(f"{place} has the status {status!r}. Use one of {', '.join(STATUSES)}.")
        if status == "accepted" and not reason:
            raise FormerReportError(f"{place} is accepted without a reason. Say why.")
        found[str(record["fingerprint"])] = Status(status, reason)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FormerReportError(f"{path}: cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise FormerReportError(f"{path}: is not UTF-8. Save it as UTF-8.") from None
