"""Forms, queries and JSON whose reading takes longer than their length says: attacks 9 and 10."""

from __future__ import annotations

import json

from attacks.attack import LARGE, MEGABYTE, Attack, Broken
from attacks.connection import ask
from attacks.pacts import interaction, pact
from attacks.service import JSON, Service

_FORM = (("Content-Type", "application/x-www-form-urlencoded"),)


def _form(service: Service) -> Broken:
    server = service.create(pact(interaction("form", {"method": "POST", "headers": dict(_FORM), "body": "b=1"})))
    answer = ask(server.port, "POST", "/", _FORM, b"a&" * 120_000)
    if answer.status != 500 or service.matched(server):
        yield f"a form that is not expected was answered with {answer.status}"
    if answer.seconds > service.at_most(3):
        yield f"a form of 240 kB took {answer.seconds:.1f} s"


def _query(service: Service) -> Broken:
    server = service.create(pact(interaction("query", {"query": {"b": ["1"]}})))
    answer = ask(server.port, "GET", "/?" + "a&" * 30_000)
    if answer.status != 500 or service.matched(server):
        yield f"a query that is not expected was answered with {answer.status}"
    if answer.seconds > service.at_most(1):
        yield f"a query of 60 kB took {answer.seconds:.1f} s"


_UNFINISHED = b'{"a": [' + b'{"b": "c", "d": [1, 2.5, null]},' * (10 * MEGABYTE // 32) + b"oops"


def _malformed_pact(service: Service) -> Broken:
    answer = service.call("POST", "/", _UNFINISHED)
    if answer.status != 400:
        yield f"a pact that is not JSON was answered with {answer.status}"
    if answer.seconds > service.at_most(3):
        yield f"malformed JSON of 10 MB took {answer.seconds:.1f} s"


def _malformed_body(service: Service) -> Broken:
    server = service.create(pact(interaction("json", {"method": "POST", "body": {"a": 1}})))
    answer = ask(server.port, "POST", "/", JSON, _UNFINISHED)
    if answer.status != 500 or service.matched(server):
        yield f"a body that is not JSON was answered with {answer.status}"
    if answer.seconds > service.at_most(10):
        yield f"a malformed body of 10 MB took {answer.seconds:.1f} s"


def _valid_body(service: Service) -> Broken:
    """A large body that is fine costs its neighbours no more than a bad one."""
    server = service.create(
        pact(
            interaction(
                "json",
                {"method": "POST", "body": [], "matchingRules": {"body": {"$": {"matchers": [{"match": "type"}]}}}},
            )
        )
    )
    body = json.dumps([{"id": number, "name": "x" * 20, "tags": [1, 2, 3]} for number in range(120_000)]).encode()
    answer = ask(server.port, "POST", "/", JSON, body)
    if answer.status not in {200, 500}:
        yield f"a body of {len(body) // MEGABYTE} MB was answered with {answer.status}"


ATTACKS = (
    Attack(9, "a form of 120,000 names", _form, quick=True),
    Attack(9, "a query of 30,000 names", _query, quick=True),
    Attack(10, "a pact of 10 MB that is not JSON", _malformed_pact, LARGE),
    Attack(10, "a body of 10 MB that is not JSON", _malformed_body, LARGE),
    Attack(10, "a body of 7 MB that is JSON", _valid_body, LARGE),
)
