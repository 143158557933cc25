"""The rules of many paths are read as those of each path are by themselves, whatever stands before them."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pactmock.errors import InvalidRule
from pactmock.pact.json.values import Json
from pactmock.pact.matching_rules.entry import RuleEntry, read_entries

_MATCHERS: list[Json] = [
    {"match": "type"},
    {"match": "integer"},
    {"match": "type", "min": 1},
    {"match": "type", "min": True},
    {"match": "type", "min": 1.0},
    {"match": "regex"},
    {"match": ""},
    {"match": 1},
    {},
    "type",
]
_GIVEN: st.SearchStrategy[Json] = st.one_of(
    st.sampled_from([None, [], {}, {"matchers": None}, {"matchers": []}]),
    st.fixed_dictionaries(
        {"matchers": st.lists(st.sampled_from(_MATCHERS), min_size=1, max_size=2)},
        optional={"combine": st.sampled_from(["OR", "AND", "or", None])},
    ),
)


def _read(rules: dict[str, Json]) -> list[tuple[RuleEntry, str, str]] | tuple[str, object]:
    try:
        entries = read_entries(rules, ("request",))
    except InvalidRule as error:
        return str(error), error.to_json()
    return [(entry, repr(entry.rules), repr(entry.place)) for entry in entries]


@given(st.lists(_GIVEN, min_size=1, max_size=6))
@example([{"matchers": [{"match": "type", "min": 1}]}, {"matchers": [{"match": "type", "min": True}]}])
def test_rules_of_many_paths_are_those_of_each(given_rules: list[Json]) -> None:
    keyed = {f"$.name{number}": rules for number, rules in enumerate(given_rules)}
    each = [_read({key: rules}) for key, rules in keyed.items()]
    wrong = next((found for found in each if isinstance(found, tuple)), None)
    assert _read(keyed) == (wrong or [entry for found in each for entry in found])
