"""The quick yes for XML bodies is said only where the long comparison finds nothing, and where most requests are."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pactmock.matching.bodies.xml import compare, compile_body
from pactmock.matching.bodies.xml_document import Document, Parsed, parse
from pactmock.matching.bodies.xml_expected import ExpectedGroup, root_group, stepping
from pactmock.matching.bodies.xml_predicate import Predicate
from pactmock.matching.budget import Budget, OutOfBudget
from pactmock.matching.compiling import compile_category
from pactmock.matching.parts.part import ExpectedPart, Part
from pactmock.pact.matching_rules import categories as rule_categories
from pactmock.pact.parts import body as bodies
from pactmock.pact.parts import content_type as types


class Tree(NamedTuple):
    """An element as it is written: two documents of few names, so that they are often alike."""

    name: str
    attributes: dict[str, str]
    content: list[Any]

    def __str__(self) -> str:
        attributes = "".join(f' {name}="{value}"' for name, value in self.attributes.items())
        return f"<{self.name}{attributes}>{''.join(map(str, self.content))}</{self.name}>"


names = st.sampled_from(["a", "b", "n:a"])
texts = st.sampled_from(["", "1", " 1\n", "x", "&#160;", "<!-- c -->"])
attributes = st.dictionaries(st.sampled_from(["a", "b", "n:a"]), st.sampled_from(["1", "2", "x"]), max_size=2)


def trees(content: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    return st.builds(Tree, names, attributes, st.lists(content, max_size=4))


elements = st.recursive(trees(texts), lambda inner: trees(inner | texts), max_leaves=8)
roots = st.builds(Tree, st.just("a"), attributes, st.lists(elements | texts, max_size=4))


@st.composite
def altered(draw: st.DrawFn, tree: Tree) -> Tree:
    """Draw a document that differs in a few things at the most: one that is left out, twice there, or other."""
    content = [draw(altered(item)) if isinstance(item, Tree) else item for item in tree.content]
    if content:
        position = draw(st.integers(0, len(content) - 1))
        piece: st.SearchStrategy[list[Any]] = st.sampled_from([[], [content[position]], [content[position]] * 2])
        content[position : position + 1] = draw(piece | texts.map(lambda text: [text]))
    return Tree(tree.name, draw(st.just(tree.attributes) | attributes), content)


pairs = roots.flatmap(lambda tree: st.tuples(st.just(tree), altered(tree) | st.just(tree) | roots))
rules = st.sampled_from(
    [
        *[{"match": "type"}] * 4,
        {"match": "type", "min": 0},
        {"match": "type", "min": 2},
        {"match": "type", "max": 1},
        {"match": "type", "min": 1, "max": 2},
        {"match": "equality"},
        {"match": "regex", "regex": "[a-z]|1"},
        {"match": "integer"},
        {"match": "notEmpty"},
        {"match": "values"},
        {"match": "eachValue", "rules": [{"match": "integer"}]},
        {"match": "unheard-of"},
    ]
)
steps = st.sampled_from([".a", ".b", "['urn:n:a']", "['n:a']", ".*", "['#text']", "['@a']", "['@n:a']", "[*]"])
paths = st.lists(steps, max_size=3).map(lambda parts: "$" + "".join(parts))
paths = paths | paths.map(lambda path: "$.a" + path[1:])
rule_lists = st.fixed_dictionaries(
    {"matchers": st.lists(rules, min_size=1, max_size=2), "combine": st.sampled_from(["AND", "OR"])}
)
categories = st.dictionaries(paths, rule_lists, max_size=4)


def parsed(tree: Tree | str) -> Parsed:
    text = str(tree)
    return parse(text.replace("<a", '<a xmlns:n="urn:n"', 1).encode())


def expectation(expected: Tree | str, category: dict[str, Any]) -> ExpectedGroup:
    wanted = Document(parsed(expected))
    place = compile_category(rule_categories.from_json({"body": category}), "body")
    return root_group(wanted.element, place, stepping(wanted.prefixes))


def rule(path: str, **kind: Any) -> dict[str, Any]:
    return {path: {"matchers": [kind]}}


@example((Tree("a", {}, [Tree("b", {}, ["1"])]),) * 2, {"$.a.b": {"matchers": [{"match": "type", "min": 2}]}}, True)
@given(pairs, categories, st.booleans())
def test_where_it_says_yes_the_comparison_finds_nothing(
    documents: tuple[Tree, Tree], category: dict[str, Any], strict: bool
) -> None:
    expected, actual = documents
    received = parsed(actual)
    root = expectation(expected, category)
    if Predicate(root).fits(received.root):
        assert compare(root, Document(received), strict=strict) == []


LIST = "<a><b x='1'>1</b><b x='2'>2</b></a>"


@pytest.mark.parametrize(
    ("expected", "actual", "category"),
    [
        ("<a/>", "<a></a>", {}),
        (LIST, f"<?xml version='1.0'?><!-- c -->{LIST}", {}),
        (LIST, "<a>\n  <b x='1'>1</b>\n  <b x='2'> 2 </b>\n</a>", {}),
        ("<a><n:b/><c/></a>", "<a><c/><x:b xmlns:x='urn:n'/></a>", {}),
        (LIST, "<a><b x='3'>x</b></a>", rule("$.a", match="type")),
        (LIST, LIST, rule("$.a.b", match="equality")),
        ("<a><b>1</b><c/></a>", "<a><c/></a>", rule("$.a.b", match="type", min=0)),
        ("<a><b>1</b></a>", "<a><b>22</b></a>", rule("$.a.b['#text']", match="integer")),
        ("<a><b x='1'/></a>", "<a><b x='22'/></a>", rule("$.a.b['@x']", match="integer")),
    ],
)
def test_it_knows_what_most_requests_are_like(expected: str, actual: str, category: dict[str, Any]) -> None:
    assert Predicate(expectation(expected, category)).fits(parsed(actual).root)


def check_with(given: Budget) -> list[str]:
    """Compare with a pattern that never ends, on what the document has first and the comparison last."""
    content = f"<a><c>{'a' * 40}!</c><b>2</b></a>"
    rules = compile_category(
        rule_categories.from_json({"body": rule("$.a.c['#text']", match="regex", regex="(a|aa)+")}), "body"
    )
    check = compile_body(ExpectedPart(bodies.present(b"<a><c>a</c><b>1</b></a>"), types.XML, rules=rules))
    with given:
        return [item.mismatch for item in check(Part(bodies.present(content.encode()), types.XML))]


def test_what_it_is_too_slow_for_hides_no_difference() -> None:
    said = check_with(Budget(0.2))
    assert said[0] == "Expected '2' to be equal to '1'"
    assert "was given up" in said[1]


def test_it_gives_a_tentative_budget_back_when_that_has_ended() -> None:
    with pytest.raises(OutOfBudget):
        check_with(Budget(0.02, tentative=True))
