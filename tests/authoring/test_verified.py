"""What the consumer-test form makes of examples is verified as it is meant: other values that fit pass, no others."""

from __future__ import annotations

import base64
import json
from typing import Any

import aiohttp
import pytest

from pactmock import MockServer
from pactmock.authoring.consumer_test import read_consumer_test
from pactmock.pact import specification
from pactmock.pact.documents import writing
from tests.authoring.matchers import matcher
from tests.verifying import Asked, Given, Provider, verify

Json = Any

JSON: dict[str, tuple[Json, Json, Json]] = {
    "integer": (matcher("integer", 1), 9, 1.5),
    "decimal": (matcher("decimal", 1.5), 2.25, 1),
    "number": (matcher("number", 3), 4.5, "4"),
    "boolean": (matcher("boolean", True), False, "no"),
    "null": ({"a": matcher("null")}, {"a": None}, {"a": 1}),
    "date": (matcher("date", "2020-01-01", format="yyyy-MM-dd"), "2021-12-31", "today"),
    "time": (matcher("time", "10:00", format="HH:mm"), "23:59", "25:00"),
    "timestamp": (matcher("timestamp", "2020-01-01T10:00", format="yyyy-MM-dd'T'HH:mm"), "2021-01-01T00:01", "x"),
    "regex": (matcher("regex", "ab", regex="[a-z]+"), "zz", "Z"),
    "include": (matcher("include", "hello"), "we say hello", "bye"),
    "expression": (matcher("matching(datetime, 'yyyy-MM-dd','2000-01-01')"), "2020-02-02", "never"),
    "not empty": (matcher("notEmpty('x')"), "y", ""),
    "each like": (matcher("type", [{"a": matcher("integer", 1)}], min=1), [{"a": 5}, {"a": 6}], []),
    "equality in type": (
        matcher("type", {"a": matcher("equality", "x"), "b": 1}),
        {"a": "x", "b": 2},
        {"a": "y", "b": 2},
    ),
    "a JSON text with quotes": ({"a": 'say "hi"'}, {"a": 'say "hi"'}, {"a": "say hi"}),
}
KEYS, DIGITS = ([matcher("regex", regex=pattern)] for pattern in (r"k\d", r"\d+"))
VARIANTS = [{"kind": matcher("equality", "a"), "n": matcher("integer", 1)}, {"kind": "b"}]
SINCE_V4: dict[str, tuple[Json, Json, Json]] = {
    "semver": (matcher("semver", "1.2.3"), "2.0.0", "2"),
    "each key": (matcher("eachKey", {"k1": 1}, rules=KEYS), {"k1": 1, "k2": 1}, {"k1": 1, "q": 1}),
    "each value": (matcher("eachValue", {"x": "1"}, rules=DIGITS), {"x": "5", "y": "7"}, {"x": "a"}),
    "array contains": (
        matcher("arrayContains", variants=VARIANTS),
        [{"kind": "z"}, {"kind": "b"}, {"kind": "a", "n": 44}],
        [{"kind": "b"}, {"kind": "a", "n": "x"}],
    ),
    "a null": (None, None, {}),
    "a null under a matcher": (matcher("null"), None, 1),
    "the empty text": (matcher("equality", ""), "", "x"),
    "a text": ('say "hi"', 'say "hi"', "say"),
}


def written(contents: dict[str, Json], version: str) -> Json:
    """Write the pact of responses with these contents, each below its number as path."""
    interactions = [
        {"description": name, "request": {"path": f"/{i}"}, "response": {"status": 200, "contents": given}}
        for i, (name, given) in enumerate(contents.items())
    ]
    test = {"consumer": "web", "provider": "api", "specification": version, "interactions": interactions}
    return writing.to_json(read_consumer_test(test), specification.named(version))


def serving(bodies: list[bytes], content_type: str) -> Provider:
    def provider(asked: Asked) -> Given:
        return Given(200, (("Content-Type", content_type),), bodies[int(asked.target[1:])])

    return provider


async def results(contents: dict[str, Json], version: str, bodies: list[bytes], content_type: str) -> dict[str, str]:
    return dict((await verify(written(contents, version), serving(bodies, content_type))).results)


@pytest.mark.parametrize(("version", "values"), [("V3", JSON), ("V4", {**JSON, **SINCE_V4})], ids=["V3", "V4"])
async def test_a_provider_may_send_what_fits_the_matchers_of_a_json_body(
    version: str, values: dict[str, tuple[Json, Json, Json]]
) -> None:
    contents = {name: {"content-type": "application/json", "body": example} for name, (example, _, _) in values.items()}
    right, wrong = ([json.dumps(sent[i]).encode() for sent in values.values()] for i in (1, 2))
    assert await results(contents, version, right, "application/json") == dict.fromkeys(values, "OK")
    assert await results(contents, version, wrong, "application/json") == dict.fromkeys(values, "Error")


