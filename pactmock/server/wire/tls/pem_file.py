"""PEM files that whoever starts pactmock names: read once, and what is wrong with one said in a sentence."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pactmock.errors import InvalidParameter

_MOST_BYTES = 1024 * 1024
"""More than all authorities that a system trusts."""


def read_pem(option: str, path: Path, kind: str = "CERTIFICATE") -> str:
    """Read a file that has something of a kind in PEM form; `option` is how it was named.

    Raises:
        InvalidParameter: when it cannot be read, or has none.
    """
    named = f"{option} {path}"
    try:
        content = content_of(path)
    except OSError as error:
        raise InvalidParameter(
            f"{named} cannot be read: {error.strerror or error}; name a PEM file that this user may read"
        ) from None
    if len(content) > _MOST_BYTES:
        raise InvalidParameter(f"{named} is larger than {_MOST_BYTES} bytes: name a PEM file")
    text = content.decode("ascii", "replace")
    if f"{kind}-----" not in text:
        found = "no certificate" if kind == "CERTIFICATE" else "no private key"
        raise InvalidParameter(
            f"{named} holds {found} in PEM form, as it stands between lines with -----BEGIN and -----END: name"
            " another file, or have openssl convert this one"
        )
    return text


def content_of(path: Path) -> bytes:
    """Read the beginning of a regular file, without waiting for who may write into it.

    Raises:
        OSError: when that cannot be done.
    """
    file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError("it is no regular file")
        return opened.read(_MOST_BYTES + 1)
