"""What a client is given to post, in all forms that a program has it in, as the bytes that go over the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pactmock.authoring import MEDIA_TYPE
from pactmock.client.call import JSON
from pactmock.errors import InvalidPact
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pactmock.pact.model import Pact


class WritesContract(Protocol):
    """A contract that was written in Python: `pactmock.contract.Pact`."""

    def to_contract(self) -> dict[str, Any]:
        """Return it in consumer-test form."""


@value
class Posted:
    """A body and its type: what goes over the wire, for who knows that the service would take it for another."""

    body: bytes
    content_type: str


PactSource: TypeAlias = "WritesContract | Pact | Mapping[str, Any] | Path | str | bytes | Posted"
"""A pact or a contract: written in Python, a value, a document (parsed or not), the path of its file, or as it is."""

InteractionsSource: TypeAlias = "PactSource | Sequence[Mapping[str, Any]]"
"""The same, or a list of interactions."""


def posted(source: InteractionsSource) -> Posted:
    """Write what is to be posted; the service knows a contract by its shape. A `str` is JSON or a path.

    Raises:
        InvalidPact: for a document that is no JSON, as one with NaN in it.
        OSError: when the file cannot be read.
    """
    if isinstance(source, Posted):
        return source
    if isinstance(source, Path | bytes | str):
        return Posted(_content(source), JSON)
    document = source if isinstance(source, Mapping | Sequence) else _document(source)
    try:
        content = json.dumps(document, allow_nan=False, default=_plain).encode()
    except (TypeError, ValueError) as error:
        raise InvalidPact(f"This document is not one that JSON can say: {error}") from None
    return Posted(content, MEDIA_TYPE if hasattr(source, "to_contract") else JSON)


def _content(source: Path | str | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    is_json = isinstance(source, str) and source.lstrip().startswith(("{", "["))
    return str(source).encode() if is_json else Path(source).read_bytes()


def _document(source: WritesContract | Pact) -> dict[str, Any]:
    if hasattr(source, "to_contract"):
        return source.to_contract()
    from pactmock.pact import specification  # late: few programs have values
    from pactmock.pact.documents import writing

    return writing.to_json(source, specification.named(source.specification))


def _plain(item: object) -> Any:
    """Write what is a mapping and no dict, as those that cannot be changed."""
    if isinstance(item, Mapping):
        return dict(item)
    raise TypeError(f"a {type(item).__name__} has no form in it")
