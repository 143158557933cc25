"""The log of what serves: on standard error, from an option's level on, in the form that was chosen."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pactmock.cli.output.log_formats import formatter
from pactmock.cli.output.log_thread import LogThread

LEVELS = {
    "none": logging.CRITICAL + 10,
    "off": logging.CRITICAL + 10,
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": logging.DEBUG,
}


@contextmanager
def log_to_stderr(level: str, form: str) -> Iterator[None]:
    """Log what is of a level of `LEVELS`, or more important; at the end all of it is written."""
    try:
        handler: logging.Handler = LogThread(sys.stderr.fileno())
    except (AttributeError, OSError, ValueError):  # it is closed, or no file of the system
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form))
    logging.basicConfig(level=LEVELS[level], handlers=[handler])
    logging.getLogger("filelock").setLevel(logging.WARNING)  # a pact that is written is one line
    try:
        yield
    finally:
        handler.flush()
