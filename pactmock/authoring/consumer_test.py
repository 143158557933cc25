"""Contracts as a test writes them over HTTP, without the native library (docs/control-api.md, the consumer-test form).

Examples and matchers stand together, in integration JSON or as definition strings. Interactions are written nested,
or flattened as in the guide for plugins. The forms are strict: a name that is not known, or a value of the wrong kind,
is refused with its place, as a person wrote it a moment ago and can mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from pactmock.authoring import parts
from pactmock.authoring.members import Member, Members
from pactmock.authoring.plugin_contents import (
    ContentsPlugins,
    LoadPlugins,
    MadeParts,
    PluginRequest,
    no_plugins,
)
from pactmock.errors import InvalidParameter, below
from pactmock.pact import specification
from pactmock.pact.content_type import ContentType
from pactmock.pact.json_value import Json, compact
from pactmock.pact.members import METADATA
from pactmock.pact.model import (
    AsynchronousMessage,
    HttpInteraction,
    Interaction,
    MessageContents,
    Pact,
    ProviderState,
    SynchronousMessages,
)
from pactmock.pact.specification import V4, Specification
from pactmock.pact.value import value
from pactmock.pact.warnings import collected

_CONTRACT = ("consumer", "provider", "specification", "metadata", "plugins", "interactions")


def read_consumer_test(document: Json, load: LoadPlugins = no_plugins) -> Pact:
    """Read a contract; `load` gets hold of the plugins that it lists. Without `specification` it is V4.

    Raises:
        InvalidPact: with the JSON pointer of what cannot be read; InvalidRule where it is a matcher.
        TooLarge: when the document is nested deeper than JSON can be written.
        NoSuchPlugin, PluginError: when a plugin is not there, or cannot do what it is asked.
    """
    members = _contract(document)
    version = _specification(members.get("specification"))
    requests = _plugins(members.get("plugins"), version)
    plugins = load(requests)
    with collected() as found:
        interactions = _interactions(members.need("interactions"), plugins)
    return Pact(
        consumer=_participant(members, "consumer"),
        provider=_participant(members, "provider"),
        interactions=interactions,
        metadata={**_own_metadata(members.get("metadata")), **_metadata(plugins)},
        specification=version.name,
        warnings=tuple(found),
    )


def read_interactions(document: Json, load: LoadPlugins = no_plugins) -> Pact:
    """Read interactions for a contract that is there already: the list of them, or a whole contract that has it.

    Of the answer, only the interactions and the plugins say anything.

    Raises:
        InvalidPact, TooLarge, NoSuchPlugin, PluginError: as `read_consumer_test` does.
    """
    if isinstance(document, list):
        compact(document)
        plugins, listed = load(()), Member(document, ())
    else:
        members = _contract(document)
        plugins, listed = load(_plugins(members.get("plugins"), V4)), members.need("interactions")
    with collected() as found:
        interactions = _interactions(listed, plugins)
    return Pact("", "", interactions, _metadata(plugins), warnings=tuple(found))


def _metadata(plugins: ContentsPlugins) -> dict[str, Json]:
    kept = plugins.kept()
    return {"plugins": kept} if kept else {}


def _own_metadata(member: Member | None) -> dict[str, Json]:
    """Read what a test wants in the metadata of the file: objects, by the names that they have there."""
    given = Members.of("'metadata'", member) if member is not None else None
    if given is None or member is None:
        return {}
    for name in member.mapping():
        if name in METADATA:  # what pact files say there of the pact itself, a contract says elsewhere
            raise member.wrong(
                f"The metadata '{name}' is not for a test to write: it is what 'specification' and 'plugins' say"
            )
        given.need(name).mapping()
    return member.mapping()


def _contract(document: Json) -> Members:
    compact(document)  # refuses what is nested too deep to be walked
    members = Members.of("A contract", Member(document, ()))
    members.allow(*_CONTRACT)
    return members


def _plugins(member: Member | None, version: Specification) -> tuple[PluginRequest, ...]:
    requests = tuple(map(_plugin, member.items())) if member is not None else ()
    if member is not None and requests and not version.typed_interactions:
        raise member.wrong(f"A pact with plugins can only be written as V4: this contract is to be {version.name}")
    return requests


def _plugin(member: Member) -> PluginRequest:
    """Read a plugin: its name, or an object with name and version."""
    if isinstance(member.value, str):
        return PluginRequest(member.text(), None, member.place)
    members = Members.of("A plugin", member)
    members.allow("name", "version")
    version = members.get("version")
    return PluginRequest(members.need("name").text(), version.text() if version else None, member.place)


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


def _interactions(member: Member, plugins: ContentsPlugins) -> tuple[Interaction, ...]:
    return tuple(_interaction(item, plugins) for item in member.items())


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


def _interaction(member: Member, plugins: ContentsPlugins) -> Interaction:
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
    if isinstance(member.value, str):
        return ProviderState(member.text())
    members = Members.of("A provider state", member)
    members.allow("name", "params")
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
