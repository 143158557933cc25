"""A contract of HTTP interactions, written in Python: what is served, what is told of it, and what is written."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from pactmock.contract import Pact, generate, match
from pactmock.contract.error import (
    HeaderMismatch,
    MismatchesError,
    MissingRequest,
    Refused,
    RequestMismatch,
    RequestNotFound,
)
from pactmock.errors import InvalidPact
from tests.patience import HANG


@pytest.fixture
def pact() -> Pact:
    return Pact("web", "users-api")


def a_user(pact: Pact) -> None:
    (
        pact.upon_receiving("a user")
        .given("a user exists", id=7)
        .with_request("GET", match.regex("/users/7", regex=r"/users/\d+"))
        .with_header("Accept", "application/json")
        .with_query_parameter("page", match.int(1))
        .will_respond_with(200)
        .with_body({"id": match.int(7), "name": match.str("Ada"), "tags": match.each_like("a", min=2)})
    )


def written(pact: Pact, directory: Path) -> Any:
    pact.write_file(directory)
    return json.loads((directory / "web-users-api.json").read_text())


def get(url: str, **options: Any) -> httpx.Response:
    return httpx.get(url, headers={"Accept": "application/json"}, **options)


def test_a_contract_is_served_and_matched_by_what_its_matchers_say(pact: Pact) -> None:
    a_user(pact)
    with pact.serve() as server:
        answer = get(server.url + "/users/8?page=3")
        assert server.matched
    assert answer.json() == {"id": 7, "name": "Ada", "tags": ["a", "a"]}


def test_a_pact_file_has_the_examples_and_the_rules(pact: Pact, tmp_path: Path) -> None:
    a_user(pact)
    (interaction,) = written(pact, tmp_path)["interactions"]
    assert interaction["providerStates"] == [{"name": "a user exists", "params": {"id": 7}}]
    assert interaction["request"]["path"] == "/users/7"
    assert interaction["request"]["matchingRules"]["path"]["matchers"] == [{"match": "regex", "regex": r"/users/\d+"}]
    assert interaction["response"]["body"]["content"] == {"id": 7, "name": "Ada", "tags": ["a", "a"]}
    assert interaction["response"]["matchingRules"]["body"]["$.tags"]["matchers"] == [{"match": "type", "min": 2}]


@pytest.mark.parametrize(
    ("version", "states"), [("V2", {"providerState": "s"}), ("3", {"providerStates": [{"name": "s"}]})]
)
def test_a_pact_file_is_of_the_version_that_was_chosen(
    pact: Pact, tmp_path: Path, version: str, states: dict[str, Any]
) -> None:
    pact.with_specification(version).upon_receiving("x").given("s").with_request("GET", "/").will_respond_with(200)
    (interaction,) = written(pact, tmp_path)["interactions"]
    assert states.items() <= interaction.items()
    assert "type" not in interaction


def test_a_wrong_version_is_a_key_error(pact: Pact) -> None:
    with pytest.raises(KeyError):
        pact.with_specification("V5")


def test_what_does_not_match_is_raised_with_the_report_of_the_interaction(pact: Pact) -> None:
    a_user(pact)
    with pytest.raises(MismatchesError) as caught, pact.serve() as server:
        httpx.get(server.url + "/users/8?page=3", headers={"Accept": "text/plain"})
    (mismatch,) = caught.value.mismatches
    assert isinstance(mismatch, RequestMismatch)
    assert isinstance(mismatch.mismatches[0], HeaderMismatch)
    text = str(caught.value)
    assert text.startswith("Mismatches:\n1) GET /users/8 did not match\n   interaction: a user (given a user exists)")
    assert "application/json" in text
    assert "text/plain" in text


def test_a_test_that_forgets_to_call_fails(pact: Pact) -> None:
    a_user(pact)
    with pytest.raises(MismatchesError, match="GET /users/7 was expected and never came"), pact.serve():
        pass


def test_what_a_client_raises_passes_and_says_why(pact: Pact) -> None:
    a_user(pact)
    with pytest.raises(httpx.HTTPStatusError) as caught, pact.serve() as server:
        get(server.url + "/users/8?page=none").raise_for_status()
    (note,) = caught.value.__notes__
    assert "1) GET /users/8 did not match" in note
    assert "none" in note


def test_an_assert_that_failed_gives_way_to_the_reason(pact: Pact) -> None:
    a_user(pact)
    with pytest.raises(MismatchesError) as caught, pact.serve() as server:
        assert get(server.url + "/users/8?page=none").status_code == 200
    assert isinstance(caught.value.__context__, AssertionError)
    (note,) = caught.value.__notes__
    assert re.fullmatch(
        r"In the block, the test failed too, in line \d+ of .*: AssertionError: assert 500 == 200", note
    )


def test_what_a_test_raises_passes_when_all_matched(pact: Pact) -> None:
    with pytest.raises(ZeroDivisionError) as caught, pact.serve():
        _ = 1 / 0
    assert not hasattr(caught.value, "__notes__")


def test_without_raises_mismatches_are_logged_once_and_stay(pact: Pact, caplog: pytest.LogCaptureFixture) -> None:
    a_user(pact)
    with caplog.at_level(logging.WARNING), pact.serve(raises=False) as server:
        get(server.url + "/elsewhere")
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert record.message.startswith("Mismatches:\n")
    assert [type(mismatch) for mismatch in server.mismatches] == [RequestNotFound, MissingRequest]


def test_a_block_plays_what_was_written_since_the_last_one(pact: Pact, tmp_path: Path) -> None:
    a_user(pact)
    with pact.serve() as server:
        get(server.url + "/users/8?page=3")
    pact.upon_receiving("no users").with_request("GET", "/users").will_respond_with(404)
    with pact.serve() as server:
        assert httpx.get(server.url + "/users").status_code == 404
    assert len(written(pact, tmp_path)["interactions"]) == 2


def test_a_block_without_news_plays_the_last_one_again_and_counts_anew(pact: Pact) -> None:
    a_user(pact)
    server = pact.serve()
    with server:
        get(server.url + "/users/8?page=3")
    with pytest.raises(MismatchesError, match="never came"), server:
        pass


def test_what_was_played_cannot_be_changed(pact: Pact, tmp_path: Path) -> None:
    interaction = pact.upon_receiving("x").with_request("GET", "/x").will_respond_with(200)
    with pact.serve(raises=False, verbose=False):
        pass
    with pytest.raises(RuntimeError, match="'x' was played already"):
        interaction.with_request("GET", "/y")
    assert written(pact, tmp_path)["interactions"][0]["request"]["path"] == "/x"


def test_of_an_interaction_that_is_written_again_the_last_counts(pact: Pact, tmp_path: Path) -> None:
    for path in ("/a", "/b"):
        pact.upon_receiving("x").with_request("GET", path).will_respond_with(200)
    pact.upon_receiving("x").given("s").with_request("GET", "/c").will_respond_with(200)
    assert [item["request"]["path"] for item in written(pact, tmp_path)["interactions"]] == ["/b", "/c"]


async def test_a_server_plays_in_an_async_block_for_clients_of_both_kinds(pact: Pact) -> None:
    a_user(pact)
    async with pact.serve_async() as server, httpx.AsyncClient() as client:
        answer = await client.get(server.url + "/users/8?page=3", headers={"Accept": "application/json"})
        assert answer.status_code == 200
        assert get(server.url + "/users/9?page=3").status_code == 200


async def test_an_async_block_raises_what_did_not_match(pact: Pact) -> None:
    a_user(pact)
    with pytest.raises(MismatchesError):
        async with pact.serve_async():
            await asyncio.sleep(0)


async def test_a_plain_block_works_under_a_running_loop(pact: Pact) -> None:
    a_user(pact)
    with pact.serve() as server:
        assert get(server.url + "/users/8?page=3").status_code == 200


def test_https_is_served_with_a_certificate_to_trust(pact: Pact, tmp_path: Path) -> None:
    import ssl

    pact.upon_receiving("x").with_request("GET", "/x").will_respond_with(200)
    with pact.serve(transport="https") as server:
        assert server.ca_pem is not None
        trusted = ssl.create_default_context(cadata=server.ca_pem.decode())
        assert httpx.get(server.url / "x", verify=trusted).status_code == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"transport": "HTTP"}, "The transport 'HTTP' cannot be served"),
        ({"transport_config": "{"}, "Invalid transport_config JSON"),
    ],
)
def test_what_cannot_be_served_is_refused_in_a_sentence(pact: Pact, options: dict[str, Any], said: str) -> None:
    with pytest.raises(RuntimeError, match=said), pact.serve(**options):
        pass


def test_what_needs_a_running_server_says_so_before(pact: Pact) -> None:
    server = pact.serve()
    with pytest.raises(Refused, match="The server is not running"):
        _ = server.matched


def test_preflight_requests_are_answered_where_the_transport_is_told_so(pact: Pact) -> None:
    pact.upon_receiving("x").with_request("GET", "/x").will_respond_with(200)
    with pact.serve(transport_config='{"corsPreflight": true}') as server:
        assert httpx.options(server.url / "x", headers={"Origin": "http://web"}).status_code == 204
        httpx.get(server.url / "x")


@pytest.mark.parametrize(
    ("body", "content_type", "found"),
    [
        (None, None, {"contentType": "application/json", "content": "null", "encoded": "json"}),
        ("", None, {"contentType": "application/json", "content": '""', "encoded": "json"}),
        ('{"a": 1}', None, {"contentType": "application/json", "content": {"a": 1}, "encoded": False}),
        ("123", None, {"contentType": "application/json", "content": 123, "encoded": False}),
        ("<a/>", None, {"contentType": "application/xml", "content": "<a/>", "encoded": False}),
        ("hello", None, {"contentType": "text/plain", "content": "hello", "encoded": False}),
        ('{"a": 1}', "text/plain", {"contentType": "text/plain", "content": '{"a": 1}', "encoded": False}),
    ],
)
def test_the_type_of_a_body_is_what_it_looks_like_unless_it_is_named(
    pact: Pact, tmp_path: Path, body: Any, content_type: str | None, found: dict[str, Any]
) -> None:
    pact.upon_receiving("x").with_request("GET", "/x").will_respond_with(200).with_body(body, content_type)
    assert written(pact, tmp_path)["interactions"][0]["response"]["body"] == found


def test_a_matcher_that_is_written_as_a_text_is_one(pact: Pact, tmp_path: Path) -> None:
    matcher = json.dumps({"a": {"pact:matcher:type": "integer", "value": 3}})
    pact.upon_receiving("x").with_request("GET", "/x").will_respond_with(200).with_body(matcher)
    response = written(pact, tmp_path)["interactions"][0]["response"]
    assert response["body"]["content"] == {"a": 3}
    assert response["matchingRules"]["body"]["$.a"]["matchers"] == [{"match": "integer"}]


def test_bytes_are_served_as_they_are(pact: Pact) -> None:
    pact.upon_receiving("x").with_request("GET", "/x").will_respond_with(200).with_binary_body(b"\x00\xff", "image/png")
    with pact.serve() as server:
        answer = httpx.get(server.url / "x")
    assert (answer.content, answer.headers["Content-Type"]) == (b"\x00\xff", "image/png")


def test_bytes_go_into_their_own_method(pact: Pact) -> None:
    with pytest.raises(TypeError, match="Object of type bytes is not JSON serializable"):
        pact.upon_receiving("x").with_body(b"x")


@pytest.mark.parametrize("path", ["users", "/users?page=1", match.regex(regex="[a-z]+")])
def test_a_path_that_can_never_match_is_refused_at_once(pact: Pact, path: Any) -> None:
    with pytest.raises(ValueError, match="The path"):
        pact.upon_receiving("x").with_request("GET", path)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", ["1"]), (1, ["1"]), (True, ["true"]), (["1", "2"], ['["1", "2"]']), (None, ["null"])],
)
def test_a_query_parameter_that_is_no_text_is_written_as_json(
    pact: Pact, tmp_path: Path, value: Any, expected: list[str]
) -> None:
    pact.upon_receiving("x").with_request("GET", "/x").with_query_parameter("q", value).will_respond_with(200)
    assert written(pact, tmp_path)["interactions"][0]["request"]["query"] == {"q": expected}


def test_repeated_values_add_up_and_set_headers_replace(pact: Pact, tmp_path: Path) -> None:
    (
        pact.upon_receiving("x")
        .with_request("GET", "/x")
        .with_query_parameters([("q", "1"), ("q", "2")])
        .with_headers([("X-A", "1, 2"), ("x-a", "3"), ("Accept", "a/b, c/d")])
        .set_header("X-B", "1")
        .set_header("X-B", "2, 3")
        .will_respond_with(200)
    )
    request = written(pact, tmp_path)["interactions"][0]["request"]
    assert request["query"] == {"q": ["1", "2"]}
    assert request["headers"] == {"X-A": ["1, 2", "3"], "Accept": ["a/b", "c/d"], "X-B": ["2, 3"]}


def test_a_matcher_without_an_example_gets_the_same_one_in_every_run(pact: Pact, tmp_path: Path) -> None:
    def request() -> Any:
        (
            pact.upon_receiving("x")
            .with_request("GET", match.regex(regex=r"/users/\d{3}"))
            .with_header("X-Id", match.uuid())
            .with_query_parameter("on", match.date())
            .will_respond_with(200)
        )
        return written(pact, tmp_path)["interactions"][0]["request"]

    first = request()
    assert first == request()
    assert first["query"] == {"on": ["2000-02-01"]}


def test_a_generator_makes_another_value_for_each_response(pact: Pact) -> None:
    (
        pact.upon_receiving("x")
        .with_request("GET", "/x")
        .will_respond_with(200)
        .with_body({"id": match.uuid(format="urn"), "n": match.int(min=5, max=6), "t": match.str("a" * 9)})
    )
    with pact.serve() as server:
        first, second = (httpx.get(server.url / "x").json() for _ in range(2))
    assert first["id"] != second["id"]
    assert first["id"].startswith("urn:uuid:")
    assert first["n"] in {5, 6}


def test_two_matchers_are_joined_with_the_example_of_the_first(pact: Pact, tmp_path: Path) -> None:
    both = match.regex("a1", regex=r"\w\d") & match.includes("1")
    pact.upon_receiving("x").with_request("GET", "/x").will_respond_with(200).with_body({"a": both})
    response = written(pact, tmp_path)["interactions"][0]["response"]
    assert response["body"]["content"] == {"a": "a1"}
    assert [rule["match"] for rule in response["matchingRules"]["body"]["$.a"]["matchers"]] == ["regex", "include"]


def test_the_formats_of_generated_uuids_are_those_of_pact_files() -> None:
    names = [generate.uuid(name).to_generator_json()["format"] for name in ("simple", "lowercase", "uppercase", "urn")]
    assert names == ["simple", "lower-case-hyphenated", "upper-case-hyphenated", "URN"]


def test_comments_keys_and_pending_are_in_the_file(pact: Pact, tmp_path: Path) -> None:
    interaction = (
        pact.upon_receiving("x")
        .with_request("GET", "/x")
        .set_key("k")
        .set_pending(pending=True)
        .set_comment("n", "12")
        .set_comment("gone", 1)
        .set_comment("gone", None)
        .add_text_comment("one")
        .add_text_comment("two")
        .add_external_reference("Jira", "A-1", "https://jira.example/A-1")
        .test_name("test_x")
    )
    assert str(interaction) == "HttpInteraction(x)"
    (found,) = written(pact, tmp_path)["interactions"]
    assert (found["key"], found["pending"]) == ("k", True)
    assert found["comments"] == {
        "n": 12,
        "references": {"Jira": {"A-1": "https://jira.example/A-1"}},
        "testname": "test_x",
        "text": ["one", "two"],
    }


def test_addresses_are_texts_that_can_be_taken_apart(pact: Pact) -> None:
    with pact.serve() as server:
        assert str(server) == server.url == f"http://localhost:{server.port}"
        assert (server.url.scheme, server.url.host, server.url.path) == ("http", "localhost", "/")
        assert server / "a b" == server.url + "/a%20b"
        assert server.url.with_path("/a").with_query(q=[1, 2]).path_qs == "/a?q=1&q=2"


def test_a_thousand_blocks_leave_no_thread_no_socket_and_no_memory(pact: Pact) -> None:
    def play(times: int) -> None:
        for _ in range(times):
            fresh = Pact("web", "users-api")
            a_user(fresh)
            with fresh.serve(raises=False, verbose=False), pact.serve(raises=False, verbose=False):
                pass

    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0

    a_user(pact)

    def settle() -> None:
        until = time.monotonic() + HANG
        while any(thread.name.startswith("pactmock") for thread in threading.enumerate()) and time.monotonic() < until:
            time.sleep(0.01)  # the loop of mock servers waits a moment for the next block
        gc.collect()

    play(50)
    settle()
    threads, open_before, objects = threading.active_count(), descriptors(), len(gc.get_objects())
    play(500)
    settle()
    assert threading.active_count() == threads
    assert descriptors() == open_before
    assert len(gc.get_objects()) < objects + 500


def test_what_cannot_be_a_contract_names_the_interaction(pact: Pact, tmp_path: Path) -> None:
    a_user(pact)
    pact.upon_receiving("a list").with_request("GET", "/x").with_header("X-A", match.like({"a": 1}))
    with pytest.raises(InvalidPact, match="A text is needed here") as caught:
        pact.write_file(tmp_path)
    assert caught.value.pointer == "/interactions/1/request/headers/X-A"
    assert caught.value.__notes__ == ["This is about the interaction 'a list' of web"]


def test_blocks_in_one_another_each_say_what_did_not_match(pact: Pact) -> None:
    pact.upon_receiving("a").with_request("GET", "/a").will_respond_with(200)
    with pact.serve() as outer:
        httpx.get(outer.url + "/a")
        pact.upon_receiving("b").with_request("GET", "/b").will_respond_with(200)
        with pact.serve(raises=False, verbose=False):
            pass
    assert "GET /b was expected" in pact.unmatched


def test_of_two_mock_servers_that_did_not_match_both_are_told(pact: Pact) -> None:
    other = Pact("web", "orders-api")
    pact.upon_receiving("a").with_request("GET", "/a").will_respond_with(200)
    other.upon_receiving("b").with_request("GET", "/b").will_respond_with(200)
    with pytest.raises(MismatchesError, match="GET /b was expected") as caught, pact.serve(), other.serve():
        pass
    assert "GET /a was expected" in caught.value.__notes__[0]


def test_a_generator_where_a_value_stands_makes_it(pact: Pact, tmp_path: Path) -> None:
    pact.upon_receiving("a").with_request("GET", "/a").will_respond_with(200).with_body(
        {"id": generate.uuid(), "many": match.each_like(generate.int(min=3, max=3))}
    )
    with pact.serve() as server:
        body = httpx.get(server.url + "/a").json()
    assert re.fullmatch("[0-9a-f-]{36}", body["id"])
    assert body["many"] == [3]
    response = written(pact, tmp_path)["interactions"][0]["response"]
    assert response["generators"]["body"]["$.id"]["type"] == "Uuid"
    assert response["matchingRules"]["body"]["$.id"]["matchers"] == [{"match": "type"}]


def test_a_method_is_a_text(pact: Pact) -> None:
    with pytest.raises(TypeError, match="A method is a text"):
        pact.upon_receiving("a").with_request(match.str("GET"), "/a")  # type: ignore[arg-type]


def test_a_block_that_ends_later_takes_nothing_away_that_another_found_meanwhile(pact: Pact) -> None:
    pact.upon_receiving("a").with_request("GET", "/a").will_respond_with(200)
    with pact.serve() as outer:
        httpx.get(outer.url + "/a")
        with pact.serve(raises=False, verbose=False):
            pass
    assert "GET /a was expected" in pact.unmatched
    with pact.serve() as again:
        httpx.get(again.url + "/a")
    assert pact.unmatched == ""
