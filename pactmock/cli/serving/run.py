"""`pactmock run`: a command, with a mock server for each pact as long as it runs, and the verdict when it has ended."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import click

from pactmock.cli.failures import EXIT_ERROR, EXIT_MISMATCHES, Failure
from pactmock.cli.options import DURABLE, LEVELS, LOG_FORMATS, examples, option
from pactmock.cli.output.reporting import Reports, report_option, reports_to
from pactmock.cli.serving.ending import end_for_sure
from pactmock.cli.serving.event_loop import loop_factory
from pactmock.cli.serving.garbage import look_for_garbage
from pactmock.cli.serving.given import Sources
from pactmock.cli.serving.log import log_to_stderr
from pactmock.cli.serving.passing import PASSING, NotStarted
from pactmock.errors import PactmockError
from pactmock.reports.visible import visible

if TYPE_CHECKING:
    from pactmock.control.running import Service
    from pactmock.reports.report import Report, ServerReport
    from pactmock.server.mock_server import MockServer
    from pactmock.service.certificates import WantedTls
    from pactmock.service.mock_service import MockService
    from pactmock.service.playlist import Playlist
    from pactmock.service.settings import ServiceSettings


_FILE = click.Path(path_type=Path, dir_okay=False)
_DIRECTORY = click.Path(path_type=Path, file_okay=False)


@click.command(
    "run",
    context_settings={"allow_interspersed_args": False},
    epilog=examples("run --pact pacts -- npm test", "run --pact pact.json --report junit=pact.xml -- sh test.sh"),
)
@option("--pact", multiple=True, metavar="PLACE", help="A pact, a directory of pacts, or a URL of one; repeatable.")
@option("--contract", type=click.Path(path_type=Path), multiple=True, help="A contract with examples; repeatable.")
@report_option
@option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where pacts go.")
@option("--durable", is_flag=True, help=DURABLE)
@option("--strict", is_flag=True, help="Refuse pacts with warnings.")
@option("--tls", is_flag=True, help="Listen with TLS; PACTMOCK_CA_FILE names the certificate to trust.")
@option("--tls-cert", type=_FILE, default=None, help="A certificate as PEM: mock servers with --tls show it.")
@option("--tls-key", type=_FILE, default=None, help="Its key, where that is in another file.")
@option("--ca-dir", type=_DIRECTORY, default=None, help="Where the CA of mock servers with --tls is kept.")
@option("--cors-preflight", is_flag=True, help="Answer CORS pre-flight requests.")
@option("--plugin-dir", type=click.Path(path_type=Path, file_okay=False), default=None, help="Where plugins are.")
@option("-l", "--loglevel", "--log-level", type=click.Choice(LEVELS), default="error", help="What to log.")
@option("--log-format", type=click.Choice(LOG_FORMATS), default="text", help="How: as text, or as JSON a line.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="[--] COMMAND [ARGUMENTS]")
def run_command(pact: Sequence[str], contract: Sequence[Path], report: Sequence[str], **options: Any) -> None:
    """Run COMMAND with a mock server for each pact, then verify, and write what matched.

    COMMAND finds the mock server of the provider users-api in PACTMOCK_USERS_API_URL, and the service in PACTMOCK_URL.

    Exit codes: that of COMMAND if it is not 0, and then no pact is written; else 2 if something did not match, and 1
    for errors.
    """
    shown: WantedTls = "own" if options["tls"] and options["tls_cert"] else options["tls"]
    run = _Run(options["command"], Sources.of(pact, contract), tls=shown)
    try:
        with (
            log_to_stderr(options["loglevel"], options["log_format"]),
            reports_to(report) as reports,
            asyncio.Runner(loop_factory=loop_factory()) as runner,
        ):
            runner.run(run.through(_settings(options), reports))
    except NotStarted as error:
        raise Failure(error.message, error.exit_code) from None
    except asyncio.CancelledError:
        sys.exit(128 + PASSING.number)
    except PactmockError as error:
        raise Failure("\n".join(map(visible, error.message.split("\n")))) from None
    sys.exit(run.exit_code)


def _settings(options: dict[str, Any]) -> ServiceSettings:
    from pactmock.pact.directory.store import check_directory
    from pactmock.plugins.settings import PluginSettings, default_directory
    from pactmock.service.certificates import TlsSettings
    from pactmock.service.settings import ServiceSettings

    check_directory(options["output"])
    return ServiceSettings(
        port=0,
        output=options["output"],
        token=secrets.token_urlsafe(24),  # nobody else on this machine is to drive this run
        strict=options["strict"],
        durable=options["durable"],
        cors_pre_flight=options["cors_preflight"],
        tls=TlsSettings(options["tls_cert"], options["tls_key"], authority=options["ca_dir"]),
        plugins=PluginSettings(options["plugin_dir"] or default_directory()),
    )


class _Run:
    """One run, from the pacts to the exit code."""

    def __init__(self, command: Sequence[str], sources: Sources, *, tls: WantedTls) -> None:
        self._command = command
        self._sources = sources
        self._tls = tls
        self.exit_code = EXIT_ERROR

    async def through(self, settings: ServiceSettings, reports: Reports) -> None:
        """Play the pacts, run the command, verify, and set the exit code.

        Raises:
            PactmockError: when it cannot be begun.
            NotStarted: when there is no such command.
            CancelledError: when a signal ended it before the command ran, or while all was verified.
        """
        from pactmock.control.running import Service
        from pactmock.service.event_log import EventLog

        _end_at_signals()
        async with Service(settings) as service:
            EventLog(service.mock_service.registry.shared.events)
            playlist = await self._play(service)
            with _certificate(service, self._tls) as trusted:
                environment = {**self._environment(service, playlist), **trusted}
                look_for_garbage()
                code = await _ended(PASSING.start(self._command, environment))
            report = await _verify(service, playlist, writes=code == 0)
            await asyncio.sleep(0)  # a signal that came until now ends it here, before anything is told
            self.exit_code = code or _verdict(report, service)
            _deliver(report, reports, code)
            _tell_what_was_not_verified(report, service)
            PASSING.end_at_once()
            end_for_sure(self.exit_code)

    async def _play(self, service: Service) -> Playlist:
        """Make a mock server for each pact."""
        from pactmock.service.playlist import Playlist
        from pactmock.service.wanted import Wanted

        playlist = Playlist(service.mock_service, Wanted(tls=self._tls))
        await playlist.play(*await self._sources.read())
        return playlist

    def _environment(self, service: Service, playlist: Playlist) -> Mapping[str, str]:
        """Return the environment of the command."""
        from pactmock.cli.serving.run_variables import Participants, variables

        named = [
            Participants(server.pact.consumer, server.pact.provider, server.url, name)
            for name, server in playlist.servers.items()
        ]
        found = variables(named)
        for text in found.left_out.values():
            click.echo(f"pactmock: {visible(text)}", err=True)
        left_out = {*found.left_out, "PACTMOCK_TOKEN_FILE"}  # which is of another service
        inherited = {name: text for name, text in os.environ.items() if name not in left_out}
        service_itself = {"PACTMOCK_URL": service.url, "PACTMOCK_TOKEN": service.settings.token or ""}
        return {**inherited, **found.urls, **service_itself}


def _end_at_signals() -> None:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101  it runs

    def stop() -> None:
        try:
            loop.call_soon_threadsafe(task.cancel)
        except RuntimeError:  # the loop is closed: all but the last words is done
            raise SystemExit(128 + PASSING.number) from None

    PASSING.stop_by(stop)


@contextmanager
def _certificate(service: Service, tls: WantedTls) -> Iterator[Mapping[str, str]]:
    """Have the certificate to trust in a file, whose name the command is told, where that is ours."""
    if tls is not True:
        yield {}
        return
    with NamedTemporaryFile(suffix=".pem") as file:
        file.write(service.mock_service.registry.authority.ca_pem)
        file.flush()
        yield {"PACTMOCK_CA_FILE": file.name}


async def _ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a command; return its exit code as a shell has it."""
    code = await asyncio.to_thread(process.wait)
    PASSING.has_ended()
    return code if code >= 0 else 128 - code


