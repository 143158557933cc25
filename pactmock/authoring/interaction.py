"""One interaction of a contract: its type, what all types have, and its parts, written nested or flattened.

Flattened parts stand under `with`, as in the guide for plugins. Contents whose type is a plugin's are made by it: those
of one part, or those of the whole interaction at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from pactmock.authoring import parts
from pactmock.authoring.members import Member, Members
from pactmock.authoring.plugin_contents import ContentsPlugins, MadeParts
from pactmock.errors import below
from pactmock.pact.model import (
    AsynchronousMessage,
    HttpInteraction,
    Interaction,
    MessageContents,
    ProviderState,
    SynchronousMessages,
)
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.value import value


@value
class _Kind:
    """A type of interactions: the parts it has, and what is made of them."""

    parts: tuple[str, ...]
    make: Callable[[dict[str, Any], _Parts, MadeParts], Interaction]
    repeated: str | None = None
    """The part that can be a list."""
    is_http: bool = False


_Parts: TypeAlias = Mapping[str, tuple[Members, ...]]
_SHARED = (
    "type", "description", "providerStates", "key", "pending", "comments", "transport", "with", "contents",
)  # fmt: skip


def read_interaction(member: Member, plugins: ContentsPlugins) -> Interaction:
    """Read an interaction; plugins make the contents of their types.

    Raises:
        InvalidPact: with the place of what cannot be read; InvalidRule where it is a matcher.
        PluginError: when a plugin cannot make the contents.
    """
    members = Members.of("An interaction", member)
    kind = _kind(members.get("type"))
    members.allow(*_SHARED, *kind.parts)
    whole = _contents_of_all(members)
    found = _parts(members, kind, without_flattened=whole is not None and whole == members.get("with"))
    made = _made_by_plugins(kind, whole, found, plugins)
    shared = {**_shared(members), "plugin_configuration": made.configuration, "markup": made.markup}
    return kind.make(shared, found, made)


def _contents_of_all(members: Members) -> Member | None:
    """Return contents for all parts at once: `contents` of the interaction, or `with` that names their type itself."""
    whole, flattened = members.get("contents"), members.get("with")
    if whole is None and flattened is not None and isinstance(flattened.value, dict):
        return flattened if any(name in flattened.value for name in parts.TYPE_NAMES) else None
    return whole


def _made_by_plugins(kind: _Kind, whole: Member | None, found: _Parts, plugins: ContentsPlugins) -> MadeParts:
    """Have plugins make the contents whose types are theirs."""
    made = MadeParts(by_part=kind.is_http, repeated=kind.repeated)
    if whole is not None:
        content_type = parts.type_of_contents(Members("The interaction", whole.place, {"contents": whole}))
        if content_type is None or not plugins.own(content_type):
            raise whole.wrong(
                "Contents of a whole interaction are for a plugin: name their 'content-type', and the plugin that has"
                " it under 'plugins' of the contract"
            )
        only = kind.parts[0] if len(kind.parts) == 1 else None
        _configure(whole, content_type, only, made, plugins)
    for name, items in found.items():
        for item in items:
            content_type, member = parts.type_of_contents(item), item.get("contents")
            if member is not None and content_type is not None and plugins.own(content_type):
                _configure(member, content_type, name, made, plugins)
    return made


def _configure(
    member: Member, content_type: ContentType, name: str | None, made: MadeParts, plugins: ContentsPlugins
) -> None:
    config = member.mapping()
    with below(*member.place):
        made.add(plugins.configure(content_type, config), name, member.place)


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
    transport = members.get("transport")
    return {
        "description": members.need("description").any_text(),  # pact files have empty ones too
        "provider_states": tuple(map(_provider_state, states.items())) if states else (),
        "key": key.text() if key else None,
        "pending": pending.flag() if pending else False,
        "comments": comments.mapping() if comments else {},
        "transport": transport.text() if transport else None,
    }


def _provider_state(member: Member) -> ProviderState:
    members = Members.named("A provider state", member, "params")
    params = members.get("params")
    return ProviderState(members.need("name").text(), params.mapping() if params else {})


def _parts(members: Members, kind: _Kind, *, without_flattened: bool) -> _Parts:
    """Return the members of each part, from the nested form or from the flattened one."""
    flattened = None if without_flattened else members.get("with")
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


def _http(shared: dict[str, Any], found: _Parts, made: MadeParts) -> HttpInteraction:
    (request,), (response,) = found.get("request", _NOTHING), found.get("response", _NOTHING)
    return HttpInteraction(
        **shared,
        request=parts.read_request(request, made.part("request")),
        response=parts.read_response(response, made.part("response")),
    )


def _message(shared: dict[str, Any], found: _Parts, made: MadeParts) -> AsynchronousMessage:
    (message,) = found.get("message", _NOTHING)
    return AsynchronousMessage(**shared, message=parts.read_message(message, made.part("message")))


def _messages(shared: dict[str, Any], found: _Parts, made: MadeParts) -> SynchronousMessages:
    (request,), responses = found.get("request", _NOTHING), found.get("response", ())
    own = (answer for item in responses for answer in _answers(item, made))
    others = (parts.read_message(_NOTHING[0], part) for part in made.parts_of("response", None))
    return SynchronousMessages(
        **shared, request=parts.read_message(request, made.part("request")), responses=(*own, *others)
    )


def _answers(response: Members, made: MadeParts) -> Sequence[MessageContents]:
    """Read a message that answers; a plugin may have made several of its contents."""
    contents = response.get("contents")
    of_plugin = made.parts_of("response", contents.place) if contents is not None else ()
    return [parts.read_message(response, part) for part in of_plugin] or [parts.read_message(response)]


_NOTHING = (Members("Nothing", (), {}),)
_DEFAULT_KIND = "core/interaction/http"
_HTTP = _Kind(("request", "response"), _http, is_http=True)
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
