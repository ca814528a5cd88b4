"""The publications of a release as records of a catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from budgetgraph.server.backend import backend
from budgetgraph.server.dumps import Dump, read_dumps
from budgetgraph.server.exceptions import NotFoundError
from budgetgraph.server.terms import Row

_FIELDS = ("series", "sha", "digest", "title", "kind", "body", "year", "phase")


@dataclass(slots=True)
class Record:
    """A current version of a document. Labels by language; `place` is an IRI, `findings` severity -> count."""

    iri: str
    series: str
    sha: str
    digest: str
    title: str
    kind: str
    body: str
    year: str
    phase: str
    place: str | None = None
    place_code: str | None = None
    body_labels: dict[str, str] = field(default_factory=dict)
    place_labels: dict[str, str] = field(default_factory=dict)
    findings: Mapping[str, int] | None = None


@dataclass(slots=True)
class RefusedRecord:
    """A publication that the release does not hold. Texts by language; `rules` are IRIs, `time` is ISO 8601."""

    iri: str
    name: str
    title: str
    state: str
    status: str
    time: str
    body: str | None = None
    year: str | None = None
    state_labels: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    body_labels: dict[str, str] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)


def read_refused() -> list[RefusedRecord]:
    """Return what was held back, not converted or withdrawn, by state and name."""
    found: dict[str, RefusedRecord] = {}
    for row in backend().select("list-refused"):
        iri = row["refused"].value
        record = found.get(iri)
        if record is None:
            name, title, state, status, time = (row[n].value for n in ("name", "title", "state", "status", "time"))
            record = found[iri] = RefusedRecord(iri, name, title, state, status, time)
            record.body, record.year = (row[n].value if n in row else None for n in ("body", "year"))
        for labels, label in (
            (record.state_labels, "stateLabel"),
            (record.reasons, "reason"),
            (record.body_labels, "bodyLabel"),
        ):
            _add(labels, row, label)
        if "rule" in row and row["rule"].value not in record.rules:
            record.rules.append(row["rule"].value)
    return list(found.values())


def read_records() -> list[Record]:
    """Return the current versions of documents, by body and year, with what validation found in each."""
    counts = _findings()
    base = backend().release().metadata.base
    found: dict[str, Record] = {}
    for row in backend().select("list-datasets"):
        iri = row["document"].value
        record = found.get(iri)
        if record is None:
            series, sha, digest, title, kind, body, year, phase = (row[name].value for name in _FIELDS)
            record = found[iri] = Record(iri, series, sha, digest, title, kind, body, year, phase)
            record.findings = counts.get(f"{base}graph/doc/{record.sha}/report")
        if "place" in row:
            record.place, record.place_code = row["place"].value, row["placeCode"].value
            _add(record.place_labels, row, "placeLabel")
        _add(record.body_labels, row, "bodyLabel")
    return list(found.values())


def dumps_of_release() -> list[Dump]:
    """Return the dumps of the release of this request; none where the store is an endpoint elsewhere."""
    try:
        return read_dumps(backend().release())
    except NotFoundError:
        return []


def _add(labels: dict[str, str], row: Row, name: str) -> None:
    if name in row:
        labels.setdefault(row[name].language or "", row[name].value)


def _findings() -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in backend().select("count-findings"):
        report = counts.setdefault(row["graph"].value, {})
        if "severity" in row:
            report[row["severity"].value.rpartition("#")[2]] = int(row["count"].value)
    return counts
