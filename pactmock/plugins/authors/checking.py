"""A plugin put to the test: every call of the protocol is made once, and what it did wrong is told.

What a plugin needs in its contents is not known here, so configuring is tried with what the caller gives, or with
nothing; an error in words is then a right answer. What is wrong is what no host can work with: silence, a crash, an
answer that cannot be read, a body that does not match itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial

from pactmock.errors import PactmockError
from pactmock.generators.context import Mode
from pactmock.pact import specification
from pactmock.pact.documents import writing
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json, compact
from pactmock.pact.matching_rules import Plugin as PluginRule
from pactmock.pact.model import Pact
from pactmock.pact.value import value
from pactmock.plugins.process.channel import CallFailed
from pactmock.plugins.protocol.plugin import Plugin
from pactmock.plugins.protocol.values import (
    CatalogueEntry,
    CompareRequest,
    ConfiguredPart,
    ConfigureRequest,
    Contents,
    EntryKind,
    GenerateFieldRequest,
    GenerateRequest,
    MatchFieldRequest,
    PluginData,
    StartMockServerRequest,
)


class Mark(Enum):
    """What came of one check."""

    GOOD = "ok"
    NOTE = "note"
    WRONG = "WRONG"


@value
class Finding:
    """One check: the call that was made, what came of it, and a sentence."""

    call: str
    mark: Mark
    text: str


def check_plugin(plugin: Plugin, contents: Mapping[str, Json] | None = None) -> Iterator[Finding]:
    """Make every call that a plugin's catalogue promises; `contents` are for ConfigureInteraction."""
    entries = tuple(plugin.catalogue())
    yield from _check_catalogue(entries)
    yield _tried("UpdateCatalogue", lambda: plugin.update_catalogue(entries), "it takes the catalogue")
    for entry in entries:
        check = _CHECKS.get(entry.kind)
        if check is not None:
            yield from check(plugin, entry, contents or {})


def _check_catalogue(entries: Sequence[CatalogueEntry]) -> Iterator[Finding]:
    if not entries:
        yield Finding("InitPlugin", Mark.WRONG, "it offers nothing: no host will ever ask it")
    for entry in entries:
        named = f"it offers the {entry.kind.value} '{entry.key}'"
        types = entry.values.get("content-types", "")
        if not entry.key:
            yield Finding("InitPlugin", Mark.WRONG, f"a {entry.kind.value} entry has no key")
        elif entry.kind in _OF_CONTENTS and not types.strip():
            yield Finding("InitPlugin", Mark.WRONG, f"{named} without 'content-types': nothing will find it")
        else:
            yield Finding("InitPlugin", Mark.GOOD, named + (f" for {types}" if types else ""))


_OF_CONTENTS = (EntryKind.CONTENT_MATCHER, EntryKind.CONTENT_GENERATOR)


def _tried(call: str, ask: Callable[[], object], good: str) -> Finding:
    """Make a call for which every answer in words is right."""
    try:
        ask()
    except CallFailed as error:
        return Finding(call, Mark.NOTE if error.grpc_status in _IN_WORDS else Mark.WRONG, error.message)
    except PactmockError as error:
        return Finding(call, Mark.NOTE, f"it says: {error.message}")
    except Exception as error:  # noqa: BLE001  a plugin in Python may raise anything
        return Finding(call, Mark.WRONG, f"it raised {error!r} instead of a PluginError")
    return Finding(call, Mark.GOOD, good)


_IN_WORDS = frozenset({"UNIMPLEMENTED", "ABORTED", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "NOT_FOUND"})
"""The statuses with which a plugin refuses; all others say that something broke."""


