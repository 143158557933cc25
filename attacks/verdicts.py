"""Wrong verdicts and lost answers: attacks 1 to 6."""

from __future__ import annotations

import gzip
import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from attacks.attack import LARGE, Attack, Broken
from attacks.connection import PATIENCE, Answer, Connection, ask, request
from attacks.pacts import Json, interaction, pact, rule
from attacks.service import JSON, Server, Service

_ITEMS = 40_000
"""About 3 MB of JSON, whose comparison with a rule for each member takes a good part of a second."""

_DELAYS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
"""When the change comes, in seconds after the body was sent: some of them while it is being decided."""

Change = Callable[[Service, Server], Answer]


def _large_body() -> bytes:
    items = [{"id": number, "name": f"item {number}", "price": number + 0.5} for number in range(_ITEMS)]
    return json.dumps({"items": items}).encode()


_BODY = _large_body()


def _large() -> Json:
    body = {"items": [{"id": 1, "name": "item 1", "price": 1.5}]}
    rules = {
        "$.items": rule(match="type"),
        "$.items[*].id": rule(match="integer"),
        "$.items[*].name": rule(match="regex", regex=r"item \d+"),
        "$.items[*].price": rule(match="decimal"),
    }
    return interaction("large", {"method": "POST", "path": "/large", "body": body, "matchingRules": {"body": rules}})


_CSV = (("Content-Type", "text/csv;charset=utf-8"),)
_ROW = "item,1,2.5,more,0\n"
_CSV_BODY = (_ROW * 30_000).encode()


def _csv(path: str, description: str) -> Json:
    request = {
        "method": "POST",
        "path": path,
        "headers": dict(_CSV),
        "body": {"content": _ROW, "contentType": _CSV[0][1], "encoded": False},
        "matchingRules": {"body": {f"column:{number}": rule(match="number") for number in (2, 3, 5)}},
    }
    kept = {"csv": {"request": {"csvHeaders": False}}}
    return {"type": "Synchronous/HTTP", "pluginConfiguration": kept} | interaction(description, request)


def _with_csv(*interactions: Json) -> Json:
    document = pact(*interactions, plugins=[{"name": "csv", "version": "0.1.0", "configuration": {}}])
    document["metadata"]["pactSpecification"] = {"version": "4.0"}
    return document


_UNCALLED = pact(interaction("never called", {"path": "/never"}))


def _put(document: Json) -> Change:
    return lambda service, server: service.call(
        "PUT", f"/mockserver/{server.id}/interactions", json.dumps(document).encode()
    )


def _forget(service: Service, server: Server) -> Answer:
    return service.call("DELETE", f"/mockserver/{server.id}/requests")


def _race(service: Service, document: Json, sent: bytes, change: Change) -> Broken:
    """Change a server while a request to it is being decided: what was asked of the old one makes nothing green.

    A request that is whole only after a reset is one of the present epoch, which makes it green; the journal says so.
    """
    for number, delay in enumerate(_DELAYS):
        server = service.create(document | {"consumer": {"name": f"racer-{number}"}})
        with Connection(server.port) as connection:
            connection.send(sent)
            time.sleep(delay)
            status = change(service, server).status
            answer = connection.answer("POST")
        after = f"after a change {delay:g} s behind the body"
        if status not in {200, 204}:
            yield f"the change was answered with {status}"
        if answer.status not in {200, 500}:
            yield f"the large request was answered with {answer.status} {after}"
        is_green = change is _forget and any(not entry["late"] for entry in service.requests(server))
        if service.matched(server) and not is_green:
            yield f"matched is true {after}, and the only interaction was not called since"
        if service.verify(server) != (204 if is_green else 422):
            yield f"verify is not what the journal says {after}"
        if any(service.output.glob(f"racer-{number}*")) and not is_green:
            yield f"a pact was written {after}"


def _replaced_while_decided(service: Service) -> Broken:
    return _race(service, pact(_large()), request("POST", "/large", JSON, _BODY), _put(_UNCALLED))


def _reset_while_decided(service: Service) -> Broken:
    return _race(service, pact(_large()), request("POST", "/large", JSON, _BODY), _forget)


def _replaced_while_a_plugin_decides(service: Service) -> Broken:
    sent = request("POST", "/large", _CSV, _CSV_BODY)
    return _race(service, _with_csv(_csv("/large", "large")), sent, _put(_with_csv(_csv("/never", "never called"))))


def _methods() -> Json:
    return pact(
        interaction("a", {"path": "/a"}, status=201),
        interaction("b", {"method": "PURGEALL", "path": "/b"}, status=202),
    )


def _custom_method(service: Service, cut: Callable[[bytes, bytes], tuple[bytes, ...]]) -> Broken:
    server = service.create(_methods())
    segments = cut(request("GET", "/a"), request("PURGEALL", "/b"))
    with Connection(server.port) as connection:
        connection.send(*segments)
        statuses = [answer.status for answer in connection.answers("GET", "PURGEALL")]
    noted = [entry["request"]["method"] for entry in service.requests(server) if "request" in entry]
    if statuses != [201, 202]:
        yield f"GET and PURGEALL were answered with {statuses}"
    if noted != ["GET", "PURGEALL"]:
        yield f"GET and PURGEALL were noted as {noted}"
    if not service.matched(server):
        yield "both were called, and it is not matched"


def _in_one_segment(service: Service) -> Broken:
    return _custom_method(service, lambda get, purge: (get + purge,))


def _cut_in_the_method(service: Service) -> Broken:
    return _custom_method(service, lambda get, purge: (get, purge[:3], purge[3:]))


