"""The two servers: started by the tool on a free port, asked to play cases, and ended on every way out."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from parity.answer import Answer, Phase, Reply
from parity.case import Case, Json, Wire
from parity.client import Connection, NoAnswerError, Response, call_bytes

START_ATTEMPTS, START_PAUSE = 750, 0.02
JSON, CONTRACT = "application/json", "application/vnd.pactmock.test+json"


class LostError(Exception):
    """The server is not there any more, or fails in itself."""


class Player:
    """A server in a process of its own, with a directory for the pacts that it writes."""

    def __init__(
        self, title: str, command: Sequence[str], *, settle: float = 0.0, reads_contracts: bool = False
    ) -> None:
        """Make a player.

        `command` is how the server is started, with `{port}` and `{output}` to be filled in. `settle` is how many
        seconds it is given before it is asked to verify: the Rust server records some verdicts after its answer.
        `reads_contracts` says that it takes the consumer-test form.
        """
        self.title = title
        self.command = command
        self.settle = settle
        self.reads_contracts = reads_contracts
        self._process: subprocess.Popen[bytes] | None = None
        self._output = Path(tempfile.mkdtemp(prefix="parity-"))
        self._port = 0
        self._idle: list[Connection] = []
        self._names = itertools.count()

    async def start(self) -> None:
        """Start the server and wait until it listens; one that runs is ended first."""
        for connection in self._idle:
            connection.close()
        self._end()
        self._port = _free_port()
        places = {"port": self._port, "output": self._output}
        self._process = subprocess.Popen(  # noqa: ASYNC220, S603  the commands are the tool's own
            [word.format(**places) for word in self.command],
            # The reference knows more types of bytes where there is a MIME database; here it has none to look into.
            env={**os.environ, "TREE_MAGIC_DIR": str(self._output)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(START_ATTEMPTS):
            if await self._listens():
                return
            await asyncio.sleep(START_PAUSE)
        raise LostError(f"{self.title} does not listen after {START_ATTEMPTS * START_PAUSE:g} s")

    async def _listens(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise LostError(f"{self.title} ended at once: {' '.join(self.command)}")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        writer.close()
        return True

    def _end(self) -> None:
        self._idle.clear()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def close(self) -> None:
        """End the server and remove its directory."""
        self._end()
        shutil.rmtree(self._output, ignore_errors=True)

    async def play(self, case: Case) -> Answer:
        """Play one case on a mock server of its own.

        Raises:
            LostError: when the server fails, of this case or of another that is played at the same time.
        """
        control = self._idle.pop() if self._idle else Connection(self._port)
        try:
            answer = await self._play(control, case)
        except NoAnswerError as error:
            control.close()
            raise LostError(f"{self.title}: {error}") from None
        self._idle.append(control)
        return answer

    async def _play(self, control: Connection, case: Case) -> Answer:
        consumer = f"c{next(self._names)}"
        created = await self._create(control, case, consumer)
        if created.status != 200:
            return Answer(refused=created.body.decode(errors="replace") or "without a reason")
        server = json.loads(created.body)["mockServer"]
        file = self._output / f"{consumer}-api.json"
        data = Connection(server["port"])
        try:
            phases = [
                await self._phase(control, data, server["id"], requests, file) for requests in _phases(case) if requests
            ]
        finally:
            data.close()
        await self._call(control, "DELETE", f"/mockserver/{server['id']}")
        return Answer(tuple(phases))

    async def _create(self, control: Connection, case: Case, consumer: str) -> Response:
        specification = case.written_as or case.version
        target = f"/?specification={specification}"
        if case.contract is not None and self.reads_contracts:
            return await self._call(control, "POST", target, _dump(case.consumer_test(consumer)), CONTRACT)
        return await self._call(control, "POST", target, _dump(case.pact(consumer)))

    async def make_interactions(self, case: Case) -> tuple[Json, ...]:
        """Have the interactions of a pact made of a contract; there are none when it is refused."""
        control = Connection(self._port)
        try:
            created = await self._call(control, "POST", "/", _dump(case.consumer_test("c")), CONTRACT)
            if created.status != 200:
                return ()
            server = json.loads(created.body)["mockServer"]["id"]
            pact = await self._call(control, "GET", f"/mockserver/{server}/pact")
            await self._call(control, "DELETE", f"/mockserver/{server}")
        finally:
            control.close()
        return tuple(json.loads(pact.body)["interactions"])

    async def _phase(
        self, control: Connection, data: Connection, name: str, requests: Sequence[Wire], file: Path
    ) -> Phase:
        replies = tuple([await _send(data, request) for request in requests])
        if self.settle:
            await asyncio.sleep(self.settle)
        verified = await self._call(control, "POST", f"/mockserver/{name}/verify")
        said = json.loads(verified.body) if verified.body else {}
        return Phase(replies, verified.status, tuple(said.get("mismatches", ())), _take(file))

    async def _call(
        self, control: Connection, method: str, target: str, body: bytes = b"", content_type: str = JSON
    ) -> Response:
        response = await control.exchange(call_bytes(method, target, body, content_type))
        if response.status >= 500:
            raise LostError(f"{self.title}: {method} {target} was answered with {response.status}")
        return response

    def __repr__(self) -> str:
        return f"<Player {self.title} on {self._port}>"


def _dump(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode(errors="surrogatepass")


def _phases(case: Case) -> tuple[Sequence[Wire], Sequence[Wire]]:
    return case.first, case.then


async def _send(data: Connection, request: Wire) -> Reply:
    try:
        response = await data.exchange(request.to_bytes(), is_head=request.method == "HEAD")
    except NoAnswerError:
        return Reply(0)
    return Reply(response.status, response.headers.get("x-pact", ""), response.body)


def _take(file: Path) -> Json:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    file.unlink()
    return json.loads(content)


def _free_port() -> int:
    """Return a port that nobody uses, and that the system gives to nobody who asks for port 0: it gives higher ones."""
    while True:
        port = random.randrange(10_000, 30_000)  # noqa: S311  no secret
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


SETTLE_SECONDS = 0.02

VARIABLE = "PACTMOCK_PACT_CLI"
"""Names the binary of the npm package `@pact-foundation/pact-cli`; without it, `pact` is looked for on the PATH."""


def find_reference() -> str | None:
    """Find the reference's binary, or return None."""
    return shutil.which(os.environ.get(VARIABLE) or "pact")


@contextmanager
def players(reference: str) -> Iterator[tuple[Player, Player]]:
    """Make both players, the reference's first; they are ended on every way out, also when a signal ends the tool."""
    rust = [reference, "mock", "start", "-p", "{port}", "-o", "{output}", "--no-file-log", "-l", "none"]
    own = [sys.executable, "-m", "pactmock", "start", "-p", "{port}", "-o", "{output}", "-l", "none"]
    pair = (Player("the reference", rust, settle=SETTLE_SECONDS), Player("pactmock", own, reads_contracts=True))
    with ExitStack() as ends:
        ends.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, lambda *_: sys.exit(143)))
        for player in pair:
            ends.callback(player.close)
        yield pair
