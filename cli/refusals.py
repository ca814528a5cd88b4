"""What `publish` leaves out, told in the release: why, without a word of the document itself."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from budgetgraph.converter.privacy import redact
from budgetgraph.server.refused import QUARANTINED, REFUSED, Refused, refused_graph, withdrawn

#: Exception -> what it means, in Chinese and English.
_FAULTS: Mapping[str, tuple[str, str]] = {
    "SourceError": (
        "文件缺失、为空、格式不明、无法解码，或没有预算表。",
        "A file is missing, empty, of an unknown form or undecodable, or no table is a budget's.",
    ),
}
_OTHER = ("转换或校验没有完成。", "It could not be converted or validated.")


class Refusals:
    """Publications that a release will not hold, collected while it is prepared."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        self._found: list[Refused] = []
        self._series: set[str] = set()

    def refuse(self, name: str, fault: str) -> None:
        """Note a publication that could not be converted. `fault` names the exception; its message may quote."""
        zh, en = _FAULTS.get(fault, _OTHER)
        reasons = {"zh": zh, "en": en}
        self._found.append(Refused(redact(name)[0], REFUSED, reasons, self._now))

    def quarantine(
        self, name: str, version: str, series: str, title: str, body: str, year: int, violated: Mapping[str, int]
    ) -> None:
        """Note a publication that is held back because of its violations (rule -> how many)."""
        self._series.add(series)
        rules = ", ".join(f"{rule} ({number})" for rule, number in sorted(violated.items()))
        reasons = {"zh": f"违反校验规则 {rules}", "en": f"Violates {rules}"}
        self._found.append(
            Refused(
                redact(name)[0],
                QUARANTINED,
                reasons,
                self._now,
                title,
                version,
                series,
                body,
                str(year),
                tuple(sorted(violated)),
            )
        )

    def graph(self, store: Path | None, series: Iterable[str]) -> bytes:
        """Return what is refused, and what the live release of a store folder holds and the new one will not."""
        gone = withdrawn(store, self._base, {*series, *self._series}, self._now) if store else []
        return refused_graph([*self._found, *gone], self._base)
