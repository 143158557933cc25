"""Values into the JSON of a pact file, in any version (reference/matching.md §1.3 to §1.8, §1.11, §1.12)."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from pactmock.errors import WriteFailed
from pactmock.pact.json.values import Json, pretty_bytes
from pactmock.pact.model import (
    AsynchronousMessage,
    HttpInteraction,
    Interaction,
    MessageContents,
    Pact,
    Request,
    Response,
    SynchronousMessages,
    declared_type,
    message_charset,
    message_content_type,
    part_charset,
    part_content_type,
)
from pactmock.pact.parts.body import ABSENT, encode_base64
from pactmock.pact.specification import Specification


def to_bytes(pact: Pact, version: Specification) -> bytes:
    """Render the file: two spaces, keys sorted, UTF-8, no newline at the end."""
    return pretty_bytes(to_json(pact, version))


def to_json(pact: Pact, version: Specification) -> dict[str, Json]:
    """Write a pact in a version. V4 interactions are sorted by description, stably; others keep their order.

    Raises:
        WriteFailed: when the version has no way to say what is in the pact (§1.11).
    """
    ordered = (
        sorted(pact.interactions, key=attrgetter("description")) if version.typed_interactions else pact.interactions
    )
    refuse_downgrade({type(item) for item in ordered}, version)
    return with_interactions(pact, version, [write_interaction(item, version) for item in ordered])


def with_interactions(pact: Pact, version: Specification, interactions: list[Json]) -> dict[str, Json]:
    """Write a pact whose interactions are written already.

    Raises:
        WriteFailed: as `to_json` does.
    """
    kinds = {type(item) for item in pact.interactions}
    refuse_downgrade(kinds, version)
    kind = "messages" if AsynchronousMessage in kinds and not version.typed_interactions else "interactions"
    metadata = {_RENAMED.get(name, name): value for name, value in pact.metadata.items()}
    if not metadata.get("plugins", True):
        del metadata["plugins"]
    return {
        "consumer": {"name": pact.consumer},
        "provider": {"name": pact.provider},
        kind: interactions,
        "metadata": {**metadata, "pactSpecification": {"version": version.version}},
    }


_RENAMED = {"pact-specification": "pactSpecification", "pact-rust": "pactRust"}


def write_interaction(interaction: Interaction, version: Specification) -> dict[str, Json]:
    """Write an interaction as a file of this version has it, which must have a way to say it."""
    if version.typed_interactions:
        return _typed(interaction, version)
    if isinstance(interaction, AsynchronousMessage):
        return _v3_message(interaction, version)
    return {
        "description": interaction.description,
        **_states(interaction, version),
        **_parts(interaction, version),
    }


def refuse_downgrade(kinds: set[type], version: Specification) -> None:
    """Make sure that a file of this version can hold these kinds of interactions.

    Raises:
        WriteFailed: when it cannot (§1.11).
    """
    if version.typed_interactions:
        return
    if SynchronousMessages in kinds:
        kind = f"{SynchronousMessages.type} interactions"
    elif len(kinds) > 1:
        kind = "mixed interaction types"
    elif AsynchronousMessage in kinds and not version.messages:
        raise WriteFailed("Message Pacts require minimum V3 specification: write it as V3 or V4")
    else:
        return
    raise WriteFailed(f"A Pact with {kind} can't be downgraded to {version.name}: write it as V4")


def _v3_message(interaction: AsynchronousMessage, version: Specification) -> dict[str, Json]:
    message = interaction.message
    metadata = dict(message.metadata)
    if message.contents.is_present:
        metadata.setdefault("contentType", str(message_content_type(message)))
    return {
        "description": interaction.description,
        **_states(interaction, version),
        **_contents(message, version),
        "metadata": metadata,
    }


def _states(interaction: Interaction, version: Specification) -> dict[str, Json]:
    if not interaction.provider_states:
        return {}
    if not version.many_states:
        return {"providerState": interaction.provider_states[0].name}
    return {"providerStates": [state.to_json() for state in interaction.provider_states]}


def _typed(interaction: Interaction, version: Specification) -> dict[str, Json]:
    comments = {name: value for name, value in interaction.comments.items() if value not in (None, "", [], {})}
    optional: dict[str, Json] = {
        "key": interaction.key,
        "comments": comments or None,
        "pluginConfiguration": dict(interaction.plugin_configuration) or None,
        "transport": interaction.transport,
    }
    if interaction.markup:
        optional["interactionMarkup"] = interaction.markup.to_json()
    return {
        "type": interaction.type,
        "description": interaction.description,
        "pending": interaction.pending,
        **{name: value for name, value in optional.items() if value is not None},
        **_states(interaction, version),
        **_parts(interaction, version),
    }


def _parts(interaction: Interaction, version: Specification) -> dict[str, Json]:
    if isinstance(interaction, HttpInteraction):
        return {
            "request": write_request(interaction.request, version),
            "response": write_response(interaction.response, version),
        }
    if isinstance(interaction, AsynchronousMessage):
        return _contents(interaction.message, version)
    return {
        "request": _contents(interaction.request, version),
        "response": [_contents(answer, version) for answer in interaction.responses],
    }


def write_request(request: Request, version: Specification) -> dict[str, Json]:
    """Write a request as a file of this version has it; also the `request` of a mismatch, which is in V3 form."""
    written: dict[str, Json] = {"method": request.method.upper(), "path": request.path}
    query = version.write_query(request.query) if request.query else None
    if query:  # of nothing but a parameter without a name, V1 and V2 have nothing to say
        written["query"] = query
    return written | _common(request, version)


def write_response(response: Response, version: Specification) -> dict[str, Json]:
    """Write a response as a file of this version has it."""
    return {"status": response.status} | _common(response, version)


def _common(part: Request | Response, version: Specification) -> dict[str, Json]:
    written: dict[str, Json] = {
        "headers": dict(version.write_headers(part.headers)),
        "matchingRules": dict(version.write_rules(part.matching_rules)),
        "generators": dict(version.write_generators(part.generators)),
    }
    kept = {name: value for name, value in written.items() if value}
    is_declared = declared_type(part.headers) is not None
    charset = part_charset(part)
    body = version.write_body(part.body, part_content_type(part), is_declared=is_declared, charset=charset)
    return kept if body is ABSENT else kept | {"body": body}


def _contents(message: MessageContents, version: Specification) -> dict[str, Json]:
    written: dict[str, Json] = {
        "metadata": dict(message.metadata),
        "matchingRules": _renamed(version.write_rules(message.matching_rules), message.category),
        "generators": _renamed(version.write_generators(message.generators), message.category),
    }
    kept = {name: value for name, value in written.items() if value}
    content_type = message_content_type(message)
    # A message without a type in its metadata gets it there when it is written.
    charset = message_charset(message)
    contents = version.write_body(message.contents, content_type, is_declared=True, charset=charset)
    if message.contents.is_present and content_type.is_binary and not version.typed_interactions:
        contents = encode_base64(message.contents.content)  # in V3 messages also what is text by chance (§1.6)
    return kept if contents is ABSENT else kept | {"contents": contents}


def _renamed(categories: Mapping[str, Json], contents: str) -> dict[str, Json]:
    """Put what is about the contents of a message under the name that its file has for them."""
    return {contents if name == "body" else name: item for name, item in categories.items()}
