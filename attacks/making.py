"""What costs the most to make: large pacts, their patterns, generated answers, trees of XML: attacks 29, 31 to 33."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import Any

from attacks.attack import LARGE, MEGABYTE, Attack, Broken
from attacks.connection import ask, request
from attacks.pacts import Json, interaction, pact
from attacks.service import JSON, Service

_XML = (("Content-Type", "application/xml"),)
_POSTED_WITHIN = 10.0
_ANSWERED_WITHIN = 25.0


def _generating(body: Json, generators: dict[str, Any]) -> Json:
    return interaction("made", headers=dict(JSON), body=body, generators={"body": generators})


def _url_patterns(service: Service) -> Broken:
    """A pact whose patterns for URLs of a mock server take for ever on its own examples."""
    names = [f"l{number}" for number in range(100)]
    url = {"type": "MockServerURL", "regex": "^(a|aa)+(/p)$"}
    generators = {f"$.{name}": url | {"example": "a" * 30 + f"!{name}"} for name in names}
    answer = service.call("POST", "/", json.dumps(pact(_generating(dict.fromkeys(names, "x"), generators))).encode())
    if answer.status not in {200, 422}:
        yield f"the pact was answered with {answer.status}"
    if answer.seconds > _POSTED_WITHIN:
        yield f"the pact was answered after {answer.seconds:.1f} s"


_GENERATORS: tuple[Json, ...] = (
    {"type": "Regex", "regex": "[a-z]{40000}"},
    {"type": "RandomString", "size": 60_000},
    {"type": "RandomDecimal", "digits": 60_000},
    {"type": "DateTime", "format": "yyyy-MM-dd'T'HH:mm:ss" * 300},
    {"type": "Uuid"},
)


def _long_answers(service: Service) -> Broken:
    """What is made too long is not made: it is refused with the pact, or is no match."""
    for generator in _GENERATORS:
        items = 60_000 if generator["type"] == "Uuid" else 60
        made = _generating({"l": ["x"] * items}, {"$.l[*]": generator})
        posted = service.call("POST", "/", json.dumps(pact(made)).encode())
        if posted.status == 422:
            continue
        if posted.status != 200:
            yield f"a pact with {generator['type']} was answered with {posted.status}"
            continue
        answer = ask(json.loads(posted.body)["mockServer"]["port"], "GET", "/")
        if answer.status not in {200, 500}:
            yield f"{items} of {generator['type']} were answered with {answer.status}"
        if answer.seconds > _ANSWERED_WITHIN:
            yield f"{items} of {generator['type']} took {answer.seconds:.1f} s"


def _four_trees(service: Service) -> Broken:
    """An element takes four bytes to send, and far more to be one."""
    sent = b"<a>" + b"<b/>" * (7 * MEGABYTE // 4) + b"</a>"
    expected = {"method": "POST", "headers": dict(_XML), "body": "<a><b/></a>"}
    servers = [service.create(pact(interaction("xml", expected), consumer=f"xml-{number}")) for number in range(4)]
    statuses: list[int] = []

    def send(port: int) -> None:
        with contextlib.suppress(TimeoutError):
            statuses.append(ask(port, "POST", "/", _XML, sent).status)

    clients = [threading.Thread(target=send, args=(server.port,)) for server in servers]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if statuses != [500] * len(servers):
        yield f"four bodies of 7 MB of XML were answered with {statuses}"


def _ends_amid_a_large_pact(service: Service) -> Broken:
    """The service is told to end while its loop reads a pact: see the time that it takes."""
    many = [interaction(f"number {number}", {"path": f"/{number}"}, body="x" * 300) for number in range(60_000)]
    service.leave(service.port, request("POST", "/", JSON, json.dumps(pact(*many)).encode()))
    time.sleep(0.6)
    return iter(())


ATTACKS = (
    Attack(29, "SIGTERM while a pact of 60,000 interactions is read", _ends_amid_a_large_pact, LARGE),
    Attack(31, "patterns for URLs that take for ever", _url_patterns),
    Attack(32, "generators of long texts", _long_answers),
    Attack(33, "four bodies of 7 MB of XML", _four_trees, LARGE),
)
