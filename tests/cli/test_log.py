"""Nobody who sends something can forge a line of the service's log."""

from __future__ import annotations

import logging
from pathlib import Path

from pactmock.cli.serving.log import LineFormatter
from tests.pacts import interaction, pact
from tests.process import call, service

FORGED = "2026-01-01 00:00:00,000 INFO pactmock: all is well"


def test_what_was_sent_stays_within_its_line(tmp_path: Path) -> None:
    with service(tmp_path / "pacts") as running:
        for ending in ("\n", "\r", "\u2028", "\x1b[2K"):
            document = pact(interaction(), consumer=f"web{ending}{FORGED}")
            status, created = call("POST", f"{running.url}/?ttl=0.05", document)
            assert status == 200, created
        while call("GET", running.url)[1]["mockServers"]:  # listing is no touch, so they are stopped one by one
            pass
        running.process.terminate()
        errors = running.process.communicate(timeout=20)[1]
    assert errors.count("was stopped: nobody touched it") == 4
    assert all(" WARNING pactmock.control: mock server " in line for line in errors.splitlines())


def test_a_traceback_stands_behind_a_margin() -> None:
    formatter = LineFormatter("%(levelname)s %(name)s: %(message)s")

    def fail() -> None:
        raise ValueError(f"no\n{FORGED}")

    try:
        fail()
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("a\nb", logging.ERROR, "", 0, "it %s", (f"failed\n{FORGED}",), info)
    first, *others = formatter.format(record).splitlines()
    assert first == f"ERROR a\\nb: it failed\\n{FORGED}"
    assert others
    assert all(line.startswith("    | ") for line in others)
