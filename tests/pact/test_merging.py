"""Merging loses nothing, repeats nothing, and says what it replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import Conflict
from pactmock.pact.merging.merge import merge
from pactmock.pact.model import HttpInteraction, Pact, ProviderState, Request, Response


def _interaction(
    description: str, path: str = "/", states: tuple[str, ...] = (), key: str | None = None
) -> HttpInteraction:
    return HttpInteraction(
        description,
        key=key,
        provider_states=tuple(ProviderState(state) for state in states),
        request=Request(path=path),
        response=Response(),
    )


def _pact(*interactions: HttpInteraction) -> Pact:
    return Pact("web", "api", interactions, specification="V4")


def _descriptions(pact: Pact) -> list[str]:
    return [item.description for item in pact.interactions]


def test_new_interactions_join_those_of_the_file_in_sorted_order() -> None:
    assert _descriptions(merge(_pact(_interaction("b")), _pact(_interaction("c"), _interaction("a"))).pact) == [
        "a",
        "b",
        "c",
    ]


def test_a_second_run_keeps_the_order_of_the_file_and_adds_nothing() -> None:
    """Row 4: releases of the reference up to 1.3.15 duplicate interactions of unsorted lists."""
    pact = _pact(_interaction("b"), _interaction("a"))
    assert merge(pact, pact).pact == pact


def test_the_new_interaction_replaces_the_one_of_the_same_identity_and_says_so() -> None:
    result = merge(_pact(_interaction("a", "/new")), _pact(_interaction("a", "/old")))
    assert [item.request.path for item in result.pact.http_interactions] == ["/new"]
    assert str(result.replacements[0]) == "'a': request path was '/old' and is now '/new'"


def test_an_interaction_without_states_leaves_the_one_with_states_alone() -> None:
    """Row 5: the reference lets the first replace the second."""
    result = merge(_pact(_interaction("a", "/1")), _pact(_interaction("a", "/2", ("some state",))))
    assert len(result.pact.interactions) == 2
    assert not result.replacements


def test_keys_decide_where_both_sides_have_one() -> None:
    existing = _pact(_interaction("old words", key="k1"), _interaction("same words", key="k2"))
    new = _pact(_interaction("new words", key="k1"), _interaction("same words", key="k3"))
    assert _descriptions(merge(new, existing).pact) == ["new words", "same words", "same words"]


def test_plugins_of_the_file_stay() -> None:
    existing = replace(_pact(), metadata={"plugins": [{"name": "csv", "version": "1"}], "gone": 1})
    new = replace(_pact(), metadata={"plugins": [{"name": "protobuf", "version": "2"}]})
    assert [item["name"] for item in merge(new, existing).pact.metadata["plugins"]] == ["csv", "protobuf"]


def test_what_the_new_pact_does_not_say_of_metadata_stays() -> None:
    """Row 62: the reference overwrites metadata."""
    existing = replace(_pact(), metadata={"team": {"a": 1}, "tool": "1"})
    assert merge(replace(_pact(), metadata={"tool": "2"}), existing).pact.metadata == {"team": {"a": 1}, "tool": "2"}


def test_pacts_of_other_participants_are_a_conflict() -> None:
    with pytest.raises(
        Conflict, match="they have different consumers or providers: the provider of the file is 'other'"
    ):
        merge(_pact(), replace(_pact(), provider="other"))


pacts = st.lists(
    st.builds(
        _interaction,
        st.sampled_from("abc"),
        st.sampled_from(["/1", "/2"]),
        st.sampled_from([(), ("s",), ("s", "t")]),
        st.sampled_from([None, "k1", "k2"]),
    ),
    max_size=5,
).map(lambda items: _pact(*items))


@given(pacts, pacts)
def test_merging_twice_is_merging_once(new: Pact, existing: Pact) -> None:
    """Only interactions that one pact holds twice under the same name may change places with each other."""
    once = merge(new, existing).pact
    again = merge(new, once)
    assert sorted(map(repr, again.pact.interactions)) == sorted(map(repr, once.interactions))
    assert not again.replacements


@given(pacts, pacts)
def test_every_new_interaction_and_every_identity_of_the_file_is_there(new: Pact, existing: Pact) -> None:
    merged = merge(new, existing).pact.interactions
    for item in new.interactions:
        assert item in merged
    for item in existing.interactions:
        assert any(
            (item.description, item.provider_states) == (other.description, other.provider_states)
            or (item.key is not None and item.key == other.key)
            for other in merged
        )
