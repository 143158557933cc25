"""A service on a port answers those who drive it and the code under test (reference/ruby-api.md)."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest

from pactmock.pact.json.values import in_order
from pactmock.ruby_api.serving.options import RubyOptions
from pactmock.ruby_api.serving.server import RubyServer
from pactmock.server.options import DecisionLimits, MockServerOptions, WireLimits
from pactmock.server.records.secrets import Secrets
from pactmock.server.shared import Shared
from tests.raw_http import exchange, head_lines
from tests.ruby_api.given import JSON, document, like, term

MARK = {"X-Pact-Mock-Service": "true"}


class Answer(NamedTuple):
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Client:
    """Whoever calls a service."""

    def __init__(self, server: RubyServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self._session = session

    async def call(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send what the code under test sends."""
        content = body if isinstance(body, str | None) else in_order(body)
        async with self._session.request(
            method, f"{self.server.url}{target}", data=content, headers=headers, skip_auto_headers=["Content-Type"]
        ) as response:
            return Answer(response.status, await response.text(), response.headers)

    async def drive(
        self, method: str, target: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send what a client of the Ruby service sends."""
        return await self.call(method, target, body, {**MARK, **(headers or {})})

    async def register(self, *given: dict[str, Any]) -> None:
        for item in given:
            assert (await self.drive("POST", "/interactions", item))[:2] == (200, "Registered interactions\n")

    async def verify(self) -> Answer:
        return await self.drive("GET", "/interactions/verification")


@asynccontextmanager
async def started(
    settings: RubyOptions, options: MockServerOptions | None = None, shared: Shared | None = None
) -> AsyncIterator[Client]:
    server = RubyServer(settings, options, shared)
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Client(server, session)
    finally:
        await server.stop()


@pytest.fixture
def settings(tmp_path: Path) -> RubyOptions:
    return RubyOptions("Shop", "Users API", tmp_path / "pacts", log="m.log")


@pytest.fixture
async def client(settings: RubyOptions) -> AsyncIterator[Client]:
    async with started(settings) as running:
        yield running


async def test_it_says_that_it_is_running(client: Client) -> None:
    answer = await client.drive("GET", "/")
    assert answer[:2] == (200, "Mock service running\n")
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["X-Pact-Mock-Service-Location"] == client.server.url
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize("value", ["1", "false", ""])
async def test_the_header_may_have_any_value(client: Client, value: str) -> None:
    assert (await client.call("GET", "/", None, {"x-pact-mock-service": value})).text == "Mock service running\n"


async def test_a_test_that_passes_goes_all_the_way(client: Client, tmp_path: Path) -> None:
    await client.register(document({"path": "/users/7"}, {"headers": {"x-lower": "a"}, "body": {"b": 1, "a": like(2)}}))
    answer = await client.call("GET", "/users/7")
    assert answer[:2] == (200, '{"b":1,"a":2}')
    assert "X-Lower" in dict(answer.headers)
    assert (await client.verify())[:2] == (200, "Interactions matched\n")
    assert (await client.drive("DELETE", "/interactions"))[:2] == (200, "Cleared interactions\n")
    written = await client.drive("POST", "/pact")
    assert written.status == 200
    assert written.text.endswith("}\n")
    assert json.loads((tmp_path / "pacts" / "shop-users_api.json").read_text()) == written.json
    assert [item["request"]["path"] for item in written.json["interactions"]] == ["/users/7"]


async def test_a_request_that_differs_is_told_why_and_fails_the_test(client: Client) -> None:
    await client.register(document({"query": "a=1"}, description="i", providerState="st"))
    answer = await client.call("GET", "/x?a=2")
    assert answer.status == 500
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.text == (
        '{"message":"No interaction found for GET /x?a=2","interaction_diffs":[{"description":"i",'
        '"provider_state":"st","query":{"a":[{"EXPECTED":"1","ACTUAL":"2"}]}}]}\n'
    )
    assert (await client.drive("GET", "/interactions/missing")).text == '{"size":0}\n'
    verification = await client.verify()
    assert verification.status == 500
    assert "\tGET /x?a=2 (request query did not match)\n" in verification.text
    assert verification.text.endswith("\nSee m.log for details.\n")


async def test_a_request_that_nobody_expects_fails_the_test(client: Client) -> None:
    answer = await client.call("POST", "/u?x=1", "body")
    assert answer[:2] == (500, '{"message":"No interaction found for POST /u?x=1","interaction_diffs":[]}\n')
    assert "Unexpected requests:\n\tPOST /u?x=1\n" in (await client.verify()).text


@pytest.mark.parametrize(
    ("method", "target"), [("GET", "/interactions"), ("GET", "/pact"), ("POST", "/"), ("HEAD", "/")]
)
async def test_a_call_that_there_is_not_is_a_request_that_nobody_expects(
    client: Client, method: str, target: str
) -> None:
    assert (await client.drive(method, target)).status == 500
    assert f"\t{method} {target}\n" in (await client.verify()).text


async def test_paths_of_calls_can_be_mocked(client: Client) -> None:
    await client.register(document({"path": "/interactions/verification"}, {"body": "mine"}))
    assert (await client.call("GET", "/interactions/verification")).text == "mine"


async def test_two_interactions_that_both_match_are_one_too_many_and_stay_missing(client: Client) -> None:
    options = {"allow_unexpected_keys_in_body": True}
    second = document({"options": options, "headers": {"A": term("1", "1")}}, description="two")
    await client.register(document(description="one"), second)
    answer = await client.call("GET", "/x", None, {"A": "1"})
    assert answer.status == 500
    assert answer.json == {
        "message": "Multiple interaction found for GET /x",
        "matching_interactions": [
            {"description": "one", "request": {"method": "get", "path": "/x"}},
            {"description": "two", "request": second["request"]},
        ],
    }
    assert (await client.drive("GET", "/interactions/missing")).json == {"size": 2}


async def test_a_body_that_cannot_be_read_is_an_error_and_not_noted(client: Client) -> None:
    await client.register(document({"method": "post", "body": {}}))
    answer = await client.call("POST", "/x", "{", JSON)
    assert answer.status == 500
    assert answer.json["message"].startswith("Error ocurred in mock service: JSON::ParserError - ")
    assert (await client.drive("GET", "/interactions/missing")).json == {"size": 1}


async def test_replacing_expects_the_new_ones_alone(client: Client) -> None:
    await client.register(document({"path": "/old"}))
    await client.call("GET", "/u")
    wanted = {"interactions": [document({"path": "/new"})], "example_description": "a test"}
    assert (await client.drive("PUT", "/interactions", wanted))[:2] == (200, "Registered interactions\n")
    await client.call("GET", "/new")
    assert (await client.verify()).status == 200
    assert (await client.call("GET", "/old")).status == 500


async def test_what_was_used_is_remembered_until_the_session_ends(client: Client) -> None:
    await client.register(document())
    await client.call("GET", "/x")
    await client.drive("DELETE", "/interactions?example_description=a+test")
    refused = await client.drive("POST", "/interactions", document({}, {"status": 201}))
    assert refused.status == 500
    assert refused.headers["Content-Type"] == "text/plain"
    assert refused.text.startswith('An interaction with same description ("a request") and provider state (nil) but')
    assert (await client.drive("DELETE", "/session"))[:2] == (200, "Cleared session\n")
    await client.register(document({}, {"status": 201}))


@pytest.mark.parametrize("body", ["", "x", "[]", "null", '{"request":{}}', "[" * 101 + "]" * 101, "[" * 5000])
async def test_what_is_no_interaction_is_an_error_of_the_ruby_service(client: Client, body: str) -> None:
    answer = await client.drive("POST", "/interactions", body)
    assert answer.status == 500
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json["message"].startswith("Error ocurred in mock service: ")
    assert not answer.text.endswith("\n")


@pytest.mark.parametrize(
    ("response", "status", "headers", "content"),
    [
        ({"body": "plain", "headers": JSON}, 200, {"Content-Type": "application/json"}, "plain"),
        ({"status": "201", "body": None}, 201, {}, ""),
        ({"body": {"z": [1, 1.5, None], "a": "é"}}, 200, {}, '{"z":[1,1.5,null],"a":"é"}'),
        ({"body": 12345678901234567890123}, 200, {}, "12345678901234567890123"),
        ({"headers": {"location": "/here"}}, 200, {"Location": "http://127.0.0.1:{port}/here"}, ""),
        ({"headers": {"X-A": term("1", "1")}}, 200, {"X-A": "1"}, ""),
        ({"status": like(200)}, 500, {"Content-Type": "application/json"}, None),
        ({"headers": {"A": 1}}, 500, {"Content-Type": "application/json"}, None),
    ],
)
async def test_what_is_mocked_is_sent_as_it_was_registered(
    client: Client, response: Any, status: int, headers: dict[str, str], content: str | None
) -> None:
    await client.register(document({}, response))
    answer = await client.call("GET", "/x")
    assert answer.status == status
    for name, value in headers.items():
        assert answer.headers[name] == value.format(port=client.server.port)
    assert content in (None, answer.text)


async def test_a_header_with_lines_is_sent_in_lines(client: Client) -> None:
    await client.register(document({}, {"headers": {"x-a": "1\n2"}}))
    lines = head_lines(await exchange(client.server.port, b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"))
    assert lines[1:3] == ["X-A: 1", "X-A: 2"]


async def test_no_body_is_sent_where_there_can_be_none(client: Client) -> None:
    await client.register(document({}, {"status": 204, "body": {"a": 1}}))
    assert (await client.call("GET", "/x"))[:2] == (204, "")


# Writing.


@pytest.mark.parametrize(
    ("settings", "members", "text"),
    [
        (RubyOptions(pact_dir=Path("pacts")), {}, "RuntimeError - You must specify a consumer and provider name"),
        (RubyOptions("C", "P"), {"consumer": {}}, "RuntimeError - You must specify a consumer and provider name"),
        (RubyOptions("C", "P"), {}, "Please indicate the directory to write the pact to"),
        (RubyOptions("C", "P", Path("pacts")), {"pact_dir": "../.."}, "is outside the pact directory"),
        (RubyOptions("C", "P", Path("pacts"), allow_any_directory=True), {"pact_dir": "a\0b"}, "has a zero character"),
    ],
)
async def test_a_pact_needs_names_and_a_directory(settings: RubyOptions, members: Any, text: str) -> None:
    async with started(settings) as client:
        answer = await client.drive("POST", "/pact", members)
    assert answer.status == 500
    assert text in answer.json["message"]


async def test_a_call_may_say_what_the_command_line_did_not(tmp_path: Path) -> None:
    async with started(RubyOptions(pact_dir=tmp_path)) as client:
        await client.register(document())
        await client.call("GET", "/x")
        members = {
            "consumer": {"name": "A"},
            "provider": {"name": "B"},
            "pact_dir": str(tmp_path / "below"),
            "pact_specification_version": "3.0.0",
            "pactFileWriteMode": "none",
        }
        answer = await client.drive("POST", "/pact", members)
    assert answer.json["metadata"]["pactSpecification"]["version"] == "3.0.0"
    assert (tmp_path / "below" / "a-b.json").is_file()


async def test_a_directory_of_links_that_lead_to_each_other_is_none(client: Client, tmp_path: Path) -> None:
    (tmp_path / "pacts").mkdir()
    (tmp_path / "pacts" / "loop").symlink_to("loop")
    await client.register(document())
    await client.call("GET", "/x")
    answer = await client.drive("POST", "/pact", {"pact_dir": str(tmp_path / "pacts" / "loop")})
    # Python 3.13 follows such links to none of their ends, so that only the writing finds out.
    said = "could not be written to" if sys.version_info >= (3, 13) else "is outside the pact directory"
    assert said in answer.json["message"]


async def test_a_conflict_with_the_file_is_told_as_json(client: Client) -> None:
    for status in (200, 201):
        await client.drive("DELETE", "/session")
        await client.register(document({}, {"status": status}))
        await client.call("GET", "/x")
        answer = await client.drive("POST", "/pact", {"pactfile_write_mode": "merge"})
    assert answer.status == 500
    assert answer.json["message"].startswith('An interaction with same description ("a request") and provider state')


async def test_at_the_end_a_pact_is_written_that_nobody_asked_for(client: Client, tmp_path: Path) -> None:
    assert await client.server.finish() is None
    await client.register(document(), document({"path": "/y"}, description="another"))
    await client.call("GET", "/x")
    assert await client.server.finish() is not None
    assert (tmp_path / "pacts" / "shop-users_api.json").is_file()
    await client.drive("POST", "/pact")
    await client.call("GET", "/y")
    assert await client.server.finish() is None


# Pages.


async def test_a_pre_flight_of_a_call_is_answered(client: Client) -> None:
    asked = {"Origin": "http://localhost:3000", "Access-Control-Request-Headers": "content-type,x-pact-mock-service"}
    answer = await client.call("OPTIONS", "/interactions", None, asked)
    assert answer[:2] == (200, "")
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type,x-pact-mock-service"
    assert answer.headers["Access-Control-Allow-Methods"] == "DELETE, POST, GET, HEAD, PUT, TRACE, CONNECT, PATCH"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert (await client.verify()).status == 200


async def test_other_options_are_mocked_without_cors(client: Client) -> None:
    assert (await client.call("OPTIONS", "/x", None, {"Origin": "http://localhost"})).status == 500
    assert "\tOPTIONS /x\n" in (await client.verify()).text


async def test_with_cors_any_page_may_call_what_is_mocked(tmp_path: Path) -> None:
    page = {"Origin": "http://shop.example"}
    async with started(RubyOptions("C", "P", tmp_path, cors=True)) as client:
        await client.register(document({}, {"headers": {"Access-Control-Allow-Origin": "none"}}))
        for answer in (await client.call("GET", "/x", None, page), await client.call("GET", "/u", None, page)):
            assert answer.headers.getall("Access-Control-Allow-Origin") == ["http://shop.example"]  # type: ignore[attr-defined]
            assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        pre_flight = await client.call("OPTIONS", "/x", None, page)
        assert pre_flight[:2] == (200, "")
        assert pre_flight.headers["Access-Control-Allow-Headers"] == "*"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Origin": "null"}, 200),
        ({"Origin": "http://localhost:8080"}, 200),
        ({"Origin": "http://[::1]:8080"}, 200),
        ({"Origin": "https://ours.example"}, 200),
    ],
)
async def test_a_page_of_somebody_else_cannot_drive_it(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    settings = RubyOptions("C", "P", tmp_path, allowed_origins=frozenset({"https://ours.example"}))
    async with started(settings) as client:
        assert (await client.drive("POST", "/interactions", document(), headers)).status == status
        assert len(client.server.play.session.expected) == (1 if status == 200 else 0)


def count_files(directory: Path) -> int:
    return len(list(directory.iterdir()))


# As a mock server.


async def test_it_is_a_mock_server_as_any_other(client: Client) -> None:
    server = client.server
    await client.register(document({"path": "/a"}, description="first"), document({"path": "/b"}, description="second"))
    await client.call("GET", "/a")
    await client.call("GET", "/u")
    assert server.title == "Shop - Users API"
    assert not server.matched
    assert [(item.name.description, item.received) for item in server.play.listed()] == [
        ("first", True),
        ("second", False),
    ]
    assert [item.type for item in server.play.explanations()] == ["request-not-found", "missing-request"]
    assert [entry.decision.answer.status for entry in server.journal.entries] == [200, 500]  # type: ignore[union-attr]
    assert [item.description for item in server.pact.interactions] == ["first"]
    assert "GET /u" in "\n".join(server.log_lines())
    assert (server.play.failed, server.play.missing) == (1, 1)
    assert server.play.named("second").path == "/b"
    assert not server.report().matched
    assert len(server.mismatches()) == 2


async def test_a_request_in_a_late_thread_is_decided_on_what_is_expected_then(client: Client) -> None:
    big = "x" * 400_000
    await client.register(document({"method": "post", "body": big}))
    assert (await client.call("POST", "/x", big)).status == 200
    assert (await client.verify()).status == 200


async def test_a_pattern_that_never_ends_ends(settings: RubyOptions) -> None:
    impatient = MockServerOptions(decisions=DecisionLimits(seconds=0.2))
    async with started(settings, impatient) as client:
        await client.register(document({"method": "post", "body": term("a", "^(a|aa)+$")}))
        answer = await client.call("POST", "/x", "a" * 200 + "b")
        assert answer.status == 500
        assert "given up" in answer.json["message"]
        assert (await client.drive("GET", "/interactions/missing")).json == {"size": 1}


async def test_what_no_other_tool_reads_is_warned_of_and_left_out_of_the_pact_in_other_versions(client: Client) -> None:
    odd = document({}, {"body": {"with space": like(1)}}, description="odd")
    await client.register(document({"path": "/a"}), odd)
    for target in ("/a", "/x"):
        await client.call("GET", target)
    assert [item.description for item in client.server.pact.interactions] == ["a request"]
    assert "'odd' is in the pact file, and other tools will refuse it" in str(client.server.warnings[0])
    assert len((await client.drive("POST", "/pact")).json["interactions"]) == 2


async def test_its_pact_can_be_written_as_that_of_any_mock_server(client: Client, tmp_path: Path) -> None:
    await client.register(document({"path": term("/x/1", "^/x")}))
    await client.call("GET", "/x/2")
    written = await client.server.write_pact(tmp_path)
    assert (written.path, written.interactions) == (tmp_path / "shop-users_api.json", 1)
    assert (
        "^\\/x"
        in json.loads(written.path.read_text())["interactions"][0]["request"]["matchingRules"]["$.path"]["regex"]
    )


async def test_brackets_in_brackets_without_end_are_an_error_or_no_match(client: Client) -> None:
    deep = f"a{'[b]' * 5000}=1"
    assert "RangeError" in (await client.drive("POST", "/interactions", document({"query": deep}))).text
    await client.register(document({"query": {"a": "1"}}))
    assert (await client.call("GET", f"/x?{deep}")).json["message"].startswith("No interaction found for GET /x?a")
    assert "(request query did not match)" in (await client.verify()).text


async def test_what_differs_in_megabytes_is_answered_in_a_few_sentences(client: Client) -> None:
    await client.register(document({"method": "post", "body": {"a": "x" * 500_000}}))
    answer = await client.call("POST", "/x", {"a": "y" * 1_000_000, "b": 1}, JSON)
    assert answer.status == 500
    assert len(answer.text) < 20_000
    said = answer.json["interaction_diffs"][0]["body"]
    assert said[0].startswith('Expected "xxx')
    assert said[1] == 'Did not expect key "b", which is 1 at $.body.b'


async def test_services_with_many_clients_mix_no_verdicts_and_lose_none(tmp_path: Path) -> None:
    """Each service has a client that drives it through good and bad tests, while eight call what it mocks."""
    shared = Shared()

    async def drive(number: int) -> None:
        settings = RubyOptions(f"Consumer {number}", "Users API", tmp_path)
        async with started(settings, shared=shared) as client:
            for test in range(6):
                path = f"/{number}/{test}"
                await client.drive("DELETE", "/interactions")
                await client.register(document({"path": path}, {"body": path}, description=path))
                target = path if test % 2 else f"{path}/other"
                answers = await asyncio.gather(*(client.call("GET", target) for _ in range(8)))
                assert {answer.text for answer in answers} == (
                    {path}
                    if test % 2
                    else {f'{{"message":"No interaction found for GET {target}","interaction_diffs":[]}}\n'}
                )
                verdict = await client.verify()
                assert (verdict.status == 200) is bool(test % 2)
                assert verdict.text.count("\tGET ") == (0 if test % 2 else 9)
            written = (await client.drive("POST", "/pact")).json
            assert [item["description"] for item in written["interactions"]] == [
                f"/{number}/{test}" for test in (1, 3, 5)
            ]

    try:
        await asyncio.gather(*map(drive, range(20)))
    finally:
        shared.close()
    assert count_files(tmp_path) == 20


async def test_what_is_secret_is_readable_nowhere(settings: RubyOptions) -> None:
    async with started(settings, MockServerOptions(secrets=Secrets(active=True))) as client:
        await client.register(document({"headers": {"Authorization": "Bearer expected"}}))
        answer = await client.call("GET", "/x", None, {"Authorization": "Bearer quite-secret"})
        said = [answer.text, (await client.verify()).text, str(client.server.mismatches())]
        said.append(str(client.server.journal.entries))
    assert not any("quite-secret" in text for text in said)
    assert "Bearer [12 characters]" in said[1]


async def test_a_request_that_is_refused_fails_the_test_and_a_call_does_not(settings: RubyOptions) -> None:
    async with started(settings, MockServerOptions(wire=WireLimits(body=1000))) as client:
        await client.register(document({"method": "POST"}))
        assert (await client.call("POST", "/x", "a"))[0] == 200
        assert (await client.drive("POST", "/interactions", "x" * 1001))[0] == 413
        assert (await client.verify()).status == 200
        assert (await client.call("POST", "/x", "x" * 1001))[0] == 413
        said = await client.verify()
        await client.drive("DELETE", "/interactions")
        assert (await client.verify()).status == 200
    assert said.status == 500
    assert "Unexpected requests:\n\tPOST /x (refused: POST /x: the body is larger than the 1000 bytes" in said.text


async def test_what_is_refused_is_told_apart_from_what_nobody_expects(client: Client) -> None:
    await client.register(document(description="one"), document(description="two"))
    await client.call("GET", "/x")
    await client.call("GET", "/x", "{", JSON)
    log = "\n".join(client.server.log_lines())
    assert 'GET /x was refused: 2 interactions match ("one", "two")' in log
