"""Multipart bodies are taken apart, paired by name and compared part by part."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching.bodies.multipart import compile_body
from pactmock.matching.compiling import compile_category
from pactmock.matching.mismatch import BodyMismatch, BodyTypeMismatch
from pactmock.matching.parts.part import ExpectedPart, Part
from pactmock.pact.matching_rules.categories import from_json
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts.content_type import ContentType
from pactmock.pact.parts.headers import Headers

Rules = dict[str, dict[str, Any]]

FORM_DATA = ContentType("multipart", "form-data")
TYPE = {"match": "type"}
INTEGER = {"match": "integer"}


def field(name: str, content: str, *headers: str) -> str:
    return "\r\n".join([f'Content-Disposition: form-data; name="{name}"', *headers, "", content])


def file(name: str, content: str, content_type: str, *headers: str) -> str:
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="any.txt"'
    return "\r\n".join([disposition, f"Content-Type: {content_type}", *headers, "", content])


def body(*parts: str, boundary: str = "X") -> bytes:
    return ("".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n").encode()


def headers(boundary: str = "X") -> Headers:
    return {"content-type": (f"multipart/form-data; boundary={boundary}",)}


def compare(
    expected: bytes, actual: bytes, rules: Rules | None = None, *, strict: bool = True, boundary: str = "X"
) -> list[Any]:
    categories = {"body": {path: {"matchers": [rule]} for path, rule in (rules or {}).items()}}
    place = compile_category(from_json(categories), "body")
    wanted = ExpectedPart(bodies.present(expected), FORM_DATA, headers(), place, strict)
    return list(compile_body(wanted)(Part(bodies.present(actual), FORM_DATA, headers(boundary))))


def texts(*args: Any, **kwargs: Any) -> list[str]:
    return [item.mismatch for item in compare(*args, **kwargs)]


NAMES = st.from_regex(r"[a-zé][a-z0-9 .]{0,5}", fullmatch=True)
TEXT = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="-")
CONTENTS = st.text(TEXT, max_size=20)
PARTS = st.one_of(
    st.builds(field, NAMES, CONTENTS),
    st.builds(field, NAMES, CONTENTS, st.just("X-Test: 1")),
    st.builds(file, NAMES, CONTENTS, st.sampled_from(["text/plain", "image/png", "application/octet-stream"])),
)


@given(st.lists(PARTS, unique_by=lambda part: part.split('"')[1], max_size=4), st.booleans())
def test_a_body_matches_itself_whatever_the_boundary(parts: list[str], strict: bool) -> None:
    assert compare(body(*parts), body(*parts, boundary="other"), boundary="other", strict=strict) == []


@given(st.binary(max_size=60), st.booleans())
def test_no_bytes_raise_an_error(content: bytes, inside: bool) -> None:
    compare(body(field("a", "1")), b"--X\r\n" + content + b"\r\n--X--" if inside else content)


@given(st.text(max_size=30))
def test_no_headers_raise_an_error(text: str) -> None:
    compare(body(field("a", "1")), body(f"Content-Disposition: form-data; {text}\r\n\r\n1"))
    boundary: Headers = {"Content-Type": (f"multipart/form-data; {text}",)}
    compile_body(ExpectedPart(bodies.present(b"--X--"), FORM_DATA, boundary))(Part(bodies.EMPTY, FORM_DATA))


ONE = body(field("a", "1"))


def test_a_field_is_compared_as_a_text() -> None:
    text = "MIME part 'a': Expected '2' to be equal to '1'"
    assert compare(ONE, body(field("a", "2"))) == [BodyMismatch("$.a", b"1", b"2", text)]


@pytest.mark.parametrize("path", ["$.a", "$.*", "$"])
def test_a_field_is_compared_by_the_rules_for_its_name(path: str) -> None:
    assert compare(ONE, body(field("a", "22")), {path: INTEGER}) == []
    text = "Expected 'x' to match an integer number"
    assert compare(ONE, body(field("a", "x")), {path: INTEGER}) == [BodyMismatch("$.a", b"1", b"x", text)]


def test_a_field_may_be_encoded_for_the_transfer() -> None:
    encoding = "content-transfer-encoding: BASE64"
    assert compare(ONE, body(field("a", "MQ==", encoding))) == []
    assert compare(ONE, body(field("a", "Mg==", encoding))) == [
        BodyMismatch("$.a", b"1", b"Mg==", "MIME part 'a': Expected '2' to be equal to '1'")
    ]
    assert texts(ONE, body(field("a", "M", encoding))) == ["MIME part 'a': Expected 'M' to be equal to '1'"]


def test_a_field_is_text_also_where_its_bytes_are_none() -> None:
    received = ONE.replace(b"\r\n\r\n1", b"\r\n\r\n\xff")
    assert texts(ONE, received) == ["MIME part 'a': Expected '\ufffd' to be equal to '1'"]


@pytest.mark.parametrize("disposition", ["form-data; name=a", 'Form-Data; NAME="a"', "form-data; name=\"a\"; x='y;z'"])
def test_the_name_of_a_field_is_read_in_all_its_spellings(disposition: str) -> None:
    assert compare(ONE, body(f"content-disposition: {disposition}\r\n\r\n1")) == []


def test_names_may_hold_any_character() -> None:
    found = compare(body(field('a\\"é', "1")), body(field('a\\"é', "2")))
    assert [item.path for item in found] == ["$['a\"é']"]


def test_a_name_of_digits_is_an_index_in_paths() -> None:
    assert compare(body(field("7", "1")), body(field("7", "2")), {"$[7]": TYPE}) == []
    assert [item.path for item in compare(body(field("7", "1")), body(field("7", "2")))] == ["$[7]"]


def test_parts_are_paired_by_name_in_any_order() -> None:
    assert compare(body(field("a", "1"), field("b", "2")), body(field("b", "2"), field("a", "1"))) == []


def test_parts_that_nobody_expects_are_ignored() -> None:
    """Row 30."""
    assert compare(ONE, body(field("a", "1"), field("b", "2"))) == []


def test_of_parts_with_the_same_name_the_first_one_counts() -> None:
    """Row 30."""
    assert compare(ONE, body(field("a", "1"), field("a", "2"))) == []
    assert texts(ONE, body(field("a", "2"), field("a", "1"))) == ["MIME part 'a': Expected '2' to be equal to '1'"]


def test_a_part_is_compared_with_the_one_of_its_name_that_came_as_late() -> None:
    """Row 66."""
    tags = body(field("tag", "red"), field("a", "1"), field("tag", "blue"))
    assert compare(tags, tags) == []
    assert compare(tags, body(field("tag", "red"), field("tag", "blue"), field("tag", "green"), field("a", "1"))) == []
    assert texts(tags, body(field("tag", "blue"), field("tag", "red"), field("a", "1"))) == [
        "MIME part 'tag': Expected 'blue' to be equal to 'red'",
        "MIME part 'tag': Expected 'red' to be equal to 'blue'",
    ]
    assert texts(tags, body(field("tag", "red"), field("a", "1"))) == ["Expected 2 MIME parts 'tag' but received fewer"]


def test_a_rule_at_a_name_holds_for_each_part_of_it() -> None:
    """Row 66."""
    numbers = body(field("n", "1"), field("n", "2"))
    assert compare(numbers, body(field("n", "10"), field("n", "20")), {"$.n": INTEGER}) == []
    assert texts(numbers, body(field("n", "10"), field("n", "x")), {"$.n": INTEGER}) == [
        "Expected 'x' to match an integer number"
    ]
    expected, sent = (body(*(file("f", f'{{"a":{n}}}', "application/json") for n in pair)) for pair in ((1, 2), (3, 4)))
    assert compare(expected, sent, {"$.f.a": INTEGER}) == []
    assert len(compare(expected, sent)) == 2


JSON_FIELD, XML_FIELD = "Content-Type: application/json", "Content-Type: text/xml"


def test_a_field_that_says_it_is_json_or_xml_is_compared_as_such() -> None:
    """Row 67."""
    expected = body(field("j", '{"a":1,"b":[2]}', JSON_FIELD), field("x", "<a><b>1</b></a>", XML_FIELD))
    assert not texts(
        expected, body(field("j", '{ "b": [2],\n "a": 1 }', JSON_FIELD), field("x", "<a> <b>1</b> </a>", XML_FIELD))
    )
    assert compare(expected, body(field("j", '{"a":7,"b":[2]}'), field("x", "<a><b>2</b></a>"))) == [
        BodyMismatch("$.a", b"1", b"7", "MIME part 'j': Expected 7 (Integer) to be equal to 1 (Integer)"),
        BodyMismatch("$.a.b['#text']", b"1", b"2", "MIME part 'x': Expected '2' to be equal to '1'"),
    ]


@pytest.mark.parametrize("path", ["$.j.a", "$.j", "$.j.*"])
def test_rules_below_the_name_of_a_json_field_are_for_what_is_in_it(path: str) -> None:
    """Row 67."""
    expected, sent, other = (body(field("j", f'{{"a":{value}}}', JSON_FIELD)) for value in ("1", "2", '"x"'))
    assert compare(expected, sent, {path: TYPE}) == []
    assert compare(expected, other, {path: TYPE}) == [
        BodyMismatch("$.a", b"1", b'"x"', "MIME part 'j': Expected 'x' (String) to be the same type as 1 (Integer)")
    ]


def test_the_type_of_a_part_is_the_same_in_any_case_and_with_quotes() -> None:
    """Row 77."""
    expected, sent = (
        body(file("f", "{}", kind)) for kind in ("application/json;charset=utf-8", 'Application/JSON; charset="UTF-8"')
    )
    assert compare(expected, sent) == []
    assert len(compare(expected, body(file("f", "{}", "application/json; charset=latin1")))) == 2


@pytest.mark.parametrize(
    "rules",
    [
        {"$.j": {"match": "regex", "regex": r"\{.*\}"}},
        {"$.j": {"match": "include", "value": "a"}},
        {"$.j": {"match": "contentType", "value": "application/json"}},
        {"$.*": TYPE},
        {"$": TYPE},
    ],
)
def test_a_json_field_is_a_text_for_rules_on_texts_and_for_those_of_all_fields(rules: Rules) -> None:
    """Row 67: these work in the reference, which knows no others for fields."""
    assert compare(body(field("j", '{"a":1}', JSON_FIELD)), body(field("j", '{"a":[2]}', JSON_FIELD)), rules) == []


def test_a_part_without_a_name_stands_for_the_expected_one_at_its_index() -> None:
    related = [f"Content-Type: application/json\r\n\r\n{content}" for content in ('{"a":1}', '{"a":2}')]
    assert compare(body(related[0]), body(related[1]), {"$[0].a": TYPE}) == []
    assert compare(body(related[0]), body(related[1])) == [
        BodyMismatch("$.a", b"1", b"2", "MIME part '0': Expected 2 (Integer) to be equal to 1 (Integer)")
    ]
    assert compare(body(field("a", "1")), body("Content-Disposition: form-data\r\n\r\n1")) == []


def test_a_missing_part_is_named() -> None:
    assert compare(body(field("a", "1"), field("b", "2")), ONE) == [
        BodyMismatch("$", b"b", None, "Expected a MIME part 'b' but was missing")
    ]


def test_a_field_is_not_a_file() -> None:
    sent = body(file("a", "1", "text/plain"))
    assert compare(ONE, sent) == [BodyMismatch("$", b"a", None, "Expected a MIME field 'a' but was file")]
    assert compare(sent, ONE) == [BodyMismatch("$", b"a", None, "Expected a MIME file 'a' but was field")]


def test_a_part_without_a_disposition_is_a_file() -> None:
    assert texts(body("X-A: 1\r\n\r\n1"), ONE) == ["Expected a MIME part '' but was missing"]
    assert texts(ONE, body("X-A: 1\r\n\r\n1")) == ["Expected a MIME field 'a' but was file"]


HEADERS = [
    (("X-A: q",), ("x-a: q",), []),
    ((), ("X-A: q",), []),
    (("X-A: q",), (), ["MIME part 'a': Expected multipart header 'x-a' with value 'q' but was missing"]),
    (("X-A: q",), ("X-A: Q",), ["MIME part 'a': header 'x-a': Expected 'Q' to be equal to 'q'"]),
    (("X-A: q",), ("X-A: q", "x-a: r"), ["MIME part 'a': header 'x-a': Expected 'r' to be equal to 'q'"]),
    (("Content-Type: text/plain",), (), []),
    (
        ("Content-Type: text/plain",),
        ("Content-Type: text/html",),
        ["MIME part 'a': header 'content-type': Expected 'text/html' to be equal to 'text/plain'"],
    ),
    (("X-A:",), ("X-A: ",), []),
]


@pytest.mark.parametrize(("expected", "actual", "found"), HEADERS)
def test_the_headers_of_a_part_are_compared_for_equality(
    expected: tuple[str, ...], actual: tuple[str, ...], found: list[str]
) -> None:
    assert texts(body(field("a", "1", *expected)), body(field("a", "1", *actual))) == found


@pytest.mark.parametrize("path", ["$.a['x-a']", "$.a['X-A']", "$.A['X-a']", "$.*['x-a']"])
def test_a_header_of_a_part_is_compared_by_a_rule_for_just_this_header(path: str) -> None:
    expected = body(field("a", "1", "X-A: 1"))
    assert compare(expected, body(field("a", "1", "X-A: 22")), {path: INTEGER}) == []
    text = "MIME part 'a': Expected 'x' to match an integer number"
    assert compare(expected, body(field("a", "1", "X-A: x")), {path: INTEGER}) == [
        BodyMismatch("$.a['x-a']", b"1", b"x", text)
    ]


@pytest.mark.parametrize("path", ["$.File['x-a']", "$.file['x-a']"])
def test_no_rule_is_found_for_the_headers_of_a_part_with_upper_case_letters_in_its_name(path: str) -> None:
    """As the reference looks for the name as it is in rules whose names it has lowered."""
    expected, actual = (body(field("File", "1", f"X-A: {value}")) for value in "12")
    assert texts(expected, actual, {path: TYPE}) == ["MIME part 'File': header 'x-a': Expected '2' to be equal to '1'"]


@pytest.mark.parametrize("path", ["$.a.*", "$.*.*"])
def test_a_rule_for_everything_below_a_part_is_for_each_of_its_headers(path: str) -> None:
    expected, actual = (body(field("a", "1", f"X-A: {value}")) for value in "12")
    assert compare(expected, actual, {path: TYPE}) == []


def test_rules_for_a_part_are_not_rules_for_its_headers() -> None:
    expected, actual = (body(field("a", "1", f"X-A: {value}")) for value in "12")
    assert texts(expected, actual, {"$.a": TYPE}) == ["MIME part 'a': header 'x-a': Expected '2' to be equal to '1'"]


def test_the_disposition_is_only_compared_where_a_rule_asks_for_it() -> None:
    sent = ONE.replace(b'name="a"', b'name="a"; x=1')
    assert compare(ONE, sent) == []
    assert texts(ONE, sent, {"$.a['content-disposition']": {"match": "equality"}}) == [
        "MIME part 'a': Expected 'form-data; name=\"a\"; x=1' to be equal to 'form-data; name=\"a\"'"
    ]


def test_a_part_has_room_for_many_headers() -> None:
    many = [f"X-{n}: {n}" for n in range(30)]
    assert compare(body(field("a", "1", *many)), body(field("a", "1", *many))) == []


FILES = [
    ("application/json", '{"a":1}', '{"a": 2}', "$.a", "Expected 2 (Integer) to be equal to 1 (Integer)"),
    ("text/xml", "<a>1</a>", "<a>2</a>", "$.a['#text']", "Expected '2' to be equal to '1'"),
    ("text/plain", "x", "y", "$", "Expected body 'x' to match 'y' using equality but did not match"),
    (
        "image/png",
        "x",
        "y",
        "$",
        (
            "Actual body [image/png, 1 bytes, starting with 79]"
            " is not equal to the expected body [image/png, 1 bytes, starting with 78]"
        ),
    ),
    ("text/plain", "", "x", "$", "Expected body '' to match 'x' using equality but did not match"),
    (
        "application/x-www-form-urlencoded",
        "a=1",
        "a=2",
        "$.a",
        "Expected form post parameter 'a' with value '1' but was '2'",
    ),
]


@pytest.mark.parametrize(("content_type", "expected", "actual", "path", "text"), FILES)
def test_a_file_is_compared_as_a_body_of_its_type(
    content_type: str, expected: str, actual: str, path: str, text: str
) -> None:
    (found,) = compare(body(file("f", expected, content_type)), body(file("f", actual, content_type)))
    assert (found.path, found.mismatch) == (path, f"MIME part 'f': {text}")


def test_a_file_is_compared_by_the_rules_below_its_name() -> None:
    expected = body(file("f", '{"a":1}', "application/json"))
    assert compare(expected, body(file("f", '{"a":2}', "application/json")), {"$.f.a": TYPE}) == []
    assert compare(expected, body(file("f", '{"a":2}', "application/json")), {"$.f": TYPE}) == []
    assert compare(expected, body(file("f", '{"a":"x"}', "application/json")), {"$.f.a": TYPE}) == [
        BodyMismatch("$.a", b"1", b'"x"', "MIME part 'f': Expected 'x' (String) to be the same type as 1 (Integer)")
    ]


@pytest.mark.parametrize("path", ["$", "$.*", "$.*.a", "$.g.a"])
def test_rules_that_do_not_name_a_file_do_not_reach_into_it(path: str) -> None:
    expected, actual = (body(file("f", f'{{"a":{number}}}', "application/json")) for number in (1, 2))
    assert texts(expected, actual, {path: TYPE}) == ["MIME part 'f': Expected 2 (Integer) to be equal to 1 (Integer)"]


def test_the_content_type_rule_looks_at_what_a_file_is() -> None:
    expected = body(file("f", "x", "image/png"))
    rule = {"$.f": {"match": "contentType", "value": "image/png"}}
    assert compare(expected, body(file("f", "y", "image/png")).replace(b"\r\ny", b"\r\n\x89PNG\r\n\x1a\n"), rule) == []
    assert texts(expected, body(file("f", "y", "image/png")), rule) == [
        (
            "MIME part 'f': Expected binary contents to have content type 'image/png'"
            " but detected contents was 'text/plain'"
        )
    ]


def test_what_a_file_has_more_is_ignored_by_a_lenient_comparison() -> None:
    expected, actual = (body(file("f", document, "application/json")) for document in ("{}", '{"a":1}'))
    assert compare(expected, actual, strict=False) == []
    assert texts(expected, actual) == ["MIME part 'f': Expected an empty Map but received {\"a\":1}"]


def test_files_of_different_types_are_not_compared() -> None:
    found = compare(body(file("f", "{}", "application/json")), body(file("f", "<a/>", "text/xml")))
    assert found == [
        BodyMismatch(
            "$.f['content-type']",
            b"application/json",
            b"text/xml",
            "MIME part 'f': header 'content-type': Expected 'text/xml' to be equal to 'application/json'",
        ),
        BodyTypeMismatch(
            "application/json",
            "text/xml",
            "MIME part 'f': Expected a body of 'application/json' but the actual content type was 'text/xml'",
            b"{}",
            b"<a/>",
        ),
    ]


def test_a_file_of_unknown_type_is_compared_byte_by_byte() -> None:
    expected, actual = (body(f'Content-Disposition: form-data; name="f"; filename="f"\r\n\r\n{n}') for n in "12")
    assert texts(expected, actual) == [
        (
            "MIME part 'f': Actual body [*/*, 1 bytes, starting with 32]"
            " is not equal to the expected body [*/*, 1 bytes, starting with 31]"
        )
    ]


def test_a_file_may_be_encoded_for_the_transfer() -> None:
    encoded = file("f", "eyJhIjoxfQ==", "application/json", "Content-Transfer-Encoding: base64")
    assert compare(body(file("f", '{"a": 1}', "application/json")), body(encoded)) == []


def test_a_file_is_no_multipart_body_itself() -> None:
    """A body without headers has no boundary, whatever its type says."""
    nested = body(file("f", body(field("a", "1"), boundary="Y").decode(), 'multipart/mixed; boundary="Y"'))
    failed = "MIME part 'f': Failed to parse the {} body as a MIME multipart body: 'no content-type header'"
    assert texts(nested, nested) == [failed.format("expected"), failed.format("actual")]


PARSE_FAILURES = [
    (b"--X\r\n" + field("a", "1").encode(), 'field "a" received with incomplete data'),
    (ONE.removesuffix(b"--X--\r\n"), 'field "a" received with incomplete data'),
    (b"--X\r\nX-A: 1\r\n\r\n1\r\n", 'field "<unknown>" received with incomplete data'),
    (b"--X\r\nContent-Dispo", "incomplete multipart stream"),
    (b"--X\r\n", "incomplete multipart stream"),
    (b"garbage", "incomplete multipart stream"),
]


HEADLESS = [
    (b"--X\r\n\r\na\r\n\r\nb\r\n--X--\r\n", b"--X\r\n\r\nother\r\n\r\nb\r\n--X--\r\n", []),
    (
        b"--X\r\n\r\n\r\n\r\na\r\n--X--\r\n",
        b"--X \t\r\n\r\n\r\n\r\nb\r\n--X--\r\n",
        ["MIME part '0': Actual body [*/*, 3 bytes, starting with 0d0a62]"],
    ),
    (ONE, b"--X\r\n\r\n" + ONE, ["Expected a MIME field 'a' but was file"]),
    (ONE, ONE.removesuffix(b"--X--\r\n") + b"--X\r\n\r\nb\r\n\r\nc\r\n--X--\r\n", []),
]


@pytest.mark.parametrize(("expected", "actual", "found"), HEADLESS)
def test_what_stands_in_a_part_up_to_its_first_blank_line_are_its_headers(
    expected: bytes, actual: bytes, found: list[str]
) -> None:
    """Even in a part that begins with a blank line, as it has none."""
    assert [text.partition(" is not equal")[0] for text in texts(expected, actual)] == found


def test_a_part_with_no_blank_line_but_the_one_it_begins_with_is_cut_short() -> None:
    (text,) = texts(ONE, b"--X\r\n\r\na\r\n--X--\r\n")
    assert text == "Failed to parse the actual body as a MIME multipart body: 'incomplete multipart stream'"


RULES_FOR_FILES = [
    ("$.f.a", []),
    ("$.f", []),
    ("$['f'].*", []),
    ("$.*.a", ["MIME part 'f': Expected 2 (Integer) to be equal to 1 (Integer)"]),
    ("$.a", ["MIME part 'f': Expected 2 (Integer) to be equal to 1 (Integer)"]),
    ("$", ["MIME part 'f': Expected 2 (Integer) to be equal to 1 (Integer)"]),
]


@pytest.mark.parametrize(("path", "found"), RULES_FOR_FILES)
def test_only_rules_that_name_a_file_reach_into_it(path: str, found: list[str]) -> None:
    expected, actual = (body(file("f", f'{{"a": {value}}}', "application/json", "X-A: 1")) for value in "12")
    assert texts(expected, actual, {path: TYPE}) == found


@pytest.mark.parametrize("path", ["$['007'].a", "$[7].a", "$['7'].a"])
def test_a_file_called_by_digits_is_an_index(path: str) -> None:
    expected, actual = (body(file("007", f'{{"a": {value}}}', "application/json")) for value in "12")
    assert compare(expected, actual, {path: TYPE}) == []


@pytest.mark.parametrize(("content", "reason"), PARSE_FAILURES)
def test_a_body_that_is_cut_short_is_a_mismatch(content: bytes, reason: str) -> None:
    text = f"Failed to parse the actual body as a MIME multipart body: '{reason}'"
    assert compare(ONE, content) == [BodyMismatch("$", ONE, content, text)]
    assert texts(content, ONE) == [text.replace("actual", "expected")]
    assert texts(content, content) == [text.replace("actual", "expected"), text]


@pytest.mark.parametrize("content", [b"--X\r\nno header\r\n\r\n1\r\n--X--\r\n", ONE.replace(b"\r\n", b"\n")])
def test_a_body_of_another_form_is_a_mismatch(content: bytes) -> None:
    (text,) = texts(ONE, content)
    assert text.startswith("Failed to parse the actual body as a MIME multipart body: '")


@pytest.mark.parametrize(
    "content", [b"--X--", b"preamble\r\n" + ONE, b"\r\n" + ONE, ONE + b"epilogue", ONE.replace(b"X\r", b"X \t\r", 1)]
)
def test_what_stands_around_the_parts_is_ignored(content: bytes) -> None:
    assert compare(b"--X--\r\n" if content == b"--X--" else ONE, content) == []


def problems_without(expected: Headers, actual: Headers, content_type: ContentType = FORM_DATA) -> list[str]:
    check = compile_body(ExpectedPart(bodies.present(ONE), content_type, expected))
    return [item.mismatch for item in check(Part(bodies.present(ONE), content_type, actual))]


def test_the_boundary_is_that_of_the_header_of_each_side() -> None:
    failed = "Failed to parse the actual body as a MIME multipart body: "
    assert problems_without(headers(), {"CONTENT-TYPE": ('multipart/form-data; a=b; Boundary="X"',)}) == []
    assert problems_without(headers(), {"a": ("b",)}) == [f"{failed}'no content-type header'"]
    assert problems_without(headers(), {"Content-Type": ("multipart/form-data",)}) == [
        f"{failed}'no boundary in content-type'"
    ]
    assert problems_without(headers(), {"Content-Type": ("multipart",)}) == [
        f"{failed}'invalid content-type: \"multipart\" is not one'"
    ]


def test_the_boundary_is_not_that_of_the_type_where_there_is_no_header() -> None:
    content_type = ContentType("multipart", "mixed", None, (("boundary", "X"),))
    failed = "Failed to parse the {} body as a MIME multipart body: 'no content-type header'"
    assert problems_without({}, {}, content_type) == [failed.format("expected"), failed.format("actual")]
