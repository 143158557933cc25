"""Contracts as a test writes them over HTTP, without the native library (docs/control-api.md, the consumer-test form).

Examples and matchers stand together, in integration JSON or as definition strings. The forms are strict: a name that
is not known, or a value of the wrong kind, is refused with its place, as a person wrote it a moment ago and can mend
it. Here is the contract; `interaction` reads what it lists.
"""

from __future__ import annotations

from pactmock.authoring.interaction import read_interaction
from pactmock.authoring.members import Member, Members
from pactmock.authoring.plugin_contents import ContentsPlugins, LoadPlugins, PluginRequest, no_plugins
from pactmock.errors import InvalidParameter
from pactmock.pact import specification
from pactmock.pact.documents.members import METADATA
from pactmock.pact.json.values import Json, compact
from pactmock.pact.model import Interaction, Pact
from pactmock.pact.specification import V4, Specification
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
    if member is None:
        return ()
    requests = []
    for item in member.items():
        members = Members.named("A plugin", item, "version")
        wanted = members.get("version")
        requests.append(PluginRequest(members.need("name").text(), wanted.text() if wanted else None, item.place))
    if requests and not version.typed_interactions:
        raise member.wrong(f"A pact with plugins can only be written as V4: this contract is to be {version.name}")
    return tuple(requests)


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
    return tuple(read_interaction(item, plugins) for item in member.items())
