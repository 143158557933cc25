"""What passes here passes the provider's verification by the reference, or a warning says that it will not.

The pacts are of the kinds that people write: each is played by the requests of a right consumer, what is written of it
goes to `pact verifier`, and that asks a provider which does what the pact says, in its own way.
"""

from __future__ import annotations

import base64
import gzip
import json
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pactmock import MockServer
from tests.pacts import interaction, pact, rules
from tests.raw_http import exchange
from tests.verifying import Asked, Given, Provider, does, verify

Json = Any
JSON = ("Content-Type", "application/json")
TYPED: Json = {"headers": {"Content-Type": "application/json"}}


@dataclass(frozen=True)
class Sent:
    """A request of the consumer: what stands between the first blanks of its first line, its headers, its body."""

    line: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str | bytes = b""

    def to_bytes(self) -> bytes:
        body = self.body if isinstance(self.body, bytes) else self.body.encode()
        length = [("Content-Length", str(len(body)))] if body else []
        fields = [f"{name}: {value}\r\n" for name, value in (("Host", "localhost"), *self.headers, *length)]
        return f"{self.line} HTTP/1.1\r\n{''.join(fields)}\r\n".encode() + body


@dataclass(frozen=True)
class Practice:
    """A pact as somebody uses it, and what a consumer that is right sends."""

    pact: Json
    sent: tuple[Sent, ...]
    provider: Provider | None = None
    """What the provider does; None for just what the pact says."""


def versions(*interactions: Json) -> dict[str, Json]:
    """Write the interactions of a V3 pact as V2, V3 and V4 have them."""
    return {f"V{version[0]}": _in_version(interactions, version) for version in ("2.0.0", "3.0.0", "4.0")}


def _in_version(interactions: tuple[Json, ...], version: str) -> Json:
    change = {"2": _as_v2, "3": lambda part: part, "4": _as_v4}[version[0]]
    changed = [{**one, "request": change(one["request"]), "response": change(one["response"])} for one in interactions]
    return pact(*changed, version=version)


def _as_v2(part: Json) -> Json:
    written = {**part}
    if "query" in part:
        written["query"] = "&".join(f"{name}={value}" for name, values in part["query"].items() for value in values)
    if "matchingRules" in part:
        written["matchingRules"] = {
            "$.body" + path.removeprefix("$") if category == "body" else f"$.{category}s.{path}": entry["matchers"][0]
            for category, entries in part["matchingRules"].items()
            for path, entry in entries.items()
        }
    return written


def _as_v4(part: Json) -> Json:
    if "body" not in part:
        return part
    return {**part, "body": {"content": part["body"], "contentType": "application/json", "encoded": False}}


def answering(*given: tuple[str, Given]) -> Provider:
    """Make a provider of what it answers to which method and path."""
    answers = dict(given)
    return lambda asked: answers[f"{asked.method} {asked.target.partition('?')[0]}"]


def document(value: Json, *headers: tuple[str, str], status: int = 200) -> Given:
    return Given(status, (("Content-Type", "application/json; charset=utf-8"), *headers), json.dumps(value).encode())


ORDERS = (
    interaction(
        "an order",
        {"path": "/orders/1", "headers": {"Accept": "application/json"}},
        headers={"Content-Type": "application/json"},
        body={"id": 1, "item": "lamp", "price": 9.5},
        matchingRules={
            **rules(**{"$.id": {"match": "type"}, "$.item": {"match": "type"}, "$.price": {"match": "type"}}),
            "header": {"Content-Type": {"matchers": [{"match": "regex", "regex": "application/json.*"}]}},
        },
    ),
    interaction(
        "the orders",
        {"path": "/orders", "query": {"page": ["1"], "tag": ["a", "b"]}},
        headers={"Content-Type": "application/json; charset=utf-8"},
        body=[{"id": 1, "item": "lamp"}],
        matchingRules=rules(**{"$": {"match": "type", "min": 1}, "$[*].*": {"match": "type"}}),
    ),
    interaction(
        "a new order",
        {
            "method": "POST",
            "path": "/orders",
            "headers": {"Content-Type": "application/json"},
            "body": {"item": "lamp", "price": 9.5},
            "matchingRules": rules(**{"$.price": {"match": "type"}}),
        },
        status=201,
        headers={"Location": "http://localhost/orders/12"},
        body={"id": 12},
        matchingRules={
            **rules(**{"$.id": {"match": "type"}}),
            "header": {"Location": {"matchers": [{"match": "regex", "regex": r"http://.*/orders/\d+"}]}},
        },
    ),
    interaction("no order", {"path": "/orders/9"}, status=404),
    interaction(
        "a price",
        {
            "method": "PATCH",
            "path": "/orders/1",
            "headers": {"Content-Type": "application/merge-patch+json"},
            "body": {"price": 8},
        },
        status=204,
    ),
    interaction("an end", {"method": "DELETE", "path": "/orders/1"}, status=204),
)
SHOPPING = (
    Sent("GET /orders/1", (("Accept", "application/json"),)),
    Sent("GET /orders?tag=a&page=1&tag=b"),
    Sent("POST /orders", (JSON,), '{"price": 10.25, "item": "lamp"}'),
    Sent("GET /orders/9"),
    Sent("PATCH /orders/1", (("Content-Type", "application/merge-patch+json"),), '{"price":8}'),
    Sent("DELETE /orders/1"),
)
SHOP = answering(
    ("GET /orders/1", document({"id": 7, "item": "chair", "price": 1.25, "more": True})),
    ("GET /orders", document([{"id": 7, "item": "chair"}, {"id": 8, "item": "table"}])),
    ("POST /orders", document({"id": 99}, ("Location", "http://shop/orders/99"), status=201)),
    ("GET /orders/9", document({"error": "no such order"}, status=404)),
    ("PATCH /orders/1", Given(204)),
    ("DELETE /orders/1", Given(204)),
)

