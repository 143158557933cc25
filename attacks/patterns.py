"""Patterns that take for ever, or more memory than there is: attacks 7 and 11."""

from __future__ import annotations

import json
import time

from attacks.attack import Attack, Broken
from attacks.connection import Answer, ask
from attacks.pacts import Json, interaction, pact, rule
from attacks.service import JSON, Server, Service

_SLOW = "(a|aa)+$"
_TEXT = "a" * 60 + "!"
_DECIDED_WITHIN = 25.0
"""Seconds for one answer: 2 s of processor time by default, and a backstop of ten times that on the clock."""

_REFUSED_WITHIN = 2.0


def _never_green(service: Service, server: Server, answer: Answer) -> Broken:
    if answer.status != 500:
        yield f"what cannot be decided was answered with {answer.status}"
    if answer.seconds > service.at_most(_DECIDED_WITHIN):
        yield f"the answer took {answer.seconds:.1f} s"
    if service.matched(server) or service.verify(server) != 422:
        yield "what cannot be decided made it green"


def _slow_path(text: str, path: str = _SLOW) -> Json:
    rules = {"path": rule(match="regex", regex=f"/{path}")}
    return interaction(text, {"path": "/aaa", "matchingRules": rules})


def _one_path(service: Service) -> Broken:
    server = service.create(pact(_slow_path("slow")))
    answer = ask(server.port, "GET", f"/{_TEXT}")
    yield from _never_green(service, server, answer)


def _ten_headers(service: Service) -> Broken:
    names = [f"X-{number}" for number in range(10)]
    rules = {"header": {name: rule(match="regex", regex=_SLOW) for name in names}}
    server = service.create(pact(interaction("slow", {"headers": dict.fromkeys(names, "aa"), "matchingRules": rules})))
    answer = ask(server.port, "GET", "/", [(name, _TEXT) for name in names])
    yield from _never_green(service, server, answer)


def _twenty_interactions(service: Service) -> Broken:
    server = service.create(pact(*(_slow_path(f"slow {number}") for number in range(20))))
    answer = ask(server.port, "GET", f"/{_TEXT}")
    yield from _never_green(service, server, answer)


def _long_list(service: Service) -> Broken:
    rules = {"body": {"$": rule(match="type"), "$[*]": rule(match="regex", regex=_SLOW)}}
    slow = interaction("slow", {"method": "POST", "body": ["aa"], "matchingRules": rules})
    server = service.create(pact(slow))
    body = json.dumps([_TEXT] * 1000).encode()
    answer = ask(server.port, "POST", "/", JSON, body)
    yield from _never_green(service, server, answer)


def _somebody_elses(service: Service) -> Broken:
    """Slow patterns in other servers do not slow down an unexpected request to this one."""
    for number in range(20):
        service.create(pact(_slow_path("slow"), consumer=f"other-{number}"))
    server = service.create(pact(interaction("quick", {"path": "/quick"})))
    answer = ask(server.port, "GET", f"/{_TEXT}")
    if answer.status != 500:
        yield f"an unexpected request was answered with {answer.status}"
    if answer.seconds > service.at_most(0.5):
        yield f"an unexpected request took {answer.seconds:.1f} s by the patterns of other servers"


def _many_at_once(service: Service) -> Broken:
    slow = [service.create(pact(_slow_path("slow"), consumer=f"slow-{number}")) for number in range(4)]
    began = time.monotonic()
    for server in slow:
        if (status := ask(server.port, "GET", f"/{_TEXT}").status) != 500:
            yield f"what cannot be decided was answered with {status}"
    if (seconds := time.monotonic() - began) > service.at_most(_DECIDED_WITHIN):
        yield f"four slow requests took {seconds:.1f} s"


def _refused(pattern: str) -> Attack:
    def run(service: Service) -> Broken:
        document = json.dumps(pact(_slow_path("costly", pattern))).encode()
        answer = service.call("POST", "/", document)
        if answer.status != 422:
            yield f"a pact with this pattern was answered with {answer.status}"
        elif "path" not in json.loads(answer.body).get("pointer", ""):
            yield f"the refusal does not point at the rule: {answer.body[:300]!r}"
        if answer.seconds > service.at_most(_REFUSED_WITHIN):
            yield f"the refusal took {answer.seconds:.1f} s"

    return Attack(11, f"a pact with the pattern {pattern}", run, quick=True)


ATTACKS = (
    Attack(7, "a slow pattern for a path", _one_path, quick=True),
    Attack(7, "slow patterns for ten headers", _ten_headers),
    Attack(7, "slow patterns in twenty interactions", _twenty_interactions),
    Attack(7, "a slow pattern for a list of 1,000", _long_list),
    Attack(7, "slow patterns of other servers", _somebody_elses, quick=True),
    Attack(7, "slow patterns in four servers", _many_at_once),
    _refused("a{1000000000}"),
    _refused("(((a{1000}){1000}){1000}){1000}"),
    _refused(r"(?<a>\g<a>)"),
)
