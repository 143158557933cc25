"""A proxy that has a service below a path, as one for a whole team does: it takes the path off, and says so."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler

from tests.http_servers import listening
from tests.patience import HANG

_HEADERS = ("Accept", "Authorization", "Content-Type", "Last-Event-ID")
_OF_THE_WAY = {"connection", "content-length", "date", "server", "transfer-encoding"}


@contextmanager
def proxy(url: str, prefix: str) -> Iterator[str]:
    """Pass on what is below a prefix, chunk by chunk as it comes; yield the URL of the service from here."""

    class Handler(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            if not self.path.startswith(f"{prefix}/"):
                return self.send_error(404)
            with _answer(self._request()) as answer:
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in _OF_THE_WAY:
                        self.send_header(name, value)
                self.end_headers()
                with suppress(ConnectionError):  # a page that is left hears no more
                    while chunk := answer.read1(65536):
                        self.wfile.write(chunk)
                        self.wfile.flush()
            return None

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on  # noqa: N815  names of http.server

        def _request(self) -> urllib.request.Request:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told = {"X-Forwarded-Host": self.headers["Host"], "X-Forwarded-Prefix": prefix}
            sent = {name: self.headers[name] for name in _HEADERS if name in self.headers}
            path = self.path.removeprefix(prefix)
            return urllib.request.Request(f"{url}{path}", body or None, told | sent, method=self.command)

    with listening(Handler) as port:
        yield f"http://127.0.0.1:{port}{prefix}"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        """Leave it to the browser."""


def _answer(request: urllib.request.Request):  # type: ignore[no-untyped-def]
    try:
        return urllib.request.build_opener(_NoRedirects).open(request, timeout=HANG)
    except urllib.error.HTTPError as error:
        return error
