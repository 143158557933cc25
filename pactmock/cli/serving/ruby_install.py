"""`pactmock ruby install`: an executable `pact-mock-service`, where clients look for one.

It is not put there with pactmock: that would come before the real one wherever both are installed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

from pactmock.cli.failures import Failure

_NAME = "pact-mock-service"
_OURS = "-m pactmock ruby"


def install(directory: Path, *, replaces: bool) -> Iterator[str]:
    """Write it, and yield what there is to say.

    Raises:
        Failure: when there is one that is not ours and is not to be replaced, or it cannot be written.
    """
    is_windows = os.name == "nt"
    path = directory / (f"{_NAME}.bat" if is_windows else _NAME)
    try:
        if path.exists() and not replaces and _OURS not in path.read_text(errors="replace"):
            raise Failure(f"{path} is there already, and is not ours: name another directory, or --force")
        directory.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text(_BATCH.format(sys.executable) if is_windows else _SHELL.format(quote(sys.executable)))
        new.chmod(0o755)
        new.replace(path)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}; name another directory") from None
    yield f"{path} starts pactmock"
    if str(directory.resolve()) not in map(os.path.realpath, os.environ.get("PATH", "").split(os.pathsep)):
        yield f'Clients that look for it in PATH find it after: export PATH="{directory.resolve()}:$PATH"'


# With -P, a `click.py` in the folder of somebody's tests is not taken for a part of it.
_SHELL = '#!/bin/sh\nexec {} -P -m pactmock ruby "$@"\n'
_BATCH = '@"{}" -P -m pactmock ruby %*\r\n'
