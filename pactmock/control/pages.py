"""The pages of the service for browsers: files of the package, sent as they are, and nothing that is loaded elsewhere.

Answers of mock servers come from the same origin, below `/m/`, and are whatever a pact says. So a page is sent with a
policy by which it runs only the script that its own HTML names, with a number that nobody knows beforehand, and what
that script imports: nothing else of this origin, wherever it may have been put into the page. A page is no secret, and
is open also where calls need a token; it asks for that itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

from aiohttp import web

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value
from pactmock.reports.formats import media_types

START = "/ui/"
"""Where the page is that a browser is led to."""

_PAGES = {START: "index.html", "/docs": "docs.html"}
"""The addresses of pages, and their files."""

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What is sent of the folder `web`, by how its name ends; nothing else is."""

OPEN_PATHS = frozenset({*_PAGES, START.rstrip("/"), f"{START}{{file}}"})
"""The paths that need no token."""

_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",  # asked for anew each time: a service that is updated has its page at once
}
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_NONCE = b"{{nonce}}"
"""Stands in the HTML where the number of the answer is put."""


@value
class File:
    """A file of the folder `web`."""

    content: bytes
    media_type: str
    tag: str
    """Its ETag, which is another when the content is."""


@cache
def files() -> Mapping[str, File]:
    """Read all that can be sent, by its path below `web`; no name that a request has is looked up in a file system."""
    found: dict[str, File] = {}
    for name, item in _below(resources.files("pactmock").joinpath("web")):
        media_type = _TYPES.get(f".{name.rpartition('.')[2]}")
        if media_type is not None:
            content = item.read_bytes()
            found[name] = File(content, media_type, f'"{sha256(content).hexdigest()[:32]}"')
    return found


def _below(folder: Traversable, path: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _below(item, f"{path}{item.name}/")
        else:
            yield f"{path}{item.name}", item


def add_pages(app: web.Application) -> None:
    """Have an application send the pages, and what belongs to them."""
    for address, name in _PAGES.items():
        app.router.add_get(address, _page(name))
    app.router.add_get(START.rstrip("/"), _with_slash)
    app.router.add_get(f"{START}{{file:(?:[a-z]+/)?[^/]+}}", _file)


def is_wanted(method: str, path: str, accept: str) -> bool:
    """Tell whether a request for the list of mock servers is made by who wants a page: a browser, mostly."""
    if path != "/" or method not in {"GET", "HEAD"}:
        return False
    return next((kind for kind in media_types(accept) if kind in _OF_THE_LIST), None) == "text/html"


_OF_THE_LIST = frozenset({"text/html", "application/json", "application/*", "*/*"})


def lead(prefix: str) -> web.Response:
    """Lead a browser to the page, also where a proxy has put that below a path, the `prefix`."""
    target = f"{prefix}{START}" if prefix else START.lstrip("/")
    return web.Response(status=302, headers={"Location": target, "Vary": "Accept", **_SAFE})


def _page(name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make what sends a page; each time with a number of its own, so it is not kept by who asked."""

    async def send(request: web.Request) -> web.Response:
        refuse_query(request)
        file, nonce = files()[name], secrets.token_urlsafe(16)
        content = file.content.replace(_NONCE, nonce.encode())
        return web.Response(body=content, headers={"Content-Type": file.media_type, **_SAFE, **_policy(nonce)})

    return send


def _policy(nonce: str) -> dict[str, str]:
    """Return the policy of a page. Text is never markup there: there is no way to make it so (`trusted-types`)."""
    allowed = f"script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src 'self'"
    typed = "require-trusted-types-for 'script'; trusted-types 'none'"
    return {"Content-Security-Policy": f"{_NOTHING}; {allowed}; {typed}"}


async def _file(request: web.Request) -> web.Response:
    refuse_query(request)
    file = files().get(request.match_info["file"])
    if file is None or file.media_type.startswith("text/html"):  # a page has its address, and its number
        raise web.HTTPNotFound
    headers = {"Content-Type": file.media_type, "ETag": file.tag, **_SAFE, "Content-Security-Policy": _NOTHING}
    if file.tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    return web.Response(body=file.content, headers=headers)


async def _with_slash(request: web.Request) -> web.Response:
    refuse_query(request)
    return web.Response(status=302, headers={"Location": START.lstrip("/"), **_SAFE})


def refuse_query(request: web.Request) -> None:
    """Refuse what a page takes no parameters for.

    Raises:
        InvalidParameter: naming it; of a token, why not.
    """
    name = next(iter(request.query), None)
    if name is not None and "token" in name.lower():
        raise InvalidParameter(
            "No token is taken from an address, which is kept in histories and logs: open the page without it, and"
            " give it the token when it asks",
            parameter=name,
        )
    if name is not None:
        raise InvalidParameter(f"Query parameter '{name}' is not known here: a page has none", parameter=name)
