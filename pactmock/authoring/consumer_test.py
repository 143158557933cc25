"""Contracts as a test writes them over HTTP, without the native library (docs/control-api.md, the consumer-test form).

Examples and matchers stand together, in integration JSON or as definition strings. Interactions are written nested,
or flattened as in the guide for plugins. The forms are strict: a name that is not known, or a value of the wrong kind,
is refused with its place, as a person wrote it a moment ago and can mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pactmock.authoring import parts
from pactmock.authoring.members import Member, Members
from pactmock.errors import InvalidParameter
from pactmock.pact import specification
from pactmock.pact.json_value import Json, compact
from pactmock.pact.model import (
    AsynchronousMessage,
    HttpInteraction,
    Interaction,
    Pact,
    ProviderState,
    SynchronousMessages,
)
from pactmock.pact.pointer import Pointer
from pactmock.pact.specification import V4, Specification

MEDIA_TYPE = "application/vnd.pactmock.test+json"
"""What a document in this form says it is."""

_CONTRACT = ("consumer", "provider", "specification", "plugins", "interactions")


def read_consumer_test(document: Json) -> Pact:
    """Read a contract. Without `specification` it is V4.

    Raises:
        InvalidPact: with the JSON pointer of what cannot be read; InvalidRule where it is a matcher.
        TooLarge: when the document is nested deeper than JSON can be written.
    """
    members = _contract(document)
    return Pact(
        consumer=_participant(members, "consumer"),
        provider=_participant(members, "provider"),
        interactions=_interactions(members.need("interactions")),
        specification=_specification(members.get("specification")).name,
    )


def read_interactions(document: Json) -> tuple[Interaction, ...]:
    """Read interactions for a contract that is there already: the list of them, or a whole contract that has it.

    Consumer, provider and specification of the document say nothing then.

    Raises:
        InvalidPact, TooLarge: as `read_consumer_test` does.
    """
    if isinstance(document, list):
        compact(document)
        return _interactions(Member(document, Pointer()))
    return _interactions(_contract(document).need("interactions"))


def _contract(document: Json) -> Members:
    compact(document)  # refuses what is nested too deep to be walked
    members = Members.of("A contract", Member(document, Pointer()))
    members.allow(*_CONTRACT)
    plugins = members.get("plugins")
    if plugins is not None and list(plugins.items()):
        raise plugins.wrong("Plugins are not supported yet: leave 'plugins' away, or its list empty")
    return members


def _participant(members: Members, role: str) -> str:
    """Read the name of the consumer or the provider; the form of a pact file, `{"name": …}`, is fine too."""
    member = members.need(role)
    if not isinstance(member.value, dict):
        return member.text()
    named = Members.of(f"'{role}'", member)
    named.allow("name")
    return named.need("name").text()


def _specification(member: Member | None) -> Specification:
    if member is None:
        return V4
    try:
        return specification.named(member.text())
    except InvalidParameter as error:
        raise member.wrong(error.message) from None


def _interactions(member: Member) -> tuple[Interaction, ...]:
    return tuple(map(_interaction, member.items()))


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of interactions: the parts it has, and what is made of them."""

    parts: tuple[str, ...]
    make: Callable[[dict[str, Any], Mapping[str, tuple[Members, ...]]], Interaction]
    repeated: str | None = None
    """The part that can be a list."""


_SHARED = ("type", "description", "providerStates", "key", "pending", "comments", "with")


def _interaction(member: Member) -> Interaction:
    members = Members.of("An interaction", member)
    kind = _kind(members.get("type"))
    members.allow(*_SHARED, *kind.parts)
    return kind.make(_shared(members), _parts(members, kind))


def _kind(member: Member | None) -> _Kind:
    if member is None:
        return _KINDS[_DEFAULT_KIND]
    kind = _KINDS.get(member.text())
    if kind is None:
        known = ", ".join(f"'{name}'" for name in _KINDS if name.startswith("core/"))
        raise member.wrong(f"{member.shown()} is not a type of interactions: use one of {known}")
    return kind


def _shared(members: Members) -> dict[str, Any]:
    states, key, pending, comments = map(members.get, ("providerStates", "key", "pending", "comments"))
    return {
        "description": members.need("description").text(),
        "provider_states": tuple(map(_provider_state, states.items())) if states else (),
        "key": key.text() if key else None,
        "pending": pending.flag() if pending else False,
        "comments": comments.mapping() if comments else {},
    }


def _provider_state(member: Member) -> ProviderState:
    if isinstance(member.value, str):
        return ProviderState(member.text())
    members = Members.of("A provider state", member)
    members.allow("name", "params")
    params = members.get("params")
    return ProviderState(members.need("name").text(), params.mapping() if params else {})


def _parts(members: Members, kind: _Kind) -> Mapping[str, tuple[Members, ...]]:
    """Return the members of each part, from the nested form or from the flattened one."""
    flattened = members.get("with")
    nested = {name: part for name in kind.parts if (part := members.get(name)) is not None}
    if flattened is None:
        return {name: _nested(name, part, kind) for name, part in nested.items()}
    for part in nested.values():
        raise part.wrong("This interaction has 'with' too: write its parts in one of the two forms")
    split = Members.of("'with'", flattened).split(kind.parts)
    return {name: (part,) for name, part in split.items()}


def _nested(name: str, member: Member, kind: _Kind) -> tuple[Members, ...]:
    is_list = name == kind.repeated and isinstance(member.value, list)
    return tuple(Members.of(f"'{name}'", item) for item in (member.items() if is_list else (member,)))


def _http(shared: dict[str, Any], found: Mapping[str, tuple[Members, ...]]) -> HttpInteraction:
    (request,), (response,) = found.get("request", _NOTHING), found.get("response", _NOTHING)
    return HttpInteraction(**shared, request=parts.read_request(request), response=parts.read_response(response))


def _message(shared: dict[str, Any], found: Mapping[str, tuple[Members, ...]]) -> AsynchronousMessage:
    (message,) = found.get("message", _NOTHING)
    return AsynchronousMessage(**shared, message=parts.read_message(message))


def _messages(shared: dict[str, Any], found: Mapping[str, tuple[Members, ...]]) -> SynchronousMessages:
    (request,), responses = found.get("request", _NOTHING), found.get("response", ())
    return SynchronousMessages(
        **shared, request=parts.read_message(request), responses=tuple(map(parts.read_message, responses))
    )


_NOTHING = (Members("Nothing", Pointer(), {}),)
_DEFAULT_KIND = "core/interaction/http"
_HTTP = _Kind(("request", "response"), _http)
_MESSAGE = _Kind(("message",), _message)
_MESSAGES = _Kind(("request", "response"), _messages, repeated="response")
_KINDS = {
    _DEFAULT_KIND: _HTTP,
    "core/interaction/message": _MESSAGE,
    "core/interaction/synchronous-message": _MESSAGES,
    "core/interaction/request-response": _HTTP,
    HttpInteraction.type: _HTTP,
    AsynchronousMessage.type: _MESSAGE,
    SynchronousMessages.type: _MESSAGES,
}
"""The types as the guide for plugins, the catalogue of plugins, and pact files name them."""
