"""Sources of pacts, beside pact-stub-server: the same requests to other servers, and the same pacts of them."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.stub.elsewhere import Elsewhere, elsewhere
from tests.stub.pacts import write
from tests.stub.stubs import REFERENCE, reference, stub

pytestmark = pytest.mark.skipif(REFERENCE is None, reason="PACTMOCK_PACT_CLI names no pact command")


def _there(other: Elsewhere, directory: Path) -> dict[str, tuple[str, ...]]:
    """Say the sources of each test, once they are there."""
    a, b, c = (
        pact(interaction(name, {"path": f"/{name}"}), consumer=f"{name}-web", provider="apples") for name in "abc"
    )
    write(directory / "below", a=a)
    (directory / "b.pact").write_text(json.dumps(b))
    url, broker = other.put("/a.json", a), other.broker(b=b, c=c)
    return {
        "directory": ("--dir", str(directory)),
        "directories": ("-d", str(directory), "-d", str(directory / "below" / "..")),
        "extension": ("-d", str(directory), "--extension", "pact"),
        "url": ("--url", url),
        "urls": ("-u", url, "-u", f"{other.url}/pacts/c"),
        "broker": ("--broker-url", broker),
        "all": ("-f", str(directory / "b.pact"), "-d", str(directory), "-u", url, "-b", broker),
        "user": ("-b", broker, "-u", url, "--user", "ada:secret"),
        "user alone": ("-b", broker, "--user", "ada"),
        "token": ("-b", broker, "-u", url, "--token", "secret"),
        "token, short": ("-u", url, "-t", "secret"),
        "consumers": ("-b", broker, "--consumer-name", "^b", "--consumer-name", "^x"),
        "providers": ("-b", broker, "--provider-name", "^appl", "--consumer-name", "c-w"),
        "nobody": ("-b", broker, "--provider-names", "^a$"),
        "retries": ("-u", other.put("/later.json", c, failures=1), "--retries", "2"),
    }


_SOURCES = (
    "directory", "directories", "extension", "url", "urls", "broker", "all", "user", "user alone", "token",
    "token, short", "consumers", "providers", "nobody", "retries",
)  # fmt: skip


@pytest.mark.parametrize("name", _SOURCES)
def test_sources_are_asked_as_the_reference_asks_them(name: str, tmp_path: Path) -> None:
    asked, answered = [], []
    for start in (reference, stub):
        with elsewhere() as other, start(*_there(other, tmp_path)[name]) as server:
            answered.append([server.ask("GET", path).status for path in ("/a", "/b", "/c")])
            asked.append([(path, authorization) for path, authorization, _ in other.asked])
    assert answered[0] == answered[1]
    assert 200 in answered[0] or name == "nobody"
    assert asked[0] == asked[1]


def test_what_the_environment_says_is_the_same() -> None:
    answered = []
    for start in (reference, stub):
        with elsewhere() as other:
            url = other.broker(a=pact(interaction("a", {"path": "/a"})))
            other.pages["/"] = other.pages["/"]._replace(failures=1)
            with start(PACT_BROKER_BASE_URL=url, PACT_BROKER_HTTP_RETRIES="2") as server:
                answered.append((server.ask("GET", "/a").status, [path for path, _, _ in other.asked]))
    assert answered[0] == answered[1]


def test_a_changed_file_is_seen_by_both(tmp_path: Path) -> None:
    directory = write(tmp_path, a=pact(interaction("a", {"path": "/a"})))
    for start in (reference, stub):
        with start("-d", str(directory), "--watch") as server:
            server.output.wait_for("Watching for changes in: ")
            write(directory, a=pact(interaction("b", {"path": "/b"})))
            until = time.monotonic() + HANG
            while server.ask("GET", "/b").status != 200:
                assert time.monotonic() < until
            assert server.ask("GET", "/a").status == 404
        write(tmp_path, a=pact(interaction("a", {"path": "/a"})))
