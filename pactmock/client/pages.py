"""Lists that a service answers in pages, asked for until there are no more: who wants a list wants all of it."""

from __future__ import annotations

from typing import Any

from pactmock.client.call import Call, Reply, Steps, made

_MOST = 1000


def by_next(*path: str, name: str, first: int | None = 0, **query: object) -> Steps[list[Reply]]:
    """Return the pages of a list of which each says as `next` what the query parameter of this name is for the next."""
    pages: list[Reply] = []
    while first is not None:
        pages.append((yield from made(Call("GET", path, query={**query, name: first}))))
        first = pages[-1].member("next")
    return pages


def by_total(*path: str) -> Steps[list[Any]]:
    """Return a list of which each page says how long it is; it is named as the last step of its path."""
    found: list[Any] = []
    total = 1
    while len(found) < total:
        page = yield from made(_from(path, len(found)))
        items = page.member(path[-1])
        found += items
        total = page.member("total") if items else 0
    return found


def by_link(*path: str) -> Steps[list[Any]]:
    """Return a list whose pages are nothing but its items, with a header `Link` where there are more."""
    found: list[Any] = []
    has_more = True
    while has_more:
        page = yield from made(_from(path, len(found)))
        found += page.document
        has_more = bool(page.values_of("link"))
    return found


def _from(path: tuple[str, ...], offset: int) -> Call:
    return Call("GET", path, query={"offset": offset, "limit": _MOST})
