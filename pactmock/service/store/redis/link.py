"""The one way to the store: scripts and commands, sent together where several are asked for in one turn of the loop.

A call to Redis of its own costs a Python process some 130 microseconds, one among sixteen 30. Calls are sent in the
order in which they are asked for, and answered in it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from pactmock.errors import InvalidParameter, StoreUnavailable
from pactmock.pact.value import value

Argument: TypeAlias = str | bytes | int

_MOST_AT_ONCE = 256

_AGAIN_SECONDS = 0.02
"""After which time a store is tried again that is about to start, or that others are about to take the place of."""


@value
class Script:
    """A script that the store runs, known to it by its digest."""

    text: str
    digest: str

    @classmethod
    def of(cls, text: str) -> Script:
        return cls(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


class Damaged(StoreUnavailable):
    """A key of the store holds another kind of value than replicas put there."""


def refused(why: str) -> StoreUnavailable:
    """Return what is said of a call that the store refused, and did not obey."""
    kind = Damaged if why.startswith("WRONGTYPE") else StoreUnavailable
    return kind(f"The store refused: {why[:200]}; try again in a moment")


@value
class _Call:
    words: tuple[Argument, ...]
    script: Script | None
    asked: float
    future: asyncio.Future[Any]


class Link:
    """A connection to the store, made when it is needed and made again when it broke."""

    def __init__(self, url: str, seconds: float) -> None:
        """Read a URL; a call that is not answered within so many seconds has failed.

        Raises:
            InvalidParameter: when there is no client for it, or it is no URL of a store.
        """
        self._seconds = seconds
        self._pool = _pool(url, seconds)
        self._connection: Any = None
        self._waiting: deque[_Call] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._why = "did not answer in time"
        """What was wrong when it last was."""
        self.failed = 0
        """How many calls failed."""

    def run(self, script: Script, keys: Sequence[str], *arguments: Argument) -> asyncio.Future[Any]:
        """Have the store run a script; the result arrives, or a `StoreUnavailable`."""
        return self._ask(("EVALSHA", script.digest, len(keys), *keys, *arguments), script)

    def command(self, *words: Argument) -> asyncio.Future[Any]:
        """Have the store obey a command."""
        return self._ask(words, None)

    def _ask(self, words: tuple[Argument, ...], script: Script | None) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._waiting.append(_Call(words, script, loop.time(), future))
        if self._sending is None:
            self._sending = loop.create_task(self._send())
        return future

    async def _send(self) -> None:
        try:
            while self._waiting:
                await self._send_some()
        finally:
            self._sending = None

    async def _send_some(self) -> None:
        """Send what waits, and hand out the answers."""
        calls, sent, loop = self._take(_MOST_AT_ONCE), False, asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as limit:
                end = loop.call_later(self._seconds, _end, limit, loop.time() + self._seconds)
                try:
                    connection = await self._connected()
                    sent = True
                    answers = await self._exchange(connection, calls)
                finally:
                    end.cancel()
        except asyncio.CancelledError:
            self._fail(calls, "is no longer asked", maybe=sent)
            raise
        except Exception as error:  # noqa: BLE001  what redis-py and the system raise has no common root
            await self._disconnect()
            self._why = f"cannot be reached: {str(error)[:200]}" if str(error) else "did not answer in time"
            if sent or not _passes(error):
                self._fail(calls, self._why, maybe=sent)
            else:
                await self._try_again_with(calls)
            if type(error).__name__ == TimeoutError.__name__:  # redis-py has one of its own
                self._fail(self._take(len(self._waiting)), self._why, maybe=False)  # they have waited behind these
            return
        await self._hand_out(calls, answers)

    async def _hand_out(self, calls: Sequence[_Call], answers: Sequence[Any]) -> None:
        again = []
        for call, answer in zip(calls, answers, strict=True):
            if isinstance(answer, Exception):
                self._why = f"refused: {str(answer)[:200]}"
                if _passes(answer):
                    again.append(call)
                else:
                    self._refuse(call, str(answer))
            elif not call.future.done():
                call.future.set_result(answer)
        if again:
            await self._disconnect()  # where it leads to may be another store by now
            await self._try_again_with(again)
        await asyncio.sleep(0)  # those who got their answers go on before the next calls are sent

    def _take(self, most: int) -> list[_Call]:
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    async def _try_again_with(self, calls: Sequence[_Call]) -> None:
        """Have calls that were not obeyed wait once more, before all others, if it is not too late for them."""
        since = asyncio.get_running_loop().time() - self._seconds
        self._fail([call for call in calls if call.asked <= since], self._why, maybe=False)
        self._waiting.extendleft(call for call in reversed(calls) if call.asked > since)
        await asyncio.sleep(_AGAIN_SECONDS)

    async def _exchange(self, connection: Any, calls: Sequence[_Call]) -> list[Any]:
        """Send calls and read their answers; scripts that the store does not know yet are sent whole."""
        answers = await _asked(connection, [call.words for call in calls])
        unknown = [place for place, answer in enumerate(answers) if _lacks_script(answer)]
        if unknown:
            again = [_whole(calls[place]) for place in unknown]
            for place, answer in zip(unknown, await _asked(connection, again), strict=True):
                answers[place] = answer
        return answers

    async def _connected(self) -> Any:
        if self._connection is not None and _was_closed(self._connection):
            await self._disconnect()
        if self._connection is None:
            connection = self._pool.make_connection()
            await connection.connect()
            # One that reads its file yet, or is none, says so.
            await _asked(connection, [("INFO", "server")])
            self._connection = connection
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.disconnect(nowait=True)

    def _fail(self, calls: Iterable[_Call], why: str, *, maybe: bool) -> None:
        for call in calls:
            self.failed += 1
            if not call.future.done():
                call.future.set_exception(StoreUnavailable(f"The store {why}; try again in a moment", maybe=maybe))

    def _refuse(self, call: _Call, why: str) -> None:
        self.failed += 1
        if not call.future.done():
            call.future.set_exception(refused(why))

    async def close(self) -> None:
        """End it, when nothing is asked any more."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.wait([self._sending])
        self._fail(self._take(len(self._waiting)), "is no longer asked", maybe=False)
        await self._disconnect()

    def __repr__(self) -> str:
        return f"<Link {'up' if self._connection else 'down'}, {len(self._waiting)} calls wait>"


