"""Another server, of the test: it has pacts at URLs, plays the broker, and notes what it was asked."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from tests.http_servers import listening
from tests.pacts import Json


class Page(NamedTuple):
    """What is at a path. The first `failures` requests get a 503."""

    content: bytes
    status: int = 200
    kind: str = "application/hal+json"
    failures: int = 0
    headers: tuple[tuple[str, str], ...] = ()


class Elsewhere:
    """Pages by path, and the requests that came: path, Authorization, Accept."""

    def __init__(self, scheme: str) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.scheme = scheme
        self.port = 0

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def put(self, path: str, document: Any, **how: Any) -> str:
        """Have a document at a path; return its URL."""
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.pages[path] = Page(content, **how)
        return f"{self.url}{path}"

    def broker(self, **pacts: Json | bytes) -> str:
        """Have these pacts as a Pact Broker has them; return its URL."""
        links = [{"href": self.put(f"/pacts/{name}", document), "name": name} for name, document in pacts.items()]
        latest = self.put("/pacts/latest", {"_links": {"pb:pacts": links}})
        self.put("/", {"_links": {"pb:latest-pact-versions": {"href": latest}}})
        return self.url

    def authorizations(self, path: str) -> list[str | None]:
        """List what requests for a path said who they are."""
        return [authorization for asked, authorization, _ in self.asked if asked == path]


@contextmanager
def elsewhere(tls: ssl.SSLContext | None = None) -> Iterator[Elsewhere]:
    """Have a server as long as the block lasts."""
    other = Elsewhere("https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            other.asked.append((self.path, self.headers["Authorization"], self.headers["Accept"]))
            page = other.pages.get(self.path, Page(b"", 404))
            failed = len(other.authorizations(self.path)) <= page.failures
            content = b"{}" if failed else page.content
            self.send_response(503 if failed else page.status)
            for name, text in (("Content-Type", page.kind), ("Content-Length", str(len(content))), *page.headers):
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(content)

    with listening(Handler, tls) as other.port:
        yield other
