"""Who is asked about a content type or a key does not depend on chance, nor on the order of loading."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest

from pactmock.errors import PluginError
from pactmock.pact.parts import content_type as types
from pactmock.pact.parts.content_type import ContentType
from pactmock.plugins import CatalogueEntry, EntryKind, Plugin, content_entries
from pactmock.plugins.installed.catalogue import Catalogue
from pactmock.plugins.installed.core import Core

MATCHER, GENERATOR = EntryKind.CONTENT_MATCHER, EntryKind.CONTENT_GENERATOR


class Offering(Plugin):
    """A plugin that offers what it is told to."""

    def __init__(self, name: str, *entries: CatalogueEntry, version: str = "1.0.0") -> None:
        self.name, self.version, self._entries = name, version, entries

    def catalogue(self) -> Sequence[CatalogueEntry]:
        return self._entries


def content_type(text: str) -> ContentType:
    parsed = types.parse(text)
    assert parsed is not None
    return parsed


def takes(pattern: str, text: str) -> bool:
    plugin = Offering("p", *content_entries("p", pattern))
    return Catalogue([plugin]).owner_of(MATCHER, content_type(text), [plugin]) is plugin


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("text/csv", "text/csv", True),
        ("text/csv", "text/csv-schema", False),
        ("text/csv", "x-text/csv", False),
        ("text/csv", "text/csv;charset=utf-8", True),
        ("text/csv", "TEXT/CSV", True),
        ("text/csv;application/csv", "application/csv", True),
        (" text/csv ; application/csv ", "text/csv", True),
        ("application/.*json", "application/hal+json", True),
        (r"application/hal\+json", "application/hal+json", True),
        ("application/hal+json", "application/hal+json", False),
        ("application/hal", "application/hal+json", False),
        ("application/json", "application/hal+json", False),
        ("text/a|b", "text/a", True),
        ("text/a|b", "b/text", False),
        ("", "text/csv", False),
    ],
)
def test_a_pattern_fits_the_whole_type_without_its_parameters(pattern: str, text: str, fits: bool) -> None:
    assert takes(pattern, text) is fits


def test_a_pattern_that_is_none_fits_nothing_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert not takes("text/(", "text/csv")
    assert "plugin/p/content-matcher/p has a content type that is no pattern: 'text/('" in caplog.text
    assert takes("text/(;text/csv", "text/csv")


def test_where_several_fit_the_answer_does_not_depend_on_the_order_of_loading() -> None:
    plugins = [
        Core(),
        Offering("zebra", *content_entries("a", "application/json")),
        Offering("ant", *content_entries("z", "application/.*")),
        Offering("bee", *content_entries("b", "application/.*json")),
        Offering("bee", *content_entries("b", "application/.*json"), version="0.9.0"),
    ]
    for order in permutations(plugins):
        catalogue = Catalogue(order)
        asked = content_type("application/json")
        assert catalogue.owner_of(MATCHER, asked, plugins) is plugins[2]
        assert catalogue.owner_of(MATCHER, asked, [plugins[0], plugins[1]]) is plugins[1], "before the core"
        assert catalogue.owner_of(MATCHER, asked, plugins[3:]) is plugins[3], "the newer one"
        assert [item.full_key for item in catalogue] == [item.full_key for item in Catalogue(plugins)]


def test_only_the_plugins_that_a_pact_names_are_asked() -> None:
    csv, other = (Offering(name, *content_entries(name, "text/csv")) for name in ("csv", "other"))
    catalogue = Catalogue([csv, other])
    assert catalogue.owner_of(MATCHER, content_type("text/csv"), [other]) is other
    assert catalogue.owner_of(MATCHER, content_type("text/csv"), []) is None


def test_what_matches_a_type_need_not_generate_it() -> None:
    plugin = Offering("p", content_entries("p", "text/csv")[0])
    assert Catalogue([plugin]).owner_of(GENERATOR, content_type("text/csv"), [plugin]) is None


# Keys

GRPC = CatalogueEntry(EntryKind.TRANSPORT, "grpc")


@pytest.mark.parametrize("key", ["grpc", "transport/grpc", "protobuf/transport/grpc", "plugin/protobuf/transport/grpc"])
def test_an_entry_answers_to_its_full_key_and_to_the_last_of_its_steps(key: str) -> None:
    plugin = Offering("protobuf", GRPC)
    found = Catalogue([Core(), plugin]).resolve(key, EntryKind.TRANSPORT)
    assert (found.owner, found.full_key) == (plugin, "plugin/protobuf/transport/grpc")


@pytest.mark.parametrize("key", ["", "rpc", "/grpc", "plugin/protobuf", "core/transport/grpc"])
def test_a_key_that_is_not_whole_steps_finds_nothing(key: str) -> None:
    with pytest.raises(PluginError, match=f"^No catalogue entry found for key '{key}'$"):
        Catalogue([Core(), Offering("protobuf", GRPC)]).resolve(key, EntryKind.TRANSPORT)


def test_an_entry_of_another_kind_is_told_from_one_that_is_not_there() -> None:
    with pytest.raises(PluginError, match=r"^Catalogue entry 'regex' is a matcher, not a generator$"):
        Catalogue([Core()]).resolve("regex", EntryKind.GENERATOR)


def test_the_kind_decides_between_entries_of_one_key() -> None:
    catalogue = Catalogue([Core()])
    assert catalogue.resolve("json", MATCHER).full_key == "core/content-matcher/json"
    assert catalogue.resolve("json", GENERATOR).full_key == "core/content-generator/json"


def test_a_key_that_several_answer_to_is_refused_with_their_full_keys() -> None:
    ours = CatalogueEntry(EntryKind.MATCHER, "regex")
    catalogue = Catalogue([Core(), Offering("mine", ours)])
    with pytest.raises(PluginError) as refused:
        catalogue.resolve("regex", EntryKind.MATCHER)
    assert refused.value.message == (
        "Ambiguous catalogue entry key 'regex': matches multiple entries"
        " (plugin/mine/matcher/regex, core/matcher/regex); use one of them"
    )
    for full_key in ("core/matcher/regex", "plugin/mine/matcher/regex"):
        assert catalogue.resolve(full_key, EntryKind.MATCHER).full_key == full_key


@pytest.mark.parametrize("in_order", [(0, 1), (1, 0)])
def test_of_two_versions_of_a_plugin_the_newer_answers_to_a_key(in_order: tuple[int, int]) -> None:
    """Their full keys are the same, so nobody could say which is meant."""
    plugins = [Offering("protobuf", GRPC, version=version) for version in ("0.9.0", "0.10.0")]
    catalogue = Catalogue([plugins[index] for index in in_order])
    assert catalogue.resolve("plugin/protobuf/transport/grpc", EntryKind.TRANSPORT).owner is plugins[1]
    assert catalogue.resolve("grpc", EntryKind.TRANSPORT).owner is plugins[1]


def test_the_bare_key_finds_an_entry_among_the_plugins_of_a_pact() -> None:
    plugin = Offering("protobuf", GRPC)
    catalogue = Catalogue([Core(), plugin])
    found = catalogue.find(EntryKind.TRANSPORT, "grpc", [plugin])
    assert found is not None
    assert found.entry is GRPC
    assert catalogue.find(EntryKind.TRANSPORT, "grpc", []) is None
    assert catalogue.find(EntryKind.TRANSPORT, "transport/grpc", [plugin]) is None


# What plugins are told


def test_plugins_are_told_of_all_entries_and_of_what_the_core_can_do() -> None:
    catalogue = Catalogue([Core(), Offering("protobuf", GRPC)])
    assert GRPC in catalogue.entries
    assert len(catalogue.entries) == len([*catalogue]) == len(Core().catalogue()) + 1
    assert {
        "content-matcher/json",
        "transport/http",
        "interaction/message",
        "matcher/regex",
        "matcher/min-max-type",
        "generator/Uuid",
    } <= {*catalogue.core_capabilities}
    assert "transport/grpc" not in catalogue.core_capabilities


def test_every_content_type_of_the_core_is_found_by_its_own_pattern() -> None:
    """The reference separates them with commas and finds only the last (reference/plugins.md §4.5)."""
    core = Core()
    catalogue = Catalogue([core])
    for text in ("application/json", "application/hal+json", "text/xml", "text/plain", "multipart/mixed"):
        assert catalogue.owner_of(MATCHER, content_type(text), [core]) is core