def _bad_behind_large(service: Service) -> Broken:
    server = service.create(pact(_large()))
    with Connection(server.port) as connection:
        connection.send(request("POST", "/large", JSON, _BODY) + b"nonsense\r\n\r\n")
        statuses = [answer.status for answer in connection.answers("POST", "GET")]
    if statuses != [200, 400]:
        yield f"a large request and a bad one behind it were answered with {statuses}"
    outcomes = [entry["outcome"] for entry in service.requests(server)]
    if outcomes != ["Request-Matched", "Refused"]:
        yield f"they were noted as {outcomes}"


def _stopped_while_decided(service: Service) -> Broken:
    for delay in _DELAYS[1:4]:
        server, begun = service.create(pact(_large())), service.begun_in_threads()
        with Connection(server.port) as connection:
            connection.send(request("POST", "/large", JSON, _BODY))
            until = time.monotonic() + PATIENCE
            while service.begun_in_threads() == begun and time.monotonic() < until:
                time.sleep(0.001)
            time.sleep(delay)
            if (status := service.call("DELETE", f"/mockserver/{server.id}").status) != 204:
                yield f"DELETE was answered with {status}"
            if connection.answer("POST").status == 0:
                yield f"the client got no answer from a server that was stopped {delay:g} s after it began to decide"


_GZIPPED = gzip.compress(b'{"a": 1}', mtime=0)
_GZIP = (("Content-Encoding", "gzip"), *JSON)


def _bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(99)) + packer.flush()


def _oddities(prefix: str) -> Iterator[tuple[str, str, bytes]]:
    """Requests that HTTP libraries take otherwise than they were sent: what, its method, its bytes."""
    at = f"{prefix}/zipped"
    yield "gzip", "POST", request("POST", at, _GZIP, _GZIPPED)
    yield "bad gzip", "POST", request("POST", at, _GZIP, b"no gzip at all")
    yield "a gzip bomb", "POST", request("POST", at, _GZIP, _bomb())
    yield "method FOO", "FOO", request("FOO", f"{prefix}/odd")
    yield "method get", "get", request("get", f"{prefix}/odd")
    yield "Expect: x", "POST", request("POST", f"{prefix}/odd", [("Expect", "x")], b"1")
    trailed = request("POST", f"{prefix}/odd", [("Transfer-Encoding", "chunked"), ("Trailer", "X-Sum")])
    yield "trailers", "POST", trailed + b"3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"


def _odd_pact() -> Json:
    return pact(
        interaction("zipped", {"method": "POST", "path": "/zipped", "headers": dict(_GZIP), "body": {"a": 1}}),
        interaction("an odd method", {"method": "FOO", "path": "/odd"}, status=201),
        interaction("a small method", {"method": "get", "path": "/odd"}, status=202),
        interaction("any post", {"method": "POST", "path": "/odd"}, status=203),
    )


def _exchange(port: int, method: str, sent: bytes) -> tuple[Answer, Answer]:
    """Return the answer of a client that leaves its side open, and of one that closes it when all is sent."""
    answers = []
    for is_half_closed in (False, True):
        with Connection(port) as connection:
            connection.send(sent)
            if is_half_closed:
                connection.end_sending()
            answers.append(connection.answer(method))
    return answers[0], answers[1]


def _noted(entry: dict[str, Any]) -> Json:
    return {name: value for name, value in entry.items() if name not in {"number", "received"}}


def _gateway_and_port(service: Service) -> Broken:
    direct, passed = service.create(_odd_pact()), service.create(_odd_pact())
    plain, prefixed = _oddities(""), _oddities(f"/m/{passed.id}")
    for (what, method, sent), (_, _, through) in zip(plain, prefixed, strict=True):
        expected, given = _exchange(direct.port, method, sent), _exchange(service.port, method, through)
        for side, one, other in zip(("open", "half-closed"), expected, given, strict=True):
            if (one.status, one.body) != (other.status, other.body):
                yield f"{what}, {side}: {one.status} from the port, {other.status} through the gateway"
    entries = [list(map(_noted, service.requests(server))) for server in (direct, passed)]
    if entries[0] != entries[1]:
        yield f"the journals differ: {len(entries[0])} entries by the port, {len(entries[1])} by the gateway"


def _many_at_once(service: Service) -> Broken:
    """Attack 1 from many clients: a decision is about the edition that it was made against, whoever waits for it."""
    server = service.create(pact(_large()))
    statuses: list[int] = []
    sending = [
        threading.Thread(target=lambda: statuses.append(ask(server.port, "POST", "/large", JSON, _BODY).status))
        for _ in range(4)
    ]
    for thread in sending:
        thread.start()
    time.sleep(0.1)
    _put(_UNCALLED)(service, server)
    for thread in sending:
        thread.join()
    if len(statuses) != len(sending) or not set(statuses) <= {200, 500}:
        yield f"four large requests were answered with {statuses}"
    if service.matched(server):
        yield "matched is true, and the only interaction was never called"


ATTACKS = (
    Attack(1, "interactions replaced while a large body is decided", _replaced_while_decided, LARGE),
    Attack(1, "journal reset while a large body is decided", _reset_while_decided, LARGE),
    Attack(1, "interactions replaced while a plugin decides", _replaced_while_a_plugin_decides, LARGE),
    Attack(1, "interactions replaced while four large bodies are decided", _many_at_once, LARGE),
    Attack(2, "GET and a custom method in one segment", _in_one_segment, quick=True),
    Attack(3, "a bad request behind a large one", _bad_behind_large, quick=True),
    Attack(4, "a server stopped while it decides", _stopped_while_decided, quick=True),
    Attack(5, "what HTTP libraries change, by port and gateway", _gateway_and_port, quick=True),
    Attack(6, "a custom method cut in two", _cut_in_the_method, quick=True),
)