FORM = {"a": matcher("regex", "1", regex=r"\d"), "b": ["x", "y z"]}
PNG = b"\x89PNG\r\n\x1a\n"
OTHERS: dict[str, tuple[str, dict[str, Json], bytes, bytes]] = {
    "a form": ("application/x-www-form-urlencoded", {"body": FORM}, b"b=x&a=7&b=y+z", b"b=y&a=7&b=x"),
    "a text": ("text/plain", {"body": "hello\n"}, b"hello\n", b"hello"),
    "bytes": ("image/png", {"body": base64.b64encode(PNG).decode(), "encoded": "base64"}, PNG, PNG + b"1"),
}


@pytest.mark.parametrize("version", ["V3", "V4"])
@pytest.mark.parametrize("name", OTHERS)
async def test_a_provider_may_send_what_fits_another_body(name: str, version: str) -> None:
    content_type, given, right, wrong = OTHERS[name]
    contents = {name: {"content-type": content_type, **given}}
    assert await results(contents, version, [right], content_type) == {name: "OK"}
    assert await results(contents, version, [wrong], content_type) == {name: "Error"}


HEADS: list[tuple[dict[str, Json], Given, Given]] = [
    ({"status": matcher("statusCode", 404, status="clientError")}, Given(418), Given(500)),
    (
        {"status": 201, "headers": {"Location": matcher("regex", "http://h/1", regex=r"http://.*/\d+")}},
        Given(201, (("Location", "http://z/99"),)),
        Given(201, (("Location", "/z/99"),)),
    ),
    (
        {"status": 200, "headers": {"X-N": matcher("integer", "5"), "ETag": '"abc"'}},
        Given(200, (("X-N", "7"), ("ETag", '"abc"'))),
        Given(200, (("X-N", "x"), ("ETag", '"abc"'))),
    ),
]


@pytest.mark.parametrize(("response", "right", "wrong"), HEADS)
async def test_a_provider_may_answer_with_what_fits_the_matchers_of_status_and_headers(
    response: dict[str, Json], right: Given, wrong: Given
) -> None:
    one = {"description": "a", "request": {"path": "/"}, "response": response}
    test = {"consumer": "web", "provider": "api", "specification": "V4", "interactions": [one]}
    pact = writing.to_json(read_consumer_test(test), specification.V4)
    assert await verify(pact, lambda _: right)
    assert not await verify(pact, lambda _: wrong)


async def test_the_verifier_sends_the_examples_of_a_request() -> None:
    request = {
        "method": "POST",
        "path": matcher("regex", "/x/1", regex=r"/x/\d+"),
        "query": {
            "q": [matcher("regex", "a", regex="[ab]"), "b"],
            "d": matcher("date", "2020-01-01", format="yyyy-MM-dd"),
        },
        "headers": {"X-N": matcher("integer", "5")},
        "contents": {"content-type": "application/json", "body": {"id": matcher("integer", 1), "s": 'a"b'}},
    }
    one = {"description": "a", "request": request, "response": {"status": 204}}
    test = {"consumer": "web", "provider": "api", "specification": "V4", "interactions": [one]}
    verification = await verify(writing.to_json(read_consumer_test(test), specification.V4), lambda _: Given(204))
    assert verification
    (asked,) = verification.asked
    assert (asked.method, asked.target) == ("POST", "/x/1?d=2020-01-01&q=a&q=b")
    assert (asked.header("x-n"), asked.header("content-type")) == ("5", "application/json")
    assert json.loads(asked.body) == {"id": 1, "s": 'a"b'}


UPLOAD = """--one\r
Content-Disposition: form-data; name="tag"\r
\r
red\r
--one\r
Content-Disposition: form-data; name="file"; filename="a.txt"\r
Content-Type: text/plain\r
\r
hello\r
--one--\r
"""


@pytest.mark.parametrize("version", ["V2", "V3", "V4"])
async def test_each_client_may_make_up_the_boundary_of_a_multipart_body(version: str) -> None:
    contents = {"content-type": "multipart/form-data; boundary=one", "body": UPLOAD}
    request, response = {"method": "POST", "path": "/", "contents": contents}, {"status": 200, "contents": contents}
    one = {"description": "an upload", "request": request, "response": response}
    contract = read_consumer_test({"consumer": "web", "provider": "api", "interactions": [one]})
    headers = (("Content-Type", "multipart/form-data; boundary=two"),)
    sent, wrong = (UPLOAD.replace("--one", "--two").replace("red", tag).encode() for tag in ("red", "blue"))
    async with MockServer(contract) as server, aiohttp.ClientSession(headers=headers) as session:
        statuses = [(await session.post(server.url, data=content)).status for content in (sent, wrong)]
    assert statuses == [200, 500]
    pact = writing.to_json(contract, specification.named(version))
    verification = await verify(pact, lambda _: Given(200, headers, sent))
    assert verification, verification.output
    assert verification.asked[0].body == UPLOAD.encode()
    assert not await verify(pact, lambda _: Given(200, headers, wrong))
