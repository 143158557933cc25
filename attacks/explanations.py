"""Explanations, lists of requests and searches that grow faster than what was sent: attacks 8 and 12."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from attacks.attack import MEGABYTE, Attack, Broken
from attacks.connection import Connection, ask, request
from attacks.pacts import Json, interaction, pact, rule
from attacks.service import JSON, Service

_NUMBERS = 6000
_EXPLANATION = 300_000
"""Bytes of the largest answer: an explanation of 256 kB, and what is around it."""


def _numbers() -> Json:
    return pact(interaction("a list", {"method": "POST", "body": list(range(_NUMBERS))}))


def _empty_list(service: Service) -> Broken:
    server = service.create(_numbers())
    answer = ask(server.port, "POST", "/", JSON, b"[]")
    if answer.status != 500 or service.matched(server):
        yield f"an empty list for {_NUMBERS} numbers was answered with {answer.status}"
    if len(answer.body) > _EXPLANATION:
        yield f"the answer has {len(answer.body):,} bytes"
    if answer.seconds > service.at_most(1):
        yield f"the answer took {answer.seconds:.1f} s"


def _empty_lists(service: Service) -> Broken:
    """What the journal keeps of them is counted."""
    server = service.create(_numbers())
    with Connection(server.port) as connection:
        for _ in range(300):
            connection.send(request("POST", "/", JSON, b"[]"))
            if (status := connection.answer("POST").status) != 500:
                yield f"an empty list was answered with {status}"
                return
    for listed in ("mismatches", "requests?limit=100"):
        answer = service.call("GET", f"/mockserver/{server.id}/{listed}")
        if answer.status != 200 or len(answer.body) > 64 * MEGABYTE:
            yield f"{listed} was answered with {answer.status} and {len(answer.body):,} bytes"
        if answer.seconds > service.at_most(3):
            yield f"{listed} took {answer.seconds:.1f} s"


def _unlike(service: Service) -> Broken:
    """Every member of a large object differs."""
    names = [f"member{number}" for number in range(20_000)]
    expected = interaction("large", {"method": "POST", "body": dict.fromkeys(names, "x" * 20)})
    server = service.create(pact(expected))
    body = json.dumps({name: ["y"] for name in names}).encode()
    answer = ask(server.port, "POST", "/", JSON, body)
    if answer.status != 500 or len(answer.body) > _EXPLANATION:
        yield f"it was answered with {answer.status} and {len(answer.body):,} bytes"
    if answer.seconds > service.at_most(5):
        yield f"the answer took {answer.seconds:.1f} s"


def _pattern_path(number: int) -> Json:
    rules = {"path": rule(match="regex", regex=rf"/things/{number}/\d+")}
    return interaction(f"thing {number}", {"path": f"/things/{number}/1", "matchingRules": rules})


def _many_servers(service: Service) -> Broken:
    """The neighbours of a request are looked at once, in a bounded time."""
    for number in range(300):
        service.create(pact(*(_pattern_path(30 * number + one) for one in range(30)), consumer=f"other-{number}"))
    server = service.create(pact(interaction("mine", {"path": "/mine"})))
    with Connection(server.port) as connection:
        for number in range(1000):
            connection.send(request("GET", f"/unexpected/{number}"))
            if connection.answer().status != 500:
                yield "an unexpected request was expected"
                return
    for listed in ("requests", "mismatches"):
        answer = service.call("GET", f"/mockserver/{server.id}/{listed}")
        if answer.status != 200 or answer.seconds > service.at_most(2):
            yield f"{listed} was answered with {answer.status} in {answer.seconds:.1f} s"


def _same_path(service: Service) -> Broken:
    interactions = [interaction(f"number {number}", {"path": "/same"}) for number in range(20_000)]
    document = json.dumps(pact(*interactions)).encode()
    answer = service.call("POST", "/", document)
    if answer.status not in {200, 422}:
        yield f"20,000 interactions of one path were answered with {answer.status}"
    if answer.seconds > service.at_most(5):
        yield f"20,000 interactions of one path took {answer.seconds:.1f} s"


def _variants(service: Service) -> Broken:
    """A comparison whose cost is variants times items."""
    variants = [
        {"index": number, "rules": {"$.kind": rule(match="regex", regex=f"kind{number}")}, "generators": {}}
        for number in range(200)
    ]
    body = [{"kind": f"kind{number}"} for number in range(200)]
    rules = {"body": {"$": rule(match="arrayContains", variants=variants)}}
    document = pact(interaction("any", {"method": "POST", "body": body, "matchingRules": rules}))
    document["metadata"]["pactSpecification"] = {"version": "4.0"}
    document["interactions"][0] |= {"type": "Synchronous/HTTP"}
    document["interactions"][0]["request"]["body"] = {
        "content": body,
        "contentType": "application/json",
        "encoded": False,
    }
    made = service.call("POST", "/", json.dumps(document).encode())
    if made.status == 422:
        return
    port = json.loads(made.body)["mockServer"]["port"]
    sent = json.dumps([{"kind": "none of them"}] * 20_000).encode()
    answer = ask(port, "POST", "/", JSON, sent)
    if answer.status != 500:
        yield f"what holds no variant was answered with {answer.status}"
    if answer.seconds > service.at_most(25):
        yield f"the answer took {answer.seconds:.1f} s"


def _generated(service: Service) -> Broken:
    """A generator whose texts together are larger than what anybody wants to be sent."""
    generators = {"body": {"$[*]": {"type": "RandomString", "size": 65_535}}}
    document = json.dumps(pact(interaction("much", body=[""] * 2000, generators=generators))).encode()
    made = service.call("POST", "/", document)
    if made.status == 422:
        return
    answer = ask(json.loads(made.body)["mockServer"]["port"], "GET", "/")
    if len(answer.body) > 32 * MEGABYTE or answer.seconds > service.at_most(3):
        yield f"{len(answer.body):,} bytes were generated in {answer.seconds:.1f} s"


def _unexpected(count: int) -> Callable[[Service], Broken]:
    def run(service: Service) -> Broken:
        paths = (f"/area{number % 97}/resource/{number}" for number in range(count))
        server = service.create(pact(*(interaction(path, {"path": path}) for path in paths)))
        with Connection(server.port) as connection:
            seconds = [0.0] * 20
            for number in range(len(seconds)):
                began = time.monotonic()
                connection.send(request("GET", f"/area5/resource/none{number}"))
                if connection.answer().status != 500:
                    yield "an unexpected request was expected"
                    return
                seconds[number] = time.monotonic() - began
        if sorted(seconds)[10] > service.at_most(0.05):
            yield f"half of the unexpected requests took more than {sorted(seconds)[10] * 1000:.0f} ms"
        answer = service.call("GET", f"/mockserver/{server.id}/mismatches")
        if answer.status != 200 or answer.seconds > service.at_most(2):
            yield f"mismatches was answered with {answer.status} in {answer.seconds:.1f} s"

    return run


ATTACKS = (
    Attack(8, "an empty list for 6,000 numbers", _empty_list, quick=True),
    Attack(8, "300 empty lists for 6,000 numbers", _empty_lists),
    Attack(8, "an object of which 20,000 members differ", _unlike, quick=True),
    Attack(12, "300 servers of 30 pattern paths, 1,000 unexpected requests", _many_servers),
    Attack(12, "20,000 interactions of one path", _same_path),
    Attack(12, "200 variants for 20,000 items", _variants),
    Attack(12, "a generator of 65,535 characters for 2,000 items", _generated, quick=True),
    Attack(12, "unexpected requests to 10,000 interactions", _unexpected(10_000)),
    Attack(12, "unexpected requests to 50,000 interactions", _unexpected(50_000)),
)
