"""What can be asked of a mock server of a service, described once for both clients (docs/control-api.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from pactmock.client.call import Call, Reply, Steps, made
from pactmock.client.described import checked, report_of
from pactmock.client.operation import operation
from pactmock.client.pages import by_link, by_next, by_total
from pactmock.client.posting import InteractionsSource, posted
from pactmock.errors import NotMatched

if TYPE_CHECKING:
    from pactmock.client.documents import (
        Explained,
        HandedOut,
        ListedInteraction,
        ListedMessage,
        PactWarning,
        Server,
        Settled,
        Verified,
        WholeInteraction,
        Written,
    )
    from pactmock.client.explained import Entry, Mismatch, Record

T = TypeVar("T")


class MockServerCalls:
    """A mock server that a service plays.

    `description` is what the service said of it last: when it was made or found, and in the answer of `show`, `expect`,
    `replace` and `choose_state`.
    """

    def __init__(self, key: str, description: Server) -> None:
        self._key = key
        self.description = description
        self.has_ended = False
        """Whether `end` was called, and the service said that it has."""

    @property
    def id(self) -> str:
        return self.description["id"]

    @property
    def port(self) -> int:
        return self.description["port"]

    @property
    def url(self) -> str:
        """Where to send requests, without a slash at the end: its own port, on the host that the client calls."""
        return self.description["url"]

    @property
    def gateway_url(self) -> str | None:
        """Where to send them through the port of the service; None for the transport of a plugin."""
        return self.description["gatewayUrl"]

    @property
    def warnings(self) -> list[PactWarning]:
        """What of the pact will disappoint somebody, although it is played."""
        return self.description["warnings"]

    @property
    def state(self) -> str | None:
        """The provider state that was chosen."""
        return self.description["state"]

    @operation
    def show(self) -> Steps[Server]:
        """Ask what is to be said of it now."""
        return self._described((yield from self._made("GET")))

    @operation
    def matched(self) -> Steps[bool]:
        """Say whether all that was expected was received, and nothing else."""
        return bool((yield from self._made("GET", "matched")).member("matched"))

    @operation
    def mismatches(self) -> Steps[list[Mismatch]]:
        """List what did not match; empty when all did."""
        return (yield from by_link(*self._path("mismatches")))

    @operation
    def report(self, format: str = "text") -> Steps[str]:  # noqa: A002  as the API has it
        """Say what matched and what did not, in any format of docs/reports.md.

        The text has expected and actual side by side, the rule that decided, and some advice.

        Raises:
            InvalidParameter: naming the formats that the service knows.
        """
        return (yield from self._made("GET", "report", query={"format": format})).content.decode().removesuffix("\n")

    @operation
    def report_verified(self, format: str = "text") -> Steps[str]:  # noqa: A002
        """Have the pact file written if all matched, and report in either case; nothing is raised for a mismatch.

        Raises:
            InvalidParameter: as above.
        """
        reply = yield self._call("POST", "verify", query={"format": format})
        return reply.checked(200, 422).content.decode().removesuffix("\n")

    @operation
    def verify(self) -> Steps[Verified]:
        """Have the pact file written if all matched; warnings and how many messages did not count are returned.

        Raises:
            NotMatched: when something did not match, with the report. Nothing is written then.
            WriteFailed, Conflict: when all matched, and the file cannot be written.
        """
        reply = yield self._call("POST", "verify")
        warnings = reply.values_of("x-pactmock-warning")
        if reply.status == 422 and "error" not in reply.document:
            mismatches = reply.member("mismatches")
            title = f"Mock server {self._key} failed verification with {len(mismatches)} problem(s):"
            about = checked(reply.member("mockServer"), reply)
            raise NotMatched(report_of(title, mismatches, about, warnings), mismatches, warnings)
        reply.checked()
        return {"warnings": warnings, "notTested": int("".join(reply.values_of("x-pactmock-not-tested")) or 0)}

    @operation
    def wait(self, timeout: float = 5.0) -> Steps[bool]:
        """Wait until a request was received for every interaction, or so many seconds are over; say which."""
        reply = yield from self._made("GET", "wait", query={"timeout": timeout}, seconds=timeout)
        return bool(reply.member("complete"))

    @operation
    def requests(self, *, matched: bool | None = None, limit: int | None = None, since: int = 0) -> Steps[list[Entry]]:
        """List what was received, oldest first, with at most 1 kB of each body.

        `matched` asks for one kind only, `limit` for so many of the latest, `since` for greater numbers.
        """
        path = self._path("requests")
        pages = yield from by_next(*path, name="since", first=since, matched=matched, limit=limit)
        found: list[Entry] = [entry for page in pages for entry in page.member("requests")]
        return found[-limit:] if limit else found

    @operation
    def request(self, number: int) -> Steps[Record]:
        """Return one request whole.

        Raises:
            NoSuchRequest: when it is not in the journal, or not any more.
        """
        return cast("Record", (yield from self._made("GET", "requests", str(number))).document)

    @operation
    def request_body(self, number: int) -> Steps[bytes]:
        """Return the body of a request as it was received.

        Raises:
            NoSuchRequest: as above.
        """
        return (yield from self._made("GET", "requests", str(number), "body")).content

    @operation
    def request_as_interaction(self, number: int) -> Steps[dict[str, Any]]:
        """Return the interaction that would expect a request just as it was received, to be put into the pact.

        Raises:
            NoSuchRequest: as above, and for what was refused before it was a request.
        """
        return cast("dict[str, Any]", (yield from self._made("GET", "requests", str(number), "interaction")).document)

    @operation
    def reset(self) -> Steps[None]:
        """Forget what was received; what is expected stays."""
        yield from self._made("DELETE", "requests")

    @operation
    def interactions(self) -> Steps[list[ListedInteraction]]:
        """List what is expected, and how far it was asked for."""
        return (yield from by_total(*self._path("interactions")))

    @operation
    def interaction(self, key: str) -> Steps[WholeInteraction]:
        """Return one interaction whole, by its key or description.

        Raises:
            NoSuchInteraction: when there is none.
        """
        return cast("WholeInteraction", (yield from self._made("GET", "interactions", key)).document)

    @operation
    def put_fault(
        self,
        interaction: str,
        *,
        delay: float | tuple[float, float] | None = None,
        fault: str | None = None,
        times: int | None = None,
    ) -> Steps[ListedInteraction]:
        """Have answers of an interaction, by its key or description, come later, or a fault instead of them.

        `delay` is in seconds, or the least and the most of it. `fault` is `CONNECTION_RESET_BY_PEER`, `EMPTY_RESPONSE`
        or `MALFORMED_RESPONSE_CHUNK`. That is for so many `times`, or all, until the next reset; without any of them
        the pact's answers are sent as they are.

        Raises:
            NoSuchInteraction: when there is none.
        """
        wanted = {"min": delay[0], "max": delay[1]} if isinstance(delay, tuple) else delay
        document = {"delay": wanted, "fault": fault, "times": times}
        call = Call.with_json("PATCH", *self._path("interactions", interaction), document=document)
        return cast("ListedInteraction", (yield from made(call)).document)

    @operation
    def expect(self, interactions: InteractionsSource, *, strict: bool | None = None) -> Steps[Server]:
        """Expect more interactions; what was received stays. With `strict`, what would be a warning is refused.

        Raises:
            NotJson, InvalidPact, PluginError: when they cannot be read or played; then all is as it was.
        """
        return (yield from self._post("POST", interactions, strict))

    @operation
    def replace(self, interactions: InteractionsSource, *, strict: bool | None = None) -> Steps[Server]:
        """Expect other interactions; what was received is forgotten.

        Raises:
            NotJson, InvalidPact, PluginError: as above.
        """
        return (yield from self._post("PUT", interactions, strict))

    @operation
    def messages(self) -> Steps[list[ListedMessage]]:
        """List the messages of the pact, and what became of them."""
        return (yield from by_total(*self._path("messages")))

    @operation
    def hand_out(self, key: str) -> Steps[HandedOut]:
        """Get a message for the code under test, by its key, with the values that generators make.

        From the first one on, all messages of the pact have to be handled: say of each what became of it by `settle`.
        """
        return cast("HandedOut", (yield from self._made("POST", "messages", key)).document)

    @operation
    def settle(
        self, key: str, *, error: str | None = None, replies: Sequence[Any] = (), delivery: int | None = None
    ) -> Steps[Settled]:
        """Say what became of a message: nothing is wrong, an error, or what answers a synchronous one.

        Each of `replies` is `{"contents", "metadata"}` as it is handed out, or only contents. `delivery` says which is
        meant, by default the latest.
        """
        document: dict[str, Any] = {"error": error, "delivery": delivery}
        document |= {"replies": list(replies)} if replies else {}
        call = Call.with_json("POST", *self._path("messages", key, "handled"), document=document)
        return cast("Settled", (yield from made(call)).document)

    @operation
    def choose_state(self, state: str | None) -> Steps[Server]:
        """Have interactions that are given a provider state go first from now on; None for none.

        Raises:
            NoSuchState: when none is given it.
        """
        call = Call.with_json("POST", *self._path("state"), document={"state": state})
        return self._described((yield from made(call)))

    @operation
    def explain(self, request: Mapping[str, Any]) -> Steps[Explained]:
        """Say whether a request, as a pact file has it, would match, and if not, what came near; nothing is noted."""
        call = Call.with_json("POST", *self._path("explain"), document=dict(request))
        return cast("Explained", (yield from made(call)).document)

    @operation
    def pact(self) -> Steps[dict[str, Any]]:
        """Return the pact as it would be written."""
        return cast("dict[str, Any]", (yield from self._made("GET", "pact")).document)

    @operation
    def write_pact(
        self,
        directory: str | None = None,
        *,
        overwrite: bool = False,
        on_conflict: Literal["replace", "refuse"] = "replace",
    ) -> Steps[Written]:
        """Write the pact file on the machine of the service, matched or not, merged with one that is there.

        `directory` is relative to the output directory of the service.

        Raises:
            DirectoryNotAllowed: when it is outside of that.
            WriteFailed, Conflict: when the file cannot be written, or with "refuse" says something else.
        """
        document = {"directory": directory, "overwrite": overwrite, "onConflict": on_conflict}
        call = Call.with_json("POST", *self._path("pact"), document=document)
        return cast("Written", (yield from made(call)).document)

    @operation
    def scopes(self) -> Steps[list[Server]]:
        """List what is to be said of its scopes, oldest first.

        Raises:
            NoScopes: when what plays its pact tells none apart.
        """
        return (yield from by_total(*self._path("scopes")))

    @operation
    def logs(self) -> Steps[str]:
        """Return what happened to it and what it was asked, a line each."""
        return (yield from self._made("GET", "logs")).content.decode()

    @operation
    def end(self) -> Steps[None]:
        """Stop it; its port is free when this returns.

        Raises:
            NoSuchMockServer: when it was stopped already.
        """
        yield from self._made("DELETE")
        self.has_ended = True

    def _begin_scope(self, name: str | None, interactions: Sequence[str] | None) -> Steps[Server]:
        """Begin a scope, under a name of its own where it is given none."""
        document = {"interactions": None if interactions is None else list(interactions)}
        path = self._path("scopes", f"scope-{token_hex(6)}" if name is None else name)
        reply = yield from made(Call.with_json("PUT", *path, document=document))
        return checked(reply.document, reply)

    def _path(self, *steps: str) -> tuple[str, ...]:
        return ("mockserver", self._key, *steps)

    def _call(self, method: str, *steps: str, **options: Any) -> Call:
        return Call(method, self._path(*steps), **options)

    def _made(self, method: str, *steps: str, **options: Any) -> Steps[Reply]:
        return made(self._call(method, *steps, **options))

    def _described(self, reply: Reply) -> Server:
        self.description = checked(reply.document, reply)
        return self.description

    def _post(self, method: str, interactions: InteractionsSource, strict: bool | None) -> Steps[Server]:
        given = posted(interactions)
        call = self._call(
            method, "interactions", query={"strict": strict}, body=given.body, content_type=given.content_type
        )
        return self._described((yield from made(call)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._key} at {self.url}>"
