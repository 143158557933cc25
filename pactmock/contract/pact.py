"""A contract between a consumer and a provider, as a test writes it: `Pact`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from pactmock.contract.blocks import Block, Blocks
from pactmock.contract.error import MismatchesError, Refused
from pactmock.contract.interaction import (
    AsyncMessageInteraction,
    HttpInteraction,
    Interaction,
    SyncMessageInteraction,
)
from pactmock.contract.messages import Messages
from pactmock.contract.pact_server import AsyncPactServer, PactServer
from pactmock.contract.reading import plugin_host, read
from pactmock.contract.specification import PactSpecification
from pactmock.errors import InvalidPact, PactmockError
from pactmock.pact.documents.members import METADATA
from pactmock.pact.json.values import Json

if TYPE_CHECKING:
    from pactmock.client.blocking import Client
    from pactmock.pact.model import Pact as PactValue

__all__ = ["MismatchesError", "Pact", "PactServer"]

T = TypeVar("T")


class Pact(Messages):
    """A contract between a consumer and a provider.

    pact = Pact("web", "users-api")
    pact.upon_receiving("a user").with_request("GET", "/users/7").will_respond_with(200).with_body({"id": match.int(7)})
    with pact.serve() as server:
        assert get_user(server.url, 7).id == 7
    pact.write_file("pacts")

    It can be served again and again. A block plays the interactions that were written since the one before it; when
    there are none, the same again. So one Pact can collect the interactions of several tests.
    """

    def __init__(self, consumer: str, provider: str) -> None:
        """Name both sides. It is written as V4 until `with_specification` says otherwise.

        Raises:
            ValueError: when a name is empty.
        """
        if not consumer:
            raise ValueError("Consumer name cannot be empty.")
        if not provider:
            raise ValueError("Provider name cannot be empty.")
        self._consumer = consumer
        self._provider = provider
        self._specification = PactSpecification.V4
        self._metadata: dict[str, dict[str, str]] = {}
        self._plugins: list[dict[str, Json]] = []
        self._interactions: list[Interaction] = []
        self._block: list[HttpInteraction] = []
        """What was played last."""
        self._blocks = Blocks()

    @property
    def consumer(self) -> str:
        return self._consumer

    @property
    def provider(self) -> str:
        return self._provider

    @property
    def specification(self) -> PactSpecification:
        """The version that it is written in."""
        return self._specification

    def with_specification(self, version: str | PactSpecification) -> Pact:
        """Choose the version that it is written in: `V4`, `3`, `1.1`.

        Raises:
            KeyError: for a text that names none.
        """
        self._specification = PactSpecification.from_str(str(version))
        return self

    def with_metadata(self, namespace: str, metadata: Mapping[str, str]) -> Pact:
        """Add texts to the metadata of the file, under a name of their own.

        Raises:
            Refused: for a name that pact files use themselves.
        """
        if namespace in METADATA:
            raise Refused(f"The metadata '{namespace}' is not for a test to write")
        self._metadata.setdefault(namespace, {}).update(metadata)
        return self

    @property
    def plugins(self) -> tuple[str, ...]:
        """The names of the plugins that it uses."""
        return tuple(str(plugin["name"]) for plugin in self._plugins)

    def using_plugin(self, name: str, version: str | None = None, delay: int | None = None) -> Pact:  # noqa: ARG002
        """Use a plugin, for bodies of its types; `delay` says nothing, as a plugin is waited for until it is ready.

        Raises:
            Refused: when it is not installed, or does not start.
        """
        try:
            plugin_host().load(name, version)
        except PactmockError as error:
            raise Refused(f"Failed to load the plugin {name}: {error}") from error
        self._plugins.append({"name": name, "version": version} if version else {"name": name})
        return self

    @overload
    def upon_receiving(self, description: str, interaction: Literal["HTTP"] = ...) -> HttpInteraction: ...
    @overload
    def upon_receiving(self, description: str, interaction: Literal["Async"]) -> AsyncMessageInteraction: ...
    @overload
    def upon_receiving(self, description: str, interaction: Literal["Sync"]) -> SyncMessageInteraction: ...
    def upon_receiving(self, description: str, interaction: str = "HTTP") -> Any:
        """Begin an interaction: `HTTP`, an `Async` message, or a `Sync` one, which is answered.

        Raises:
            ValueError: for another kind.
        """
        if interaction not in _KINDS:
            raise ValueError(f"Invalid interaction type: {interaction}")
        made = _KINDS[interaction](self, description)
        self._interactions.append(made)
        return made

    def serve(
        self,
        addr: str = "localhost",
        port: int | None = 0,
        transport: str = "http",
        transport_config: str | None = None,
        *,
        raises: bool = True,
        verbose: bool = True,
        service: str | Client | None = None,
    ) -> PactServer:
        """Play the contract in a `with` block, also under a running event loop, for clients of any kind.

        At the end of the block, what did not match is raised with `raises`, and else logged with `verbose`. An `assert`
        of the test that failed in it gives way to that; on any other exception it is a note.

        With `service`, the URL of a service or a `pactmock.Client` of it, it is played there, and `url` is that of its
        gateway; with the transport `https` that of the mock server's own port.

        Raises:
            Refused: in the block, for a transport that is not played here, or a `transport_config` that is no JSON.
            PactmockError: in the block, when the contract cannot be played, or there.
        """
        return PactServer(
            self, addr, port or 0, transport, transport_config, raises=raises, verbose=verbose, service=service
        )

    def serve_async(
        self,
        addr: str = "localhost",
        port: int | None = 0,
        transport: str = "http",
        transport_config: str | None = None,
        *,
        raises: bool = True,
        verbose: bool = True,
        service: str | Client | None = None,
    ) -> AsyncPactServer:
        """Play the contract in an `async with` block; see `serve`. The running loop is never kept waiting."""
        return AsyncPactServer(
            self.serve(addr, port, transport, transport_config, raises=raises, verbose=verbose, service=service)
        )

    def write_file(self, directory: Path | str | None = None, *, overwrite: bool = False) -> None:
        """Write the pact file into a directory, by default the present one, merged with one that is there.

        With `overwrite`, only what this Pact has is left in it.

        Raises:
            WriteFailed: when the file cannot be written, or the version cannot hold what is in it.
            InvalidPact: when there can be no such contract.
        """
        from pactmock.pact.directory import store

        store.write(self.to_pact(), Path(directory or "."), overwrite=overwrite)

    def to_contract(self) -> dict[str, Json]:
        """Return the contract in consumer-test form, as `POST /` takes it (docs/control-api.md)."""
        return self._contract(self._interactions)

    def _contract(self, interactions: list[Interaction]) -> dict[str, Json]:
        return {
            "consumer": self._consumer,
            "provider": self._provider,
            "specification": self._specification.version_name,
            **({"metadata": dict(self._metadata)} if self._metadata else {}),
            **({"plugins": list(self._plugins)} if self._plugins else {}),
            "interactions": [interaction.to_json() for interaction in _last_of_each(interactions)],
        }

    def to_pact(self) -> PactValue:
        """Return the contract as a value, as the mock server plays it and the pact file has it.

        Raises:
            InvalidPact: when there can be no such contract, with the JSON pointer into `to_contract()`.
        """
        return self.read(self._interactions)

    def read(self, interactions: list[Interaction]) -> PactValue:
        """Return a contract of some of its interactions as a value, as `to_pact` does of all."""
        contract = self._contract(interactions)
        try:
            return read(contract)
        except InvalidPact as error:
            # A test has no document that the place of an error could be looked up in.
            if len(error.steps) > 1 and error.steps[0] == "interactions":
                description = contract["interactions"][error.steps[1]]["description"]
                error.add_note(f"This is about the interaction '{description}' of {contract['consumer']}")
            raise

    def interactions(self, kind: Literal["HTTP", "Sync", "Async", "All"] = "HTTP") -> Iterator[Any]:
        """Yield what there is of the interactions of a kind, or of all: `pactmock.contract.interaction.view`.

        Raises:
            ValueError: for another kind.
        """
        if kind != "All" and kind not in _KINDS:
            raise ValueError(f"Unknown interaction kind: {kind}")
        from pactmock.contract.interaction.view import VIEWS

        for interaction in self.kept:
            if kind == "All" or isinstance(interaction, _KINDS[kind]):
                yield VIEWS[interaction.type](interaction)

    @property
    def kept(self) -> list[Interaction]:
        """The interactions, without those that were written again."""
        return _last_of_each(self._interactions)

    @property
    def unplayed(self) -> list[Interaction]:
        """The interactions that no block has played, and the messages that nobody was handed."""
        return [interaction for interaction in self.kept if not interaction.was_played]

    @property
    def unmatched(self) -> str:
        """What did not match in blocks, unless a later one played the same and all did; empty when there is none."""
        return self._blocks.unmatched

    @property
    def is_open(self) -> bool:
        """Whether a block plays it now, of which nobody knows yet what does not match."""
        return self._blocks.is_open

    def begin_block(self, play: Callable[[dict[str, Json]], T]) -> tuple[T, Block]:
        """Have played, as a contract, what was written since the last block, or all of that again.

        Returns what plays it, and which interactions these are, as `end_block` wants to know: blocks can be in one
        another. What `play` raises leaves it as it was: not played.
        """
        requests = [item for item in self._interactions if isinstance(item, HttpInteraction)]
        block = [item for item in requests if not item.was_played] or self._block
        playing = play(self._contract([*block]))
        self._block = block
        for interaction in block:
            interaction.play()
        return playing, self._blocks.begin(tuple(interaction.identity for interaction in block))

    def end_block(self, block: Block, report: str) -> None:
        """Note what a block found that did not match, nothing when all did."""
        self._blocks.end(block, report)

    def __str__(self) -> str:
        return f"{self._consumer} -> {self._provider}"

    def __repr__(self) -> str:
        return f"<Pact: {self}, {len(self._interactions)} interaction(s), {self._specification}>"


_KINDS: Mapping[str, type[Interaction]] = {
    "HTTP": HttpInteraction,
    "Async": AsyncMessageInteraction,
    "Sync": SyncMessageInteraction,
}


def _last_of_each(interactions: list[Interaction]) -> list[Interaction]:
    """Return the interactions without those that are written again, with description, type and states the same."""
    return list({interaction.identity: interaction for interaction in interactions}.values())
