"""`--port-file`: the port of a service in a file, for whoever started it with `--port 0`, while it listens there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from pactmock.cli.failures import Failure


def forget(path: Path | None) -> None:
    """Remove what a service has left there that was killed: nobody is to take it for that of the one that starts.

    Raises:
        Failure: when that is not possible.
    """
    if path is not None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _not_written(path, error) from None


@contextmanager
def told_in(path: Path, port: int) -> Iterator[None]:
    """Have a port in a file, which is there as a whole or not at all, and goes with the block if nobody changed it.

    Raises:
        Failure: when it cannot be written.
    """
    content = f"{port}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            file.write(content)
        new = Path(file.name)
        new.chmod(0o644)
        new.replace(path)
    except OSError as error:
        raise _not_written(path, error) from None
    try:
        yield
    finally:
        with suppress(OSError):
            if path.read_text() == content:
                path.unlink()


def _not_written(path: Path, error: OSError) -> Failure:
    return Failure(f"The port cannot be written to {path}: {error.strerror or error}; name another --port-file")
