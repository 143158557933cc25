"""What can be asked of a service as a whole, described once for both clients (docs/control-api.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pactmock.client.address import Address
from pactmock.client.call import Call, Steps, made
from pactmock.client.described import checked
from pactmock.client.mock_server import MockServerCalls
from pactmock.client.operation import operation
from pactmock.client.pages import by_next
from pactmock.client.posting import PactSource, posted

if TYPE_CHECKING:
    from typing import Unpack

    from pactmock.client.documents import CreateOptions, Health, Pacts, Ready, Server

S = TypeVar("S", bound=MockServerCalls)


class ServiceCalls(Generic[S]):
    """A service somewhere; `S` is how this client has mock servers."""

    def __init__(self, url: str, *, token: str | None = None, timeout: float = 60.0) -> None:
        """Say where the service is, and the token that it was started with, if with one.

        Each call has a connection of its own, so there is nothing to close. None is made again when it fails: an answer
        that does not come within `timeout` seconds is an error.

        Raises:
            InvalidParameter: when that is no URL.
        """
        self.address = Address.of(url, token)
        self.timeout = timeout

    def _mock_server(self, key: str, description: Server) -> S:
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where the service is, without a slash at the end."""
        return self.address.url

    @operation
    def create(self, pact: PactSource, **options: Unpack[CreateOptions]) -> Steps[S]:
        """Start a mock server for a pact or a contract. It plays until somebody ends it, or its `ttl` is over.

        Raises:
            InvalidParameter, NotJson, InvalidPact: when it cannot be read or played.
            NoSuchPlugin, PluginError: when a plugin that it names is not there, or does not start.
            NoSuchState: when no interaction is given the provider state that is wanted.
            PortUnavailable, LimitReached: when there is no place for it.
        """
        given = posted(pact)
        call = Call("POST", query={**options}, body=given.body, content_type=given.content_type)
        reply = yield from made(call)
        description = checked(reply.member("mockServer"), reply)
        return self._mock_server(description["id"], description)

    @operation
    def servers(self) -> Steps[list[S]]:
        """List the mock servers that run, oldest first."""
        reply = yield from made(Call("GET"))
        described = [checked(item, reply) for item in reply.member("mockServers")]
        return [self._mock_server(item["id"], item) for item in described]

    @operation
    def find(self, key: str | int) -> Steps[S]:
        """Find a mock server by its id, port or name.

        Raises:
            NoSuchMockServer: when there is none.
        """
        reply = yield from made(Call("GET", ("mockserver", str(key))))
        return self._mock_server(str(key), checked(reply.document, reply))

    @operation
    def end(self, key: str | int) -> Steps[None]:
        """Stop a mock server by its id, port or name; its port is free when this returns. It is not asked before.

        Raises:
            NoSuchMockServer: when there is none.
        """
        yield from made(Call("DELETE", ("mockserver", str(key))))

    @operation
    def pacts(self) -> Steps[Pacts]:
        """List the pacts in the output directory of the service, whoever wrote them, and what there cannot be read."""
        pages = yield from by_next("pacts", name="offset")
        return {
            "pacts": [pact for page in pages for pact in page.member("pacts")],
            "unread": [file for page in pages for file in page.member("unread")],
        }

    @operation
    def pact(self, consumer: str, provider: str, *, specification: str | None = None) -> Steps[dict[str, Any]]:
        """Return a pact as it was written, or in another version.

        Raises:
            NoSuchPact: when there is none of this consumer and provider.
            InvalidParameter: when there is no such version.
            WriteFailed: when the version cannot hold it.
        """
        call = Call("GET", ("pacts", consumer, provider), query={"specification": specification})
        return cast("dict[str, Any]", (yield from made(call)).document)

    @operation
    def health(self) -> Steps[Health]:
        """Say that the service is there. No token is needed."""
        return cast("Health", (yield from made(Call("GET", ("health",)))).document)

    @operation
    def ready(self) -> Steps[Ready]:
        """Say that the service takes calls. No token is needed.

        Raises:
            Stopping: when it was told to end.
        """
        return cast("Ready", (yield from made(Call("GET", ("ready",)))).document)

    @operation
    def ca_pem(self) -> Steps[bytes]:
        """Return the certificate to trust, which signed those of all mock servers with TLS."""
        return (yield from made(Call("GET", ("ca.pem",)))).content

    @operation
    def openapi(self) -> Steps[dict[str, Any]]:
        """Return the description of the API."""
        return cast("dict[str, Any]", (yield from made(Call("GET", ("openapi.json",)))).document)

    @operation
    def shutdown(self, server_key: str, *, period: int = 100) -> Steps[None]:
        """End the service and all its mock servers in so many milliseconds.

        Raises:
            NotAllowed: when that is not its server key.
        """
        yield from made(Call.with_json("POST", "shutdown", document={"period": period}, bearer=server_key))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.url}>"
