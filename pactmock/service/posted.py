"""What somebody gives the service to play: a pact, interactions, or a contract written with examples; read here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pactmock.authoring.recognised import is_contract
from pactmock.errors import InvalidParameter
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.json.values import Json, parse_document
from pactmock.pact.model import Pact
from pactmock.pact.value import value
from pactmock.server.shared import Shared

if TYPE_CHECKING:
    from pactmock.plugins.installed.host import PluginHost

T = TypeVar("T")
_MOST_BYTES = 32 * 1024
"""Up to how many bytes of a pact are read where they arrive; more may take longer than others may wait for."""

_STEPS = b"{", b"[", b"*"
_MOST_STEPS = 1000
"""How many objects, lists and steps of path expressions a pact may have that is: each may take 25 microseconds."""

_MOST_BYTES_OF_CONTRACT = 8 * 1024
"""The same of a contract, where two bytes may take fifty."""


@value
class Posted:
    """The content of a pact file, or a contract in consumer-test form, as `is_contract` or its shape says."""

    content: bytes
    is_contract: bool = False


class Reading:
    """Reads what is posted, with the plugins and threads of a service."""

    def __init__(self, plugins: Callable[[], PluginHost], shared: Shared) -> None:
        self._plugins = plugins
        self._shared = shared

    async def pact(self, posted: Posted) -> Pact:
        """Read what a new mock server is to play.

        Raises:
            InvalidParameter: when there is nothing.
            NotJson, InvalidPact, PluginError: when it is no pact, or no contract that a pact can be made of.
        """
        if not posted.content or posted.content.isspace():
            raise InvalidParameter("There is no pact in this request: send the content of a pact file as the body")
        known = None if posted.is_contract else self._shared.known.find(posted.content)
        if known is not None:
            return known
        found = await self._read(posted, reading.read_pact)
        if isinstance(found, _Contract):
            return await self._contract(posted, found.document)
        if "plugins" not in found.metadata:  # what is made of others is not theirs alone
            self._shared.known.note(posted.content, found)
        return found

    async def interactions(self, posted: Posted, of: Pact) -> Pact:
        """Read more interactions of a pact: of a pact, of a contract, or a list of them.

        A list is in the version of the pact.

        Raises:
            NotJson, InvalidPact, PluginError: as above.
        """
        found = await self._read(posted, lambda document: read_listed(document, of))
        return await self._contract(posted, found.document, of) if isinstance(found, _Contract) else found

    async def _read(self, posted: Posted, read_pact: Callable[[Json], Pact]) -> Pact | _Contract:
        """Read a pact, or find that it is a contract: one that is known by its shape need not be said to be one."""

        def read() -> Pact | _Contract:
            document = parse_document(posted.content)
            is_one = posted.is_contract or is_contract(document)
            return _Contract(document) if is_one else read_pact(document)

        return await self._done(read, at_once=_is_read_soon(posted.content))

    async def _done(self, read: Callable[[], T], *, at_once: bool) -> T:
        return read() if at_once else await self._shared.compiling.run(self, read)

    async def _contract(self, posted: Posted, document: Json, of: Pact | None = None) -> Pact:
        """Read a contract: with plugins, which are started and asked then, in a thread of theirs."""
        from pactmock.service.contracts import names_plugins, read_contract  # late: with what it needs it takes two
        # megabytes, and few tests write contracts

        read = partial(read_contract, document, self._plugins(), of)
        if names_plugins(document, of):
            return await self._shared.asking.run(self, read)
        return await self._done(read, at_once=len(posted.content) <= _MOST_BYTES_OF_CONTRACT)


def _is_read_soon(content: bytes) -> bool:
    """Tell whether a pact takes less time to read than to find a thread for it, or not much more."""
    return len(content) <= _MOST_BYTES and sum(map(content.count, _STEPS)) <= _MOST_STEPS


@value
class _Contract:
    """A contract that is parsed and not read yet."""

    document: Json


def read_listed(document: Json, of: Pact) -> Pact:
    """Read more interactions of a pact: a list of them, in its version, or a document that has it."""
    if isinstance(document, list):
        document = {"interactions": document}
    if isinstance(document, dict) and "metadata" not in document:
        version = specification.named(of.specification).version
        document = {**document, "metadata": {"pactSpecification": {"version": version}}}
    return reading.read_pact(document)
