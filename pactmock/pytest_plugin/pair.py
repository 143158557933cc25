"""Whose contract a test writes: its markers say so, and else the ini file."""

from __future__ import annotations

from typing import TypeAlias

import pytest

Pair: TypeAlias = tuple[str, str]
"""The names of a consumer and a provider; empty where nobody says them."""


def pair_of(item: pytest.Item) -> Pair:
    return _said(item, "consumer") or _ini(item, "consumer"), _said(item, "provider") or _ini(item, "provider")


def writes_contract(item: pytest.Item) -> bool:
    """Tell whether a test has the fixture of this plugin, and not one of its own by that name, and says whose it is."""
    info = getattr(item, "_fixtureinfo", None)
    fixtures = info.name2fixturedefs.get("pact", ()) if info is not None else ()
    for fixture in reversed(fixtures):
        if fixture.func.__module__ == _PLUGIN:
            return all(pair_of(item))
        if "pact" not in fixture.argnames:
            break
    return False


_PLUGIN = __name__.rpartition(".")[0]


def specification_of(item: pytest.Item) -> str:
    """Return the version of Pact to write in, empty where nobody says it."""
    return _said(item, "specification") or item.config.getoption("pact_specification") or ""


def _said(item: pytest.Item, name: str) -> str:
    """Return what the nearest marker that speaks of it says: that of the test, its class, its module."""
    return next((said[name] for said in map(_words_of, item.iter_markers("pact")) if name in said), "")


def _words_of(marker: pytest.Mark) -> dict[str, str]:
    """Return what a marker says, by name, also where it says it in the order that `pytest --markers` shows."""
    given = {**dict(zip(_WORDS, marker.args, strict=False)), **marker.kwargs}
    return {name: str(word) for name, word in given.items()}


def strange_words_of(item: pytest.Item) -> list[str]:
    """Return what markers of a test say that nobody understands: a slip would else write another contract."""
    found: list[str] = []
    for marker in item.iter_markers("pact"):
        found += [repr(name) for name in marker.kwargs if name not in _WORDS]
        found += [repr(word) for word in marker.args[len(_WORDS) :]]
    return found


_WORDS = ("consumer", "provider", "specification")


def _ini(item: pytest.Item, role: str) -> str:
    return str(item.config.getini(f"pact_{role}"))
