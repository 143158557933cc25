"""What a plugin can ask of its host, over a real channel as a plugin of any language opens it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.wrappers_pb2 import BytesValue

from pactmock.errors import PluginError
from pactmock.pact import matching_rules as rules
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import MatchingRule
from pactmock.plugins import (
    CatalogueEntry,
    CompareRequest,
    Comparison,
    ContentMismatch,
    EntryKind,
    FieldValue,
    GenerateFieldRequest,
    MatchFieldRequest,
    Plugin,
    content_entries,
)
from pactmock.plugins.installed.callbacks import CallbackServer
from pactmock.plugins.installed.catalogue import Catalogue
from pactmock.plugins.installed.core import Core
from pactmock.plugins.process import chain
from pactmock.plugins.proto import plugin_v2_pb2
from pactmock.plugins.protocol.encoding import rule_message, set_generator
from pactmock.plugins.protocol.single_values import field_message, field_of
from pactmock.plugins.protocol.structs import to_struct
from tests.patience import HANG

V2: Any = plugin_v2_pb2
JSON = "application/json"


class Deep(Plugin):
    """A plugin whose rule, when it is asked, calls back for what a test tells it to."""

    name = "deep"
    version = "1.0.0"

    def __init__(self) -> None:
        self.address = ""
        self.calls_back: tuple[str, Any] | None = None
        self.chains: list[chain.Chain | None] = []

    def catalogue(self) -> Sequence[CatalogueEntry]:
        fields = [CatalogueEntry(kind, "deep") for kind in (EntryKind.MATCHER, EntryKind.GENERATOR)]
        return [*fields, *content_entries("deep", "text/deep")]

    def match_field(self, request: MatchFieldRequest) -> Sequence[ContentMismatch]:
        belongs_to = chain.current.get()
        self.chains.append(belongs_to)
        if self.calls_back is not None and belongs_to is not None:
            name, asked = self.calls_back
            ask(self.address, name, asked, belongs_to.metadata())
        return [] if request.actual == "deep" else [ContentMismatch("it is shallow", request.path)]

    def generate_field(self, request: GenerateFieldRequest) -> FieldValue:
        raise PluginError(f"there is no value at {request.path}")

    def compare_contents(self, request: CompareRequest) -> Comparison:
        raise ZeroDivisionError(request.allow_unexpected_keys)


@contextmanager
def served(*plugins: Plugin) -> Iterator[str]:
    catalogue = Catalogue([Core(), *plugins])
    server = CallbackServer(lambda: catalogue)
    try:
        yield server.address
    finally:
        server.close()


@pytest.fixture
def host() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def deep() -> Iterator[Deep]:
    plugin = Deep()
    with served(plugin) as plugin.address:
        yield plugin


_ANSWERS = {
    "Log": Empty,
    "CompareContents": V2.CompareContentsResponse,
    "GenerateContent": V2.GenerateContentResponse,
    "MatchField": V2.MatchFieldResponse,
    "GenerateField": V2.GenerateFieldResponse,
}


def ask(address: str, name: str, asked: Any, metadata: Sequence[tuple[str, str]] = ()) -> Any:
    """Call a method of the service PluginHost."""
    with grpc.insecure_channel(address) as channel:
        method = channel.unary_unary(
            f"/io.pact.plugin.v2.PluginHost/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=_ANSWERS[name].FromString,
        )
        return method(asked, timeout=HANG, metadata=metadata)


def refused(address: str, name: str, asked: Any, metadata: Sequence[tuple[str, str]] = ()) -> tuple[str, str]:
    """Return the status and the words with which a call fails."""
    with pytest.raises(grpc.RpcError) as failed:
        ask(address, name, asked, metadata)
    error: Any = failed.value
    return error.code().name, error.details()


def body(content: bytes, content_type: str = JSON) -> Any:
    return V2.Body(contentType=content_type, content=BytesValue(value=content))


def compare(address: str, expected: Any, actual: Any, *, key: str = "json", **fields: Any) -> list[tuple[str, str]]:
    request = V2.CompareContentsRequest(expected=expected, actual=actual, **fields)
    answer = ask(address, "CompareContents", V2.HostCompareContentsRequest(entryKey=key, request=request))
    assert not answer.error
    return [(item.path, item.mismatch) for path in sorted(answer.results) for item in answer.results[path].mismatches]


def matching(rule: MatchingRule, expected: FieldValue, actual: FieldValue, key: str = "") -> Any:
    request = V2.MatchFieldRequest(
        rule=rule_message(V2, rule), path="$.a", expected=field_message(V2, expected), actual=field_message(V2, actual)
    )
    return V2.HostMatchFieldRequest(entryKey=key or f"core/matcher/{request.rule.type}", request=request)


def generating(kind: str, attributes: dict[str, Json], mode: str = "Unknown", **context: Json) -> Any:
    request = V2.GenerateFieldRequest(
        path="$.a", exampleValue=field_message(V2, "the example"), testMode=mode, testContext=to_struct(context)
    )
    set_generator(request.generator, Generator(kind, attributes))
    return V2.HostGenerateFieldRequest(entryKey=f"core/generator/{kind}", request=request)


# Contents


def test_json_is_compared_as_a_mock_server_compares_it(host: str) -> None:
    by_type = {"$.a": V2.MatchingRules(rule=[rule_message(V2, rules.Type())])}
    assert compare(host, body(b'{"a":1}'), body(b'{ "a" : 1 }')) == []
    assert compare(host, body(b'{"a":1}'), body(b'{"a":2}'), rules=by_type) == []
    assert compare(host, body(b'{"a":1}'), body(b'{"a":2}')) == [
        ("$.a", "Expected 2 (Integer) to be equal to 1 (Integer)")
    ]
    ((path, _),) = compare(host, body(b'{"a":1}'), body(b'{"a":"x"}'), rules=by_type)
    assert path == "$.a"


@pytest.mark.parametrize("allowed", [False, True])
def test_members_that_are_not_expected_are_told_unless_they_are_allowed(host: str, allowed: bool) -> None:
    found = compare(host, body(b"{}"), body(b'{"b":1}'), allow_unexpected_keys=allowed)
    assert (found == []) is allowed


def test_whoever_is_asked_by_its_full_key_is_asked(host: str) -> None:
    xml = "application/xml"
    key = "core/content-matcher/xml"
    assert compare(host, body(b"<a/>", xml), body(b"<a></a>", xml), key=key) == []
    assert len(compare(host, body(b"<a/>", xml), body(b"<b/>", xml), key=key)) == 1


@pytest.mark.parametrize("missing", [None, V2.Body(contentType=JSON), body(b"")])
def test_a_body_that_is_missing_is_no_match_unless_none_is_expected(host: str, missing: Any) -> None:
    assert len(compare(host, body(b'{"a":1}'), missing)) == 1
    assert compare(host, missing, missing) == []
    assert compare(host, None, body(b'{"a":1}')) == [], "whatever comes is fine where the pact mentions no body"


def test_an_empty_body_is_expected_to_be_empty(host: str) -> None:
    assert len(compare(host, body(b""), body(b'{"a":1}'))) == 1


def test_values_are_generated_in_a_document_for_the_side_that_is_asked_for(host: str) -> None:
    def generated(mode: str) -> bytes:
        request = V2.GenerateContentRequest(
            contents=body(b'{"a":1,"b":2}'), testMode=mode, testContext=to_struct({"user": "u7"})
        )
        set_generator(request.generators["$.a"], Generator("ProviderState", {"expression": "user"}))
        set_generator(request.generators["$.b"], Generator("RandomInt", {"min": 5, "max": 5}))
        asked = V2.HostGenerateContentRequest(entryKey="content-generator/json", request=request)
        content: bytes = ask(host, "GenerateContent", asked).contents.content.value
        return content

    assert generated("Provider") == b'{"a":"u7","b":5}'
    assert generated("Consumer") == generated("Unknown") == b'{"a":1,"b":5}'


# Single values

_PASSING: list[tuple[MatchingRule, FieldValue, FieldValue, FieldValue]] = [
    (rules.Equality(), 1, 1, 2),
    (rules.Equality(), 1, 1, 1.0),
    (rules.Regex(r"\d+"), "1", "22", "x"),
    (rules.Type(), 1, 2, "2"),
    (rules.Integer(), 1, 2, 2.5),
    (rules.Decimal(), 1.5, 2.5, 2),
    (rules.Number(), 1, 2.5, "2"),
    (rules.Boolean(), True, False, 1),
    (rules.Null(), None, None, 1),
    (rules.Include("b"), "abc", "b", "a"),
    (rules.Date("yyyy-MM-dd"), "2000-01-01", "2024-02-29", "2023-02-29"),
    (rules.Time("HH:mm"), "10:00", "23:59", "24:61"),
    (rules.Timestamp("yyyy-MM-dd HH:mm"), "2000-01-01 00:00", "2000-01-01 12:00", "x"),
    (rules.Semver(), "1.0.0", "2.1.0-rc.1", "2.1"),
    (rules.NotEmpty(), "a", "b", ""),
    (rules.Regex("a+"), b"a", b"aa", b"b"),
]


@pytest.mark.parametrize(("rule", "expected", "good", "bad"), _PASSING)
def test_a_single_value_is_held_against_a_rule_of_the_core(
    host: str, rule: MatchingRule, expected: FieldValue, good: FieldValue, bad: FieldValue
) -> None:
    passed = ask(host, "MatchField", matching(rule, expected, good))
    assert (passed.error, [*passed.mismatches]) == ("", [])
    failed = ask(host, "MatchField", matching(rule, expected, bad))
    assert failed.error == ""
    assert [item.path for item in failed.mismatches] == ["$.a"]
    assert failed.mismatches[0].mismatch


_OF_COLLECTIONS: list[tuple[MatchingRule, str]] = [
    (rules.MinType(1), "min-type"),
    (rules.MaxType(1), "max-type"),
    (rules.MinMaxType(1, 2), "min-max-type"),
    (rules.Values(), "values"),
    (rules.ArrayContains(()), "array-contains"),
    (rules.EachKey(()), "each-key"),
    (rules.EachValue(()), "each-value"),
]


@pytest.mark.parametrize(("rule", "key"), _OF_COLLECTIONS)
def test_a_rule_for_a_whole_collection_answers_with_an_error(host: str, rule: MatchingRule, key: str) -> None:
    answer = ask(host, "MatchField", matching(rule, [1], [1], f"core/matcher/{key}"))
    assert "applies to a collection as a whole, not to a single value" in answer.error


def test_a_rule_that_cannot_be_used_answers_with_an_error(host: str) -> None:
    assert (
        "'(' is not a valid regular expression" in ask(host, "MatchField", matching(rules.Regex("("), "a", "a")).error
    )


@pytest.mark.parametrize(
    ("kind", "attributes", "mode", "made"),
    [
        ("RandomInt", {"min": 5, "max": 5}, "Unknown", "5"),
        ("Regex", {"regex": "abc"}, "Consumer", "abc"),
        ("ProviderState", {"expression": "user"}, "Provider", "u7"),
        ("ProviderState", {"expression": "user"}, "Consumer", "the example"),
        ("MockServerURL", {"example": "http://x/a", "regex": ".*(/a)"}, "Consumer", "http://127.0.0.1:7/a"),
        ("MockServerURL", {"example": "http://x/a", "regex": ".*(/a)"}, "Provider", "the example"),
    ],
)
def test_a_single_value_is_generated_for_the_side_that_is_asked_for(
    host: str, kind: str, attributes: dict[str, Json], mode: str, made: FieldValue
) -> None:
    """For the other side the example comes back."""
    server: Json = {"url": "http://127.0.0.1:7", "port": 7}
    answer = ask(host, "GenerateField", generating(kind, attributes, mode, user="u7", mockServer=server))
    assert (answer.error, field_of(answer.value)) == ("", made)


def test_a_number_is_generated_where_the_example_is_a_number(host: str) -> None:
    asked = generating("RandomInt", {"min": 5, "max": 5})
    asked.request.exampleValue.CopyFrom(field_message(V2, 1))
    assert field_of(ask(host, "GenerateField", asked).value) == 5


def test_a_value_that_cannot_be_generated_answers_with_an_error(host: str) -> None:
    missing = ask(host, "GenerateField", generating("ProviderState", {"expression": "nobody"}, "Provider"))
    assert "ProviderState" in missing.error
    assert "nobody" in missing.error
    assert "whole collections" in ask(host, "GenerateField", generating("ArrayContains", {"variants": []})).error


# Other plugins, and chains of calls


def test_another_plugin_is_asked_by_its_key(deep: Deep) -> None:
    rule = rules.Plugin("deep", {})
    assert not ask(deep.address, "MatchField", matching(rule, "a", "deep", "deep")).mismatches
    (found,) = ask(deep.address, "MatchField", matching(rule, "a", "b", "plugin/deep/matcher/deep")).mismatches
    assert (found.mismatch, found.path) == ("it is shallow", "$.a")


def test_a_chain_goes_on_with_its_id_and_its_deadline(deep: Deep) -> None:
    began = time.time()
    until = int(began * 1000) + 60_000
    metadata = [("pact-call-chain-id", "the chain"), ("pact-deadline-ms", str(until))]
    ask(deep.address, "MatchField", matching(rules.Type(), "a", "deep", "deep"), metadata)
    ask(deep.address, "MatchField", matching(rules.Type(), "a", "deep", "deep"))
    told, fresh = deep.chains
    assert told is not None
    assert (told.id, told.deadline) == ("the chain", until / 1000)
    assert fresh is not None
    assert fresh.id not in {"", "the chain"}
    assert began + 30 <= fresh.deadline <= time.time() + 30, "a chain that nobody began has 30 seconds"


def test_an_entry_cannot_stand_in_a_chain_twice(deep: Deep) -> None:
    asked = matching(rules.Type(), "a", "deep", "deep")
    deep.calls_back = ("MatchField", asked)
    status, words = refused(deep.address, "MatchField", asked)
    assert status == "INTERNAL"
    assert "ALREADY_EXISTS" in words
    assert "Cycle detected calling plugin/deep/matcher/deep" in words
    deep.calls_back = None
    assert not ask(deep.address, "MatchField", asked).mismatches, "afterwards it can be asked again"


def test_two_chains_may_use_one_entry_at_once_and_a_chain_may_use_it_again(deep: Deep) -> None:
    asked = matching(rules.Type(), "a", "deep", "deep")
    for _ in range(2):
        ask(deep.address, "MatchField", asked, [("pact-call-chain-id", "the chain")])
    failed: list[str] = []

    def run() -> None:
        if ask(deep.address, "MatchField", asked).mismatches:
            failed.append("mismatch")

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_plugin_may_have_another_entry_at_work_in_its_chain(deep: Deep) -> None:
    deep.calls_back = ("MatchField", matching(rules.Type(), 1, 2))
    assert not ask(deep.address, "MatchField", matching(rules.Type(), "a", "deep", "deep")).mismatches


# What cannot be answered


@pytest.mark.parametrize("name", ["CompareContents", "GenerateContent", "MatchField", "GenerateField"])
def test_a_call_without_a_request_is_an_invalid_argument(host: str, name: str) -> None:
    asked = getattr(V2, f"Host{name}Request")(entryKey="json")
    assert refused(host, name, asked) == ("INVALID_ARGUMENT", f"{name} has no request")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("nobody", "No catalogue entry found for key 'nobody'"),
        ("core/generator/Uuid", "Catalogue entry 'core/generator/Uuid' is a generator, not a matcher"),
    ],
)
def test_an_entry_that_cannot_be_found_is_not_found(host: str, key: str, words: str) -> None:
    assert refused(host, "MatchField", matching(rules.Type(), 1, 2, key)) == ("NOT_FOUND", words)


def test_an_ambiguous_key_is_not_found(deep: Deep) -> None:
    other = Deep()
    other.name = "other"
    with served(deep, other) as address:
        status, words = refused(address, "MatchField", matching(rules.Type(), 1, 2, "deep"))
    assert status == "NOT_FOUND"
    assert "Ambiguous catalogue entry key 'deep'" in words


def test_a_call_after_the_deadline_of_its_chain_is_too_late(host: str) -> None:
    metadata = [("pact-call-chain-id", "late"), ("pact-deadline-ms", "1000")]
    status, words = refused(host, "MatchField", matching(rules.Type(), 1, 2), metadata)
    assert status == "DEADLINE_EXCEEDED"
    assert "deadline of this chain" in words


def test_an_error_of_the_plugin_asked_is_passed_on_in_words(deep: Deep) -> None:
    request = V2.GenerateFieldRequest(path="$.a", generator=V2.Generator(type="deep", values=to_struct({})))
    asked = V2.HostGenerateFieldRequest(entryKey="deep", request=request)
    assert ask(deep.address, "GenerateField", asked).error == "there is no value at $.a"


def test_a_plugin_that_breaks_is_an_internal_error(deep: Deep) -> None:
    asked = V2.HostCompareContentsRequest(entryKey="deep", request=V2.CompareContentsRequest())
    status, words = refused(deep.address, "CompareContents", asked)
    assert status == "INTERNAL"
    assert "ZeroDivisionError" in words


# Logs


@pytest.mark.parametrize(
    ("said", "level"),
    [("ERROR", logging.ERROR), ("WARN", logging.WARNING), ("INFO", logging.INFO), ("debug", logging.DEBUG),
     ("TRACE", 5), ("whatever", logging.ERROR)],
)  # fmt: skip
def test_a_log_line_of_a_plugin_comes_into_our_log_at_its_level(
    host: str, said: str, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    line = V2.LogMessage(pluginInstanceId="id-1", level=said, message="100 % done", target="columns")
    with caplog.at_level(1, "pactmock.plugins"):
        ask(host, "Log", line)
    assert [(record.name, record.levelno, record.getMessage()) for record in caplog.records] == [
        ("pactmock.plugins", level, "id-1 columns: 100 % done")
    ]


def test_the_service_is_on_loopback_only(host: str) -> None:
    assert host.startswith("127.0.0.1:")