def _end(limit: asyncio.Timeout, due: float) -> None:
    """End what takes too long. Where this process had no time to look itself, the answer may be there: it looks."""
    now = asyncio.get_running_loop().time()
    limit.reschedule(now + max(0.0, now - due))


def _was_closed(connection: Any) -> bool:
    """Whether the other end has closed a connection while nothing was asked, as far as that is known."""
    reader = connection._reader  # to send something would be the other way to find out
    return reader is None or reader.at_eof()


def _passes(error: Exception) -> bool:
    """Whether a call that failed like that, and was not obeyed, may be soon: the store starts, or is changed."""
    from redis import exceptions

    if isinstance(error, exceptions.AuthenticationError | exceptions.AuthorizationError | TimeoutError):
        return False
    passing = exceptions.ConnectionError, exceptions.ReadOnlyError, exceptions.MasterDownError
    return isinstance(error, (OSError, *passing))


def _pool(url: str, seconds: float) -> Any:
    try:
        import hiredis  # noqa: F401  which redis-py reads with
        from redis.asyncio import ConnectionPool  # late: an extra, which few services need
    except ImportError:
        raise InvalidParameter(
            "--store needs the client of Redis: install it with `pip install pactmock[redis]`"
        ) from None
    try:
        # Without a timeout for each answer, as there is one for all that were asked for together.
        return ConnectionPool.from_url(url, socket_connect_timeout=seconds, socket_timeout=None, protocol=2)
    except ValueError as error:
        raise InvalidParameter(
            f"--store cannot be used: {error}; give a URL such as redis://localhost:6379/0"
        ) from None


async def _asked(connection: Any, commands: Sequence[tuple[Argument, ...]]) -> list[Any]:
    """Send commands, and return an answer or an error for each."""
    from hiredis import pack_command  # redis-py would pack in Python, a microsecond a word
    from redis.exceptions import ResponseError

    pack: Callable[[Any], bytes] = pack_command  # whose own annotation knows one word
    await connection.send_packed_command(b"".join(map(pack, commands)), check_health=False)
    answers: list[Any] = []
    for _ in commands:
        try:
            answers.append(await connection.read_response())
        except ResponseError as error:
            answers.append(error)
    return answers


def _lacks_script(answer: Any) -> bool:
    return isinstance(answer, Exception) and type(answer).__name__ == "NoScriptError"


def _whole(call: _Call) -> tuple[Argument, ...]:
    assert call.script is not None  # noqa: S101  nothing else is a script
    return ("EVAL", call.script.text, *call.words[2:])
