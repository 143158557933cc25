"""Generated values in JSON documents, arrayContains rules among them."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.generators.apply import compile_response, generate_response
from pactmock.generators.context import Mode, repeatable
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.pact import generators, path_expression
from pactmock.pact.json.values import Json, compact_bytes, equal, parse
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.model import Response
from pactmock.pact.parts import body
from pactmock.pact.parts.content_type import JSON

NOW = datetime(2000, 1, 1, tzinfo=UTC)
NINES: dict[str, Json] = {"type": "RandomInt", "min": 999, "max": 999}


def response(document: Json, in_body: Json, rules: Json = None) -> Response:
    return Response(
        body=body.present(compact_bytes(document), JSON),
        generators=generators.from_json({"body": in_body}),
        matching_rules=rule_categories.from_json({"body": rules or {}}, "matchingRules"),
    )


def generate(document: Json, in_body: Json, rules: Json = None, mode: Mode = Mode.CONSUMER) -> Json:
    context = repeatable(1, NOW, mode=mode, mock_server_url="http://mock", values={"id": 7})
    return parse(generate_response(response(document, in_body, rules), context).body.content)


@pytest.mark.parametrize(
    ("document", "path", "expected"),
    [
        ({"a": 1, "b": [{"c": 1}, {"c": 2}]}, "$.b[*].c", {"a": 1, "b": [{"c": 999}, {"c": 999}]}),
        ({"a": {"x": 1, "y": 2}}, "$.a.*", {"a": {"x": 999, "y": 999}}),
        ([1, 2], "$[1]", [1, 999]),
        ([1, 2], "$[5]", [1, 2]),
        ({"a": 1}, "$", 999),
        ("text", "$", "999"),
        ({"a": 1}, "", {"a": 1}),
        ({"a": 1}, "a", {"a": 999}),
        ({"0": 1}, "$[0]", {"0": 1}),
        ({"0": 1}, "$['0']", {"0": 999}),
        ({"a": [1, [2, 3]]}, "$.a[*][*]", {"a": [1, [999, 999]]}),
        ({"a": [{"b": 1}, 5]}, "$.a[*].b", {"a": [{"b": 999}, 5]}),
        ([1, 2], "$.*", [1, 2]),
        ({"a": 1}, "$[*]", {"a": 1}),
        ({"a": 1}, "$.b", {"a": 1}),
        ({"a": {}}, "$.a", {"a": 999}),
        ({"a": None}, "$.a", {"a": 999}),
    ],
)
def test_paths_mean_places_that_are_there(document: Json, path: str, expected: Json) -> None:
    assert generate(document, {path: NINES}) == expected


@given(st.text(min_size=1).filter(lambda text: "'" not in text and "\\" not in text))
def test_row_44_keys_may_hold_any_character(key: str) -> None:
    assert generate({key: 1, "other": 1}, {f"$['{key}']": NINES})[key] == 999


@pytest.mark.parametrize("key", ["a/b", "a~b", "~0", "~1", "/", "~"])
def test_row_44_slashes_and_tildes_are_characters_like_others(key: str) -> None:
    assert generate({key: 1}, {f"$['{key}']": NINES}) == {key: 999}


def test_row_44_the_stored_type_and_hint_are_kept() -> None:
    stored = body.present(b'{"a": 1}', JSON, "TEXT")
    part = Response(body=stored, generators=generators.from_json({"body": {"$.a": NINES}}))
    made = generate_response(part, repeatable(1, NOW)).body
    assert (made.content, made.content_type, made.hint) == (b'{"a":999}', JSON, "TEXT")


def test_generators_work_in_the_order_of_the_pact() -> None:
    five = {"type": "RandomInt", "min": 5, "max": 5}
    assert generate({"a": "1"}, {"$.a": five, "$.*": NINES}) == {"a": "999"}
    assert generate({"a": "1"}, {"$.*": NINES, "$.a": five}) == {"a": "5"}


documents = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab/~", max_size=2), inner, max_size=3),
)
steps = st.lists(st.sampled_from(["a", "b", "a/", 0, 1, *path_expression.Wildcard]), max_size=3).map(tuple)


def replaced(before: Json, after: Json) -> list[Json]:
    """List the values that came in, at the deepest places where the two differ."""
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        return [value for key in before for value in replaced(before[key], after[key])]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [value for pair in zip(before, after, strict=True) for value in replaced(*pair)]
    return [] if equal(before, after) else [after]


@given(documents, steps, st.integers(0, 2**32))
def test_only_whole_values_change_and_only_into_generated_ones(
    document: Json, tokens: tuple[path_expression.Token, ...], seed: int
) -> None:
    path = path_expression.of_tokens(tokens)
    entry = generators.GeneratorEntry(path, generators.Generator("Uuid", {}))
    part = Response(body=body.present(compact_bytes(document), JSON), generators={"body": (entry,)})
    made = generate_response(part, repeatable(seed, NOW))
    values = replaced(document, parse(made.body.content))
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) for value in values)
    assert bool(values) == (made is not part)


def test_a_body_that_is_not_json_stays(caplog: pytest.LogCaptureFixture) -> None:
    part = Response(body=body.present(b"{", JSON), generators=generators.from_json({"body": {"$.a": NINES}}))
    assert generate_response(part, repeatable(1, NOW)) is part
    assert "This is not JSON" in caplog.text


def test_a_body_that_is_nested_too_deep_stays(caplog: pytest.LogCaptureFixture) -> None:
    deep = b"[" * 300 + b"]" * 300
    part = Response(body=body.present(deep, JSON), generators=generators.from_json({"body": {"$": NINES}}))
    assert generate_response(part, repeatable(1, NOW)) is part
    assert "nested too deep" in caplog.text


DOCUMENT = [{"t": "x", "n": 5, "u": "http://h/o/1"}, {"t": "y", "n": 6, "u": "http://h/p/2"}, {"t": "z"}, 7]
ORDERS = {"$.u": {"matchers": [{"match": "regex", "regex": ".*/o/\\d+"}]}}
WITH_URL = {"$.u": {"matchers": [{"match": "regex", "regex": "http.*"}]}}
LINK = {"type": "MockServerURL", "example": "http://h/o/1", "regex": ".*(\\/o\\/\\d+)$"}


def contains(*variants: Json) -> Json:
    return {"matchers": [{"match": "arrayContains", "variants": list(variants)}]}


def test_elements_get_the_generators_of_the_first_variant_that_accepts_them() -> None:
    rules = contains(
        {"index": 0, "rules": ORDERS, "generators": {"$.n": NINES, "$.u": LINK}},
        {"index": 1, "rules": WITH_URL, "generators": {"$.t": {"type": "RandomInt", "min": 1, "max": 1}}},
    )
    first, second, third, fourth = generate({"l": DOCUMENT}, {}, {"$.l": rules})["l"]
    assert first == {"t": "x", "n": 999, "u": "http://mock/o/1"}
    assert second == {"t": "1", "n": 6, "u": "http://h/p/2"}
    # The rules say nothing of what has no URL, so the first variant accepts it; there is nothing to fill in.
    assert (third, fourth) == ({"t": "z"}, 7)


def test_an_accepting_variant_without_generators_leaves_the_element() -> None:
    rules = contains({"index": 0, "rules": WITH_URL}, {"index": 1, "generators": {"$.n": NINES}})
    assert generate(DOCUMENT, {}, {"$": rules}) == DOCUMENT


def test_generators_of_array_contains_win_over_others_of_the_same_path() -> None:
    rules = contains({"index": 0, "rules": ORDERS, "generators": {"$.n": NINES}})
    assert generate(DOCUMENT, {"$": NINES}, {"$": rules})[0]["n"] == 999


def test_a_variant_may_replace_whole_elements_at_many_places() -> None:
    rules = contains({"index": 0, "rules": {}, "generators": {"$": NINES}})
    assert generate([[1, 2], [3]], {}, {"$[*]": rules}) == [[999, 999], [999]]


def test_array_contains_generators_leave_what_is_no_list(caplog: pytest.LogCaptureFixture) -> None:
    rules = contains({"index": 0, "rules": {}, "generators": {"$": NINES}})
    assert generate({"l": 5}, {}, {"$.l": rules}) == {"l": 5}
    assert "can only use ArrayContains with lists" in caplog.text


def test_generators_of_variants_keep_to_their_mode() -> None:
    state = {"type": "ProviderState", "expression": "id"}
    rules = contains({"index": 0, "rules": {}, "generators": {"$.n": state}})
    assert generate([{"n": 1}], {}, {"$": rules}) == [{"n": 1}]
    assert generate([{"n": 1}], {}, {"$": rules}, Mode.PROVIDER) == [{"n": 7}]


@pytest.mark.parametrize(("path", "generator"), [("$.n", {"type": "Regex", "regex": "("}), ("$.", NINES)])
def test_a_bad_generator_of_a_variant_is_refused_with_its_place(path: str, generator: Json) -> None:
    rules = contains({"index": 0, "rules": {}}, {"index": 1, "rules": {}, "generators": {path: generator}})
    with pytest.raises(InvalidRule) as caught:
        compile_response(response(DOCUMENT, {}, {"$.l": rules}))
    assert caught.value.pointer == f"/matchingRules/body/$.l/matchers/0/variants/1/generators/{path}"


@pytest.mark.parametrize(
    "generator",
    [
        {"type": "RandomString", "size": 65_535},
        {"type": "RandomHexadecimal", "digits": 65_535},
        {"type": "RandomDecimal", "digits": 65_535},
        {"type": "Regex", "regex": r"[a-z]{5000}"},
    ],
    ids=lambda generator: str(generator["type"]),
)
def test_generators_that_make_megabytes_are_refused_with_their_place(generator: Json) -> None:
    """2,000 texts of 65,535 characters took nine seconds for each answer."""
    items = response([{"n": "a"}] * 2000, {"$[*].n": generator})
    with pytest.raises(InvalidRule, match="can make more than 4,194,304 characters") as caught:
        compile_response(items)
    assert caught.value.pointer == "/generators/body"
    compile_response(response([{"n": "a"}] * 20, {"$[*].n": generator}))


@pytest.mark.parametrize(
    "generator",
    [
        {"type": "RandomString", "size": 65_535},
        {"type": "RandomHexadecimal", "digits": 65_535},
        {"type": "RandomDecimal", "digits": 65_535},
        {"type": "Regex", "regex": "[a-z]{40000}"},
        {"type": "DateTime", "format": "xV" * 30_000},
        {"type": "Date", "format": "yyyy", "expression": "today " + "+ 1 day " * 40_000},
    ],
    ids=lambda generator: generator["type"],
)
def test_whoever_makes_a_long_value_stops_soon_after_the_budget_has_run_out(generator: dict[str, Any]) -> None:
    compiled = compile_response(response([{"n": "a"}] * 60, {"$[*].n": generator}))
    began = time.thread_time()
    with Budget(0.01), pytest.raises(OutOfBudget):
        compiled.apply(repeatable(1, NOW))
    assert time.thread_time() - began < 1.5


def test_whoever_makes_many_values_stops_when_the_budget_has_run_out() -> None:
    compiled = compile_response(response(["a"] * 60_000, {"$[*]": {"type": "Uuid"}}))  # takes 0.16 s
    with Budget(0.03), pytest.raises(OutOfBudget):
        compiled.apply(repeatable(1, NOW))
