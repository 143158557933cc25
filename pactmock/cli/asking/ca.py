"""`pactmock ca`: the certificate that clients of mock servers with TLS have to trust, in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

import click
from click.core import ParameterSource

from pactmock.cli.asking.options import remote_options
from pactmock.cli.asking.remote import Remote
from pactmock.cli.failures import Failure
from pactmock.cli.options import examples, option

_STANDARD_OUTPUT = Path("-")


@click.command(
    "ca", epilog=examples("ca ca.pem", "ca - --url http://pactmock:8080", "ca ca.pem --ca-dir ~/.pactmock-ca")
)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@option(
    "--ca-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Take the kept authority of this directory, made if there is none, instead of asking a service.",
)
@remote_options
def ca_command(file: Path, ca_dir: Path | None, remote: Remote) -> None:
    """Write the certificate that clients of mock servers with TLS have to trust to FILE.

    It is that of a service, or of the directory where one is kept. A FILE of - is the standard output.
    """
    content = remote.client().ca_pem() if ca_dir is None or _names_service() else _kept(ca_dir)
    if file == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        _write(file, content)
    except OSError as error:
        raise Failure(
            f"The certificate cannot be written to {file}: {error.strerror or error}; name another file"
        ) from None


def _names_service() -> bool:
    """Tell whether the command line names a service, while the directory may stand in the environment."""
    source = click.get_current_context().get_parameter_source
    is_named = any(source(name) is ParameterSource.COMMANDLINE for name in ("url", "host", "port"))
    if is_named and source("ca_dir") is ParameterSource.COMMANDLINE:
        raise click.UsageError("Name the service, or the directory with --ca-dir, not both")
    return is_named


def _kept(directory: Path) -> bytes:
    from pactmock.service.kept_authority import KeptAuthority  # late: most ask a service

    return KeptAuthority(directory).open().ca_pem


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all: it may be read by who waits for it."""
    if path.exists() and not path.is_file():  # such as /dev/stdout, which nobody could replace
        path.write_bytes(content)
        return
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
    new = Path(file.name)
    new.chmod(0o644)
    new.replace(path)
