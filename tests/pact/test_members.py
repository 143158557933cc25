"""A slip of the pen in a pact is refused with what was meant, and what nobody reads is warned of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import InvalidPact
from pactmock.pact.documents import reading
from pactmock.pact.documents.members import _MOST_SLIPS, _may_mean, _slips
from tests.pacts import interaction, pact

VERSIONS = ["1.0.0", "2.0.0", "3.0.0", "4.0"]


def _refusal(document: Any) -> tuple[str, str]:
    with pytest.raises(InvalidPact) as caught:
        reading.read_pact(document)
    return caught.value.pointer, caught.value.problem


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("pointer", "meant"),
    [
        ("/interaction", "interactions"),
        ("/interactions/0/reqest", "request"),
        ("/interactions/0/providerstate", "providerState"),
        ("/interactions/0/request/methd", "method"),
        ("/interactions/0/request/paht", "path"),
        ("/interactions/0/request/header", "headers"),
        ("/interactions/0/response/Status", "status"),
        ("/interactions/0/response/boyd", "body"),
        ("/interactions/0/response/matchingRule", "matchingRules"),
        ("/interactions/0/response/matchingRules/bodyy", "body"),
        ("/interactions/0/response/generators/heder", "header"),
        ("/metadata/plugin", "plugins"),
    ],
)
def test_a_member_that_is_nearly_the_name_of_one_that_is_absent_is_refused(
    version: str, pointer: str, meant: str
) -> None:
    document: Any = pact({"description": "a", "request": {}, "response": {}}, version=version)
    *way, name = pointer.split("/")[1:]
    place = document
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    place[name] = place.pop(meant, {})
    refused, problem = _refusal(document)
    assert refused == pointer
    assert problem.endswith(f"has no member '{name}': did you mean '{meant}'?")


def test_the_version_and_the_participants_are_held_against_what_they_are_called() -> None:
    slip = {**pact(interaction()), "metadata": {"pactSpecifcation": {"version": "2.0.0"}}}
    assert _refusal(slip)[0] == "/metadata/pactSpecifcation"
    assert _refusal({**pact(interaction()), "consumer": {"nmae": "web"}})[0] == "/consumer/nmae"


def test_half_a_name_is_no_slip_of_the_pen() -> None:
    (warning,) = reading.read_pact(pact({"description": "a", "request": {"data": 1}, "response": {}})).warnings
    assert warning.pointer == "/interactions/0/request/data"


def test_the_members_of_v4_are_held_against_those_of_v4() -> None:
    message = {"type": "Asynchronous/Messages", "description": "m", "contnets": {}}
    assert _refusal(pact(message, version="4.0"))[0] == "/interactions/0/contnets"
    answer = {"type": "Synchronous/Messages", "description": "m", "request": {"content": {}}, "response": []}
    assert _refusal(pact(answer, version="4.0"))[0] == "/interactions/0/request/content"
    for body in ({"content": "a", "contenType": "text/plain"}, {"contents": "a", "contentType": "text/plain"}):
        pointer, _ = _refusal(pact(interaction(body=body), version="4.0"))
        assert pointer.startswith("/interactions/0/response/body/conten")
    state = {"providerStates": [{"name": "a"}, {"name": "b", "param": {}}]}
    assert _refusal(pact(interaction() | state, version="4.0"))[0] == "/interactions/0/providerStates/1/param"


def test_other_members_that_nobody_reads_are_warnings() -> None:
    source: Any = pact(interaction("a", {"methods": 1, "url": "/"}) | {"tags": []}) | {"comment": "hi"}
    source["interactions"][0]["providerStates"] = [{"name": "s", "id": 1}]
    warnings = reading.read_pact(source).warnings
    assert {item.code for item in warnings} == {"unknown_member"}
    assert sorted(item.pointer for item in warnings) == [
        "/comment",
        "/interactions/0/providerStates/0/id",
        "/interactions/0/request/methods",  # `method` is there already
        "/interactions/0/request/url",
        "/interactions/0/tags",
    ]


def test_what_a_broker_adds_is_no_warning() -> None:
    source = pact(interaction() | {"_id": "1"}) | {"createdAt": "2020", "_links": {}}
    assert reading.read_pact(source).warnings == ()


def test_what_other_versions_have_is_a_warning_in_one_that_does_not_read_it() -> None:
    (warning,) = reading.read_pact(pact(interaction() | {"pending": True})).warnings
    assert warning.pointer == "/interactions/0/pending"


@pytest.mark.parametrize("document", [{}, {"consumer": {"name": "a"}, "provider": {"name": "b"}}])
def test_a_pact_without_a_list_of_interactions_is_refused(document: Any) -> None:
    assert _refusal(document) == ("", "A pact has 'interactions', and this has none: post the content of a pact file")
    assert reading.read_pact({**document, "interactions": []}).interactions == ()


def test_a_file_that_is_there_already_is_read_whatever_is_in_it() -> None:
    source = pact(interaction("a", {"methd": "POST"}) | {"tags": []})
    assert reading.read_written(source).warnings == ()
    assert reading.read_written({}).interactions == ()


@pytest.mark.parametrize(
    ("written", "meant", "slips"),
    [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("methd", "method", 1), ("mehtod", "method", 1), ("abc", "xyz", 3)],
)
def test_slips_of_the_pen_are_counted(written: str, meant: str, slips: int) -> None:
    assert _slips(written, meant) == _slips(meant, written) == slips


_words = st.text("abc", max_size=6)


@given(_words, _words)
def test_names_that_need_no_second_look_are_more_than_two_slips_away(written: str, meant: str) -> None:
    assert _may_mean(written, meant) or _slips(written, meant) > _MOST_SLIPS