def _check_matcher(plugin: Plugin, entry: CatalogueEntry, contents: Mapping[str, Json]) -> Iterator[Finding]:
    content_type = entry.values.get("content-types", "").split(";")[0].strip().replace("\\", "")
    parts: list[ConfiguredPart] = []

    def configure() -> None:
        made = plugin.configure_interaction(ConfigureRequest(content_type, {"content-type": content_type, **contents}))
        parts.extend(replace(part, data=PluginData(part.data.interaction, made.data.pact)) for part in made.parts)

    yield _tried("ConfigureInteraction", configure, f"it makes {content_type} of these contents")
    if not parts:
        example = Contents(b"", content_type)
        request = CompareRequest(example, example, data=PluginData())
        yield _tried("CompareContents", lambda: plugin.compare_contents(request), "it compares empty bodies")
        return
    for part in parts:
        yield from _check_part(plugin, part)


def _check_part(plugin: Plugin, part: ConfiguredPart) -> Iterator[Finding]:
    name = part.part_name or "its one part"
    if part.contents is None or not part.contents.content:
        yield Finding("ConfigureInteraction", Mark.NOTE, f"{name} has no body, so nothing is compared or generated")
        return
    request = CompareRequest(part.contents, part.contents, part.rules, data=part.data)
    found: list[object] = []

    def compare(actual: Contents) -> None:
        answer = plugin.compare_contents(replace(request, actual=actual))
        found.extend(answer if isinstance(answer, Sequence) else (answer,))

    itself = _tried("CompareContents", partial(compare, part.contents), f"it compares the body of {name} with itself")
    # It made this body, so an error is as bad as a mismatch: no test could ever pass.
    yield itself if itself.mark is Mark.GOOD else replace(itself, mark=Mark.WRONG)
    if found:
        yield Finding("CompareContents", Mark.WRONG, f"the body of {name} does not match itself: {found[0]}")
    found.clear()
    yield _tried(
        "CompareContents",
        partial(compare, Contents(b"\xff\x00\xfe", part.contents.content_type)),
        "it survives bytes that are no text",
    )
    yield _tried(
        "GenerateContent",
        lambda: plugin.generate_content(
            GenerateRequest(part.contents or Contents(), part.generators, part.data, mode=Mode.CONSUMER)
        ),
        f"it generates in the body of {name}",
    )


def _check_rule(plugin: Plugin, entry: CatalogueEntry, _contents: Mapping[str, Json]) -> Iterator[Finding]:
    request = MatchFieldRequest(entry.key, PluginRule(entry.key, {}), "a", "a", "$.a")
    yield _tried("MatchField", lambda: plugin.match_field(request), f"it applies the rule '{entry.key}'")


def _check_generator(plugin: Plugin, entry: CatalogueEntry, _contents: Mapping[str, Json]) -> Iterator[Finding]:
    request = GenerateFieldRequest(entry.key, Generator(entry.key, {}), "a", "$.a", mode=Mode.CONSUMER)
    yield _tried("GenerateField", lambda: plugin.generate_field(request), f"it makes values with '{entry.key}'")


_EMPTY_PACT = compact(writing.to_json(Pact("consumer", "provider"), specification.V4))


def _check_transport(plugin: Plugin, entry: CatalogueEntry, _contents: Mapping[str, Json]) -> Iterator[Finding]:
    keys: list[str] = []

    def start() -> None:
        keys.append(plugin.start_mock_server(StartMockServerRequest("127.0.0.1", pact=_EMPTY_PACT)).key)

    yield _tried("StartMockServer", start, f"it starts a mock server for '{entry.key}' and a pact without interactions")
    if keys:
        yield _tried("GetMockServerResults", lambda: plugin.mock_server_results(keys[0]), "it says what it found")
        yield _tried("ShutdownMockServer", lambda: plugin.shut_down_mock_server(keys[0]), "it ends the mock server")
    yield _tried("GetMockServerResults", lambda: plugin.mock_server_results("nobody"), "it survives an unknown key")


_CHECKS: dict[EntryKind, Callable[[Plugin, CatalogueEntry, Mapping[str, Json]], Iterator[Finding]]] = {
    EntryKind.CONTENT_MATCHER: _check_matcher,
    EntryKind.MATCHER: _check_rule,
    EntryKind.GENERATOR: _check_generator,
    EntryKind.TRANSPORT: _check_transport,
}
