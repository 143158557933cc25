"""The log of the service: a line an event, of which nobody who sends something can forge one."""

from __future__ import annotations

import logging
import sys

from pactmock.reports.visible import visible

LEVELS = {
    "none": logging.CRITICAL + 10,
    "off": logging.CRITICAL + 10,
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": logging.DEBUG,
}
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


def log_to_stderr(level: str) -> None:
    """Begin to log what is of a level of `LEVELS`, or more important."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=LEVELS[level], handlers=[handler])