async def _verify(service: Service, playlist: Playlist, *, writes: bool) -> Report:
    """Verify what was given, and what the command has made and not ended; with `writes`, write what matched."""
    from pactmock.reports.report import Report

    use_cases = service.mock_service
    servers = dict.fromkeys([*playlist.servers.values(), *use_cases.servers])
    return Report(tuple([await _verified(use_cases, server, writes=writes) for server in servers]))


async def _verified(use_cases: MockService, server: MockServer, *, writes: bool) -> ServerReport:
    await server.play.refresh()
    return await use_cases.report_verified(server) if writes else await use_cases.report(server)


def _verdict(report: Report, service: Service) -> int:
    if any(not server.matched for server in report.servers) or service.mock_service.ended_unmatched:
        return EXIT_MISMATCHES
    if service.mock_service.registry.abandoned:
        return EXIT_ERROR
    if report.passed:
        return 0
    return 0 if not report.servers and _was_any(service) else EXIT_ERROR


def _was_any(service: Service) -> bool:
    """Tell whether a mock server was there at any time."""
    return bool(service.mock_service.registry.shared.changes)


def _deliver(report: Report, reports: Reports, code: int) -> None:
    from pactmock.reports import text

    if code:
        click.echo(f"pactmock: the command {_ending(code)}, so no pact was written", err=True)
    reports.deliver(report, text.render(report) if report.servers else "")


def _tell_what_was_not_verified(report: Report, service: Service) -> None:
    abandoned, unmatched = service.mock_service.registry.abandoned, service.mock_service.ended_unmatched
    if abandoned:
        click.echo(f"pactmock: {_ABANDONED.format(number=abandoned)}", err=True)
    if unmatched:
        click.echo(f"pactmock: {_UNMATCHED.format(number=unmatched)}", err=True)
    if report.servers or abandoned or unmatched:
        return
    click.echo(f"pactmock: {_NONE_IS_LEFT if _was_any(service) else _NONE_WAS_THERE}", err=True)


_ABANDONED = (
    "{number} mock server(s) that the command made ended by their time to live, and nobody can verify them any more:"
    " give them a longer one, or none"
)
_UNMATCHED = (
    "{number} mock server(s) that the command ended had not matched by then, which fails the run: what one received"
    " that the command made itself is in no report, so leave it to the run"
)
_NONE_IS_LEFT = "the command has ended all mock servers that it made, so none is left to be verified"
_NONE_WAS_THERE = "there was no mock server, so nothing was tested: name pacts with --pact"


def _ending(code: int) -> str:
    """Say how a command has ended."""
    try:
        return f"was ended by {signal.Signals(code - 128).name}"
    except ValueError:
        return f"failed with exit code {code}"
