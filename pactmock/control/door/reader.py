"""What reads calls of the API for aiohttp, and says in our words which it cannot read.

The front door has read each call before, but aiohttp refuses more: a header that may come once and came twice, a
method that is none it knows. By itself it would answer that with plain text, its own name, and an error in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web

from pactmock.pact.json.values import compact_bytes
from pactmock.reports.visible import visible

logger = logging.getLogger("pactmock.control")


class CallReader(web.RequestHandler):
    """aiohttp reading one connection."""

    __slots__ = ("_at_end",)

    def call_at_end(self, call: Callable[[], None] | None) -> None:
        """Have something called when the client sends nothing more: what is sent without an end has no reader then."""
        self._at_end = call

    def eof_received(self) -> None:
        """Take that the client sends nothing more."""
        call = getattr(self, "_at_end", None)
        if call is not None:
            call()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a call that cannot be read, or whose answer cannot be sent; the connection is closed then."""
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            reason = visible((message or str(exc)).partition("\n")[0].rstrip(".: "))
            text, code = f"This call cannot be read: {reason}; send it as HTTP/1.1", "bad_request"
            logger.debug("%s", text)
        else:
            text, code = f"pactmock failed to answer: {exc!r}; please report this", "internal_error"
            logger.error("a call failed: %r", exc)
        if request.writer.output_size > 0:
            raise ConnectionError("Part of an answer is sent already")
        answer = web.Response(
            status=status,
            body=compact_bytes({"error": text, "code": code}),
            headers={"Content-Type": "application/json; charset=utf-8", "Server": "pactmock"},
        )
        answer.force_close()
        return answer
