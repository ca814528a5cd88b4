"""The log of the server: one JSON object a line."""

import json
import logging
from datetime import UTC, datetime

log = logging.getLogger("budgetgraph.server")


class JsonFormatter(logging.Formatter):
    """Writes the fields of a record, `extra={"fields": ...}`, as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)
