"""How scenarios are written: YAML that has no values but those of JSON, and short forms for matchers.

`!like x`, `!each [1, x]` and `!term [example, pattern]` stand for the JSON that clients send of them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from parity.ruby.scenario import Json


def load(path: Path) -> Json:
    """Read a file."""
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):  # type: ignore[misc] # which has no types
    """The values of JSON, and nothing else that YAML knows: no dates, no `yes`."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 -- in place of those of the base


for _kind, _pattern, _first in (
    ("null", r"null", "n"),
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9]\d*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9]\d*)(?=.*[.eE])(?:\.\d+)?(?:[eE][-+]?\d+)?", "-0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"^(?:{_pattern})$"), list(_first))


def _untagged(loader: _Loader, node: yaml.Node) -> Json:
    """Read a node as if it had no tag."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    style = (True, False) if node.style is None else (False, True)
    return loader.construct_object(yaml.ScalarNode(loader.resolve(yaml.ScalarNode, node.value, style), node.value))


def _like(loader: _Loader, node: yaml.Node) -> Json:
    return {"json_class": "Pact::SomethingLike", "contents": _untagged(loader, node)}


def _each(loader: _Loader, node: yaml.Node) -> Json:
    least, contents = _untagged(loader, node)
    return {"json_class": "Pact::ArrayLike", "contents": contents, "min": least}


def _term(loader: _Loader, node: yaml.Node) -> Json:
    example, pattern = _untagged(loader, node)
    matcher = {"json_class": "Regexp", "o": 0, "s": pattern}
    return {"json_class": "Pact::Term", "data": {"generate": example, "matcher": matcher}}


_Loader.add_constructor("!like", _like)
_Loader.add_constructor("!each", _each)
_Loader.add_constructor("!term", _term)
