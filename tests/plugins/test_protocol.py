"""What is said in the plugin protocol is heard as it was said, in both interface versions."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule, PluginError
from pactmock.pact import matching_rules as kinds
from pactmock.pact.generators import Generator
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules import MatchingRule
from pactmock.plugins import (
    CompareRequest,
    ConfiguredPart,
    Contents,
    ContentTypeMismatch,
    MatchFieldRequest,
    MockServerResults,
    PluginData,
)
from pactmock.plugins.proto import plugin_v1_pb2, plugin_v2_pb2
from pactmock.plugins.protocol.content_calls import COMPARE_CONTENTS, CONFIGURE_INTERACTION, GENERATE_CONTENT
from pactmock.plugins.protocol.encoding import entries_of, generator_of, rule_message, rule_of, set_generator
from pactmock.plugins.protocol.field_calls import GENERATE_FIELD, MATCH_FIELD
from pactmock.plugins.protocol.init_calls import INIT_PLUGIN
from pactmock.plugins.protocol.mock_server_calls import SHUTDOWN_MOCK_SERVER, START_MOCK_SERVER
from pactmock.plugins.protocol.single_values import field_message, field_of
from pactmock.plugins.protocol.structs import from_struct, to_struct
from tests.plugins import protocol_values as values
from tests.plugins.protocol_values import CASES, EXACT, Case

V1: Any = plugin_v1_pb2
V2: Any = plugin_v2_pb2
VERSIONS = {1: V1, 2: V2}
IN_BOTH = pytest.mark.parametrize("messages", VERSIONS.values(), ids=("V1", "V2"))
IN_EACH = [
    pytest.param(case, version, id=f"{case.call.name} V{version}") for case in CASES for version in case.versions
]


def exactly(value: Any) -> Any:
    """Make a value that is equal only to one of the same types: `2`, `2.0` and `True` are three."""
    if isinstance(value, dict):
        return {name: exactly(item) for name, item in value.items()}
    return [*map(exactly, value)] if isinstance(value, list) else (type(value), value)


def as_integers(value: Json) -> Json:
    """Write whole numbers as integers, as far as a double can tell them apart."""
    if isinstance(value, dict):
        return {name: as_integers(item) for name, item in value.items()}
    if isinstance(value, list):
        return [*map(as_integers, value)]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= EXACT else value


@given(values.objects)
def test_json_comes_back_with_whole_numbers_as_integers(document: dict[str, Json]) -> None:
    assert exactly(from_struct(to_struct(document))) == exactly(as_integers(document))


@given(st.floats(min_value=2.0**54))
def test_what_a_double_cannot_tell_apart_stays_a_decimal_and_what_json_cannot_say_is_null(number: float) -> None:
    (back,) = from_struct(to_struct({"n": number})).values()
    assert exactly(back) == exactly(None if number == float("inf") else number)


@given(values.fields)
def test_a_single_value_keeps_its_type(value: Any) -> None:
    """Integers of 64 bits and decimals stay apart, and so do texts and bytes."""
    back = field_of(field_message(V2, value))
    assert exactly(back) == exactly(as_integers(value) if isinstance(value, list | dict) else value)


def test_a_single_value_that_is_not_set_is_null() -> None:
    assert field_of(V2.FieldValue()) is None


@pytest.mark.parametrize(("case", "version"), IN_EACH)
@given(drawn=st.data())
def test_a_question_comes_as_it_was_asked(case: Case, version: int, drawn: st.DataObject) -> None:
    """As far as the version has a place for it, through the bytes that are sent."""
    messages, asked = VERSIONS[version], drawn.draw(case.questions)
    sent = case.call.encode_request(messages, asked).SerializeToString()
    heard = case.call.decode_request(getattr(messages, case.call.request).FromString(sent))
    assert heard == (case.in_v1 if version == 1 else case.in_v2)(asked)


@pytest.mark.parametrize(("case", "version"), IN_EACH)
@given(drawn=st.data())
def test_an_answer_comes_as_it_was_given(case: Case, version: int, drawn: st.DataObject) -> None:
    messages, answer = VERSIONS[version], drawn.draw(case.answers)
    sent = case.call.encode_answer(messages, answer).SerializeToString()
    heard = case.call.decode_answer(case.call.response_type(messages).FromString(sent))
    assert heard == case.comes_as(case.answer_in_v1(answer) if version == 1 else answer)


@pytest.mark.parametrize(
    ("case", "version"), [param for param in IN_EACH if isinstance(param.values[0], Case) and param.values[0].can_fail]
)
def test_an_error_in_an_answer_is_raised_with_its_words(case: Case, version: int) -> None:
    with pytest.raises(PluginError, match=r"no such column$"):
        case.call.decode_answer(case.call.encode_error(VERSIONS[version], "no such column"))


# Bodies


@IN_BOTH
def test_a_body_that_is_not_there_is_another_than_an_empty_one(messages: Any) -> None:
    def heard(contents: Contents | None) -> Contents | None:
        asked = COMPARE_CONTENTS.encode_request(messages, CompareRequest(contents, contents))
        return COMPARE_CONTENTS.decode_request(asked).expected

    def generated(contents: Contents | None) -> Contents | None:
        return GENERATE_CONTENT.decode_answer(GENERATE_CONTENT.encode_answer(messages, contents))

    for travel in (heard, generated):
        assert travel(None) is None
        assert travel(Contents(b"", "text/csv")) == Contents(b"", "text/csv")


@IN_BOTH
def test_a_body_to_compare_whose_content_is_not_set_is_not_there(messages: Any) -> None:
    """Other hosts send the type of a body that is not there.

    Of a configured body it says that it is empty (reference/plugins.md §5.3).
    """
    body = messages.Body(contentType="text/csv")
    heard = COMPARE_CONTENTS.decode_request(messages.CompareContentsRequest(expected=body, actual=body))
    assert (heard.expected, heard.actual) == (None, None)
    answer = messages.ConfigureInteractionResponse(interaction=[messages.InteractionResponse(contents=body)])
    assert [part.contents for part in CONFIGURE_INTERACTION.decode_answer(answer).parts] == [Contents(b"", "text/csv")]


@IN_BOTH
def test_an_empty_body_is_sent_with_its_content_set(messages: Any) -> None:
    sent = COMPARE_CONTENTS.encode_request(messages, CompareRequest(Contents(b""), None))
    assert sent.expected.HasField("content")
    assert not sent.HasField("actual")


# Rules and generators


def test_the_laws_know_every_rule() -> None:
    assert values.rules_by_kind.keys() == {*kinds.core_rules(), kinds.Plugin}


@pytest.mark.parametrize("kind", values.rules_by_kind)
@given(drawn=st.data())
def test_every_rule_survives_the_way_to_a_plugin_and_back(kind: type[MatchingRule], drawn: st.DataObject) -> None:
    rule = drawn.draw(values.rules_by_kind[kind])
    for messages in VERSIONS.values():
        at_plugin = rule_of(messages.MatchingRule.FromString(rule_message(messages, rule).SerializeToString()))
        back = rule_of(messages.MatchingRule.FromString(rule_message(messages, at_plugin).SerializeToString()))
        assert (at_plugin, back) == (rule, rule)


@given(values.rules, values.generators)
def test_rules_and_generators_always_have_values(rule: MatchingRule, generator: Generator) -> None:
    for messages in VERSIONS.values():
        assert rule_message(messages, rule).HasField("values")
        sent = messages.Generator()
        set_generator(sent, generator)
        assert sent.HasField("values")


NAMED: tuple[tuple[str, dict[str, Json], MatchingRule], ...] = (
    ("equality", {}, kinds.Equality()),
    ("type", {}, kinds.Type()),
    ("number", {}, kinds.Number()),
    ("integer", {}, kinds.Integer()),
    ("decimal", {}, kinds.Decimal()),
    ("boolean", {}, kinds.Boolean()),
    ("null", {}, kinds.Null()),
    ("not-empty", {}, kinds.NotEmpty()),
    ("semver", {}, kinds.Semver()),
    ("values", {}, kinds.Values()),
    ("regex", {"regex": r"\d+"}, kinds.Regex(r"\d+")),
    ("min-type", {"min": 2}, kinds.MinType(2)),
    ("max-type", {"max": 3}, kinds.MaxType(3)),
    ("type", {"min": 2, "max": 3}, kinds.MinMaxType(2, 3)),
    ("date", {"format": "yyyy"}, kinds.Date("yyyy")),
    ("time", {"format": ""}, kinds.Time("")),
    ("datetime", {"format": "yyyy"}, kinds.Timestamp("yyyy")),
    ("include", {"value": "a"}, kinds.Include("a")),
    ("content-type", {"value": "text/csv"}, kinds.ContentType("text/csv")),
    ("status-code", {"status": "success"}, kinds.StatusCode("success")),
    ("status-code", {"status": [200, 404]}, kinds.StatusCode((200, 404))),
    ("array-contains", {"variants": []}, kinds.ArrayContains(())),
    ("each-key", {"rules": [{"match": "type"}]}, kinds.EachKey((kinds.Type(),))),
    ("each-value", {"rules": [], "value": "x"}, kinds.EachValue((), "x")),
    ("soundex", {"language": "en"}, kinds.Plugin("soundex", {"language": "en"})),
)  # fmt: skip


@pytest.mark.parametrize(("name", "attributes", "rule"), NAMED)
@IN_BOTH
def test_rules_have_the_names_that_plugins_know(
    messages: Any, name: str, attributes: dict[str, Json], rule: MatchingRule
) -> None:
    """The table of reference/plugins.md §3.7."""
    sent = rule_message(messages, rule)
    assert (sent.type, from_struct(sent.values)) == (name, attributes)
    assert rule_of(messages.MatchingRule(type=name, values=to_struct(attributes))) == rule


@pytest.mark.parametrize(
    ("name", "attributes", "rule"),
    [
        ("notEmpty", {}, kinds.NotEmpty()),
        ("real", {}, kinds.Decimal()),
        ("type", {"min": 2}, kinds.MinType(2)),
        ("type", {"max": 2}, kinds.MaxType(2)),
        ("min", {"min": 2}, kinds.MinType(2)),
        ("max", {"max": 2}, kinds.MaxType(2)),
        ("min-max-type", {"min": 1, "max": 2}, kinds.MinMaxType(1, 2)),
        ("timestamp", {"format": "yyyy"}, kinds.Timestamp("yyyy")),
        ("timestamp", {"timestamp": "yyyy"}, kinds.Timestamp("yyyy")),
        ("date", {"date": "yyyy"}, kinds.Date("yyyy")),
        ("contentType", {"value": "text/csv"}, kinds.ContentType("text/csv")),
        ("statusCode", {"status": "error"}, kinds.StatusCode("error")),
        ("arrayContains", {"variants": []}, kinds.ArrayContains(())),
        ("eachKey", {}, kinds.EachKey(())),
        ("eachValue", {}, kinds.EachValue(())),
    ],
)
def test_other_names_that_plugins_return_are_understood(
    name: str, attributes: dict[str, Json], rule: MatchingRule
) -> None:
    assert rule_of(V1.MatchingRule(type=name, values=to_struct(attributes))) == rule


def test_a_returned_rule_needs_no_values() -> None:
    assert rule_of(V1.MatchingRule(type="type")) == kinds.Type()


@pytest.mark.parametrize(("name", "words"), [("", "can not be empty"), ("regex", "missing 'regex'")])
def test_a_rule_without_a_name_or_with_too_little_is_refused(name: str, words: str) -> None:
    with pytest.raises(InvalidRule, match=words):
        rule_of(V1.MatchingRule(type=name))


@given(values.generators)
def test_a_generator_survives_the_way_to_a_plugin_and_back(generator: Generator) -> None:
    for messages in VERSIONS.values():
        sent = messages.Generator()
        set_generator(sent, generator)
        assert generator_of(messages.Generator.FromString(sent.SerializeToString())) == generator


@pytest.mark.parametrize(
    ("kind", "sent", "read"),
    [
        ("RandomString", {"digits": 5}, {"size": 5}),
        ("ProviderState", {"expression": "a", "data_type": "STRING"}, {"expression": "a", "dataType": "STRING"}),
        ("RandomDecimal", {"digits": 5}, {"digits": 5}),
        ("Uuid", {"type": "Uuid", "format": "URN"}, {"format": "URN"}),
    ],
)
@IN_BOTH
def test_attributes_that_other_hosts_name_otherwise_keep_their_meaning(
    messages: Any, kind: str, sent: dict[str, Json], read: dict[str, Json]
) -> None:
    assert generator_of(messages.Generator(type=kind, values=to_struct(sent))) == Generator(kind, read)


# What an answer can be


@IN_BOTH
def test_a_type_mismatch_counts_before_an_error(messages: Any) -> None:
    answer = messages.CompareContentsResponse(
        error="it cannot be read", typeMismatch=messages.ContentTypeMismatch(expected="text/csv", actual="text/html")
    )
    assert COMPARE_CONTENTS.decode_answer(answer) == ContentTypeMismatch("text/csv", "text/html")


@IN_BOTH
def test_empty_lists_of_mismatches_mean_a_match(messages: Any) -> None:
    answer = messages.CompareContentsResponse(results={"$": messages.ContentMismatches()})
    assert COMPARE_CONTENTS.decode_answer(answer) == ()


@IN_BOTH
def test_mismatches_stand_under_the_paths_that_they_name(messages: Any) -> None:
    item = messages.ContentMismatch(mismatch="differs", path="column:1")
    answer = messages.CompareContentsResponse(results={"elsewhere": messages.ContentMismatches(mismatches=[item])})
    (found,) = COMPARE_CONTENTS.decode_answer(answer)  # type: ignore[misc]
    assert (found.path, found.mismatch, found.expected, found.actual) == ("column:1", "differs", None, None)


@IN_BOTH
def test_an_entry_of_an_unknown_kind_is_passed_over_with_a_warning(
    messages: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sent = [messages.CatalogueEntry(type=number, key=f"entry {number}") for number in (3, 17, 5)]
    with caplog.at_level(logging.WARNING, "pactmock.plugins"):
        assert [entry.key for entry in entries_of(sent)] == ["entry 3", "entry 5"]
    assert [record.getMessage() for record in caplog.records] == [
        "the catalogue entry 'entry 17' is of kind 17, which is not known"
    ]


def test_a_plugin_of_v2_can_say_which_capabilities_it_misses() -> None:
    failure = V2.InitPluginFailure(error="too old", missingHostCapabilities=["matcher/x", "matcher/y"])
    with pytest.raises(PluginError, match=r"^too old \(missing host capabilities: matcher/x, matcher/y\)$"):
        INIT_PLUGIN.decode_answer(V2.InitPluginResponse(failure=failure))


def test_an_introduction_or_a_start_that_says_nothing_is_an_error() -> None:
    with pytest.raises(PluginError, match="invalid V2 InitPlugin response"):
        INIT_PLUGIN.decode_answer(V2.InitPluginResponse())
    with pytest.raises(PluginError, match="Did not get a valid response"):
        START_MOCK_SERVER.decode_answer(V1.StartMockServerResponse())


def test_v1_reads_the_shutdown_of_a_mock_server_in_its_own_messages() -> None:
    asked = SHUTDOWN_MOCK_SERVER.encode_request(V1, "key").SerializeToString()
    assert V1.ShutdownMockServerRequest.FromString(asked).serverKey == "key"
    answer = V1.ShutdownMockServerResponse(ok=True).SerializeToString()
    heard = SHUTDOWN_MOCK_SERVER.response_type(V1).FromString(answer)
    assert SHUTDOWN_MOCK_SERVER.decode_answer(heard) == MockServerResults(ok=True)


def test_fields_of_newer_messages_that_an_old_plugin_leaves_out_have_defaults() -> None:
    """CSV 0.0.6 was made from a file without several fields (§3.6)."""
    (part,) = CONFIGURE_INTERACTION.decode_answer(
        V1.ConfigureInteractionResponse(interaction=[V1.InteractionResponse()])
    ).parts
    assert part == ConfiguredPart(None)
    asked = GENERATE_CONTENT.decode_request(V1.GenerateContentRequest())
    assert (asked.contents, asked.mode, asked.data) == (Contents(), None, None)


def test_a_field_question_without_data_is_another_than_one_with_nothing_kept() -> None:
    asked = MatchFieldRequest("k", kinds.Type(), 1, 2)
    for question in (asked, replace(asked, data=PluginData())):
        sent = MATCH_FIELD.encode_request(V2, question)
        assert MATCH_FIELD.decode_request(sent).data == question.data


def test_a_generated_value_that_is_not_set_is_null() -> None:
    assert GENERATE_FIELD.decode_answer(V2.GenerateFieldResponse()) is None
