"""What a program has as a pact: a value, a contract written in Python, a document of either, its text, or its file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pactmock.errors import PactmockError
from pactmock.pact.documents import reading
from pactmock.pact.json import values as json_value
from pactmock.pact.json.values import Json
from pactmock.pact.model import Pact

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.plugins.installed.host import PluginHost


class WritesContract(Protocol):
    """A contract that was written in Python: `pactmock.contract.Pact`."""

    def to_pact(self) -> Pact:
        """Return it as a value."""


PactSource: TypeAlias = "WritesContract | Pact | Mapping[str, Any] | Path | str | bytes"
"""A pact or a contract: written in Python, as a value, as a document (parsed or not), or the path of its file."""

InteractionsSource: TypeAlias = "PactSource | Sequence[Mapping[str, Any]]"
"""The same, or a list of interactions."""


def load_pact(source: PactSource, plugins: Callable[[], PluginHost] | None = None) -> Pact:
    """Read a pact, or a contract in consumer-test form, from where it is.

    A `str` is JSON when it starts with a brace, else a path. `plugins` are asked when a contract names some.

    Raises:
        NotJson, InvalidPact: when it is neither; a note names the file.
        OSError: when the file cannot be read.
    """
    try:
        return _read(_found(source), plugins)
    except PactmockError as error:
        if isinstance(source, str | os.PathLike) and not _is_json(source):
            error.add_note(f"This is about the file {os.fspath(source)}")
        raise


def _read(found: Pact | Json, plugins: Callable[[], PluginHost] | None) -> Pact:
    if isinstance(found, Pact):
        return found
    if not _is_contract(found):
        return reading.read_pact(found)
    from pactmock.service.contracts import names_plugins, read_contract  # late: most have a pact

    return read_contract(found, plugins() if plugins and names_plugins(found) else None)


def load_interactions(source: InteractionsSource, of: Pact, plugins: Callable[[], PluginHost]) -> Pact:
    """Read more interactions of a pact: of another one, of a contract, or a list of them in the version of the pact.

    Raises:
        NotJson, InvalidPact, OSError: as above.
    """
    found = _found(source)
    if isinstance(found, Pact):
        return found
    if not _is_contract(found):
        from pactmock.service.posted import read_listed

        return read_listed(found, of)
    from pactmock.service.contracts import names_plugins, read_contract

    return read_contract(found, plugins() if names_plugins(found, of) else None, of)


def _found(source: Any) -> Pact | Json:
    """Return the pact where there is one already, else its document."""
    if isinstance(source, Pact):
        return source
    if isinstance(source, Mapping | list | tuple):
        return json_value.normalise(source)
    if hasattr(source, "to_pact"):
        return source.to_pact()
    if not isinstance(source, bytes) and not _is_json(source):
        from pathlib import Path  # late, as here and there nobody needs it

        source = Path(source).read_bytes()
    return json_value.parse_document(source)


def _is_json(source: Any) -> bool:
    return isinstance(source, str) and source.lstrip().startswith(("{", "["))


def _is_contract(document: Json) -> bool:
    from pactmock.authoring.recognised import is_contract

    return is_contract(document)
