"""What holds for all trees of matchers (reference/ruby-api.md §4, §8)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pactmock.pact.json.values import in_order, parse_exact
from pactmock.ruby_api.differences import compare, document_of, each
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.matching import candidate
from pactmock.ruby_api.reading import read_interaction
from pactmock.ruby_api.tree.equality import same
from pactmock.ruby_api.tree.examples import document_of as posted
from pactmock.ruby_api.tree.examples import example, size_of
from pactmock.ruby_api.tree.parsing import parse
from pactmock.ruby_api.versions import V1, V2
from pactmock.ruby_api.writing import interaction_document
from tests.ruby_api.given import JSON, document, each_like, interaction, like, received, regexp, term

NAMES = st.text("abcdef_-", min_size=1, max_size=4)
SIMPLE = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
)
TERMS = st.sampled_from([term("7", r"^\d$"), term("a/b", "a/?b"), term("x\ny", "^y"), term("AB", "ab", 1)])


def trees(*, with_matchers: bool = True) -> st.SearchStrategy[Any]:
    def within(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        plain = st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
        if not with_matchers:
            return plain
        return plain | inner.map(like) | st.builds(each_like, inner, st.integers(1, 3))

    leaves = SIMPLE | TERMS if with_matchers else SIMPLE
    return st.recursive(leaves, within, max_leaves=12)


@given(trees())
def test_an_example_fits_what_it_is_an_example_of(tree: Any) -> None:
    assert compare(parse(tree), example(parse(tree))) is None


@given(trees())
def test_matchers_are_written_as_they_were_posted(tree: Any) -> None:
    assert same(parse(posted(parse(tree))), parse(tree))


@given(trees(with_matchers=False), trees(with_matchers=False))
def test_without_matchers_only_equal_values_fit(one: Any, other: Any) -> None:
    assert (compare(one, other) is None) is same(one, other)


@given(trees(), trees(with_matchers=False))
def test_what_differs_can_be_told_and_is_found_at_its_places(tree: Any, actual: Any) -> None:
    found = compare(parse(tree), actual)
    assert (found is None) is (not list(each(found)))
    in_order(document_of(found))


@given(trees())
def test_what_an_example_takes_is_known_before_it_is_made(tree: Any) -> None:
    def count(value: Any) -> int:
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 + sum(map(count, items))

    assert size_of(parse(tree)) == count(example(parse(tree)))


def in_file(given_: Interaction) -> Interaction:
    return read_interaction(parse_exact(in_order(interaction_document(given_, V2))), V2)


@given(trees())
def test_a_file_of_version_2_says_the_same_as_what_was_registered(body: Any) -> None:
    registered = interaction({"method": "post", "headers": JSON, "body": body}, {"body": body})
    written = in_file(registered)
    request = received("/x", in_order(example(registered.request.body)), JSON, "POST")
    assert candidate(written, request).is_match
    assert same(example(written.response), example({**registered.response, "headers": {}}))
    again = interaction_document(written, V2)
    assert again == interaction_document(in_file(written), V2)


@given(trees())
def test_a_file_of_version_1_keeps_the_matchers_of_a_response(body: Any) -> None:
    registered = interaction({}, {"body": body})
    assert same(
        read_interaction(interaction_document(registered, V1), V1).response["body"], registered.response["body"]
    )


@given(st.dictionaries(NAMES, st.lists(st.text(max_size=4), min_size=1, max_size=3), max_size=3))
def test_a_query_fits_the_text_that_is_written_of_it(query: dict[str, list[str]]) -> None:
    registered = interaction({"query": query})
    assert candidate(registered, received(f"/x?{registered.written_query}")).is_match


def test_a_pattern_alone_has_an_example_that_fits_it() -> None:
    for source in (r"^\d{3}$", "a|b", r"[a-c]+\.x", r"\h{4}"):
        tree = parse(document({}, {"body": regexp(source)})["response"]["body"])
        assert compare(tree, example(tree)) is None
