"""The two forms of a line of the log, of which nobody who sends something can forge one."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pactmock.reports.visible import visible

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MARGIN = "    | "


class LineFormatter(logging.Formatter):
    """Writes messages with control characters escaped, and tracebacks behind a margin."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the name in logging
        record.message = visible(record.message)
        record.name = visible(record.name)
        return super().formatMessage(record)

    def formatException(self, ei: logging._SysExcInfoType) -> str:  # noqa: N802  typeshed's name of it
        lines = super().formatException(ei).split("\n")
        return "\n".join(_MARGIN + visible(line) for line in lines)


class JsonFormatter(logging.Formatter):
    """Writes an object a line, in ASCII, so that it is the same whatever the terminal or the pipe is made for.

    Members are `time`, `level`, `event`, `server`, `message`, then what else is known of an event, as the attribute
    `told` of a record has it. What is no event has the name of its `logger`, and perhaps `exception`. Texts have their
    control characters escaped, as in lines of text: they may be printed as they are.
    """

    def format(self, record: logging.LogRecord) -> str:
        told: Mapping[str, Any] = getattr(record, "told", {})
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": told.get("event"),
            "server": told.get("server"),
            "message": record.getMessage(),
        }
        if "event" not in told:
            line["logger"] = record.name
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info).split("\n")
        return json.dumps(_shown({**line, **told}))


def _shown(item: Any) -> Any:
    """Escape what is no printable text, everywhere in a document."""
    if isinstance(item, str):
        return visible(item)
    if isinstance(item, Mapping):
        return {visible(str(name)): _shown(value) for name, value in item.items()}
    if isinstance(item, list | tuple):
        return [_shown(value) for value in item]
    return item


def formatter(name: str) -> logging.Formatter:
    """Return the one of a name, `text` or `json`."""
    return JsonFormatter() if name == "json" else LineFormatter(_TEXT)
