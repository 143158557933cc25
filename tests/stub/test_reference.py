"""Each option of pact-stub-server, beside the real one: the same answers to the same requests on the same pacts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import COMMAND
from tests.stub.pacts import REQUESTS, Asked, all_of, write
from tests.stub.stubs import REFERENCE, Reply, Stub, reference, stub

pytestmark = pytest.mark.skipif(REFERENCE is None, reason="PACTMOCK_PACT_CLI names no pact command")

_OPTIONS: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "port 0": ("-p", "0"),
    "cors": ("--cors",),
    "a state": ("--provider-state", "exists"),
    "a state, short": ("-s", "user . is"),
    "a state of any case": ("-s", "(?i)GONE"),
    "no such state": ("-s", "nowhere"),
    "states and none": ("-s", "gone", "--empty-provider-state"),
    "a header for states": ("--provider-state-header-name", "X-STATE"),
    "both": ("-s", "exists", "--provider-state-header-name", "x-state"),
    "all of them": ("-s", "exists", "--provider-state-header-name", "x-state", "--empty-provider-state", "-o"),
    "a level": ("-l", "debug"),
    "tls of others": ("--insecure-tls", "--retries", "1"),
}

_IGNORED = frozenset({"date", "content-length", "x-pact", "access-control-expose-headers"})
"""Headers that differ on purpose (docs/front-end.md), or follow from a body that does."""


@pytest.mark.parametrize("options", _OPTIONS.values(), ids=_OPTIONS)
def test_an_option_means_what_it_means_to_the_reference(options: tuple[str, ...], tmp_path: Path) -> None:
    sources = tuple(all_of(tmp_path))
    with reference(*sources, *options) as theirs, stub(*sources, *options) as ours:
        different = [asked for asked in REQUESTS if _told(theirs, asked) != _told(ours, asked)]
        assert not different, "\n".join(
            f"{asked}\n  theirs {_told(theirs, asked)}\n  ours   {_told(ours, asked)}" for asked in different
        )


def _told(server: Stub, asked: Asked) -> tuple[object, ...]:
    reply = server.ask(*asked)
    headers = {name: text for name, text in reply.headers.items() if name not in _IGNORED}
    if _is_own(reply):
        return 404, headers.get("access-control-allow-origin")
    return reply.status, headers, _content(reply)


def _is_own(reply: Reply) -> bool:
    """Tell whether it is the stub's own 404: the reference sends none that has a body."""
    return reply.status == 404 and (not reply.body or "x-pact" in reply.headers)


def _content(reply: Reply) -> object:
    is_json = reply.headers.get("content-type") == "application/json" and reply.body
    return reply.json if is_json else reply.body


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("-x",), ("-f", "FILE", "-e", "json"), ("-f", "FILE", "--cors-referer"), ("-f", "FILE", "-s", ""),
        ("-f", "FILE", "-s", "("), ("-f", "FILE", "--empty-provider-state"), ("-f", "FILE", "-p", "65536"),
        ("-f", "FILE", "-l", "INFO"), ("-f", "FILE", "--retries", "256"), ("-f", "FILE", "--consumer-name", "a"),
        ("-u", "http://127.0.0.1:9/", "--user", "a:b", "-t", "c"), ("-f", "nowhere.json"), ("-f", "BROKEN"),
        ("-d", "nowhere"), ("-v",), ("-h",), ("-f", "FILE", "-f", "BROKEN"),
    ],
)  # fmt: skip
def test_the_command_ends_with_the_same_exit_code(arguments: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, a=pact(interaction("a")))
    (tmp_path / "broken").write_text("{")
    names = {"FILE": str(tmp_path / "a.json"), "BROKEN": str(tmp_path / "broken")}
    given = [names.get(item, item) for item in arguments]
    assert REFERENCE
    codes = [
        subprocess.run([*command, *given], capture_output=True, timeout=HANG, check=False).returncode
        for command in ((REFERENCE, "stub"), (*COMMAND, "stub"))
    ]
    assert codes[0] == codes[1]