QUERY = "query Pet($id: ID!) {\n  pet(id: $id) { name }\n}"
PATTERN = r"\s*query\s+Pet\(\$id:\s*ID!\)\s*\{\s*pet\(id:\s*\$id\)\s*\{\s*name\s*\}\s*\}\s*"
PETS = interaction(
    "a pet",
    {
        "method": "POST",
        "path": "/graphql",
        "headers": {"Content-Type": "application/json"},
        "body": {"query": QUERY, "variables": {"id": "1"}},
        "matchingRules": rules(
            **{"$.query": {"match": "regex", "regex": PATTERN}, "$.variables.id": {"match": "type"}}
        ),
    },
    headers={"Content-Type": "application/graphql-response+json"},
    body={"data": {"pet": {"name": "Rex"}}},
    matchingRules=rules(**{"$.data.pet.name": {"match": "type"}}),
)

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def envelope(name: str, text: str, prefix: str = "soap") -> str:
    """Write an envelope with one element in it."""
    inside = f'<m:{name} xmlns:m="urn:shop"><m:value>{text}</m:value></m:{name}>'
    return f'<{prefix}:Envelope xmlns:{prefix}="{SOAP}"><{prefix}:Body>{inside}</{prefix}:Body></{prefix}:Envelope>'


def inside_envelope(name: str) -> str:
    return f"$['{SOAP}:Envelope']['{SOAP}:Body']['urn:shop:{name}']['urn:shop:value']['#text']"


XML = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '"urn:shop#Price"'}
PRICE = interaction(
    "a price",
    {
        "method": "POST",
        "path": "/soap",
        "headers": XML,
        "body": envelope("Item", "lamp"),
        "matchingRules": rules(**{inside_envelope("Item"): {"match": "type"}}),
    },
    headers={"Content-Type": "text/xml; charset=utf-8"},
    body=envelope("Price", "1.90"),
    matchingRules=rules(**{inside_envelope("Price"): {"match": "regex", "regex": r"\d+\.\d\d"}}),
)

