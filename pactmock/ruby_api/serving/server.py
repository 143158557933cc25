"""A Ruby service as a mock server of a process: listed, asked and ended as any other.

It is started in a process that has an event loop, alone or among others:

    options = RubyOptions(consumer="Shop", provider="Users API", pact_dir=Path("pacts"))
    service = RubyServer(options, MockServerOptions(port=9292))
    await service.start()  # http://127.0.0.1:9292, for `curl -H 'X-Pact-Mock-Service: true'`
    ...
    await service.finish()  # writes the pact that nobody asked for; what a signal does
    await service.stop()

`MockServerOptions` say host, port (0 for any that is free), TLS (`authority`) and limits. With `shared`, it has the
threads, limits and events of a service; alone, those of all mock servers that belong to none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from pactmock.errors import Conflict, InvalidParameter
from pactmock.pact import specification
from pactmock.pact.json.values import Json
from pactmock.pact.model import Pact
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import PactWarning, listed
from pactmock.plugins.binding.bound_pact import Bind
from pactmock.ruby_api import as_pact, files
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.serving.options import RubyOptions
from pactmock.ruby_api.serving.play import RubyPlay
from pactmock.ruby_api.session import Conflicting
from pactmock.server.mock_server import MockServer
from pactmock.server.options import MockServerOptions
from pactmock.server.plays.stage import Stage
from pactmock.server.present_pact import PluginsOfPact
from pactmock.server.shared import Shared

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.pact.directory.store import Written


class PresentSession:
    """What was used so far as the pact that is played."""

    def __init__(self, play: RubyPlay) -> None:
        self.play = play
        self._pact = Pact(play.settings.consumer or "", play.settings.provider or "")
        self._of: list[Interaction] = []
        """The interactions that it was read of."""

    @property
    def pact(self) -> Pact:
        """What was used until now; in version 2, as others read it."""
        used = self.play.session.written
        if used != self._of:
            self._of, self._pact = used, as_pact.read(self._pact.consumer, self._pact.provider, used)
        return self._pact

    @property
    def warnings(self) -> Sequence[PactWarning]:
        return listed(self.pact.warnings)

    @property
    def specification(self) -> Specification:
        return specification.V2

    async def change(
        self,
        given: Pact,  # noqa: ARG002
        plugins: PluginsOfPact | None,  # noqa: ARG002
        *,
        anew: bool,  # noqa: ARG002
        strict: bool | None,  # noqa: ARG002
    ) -> NoReturn:
        """Refuse: clients register interactions, with matchers in a form that a pact has not.

        Raises:
            InvalidParameter: always.
        """
        raise InvalidParameter(
            "This is a service that a client of the Ruby mock service drives: register interactions there, with POST"
            " /interactions on its own port"
        )


class RubyServer(MockServer):
    """A service that clients of the Ruby mock service drive."""

    play: RubyPlay

    def __init__(
        self, settings: RubyOptions, options: MockServerOptions | None = None, shared: Shared | None = None
    ) -> None:
        self.settings = settings
        named = Pact(settings.consumer or "", settings.provider or "")
        super().__init__(named, options, shared=shared)

    def _play(self, pact: Pact, bind: Bind, stage: Stage) -> PresentSession:  # noqa: ARG002
        return PresentSession(RubyPlay(stage, self.settings))

    @property
    def title(self) -> str:
        """The name that it was given, or its participants, where it knows them."""
        is_known = self.options.name or self.settings.consumer or self.settings.provider
        return super().title if is_known else "a Ruby service without names"

    async def write_pact(
        self, directory: Path, *, overwrite: bool = False, refuse_replacements: bool = False
    ) -> Written:
        """Write what was used as the Ruby service does, in the version that was asked for at the start.

        Raises:
            InvalidParameter: when names are not known.
            Conflict: when the file says something else and nothing is to be replaced.
            WriteFailed: when it cannot be written.
        """
        if not (self.settings.consumer and self.settings.provider):
            raise InvalidParameter(
                "This service was started without the names of consumer and provider: give them to `POST /ruby`, or"
                " have its client write the pact with `POST /pact` on its own port"
            )
        from pactmock.pact.directory import store  # late, as with every mock server

        mode = files.OVERWRITE if overwrite else files.MERGE if refuse_replacements else files.UPDATE
        writing = replace(self.settings, pact_dir=directory, write_mode=mode).writing({})
        try:
            document = await self.play.write(writing)
        except Conflicting as error:
            raise Conflict(error.message) from None
        return store.Written(writing.path, len(document["interactions"]), not overwrite)

    async def finish(self) -> dict[str, Json] | None:
        """Write the pact if it can be written and nobody asked for that; return it, None where it was not written.

        Raises:
            RubyError, WriteFailed: when it cannot be written.
        """
        session, settings = self.play.session, self.settings
        is_known = settings.consumer and settings.provider and settings.pact_dir is not None
        if not is_known or session.is_written or not session.written:
            return None
        return await self.play.write(settings.writing({}))
