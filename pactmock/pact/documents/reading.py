"""Pact files into values: every version, upgraded to the one model (reference/matching.md §1.1 to §1.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pactmock.errors import InvalidPact, PactmockError, Steps, below
from pactmock.pact import specification
from pactmock.pact.documents import members
from pactmock.pact.documents.parts import read_contents, read_request, read_response
from pactmock.pact.json.values import Json, compact, to_text
from pactmock.pact.model import (
    AsynchronousMessage,
    HttpInteraction,
    Interaction,
    InteractionMarkup,
    MessageContents,
    Pact,
    ProviderState,
    SynchronousMessages,
)
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import collected

__all__ = ["read_contents", "read_pact", "read_request", "read_response", "read_written"]


def read_pact(document: Json) -> Pact:
    """Read a parsed pact file of any version, as a person wrote it, who is told of slips of the pen.

    Raises:
        InvalidPact: with the JSON pointer of what cannot be read; nothing of such a file is used.
    """
    with collected() as found:
        pact = read_written(document)
        if not {"interactions", "messages"} & document.keys():
            raise InvalidPact("A pact has 'interactions', and this has none: post the content of a pact file")
    return replace(pact, warnings=tuple(found))


def read_written(document: Json) -> Pact:
    """Read a pact file that is there already, whoever wrote it: what no reader knows is passed over.

    Raises:
        InvalidPact: as above.
    """
    if not isinstance(document, dict):
        raise InvalidPact(f"A pact is a JSON object, this is {_a_kind_of(document)}: post the content of a pact file")
    metadata = document.get("metadata")
    version = specification.detect(metadata)
    members.check(document, members.TYPED_PACT if version.typed_interactions else members.PACT, "A pact", ())
    if isinstance(metadata, dict):
        with below("metadata"):
            members.check_near(metadata, members.METADATA, "'metadata'")
    return Pact(
        consumer=_participant(document, "consumer"),
        provider=_participant(document, "provider"),
        interactions=_interactions(document, version),
        metadata=metadata if isinstance(metadata, dict) else {},
        specification=version.name,
    )


def _a_kind_of(value: Json) -> str:
    kinds = {list: "a list", str: "a text", type(None): "null", bool: "a boolean"}
    return kinds.get(type(value), "a number")


def _participant(document: dict[str, Json], role: str) -> str:
    participant = document.get(role)
    if isinstance(participant, dict):
        with below(role):
            members.check_near(participant, members.PARTICIPANT, f"'{role}'")
    if not isinstance(participant, dict) or participant.get("name") is None:
        return role
    return to_text(participant["name"])


def _interactions(document: dict[str, Json], version: Specification) -> tuple[Interaction, ...]:
    if not version.typed_interactions and "messages" in document:
        return _v3_messages(document["messages"], version)
    items = document.get("interactions", [])
    if not isinstance(items, list):
        raise InvalidPact("'interactions' is not a list").below("interactions")
    read = _typed_interaction if version.typed_interactions else _http
    interactions: list[Interaction] = []
    try:
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                raise _no_object(item)
            interactions.append(read(item, index, version))
    except PactmockError as error:
        error.below("interactions", len(interactions))
        raise
    return tuple(interactions)


def _object(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise _no_object(value)
    return value


def _no_object(value: Json) -> InvalidPact:
    return InvalidPact(f"Expected an object, got {_a_kind_of(value)}")


def _v3_messages(messages: Json, version: Specification) -> tuple[Interaction, ...]:
    with below("messages"):
        if not isinstance(messages, list):
            raise InvalidPact("Expecting 'messages' field to be Array")
        if not version.messages:
            raise InvalidPact("Messages require Pact Specification version 3")
        read: list[Interaction] = []
        for index, item in enumerate(messages):
            with below(index):
                members.check(_object(item), members.MESSAGE, "A message", ("messages", index))
                # The reference drops the generators of V3 messages (§11 row 36, F).
                message = read_contents(item, version, "messages", index)
                read.append(AsynchronousMessage(**_shared(item, index, "messages"), message=message))
        return tuple(read)


def _http(value: dict[str, Json], index: int, version: Specification) -> HttpInteraction:
    known = members.TYPED_HTTP if version.typed_interactions else members.HTTP
    members.check(value, known, "An interaction", ("interactions", index))
    part = "request"
    try:
        request = read_request(value.get(part), version, ("interactions", index, part))
        part = "response"
        response = read_response(value.get(part), version, ("interactions", index, part))
    except PactmockError as error:
        error.below(part)
        raise
    said = _typed(value, index) if version.typed_interactions else _shared(value, index)
    return HttpInteraction(**said, request=request, response=response)


def _asynchronous(value: dict[str, Json], index: int, version: Specification) -> AsynchronousMessage:
    members.check(value, members.TYPED_MESSAGE, "A message", ("interactions", index))
    message = read_contents(value, version, "interactions", index)
    return AsynchronousMessage(**_typed(value, index), message=message)


def _synchronous(value: dict[str, Json], index: int, version: Specification) -> SynchronousMessages:
    members.check(value, members.TYPED_HTTP, "An interaction", ("interactions", index))
    for part in ("request", "response"):
        if part not in value:
            raise InvalidPact(f"A {SynchronousMessages.type} interaction needs '{part}'")
    answers = value["response"]
    items = answers if isinstance(answers, list) else [answers]
    return SynchronousMessages(
        **_typed(value, index),
        request=_contents(value["request"], version, index, "request"),
        responses=tuple(_contents(item, version, index, "response", i) for i, item in enumerate(items)),
    )


def _contents(value: Json, version: Specification, index: int, *steps: str | int) -> MessageContents:
    with below(*steps):
        members.check(_object(value), members.CONTENTS, "A message", ("interactions", index, *steps))
        return read_contents(value, version, "interactions", index, *steps)


_READERS: dict[str, Callable[[dict[str, Json], int, Specification], Interaction]] = {
    HttpInteraction.type: _http,
    AsynchronousMessage.type: _asynchronous,
    SynchronousMessages.type: _synchronous,
}


def _typed_interaction(value: dict[str, Json], index: int, version: Specification) -> Interaction:
    kind = value.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        known = ", ".join(_READERS)
        problem = f"has an incorrect type attribute '{compact(kind)}'" if "type" in value else "has no type attribute"
        raise InvalidPact(f"Interaction {index} {problem}: use one of {known}").below("type")
    return reader(value, index, version)


def _shared(value: dict[str, Json], index: int, listed_under: str = "interactions") -> dict[str, Any]:
    description = to_text(value["description"]) if "description" in value else f"Interaction {index}"
    return {"description": description, "provider_states": _provider_states(value, (listed_under, index))}


def _provider_states(value: dict[str, Json], place: Steps) -> tuple[ProviderState, ...]:
    if "providerStates" in value:
        states = value["providerStates"]
        for position, state in enumerate(states if isinstance(states, list) else ()):
            if isinstance(state, dict) and not state.keys() <= members.STATE:
                with below("providerStates", position):
                    members.check(state, members.STATE, "A provider state", (*place, "providerStates", position))
        return tuple(map(ProviderState.from_json, states)) if isinstance(states, list) else ()
    single = value.get("providerState", value.get("provider_state"))
    return (ProviderState(to_text(single)),) if single not in (None, "") else ()


def _typed(value: dict[str, Json], index: int) -> dict[str, Any]:
    key, transport = value.get("key"), value.get("transport")
    comments, plugins = value.get("comments"), value.get("pluginConfiguration")
    return {
        **_shared(value, index),
        "key": None if key is None else to_text(key),
        "pending": value.get("pending") is True,
        "comments": comments if isinstance(comments, dict) else {},
        "plugin_configuration": plugins if isinstance(plugins, dict) else {},
        "markup": InteractionMarkup.from_json(value.get("interactionMarkup")),
        "transport": None if transport is None else to_text(transport),
    }
