"""What `pactmock stub` can be told: the options of pact-stub-server 0.7.1 under their names, and a few more.

What goes to other servers comes from the option, or from the variables of the Pact Broker's own clients: a token of
this project's services must never reach them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pactmock.cli.delay import Delay
from pactmock.cli.options import LOG_FORMATS, Command
from pactmock.errors import InvalidRule
from pactmock.matching.patterns.pattern import compile_pattern
from pactmock.sources.local import Local, is_url
from pactmock.sources.sources import Sources
from pactmock.stub.options import StubOptions

_LEVELS = ("error", "warn", "info", "debug", "trace", "none")


if TYPE_CHECKING:
    _Kind = click.ParamType[str]
else:
    _Kind = click.ParamType  # which takes no parameter before click 8.2


class _Text(_Kind):
    """A text that is not empty."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value:
            self.fail("it is empty: give a value, or leave the option out", param, ctx)
        return value


class _PatternText(_Text):
    """A regular expression that can be compiled."""

    name = "regex"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        try:
            compile_pattern(text)
        except InvalidRule as error:
            self.fail(error.problem, param, ctx)
        return text


class _HeaderName(_Text):
    """A name that a header can have."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = super().convert(value, param, ctx)
        if not re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", text):
            self.fail(f"{text!r} is no name of a header", param, ctx)
        return text


_FILE, _DIRECTORY = click.Path(path_type=Path, dir_okay=False), click.Path(path_type=Path, file_okay=False)
_TEXT, _PATTERN = _Text(), _PatternText()


def _own(*names: str, **attributes: Any) -> Any:
    """Declare an option that the environment can give too: `--port` is `PACTMOCK_STUB_PORT`."""
    words = [name.strip("-").replace("-", "_").upper() for name in names if name.startswith("--")]
    return click.option(*names, envvar=[f"PACTMOCK_STUB_{each}" for each in reversed(words)], **attributes)


_OPTIONS = (
    click.argument("sources", nargs=-1, metavar="[SOURCES]..."),
    click.option("-f", "--file", type=_FILE, multiple=True, help="A pact file; repeatable."),
    click.option("-d", "--dir", type=_DIRECTORY, multiple=True, help="A directory of pact files, with all below it."),
    _own("-e", "--extension", type=_TEXT, default=None, help="Of the files in directories; by default json."),
    click.option("-u", "--url", type=_TEXT, multiple=True, help="The URL of a pact; repeatable."),
    click.option(
        "-b", "--broker-url", type=_TEXT, envvar="PACT_BROKER_BASE_URL", show_envvar=True,
        help="A Pact Broker: the latest pacts of all its consumers and providers.",
    ),
    click.option(
        "--user", type=_TEXT,
        help="USER:PASSWORD for URLs and the broker; else, for the broker, PACT_BROKER_USERNAME and _PASSWORD.",
    ),
    click.option("-t", "--token", type=_TEXT, help="A bearer token for them; else, for the broker, PACT_BROKER_TOKEN."),
    click.option("--insecure-tls", is_flag=True, help="Do not check their certificates."),
    click.option(
        "--retries", type=click.IntRange(0, 255), default=8, envvar="PACT_BROKER_HTTP_RETRIES", show_default=True,
        show_envvar=True, help="How often they are asked, when they fail with 5xx, 408 or 429, or cannot be reached.",
    ),
    click.option(
        "--consumer-name", "--consumer-names", type=_PATTERN, multiple=True,
        help="Of the broker, only pacts of consumers whose name this regex finds; repeatable.",
    ),
    click.option(
        "--provider-name", "--provider-names", type=_PATTERN, multiple=True, help="Likewise for providers; repeatable."
    ),
    _own("-p", "--port", type=click.IntRange(0, 65535), default=0, help="The port; by default any that is free."),
    click.option(
        "--host", type=_TEXT, default="127.0.0.1", envvar=["PACTMOCK_STUB_HOST", "PACTMOCK_HOST"], show_default=True,
        help="The address to listen on; 0.0.0.0 for all.",
    ),
    _own("-o", "--cors", is_flag=True, help="Answer OPTIONS requests that no pact expects, as CORS wants."),
    _own("--cors-referer", is_flag=True, help="Name the page that asks, so that it may send credentials."),
    _own("-s", "--provider-state", type=_PATTERN, help="Answer from interactions with a state that this regex finds."),
    _own("--empty-provider-state", is_flag=True, help="Answer from interactions without a state, too."),
    _own("--provider-state-header-name", type=_HeaderName(), help="A header that has the regex for one request."),
    _own("--delay", type=Delay(), default=None, help="Keep answers back: 200ms, 1.5s, or 100ms-2s."),
    _own("--strict-match", is_flag=True, help="Tolerate nothing: a request has to match as at a mock server."),
    _own("-w", "--watch", is_flag=True, help="Load the pacts anew when a file changes."),
    _own(
        "-l", "--loglevel", "--log-level", type=click.Choice(_LEVELS), default="info", show_default=True,
        help="What to log.",
    ),
    _own(
        "--log-format", type=click.Choice(LOG_FORMATS), default="text", show_default=True,
        help="How: as text, or as JSON a line.",
    ),
)  # fmt: skip


def stub_options(command: Command) -> Command:
    """Add the options to a command, which gets them as keywords."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command


