"""Versions of plugins: which of several is the newest, and which satisfies a request (reference/plugins.md §1.3).

The `semver` package compares; it is used here only. What is installed may be newer than what is asked for, without an
upper bound, as with the reference. `=1.2.3` asks for just that version, which the reference cannot.
"""

from __future__ import annotations

import re

from semver import Version

_UNREADABLE = Version(0)
_PARTS = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?([-+].*)?")
_EXACTLY = "="


def parse(text: str) -> Version:
    """Read a version of one to three numbers; what is no version counts as 0.0.0."""
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return _UNREADABLE
    numbers = ".".join(str(int(number or 0)) for number in found.group(1, 2, 3))
    try:
        return Version.parse(numbers + (found[4] or ""))
    except ValueError:
        return _UNREADABLE


def satisfies(installed: str, required: str | None) -> bool:
    """Tell whether a version will do: any without a request, that very one for `=1.2.3`, else that one or a newer.

    For `1.2.3-beta` the final 1.2.3, or that very text, is needed.
    """
    if required is None or installed == required:
        return True
    if required.startswith(_EXACTLY):
        wanted = required[1:].strip()
        return installed == wanted or (parse(installed) == parse(wanted) and parse(wanted) != _UNREADABLE)
    return parse(installed) >= parse(required).finalize_version()
