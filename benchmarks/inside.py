"""A mock server inside this Python program, played by pactmock or by the native library, for `startup.py` to measure.

    python inside.py pactmock answer      start, answer one request, end
    python inside.py native cycles 200    start and stop so many, and print the median in milliseconds
    python inside.py pactmock blocks 1000 so many blocks of `Pact.serve()`, and what one of them takes

It imports nothing else: what a program like this takes until its first answer is what is measured.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

_PACT = (
    '{"consumer": {"name": "bench"}, "provider": {"name": "provider"}, "interactions": [{"description": "a resource",'
    ' "request": {"method": "GET", "path": "/resources/0"}, "response": {"status": 200}}],'
    ' "metadata": {"pactSpecification": {"version": "3.0.0"}}}'
)

Playing = Callable[[], AbstractContextManager[int]]
"""Plays the pact inside its block, and gives the port."""


def pactmock() -> Playing:
    from pactmock.embedded import SyncMockServer, load_pact

    pact = load_pact(_PACT)

    @contextmanager
    def play() -> Iterator[int]:
        with SyncMockServer(pact) as server:
            yield server.port

    return play


def native() -> Playing:
    import pact_ffi

    pact = pact_ffi.new_pact("bench", "provider")
    interaction = pact_ffi.new_interaction(pact, "a resource")
    pact_ffi.with_request(interaction, "GET", "/resources/0")
    pact_ffi.response_status(interaction, 200)

    @contextmanager
    def play() -> Iterator[int]:
        server = pact_ffi.create_mock_server_for_transport(pact, "127.0.0.1", 0, "http", None)
        try:
            yield server.port
        finally:
            del server  # which ends it; ended before, it would complain, and that take its time

    return play


def answer(play: Playing) -> None:
    """Have one request answered, and say so when it was not."""
    with play() as port, socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /resources/0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        line = client.recv(4096).partition(b"\r\n")[0]
    if b" 200 " not in line:
        sys.exit(f"It answered {line!r}")


def cycles(play: Playing, count: int) -> float:
    """Return how many milliseconds it takes to start a server and to stop it, in the median."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        with play():
            pass
        taken.append(time.perf_counter() - began)
    return sorted(taken)[count // 2] * 1000


def blocks(count: int) -> str:
    """Say how many milliseconds of processor time a block of a contract takes, left at once and with a request.

    The contract is written anew for each, as tests do it; what did not match is composed where nothing was asked.
    """
    from pactmock.contract import Pact, match

    @contextmanager
    def play() -> Iterator[int]:
        pact = Pact("bench", "provider")
        asked = pact.upon_receiving("a resource").given("it exists").with_request("GET", "/resources/0")
        asked.will_respond_with(200).with_body({"id": match.int(7), "name": match.str("Ada")})
        with pact.serve(raises=False, verbose=False) as server:
            yield int(server.port or 0)

    def empty() -> None:
        with play():
            pass

    return f"{_processor(empty, count):.3f} left at once, {_processor(lambda: answer(play), count):.3f} with a request"


def _processor(work: Callable[[], None], count: int) -> float:
    work()  # which imports what it needs
    began = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - began) / count * 1000


if __name__ == "__main__":
    if sys.argv[2] == "blocks":
        sys.exit(print(blocks(int(sys.argv[3]))))  # noqa: T201  whoever measures reads it
    playing = {"pactmock": pactmock, "native": native}[sys.argv[1]]()
    if sys.argv[2] == "answer":
        answer(playing)
    else:
        print(cycles(playing, int(sys.argv[3])))  # noqa: T201  whoever measures reads it
