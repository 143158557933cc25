"""A pact file of any version is read and written without a change, and a run that says nothing new changes no byte."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from pactmock.errors import InvalidPact
from pactmock.pact import specification
from pactmock.pact.directory import store
from pactmock.pact.documents import reading, writing
from pactmock.pact.json import values as json_value
from pactmock.pact.model import Pact
from pactmock.pact.specification import ALL, Specification
from tests.json_documents import documents, scalars, texts

pytestmark = pytest.mark.hypothesis

Json = Any
Strategies = dict[str, st.SearchStrategy[Any]]
descriptions = st.sampled_from(["a", "b", "c"])
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)
types = st.sampled_from(
    ["application/json", "text/plain", "application/xml", "image/png", "application/hal+json", None]
)
headers = st.dictionaries(
    st.sampled_from(["Accept", "Set-Cookie", "X-A", "vary"]), texts | st.lists(texts, max_size=3), max_size=3
)
rule = st.sampled_from(
    [{"match": "type"}, {"match": "regex", "regex": ".*"}, {"match": "type", "min": 1}, {"match": "integer"}]
)
rules = st.fixed_dictionaries(
    {"matchers": st.lists(rule, min_size=1, max_size=2), "combine": st.sampled_from(["AND", "OR"])}
)
paths = st.sampled_from(["$", "$.a", "$.a-b[*].c", "$['a b'].*", "$.body['x']"])
categories = st.fixed_dictionaries(
    {},
    optional={
        "path": rules,
        "header": st.dictionaries(names, rules, max_size=2),
        "query": st.dictionaries(names, rules, max_size=2),
        "body": st.dictionaries(paths, rules, max_size=2),
    },
)
flat = st.dictionaries(
    st.sampled_from(["$.body", "$.body.a-b", "$.body['x']", "$.headers.A", "$.query.q", "$.query['Q[]']", "$.path"]),
    rule,
    max_size=3,
)
made = st.sampled_from([{"type": "Uuid"}, {"type": "RandomInt", "min": 1, "max": 2}])
generators = st.fixed_dictionaries(
    {},
    optional={
        "path": made,
        "header": st.dictionaries(names, made, max_size=1),
        "body": st.dictionaries(paths, made, max_size=2),
    },
)


def _bodies(version: Specification) -> st.SearchStrategy[Json]:
    if not version.typed_interactions:
        return documents
    content = st.fixed_dictionaries(
        {"content": documents, "encoded": st.sampled_from([False, "base64", "json"])},
        optional={"contentType": types.filter(bool)},
    )
    return content | documents


@st.composite
def parts(draw: st.DrawFn, version: Specification, members: Strategies, /) -> Json:
    """Draw a request or a response."""
    optional = {
        "headers": headers,
        "body": _bodies(version),
        "matchingRules": categories if version.many_states else flat,
        "generators": generators,
    }
    part = draw(st.fixed_dictionaries({}, optional=optional | members))
    kind = draw(types)
    if kind:
        part["headers"] = {**part.get("headers", {}), "Content-Type": kind}
    return part


def contents(version: Specification) -> Strategies:
    """What a message has."""
    about = {"body": st.dictionaries(paths, rules, max_size=2)}
    made_of_it = {"body": st.dictionaries(paths, made, max_size=2)}
    if version.typed_interactions:
        about = {**about, "content": about["body"]}
        made_of_it = {**made_of_it, "content": made_of_it["body"]}
    return {
        "contents": _bodies(version),
        "metadata": st.dictionaries(st.sampled_from(["contentType", "topic"]), texts, max_size=2),
        "matchingRules": st.one_of([st.fixed_dictionaries({name: each}) for name, each in about.items()]),
        "generators": st.one_of([st.fixed_dictionaries({name: each}) for name, each in made_of_it.items()]),
    }


def _shared(version: Specification) -> Strategies:
    params = st.dictionaries(texts, scalars, max_size=2)
    states = st.lists(st.fixed_dictionaries({"name": texts}, optional={"params": params}), max_size=2)
    said: Strategies = {"providerStates": states} if version.many_states else {"providerState": texts}
    if version.typed_interactions:
        said |= {"key": names, "pending": st.booleans(), "comments": st.dictionaries(names, documents, max_size=2)}
    return said


def http(version: Specification) -> st.SearchStrategy[Json]:
    queries: st.SearchStrategy[Json] = texts
    if version.many_states:
        queries = texts | st.dictionaries(names, st.lists(texts, min_size=1, max_size=2), max_size=2)
    said: Strategies = {
        "description": descriptions,
        "request": parts(version, {"method": st.sampled_from(["GET", "post"]), "path": texts, "query": queries}),
        "response": parts(version, {"status": st.integers(200, 599)}),
    }
    if version.typed_interactions:
        said["type"] = st.just("Synchronous/HTTP")
    return st.fixed_dictionaries(said, optional=_shared(version))


def messages(version: Specification) -> st.SearchStrategy[Json]:
    said: Strategies = {"description": descriptions}
    if not version.typed_interactions:
        return st.fixed_dictionaries(said, optional=contents(version) | _shared(version))
    one = st.fixed_dictionaries({}, optional=contents(version))
    both = {"request": one, "response": st.lists(one, max_size=2)}
    return st.fixed_dictionaries(
        said | {"type": st.just("Asynchronous/Messages")}, optional=contents(version) | _shared(version)
    ) | st.fixed_dictionaries(said | both | {"type": st.just("Synchronous/Messages")}, optional=_shared(version))


@st.composite
def pacts(draw: st.DrawFn) -> Json:
    """Draw the document of a pact file."""
    version = draw(st.sampled_from(ALL))
    name, listed = "interactions", http(version)
    if version.typed_interactions:
        listed |= messages(version)
    elif version.messages and draw(st.booleans()):
        name, listed = "messages", messages(version)
    return {
        "consumer": {"name": "web"},
        "provider": {"name": "api"},
        name: draw(st.lists(listed, max_size=3)),
        "metadata": {"pactSpecification": {"version": version.version}},
    }


def _read(document: Json) -> Pact:
    try:
        return reading.read_written(document)
    except InvalidPact:
        reject()


@given(pacts())
def test_what_was_written_is_read_and_written_again_to_the_last_byte(document: Json) -> None:
    pact = _read(document)
    version = specification.named(pact.specification)
    written = writing.to_bytes(pact, version)
    assert writing.to_bytes(_read(json_value.parse(written)), version) == written


@given(pacts(), st.sampled_from([None, 1, 4]), st.booleans())
def test_a_run_that_says_what_a_file_says_changes_no_byte_of_it(document: Json, indent: int | None, ends: bool) -> None:
    pact = _read(document)
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "web-api.json")
        text = json.dumps(document, indent=indent) + "\n" * ends
        path.write_text(text, encoding="utf-8")
        store.write(pact, Path(place))
        assert path.read_text(encoding="utf-8") == text


@given(pacts())
def test_the_second_run_of_a_test_changes_no_byte_of_what_the_first_wrote(document: Json) -> None:
    pact = _read(document)
    with tempfile.TemporaryDirectory() as place:
        path = store.write(pact, Path(place)).path
        first = path.read_bytes()
        for run in (pact, _read(json_value.parse(first))):
            store.write(run, Path(place))
            assert path.read_bytes() == first
