"""One call of the control API: what was asked, read and validated, and how it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from pactmock.control.gateway import PREFIX
from pactmock.control.registry import Registry
from pactmock.control.schemas import Server
from pactmock.errors import InvalidParameter, TooLarge
from pactmock.pact.json_value import Json, compact_bytes, parse
from pactmock.server.messages import host_name
from pactmock.server.mock_server import MockServer

Model = TypeVar("Model", bound=BaseModel)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the control API, and the service it is made to."""

    request: web.Request
    registry: Registry

    @property
    def server(self) -> MockServer:
        """The mock server that the path names by id or port.

        Raises:
            NoSuchMockServer: when there is none.
        """
        return self.registry.find(self.request.match_info["id"])

    def describe(self, server: MockServer) -> Server:
        """Describe a mock server to this caller, by whose way to us it can be reached too."""
        return Server.of(server, host_name(self.request.headers.get("Host", "")), self._gateway)

    @property
    def _gateway(self) -> str:
        public_url, request = self.registry.settings.public_url, self.request
        base = public_url.rstrip("/") if public_url else f"{request.scheme}://{request.host}"
        return base + PREFIX

    def query(self, model: type[Model]) -> Model:
        """Validate the query parameters.

        Raises:
            InvalidParameter: naming the parameter and what it may be.
        """
        return _validate(model, dict(self.request.query), "Query parameter")

    async def body(self, model: type[Model]) -> Model:
        """Validate a JSON body; an empty one has all its members left out.

        Raises:
            NotJson, InvalidParameter, TooLarge: naming what is wrong.
        """
        content = await self.content()
        document = parse(content) if content.strip() else {}
        if not isinstance(document, dict):
            raise InvalidParameter("The body of this call is a JSON object: send {} or leave it out")
        return _validate(model, document, "Member")

    async def content(self) -> bytes:
        """Read the body, without a byte order mark.

        Raises:
            TooLarge: when it is over the limit of the service.
        """
        try:
            content = await self.request.read()
        except web.HTTPRequestEntityTooLarge:
            limit = self.registry.settings.max_pact
            raise TooLarge(
                f"The body is larger than the {limit} bytes that this service takes: raise --max-pact-size", limit=limit
            ) from None
        return content.removeprefix(_BYTE_ORDER_MARK)


def _validate(model: type[Model], values: Mapping[str, object], kind: str) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            known = ", ".join(model.model_fields)
            message = f"{kind} '{name}' is not known here: use {known}"
        else:
            message = f"{kind} '{name}' cannot be {repr(first['input'])[:200]}: {first['msg'].lower()}"
        raise InvalidParameter(message, parameter=name) from None


def json_answer(value: BaseModel | Json, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Answer with a document."""
    document: Any = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return web.Response(
        body=compact_bytes(document), status=status, content_type="application/json", charset="utf-8", headers=headers
    )


def text_answer(text: str) -> web.Response:
    """Answer with plain text."""
    return web.Response(body=text.encode(errors="backslashreplace"), content_type="text/plain", charset="utf-8")


def nothing() -> web.Response:
    """Answer that it is done."""
    return web.Response(status=204)
