"""The directories that pacts are written into: the output directory, and what is in it unless any is allowed."""

from __future__ import annotations

from pathlib import Path

from pactmock.errors import DirectoryNotAllowed, InvalidParameter
from pactmock.service.settings import ServiceSettings


def directory_in(settings: ServiceSettings, asked: str | None) -> Path:
    """Return a directory to write a pact into, which is named as seen from the output directory; None is for that.

    Raises:
        InvalidParameter, DirectoryNotAllowed: when it is none, or outside.
    """
    output = settings.output
    if asked is None:
        return output
    if "\0" in asked:
        raise InvalidParameter("'directory' holds a NUL character: name a directory", parameter="directory")
    directory = output / asked
    try:
        is_inside = directory.resolve().is_relative_to(output.resolve())
    except (OSError, RuntimeError) as error:  # a symbolic link that leads to itself is either, by Python version
        raise InvalidParameter(
            f"'directory' {asked[:200]!r} cannot be followed: {error}; name another", parameter="directory"
        ) from None
    if settings.allow_any_directory or is_inside:
        return directory
    raise DirectoryNotAllowed(
        f"'{asked}' is outside the output directory {output.resolve()}: name one inside it, or start the service"
        " with --allow-any-directory",
        directory=asked,
    )
