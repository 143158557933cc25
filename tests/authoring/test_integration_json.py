"""Integration JSON becomes the example, and rules and generators under their paths (reference/matching.md §10)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.authoring import integration_json
from pactmock.authoring.collector import Collector
from pactmock.authoring.integration_json import Processed
from pactmock.errors import InvalidRule, TooLarge
from pactmock.matching.bodies.json import compare
from pactmock.matching.compiling import compile_category
from pactmock.pact import generators
from pactmock.pact.json.values import equal, normalise
from pactmock.pact.matching_rules import categories as rule_categories
from tests.authoring.matchers import generated, matcher, rules

TYPE, NUMBER = {"match": "type"}, {"match": "number"}
ANY_TYPE = matcher("type", 1)


def process(document: Any) -> Processed:
    with Collector() as collector:
        return integration_json.process(document, collector)


def rules_of(processed: Processed) -> Any:
    return rule_categories.to_categories({"body": processed.rules}).get("body", {})


def generators_of(processed: Processed) -> Any:
    return generators.to_json({"body": processed.generators}).get("body", {})


PATHS: list[tuple[Any, Any, dict[str, Any]]] = [
    ({"a": [1, {"b": None}], "c": "x"}, {"a": [1, {"b": None}], "c": "x"}, {}),
    (5, 5, {}),
    ({"a": ANY_TYPE}, {"a": 1}, {"$.a": TYPE}),
    (matcher("type", {"b": ANY_TYPE}), {"b": 1}, {"$.b": TYPE, "$": TYPE}),
    ({"a-b": {"it's": ANY_TYPE}}, {"a-b": {"it's": 1}}, {r"$['a-b']['it\'s']": TYPE}),
    ({"7": ANY_TYPE, "é": ANY_TYPE}, {"7": 1, "é": 1}, {"$[7]": TYPE, "$['é']": TYPE}),
    ([ANY_TYPE, [ANY_TYPE]], [1, [1]], {"$[0]": TYPE, "$[1][0]": TYPE}),
    (
        matcher("type", [ANY_TYPE, {"z": matcher("number", 3)}], min=1),
        [1, {"z": 3}],
        {"$[*]": TYPE, "$[*].z": NUMBER, "$": {"match": "type", "min": 1}},
    ),
    (matcher("type", [[ANY_TYPE]]), [[1]], {"$[*][0]": TYPE, "$": TYPE}),
    (
        matcher("values", {"k": ANY_TYPE, "l": matcher("number", 2)}),
        {"k": 1, "l": 2},
        {"$.*": [TYPE, NUMBER], "$": {"match": "values"}},
    ),
    (
        matcher("eachValue(matching(type, 'y'))", {"k": {"x": ANY_TYPE}}),
        {"k": {"x": 1}},
        {"$.*.x": TYPE, "$": {"match": "eachValue", "rules": [TYPE], "value": "y"}},
    ),
    (
        matcher("eachKey(matching(regex, 'k+', 'k'))", {"k": ANY_TYPE}),
        {"k": 1},
        {"$.k": TYPE, "$": {"match": "eachKey", "rules": [{"match": "regex", "regex": "k+"}], "value": "k"}},
    ),
    (
        matcher("values", matcher("type", [{"a": matcher("number", 1)}])),
        [{"a": 1}],
        {"$[*].*": NUMBER, "$": [TYPE, {"match": "values"}]},
    ),
    (matcher("type", matcher("number", 1)), 1, {"$": [NUMBER, TYPE]}),
    (matcher("null"), None, {"$": {"match": "null"}}),
]


@pytest.mark.parametrize(("document", "example", "paths"), PATHS)
def test_rules_stand_under_the_path_of_what_they_are_for(document: Any, example: Any, paths: dict[str, Any]) -> None:
    processed = process(document)
    assert equal(processed.value, example)
    assert rules_of(processed) == rules(**paths)


KINDS: list[tuple[dict[str, Any], Any]] = [
    (matcher("equality", "a"), {"match": "equality"}),
    (matcher("regex", "a", regex="a+"), {"match": "regex", "regex": "a+"}),
    (matcher("type", [1], min=1, max="3"), {"match": "type", "min": 1, "max": 3}),
    (matcher("min-type", [1], min=2), {"match": "type", "min": 2}),
    (matcher("max", [1], max=2), {"match": "type", "max": 2}),
    (matcher("timestamp", "x", timestamp="yyyy"), {"match": "datetime", "format": "yyyy"}),
    (matcher("date", "x", format="yyyy"), {"match": "date", "format": "yyyy"}),
    (matcher("time", "x"), {"match": "time", "format": ""}),
    (matcher("include", "a"), {"match": "include", "value": "a"}),
    (matcher("contentType", "text/plain"), {"match": "contentType", "value": "text/plain"}),
    (matcher("real", 1.0), {"match": "decimal"}),
    (matcher("notEmpty", "a"), {"match": "notEmpty"}),
    (matcher("statusCode", 200, status="error"), {"match": "statusCode", "status": "error"}),
    (matcher("creditcard", "4111", brand="visa"), {"match": "creditcard", "brand": "visa"}),
    (matcher("matching(regex, 'a+', 'a')", "a"), {"match": "regex", "regex": "a+"}),
    (matcher("matching($'person')", [1], person={"age": 1}), {"match": "type"}),
    (
        matcher("eachKey", {"k": 1}, rules=[matcher("regex", regex="k"), {"match": "type"}]),
        {"match": "eachKey", "rules": [{"match": "regex", "regex": "k"}, {"match": "type"}], "value": '{"k":1}'},
    ),
    (
        matcher("each-value", {"k": 1}, rules=[matcher("eachValue", rules=[{"min": 1}])], generator={"type": "Uuid"}),
        {
            "match": "eachValue",
            "rules": [{"match": "eachValue", "rules": [{"match": "type", "min": 1}]}],
            "value": '{"k":1}',
            "generator": {"type": "Uuid"},
        },
    ),
    (
        matcher("eachValue", {}, rules=[matcher("matching(number, 1)")]),
        {"match": "eachValue", "rules": [NUMBER], "value": "{}"},
    ),
]


@pytest.mark.parametrize(("given", "rule"), KINDS)
def test_a_matcher_makes_this_rule(given: dict[str, Any], rule: Any) -> None:
    assert rules_of(process(given)) == rules(**{"$": rule})


def test_several_matchers_of_one_value_all_count() -> None:
    several = [matcher("type"), matcher("regex", regex="a"), matcher("matching(include, 'a'), notEmpty('a')")]
    found = rules_of(process(matcher(several, "a")))
    assert [rule["match"] for rule in found["$"]["matchers"]] == ["type", "regex", "include", "notEmpty"]


def test_array_contains_takes_its_example_from_the_variants_each_with_its_own_root() -> None:
    variants = [{"a": ANY_TYPE}, matcher("date", "2000", format="yyyy") | {"pact:generator:type": "Date"}, 5]
    processed = process({"list": matcher("arrayContains", variants=variants)})
    date = {"match": "date", "format": "yyyy"}
    assert processed.value == {"list": [{"a": 1}, "2000", 5]}
    written = [
        {"index": 0, "rules": rules(**{"$.a": TYPE})},
        {"index": 1, "rules": rules(**{"$": date}), "generators": {"$": {"type": "Date", "format": "yyyy"}}},
        {"index": 2, "rules": {}},
    ]
    assert rules_of(processed) == rules(**{"$.list": {"match": "arrayContains", "variants": written}})


def test_row_52_the_rules_of_several_example_items_pile_up() -> None:
    assert rules_of(process(matcher("type", [ANY_TYPE, ANY_TYPE])))["$[*]"]["matchers"] == [TYPE, TYPE]


def test_row_52_a_generator_without_a_matcher_goes_with_all_names_that_start_with_pact() -> None:
    processed = process({"pact:generator:type": "Uuid", "pact:other": 1, "value": "x"})
    assert processed == Processed({"value": "x"})


GENERATORS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (generated("RandomInt", 1), {"min": 0, "max": 10}),
    (generated("RandomInt", 1, min="5", max=7), {"min": 0, "max": 7}),
    (generated("RandomDecimal", 1, digits=-4), {"digits": 10}),
    (generated("RandomHexadecimal", "A", digits=3), {"digits": 3}),
    (generated("RandomString", "a"), {"size": 10}),
    (generated("RandomBoolean", True), {}),
    (generated("Regex", "a", regex="a"), {"regex": "a"}),
    (generated("Uuid", "a", format="URN"), {"format": "URN"}),
    (generated("Uuid", "a", format="yyyy"), {}),
    (generated("Date", "a", format="yyyy", expression="+1 day"), {"format": "yyyy", "expression": "+1 day"}),
    (generated("DateTime", "a"), {}),
    (generated("ProviderState", "a", expression="${x}"), {"expression": "${x}"}),
    (generated("ProviderState", "a", expression="x", dataType="integer"), {"expression": "x", "dataType": "INTEGER"}),
    (generated("ProviderState", "a", expression="x", dataType="?"), {"expression": "x", "dataType": "RAW"}),
    (generated("MockServerURL", "a"), {"example": "", "regex": ""}),
    (generated("Fortune", "a", mood="bright"), {"mood": "bright"}),
]


@pytest.mark.parametrize(("given", "attributes"), GENERATORS)
def test_a_generator_takes_its_own_attributes_and_none_of_the_rule(
    given: dict[str, Any], attributes: dict[str, Any]
) -> None:
    kind = given["pact:generator:type"]
    assert generators_of(process({"a": given})) == {"$.a": {"type": kind, **attributes}}


def test_a_generator_that_is_named_wins_over_that_of_the_definition() -> None:
    date = matcher("matching(date, 'yyyy', '2000')", "2001")
    assert generators_of(process(date)) == {"$": {"type": "Date", "format": "yyyy"}}
    named = generators_of(process(date | {"pact:generator:type": "Uuid"}))
    assert named == {"$": {"type": "Uuid"}}


@pytest.mark.parametrize(
    ("definition", "example"),
    [
        ("matching(decimal, 100)", 100.0),
        ("matching(number, 100)", 100),
        ("matching(boolean, true)", True),
        ("notEmpty('x')", "x"),
        ("atLeast(1), matching(type, 'x')", "x"),
    ],
)
def test_a_definition_brings_its_own_example_where_there_is_no_value(definition: str, example: Any) -> None:
    assert equal(process({"a": matcher(definition)}).value, {"a": example})
    assert process(matcher(definition, [1])).value == [1]


@pytest.mark.parametrize("definition", ["eachValue(matching($'p'))", "arrayContains(eachKey(matching($'p')))"])
def test_references_inside_other_rules_are_type_rules_too(definition: str) -> None:
    """The reference implementation crashes here."""
    assert '"reference"' not in str(rules_of(process(matcher(definition, [1], p=1))))
    with pytest.raises(InvalidRule, match="'p' was not found"):
        process(matcher(definition, [1]))


REFUSED = [
    (matcher("regex", "a"), "Regex matcher missing 'regex' field", "/a/0"),
    (matcher("min", [1]), "Min matcher missing 'min' field", "/a/0"),
    (matcher("include"), "Include matcher missing 'value' field", "/a/0"),
    (matcher("statusCode", 1, status="odd"), "'odd' is not a valid value for an HTTP Status", "/a/0"),
    (matcher("", 1), "Matching rule type can not be empty", "/a/0/pact:matcher:type"),
    (matcher(None, 1), "'pact:matcher:type' is null", "/a/0/pact:matcher:type"),
    (matcher([], 1), "'pact:matcher:type' is []", "/a/0/pact:matcher:type"),
    (matcher([matcher("type"), {}], 1), "A list of matchers holds objects", "/a/0/pact:matcher:type/1"),
    (matcher([matcher("type"), matcher("max")], 1), "Max matcher missing 'max' field", "/a/0/pact:matcher:type/1"),
    (matcher("matching(type", 1), "Error: Expected a comma", "/a/0/pact:matcher:type"),
    (matcher("matching($'b')", 1), "The reference 'b' was not found", "/a/0/pact:matcher:type"),
    (matcher("arrayContains", variants={}), "ArrayContains 'variants' attribute is missing", "/a/0/variants"),
    (matcher("arrayContains", variants=[1, matcher("max")]), "Max matcher", "/a/0/variants/1"),
    (matcher("eachKey", {}, rules={}), "EachKey matcher config is not valid", "/a/0/rules"),
    (matcher("eachKey", {}, rules=[{}]), "Matching rule missing 'match' field", "/a/0/rules/0"),
    (matcher("type", {"b": matcher("max")}), "Max matcher missing 'max' field", "/a/0/value/b"),
    (matcher("type", {"": ANY_TYPE}), "There can be no matcher under an empty name", "/a/0/value/"),
    (generated("", 1), '"" is not the name of a generator', "/a/0/pact:generator:type"),
    (generated("Regex", 1), "The Regex generator needs 'regex'", "/a/0"),
    (generated("ProviderState", 1), "The ProviderState generator needs 'expression'", "/a/0"),
]


@pytest.mark.parametrize(("given", "problem", "pointer"), REFUSED)
def test_a_matcher_that_cannot_be_read_is_refused_with_its_place(given: Any, problem: str, pointer: str) -> None:
    with pytest.raises(InvalidRule) as caught:
        process({"a": [given]})
    assert caught.value.message.startswith(problem)
    assert caught.value.pointer == pointer


def test_a_document_can_be_nested_as_deep_as_it_can_be_written() -> None:
    document: Any = 1
    for _ in range(253):
        document = matcher("type", document)
    assert process(document).value == 1
    with pytest.raises(TooLarge):
        process([[document]])


def test_each_rule_remembers_where_it_was_written() -> None:
    (entry,) = process({"a": [matcher("type", 1)]}).rules
    assert entry.places == (("a", 0),)


scalars = st.sampled_from(
    [
        1,
        "x",
        None,
        matcher("type", "a"),
        matcher("integer", 3),
        matcher("number", 2.5),
        matcher("decimal", 1.0),
        matcher("boolean", False),
        matcher("null"),
        matcher("regex", "abc", regex="[a-c]+"),
        matcher("include", "b"),
        matcher("date", "2000-01-31", format="yyyy-MM-dd"),
        matcher("semver", "1.2.3"),
        matcher("notEmpty", "x"),
        matcher("matching(time, 'HH:mm', '10:00')"),
        matcher("matching(decimal, 7)"),
        matcher("matching(regex, '\\d+', '12'), notEmpty('12')"),
    ]
)
names = st.sampled_from(["a", "b-c", "it's", "7", "é", "*", "x y", "$", "@id"])


def collections(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    copies = st.builds(lambda item, count: [item] * count, inner, st.integers(1, 3))
    same = st.builds(lambda item, keys: dict.fromkeys(keys, item), inner, st.sets(names, min_size=1, max_size=3))
    plain = st.dictionaries(names, inner, max_size=3)
    return st.one_of(
        plain,
        st.lists(inner, max_size=3),
        st.builds(lambda items: matcher("type", items, min=1), copies),
        st.builds(lambda items: matcher("atLeast(1), atMost(3)", items), copies),
        st.builds(lambda members: matcher("type", members), plain),
        st.builds(lambda members: matcher("values", members), same),
        st.builds(lambda members: matcher("eachKey(notEmpty('k'))", members), plain),
        st.builds(lambda items: matcher("arrayContains", variants=items), st.lists(inner, min_size=1, max_size=3)),
    )


documents = st.recursive(scalars, collections, max_leaves=12)


@given(documents)
def test_every_example_matches_its_own_rules(document: Any) -> None:
    processed = process(normalise(document))
    root = compile_category({"body": processed.rules}, "body")
    assert compare(processed.value, processed.value, root, strict=True) == []


@given(documents)
def test_what_is_processed_can_be_written_and_read_again(document: Any) -> None:
    written = rules_of(process(normalise(document)))
    read = rule_categories.from_json({"body": written})
    assert rule_categories.to_categories(read).get("body", {}) == written


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["pact:matcher:type", "value", "rules", "variants", "pact:generator:type", "a", ""]), inner
        ),
        st.builds(matcher, st.sampled_from(["type", "eachKey", "arrayContains", "matching(type, 1)", "date"]), inner),
    ),
    max_leaves=10,
)


@given(anything)
def test_any_document_is_processed_or_refused_as_an_invalid_rule(document: Any) -> None:
    with suppress(InvalidRule):
        normalise(process(normalise(document)).value)
