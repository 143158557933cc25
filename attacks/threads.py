"""Work in threads that holds up others or the end of the service, and plugins that raise: attacks 13 and 14."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

from attacks.attack import LARGE, MEGABYTE, Attack, Broken
from attacks.connection import Connection, ask, request
from attacks.pacts import interaction, pact, rule
from attacks.plugins import INSTALLED, TYPE, faulty_pact
from attacks.service import JSON, Server, Service

_INVALID = b'{"a": [' + b'{"b": "c", "d": [1, 2.5, null]},' * (8 * MEGABYTE // 32) + b"oops"


def _ends_amid_a_large_body(service: Service) -> Broken:
    """The service is told to end while it looks at a body: see the time that it takes."""
    server = service.create(pact(interaction("json", {"method": "POST", "body": {"a": 1}})))
    service.leave(server.port, request("POST", "/", JSON, _INVALID))
    time.sleep(0.3)
    return iter(())


def _ends_amid_slow_patterns(service: Service) -> Broken:
    for number in range(4):
        service.leave(slow_server(service, number).port, request("POST", "/", JSON, SLOW_BODY))
    time.sleep(0.3)
    return iter(())


SLOW_BODY = json.dumps(["a" * 60 + "!"] * 5000).encode()


def slow_server(service: Service, number: int) -> Server:
    """Start a server whose pattern takes all of a budget on `SLOW_BODY`."""
    rules = {"body": {"$": rule(match="type"), "$[*]": rule(match="regex", regex="(a|aa)+$")}}
    slow = interaction("slow", {"method": "POST", "body": ["aa"], "matchingRules": rules})
    return service.create(pact(slow, consumer=f"slow-{number}"))


def _others_large_bodies(service: Service) -> Broken:
    """Bodies that take long to decide on one server do not hold up the large bodies of another."""
    slow = slow_server(service, 0)
    honest = service.create(pact(interaction("large", {"method": "POST", "headers": {"Content-Type": "text/plain"}})))
    for _ in range(8):
        service.leave(slow.port, request("POST", "/", JSON, SLOW_BODY))
    time.sleep(0.2)
    for _ in range(10):
        answer = ask(honest.port, "POST", "/", [("Content-Type", "text/plain")], b"x" * MEGABYTE)
        if answer.status != 200:
            yield f"an honest body of 1 MB was answered with {answer.status}"
        if answer.seconds > service.at_most(1.5):
            yield f"an honest body of 1 MB waited {answer.seconds:.1f} s for those of another server"
            return


def _verifying(service: Service, meanwhile: Callable[[], None]) -> Broken:
    """Start something slow, and verify an honest server beside it."""
    honest = service.create(pact(interaction("a", {"path": "/a"}), consumer="beside"))
    ask(honest.port, "GET", "/a")
    meanwhile()
    time.sleep(0.3)
    for _ in range(5):
        answer = service.call("POST", f"/mockserver/{honest.id}/verify")
        if answer.status != 204:
            yield f"verify of an honest server was answered with {answer.status}"
        if answer.seconds > service.at_most(1.5):
            yield f"verify of an honest server took {answer.seconds:.1f} s"
            return


def _slow_plugin_calls(service: Service) -> Broken:
    server = service.create(faulty_pact())

    def call_slowly() -> None:
        for _ in range(70):
            service.leave(server.port, request("POST", "/", TYPE, b"sleep 20"))

    return _verifying(service, call_slowly)


def _writers(service: Service) -> Broken:
    """Writers of one large file wait for each other, and for nobody else."""
    many = [interaction(f"number {number}", {"path": f"/{number}"}) for number in range(10_000)]
    server = service.create(pact(*many))

    def write() -> None:
        for _ in range(64):
            service.leave(service.port, request("POST", f"/mockserver/{server.id}/pact", JSON, b"{}"))

    return _verifying(service, write)


_RAISED = ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "MemoryError", "RecursionError", "BaseException")


def _raising_plugin(service: Service) -> Broken:
    """Whatever a plugin raises is a mismatch that says so."""
    for raised in _RAISED:
        server = service.create(faulty_pact())
        with Connection(server.port, patience=5) as connection:
            connection.send(request("POST", "/", TYPE, raised.encode()))
            try:
                status = connection.answer("POST").status
            except TimeoutError:
                status = 0
        if status != 500:
            yield f"a plugin that raises {raised} was answered with {status}"
        if service.process.poll() is not None:
            yield f"a plugin that raises {raised} ended the service"
            return
        if service.matched(server):
            yield f"a plugin that raises {raised} made it green"


def _many_decisions(service: Service) -> Broken:
    """Thirty clients with large bodies at once are all answered, and rightly."""
    server = service.create(pact(interaction("text", {"method": "POST", "path": "/text"}, status=201)))
    statuses: list[int] = []
    clients = [
        threading.Thread(target=lambda: statuses.append(ask(server.port, "POST", "/text", (), b"x" * MEGABYTE).status))
        for _ in range(30)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if statuses != [201] * len(clients):
        yield f"thirty large bodies were answered with {statuses}"


ATTACKS = (
    Attack(13, "SIGTERM while 8 MB of invalid JSON are looked at", _ends_amid_a_large_body, LARGE),
    Attack(13, "SIGTERM while slow patterns are decided", _ends_amid_slow_patterns, quick=True),
    Attack(13, "large bodies beside those that take long", _others_large_bodies),
    Attack(13, "thirty large bodies at once", _many_decisions),
    Attack(13, "verify beside 70 slow plugin calls", _slow_plugin_calls, variables=INSTALLED),
    Attack(13, "verify beside 64 writers of one large file", _writers),
    Attack(14, "a plugin that raises what ends processes", _raising_plugin, variables=INSTALLED, quick=True),
)