def _misused(text: str) -> click.UsageError:
    return click.UsageError(text, click.get_current_context())


def options_of(options: dict[str, Any]) -> StubOptions:
    """Return how the stub is to behave.

    Raises:
        UsageError: for options that do nothing without another one.
    """
    header = options["provider_state_header_name"]
    if options["cors_referer"] and not options["cors"]:
        raise _misused("--cors-referer does nothing without --cors")
    if options["empty_provider_state"] and not (options["provider_state"] or header):
        raise _misused("--empty-provider-state needs --provider-state or --provider-state-header-name")
    return StubOptions(
        cors=options["cors"],
        cors_referer=options["cors_referer"],
        provider_state=options["provider_state"],
        empty_provider_state=options["empty_provider_state"],
        state_header=header,
        delay=options["delay"],
        strict_match=options["strict_match"],
    )


def local_of(options: dict[str, Any]) -> Local:
    """Return the files and directories, those that stand alone after the others.

    Raises:
        UsageError: when there is no source at all, or --extension without a directory.
    """
    alone = [Path(item) for item in options["sources"] if not is_url(item)]
    files = [*options["file"], *(path for path in alone if not path.is_dir())]
    directories = [*options["dir"], *(path for path in alone if path.is_dir())]
    if options["extension"] and not directories:
        raise _misused("--extension needs a directory")
    if not (files or directories or _urls(options) or options["broker_url"]):
        raise _misused("Say where the pacts are: a directory, a file or a URL, or --broker-url")
    return Local(files, directories, options["extension"] or "json")


def remote_of(local: Local, options: dict[str, Any]) -> Sources:
    """Return all sources, with what is on other servers.

    Raises:
        UsageError: for names without a broker, and for --user with --token.
    """
    urls, url = _urls(options), options["broker_url"]
    names = options["consumer_name"], options["provider_name"]
    if any(names) and url is None:
        raise _misused("--consumer-name and --provider-name are for the pacts of --broker-url")
    if options["user"] and options["token"]:
        raise _misused("--user and --token exclude each other")
    if not urls and url is None:
        return Sources(local)
    from pactmock.sources.broker import Broker  # late: it needs a client for HTTP
    from pactmock.sources.fetching import Access, Advice

    user, token, only_for = _secrets(options)
    advice = Advice(
        let_in="say who asks with --user or --token",
        trust="have SSL_CERT_FILE name the CA of it, or pass --insecure-tls",
    )
    access = Access(user, token, only_for, insecure=options["insecure_tls"], attempts=options["retries"], advice=advice)
    return Sources(local, urls, Broker(url, *names) if url else None, access)


def _secrets(options: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Return user and token, and the URL of the only server that they are for.

    Those of the options are for all that is named beside them; those of the variables are for the broker, as whoever
    set them may not think of them any more.
    """
    user, token = options["user"], options["token"]
    if user or token:
        return user, token, None
    name, password = os.environ.get("PACT_BROKER_USERNAME"), os.environ.get("PACT_BROKER_PASSWORD")
    token = os.environ.get("PACT_BROKER_TOKEN") or None
    return (f"{name}:{password or ''}" if name and token is None else None), token, options["broker_url"] or ""


def _urls(options: dict[str, Any]) -> list[str]:
    return [*options["url"], *filter(is_url, options["sources"])]
