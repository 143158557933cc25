"""HTTP servers as others run them, each in threads of this process, which end with their block."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients go away, as when they do not trust a certificate."""


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Answer requests on a free port of loopback, without a line for each; yield that port."""
    silent: Any = type("Silent", (handler,), {"log_message": lambda *_: None})
    with _Server(("127.0.0.1", 0), silent) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def answer(handler: BaseHTTPRequestHandler, content: bytes, kind: str = "application/json") -> None:
    """Answer that all is well."""
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def web(directory: Path) -> Iterator[str]:
    """Serve the files of a directory; yield the URL."""

    class Files(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(directory))

    with listening(Files) as port:
        yield f"http://127.0.0.1:{port}"
