"""A service for clients of the Ruby mock service, among the mock servers of this process (docs/ruby.md)."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from pactmock.control.calls.reply import Reply
from pactmock.control.calls.taking import Caller
from pactmock.control.schemas import Question
from pactmock.control.servers import LONGEST_TTL
from pactmock.service.mock_service import MockService
from pactmock.service.names import LONGEST_NAME
from pactmock.service.wanted import Wanted


class RubyQuery(Question):
    """The query parameters of `POST /ruby`."""

    consumer: str | None = Field(None, description="The name of the consumer, where no call brings it.")
    provider: str | None = Field(None, description="The name of the provider.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(0, description="A fixed port; 0 for any that is free.")
    cors: bool = Field(False, description="Let pages call what is mocked.")
    specification: Annotated[str, Field(pattern=r"^[Vv]?[123](\.\d+)*$")] = Field(
        "2", description="The version the pact is written in: 1, 2 or 3, as the Ruby service has them."
    )
    write_mode: Literal["overwrite", "update", "merge", "none"] = Field(
        "overwrite", description="How the pact is written, where a call does not say that."
    )
    host: str | None = Field(None, description="The address to listen on; by default that of the service.")
    name: Annotated[str, Field(max_length=LONGEST_NAME)] | None = Field(
        None, description="A name of its own, which can be used wherever its id can; not a number."
    )
    tls: bool = Field(False, description="Listen with TLS; GET /ca.pem has the certificate to trust.")
    ttl: Annotated[float, Field(gt=0, le=LONGEST_TTL)] | None = Field(
        None, description="Stop when not touched for so many seconds."
    )


async def create_service(service: MockService, caller: Caller, query: RubyQuery) -> Reply:
    """Start a service that clients of the Ruby mock service drive, and that writes into the output directory."""
    from pactmock.ruby_api.serving.options import RubyOptions  # late, with all that explains: few services have any
    from pactmock.ruby_api.serving.server import RubyServer

    settings = service.settings
    ruby = RubyOptions(
        consumer=query.consumer,
        provider=query.provider,
        pact_dir=settings.output,
        write_mode=query.write_mode,
        version=query.specification.lstrip("Vv"),
        cors=query.cors,
        allowed_origins=frozenset(settings.allowed_origins),
        allow_any_directory=settings.allow_any_directory,
        durable=settings.durable,
    )
    wanted = Wanted(host=query.host, port=query.port, name=query.name, tls=query.tls, ttl=query.ttl)
    server = await service.take_in(partial(RubyServer, ruby), wanted)
    created = {"mockServer": caller.describe(server)}
    return Reply.json(created, headers=[("Location", f"{caller.reached.prefix}/mockserver/{server.id}")])
