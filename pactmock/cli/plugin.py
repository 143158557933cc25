"""`pactmock plugin`: which there are, what one does, whether it keeps to the protocol; packages of Python ones."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pactmock.cli.failures import EXIT_ERROR, EXIT_MISMATCHES, Failure
from pactmock.cli.group import Group
from pactmock.cli.options import examples, option
from pactmock.cli.output.table import show_table
from pactmock.errors import NotJson, PactmockError

if TYPE_CHECKING:
    from pactmock.plugins import Plugin
    from pactmock.plugins.manifest import Manifest


@click.group("plugin", cls=Group, epilog=examples("plugin list", "plugin show csv"))
def plugin_command() -> None:
    """Show, check, package and run plugins."""


def _directory_option(command: Any) -> Any:
    return option(
        "--plugin-dir",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="Where plugins are installed; by default PACT_PLUGIN_DIR, or .pact/plugins in the home directory.",
    )(command)


@plugin_command.command("list", epilog=examples("plugin list"))
@_directory_option
def list_command(plugin_dir: Path | None) -> None:
    """List the plugins that are installed."""
    from pactmock.plugins.installed.discovery import installed_plugins
    from pactmock.plugins.manifest import Manifest
    from pactmock.plugins.settings import default_directory

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s", stream=sys.stderr)
    directory = plugin_dir or default_directory()
    rows = [
        (
            item.name,
            item.version,
            f"V{item.source.interface_version} process" if isinstance(item.source, Manifest) else "Python",
            item.place,
        )
        for item in installed_plugins(directory)
    ]
    if not rows:
        click.echo(f"No plugins are installed in {directory}, and no package brings one.")
        return
    show_table(("Name", "Version", "Kind", "Place"), rows)


@plugin_command.command("show", epilog=examples("plugin show csv", "plugin show csv --version 0.0.6"))
@click.argument("name")
@option("--version", "plugin_version", default=None, help="This version or a newer one; `=1.2.3` for just that one.")
@_directory_option
def show_command(name: str, plugin_version: str | None, plugin_dir: Path | None) -> None:
    """Start a plugin, and show what it is and what it offers."""
    from pactmock.plugins.installed.discovery import choose
    from pactmock.plugins.manifest import Manifest
    from pactmock.plugins.settings import default_directory

    try:
        chosen = choose(name, plugin_version, plugin_dir or default_directory())
        click.echo(f"{chosen.name} {chosen.version}")
        click.echo(f"place: {chosen.place}")
        if isinstance(chosen.source, Manifest):
            _show_manifest(chosen.source)
        with _started(chosen.source) as plugin:
            for entry in plugin.catalogue():
                values = "; ".join(f"{key}={value}" for key, value in sorted(entry.values.items()))
                click.echo(f"offers: {entry.kind.value} {entry.key}" + (f" ({values})" if values else ""))
    except PactmockError as error:
        raise Failure(error.message) from None


def _show_manifest(manifest: Manifest) -> None:
    click.echo(f"interface: V{manifest.interface_version}")
    click.echo(f"starts: {' '.join([str(manifest.executable), *manifest.args])}")
    if manifest.minimum_required_version:
        click.echo(f"needs: version {manifest.minimum_required_version} of its runtime")
    for dependency in manifest.dependencies:
        version = f" {dependency.version}" if dependency.version else ""
        click.echo(f"needs: {dependency.kind} {dependency.name}{version}")
    for name, value in manifest.plugin_config.items():
        click.echo(f"setting: {name}={value}")


@contextmanager
def _started(source: Manifest | type[Plugin], timeout: float = 60.0) -> Iterator[Plugin]:
    from pactmock.plugins.installed.host import PluginHost
    from pactmock.plugins.settings import PluginSettings

    host = PluginHost(PluginSettings(start_timeout=timeout, call_timeout=timeout, configure_timeout=timeout))
    try:
        with closing(host.start(source)) as plugin:
            yield plugin
    finally:
        host.close()


@plugin_command.command("check", epilog=examples("plugin check ~/.pact/plugins/csv-0.0.6"))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False, exists=True))
@option("--contents", default="{}", help="JSON: contents to have configured, as they stand in a contract.")
@option("--plugin-timeout", type=click.FloatRange(min=0.1), default=60.0, help="Seconds that a start or call may take.")
@click.pass_context
def check_command(context: click.Context, directory: Path, contents: str, plugin_timeout: float) -> None:
    """Start the plugin in DIRECTORY, make every call of the protocol, and say what it did wrong.

    Exit codes: 0 nothing wrong, 2 something is, 1 it cannot be started.
    """
    from pactmock.pact.json.values import parse
    from pactmock.plugins.authors.checking import Mark, check_plugin
    from pactmock.plugins.manifest import FILE_NAME, read_manifest

    try:
        given = parse(contents)
    except NotJson as error:
        raise Failure(f"--contents is not JSON: {error.reason}") from None
    if not isinstance(given, dict):
        raise Failure("--contents has to be a JSON object")
    wrong = 0
    try:
        manifest = read_manifest(directory / FILE_NAME)
        click.echo(f"{'ok':5}  manifest: {manifest}, interface V{manifest.interface_version}")
        with _started(manifest, plugin_timeout) as plugin:
            for finding in check_plugin(plugin, given):
                wrong += finding.mark is Mark.WRONG
                click.echo(f"{finding.mark.value:5}  {finding.call}: {finding.text}")
    except PactmockError as error:
        raise Failure(error.message, EXIT_ERROR) from None
    click.echo(f"{manifest} does {f'{wrong} thing(s) wrong' if wrong else 'what the protocol asks'}")
    context.exit(EXIT_MISMATCHES if wrong else 0)


@plugin_command.command(
    "package", epilog=examples("plugin package ~/.pact/plugins --plugin jsonl_plugin.py:JsonlPlugin")
)
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@option(
    "--plugin", required=True, help="A Python plugin: the name of an installed one, module:Class, or file.py:Class."
)
def package_command(directory: Path, plugin: str) -> None:
    """Write a Python plugin below the plugin directory DIRECTORY, for every Pact framework to load."""
    from pactmock.plugins.authors.packaging import find_plugin, package

    try:
        click.echo(f"Packaged to {package(find_plugin(plugin), directory)}")
    except PactmockError as error:
        raise Failure(error.message) from None


@plugin_command.command("run", epilog=examples("plugin run csv"))
@click.argument("plugin")
def run_command(plugin: str) -> None:
    """Run a Python plugin as a process: PLUGIN is the name of an installed one, module:Class, or file.py:Class."""
    from pactmock.plugins.authors.packaging import find_plugin
    from pactmock.plugins.authors.sdk import serve
    from pactmock.plugins.installed.discovery import make

    try:
        serve(make(find_plugin(plugin).plugin))
    except PactmockError as error:
        raise Failure(error.message) from None
