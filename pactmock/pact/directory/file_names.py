"""The names of pact files: those that every Pact library gives them, as far as they name one file of the directory."""

from __future__ import annotations

import hashlib
import os
import re

from pactmock.pact.model import Pact

_CONTROL = r"\x00-\x1f\x7f-\x9f"
_NOT_IN_NAMES = re.compile(rf"[/\\{_CONTROL}]" if os.name == "posix" else rf'[/\\:*?"<>|{_CONTROL}]')
_LONGEST_STEM = 240
"""In bytes: a file system has names of 255, and that of the lock is a little longer than that of the file."""

_LETTERS = 6


def file_name(pact: Pact) -> str:
    """Return `{consumer}-{provider}.json`, with what could lead out of a directory replaced by `_`.

    What the system has no file names for is replaced too, and a name that is too long is cut, and ends with a hash.
    """
    return f"{_stem(pact)}.json"


def own_file_name(pact: Pact) -> str:
    """Return the name where another pair has the first one: `a-b` and `c` make the same of theirs as `a` and `b-c`."""
    suffix = f"-{_hash_of(pact, _LETTERS)}"
    return f"{_cut(_stem(pact), _LONGEST_STEM - len(suffix))}{suffix}.json"


def folded(name: str) -> str:
    """Return what names have in common that some system takes for one: without case, and composed in one way."""
    if name.isascii():
        return name.lower()
    from unicodedata import normalize  # late: few names are not ASCII

    return normalize("NFC", normalize("NFC", name).casefold())


def lock_name(name: str) -> str:
    """Return the name of the lock of all files whose names some system takes for one."""
    folded_name = folded(name)  # which may be longer
    is_short = len(folded_name.encode()) <= _LONGEST_STEM + len(".json")
    return f".{folded_name if is_short else hashlib.sha256(folded_name.encode()).hexdigest()}.lock"


def _stem(pact: Pact) -> str:
    stem = _NOT_IN_NAMES.sub("_", f"{pact.consumer}-{pact.provider}").replace("..", "__")
    if len(stem.encode()) <= _LONGEST_STEM:
        return stem
    digest = _hash_of(pact, 16)
    return f"{_cut(stem, _LONGEST_STEM - 1 - len(digest))}-{digest}"


def _cut(name: str, size: int) -> str:
    return name.encode()[:size].decode(errors="ignore")


def _hash_of(pact: Pact, letters: int) -> str:
    # No name holds the zero character in a way that would make two pairs one.
    names = f"{len(pact.consumer)}\0{pact.consumer}\0{pact.provider}"
    return hashlib.sha256(names.encode()).hexdigest()[:letters]
