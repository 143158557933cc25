"""Who may see and call what: attacks 17 to 19."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from attacks.attack import Attack, Broken
from attacks.connection import Answer, Connection, ask, request
from attacks.pacts import interaction, pact, rule
from attacks.service import JSON, Server, Service, start
from benchmarks import environment

_EVERYWHERE = ("--host", "0.0.0.0")  # noqa: S104  as the image is started
_SECRET = "b1946ac92492d2347c6235b4d2611184"
_SECRET_HEADERS = (
    ("Authorization", f"Bearer {_SECRET}"),
    ("Proxy-Authorization", f"Basic {_SECRET}"),
    ("Cookie", f"session={_SECRET}"),
    ("X-Api-Key", _SECRET),
)


def _shown(service: Service, server: Server) -> Iterator[tuple[str, bytes]]:
    """Return every place that shows what was received."""
    here = f"/mockserver/{server.id}"
    for target in ("/", here, *(f"{here}/{name}" for name in ("mismatches", "requests", "logs", "interactions"))):
        yield f"GET {target.replace(server.id, 'ID')}", service.call("GET", target).body
    for number in range(1, 6):
        for one in (f"{here}/requests/{number}", f"{here}/requests/{number}/body"):
            yield f"GET {one.replace(server.id, 'ID')}", service.call("GET", one).body
    yield "verify", service.call("POST", f"{here}/verify").body
    yield "the service's log", service.log.read_bytes()


def _secrets(service: Service) -> Broken:
    names = [name for name, _ in _SECRET_HEADERS]
    rules = {"header": {names[0]: rule(match="regex", regex=r"Bearer [a-z]{4}")}}
    expected = {"headers": dict.fromkeys(names, "else") | {names[0]: "Bearer abcd"}, "matchingRules": rules}
    server = service.create(pact(interaction("secret", expected)))
    for name, port, target in (
        ("the port's answer", server.port, "/"),
        ("the port's answer to another path", server.port, "/other"),
        ("the gateway's answer", service.port, f"/m/{server.id}/"),
    ):
        answer = ask(port, "GET", target, _SECRET_HEADERS)
        if answer.status != 500:
            yield f"{name} is {answer.status}"
        if _SECRET.encode() in answer.body:
            yield f"{name} shows a secret"
    ask(server.port, "GET", "/", [(name.lower(), value) for name, value in _SECRET_HEADERS for _ in range(2)])
    for place, content in _shown(service, server):
        if _SECRET.encode() in content:
            yield f"{place} shows a secret"


def _as_host(service: Service, host: str, method: str, target: str, body: bytes | None = None) -> Answer:
    with Connection(service.port) as connection:
        connection.send(request(method, target, JSON, body).replace(b"Host: 127.0.0.1", f"Host: {host}".encode()))
        return connection.answer(method)


def _rebound(service: Service) -> Broken:
    document = json.dumps(pact(interaction("a"))).encode()
    for host in ("attacker.example", f"attacker.example:{service.port}", "127.0.0.1.attacker.example"):
        for method, target, body in (("GET", "/", None), ("POST", "/", document), ("POST", "/shutdown", b"{}")):
            if (status := _as_host(service, host, method, target, body).status) not in {400, 403, 421}:
                yield f"{method} {target} by the name {host} was answered with {status}"
    for host in ("127.0.0.1", "sidecar", "pactmock.internal", "[::1]"):
        if (status := _as_host(service, host, "GET", "/").status) != 200:
            yield f"GET / by the name {host} was answered with {status}"


def _empty_token(what: str, options: tuple[str, ...], variables: dict[str, str]) -> Attack:
    def run(_service: Service) -> Broken:
        process = start(*options, **variables)
        try:
            said = process.communicate(timeout=60)[1].decode()
        except subprocess.TimeoutExpired:
            yield f"with {what} the service starts"
            return
        finally:
            process.kill()
            process.communicate()
        if process.returncode == 0 or "token" not in said or "Traceback" in said:
            yield f"with {what} the service ended with {process.returncode} and said {said[-300:]!r}"

    return Attack(18, f"the service started with {what}", run, quick=True)


_FORGED = "FORGED: all is well"


def _forged_lines(service: Service) -> Broken:
    """A line that an attacker wrote into a value does not stand as a line of its own anywhere."""
    for ending in ("\n", "\r", "\r\n", "\x85", "\u2028"):
        yield from _forged(service, ending + _FORGED)


def _forged(service: Service, tail: str) -> Broken:
    expected = {"method": "POST", "path": "/a", "body": {"name": "x"}, "headers": {"X-A": "b"}}
    item = interaction(f"a request{tail}", expected) | {"providerStates": [{"name": f"a state{tail}", "params": {}}]}
    server = service.create(pact(item, consumer=f"attacker{tail}"))
    ask(server.port, "POST", "/a", JSON, json.dumps({"name": f"y{tail}", f"z{tail}": 1}).encode())
    ask(server.port, "POST", "/b%0A%0DFORGED", [("X-A", f"a\t{_FORGED}")], b"")
    ask(server.port, "POST", "/a", [("Content-Type", "text/plain")], f"text{tail}".encode())
    service.call("POST", f"/mockserver/{server.id}/pact", b"{}")
    texts = {
        "/logs": service.call("GET", f"/mockserver/{server.id}/logs").body,
        "what the command line shows": _report(service, server),
        "the service's log": service.log.read_bytes(),
    }
    for place, content in texts.items():
        if any(line.startswith("FORGED") for line in content.decode(errors="replace").splitlines()):
            yield f"{place} has a line that came with {tail[: -len(_FORGED)]!r} in a value"


def _report(service: Service, server: Server) -> bytes:
    """Return what the command line reports of a server, and what lists show."""
    shown = b""
    for command in (("verify", "-i", server.id), ("list",)):
        line = [sys.executable, "-m", "pactmock", *command, "--port", str(service.port)]
        done = subprocess.run(line, env=environment.clean(), capture_output=True, timeout=30, check=False)
        shown += done.stdout + done.stderr
    return shown


ATTACKS = (
    Attack(17, "secrets that were received", _secrets, options=_EVERYWHERE, quick=True),
    Attack(18, "a page at a name that was rebound", _rebound, options=_EVERYWHERE, quick=True),
    _empty_token("an empty --token", ("--token", ""), {}),
    _empty_token("an empty PACTMOCK_TOKEN", (), {"PACTMOCK_TOKEN": ""}),
    _empty_token("a --token of blanks", ("--token", "  "), {}),
    Attack(19, "new lines in values", _forged_lines),
)
