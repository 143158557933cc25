"""Has aiohttp read the certificates of all authorities when its client first connects, and not while it is imported.

The service uses the server of aiohttp only. To import that one imports its client too, which makes the contexts of all
its connections at once: to parse some hundred certificates twice took a quarter of the time until the service answered.
Plugins in Python may use that client in this process, so it has to work as ever.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _LateContext(ssl.SSLContext):
    """A context that reads the authorities of the system when it is first used; from then on it is as any other."""

    def wrap_bio(self, *arguments: Any, **options: Any) -> ssl.SSLObject:
        return _ready(self).wrap_bio(*arguments, **options)

    def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        return _ready(self).wrap_socket(*arguments, **options)


def _ready(context: ssl.SSLContext) -> ssl.SSLContext:
    context.__class__ = ssl.SSLContext
    context.set_default_verify_paths()
    return context


@contextmanager
def late_certificates() -> Iterator[None]:
    """Have contexts read the authorities later whose maker wants them in this block."""

    def wait(context: ssl.SSLContext) -> None:
        context.__class__ = _LateContext

    ssl.SSLContext.set_default_verify_paths = wait  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        del ssl.SSLContext.set_default_verify_paths  # that of the class above it is back
