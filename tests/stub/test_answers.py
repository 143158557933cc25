"""What a stub answers beyond what the reference does: why there is no answer, strictness, pages with credentials."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.stub.pacts import JSON, STATES, USERS, write
from tests.stub.stubs import Stub, stub


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = pact(
        interaction("in words", {"path": "/Zürich Süd"}, body="words"),
        interaction(
            "made",
            {"path": "/made"},
            headers=JSON,
            body={"id": 1, "url": "http://localhost:9999/made"},
            generators={
                "body": {
                    "$.id": {"type": "RandomInt", "min": 10**8, "max": 10**9},
                    "$.url": {"type": "MockServerURL", "regex": ".*(/made)$", "example": "http://localhost:9999/made"},
                }
            },
        ),
        provider="made",
    )
    return write(tmp_path_factory.mktemp("pacts"), users=USERS, states=STATES, made=made)


@pytest.fixture(scope="module")
def plain(directory: Path) -> Iterator[Stub]:
    with stub(str(directory), "--provider-state-header-name", "X-State") as server:
        yield server


def test_a_request_that_fits_nothing_gets_a_404_that_no_client_takes_for_one_of_a_pact(plain: Stub) -> None:
    own, of_pact = plain.ask("GET", "/nothing"), plain.ask("GET", "/users/0")
    assert (own.status, own.headers["x-pact"]) == (404, "Request-Not-Found")
    assert own.headers["access-control-expose-headers"] == "X-Pact"
    assert own.json["outcome"] == "Request-Not-Found"
    assert own.json["error"].startswith("GET /nothing was not expected; the nearest interaction is ")
    assert (of_pact.status, of_pact.json) == (404, {"error": "none"})
    assert "x-pact" not in of_pact.headers


def test_the_404_names_what_refused_with_the_file_and_lists_apart_what_is_tolerated(
    plain: Stub, directory: Path
) -> None:
    reply = plain.ask("POST", "/users", {**JSON, "Accept": "x"}, '{"name": "Bob"}').json
    assert reply["error"] == (
        "POST /users does not match 'add': $.name -> Expected 'Bob' (String) to be equal to 'Ada' (String)"
    )
    assert reply["interaction"]["source"] == str(directory / "users.json")
    reply = plain.ask("GET", "/users?x=1", {}).json
    assert "Unexpected query parameter 'x' received" in reply["error"]
    assert "header" not in reply["error"]
    nearest = plain.ask("GET", "/users/7?x=1").json["nearMisses"][0]
    assert [part["part"] for part in nearest["parts"] if not part["matched"]] == ["query"]
    assert nearest["tolerated"] == ["Expected a header 'Accept' but was missing"]


def test_the_404_says_that_a_provider_state_hides_an_interaction(plain: Stub) -> None:
    reply = plain.ask("GET", "/only", {"X-State": "exists"})
    assert reply.status == 404
    assert reply.json["error"] == (
        "GET /only fits '/only in user 7 is gone' (given 'user 7 is gone'), but its provider states 'user 7 is gone' do"
        " not fit 'exists' of the header X-State"
    )
    assert (
        plain.ask("GET", "/free", {"X-State": "exists"})
        .json["error"]
        .endswith(
            "it is given no provider state, and 'exists' of the header X-State asks for one:"
            " --empty-provider-state lets it answer"
        )
    )


@pytest.mark.parametrize("pattern", ["(", "x" * 1001])
def test_a_header_that_is_no_pattern_gets_a_400_that_says_so(pattern: str, plain: Stub) -> None:
    reply = plain.ask("GET", "/only", {"X-State": pattern})
    assert reply.status == 400
    assert reply.json["error"].startswith("The header X-State")


def test_a_path_that_no_client_sends_as_it_is_meets_its_encoded_form(plain: Stub) -> None:
    assert plain.ask("GET", "/Z%C3%BCrich%20S%C3%BCd").body == b"words"


def test_values_are_generated_anew_and_urls_lead_to_the_stub(plain: Stub) -> None:
    first, second = plain.ask("GET", "/made").json, plain.ask("GET", "/made").json
    assert first["id"] != second["id"]
    assert first["url"] == f"http://127.0.0.1:{plain.port}/made"


def test_the_log_says_what_was_tolerated_and_who_else_could_have_answered(plain: Stub, directory: Path) -> None:
    plain.ask("GET", "/users/7", {"Accept": "image/png"})
    plain.log.wait_for(
        rf"GET /users/7 -> 200, 'a user as JSON' of {directory}/users.json; tolerated: .*'Accept'.*; it fits as well,"
        rf" and comes later: 'a user as text' of {directory}/users.json"
    )
    plain.ask("GET", "/nobody")
    plain.log.wait_for(r"WARNING pactmock.stub: GET /nobody -> 404: GET /nobody was not expected")


@pytest.mark.parametrize("name", ["PACTMOCK_STUB_LOG_LEVEL", "PACTMOCK_STUB_LOGLEVEL"])
def test_the_level_of_the_log_comes_from_the_environment_by_either_name(directory: Path, name: str) -> None:
    with stub(str(directory), PACTMOCK_STUB_LOG_FORMAT="json", **{name: "warn"}) as server:
        server.ask("GET", "/users/7")
        server.ask("GET", "/nobody")
        server.log.wait_for("/nobody")
        assert [json.loads(line)["level"] for line in server.log.lines] == ["warning"]


def test_as_json_the_log_has_what_a_program_looks_for(directory: Path) -> None:
    with stub(str(directory), PACTMOCK_STUB_LOG_FORMAT="json") as server:
        server.ask("GET", "/users/7")
        server.ask("GET", "/nobody")
        server.log.wait_for("/nobody")
        found, nobody = map(json.loads, server.log.lines)
    assert (found["level"], found["event"], found["status"]) == ("info", "request.matched", 200)
    assert (nobody["level"], nobody["event"], nobody["path"]) == ("warning", "request.mismatched", "/nobody")
    assert nobody["message"].startswith("GET /nobody -> 404: GET /nobody was not expected")


def test_the_log_shows_no_secret_that_was_received(tmp_path: Path) -> None:
    shown = {"Authorization": "Bearer public"}
    guarded = pact(interaction("guarded", {"path": "/guarded", "headers": shown}), provider="guarded")
    for options in ((), ("--strict-match",)):
        with stub(str(write(tmp_path, guarded=guarded)), *options) as server:
            server.ask("GET", "/guarded", {"Authorization": "Bearer hidden-from-all"})
            server.log.wait_for(r"Bearer \[15 characters")
            assert "hidden-from-all" not in server.log.text


def test_a_pattern_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    evil = pact(
        interaction(
            "slow", {"path": "/slow", "query": {"q": ["a"]}, "matchingRules": {"query": {"q": {"matchers": [
                {"match": "regex", "regex": "(a|aa)+$"}]}}}},
        ),
        provider="evil",
    )  # fmt: skip
    with stub(str(write(tmp_path, evil=evil))) as server:
        reply = server.ask("GET", f"/slow?q={'a' * 60}!")
        assert reply.status == 404
        assert "was given up" in reply.json["error"]
        assert server.ask("GET", "/slow?q=aaa").status == 200


def test_strict_match_tolerates_nothing(directory: Path) -> None:
    with stub(str(directory), "--strict-match", "-s", ".", "--empty-provider-state") as server:
        reply = server.ask("GET", "/users/7", {"Accept": "image/png"})
        assert (reply.status, reply.headers["x-pact"]) == (404, "Request-Not-Found")
        assert "'Accept'" in reply.json["error"]
        assert server.ask("GET", "/users/7", {"Accept": "text/plain"}).body == b"Ada"
        assert server.ask("GET", "/items/2").body == b'"2"'
        assert server.ask("POST", "/users", JSON).status == 404


def test_answers_are_kept_back_and_hold_up_nobody(directory: Path) -> None:
    with stub(str(directory), "--delay", "300ms-1s") as server:
        begin = time.monotonic()
        assert server.ask("GET", "/users/7").status == 200
        assert time.monotonic() - begin >= 0.3
    with stub(str(directory), "--delay", "600s") as server, ThreadPoolExecutor(4) as threads:
        expected = {"/users/7": 200, "/nothing": 404, "/users/0": 404, "/own": 200}
        owed = [threads.submit(server.ask, "GET", path) for path in expected]
        for path, status in expected.items():
            server.log.wait_for(f"GET {path} -> {status}")
        assert not any(each.done() for each in owed)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=HANG) == 0
        assert [each.result().status for each in owed] == list(expected.values())


def test_a_page_may_send_credentials_where_it_is_named(directory: Path) -> None:
    with stub(str(directory), "--cors", "--cors-referer") as server:
        page = {"Origin": "http://page:3000", "Referer": "http://page:3000/a/b"}
        for headers in (page, {"Referer": page["Referer"]}):
            for method, target in (("OPTIONS", "/users/7"), ("GET", "/users/7"), ("GET", "/nothing")):
                reply = server.ask(method, target, headers).headers
                assert reply["access-control-allow-origin"] == "http://page:3000"
                assert (reply["access-control-allow-credentials"], reply["vary"]) == ("true", "Origin")
        assert server.ask("GET", "/own", page).headers["access-control-allow-origin"] == "http://page"
        assert server.ask("GET", "/users/7").headers["access-control-allow-origin"] == "*"
        asked = {**page, "Access-Control-Request-Headers": "Authorization"}
        assert server.ask("OPTIONS", "/x", asked).headers["access-control-allow-headers"] == "Authorization"


def test_a_malformed_request_is_refused_with_its_reason(plain: Stub) -> None:
    reply = plain.ask("GET", "/users/7", {"Content-Length": "x"})
    assert reply.status == 400
    assert reply.json["error"]
