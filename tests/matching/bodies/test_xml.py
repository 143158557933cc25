"""XML bodies are compared as the reference compares them, and no document can do harm."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching.bodies.xml import compile_body
from pactmock.matching.compiling import compile_category
from pactmock.matching.mismatch import BodyMismatch
from pactmock.matching.parts.part import ExpectedPart, Part
from pactmock.pact.matching_rules.categories import from_json
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types

Rules = dict[str, dict[str, Any]]

TYPE = {"match": "type"}
INTEGER = {"match": "integer"}
DIGITS = {"match": "regex", "regex": "\\d+"}


def compare(expected: str, actual: str | bytes, rules: Rules | None = None, *, strict: bool = True) -> list[Any]:
    categories = {"body": {path: {"matchers": [rule]} for path, rule in (rules or {}).items()}}
    place = compile_category(from_json(categories), "body")
    content = actual.encode() if isinstance(actual, str) else actual
    check = compile_body(ExpectedPart(bodies.present(expected.encode()), types.XML, rules=place, strict=strict))
    return list(check(Part(bodies.present(content), types.XML)))


def texts(*args: Any, **kwargs: Any) -> list[str]:
    return [item.mismatch for item in compare(*args, **kwargs)]


NAMES = st.from_regex(r"[a-z][a-z0-9]{0,3}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=8)


def _write(name: str, attributes: dict[str, str], content: list[str]) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{''.join(content)}</{name}>"


ELEMENTS: st.SearchStrategy[str] = st.recursive(
    st.builds(_write, NAMES, st.dictionaries(NAMES, TEXTS, max_size=3), st.lists(TEXTS.map(escape), max_size=2)),
    lambda children: st.builds(_write, NAMES, st.dictionaries(NAMES, TEXTS, max_size=2), st.lists(children)),
    max_leaves=12,
)


@given(ELEMENTS, st.booleans())
def test_a_document_matches_itself(document: str, strict: bool) -> None:
    declared = f'<?xml version="1.0"?>\n<!-- the same -->{document}'
    assert compare(document, document, strict=strict) == []
    assert compare(document, declared, strict=strict) == []
    assert compare(document, document, {"$": {"match": "equality"}}, strict=strict) == []


@given(ELEMENTS, ELEMENTS)
def test_what_a_strict_comparison_accepts_a_lenient_one_accepts(expected: str, actual: str) -> None:
    if not compare(expected, actual):
        assert compare(expected, actual, strict=False) == []


@given(st.binary(max_size=40), st.booleans())
def test_no_bytes_raise_an_error(content: bytes, inside: bool) -> None:
    compare("<a>1</a>", b"<a>" + content + b"</a>" if inside else content)


CAT = "<r><dog/><cat/><wolf/></r>"
MISMATCHES = [
    ("<a/>", "<b/>", "$.a", "a", "b", "Expected 'a' to be equal to 'b'"),
    ("<a>1</a>", "<a> 2\n</a>", "$.a['#text']", "1", "2", "Expected '2' to be equal to '1'"),
    ("<a>1</a>", "<a/>", "$.a['#text']", "1", "", "Expected '' to be equal to '1'"),
    ("<a><b>1</b></a>", "<a><b>2</b></a>", "$.a.b['#text']", "1", "2", "Expected '2' to be equal to '1'"),
    ('<a x="1"/>', '<a x="2"/>', "$.a['@x']", "1", "2", "Expected '2' to be equal to '1'"),
    (
        "<a/>",
        '<a c="2" b="&quot;"/>',
        "$.a",
        "{}",
        '{"b": "\\"", "c": "2"}',
        'Did not expect any attributes but received {"b": "\\"", "c": "2"}',
    ),
    (
        '<a x="1"/>',
        '<a x="1" y="2"/>',
        "$.a",
        '{"x": "1"}',
        '{"x": "1", "y": "2"}',
        "Expected 1 attribute(s) but received 2 attribute(s)",
    ),
    ("<a/>", "<a><b/><c/></a>", "$.a", "", "b, c", "Expected no children but received [b, c]"),
    ("<a><b/></a>", "<a><b/><c/></a>", "$.a", "b", "b, c", "Unexpected child <c/>"),
    ("<a><b/><c/></a>", "<a><c/></a>", "$.a", "b, c", "c", "Expected child <b/> but was missing"),
    ("<a><b/><b/><c/></a>", "<a><c/><b/></a>", "$.a.b", "b, b", "c, b", "Expected child <b/> but was missing"),
    (CAT, "<r><dog/><cat/><cat/><wolf/></r>", "$.r.cat", "cat", "dog, cat, cat, wolf", "Unexpected child <cat/>"),
    (
        '<a xmlns="urn:x"/>',
        "<a/>",
        "$['urn:x:a']",
        "urn:x:a",
        "a",
        "Expected 'urn:x:a' to be equal to 'a'",
    ),
    (
        '<a xml:lang="en"/>',
        '<a xml:lang="de"/>',
        "$.a['@http://www.w3.org/XML/1998/namespace:lang']",
        "en",
        "de",
        "Expected 'de' to be equal to 'en'",
    ),
]


@pytest.mark.parametrize(("expected", "actual", "path", "wanted", "received", "text"), MISMATCHES)
def test_a_difference_is_said_in_the_words_of_the_reference(
    expected: str, actual: str, path: str, wanted: str, received: str, text: str
) -> None:
    assert compare(expected, actual) == [BodyMismatch(path, wanted.encode(), received.encode(), text)]


def test_a_missing_attribute_is_named_besides_the_count() -> None:
    assert compare('<a x="1" y="2"/>', '<a x="1"/>') == [
        BodyMismatch(
            "$.a", b'{"x": "1", "y": "2"}', b'{"x": "1"}', "Expected 2 attribute(s) but received 1 attribute(s)"
        ),
        BodyMismatch("$.a['@y']", b"y", None, "Expected attribute 'y'='2' but was missing"),
    ]


def test_each_child_that_is_too_many_is_said() -> None:
    assert texts(CAT, "<r><dog/><dog/><cat/><cat/><cat/><wolf/></r>") == [
        "Unexpected child <cat/>",
        "Unexpected child <cat/>",
        "Unexpected child <dog/>",
    ]


def test_nothing_is_said_of_what_is_inside_an_element_of_another_name() -> None:
    assert texts('<a x="1"><b/>1</a>', "<b>2</b>") == ["Expected 'a' to be equal to 'b'"]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("<a/>", '<a x="1"><b/></a>'),
        ('<a x="1"/>', '<a x="1" y="2"/>'),
        ("<a><b/></a>", "<a><b/><b/><c/></a>"),
    ],
)
def test_a_lenient_comparison_ignores_what_is_not_expected(expected: str, actual: str) -> None:
    assert compare(expected, actual, strict=False) == []
    assert compare(expected, actual) != []


def test_a_lenient_comparison_misses_what_is_expected() -> None:
    assert texts('<a x="1" y="2"><b/><b/></a>', '<a x="1"><b/></a>', strict=False) == [
        "Expected at least 2 attribute(s) but received 1 attribute(s)",
        "Expected attribute 'y'='2' but was missing",
        "Expected child <b/> but was missing",
    ]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("<a><b/><c/></a>", "<a><c/><b/></a>"),
        ("<a>x<b/>y</a>", "<a> <b/> xy </a>"),
        ("<a>x <!-- c --> y</a>", "<a>xy</a>"),
        ("<a>x <![CDATA[ <y> ]]> z</a>", "<a>x&lt;y&gt;z</a>"),
        ('<a xmlns="urn:x"><b/></a>', '<p:a xmlns:p="urn:x"><q:b xmlns:q="urn:x"/></p:a>'),
        ('<a xmlns:p="urn:x" p:i="1"/>', '<a xmlns:q="urn:x" q:i="1"/>'),
        ("<a>1\n2</a>", "<a>1\r\n2</a>"),
        ("<a>1</a>", "\ufeff<a>1</a>"),
    ],
)
def test_the_order_of_names_comments_prefixes_and_line_ends_do_not_matter(expected: str, actual: str) -> None:
    assert compare(expected, actual) == []


def test_blanks_beside_an_escaped_character_belong_to_the_text() -> None:
    """Unlike in the reference, whose texts end at each `&amp;` and are trimmed there."""
    assert texts("<a>Fish &amp; Chips</a>", "<a>Fish&amp;Chips</a>") == [
        "Expected 'Fish&Chips' to be equal to 'Fish & Chips'"
    ]
    assert compare("<a>x</a>", "<a>Fish &amp; Chips</a>", {"$.a.#text": {"match": "regex", "regex": "F.* & C.*"}}) == []


ELEMENT = 'Element { name: QName { namespace_uri: None, local_part: "a" } }'
ELEMENT_RULES: list[tuple[dict[str, Any], str, list[str]]] = [
    (TYPE, "<a/>", []),
    (TYPE, "<b/>", ["Expected 'a' to be the same type as 'b'"]),
    ({"match": "equality"}, "<a/>", []),
    ({"match": "equality"}, "<b/>", ["Expected 'a' to be equal to 'b'"]),
    ({"match": "regex", "regex": "[ab]?"}, "<b/>", []),
    ({"match": "regex", "regex": "a"}, "<ab/>", ["Expected 'ab' to match 'a'"]),
    ({"match": "notEmpty"}, "<a/>", ["Expected 'a' to have at least one child"]),
    ({"match": "type", "min": 1}, "<a/>", []),
    ({"match": "type", "min": 1}, "<b/>", ["Expected 'a' to be the same type as 'b'"]),
    ({"match": "type", "min": 2, "max": 3}, "<a><!-- x --><!-- y --></a>", ["Expected at least 2 <a/> but received 1"]),
    ({"match": "type", "max": 1}, "<a><!-- x --><!-- y --><?z z?></a>", []),
    (INTEGER, "<a/>", [f"Unable to match {ELEMENT} using Integer"]),
    ({"match": "include", "value": "a"}, "<a/>", [f'Unable to match {ELEMENT} using Include("a")']),
]


@pytest.mark.parametrize(("rule", "actual", "found"), ELEMENT_RULES)
def test_a_rule_on_an_element_is_about_its_name_and_the_number_of_such_elements(
    rule: dict[str, Any], actual: str, found: list[str]
) -> None:
    assert texts("<a/>", actual, {"$.a": rule}) == found


def test_a_rule_that_no_element_can_pass_shows_its_namespace() -> None:
    shown = 'Element { name: QName { namespace_uri: Some("urn:x"), local_part: "a" } }'
    assert texts('<a xmlns="urn:x"/>', '<a xmlns="urn:x"/>', {"$['urn:x:a']": INTEGER}) == [
        f"Unable to match {shown} using Integer"
    ]


def test_a_pattern_on_an_element_may_be_meant_for_its_text() -> None:
    """As cases of the specification have it, for V2 and V3."""
    assert compare("<a><b>1</b></a>", "<a><b>22</b></a>", {"$.a.b": DIGITS}) == []
    assert texts("<a><b>1</b></a>", "<a><b>x</b></a>", {"$.a.b": DIGITS}) == ["Expected 'b' to match '\\d+'"]
    assert texts("<a>1</a>", "<a>1<b/></a>", {"$.a": DIGITS}) == ["Expected 'a' to match '\\d+'"]


def test_a_pattern_from_above_is_not_meant_for_the_text_of_an_element() -> None:
    pattern = {"match": "regex", "regex": "a|\\d*"}
    assert texts("<a><b>1</b></a>", "<a><b>22</b></a>", {"$.a": pattern}) == ["Expected 'b' to match 'a|\\d*'"]


def test_rules_of_one_path_are_all_required_or_one_of_them() -> None:
    matchers = [INTEGER, {"match": "regex", "regex": "[a-c]"}]
    place = [
        compile_category(from_json({"body": {"$.a.#text": {"combine": how, "matchers": matchers}}}), "body")
        for how in ("AND", "OR")
    ]
    checks = [compile_body(ExpectedPart(bodies.present(b"<a>1</a>"), types.XML, rules=rules)) for rules in place]
    found = [[item.mismatch for item in check(Part(bodies.present(b"<a>b</a>"), types.XML))] for check in checks]
    assert found == [["Expected 'b' to match an integer number"], []]


def test_attributes_and_texts_are_compared_by_the_rules_of_texts() -> None:
    rules: Rules = {"$.a['@x']": DIGITS, "$.a['#text']": {"match": "boolean"}}
    assert compare('<a x="1">true</a>', '<a x="22">false</a>', rules) == []
    assert compare('<a x="1">true</a>', '<a x="y">maybe</a>', rules) == [
        BodyMismatch("$.a['@x']", b"1", b"y", "Expected 'y' to match '\\d+'"),
        BodyMismatch("$.a['#text']", b"true", b"maybe", "Expected maybe to match a boolean"),
    ]


@pytest.mark.parametrize("path", ["$", "$.a", "$.a.b", "$.a.*", "$.*.*"])
def test_under_a_type_rule_every_child_is_compared_with_the_first_expected_one(path: str) -> None:
    assert compare("<a><b>1</b><b>2</b></a>", "<a><b>7</b></a>", {path: TYPE}) == []
    assert compare("<a><b>1</b></a>", "<a><b>7</b><b>8</b><b/></a>", {path: TYPE}) == []


def test_under_a_type_rule_other_names_are_refused_also_by_a_lenient_comparison() -> None:
    assert texts("<a><b/></a>", "<a><b/><c/></a>", {"$.a": TYPE}, strict=False) == ["Unexpected child <c/>"]


SIZES: list[tuple[dict[str, Any], int, list[str]]] = [
    ({"match": "type", "min": 1}, 1, []),
    ({"match": "type", "min": 2}, 1, ["Expected at least 2 <item/> but received 1"]),
    ({"match": "type", "max": 2}, 2, []),
    ({"match": "type", "max": 2}, 3, ["Expected at most 2 <item/> but received 3"]),
    ({"match": "type", "min": 1, "max": 2}, 3, ["Expected at most 2 <item/> but received 3"]),
    ({"match": "type", "min": 0}, 0, []),
    ({"match": "type", "min": 0, "max": 2}, 0, []),
    ({"match": "type", "min": 1}, 0, ["Expected child <item/> but was missing"]),
    ({"match": "type", "max": 2}, 0, ["Expected child <item/> but was missing"]),
]


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(("rule", "count", "found"), SIZES)
def test_min_and_max_count_the_elements_of_a_name_in_their_parent(
    rule: dict[str, Any], count: int, found: list[str], strict: bool
) -> None:
    """Row 65: whether they have children is nothing to them."""
    item = '<item id="1"/>'
    example, sent = f"<list>{item}<last/></list>", f"<list>{item * count}<last/></list>"
    assert texts(example, sent, {"$.list.item": rule}, strict=strict) == found


def test_elements_are_counted_in_each_parent_alone_and_not_by_what_came_from_above() -> None:
    two = {"match": "type", "min": 2}
    sent = "<a><b><c/><c/></b><b><c/></b></a>"
    assert compare("<a><b><c/><c/></b></a>", sent, {"$.a.b.c": two, "$.a.b": TYPE}) == [
        BodyMismatch("$.a.b.c", b"c, c", b"c", "Expected at least 2 <c/> but received 1")
    ]
    assert compare("<a><b><c/><c/></b></a>", sent, {"$.a.b": two}) == []


def test_of_rules_of_which_one_is_enough_one_may_be_about_the_number_of_elements() -> None:
    entry = {"combine": "OR", "matchers": [{"match": "type", "min": 3}, {"match": "regex", "regex": "item"}]}
    place = compile_category(from_json({"body": {"$.list.item": entry}}), "body")
    document = bodies.present(b"<list><item/></list>")
    assert not compile_body(ExpectedPart(document, types.XML, rules=place))(Part(document, types.XML))


def test_elements_of_a_namespace_are_counted_by_rules_that_write_their_prefix() -> None:
    """Row 65, as the native library writes an each-like below a root with a prefix (row 19)."""
    example = '<n:all xmlns:n="urn:x" id="1"><one id="1"><n:part done="true"/></one></n:all>'
    rules: Rules = {
        "$.n:all.one": {"match": "type", "min": 1},
        "$.n:all.one['@id']": INTEGER,
        "$.n:all.one.n:part": {"match": "type", "min": 1, "max": 2},
    }
    assert compare(example, example, rules) == []
    part = '<n:part done="true"/>'
    assert compare(example, example.replace(part, part * 3), rules) == [
        BodyMismatch(
            "$['urn:x:all'].one['urn:x:part']",
            b"urn:x:part",
            b"urn:x:part, urn:x:part, urn:x:part",
            "Expected at most 2 <urn:x:part/> but received 3",
        )
    ]


@pytest.mark.parametrize("path", ["$.a[0].b.#text", "$.a.b[0].#text", "$.a.b[*].#text", "$.a[*].b"])
def test_paths_with_indexes_find_nothing(path: str) -> None:
    """Elements have no indexes in paths, as in the reference (row 19)."""
    assert texts("<a><b>1</b></a>", "<a><b>2</b></a>", {path: TYPE}) == ["Expected '2' to be equal to '1'"]


QUALIFIED = '<p:a xmlns:p="urn:x" p:i="1"><p:b>1</p:b></p:a>'
RENAMED = '<a xmlns="urn:x" xmlns:q="urn:x" q:i="2"><b>2</b></a>'


def test_rules_name_what_is_in_a_namespace_by_its_uri() -> None:
    rules: Rules = {"$['urn:x:a']['@urn:x:i']": INTEGER, "$['urn:x:a']['urn:x:b']['#text']": INTEGER}
    assert compare(QUALIFIED, RENAMED, rules) == []


def test_rules_may_name_what_is_in_a_namespace_by_the_prefix_of_the_expected_document() -> None:
    """Row 19: integration JSON writes such paths, which the reference never finds."""
    rules: Rules = {"$['p:a']['@p:i']": INTEGER, "$['p:a']['p:b']['#text']": INTEGER}
    assert compare(QUALIFIED, RENAMED, rules) == []
    assert compare(QUALIFIED, QUALIFIED.replace(">1<", ">x<"), rules) == [
        BodyMismatch("$['urn:x:a']['urn:x:b']['#text']", b"1", b"x", "Expected 'x' to match an integer number")
    ]


def test_rules_may_name_elements_of_the_default_namespace_as_they_are_written() -> None:
    """Row 19, where the prefix is the empty one."""
    assert compare('<a xmlns="urn:x"><b>1</b></a>', '<a xmlns="urn:x"><b>2</b></a>', {"$.a.b.#text": INTEGER}) == []


def test_an_attribute_without_a_prefix_is_not_in_the_default_namespace() -> None:
    """Row 19: the rule is for one of the two attributes."""
    document = '<a xmlns="urn:x" xmlns:p="urn:x" p:i="1" i="1"/>'
    assert texts(document, document, {"$.a['@i']": {"match": "boolean"}}) == ["Expected 1 to match a boolean"]


@pytest.mark.parametrize("paths", [("$.a[*].b.#text", "$.a.b.#text"), ("$.a.b.#text", "$.a.b[*].#text")])
def test_a_rule_without_any_index_is_taken_before_one_with_it(paths: tuple[str, str]) -> None:
    """Row 19: it is the only one that holds in the reference."""
    rules: Rules = {path: TYPE if "*" not in path else INTEGER for path in paths}
    assert compare("<a><b>1</b></a>", "<a><b>x</b></a>", rules) == []


DEFAULT_NAMESPACES = [
    ('<s:e xmlns:s="urn:s" xmlns="urn:x"><b>1</b></s:e>', "$['urn:s:e'].b['#text']"),
    ('<s:e xmlns:s="urn:s" xmlns = \'urn:x\' i=">"><s:f><b>1</b></s:f></s:e>', "$['urn:s:e']['urn:s:f'].b['#text']"),
    ('<e xmlns="urn:y"><s:f xmlns:s="urn:s" xmlns="urn:x"><b>1</b></s:f></e>', "['urn:s:f']['urn:y:b']['#text']"),
    ('<s:e xmlns:s="urn:s" xmlns="urn:x"><b xmlns="urn:x">1</b></s:e>', "$['urn:s:e']['urn:x:b']['#text']"),
    ('<e xmlns="urn:x"><!-- c --><b xmlns="">1</b></e>', "$['urn:x:e'].b['#text']"),
    ('<e xmlns="urn:x"><b xmlns=""><?p i?><c>1</c></b></e>', "$['urn:x:e'].b['urn:x:c']['#text']"),
]


@pytest.mark.parametrize(("document", "path"), DEFAULT_NAMESPACES)
def test_a_default_namespace_holds_below_the_elements_that_are_in_it(document: str, path: str) -> None:
    """As the reference has it: not below one with a prefix, and below one with an empty namespace again."""
    (found,) = compare(document, document.replace("1", "2"))
    assert found.path.endswith(path)
    assert found.mismatch == "Expected '2' to be equal to '1'"


def test_a_rule_with_the_uri_is_taken_before_one_with_the_prefix() -> None:
    """Row 19, where both are there."""
    rules: Rules = {"$['urn:x:a']['@urn:x:i']": INTEGER, "$['p:a']['@p:i']": {"match": "boolean"}}
    assert compare('<p:a xmlns:p="urn:x" p:i="1"/>', '<p:a xmlns:p="urn:x" p:i="2"/>', rules) == []


def test_a_prefix_that_only_the_received_document_has_finds_no_rule() -> None:
    """Row 19: paths speak of the expected document."""
    assert texts('<a xmlns="urn:x">1</a>', '<p:a xmlns:p="urn:x">2</p:a>', {"$['p:a']['#text']": TYPE}) == [
        "Expected '2' to be equal to '1'"
    ]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = (
    "Failed to parse the actual body: 'a DOCTYPE is not allowed, as it can define entities and refer to other files'"
)


@pytest.mark.parametrize(
    "document",
    [
        f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]><a>&l9;</a>',
        f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]><a x="&l9;"/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '\ufeff<!-- a --><?b c?>\n<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        f"{'<!-- <!-- -->' * 1000}<!DOCTYPE a><a/>",
        "<!DOCTYPE a",
    ],
)
def test_a_document_type_is_refused_before_anything_is_made_of_it(document: str) -> None:
    assert texts("<a/>", document) == [DOCTYPE]
    assert texts(document, "<a/>") == [DOCTYPE.replace("actual", "expected")]


def test_the_word_doctype_may_stand_in_a_text() -> None:
    assert compare("<a>&lt;!DOCTYPE a></a>", "<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE a>]]></a>") == []


@pytest.mark.parametrize("levels", [257, 2_000, 100_000])
@pytest.mark.parametrize("strict", [True, False])
def test_a_document_nested_too_deep_is_refused(levels: int, strict: bool) -> None:
    deep = "<a>" * levels + "</a>" * levels
    reason = "'the elements are nested more than 256 levels deep'"
    assert texts("<a/>", deep, strict=strict) == [f"Failed to parse the actual body: {reason}"]
    assert texts(deep, "<a/>", strict=strict) == [f"Failed to parse the expected body: {reason}"]


def test_a_document_nested_as_deep_as_allowed_is_compared_to_its_last_text() -> None:
    deep = "<a>" * 256 + "1" + "</a>" * 256
    assert texts(deep, deep.replace("1", "2")) == ["Expected '2' to be equal to '1'"]


def test_an_entity_that_is_not_defined_is_a_parse_failure() -> None:
    (text,) = texts("<a/>", "<a>&xxe;</a>")
    assert text.startswith("Failed to parse the actual body: 'Entity 'xxe' not defined")


def test_both_documents_are_named_when_neither_can_be_parsed() -> None:
    expected, actual = compare("<a>", "<b")
    assert expected.mismatch.startswith("Failed to parse the expected body: '")
    assert actual.mismatch.startswith("Failed to parse the actual body: '")
    assert (expected.path, expected.expected, actual.actual) == ("$", b"<a>", b"<b")


def test_documents_are_read_as_utf8_or_else_as_they_declare() -> None:
    """Row 70."""
    declared = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'
    assert compare("<a>é</a>", declared) == []
    assert compare("<a>é</a>", declared.encode("latin-1")) == []
    assert texts("<a/>", declared.replace("ISO-8859-1", "klingon").encode("latin-1")) == [
        "Failed to parse the actual body: 'invalid utf-8 sequence of 1 bytes from index 43'"
    ]


def test_a_flood_of_children_is_said_in_few_words_each() -> None:
    found = compare("<a><b/></a>", f"<a>{'<b/>' * 5_000}</a>")
    assert len(found) == 4_999
    assert found[0].actual == (", ".join(["b"] * 100) + " and 4900 more").encode()
