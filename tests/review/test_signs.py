"""A kind of warning is only looked for where there is a sign of it, and so none may be found without one."""

from __future__ import annotations

from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from pactmock.errors import NoSuchPlugin, PactmockError
from pactmock.matching.budget import Budget
from pactmock.pact import specification
from pactmock.pact.documents.reading import read_pact
from pactmock.pact.model import Pact
from pactmock.pact.specification import Specification
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review import OF_ALL
from pactmock.review.of_contents import OF_CONTENTS
from pactmock.review.of_rules import OF_RULES
from pactmock.review.signs import signs_of, signs_of_pact
from pactmock.review.subject import Subject
from tests.pacts import rules

_ROWS = (*OF_ALL, *OF_CONTENTS, *OF_RULES)


def _objects(required: dict[str, Any], **optional: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these members, each with one of its values."""
    drawn = {name: st.sampled_from(values) for name, values in optional.items()}
    return st.fixed_dictionaries({name: st.sampled_from(values) for name, values in required.items()}, optional=drawn)


_PATHS = [
    "/",
    "/a",
    "/a/b/",
    "/a.b",
    "",
    "a",
    "//a",
    "/a//b",
    "/a/../b",
    "/.",
    "/a/%2E",
    "/a?b",
    "/a#b",
    "/a\tb",
    "/a\\b",
]
_TYPES = [
    *("application/json", "application/json; charset=utf-16", "text/plain", "text/plain; charset=iso-8859-1"),
    *("application/x-www-form-urlencoded", "application/graphql", "multipart/form-data; boundary=b", "text/xml"),
]
_PARTS = "".join(f'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n{number}\r\n' for number in (1, 2))
_CONTENTS = [
    None,
    "",
    "null",
    "[1]",
    '"[1]"',
    "é",
    "{a}",
    {"a": [1]},
    {"pact:matcher:type": "type"},
    f"{_PARTS}--b--\r\n",
]
_BODIES = [
    *({"content": content, "contentType": kind, "encoded": False} for content in _CONTENTS for kind in _TYPES),
    *({"content": text, "contentType": "application/json", "encoded": "json"} for text in ("null", '"[1]"')),
    {"content": "/wD/", "contentType": "text/csv", "encoded": "base64"},
]
_RULES = [
    rules(**{"$.a": {"match": "ignore-order"}, "$": [{"match": "type"}, {"match": "eachValue", "rules": []}]}),
    rules(**{"$.a": {"match": "regex", "regex": r"\Qa\E"}, "$['it\\'s']": {"match": "type"}}),
    {"header": {"X": {"matchers": [{"match": "nobody-knows"}]}}, "status": {"$": {"matchers": [{"match": "integer"}]}}},
]
_GENERATORS = [{"header": {"X": {"type": "Uuid"}}}, {"body": {"$['it\\'s']": {"type": "Uuid"}}}]
_TYPED = st.dictionaries(
    st.sampled_from(["Content-Type", "content-type"]), st.sampled_from(_TYPES), min_size=1, max_size=1
)
_UNTYPED = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(["a/b, c/d", ["a/b", "c/d, e/f"]]),
        "Content-Encoding": st.sampled_from(["gzip", "identity"]),
        "X": st.just(["a,b"]),
    },
)
_HEADERS = _UNTYPED | st.builds(lambda typed, others: typed | others, _TYPED, _UNTYPED)


def _with_headers(part: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda members, headers: {**members, "headers": headers}, part, _HEADERS)


def _interactions(bodies: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    shared: dict[str, list[Any]] = {"matchingRules": _RULES, "generators": _GENERATORS}
    messages = _objects(
        {"contents": bodies},
        metadata=[{"contentType": kind} for kind in _TYPES],
        matchingRules=_RULES,
        generators=_GENERATORS,
    )
    return st.builds(
        lambda shape, members: {"description": "it", **shape, **members},
        st.one_of(
            st.builds(
                lambda request, response: {"type": "Synchronous/HTTP", "request": request, "response": response},
                _with_headers(
                    _objects(
                        {"method": ["GET", "POST", "HEAD"], "path": _PATHS, "body": bodies},
                        query=["a=1", "a&b=2"],
                        **shared,
                    )
                ),
                _with_headers(_objects({"status": [200, 204, 301, 304, 404], "body": bodies}, **shared)),
            ),
            messages.map(lambda message: {"type": "Asynchronous/Messages", **message}),
            st.builds(
                lambda request, response: {"type": "Synchronous/Messages", "request": request, "response": [response]},
                messages,
                messages,
            ),
        ),
        _objects(
            {},
            key=["k"],
            pending=[True],
            comments=[{"text": ["ask"]}, {"text": []}],
            transport=["grpc"],
            pluginConfiguration=[{"csv": {"a": 1}}],
            providerStates=[[{"name": "a"}], [{"name": "a"}, {"name": "b"}], [{"name": "a", "params": {"b": 1}}]],
        ),
    )


def _documents(version: str, bodies: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    metadata = {"pactSpecification": {"version": version}}
    return _interactions(bodies).map(lambda item: {"interactions": [item], "metadata": metadata})


_DOCUMENTS = _documents("4.0", _BODIES) | st.sampled_from(["1.0.0", "2.0.0", "3.0.0"]).flatmap(
    lambda version: _documents(version, _CONTENTS)
)


def _read(document: Any) -> Pact:
    try:
        return read_pact(document)
    except PactmockError:
        reject()


@settings(max_examples=200)
@given(_DOCUMENTS.map(_read), st.sampled_from(specification.ALL), st.booleans())
def test_nothing_that_is_warned_of_is_without_its_sign(pact: Pact, version: Specification, is_missing: bool) -> None:
    bound = BoundPact(pact, missing={"csv": NoSuchPlugin("csv")} if is_missing else {})
    for interaction in pact.interactions:
        signs = {*signs_of_pact(bound, version), *signs_of(interaction, version)}
        subject = Subject.of(interaction, bound, version, Budget(60))
        for sign, inspect in _ROWS:
            assert sign in signs or not list(inspect(subject)), inspect
