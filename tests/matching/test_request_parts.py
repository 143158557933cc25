"""The parts of a request are compared as the reference does it (reference/matching.md §4.3, §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pactmock.matching.expectation import compile_expectation
from pactmock.matching.result import RequestResult
from pactmock.matching.values import content_detection
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.model import HttpInteraction, Request
from pactmock.pact.parts.received_headers import received
from pactmock.pact.specification import Specification

Json = Mapping[str, Any]


def _received(request: Json, version: Specification = specification.V3) -> Request:
    read = reading.read_request(request, version)
    return replace(read, headers=received(read.headers))


def _match(expected: Json, actual: Json, version: Specification = specification.V3) -> RequestResult:
    interaction = HttpInteraction("an interaction", request=reading.read_request(expected, version))
    return compile_expectation(interaction).match(_received(actual, version))


def _json(expected: Json, actual: Json) -> list[dict[str, Any]]:
    return [mismatch.to_json() for mismatch in _match(expected, actual).mismatches]


def _texts(expected: Json, actual: Json) -> list[str]:
    return [str(mismatch["mismatch"]) for mismatch in _json(expected, actual)]


def _ruled(category: str, name: str, *rules: Json) -> Json:
    return {"matchingRules": {category: {name: {"matchers": list(rules)}}}}


def test_methods_match_in_any_case_and_their_rules_are_ignored() -> None:
    """Row 28."""
    assert _texts({"method": "get"}, {"method": "GET"}) == []
    rules = {"matchingRules": {"method": {"matchers": [{"match": "type"}]}}}
    assert _json({"method": "GET", **rules}, {"method": "PUT"}) == [
        {"type": "MethodMismatch", "expected": "GET", "actual": "PUT", "mismatch": "expected GET but was PUT"}
    ]


def test_mismatches_come_part_by_part_and_by_name_within_a_part() -> None:
    """Row 63: the reference leaves the order to hashing."""
    names = ["zebra", "ape", "mouse"]
    expected = {"method": "PUT", "path": "/a", "query": {name: ["1"] for name in names}, "body": [1, 2]}
    found = _json({**expected, "headers": dict.fromkeys(names, "1")}, {"path": "/b", "body": [0, 0]})
    assert [(item["type"], item.get("parameter", item.get("key", item.get("path")))) for item in found] == [
        ("MethodMismatch", None),
        ("PathMismatch", None),
        *(("QueryMismatch", name) for name in sorted(names)),
        *(("HeaderMismatch", name) for name in sorted(names)),
        ("BodyMismatch", "$[0]"),
        ("BodyMismatch", "$[1]"),
    ]


def test_paths_are_compared_encoded_and_without_leniency() -> None:
    assert _texts({"path": "/a%2Fb"}, {"path": "/a/b"}) == ["Expected '/a/b' to be equal to '/a%2Fb'"]
    assert _texts({"path": "/a"}, {"path": "/a/"}) == ["Expected '/a/' to be equal to '/a'"]


def test_a_path_rule_stands_for_equality() -> None:
    rule = {"matchingRules": {"path": {"matchers": [{"match": "regex", "regex": r"/\d+"}]}}}
    assert _texts({"path": "/1", **rule}, {"path": "/22"}) == []
    assert _texts({"path": "/1", **rule}, {"path": "/x"}) == [r"Expected '/x' to match '/\d+'"]


@pytest.mark.parametrize(
    ("expected", "actual", "texts"),
    [
        (None, {"q": ["1"]}, ["Unexpected query parameter 'q' received"]),
        ({"q": ["1"]}, None, ["Expected query parameter 'q' but was missing"]),
        ({"q": ["1"]}, {"q": ["2"]}, ["Expected query parameter 'q' with value '1' but was '2'"]),
        (
            {"q": ["1", "2"]},
            {"q": ["1"]},
            [
                "Expected query parameter 'q' value '2' but was missing",
                "Expected query parameter 'q' with 2 value(s) but received 1 value(s)",
            ],
        ),
        (
            {"q": ["1"]},
            {"q": ["1", "2"]},
            [
                "Expected query parameter 'q' with value '' but was '2'",
                "Expected query parameter 'q' with 1 value(s) but received 2 value(s)",
            ],
        ),
        ({"q": []}, {"q": ["1"]}, ["""Expected an empty parameter list for 'q' but received ["1"]"""]),
        ({"q": ["1", "2"]}, {"q": ["2", "1"]}, [
            "Expected query parameter 'q' with value '1' but was '2'",
            "Expected query parameter 'q' with value '2' but was '1'",
        ]),
        ({"q": [None]}, {"q": [""]}, []),
        ({"a": ["1"], "b": ["2"]}, {"b": ["2"], "a": ["1"]}, []),
        ({"Q": ["1"]}, {"q": ["1"]}, [
            "Expected query parameter 'Q' but was missing", "Unexpected query parameter 'q' received",
        ]),
    ],
)  # fmt: skip
def test_queries_differ_in_these_words(expected: Any, actual: Any, texts: list[str]) -> None:
    assert _texts({"query": expected}, {"query": actual}) == texts


def test_a_query_mismatch_names_its_parameter_also_for_all_its_values() -> None:
    """Row 27: the reference says `$.q` for the values as a whole."""
    rule = _ruled("query", "q", {"match": "type", "min": 2})
    assert _json({"query": {"q": ["1"]}, **rule}, {"query": {"q": ["1"]}}) == [
        {
            "type": "QueryMismatch",
            "parameter": "q",
            "expected": '["1"]',
            "actual": '["1"]',
            "mismatch": "Expected [1] (size 1) to have minimum size of 2",
        }
    ]


def test_a_query_rule_is_applied_to_every_value() -> None:
    rule = _ruled("query", "q", {"match": "regex", "regex": r"\d+"})
    assert _texts({"query": {"q": ["1"]}, **rule}, {"query": {"q": ["22", "x"]}}) == [r"Expected 'x' to match '\d+'"]


@pytest.mark.parametrize(("name", "step"), [("1", "1"), ("007", "7"), ("*", "*"), ("[*]", "[*]")])
def test_mismatches_of_values_do_not_name_a_parameter_that_is_no_field_of_a_path(name: str, step: str) -> None:
    """As names of digits are indexes, and others wildcards (§2.2); their texts say what it is."""
    found = _json({"query": {name: ["a", "b"]}}, {"query": {name: ["c"]}})
    assert [(item["parameter"], item["mismatch"]) for item in found] == [
        ("", f"Expected query parameter '{step}' with value 'a' but was 'c'"),
        ("", "Expected query parameter '' value 'b' but was missing"),
        (name, f"Expected query parameter '{name}' with 2 value(s) but received 1 value(s)"),
    ]


def test_the_order_of_parameters_matters_in_v1_only() -> None:
    expected, actual = {"query": "a=1&b=2"}, {"query": "b=2&a=1"}
    assert not _match(expected, actual, specification.V1).all_matched
    assert _match(expected, actual, specification.V1_1).all_matched
    ruled = {**expected, "matchingRules": {"$.query.a": {"match": "type"}}}
    assert _match(ruled, actual, specification.V1).all_matched


ACCEPT_DIFFERS = "Expected header 'Accept' at index 1 to have value 'c;q=1' but was 'c;q=2'"


@pytest.mark.parametrize(
    ("expected", "actual", "texts"),
    [
        ({"X-A": "1"}, {}, ["Expected a header 'X-A' but was missing"]),
        ({"X-A": "1"}, {"x-a": "2"}, ["Mismatch with header 'X-A': Expected '2' to be equal to '1'"]),
        ({"X-A": "1"}, {"x-a": "1", "x-b": "2"}, []),
        ({"X-A": "a,b"}, {"X-A": "a,  b"}, []),
        ({"Accept": "a, b"}, {"Accept": "a,b"}, []),
        ({"X-A": []}, {"X-A": "1"}, ["Expected an empty header 'X-A' but actual value was '1'"]),
        (
            {"Accept": "a, b"},
            {"Accept": "a"},
            ["Mismatch with header 'Accept': Expected value 'b' at index 1 but was missing (actual has 1 value(s))"],
        ),
        (
            {"Vary": "a, b"},
            {"Vary": "a, c"},
            ["Mismatch with header 'Vary': Expected 'c' to be equal to 'b' for value at index 1"],
        ),
        ({"Content-Type": "a/b;x=1;y=Z"}, {"Content-Type": "a/b; y=z; x=1; more=2"}, []),
        (
            {"Content-Type": "a/b"},
            {"Content-Type": "a/c"},
            ["Mismatch with header 'Content-Type': Expected header 'Content-Type' to have value 'a/b' but was 'a/c'"],
        ),
        (
            {"Accept": "a, c;q=1"},
            {"Accept": "a, c;q=2"},
            [f"Mismatch with header 'Accept': {ACCEPT_DIFFERS}"],
        ),
    ],
)
def test_headers_differ_in_these_words(expected: Json, actual: Json, texts: list[str]) -> None:
    assert _texts({"headers": expected}, {"headers": actual}) == texts


SAME_TYPES = [
    ("Application/JSON", "application/json"),
    ("application/json;charset=utf-8", 'application/json; Charset="UTF-8"'),
    ('multipart/form-data; boundary="a;b"', 'multipart/form-data;boundary="a;b"'),
    (r'text/plain; title="a\"b"', r'text/plain; title="a\"b"; more=1'),
    ('text/plain; title="', 'text/plain; title="'),
]


@pytest.mark.parametrize(("expected", "actual"), SAME_TYPES)
@pytest.mark.parametrize("name", ["Content-Type", "Accept"])
def test_types_are_compared_in_any_case_and_with_or_without_quotes(name: str, expected: str, actual: str) -> None:
    """Row 77."""
    assert _texts({"headers": {name: expected}}, {"headers": {name.lower(): actual}}) == []


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("a/b; q=1", "a/b; q=2"),
        ("a/b; q=1", "a/b"),
        ('a/b; t="c;d"', "a/b; t=c;d"),
        ('a/b; t=""', "a/b"),
        ("no type", "No type"),
    ],
)
def test_types_whose_parameters_say_something_else_differ(expected: str, actual: str) -> None:
    assert len(_texts({"headers": {"Content-Type": expected}}, {"headers": {"Content-Type": actual}})) == 1


@pytest.mark.parametrize(
    ("expected", "actual", "differs"),
    [
        ("a=1; b=2", "b=2; a=1", False),
        ("a=1; b=2", "b=2;a=1;", False),
        (["a=1", "b=2"], "b=2; a=1", False),
        ("a=1, b=2", "a=1, b=2", False),
        ("a=1; b=2", "a=1", True),
        ("a=1", "a=1; b=2", True),
        ("a=1; b=2", "a=1; b=3", True),
        ("a=1", "A=1", True),
    ],
)
def test_the_pairs_of_cookies_have_no_order(expected: Any, actual: str, differs: bool) -> None:
    """Row 68."""
    found = _texts({"headers": {"Cookie": expected}}, {"headers": {"Cookie": actual}})
    wanted = "; ".join(expected) if isinstance(expected, list) else expected
    assert found == (
        [f"Mismatch with header 'Cookie': Expected '{actual}' to be equal to '{wanted}'"] if differs else []
    )


def test_a_rule_on_cookies_sees_them_as_they_came() -> None:
    rule = _ruled("header", "Cookie", {"match": "regex", "regex": r"a=\d; b=\d"})
    assert _texts({"headers": {"Cookie": "a=1; b=2"}, **rule}, {"headers": {"Cookie": "a=3; b=4"}}) == []
    assert _texts({"headers": {"Cookie": "a=1; b=2"}, **rule}, {"headers": {"Cookie": "b=4; a=3"}}) != []


def test_a_missing_header_shows_what_was_expected_in_quotes() -> None:
    (found,) = _json({"headers": {"X-A": "1"}}, {})
    assert (found["key"], found["expected"], found["actual"]) == ("X-A", '"1"', "")


def test_header_rules_know_no_case() -> None:
    rule = _ruled("header", "X-A", {"match": "regex", "regex": r"\d+"})
    assert _texts({"headers": {"x-A": "1"}, **rule}, {"headers": {"X-a": "22"}}) == []


@pytest.mark.parametrize(("part", "category"), [("headers", "header"), ("query", "query")])
def test_a_value_that_equals_its_example_must_still_pass_its_rules(part: str, category: str) -> None:
    given = {part: {"A": ["x"]}}
    assert _texts({**given, **_ruled(category, "A", {"match": "integer"})}, given) != []


def test_rules_on_several_values_say_which_value_and_which_header() -> None:
    """Row 27: the reference always says index 0, and `$.allow` for the header."""
    rule = _ruled("header", "Allow", {"match": "regex", "regex": "[A-Z]+"}, {"match": "type", "min": 3})
    found = _json({"headers": {"Allow": "GET"}, **rule}, {"headers": {"Allow": "GET, put"}})
    assert [(item["key"], item["mismatch"]) for item in found] == [
        ("Allow", "Mismatch with header 'Allow': Expected 'put' to match '[A-Z]+' for value at index 1"),
        ("Allow", "Expected [GET, put] (size 2) to have minimum size of 3"),
    ]


JSON, TEXT = {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}


@pytest.mark.parametrize(
    ("expected", "actual", "matches"),
    [
        ("application/json", "application/hal+json;charset=x", True),
        ("application/hal+json", "application/json", False),
        ("application/json;charset=utf-8", "application/json", False),
        ("application/json", "application/json;charset=utf-8", True),
        ("application/hal+json", "application/hal+xml", True),
        ("text/xml", "application/xml", True),
    ],
)
def test_types_are_accepted_one_way_only(expected: str, actual: str, matches: bool) -> None:
    """Row 21; this is the decision on the body, and the header has its own."""
    found = _match(
        {"headers": {"Content-Type": expected}, "body": {"a": 1}},
        {"headers": {"Content-Type": actual}, "body": {"a": 1}},
    )
    assert (not any(item.type == "BodyTypeMismatch" for item in found.body)) is matches


def test_a_rule_for_the_content_type_decides_for_header_and_body_alike() -> None:
    """Row 22: for the body, the reference tries the rule on the type as it renders it, without the blank."""
    rule = _ruled("header", "Content-Type", {"match": "regex", "regex": "text/(plain|csv); charset=UTF-8"})
    expected = {"headers": {"Content-Type": "text/plain; charset=UTF-8"}, "body": "a", **rule}
    assert _texts(expected, {"headers": {"Content-Type": "text/csv; charset=UTF-8"}, "body": "a"}) == []


def test_another_type_is_a_mismatch_with_both_bodies() -> None:
    found = _json({"headers": TEXT, "body": "a"}, {"headers": {"Content-Type": "image/png"}, "body": "YQ=="})
    assert found[-1] == {
        "type": "BodyTypeMismatch",
        "expected": "text/plain",
        "actual": "image/png",
        "mismatch": "Expected a body of 'text/plain' but the actual content type was 'image/png'",
        "expectedBody": "a",
        "actualBody": "a",
    }


@pytest.mark.parametrize(
    ("expected", "actual", "texts"),
    [
        ({}, {"body": {"a": 1}}, []),
        ({"body": None}, {}, []),
        ({"body": None}, {"body": ""}, []),
        ({"body": ""}, {"body": {"a": 1}}, ["Expected empty body but received Present(7 bytes)"]),
        ({"headers": JSON, "body": {"a": 1}}, {"headers": JSON}, ["Expected body Present(7 bytes) but was missing"]),
        ({"headers": JSON, "body": {"a": 1}}, {"headers": JSON, "body": ""}, [
            "Expected body Present(7 bytes) but was empty",
        ]),
        ({"headers": TEXT, "body": "a"}, {"headers": TEXT, "body": "b"}, [
            "Expected body 'a' to match 'b' using equality but did not match",
        ]),
    ],
)  # fmt: skip
def test_bodies_that_are_not_there_are_told_apart(expected: Json, actual: Json, texts: list[str]) -> None:
    assert _texts(expected, actual) == texts


def _match_body(expected: Json, content: bytes) -> RequestResult:
    """Compare a request with the same but for the bytes of its body."""
    received = _received({"headers": JSON, "body": {"any": "thing"}})
    received = replace(received, body=replace(received.body, content=content))
    request = reading.read_request({"headers": JSON, **expected}, specification.V3)
    return compile_expectation(HttpInteraction("an interaction", request=request)).match(received)


def test_a_json_null_is_no_body() -> None:
    """Row 31: in the reference a null body refuses a JSON null."""
    assert _match_body({"body": None}, b"null").all_matched
    assert not _match_body({"body": None}, b"0").all_matched


def test_broken_json_is_a_mismatch() -> None:
    (found,) = _match_body({"body": {"a": 1}}, b'{"a":').body
    assert found.mismatch.startswith("Failed to parse the actual body: '")


@pytest.mark.parametrize("depth", [300, 900, 20_000])
def test_deeply_nested_bodies_are_a_mismatch_and_no_crash(depth: int) -> None:
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    assert _match_body({"body": {"a": 1}, **_ruled("body", "$", {"match": "type"})}, deep).body


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_forms_are_compared_as_queries_are() -> None:
    found = _json({"headers": FORM, "body": "a=1&b=2"}, {"headers": FORM, "body": "a=3&c=4&b=2"})
    assert [(item["path"], item["mismatch"]) for item in found] == [
        ("$.a", "Expected form post parameter 'a' with value '1' but was '3'"),
        ("$.c", "Unexpected form post parameter 'c' received"),
    ]


def test_all_values_of_a_form_field_have_a_path_of_their_own() -> None:
    """Row 57: kept as the reference has it."""
    rule = _ruled("body", "$.a", {"match": "type", "min": 2})
    (found,) = _json({"headers": FORM, "body": "a=1", **rule}, {"headers": FORM, "body": "a=1"})
    assert found["path"] == "$.$.a"


def test_bytes_are_shown_by_their_start() -> None:
    png = {"Content-Type": "image/png"}
    (found,) = _json({"headers": png, "body": "AAEC"}, {"headers": png, "body": "AAED"})
    assert found["mismatch"] == (
        "Actual body [image/png, 3 bytes, starting with 000103] is not equal to the expected body"
        " [image/png, 3 bytes, starting with 000102]"
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"match": "include", "value": "z"}, "Expected 'ab' to include 'z'"),
        ({"match": "equality"}, "Expected '[99]...' (1 bytes) to be equal to '[97, 98]...' (2 bytes)"),
        ({"match": "integer"}, "Unable to match '[97, 98]...' (2 bytes) using Integer"),
        (
            {"match": "contentType", "value": "image/png"},
            "Expected binary contents to have content type 'image/png' but detected contents was 'text/plain'",
        ),
    ],
)
def test_rules_on_bytes_refuse_in_these_words(rule: Json, text: str) -> None:
    octets = {"Content-Type": "application/octet-stream"}
    expected = {"headers": octets, "body": "Yw==", **_ruled("body", "$", rule)}
    assert _texts(expected, {"headers": octets, "body": "YWI="}) == [text]


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.mark.parametrize(
    ("content", "expected", "detected"),
    [
        (PNG, "image/png", None),
        (PNG, "image/jpeg", "image/png"),
        (b'{"a":1}', "application/json", None),
        (b'{"a":1}', "application/hal+json", "application/json"),
        (b"text", "text/plain", None),
        (b"text", "no type", "text/plain"),
        (b"<a/>", "application/xml", None),
        (b"\x00\x01\xff", "application/octet-stream", None),
        (b"\x00\x01\xff", "image/png", "application/octet-stream"),
        (b"", "text/plain", None),
        (b"<a/>", "text/xml", "application/xml"),
        (b"\xff\xfe", "application/json", "text/plain"),
        (b" <?xml version='1.0'?><a/>", "text/xml", None),
        (b"<!-- a -->", "text/html", None),
        (b"#!/bin/sh", "text/x-shellscript", None),
        (b"BC was before AD", "text/plain", "application/x-llvm"),
        (b"-----BEGIN CERTIFICATE-----", "application/x-x509-ca-cert", None),
        (b"\0\0\1\0", "image/vnd.microsoft.icon", None),
        (b"Rar!\x1a\7\0", "application/vnd.rar", None),
        (b"\xef\xbb\xbf" + b" " * 1017 + b"%PDF-1.7", "application/pdf", None),
        (b"\xef\xbb\xbf" + b" " * 1018 + b"%PDF-1.7", "application/pdf", "text/plain"),
        (b"GIF89a %PDF-1.7", "image/gif", None),
        (b"\xce\xb2\xcf\x81", "application/x-brotli", "text/plain"),
    ],
)
def test_contents_are_of_the_type_that_their_bytes_show(content: bytes, expected: str, detected: str | None) -> None:
    """§4.8."""
    problem = content_detection.problem(content, expected)
    assert problem == (
        detected
        and f"Expected binary contents to have content type '{expected}' but detected contents was '{detected}'"
    )


def test_the_score_counts_parts() -> None:
    """§6.2: one up for each part that fits, one down for each that does not."""
    expected = {"path": "/a", "query": {"q": ["1"]}, "headers": {"X-A": "1"}, "body": {"a": 1, "b": 2}}
    assert _match(expected, expected).score == 4
    assert _match(expected, {**expected, "path": "/b", "headers": {}}).score == 0
    assert _match(expected, {**expected, "body": {"a": 2, "b": 3}}).score == 2
