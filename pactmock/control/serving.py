"""Calls that change something: mock servers made, given interactions, written, ended (docs/control-api.md)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from aiohttp import web

import pactmock
from pactmock.authoring import MEDIA_TYPE
from pactmock.control import schemas
from pactmock.control.call import Call, json_answer, nothing
from pactmock.control.schemas import CreateQuery, ShutdownBody, WriteBody
from pactmock.control.security import NotAuthenticated, check_bearer
from pactmock.control.settings import ServiceSettings
from pactmock.errors import DirectoryNotAllowed, InvalidParameter, NotAllowed, PactmockError, UnsupportedMediaType
from pactmock.pact import content_type, reading, specification
from pactmock.pact.json_value import Json, parse
from pactmock.pact.model import Pact
from pactmock.pact.plugin_data import merge_plugins
from pactmock.pact.store import Written
from pactmock.plugins.kept_data import plugins_of
from pactmock.server.mock_server import MockServer, PluginsOfPact
from pactmock.server.options import MockServerOptions

T = TypeVar("T")

STOP: web.AppKey[Callable[[float], None]] = web.AppKey("stop", Callable[[float], None])  # type: ignore[arg-type]
"""Ends the service after some seconds; the service puts it into the application."""

STARTED: web.AppKey[float] = web.AppKey("started", float)
"""When the service started, by the monotonic clock."""


async def list_servers(call: Call) -> web.Response:
    """List the mock servers that run."""
    await call.registry.refresh()
    return json_answer(schemas.ServerList(mockServers=list(map(call.describe, call.registry.servers))))


async def create_server(call: Call) -> web.Response:
    """Read a pact and start a mock server for it."""
    query = call.query(CreateQuery)
    options = _options(query, call)
    is_consumer_test = _is_consumer_test(call.request)
    content = await call.content()
    if not content.strip():
        raise InvalidParameter("There is no pact in this request: send the content of a pact file as the body")
    if is_consumer_test:
        pact = await _read_contract(parse(content), call)
    else:
        pact = await _off_the_loop(call, content, lambda: reading.read_pact(parse(content)))
    server = await call.registry.create(pact, options)
    created = schemas.Created(mockServer=call.describe(server))
    return json_answer(created, headers={"Location": f"/mockserver/{server.id}"})


async def _off_the_loop(call: Call, content: bytes, work: Callable[[], T]) -> T:
    """Read what was posted: in a thread where that takes longer than others may wait for."""
    if len(content) <= _READ_AT_ONCE:
        return work()
    return await call.registry.shared.compiling.run(call.registry, work)


_READ_AT_ONCE = 64 * 1024


async def _read_contract(document: Json, call: Call, server: MockServer | None = None) -> Pact:
    """Read a contract in consumer-test form, or interactions of one for a server that runs.

    In a thread when there are plugins, which are started and asked then.
    """
    from pactmock.authoring.consumer_test import read_consumer_test, read_interactions  # late: with what they need,
    from pactmock.plugins.configuring import loader  # these take two megabytes, and few tests write contracts

    known = plugins_of(server.pact) if server else ()
    read = read_interactions if server else read_consumer_test
    load = loader(call.registry.plugins, known)
    if not known and not (isinstance(document, dict) and document.get("plugins")):
        return read(document, load)
    pact = await call.registry.shared.asking.run(call.registry, partial(read, document, load))
    return call.registry.plugins.finish(pact)


def _is_consumer_test(request: web.Request) -> bool:
    """Tell by the Content-Type whether a contract is in consumer-test form, or a pact.

    Raises:
        UnsupportedMediaType: when it is neither; a page of another origin can send such types without being asked.
    """
    given = request.headers.get("Content-Type")
    if given is None:
        return False
    parsed = content_type.parse(given)
    if parsed is None or not parsed.is_json:
        raise UnsupportedMediaType(
            f"A pact is application/json, a contract in consumer-test form {MEDIA_TYPE}, and this is"
            f" '{given[:200]}': send one of these as the Content-Type, or none with a pact"
        )
    return parsed.is_equivalent_to(_CONSUMER_TEST) and parsed.suffix == _CONSUMER_TEST.suffix


_CONSUMER_TEST = content_type.parse(MEDIA_TYPE) or content_type.JSON


def _options(query: CreateQuery, call: Call) -> MockServerOptions:
    settings = call.registry.settings
    return MockServerOptions(
        host=query.host or settings.host,
        port=query.port,
        name=query.name,
        cors_pre_flight=query.cors or settings.cors_pre_flight,
        authority=call.registry.authority if query.tls else None,
        specification=specification.named(query.specification) if query.specification else None,
        ttl=query.ttl,
        seed=query.seed,
        counts_interactions=query.count == "interaction",
        decisions=settings.decisions,
        wire=settings.wire,
        journal=settings.journal,
        secrets=settings.secrets,
    )


async def show_server(call: Call) -> web.Response:
    """Show one mock server."""
    return json_answer(call.describe(call.server))


async def remove_server(call: Call) -> web.Response:
    """Stop a mock server; its port is free when the answer arrives."""
    await call.registry.remove(call.server)
    return nothing()


async def verify(call: Call) -> web.Response:
    """Write the pact file if all matched, else say what did not."""
    server = call.server
    if not server.matched:
        described = call.describe(server).model_dump(mode="json")
        return json_answer({"mockServer": described, "mismatches": server.mismatches()}, 422)
    try:
        await server.write_pact(call.registry.settings.output)
    except PactmockError as error:
        shown = {"mockServer": call.describe(server).model_dump(mode="json"), "mismatches": []}
        return json_answer({**error.to_json(), **shown}, 422)
    return nothing()


async def write_pact(call: Call) -> web.Response:
    """Write the pact file, merged with the one that is there."""
    server = call.server
    body = await call.body(WriteBody)
    directory = _directory(call.registry.settings, body.directory)
    written = await server.write_pact(
        directory, overwrite=body.overwrite, refuse_replacements=body.onConflict == "refuse"
    )
    return json_answer(_written(written))


def _written(written: Written) -> schemas.Written:
    return schemas.Written(
        path=str(written.path.resolve()),
        interactions=written.interactions,
        merged=written.merged,
        replaced=[schemas.Replaced.model_validate(item.to_json()) for item in written.replacements],
    )


def _directory(settings: ServiceSettings, asked: str | None) -> Path:
    if asked is None:
        return settings.output
    if "\0" in asked:
        raise InvalidParameter("'directory' holds a NUL character: name a directory", parameter="directory")
    directory = settings.output / asked
    try:
        is_inside = directory.resolve().is_relative_to(settings.output.resolve())
    except (OSError, RuntimeError) as error:  # a symbolic link that leads to itself is either, by the Python version
        raise InvalidParameter(
            f"'directory' {asked[:200]!r} cannot be followed: {error}; name another", parameter="directory"
        ) from None
    if settings.allow_any_directory or is_inside:
        return directory
    raise DirectoryNotAllowed(
        f"'{asked}' is outside the output directory {settings.output.resolve()}: name one inside it, or start the"
        " service with --allow-any-directory",
        directory=asked,
    )


async def add_interactions(call: Call) -> web.Response:
    """Expect more interactions on a running mock server; what was received stays."""
    server = call.server
    added = await _interactions(call)
    await server.expect(*added.interactions, plugins=await _plugins_with(call, server, added))
    return json_answer(call.describe(server))


async def replace_interactions(call: Call) -> web.Response:
    """Expect other interactions on a running mock server; what was received is forgotten."""
    server = call.server
    given = await _interactions(call)
    await server.replace_interactions(*given.interactions, plugins=await _plugins_with(call, server, given))
    return json_answer(call.describe(server))


async def _plugins_with(call: Call, server: MockServer, added: Pact) -> PluginsOfPact | None:
    """Return the plugins that a mock server has with those of more interactions, None where nothing changes."""
    kept, more = server.pact.metadata.get("plugins") or [], added.metadata.get("plugins") or []
    if not more:
        return None
    listed = merge_plugins(kept, more)
    return PluginsOfPact(listed, await call.registry.load_plugins(replace(added, metadata={"plugins": listed})))


async def _interactions(call: Call) -> Pact:
    """Read interactions: of a pact, of a contract in consumer-test form, or a list of them.

    A list is in the version of the server's pact.
    """
    is_consumer_test = _is_consumer_test(call.request)
    document = parse(await call.content())
    if is_consumer_test:
        return await _read_contract(document, call, call.server)
    if isinstance(document, list):
        document = {"interactions": document}
    if isinstance(document, dict) and "metadata" not in document:
        version = specification.named(call.server.pact.specification).version
        document = {**document, "metadata": {"pactSpecification": {"version": version}}}
    return reading.read_pact(document)


async def ca_certificate(call: Call) -> web.Response:
    """Return the certificate that signed those of all TLS mock servers of this process."""
    return web.Response(body=call.registry.authority.ca_pem, content_type="application/x-pem-file")


async def health(call: Call) -> web.Response:
    """Say that the service is there."""
    uptime = round(time.monotonic() - call.request.app[STARTED], 3)
    answer = schemas.Health(status="ok", version=pactmock.__version__, uptime=uptime, mockServers=len(call.registry))
    return json_answer(answer)


async def shutdown(call: Call) -> web.Response:
    """End the service, for who knows the server key."""
    try:
        check_bearer(
            call.request.headers.get("Authorization", ""),
            call.registry.settings.server_key,
            "the server key, which `pactmock start` shows or takes with --server-key",
        )
    except NotAuthenticated as error:
        raise NotAllowed(error.message) from None
    body = await call.body(ShutdownBody)
    call.request.app[STOP](body.period / 1000)
    return nothing()
