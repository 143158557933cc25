"""Laws of explanations: bounded whatever was expected and received, and the same after a way through JSON."""

from __future__ import annotations

import json
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.matching.book import Book
from pactmock.matching.explaining.explain import explain, missing
from pactmock.matching.explaining.explanation import Explanation
from pactmock.matching.texts.shortening import VALUE, size
from pactmock.pact.documents import reading
from pactmock.pact.json.values import compact_bytes
from pactmock.reports import json as json_report
from pactmock.reports.sentence import sentence
from pactmock.reports.text import report
from tests.pacts import Json, interaction, pact, rules
from tests.received import received as request_of

WHOLE = 256 * 1024
JSON_HEADERS = {"Content-Type": "application/json"}


def _long(most: int) -> st.SearchStrategy[str]:
    return st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=4), st.integers(0, most))


def _lists_of(items: st.SearchStrategy[Any], most: int) -> st.SearchStrategy[list[Any]]:
    return st.builds(lambda few, times: few * times, st.lists(items, min_size=1, max_size=3), st.integers(0, most))


scalars = st.none() | st.booleans() | st.integers(-9, 9) | _long(600)
small = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_long(9), inner, max_size=3), max_leaves=5
)
values = (
    small
    | _lists_of(small, 200)
    | st.builds(
        lambda key, item, times: {f"{key}{n}": item for n in range(times)}, _long(9), small, st.integers(0, 200)
    )
)
states = st.lists(
    st.fixed_dictionaries({"name": _long(600)}, optional={"params": st.dictionaries(_long(90), small, max_size=3)}),
    max_size=3,
)
queries = st.dictionaries(_long(300).filter(bool), _lists_of(_long(200), 200), max_size=3)
names = st.integers(0, 200).flatmap(lambda count: st.just([f"X-{n}" for n in range(count)]))
rule = st.sampled_from(
    [{"match": "type"}, {"match": "integer"}, {"match": "regex", "regex": "a" * 4000}, {"match": "type", "min": 2}]
)


@st.composite
def interactions(draw: st.DrawFn) -> Json:
    request: Json = {
        "method": draw(st.sampled_from(["GET", "POST"])),
        "path": "/" + draw(st.sampled_from(["a", "b", "a" * 5000])),
        "query": draw(queries),
        "headers": JSON_HEADERS | dict.fromkeys(draw(names), draw(st.sampled_from(["a", "b" * 3000]))),
        "body": draw(values),
    }
    if draw(st.booleans()):
        request["matchingRules"] = rules(
            **{draw(st.sampled_from(["$", "$[*]", "$.*"])): draw(st.lists(rule, min_size=1, max_size=9))}
        )
    return interaction(draw(_long(2000)), request) | {"providerStates": draw(states)}


@st.composite
def explanations(draw: st.DrawFn) -> list[Explanation]:
    """The explanation of a request to a pact, and of each interaction that never came."""
    items = draw(st.lists(interactions(), max_size=4))
    book = Book(reading.read_pact(json.loads(json.dumps(pact(*items)))).http_interactions)
    path = "/" + draw(st.sampled_from(["a", "b", "a" * 5000, "%0a" * 900]))
    body = json.dumps(draw(values)).encode()
    line = ("content-type", draw(st.sampled_from(["application/json", "text/plain"])))
    verdict = book.match(request_of(draw(st.sampled_from(["GET", "POST"])), path, line, content=body))
    hint = draw(st.none() | _long(3000))
    return [explain(verdict, lambda _request: hint), *map(missing, book.expectations)]


@given(explanations())
def test_an_explanation_is_bounded_and_the_same_after_a_way_through_json(found: list[Explanation]) -> None:
    for explanation in found:
        written = compact_bytes(json_report.mismatch(explanation))
        assert len(written) <= WHOLE
        read = json_report.read(json.loads(written))
        assert json_report.mismatch(read) == json_report.mismatch(explanation)
        assert list(report("", [read])) == list(report("", [explanation]))
        assert sentence(read) == sentence(explanation)
        if explanation.type in json_report.OUTCOMES:
            assert len(compact_bytes(json_report.answer(explanation))) <= WHOLE


@given(explanations())
def test_no_more_than_a_hundred_mismatches_are_listed_and_the_others_are_counted(found: list[Explanation]) -> None:
    for near in found[0].near:
        listed = [item for part in near.parts for item in part.differences]
        assert len(listed) <= 100
        for item in listed:
            for text in (item.expected, item.actual, item.mismatch, *(item.place or ())):
                assert size(text) <= VALUE


@given(explanations())
def test_no_text_for_people_has_a_control_character(found: list[Explanation]) -> None:
    for explanation in found:
        for line in [sentence(explanation), *report("", [explanation])]:
            assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)


def _post(expected: Any, received: Any, ruled: Json | None = None) -> Any:
    request = {"method": "POST", "path": "/a", "headers": JSON_HEADERS, "body": expected}
    book = Book(
        reading.read_pact(
            pact(interaction("a", request | ({"matchingRules": ruled} if ruled else {})))
        ).http_interactions
    )
    sent = request_of("POST", "/a", ("content-type", "application/json"), content=json.dumps(received).encode())
    book.match(sent)
    return lambda: explain(book.match(sent))


def _nested(value: Any, times: int, *more: Any) -> Any:
    for _ in range(times):
        value = [value, *more]
    return value


LARGE = {
    "a list that is empty": (list(range(6000)), [], None, 6001),
    "a list of texts that is empty": ([f"{n:0100}" for n in range(6000)], [], None, 6001),
    "a list in another order": (list(range(6000)), list(range(6000))[::-1], None, 6000),
    "lists in lists": (_nested(list(range(5000)), 100, 1), _nested(list(range(5001)), 100, 1, 2), None, 101),
    "other members": ({f"a{n}": n for n in range(6000)}, {f"b{n}": n for n in range(6000)}, None, 1),
    "long texts": (["a" * 1000] * 2000, ["b" * 1000] * 2000, None, 2000),
    "a long first item": ([list(range(500))], [7] * 1000, rules(**{"$": {"match": "type"}}), 1000),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_is_explained_in_no_time_and_little_memory(name: str) -> None:
    expected, received, ruled, count = LARGE[name]
    decide = _post(expected, received, ruled)
    start = time.thread_time()
    explanation = decide()
    written = compact_bytes(json_report.answer(explanation))
    taken = time.thread_time() - start
    assert len(list(explanation.differences)) + explanation.more == count
    assert len(written) <= WHOLE
    assert taken < 5  # 0.16 at most; what is not bounded takes minutes
    tracemalloc.start()
    decide()
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()


def test_the_score_counts_places_that_are_not_listed() -> None:
    explanation = _post(list(range(6000)), [-1] * 6000)()
    assert explanation.near[0].score == 3 + 1 - 6001
