"""Rules as a pact file has them, put together before they are a contract."""

from __future__ import annotations

from collections.abc import Mapping

from pactmock.pact.json.values import Json

_LISTED = "matchers"


def merged_rules(present: Mapping[str, Json], added: Mapping[str, Json]) -> dict[str, Json]:
    """Return rules with others added, category by category and path by path; rules of one path add up."""
    merged = dict(present)
    for name, item in added.items():
        known = merged.get(name)
        if not isinstance(known, dict) or not isinstance(item, dict):
            merged[name] = item
        elif _LISTED in known or "match" in known:
            merged[name] = {**_list(item), _LISTED: [*_list(known)[_LISTED], *_list(item)[_LISTED]]}
        else:
            merged[name] = merged_rules(known, item)
    return merged


def _list(rule: dict[str, Json]) -> dict[str, Json]:
    return rule if _LISTED in rule else {"combine": "AND", _LISTED: [rule]}
