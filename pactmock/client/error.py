"""An error as the control API answered it, made into the one that was raised in the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pactmock.errors import PactmockError, Warned


def read_error(document: Mapping[str, Any], status: int) -> PactmockError:
    """Read an error as the control API answered it: one of the class that it was raised as, with all that it says.

    One of a code that has no class here, as a newer service may have, is a `PactmockError` of that code.
    """
    code, text, pointer = document["code"], str(document["error"]), document.get("pointer") or ""
    all_kinds = [kind for kind in _below(PactmockError) if "code" in vars(kind)]
    kind = (
        Warned if document.get("strict") is True else {kind.code: kind for kind in all_kinds}.get(code, PactmockError)
    )
    error = kind.__new__(kind)
    fields = {name: item for name, item in document.items() if name not in ("error", "code", "pointer")}
    PactmockError.__init__(error, text.removesuffix(f" (at {pointer})") if pointer else text, **fields)
    error.steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    error.code, error.status = code, status  # type: ignore[misc]  # as they were answered, whatever the class has
    return error


def _below(kind: type[PactmockError]) -> Iterator[type[PactmockError]]:
    """Yield the classes of the tree that derive from one, and none that another module has made."""
    for derived in kind.__subclasses__():
        if derived.__module__ == PactmockError.__module__:
            yield derived
            yield from _below(derived)