REPORTS = (
    interaction(
        "a report",
        {"path": "/report.csv", "headers": {"Accept": "text/csv"}},
        headers={"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="a, b.csv"'},
        body="Name,Count\r\nlamp,3\r\n",
        matchingRules=rules(**{"$": {"match": "regex", "regex": r"Name,Count\r\n(\w+,\d+\r\n)+"}}),
    ),
    interaction(
        "a note", {"method": "PUT", "path": "/note", "headers": {"Content-Type": "text/plain"}, "body": "hello\n"}
    ),
)

LINKS = '<http://h/items?page=3>; rel="next", <http://h/items?page=1>; rel="prev"'
PAGE = interaction(
    "a page",
    {
        "path": "/items",
        "query": {"page": ["2"], "filter[name]": ["a&b=c"], "tag": ["x", "y z"], "empty": [""]},
        "matchingRules": {"query": {"page": {"matchers": [{"match": "regex", "regex": r"\d+"}]}}},
    },
    headers={
        "Content-Type": "application/json",
        "Link": LINKS,
    },
    body={"items": [{"id": 1}], "total": 12},
    matchingRules=rules(
        **{
            "$.items": {"match": "type", "min": 1},
            "$.items[*].id": {"match": "integer"},
            "$.total": {"match": "number"},
        }
    ),
) | {"providerStates": [{"name": "there are items", "params": {"count": 40}}, {"name": "somebody is logged in"}]}


def paged(asked: Asked) -> Given:
    query = urllib.parse.parse_qs(asked.target.partition("?")[2], keep_blank_values=True)
    assert query == {"page": ["2"], "filter[name]": ["a&b=c"], "tag": ["x", "y z"], "empty": [""]}
    return document({"items": [{"id": 5}, {"id": 6}], "total": 40}, ("Link", LINKS))


USER = interaction(
    "a user",
    {"path": "/users/7"},
    headers={"Content-Type": "application/json"},
    body={"id": 7, "uuid": "", "at": ""},
    matchingRules=rules(
        **{
            "$.id": {"match": "integer"},
            "$.uuid": {"match": "regex", "regex": "[0-9a-f-]{36}"},
            "$.at": {"match": "timestamp", "timestamp": "yyyy-MM-dd'T'HH:mm:ssX"},
        }
    ),
    generators={"body": {"$.uuid": {"type": "Uuid"}, "$.at": {"type": "DateTime", "format": "yyyy-MM-dd'T'HH:mm:ssX"}}},
) | {"providerStates": [{"name": "a user exists", "params": {"id": 7}}]}

MESSAGE: Json = {
    "type": "Asynchronous/Messages",
    "description": "an order was made",
    "contents": {"content": {"id": 1}, "contentType": "application/json", "encoded": False},
    "metadata": {"contentType": "application/json", "topic": "orders"},
    "matchingRules": {"body": {"$.id": {"combine": "AND", "matchers": [{"match": "integer"}]}}},
}
BESIDE = pact(interaction("a shop", {"path": "/shop"}), version="4.0")


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
COOKIES = ["sid=1; Path=/; HttpOnly", "theme=dark; Expires=Thu, 01 Jan 2026 00:00:00 GMT"]
LOGIN = (
    interaction(
        "a login",
        {
            "method": "POST",
            "path": "/login",
            "headers": FORM,
            "body": "user=ada&password=s%26cret",
            "matchingRules": rules(**{"$.password": {"match": "type"}}),
        },
        headers={"Set-Cookie": COOKIES},
    ),
    interaction("home", {"path": "/home", "headers": {"Cookie": "sid=1; theme=dark"}}),
)


def logs_in(asked: Asked) -> Given:
    if asked.target == "/home":
        return Given(200 if asked.header("cookie") == "sid=1; theme=dark" else 401)
    assert urllib.parse.parse_qs(asked.body.decode()) == {"user": ["ada"], "password": ["s&cret"]}
    return Given(200, tuple(("Set-Cookie", cookie) for cookie in COOKIES))


def upload(boundary: str, width: str) -> str:
    """Write a form of two fields of one name, a field that is JSON, and a file."""
    fields = (
        ('name="tag"', "red"),
        ('name="tag"', "blue"),
        ('name="meta"\r\nContent-Type: application/json', f'{{"width": {width}}}'),
        ('name="file"; filename="a.txt"\r\nContent-Type: text/plain', "some text"),
    )
    parts = (f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n" for head, text in fields)
    return "".join(parts) + f"--{boundary}--\r\n"


ANY_BOUNDARY = {"match": "regex", "regex": r"multipart/form-data;\s*boundary=.*"}
UPLOAD = interaction(
    "an upload",
    {
        "method": "POST",
        "path": "/files",
        "headers": {"Content-Type": "multipart/form-data; boundary=one"},
        "body": upload("one", "3"),
        "matchingRules": {
            "header": {"Content-Type": {"matchers": [ANY_BOUNDARY]}},
            **rules(
                **{"$.meta.width": {"match": "integer"}, "$.file": {"match": "contentType", "value": "text/plain"}}
            ),
        },
    },
    status=201,
)

TEXT = interaction(
    "a word",
    {"method": "POST", "path": "/words/My Word", "headers": {"Content-Type": "application/json"}, "body": 'say "hi"'},
    headers={"Content-Type": "application/json"},
    body="[1]",
)


def echoes(asked: Asked) -> Given:
    right = asked.target == "/words/My%20Word" and json.loads(asked.body) == 'say "hi"'
    return Given(200 if right else 400, (JSON,), b'"[1]"')


PETS_IN_TEXT = '{ pets(first: "2") { name } }'
LISTED = interaction(
    "pets",
    {
        "method": "POST",
        "path": "/graphql",
        "headers": {"Content-Type": ["application/graphql"]},
        "body": {
            "content": base64.b64encode(PETS_IN_TEXT.encode()).decode(),
            "contentType": "application/graphql",
            "encoded": "base64",
        },
    },
)

PRACTICES: dict[str, Practice] = {
    "a login with cookies": Practice(
        pact(*LOGIN),
        (
            Sent("POST /login", tuple(FORM.items()), "password=other&user=ada"),
            Sent("GET /home", (("Cookie", "theme=dark; sid=1"),)),
        ),
        logs_in,
    ),
    "an upload": Practice(
        pact(UPLOAD),
        (Sent("POST /files", (("Content-Type", "multipart/form-data; boundary=two"),), upload("two", "44")),),
    ),
    "texts as JSON, below a path with a blank": Practice(
        pact(TEXT), (Sent("POST /words/My%20Word", (JSON,), json.dumps('say "hi"')),), echoes
    ),
    "GraphQL as text": Practice(
        pact(LISTED, version="4.0"),
        (Sent("POST /graphql", (("Content-Type", "application/graphql"),), PETS_IN_TEXT),),
        lambda asked: Given(200 if asked.body.decode() == PETS_IN_TEXT else 400),
    ),
    **{f"orders in {name}": Practice(shop, SHOPPING, SHOP) for name, shop in versions(*ORDERS).items()},
    "GraphQL over JSON": Practice(
        pact(PETS),
        (Sent("POST /graphql", (JSON,), json.dumps({"query": " ".join(QUERY.split()), "variables": {"id": "7"}})),),
        lambda _: Given(
            200, (("Content-Type", "application/graphql-response+json"),), b'{"data":{"pet":{"name":"Tom"}}}'
        ),
    ),
    "a body in gzip": Practice(
        pact(interaction("an import", {"method": "POST", "path": "/import", **TYPED, "body": {"rows": [1, 2]}})),
        (Sent("POST /import", (JSON, ("Content-Encoding", "gzip")), gzip.compress(b'{"rows": [1, 2]}', mtime=0)),),
    ),
    "SOAP": Practice(
        pact(PRICE),
        (Sent("POST /soap", tuple(XML.items()), envelope("Item", "chair", "s")),),
        lambda _: Given(200, (("Content-Type", "text/xml; charset=utf-8"),), envelope("Price", "22.50", "q").encode()),
    ),
    "CSV and text": Practice(
        pact(*REPORTS),
        (
            Sent("GET /report.csv", (("Accept", "text/csv"),)),
            Sent("PUT /note", (("Content-Type", "text/plain"),), "hello\n"),
        ),
    ),
    "pages": Practice(
        pact(PAGE), (Sent("GET /items?tag=x&page=7&filter%5Bname%5D=a%26b%3Dc&tag=y%20z&empty="),), paged
    ),
    "generators": Practice(
        pact(USER),
        (Sent("GET /users/7"),),
        lambda _: document({"id": 8, "uuid": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "at": "2021-01-01T00:00:00Z"}),
    ),
    "messages beside HTTP": Practice(
        {**BESIDE, "interactions": [*BESIDE["interactions"], MESSAGE]}, (Sent("GET /shop"),)
    ),
}


@pytest.mark.parametrize("name", PRACTICES)
async def test_what_passes_here_is_verified(name: str, tmp_path: Path) -> None:
    practice = PRACTICES[name]
    async with MockServer(practice.pact) as server:
        for sent in practice.sent:
            await exchange(server.port, sent.to_bytes())
        assert server.matched, server.report()
        written = await server.write_pact(tmp_path)
    provider = practice.provider or does(json.loads(written.read_bytes()))
    verification = await verify(written, provider)
    assert verification, verification.output


class Accounts:
    """A provider whose answer depends on the state that it was last put in."""

    def __init__(self) -> None:
        self.state = ""

    def __call__(self, asked: Asked) -> Given:
        if asked.target == "/state":
            self.state = json.loads(asked.body)["state"]
            return Given(200)
        return document({"id": 99}) if self.state == "an account exists" else document({}, status=404)


async def test_what_passes_in_each_of_several_states_is_verified(tmp_path: Path) -> None:
    there = interaction(
        "an account",
        {"path": "/accounts/7"},
        headers={"Content-Type": "application/json"},
        body={"id": 7},
        matchingRules=rules(**{"$.id": {"match": "integer"}}),
    )
    gone = interaction("an account", {"path": "/accounts/7"}, status=404)
    states = [{"name": "an account exists", "params": {"id": 7}}], [{"name": "no account exists"}]
    described = pact(there | {"providerStates": states[0]}, gone | {"providerStates": states[1]})
    async with MockServer(described) as server:
        for state in states:
            headers = (("X-Pactmock-State", str(state[0]["name"])),)
            await exchange(server.port, Sent("GET /accounts/7", headers).to_bytes())
        assert server.matched, server.report()
        written = await server.write_pact(tmp_path)
    verification = await verify(written, Accounts(), "-s", "http://127.0.0.1:{port}/state")
    assert verification, verification.output
