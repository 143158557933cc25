"""Pact files into values: every version, upgraded to the one model (reference/matching.md §1.1 to §1.8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pactmock.errors import InvalidPact, PactmockError, Steps, below
from pactmock.pact import content_type as types
from pactmock.pact import generators, members, rule_categories, specification
from pactmock.pact.body import ABSENT, MISSING, Body
from pactmock.pact.generators import Generators
from pactmock.pact.headers import Headers, find
from pactmock.pact.headers import from_json as headers_from_json
from pactmock.pact.json_value import Json, compact, to_text
from pactmock.pact.model import (
    AsynchronousMessage,
    HttpInteraction,
    Interaction,
    InteractionMarkup,
    MessageContents,
    Pact,
    ProviderState,
    Request,
    Response,
    SynchronousMessages,
    declared_type,
)
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import collected


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


def read_request(value: Json, version: Specification, place: Steps = ()) -> Request:
    """Read a request as a file of this version has it; what is not an object is `GET /`.

    It remembers its place in the file, for errors that are found later.
    """
    part = value if isinstance(value, dict) else {}
    members.check(part, members.REQUEST if version.rule_aliases else members.TYPED_REQUEST, "A request", place)
    headers = headers_from_json(part.get("headers"))
    given = part.get("query")
    query = None if given is None else version.read_query(given)
    return Request(
        method=to_text(part.get("method", "GET")).upper(),
        path=to_text(part.get("path", "/")),
        query=query,
        query_text=given if version.exact_query and isinstance(given, str) else None,
        headers=headers,
        body=_body(part["body"], headers, version, place) if "body" in part else MISSING,
        matching_rules=_rules(part, "requestMatchingRules", version, headers, query),
        generators=_generators(part, place) if "generators" in part else {},
        place=place,
    )


def _body(value: Json, headers: Headers, version: Specification, place: Steps) -> Body:
    """Read a body by the type of the first value, where there is more than one header for it."""
    values = find(headers, "Content-Type") if headers else None
    try:
        if version.typed_interactions:
            _check_body(value, "A body of V4", (*place, "body"))
        return version.read_body(value, types.parse(values[0]) if values else None)
    except InvalidPact as error:
        error.below("body")
        raise


def _check_body(value: Json, what: str, place: Steps) -> None:
    """Look at the members of a body that is said with its type. One without content is JSON that stands for itself."""
    if isinstance(value, dict) and "content" in value:
        members.check(value, members.BODY, what, place)
    elif isinstance(value, dict) and {"contentType", "encoded"} & value.keys():
        members.check_near(value, members.BODY, what)


def read_response(value: Json, version: Specification, place: Steps = ()) -> Response:
    """Read a response as a file of this version has it, as `read_request` does.

    A status of 0 is what the native library writes where a test names a class of statuses, with a generator.

    Raises:
        InvalidPact: when the status is not a status code.
    """
    part = value if isinstance(value, dict) else {}
    members.check(part, members.RESPONSE if version.rule_aliases else members.TYPED_RESPONSE, "A response", place)
    status = part.get("status", 200)
    if type(status) is not int or not (status == 0 or 100 <= status <= 999):
        raise InvalidPact(f"{compact(status)} is not a status code: use a number from 200 to 999").below("status")
    headers = headers_from_json(part.get("headers"))
    return Response(
        status=status,
        headers=headers,
        body=_body(part["body"], headers, version, place) if "body" in part else MISSING,
        matching_rules=_rules(part, "responseMatchingRules", version, headers),
        generators=_generators(part, place) if "generators" in part else {},
        place=place,
    )


def _rules(
    part: dict[str, Json],
    alias: str,
    version: Specification,
    headers: Iterable[str] = (),
    query: Iterable[str] | None = None,
) -> rule_categories.MatchingRules:
    name = alias if version.rule_aliases and "matchingRules" not in part and alias in part else "matchingRules"
    value = part.get(name)
    if not value:
        return {}
    try:
        if isinstance(value, dict) and not value.keys() <= rule_categories.NAMES:
            categories = {key.lower(): item for key, item in value.items() if not key.startswith("$")}
            members.check_near(categories, rule_categories.NAMES, f"'{name}'")
        return rule_categories.from_json(value, name, headers=headers, query=query or ())
    except PactmockError as error:
        error.below(name)
        raise


def _generators(part: dict[str, Json], place: Steps, **aliases: str) -> Generators:
    given = part["generators"]
    with below("generators"):
        if isinstance(given, dict):
            members.check(given, generators.CATEGORIES.union(aliases), "'generators'", (*place, "generators"))
        return generators.from_json(given, aliases)


def read_contents(value: dict[str, Json], version: Specification, *place: str | int) -> MessageContents:
    """Read the contents of a message; `value` is the object that holds `contents` and `metadata`.

    They remember their place in the file, for errors that are found later.
    """
    metadata = value.get("metadata", value.get("metaData"))
    metadata = metadata if isinstance(metadata, dict) else {}
    declared = declared_type({"Content-Type": (to_text(metadata["contentType"]),)} if "contentType" in metadata else {})
    with below("contents"):
        if version.typed_interactions:
            _check_body(value.get("contents"), "A body of V4", (*place, "contents"))
        contents = version.read_body(value.get("contents", ABSENT), declared)
    return MessageContents(
        contents=contents,
        metadata=metadata,
        matching_rules=_rules(value, "matchingRules", version),
        # The reference passes over those under `content` (§11 row 75, F).
        generators=_generators(value, place, content="body") if "generators" in value else {},
        category="content"
        if any(_has_content(value.get(name)) for name in ("matchingRules", "generators"))
        else "body",
        place=place,
    )


def _has_content(categories: Json) -> bool:
    """Tell whether rules or generators are under `content`, as the specification has them for messages of V4."""
    return isinstance(categories, dict) and "content" in categories
