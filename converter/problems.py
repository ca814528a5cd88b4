"""What is wrong in a document: located values that are collected, never raised."""

from dataclasses import dataclass, field
from enum import StrEnum

from budgetgraph.converter.blocks import Locator


class Severity(StrEnum):
    """How much a problem matters to somebody who uses the data."""

    ERROR = "error"  # something of the source is not in the data
    WARNING = "warning"  # the data may not be what the source means
    INFO = "info"  # worth knowing; the data is complete


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a source document. `code` names its paragraph in docs/problems.md."""

    code: str
    severity: Severity
    message: str
    location: Locator = field(default_factory=Locator)

    def __str__(self) -> str:
        """Return "line 12, field 3: error: message [code]"."""
        place = str(self.location)
        return f"{place + ': ' if place else ''}{self.severity}: {self.message} [{self.code}]"
