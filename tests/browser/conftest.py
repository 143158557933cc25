"""A real Chromium and a real service, for the tests of the pages that the service has.

Nothing is fetched: the browser is the one of the system, it finds no name, and a page that asks anybody but its own
service fails its test. So does one where a script fails or that its Content-Security-Policy had to stop.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.patience import HANG
from tests.process import Running
from tests.process import service as running_service

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
_MISSING = (
    "There is no Chromium for the tests of the pages: install it, with 'apt-get install chromium' on Debian,"
    " or name the program in PACTMOCK_CHROMIUM"
)
_LOOPBACK_ONLY = "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]"
"""What names lead to: `pacts.test` to this machine, and to a browser it is one that it has no reason to trust."""

_PATIENCE = 1000 * HANG
"""Milliseconds after which nothing more is expected to show on a page."""

expect.set_options(timeout=_PATIENCE)

_NO_TROUBLE = (
    "Failed to load resource",  # that an answer was an error: pages are for showing errors
    "The Cross-Origin-Opener-Policy header has been ignored",  # what browsers do only for origins that they trust
)

Opener: TypeAlias = Callable[..., Page]
"""Opens a page whose relative addresses are below a URL; keywords are those of playwright's `new_context`."""


def _program() -> str | None:
    named = os.environ.get("PACTMOCK_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _PROGRAMS)), None)


@pytest.fixture(scope="module")  # no longer: while it lives, no asynchronous test can run in this process
def chromium() -> Iterator[Browser]:
    """The browser of the system."""
    program = _program()
    if program is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(_MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[f"--host-resolver-rules={_LOOPBACK_ONLY}"])
        yield browser
        browser.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    """A service in a process of its own, without a token."""
    with running_service(tmp_path / "pacts") as running:
        yield running


@pytest.fixture
def troubles() -> list[str]:
    """What no page may do, as sentences: a test that wants it to happen looks here, and clears the list."""
    return []


@pytest.fixture
def open_page(chromium: Browser, troubles: list[str]) -> Iterator[Opener]:
    """What opens pages, each in a profile of its own as a new visitor; they are closed after the test."""
    opened: list[BrowserContext] = []

    def open_below(url: str, **options: Any) -> Page:
        context = chromium.new_context(**{"base_url": url, "color_scheme": "light", **options})
        opened.append(context)
        context.set_default_timeout(_PATIENCE)
        _watch(context, url, troubles)
        return context.new_page()

    yield open_below
    for context in opened:
        context.close()
    assert troubles == []


@pytest.fixture
def page(open_page: Opener, service: Running) -> Page:
    """An empty page, whose relative addresses are those of `service`."""
    return open_page(service.url)


def _watch(context: BrowserContext, url: str, troubles: list[str]) -> None:
    def asked(request: Request) -> None:
        if urlsplit(request.url)[:2] != urlsplit(url)[:2] and not request.url.startswith(("data:", "blob:", "about:")):
            troubles.append(f"{request.method} {request.url} was asked for")

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_NO_TROUBLE):
            troubles.append(f"the console says: {message.text}")

    context.on("request", asked)
    context.on("console", said)
    context.on("weberror", lambda event: troubles.append(f"a script failed: {event.error}"))
