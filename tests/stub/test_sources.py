"""Where a stub has its pacts from, and what is said of sources that have none."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme

from pactmock.sources.fetching import Access, Fetcher
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import COMMAND
from tests.stub.elsewhere import elsewhere
from tests.stub.pacts import write
from tests.stub.stubs import run, stub


def _pact(path: str, **names: str) -> dict[str, Any]:
    return pact(interaction(path, {"path": path}, body=path), **names)


def _answered(port_of: Any, *paths: str) -> list[int]:
    return [port_of.ask("GET", path).status for path in paths]


def test_files_directories_and_urls_are_told_apart_where_they_stand_alone(tmp_path: Path) -> None:
    write(tmp_path / "pacts" / "below", a=_pact("/a"))
    write(tmp_path, b=_pact("/b"))
    with elsewhere() as other:
        url = other.put("/c.json", _pact("/c"))
        with stub(str(tmp_path / "pacts"), str(tmp_path / "b.json"), url) as server:
            assert _answered(server, "/a", "/b", "/c", "/d") == [200, 200, 200, 404]
            assert "Loaded 3 pacts (3 total interactions)" in server.output.lines


def test_a_file_is_loaded_once_and_a_link_that_leads_back_is_not_followed_for_ever(tmp_path: Path) -> None:
    write(tmp_path, a=_pact("/a"))
    (tmp_path / "again").symlink_to(tmp_path)
    with stub("-d", str(tmp_path), "-f", str(tmp_path / "a.json")) as server:
        assert "Loaded 1 pacts (1 total interactions)" in server.output.lines


@pytest.mark.parametrize("extension", ["pact", ".pact"])
def test_an_extension_chooses_the_files_of_a_directory(extension: str, tmp_path: Path) -> None:
    write(tmp_path, a=_pact("/a"))
    (tmp_path / "b.pact").write_text(json.dumps(_pact("/b")))
    with stub("-d", str(tmp_path), "-e", extension) as server:
        assert _answered(server, "/a", "/b") == [404, 200]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_a_file_whose_name_is_no_text_is_named_all_the_same(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.json")).write_text(json.dumps(_pact("/a")))
    with stub(str(tmp_path)) as server:
        reply = server.ask("GET", "/b")
    assert reply.status == 404
    assert reply.json["nearMisses"][0]["interaction"]["source"] == f"{tmp_path}/caf\\xe9.json"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the system lets this user list all")
def test_a_directory_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    write(tmp_path, a=_pact("/a"))
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    ended = run("-d", str(tmp_path))
    assert ended.returncode == 3
    assert f"This directory cannot be listed: Permission denied - {closed}" in ended.stderr


def test_all_files_that_cannot_be_played_are_named_with_their_reason(tmp_path: Path) -> None:
    write(tmp_path, fine=_pact("/a"), status=pact(interaction("x", {"path": "/"}, status=50)))
    (tmp_path / "broken.json").write_text("{")
    ended = run("-d", str(tmp_path), "-f", str(tmp_path / "missing.json"))
    assert ended.returncode == 3
    assert "There were errors loading the pact files." in ended.stderr
    assert (
        f"This is not JSON: EOF while parsing an object at line 1 column 1 - {tmp_path / 'broken.json'}" in ended.stderr
    )
    assert f"It cannot be read: No such file or directory - {tmp_path / 'missing.json'}" in ended.stderr
    (tmp_path / "broken.json").unlink()
    ended = run("-d", str(tmp_path))
    assert ended.returncode == 3
    assert f"(at /interactions/0/response/status) - {tmp_path / 'status.json'}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    ended = run("-d", str(tmp_path / "pacts"))
    assert ended.returncode == 3
    assert f"There is no such directory - {tmp_path / 'pacts'}" in ended.stderr


def test_the_latest_pacts_of_a_broker_are_played() -> None:
    with elsewhere() as other:
        with stub("--broker-url", other.broker(a=_pact("/a"), b=_pact("/b"))) as server:
            assert _answered(server, "/a", "/b") == [200, 200]
        assert [path for path, _, _ in other.asked] == ["/", "/pacts/latest", "/pacts/a", "/pacts/b"]
        assert {accept for _, _, accept in other.asked} == {"application/hal+json, application/json"}


def test_names_choose_pacts_of_a_broker_and_what_is_left_out_may_be_broken() -> None:
    with elsewhere() as other:
        url = other.broker(
            a=_pact("/a", consumer="web", provider="users"),
            b=_pact("/b", consumer="app", provider="users"),
            c={**_pact("/c", consumer="web", provider="orders"), "interactions": "none"},
        )
        names = ("--consumer-name", "^web$", "--consumer-name", "^ap", "--provider-names", "user")
        with stub("-b", url, *names) as server:
            assert _answered(server, "/a", "/b", "/c") == [200, 200, 404]
            server.log.wait_for("the pact of web and orders is left out")
        ended = run("-b", url)
        assert ended.returncode == 3
        assert f"'interactions' is not a list (at /interactions) - {other.url}/pacts/c" in ended.stderr


@pytest.mark.parametrize(
    ("options", "environment", "authorization"),
    [
        (("--user", "ada:pass:word"), {}, "Basic YWRhOnBhc3M6d29yZA=="),
        (("--user", "ada:\udce4"), {}, "Basic YWRhOuQ="),
        (("--token", "secret"), {}, "Bearer secret"),
        (("-t", "secret"), {"PACT_BROKER_USERNAME": "ada"}, "Bearer secret"),
        ((), {"PACT_BROKER_USERNAME": "ada", "PACT_BROKER_PASSWORD": "pass:word"}, "Basic YWRhOnBhc3M6d29yZA=="),
        ((), {"PACT_BROKER_TOKEN": "secret"}, "Bearer secret"),
        ((), {"PACTMOCK_TOKEN": "ours", "PACTMOCK_STUB_TOKEN": "ours", "PACTMOCK_USER": "ours"}, None),
    ],
)
def test_who_asks_is_said_by_the_options_or_the_variables_of_the_broker_and_never_by_ours(
    options: tuple[str, ...], environment: dict[str, str], authorization: str | None
) -> None:
    with elsewhere() as other:
        url = other.put("/a.json", _pact("/a"))
        with stub("-u", url, "-b", other.broker(b=_pact("/b")), *options, **environment) as server:
            assert _answered(server, "/a", "/b") == [200, 200]
        assert {said for _, said, _ in other.asked} == {authorization}


async def test_a_user_is_shown_without_a_warning() -> None:
    """In this process warnings are errors, as of a function that aiohttp will have no longer."""
    with elsewhere() as other:
        async with Fetcher(Access(user="ada")) as fetcher:
            await fetcher.get(other.put("/a.json", {}))
        assert other.authorizations("/a.json") == ["Basic YWRhOg=="]


def test_what_lets_us_in_goes_to_the_host_that_it_was_given_for_alone() -> None:
    with elsewhere() as broker, elsewhere() as other:
        other.put("/a", _pact("/a"))
        target = f"http://localhost:{other.port}/a"
        broker.put("/moved.json", {}, status=302, headers=(("Location", target),))
        with stub("-u", f"{broker.url}/moved.json", "--token", "secret") as server:
            assert _answered(server, "/a") == [200]
        broker.put("/pacts/latest", {"_links": {"pb:pacts": [{"href": target}]}})
        broker.put("/", {"_links": {"pb:latest-pact-versions": {"href": "/pacts/latest"}}})
        with stub("-b", broker.url, "--token", "secret") as server:
            assert _answered(server, "/a") == [200]
        assert {said for _, said, _ in broker.asked} == {"Bearer secret"}
        assert {said for _, said, _ in other.asked} == {None}


def test_another_port_of_the_brokers_host_is_another_server_that_is_shown_nothing() -> None:
    with elsewhere() as broker, elsewhere() as other:
        target = other.put("/a", _pact("/a"))
        broker.put("/pacts/latest", {"_links": {"pb:pacts": [{"href": target}]}})
        broker.put("/", {"_links": {"pb:latest-pact-versions": {"href": "/pacts/latest"}}})
        with stub("-b", broker.url, "--token", "secret") as server:
            assert _answered(server, "/a") == [200]
        assert {said for _, said, _ in broker.asked} == {"Bearer secret"}
        assert {said for _, said, _ in other.asked} == {None}


@pytest.mark.parametrize("has_broker", [True, False])
def test_the_brokers_variables_are_for_the_broker_and_not_for_a_url_of_somebody_else(has_broker: bool) -> None:
    with elsewhere() as broker, elsewhere() as other:
        url = other.put("/a.json", _pact("/a"))
        named = {
            "PACT_BROKER_TOKEN": "secret",
            **({"PACT_BROKER_BASE_URL": broker.broker(b=_pact("/b"))} if has_broker else {}),
        }
        with stub(url, **named) as server:
            assert _answered(server, "/a") == [200]
        assert {said for _, said, _ in broker.asked} == ({"Bearer secret"} if has_broker else set())
        assert {said for _, said, _ in other.asked} == {None}


def test_a_user_in_a_url_goes_before_a_token() -> None:
    with elsewhere() as other:
        url = other.put("/a.json", _pact("/a")).replace("//", "//ada:pass@")
        with stub("-u", url, "--token", "secret") as server:
            assert _answered(server, "/a") == [200]
        assert other.authorizations("/a.json") == ["Basic YWRhOnBhc3M="]


def test_a_token_that_no_header_can_have_is_one_sentence_that_does_not_show_it() -> None:
    with elsewhere() as other:
        ended = run("-u", other.put("/a.json", _pact("/a")), "--token", "secret\n")
        assert ended.returncode == 3
        assert "The token has a line break" in ended.stderr
        assert "secret" not in ended.stderr
        assert not other.asked


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("file:///etc/passwd", "It redirects to what is not fetched by HTTP"),
        ("http://ada:pass@[::bad/", "It redirects to '[::bad/', which is no URL"),
        ("{user}/a.json", "It cannot be asked: it redirects to a URL that has a user"),
    ],
)
def test_a_redirect_that_cannot_be_followed_is_one_sentence_and_not_tried_again(target: str, sentence: str) -> None:
    with elsewhere() as other:
        there = target.format(user=other.url.replace("//", "//ada:pass@"))
        url = other.put("/moved.json", {}, status=302, headers=(("Location", there),))
        ended = run("-u", url, "--token", "secret")
        assert ended.returncode == 3
        assert f"  - {sentence}" in ended.stderr
        assert "pass@" not in ended.stderr
        assert len(other.asked) == 1


def test_parameters_of_a_url_that_let_somebody_in_are_not_shown() -> None:
    with elsewhere() as other:
        url = other.put("/a.json?private_token=t0p&v=2&X-Amz-Signature=f00", _pact("/a"))
        with stub(url) as server:
            reply = server.ask("GET", "/b")
        assert reply.json["nearMisses"][0]["interaction"]["source"] == (
            f"{other.url}/a.json?private_token=***&v=2&X-Amz-Signature=***"
        )
        assert not any(secret in server.log.text for secret in ("t0p", "f00"))


def test_the_environment_can_add_a_broker(tmp_path: Path) -> None:
    with (
        elsewhere() as other,
        stub("-d", str(write(tmp_path, a=_pact("/a"))), PACT_BROKER_BASE_URL=other.broker(b=_pact("/b"))) as server,
    ):
        assert _answered(server, "/a", "/b") == [200, 200]


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ({"document": {}, "status": 401}, "It answers 401 Unauthorized: say who asks with --user or --token"),
        ({"document": {}, "status": 404}, "It answers 404 Not Found, and no pact"),
        ({"document": b"<html>", "kind": "text/html"}, "It is an HTML page, and no pact"),
        ({"document": b"[1", "kind": "application/json"}, "This is not JSON: "),
        ({"document": [1]}, "A pact is a JSON object, this is a list"),
        ({"document": {}, "failures": 99}, "It answers 503 Service Unavailable"),
    ],
)
def test_what_is_no_pact_elsewhere_is_one_sentence(page: dict[str, Any], sentence: str) -> None:
    with elsewhere() as other:
        url = other.put("/a.json", **page)
        ended = run("-u", url, "--retries", "2")
        assert ended.returncode == 3
        last = ended.stderr.splitlines()[-1]
        assert last.startswith(f"  - {sentence}")
        assert last.endswith(f" - {url}")


def test_a_service_that_is_not_let_in_is_not_told_to_use_its_own_token_elsewhere() -> None:
    with elsewhere() as other:
        url = other.put("/a.json", {}, status=401)
        ended = subprocess.run(
            [*COMMAND, "start", "--pact", url, "--port", "0"], capture_output=True, text=True, timeout=HANG, check=False
        )
        assert ended.returncode != 0
        assert "It answers 401 Unauthorized: say who asks in the URL, as in https://USER:PASSWORD@host" in ended.stderr
        assert "--token" not in ended.stderr


@pytest.mark.parametrize("link", ["http://[bad/a", "file:///etc/passwd", "http://a..b/a"])
def test_a_link_of_a_broker_that_cannot_be_followed_is_one_sentence(link: str) -> None:
    with elsewhere() as other:
        url = other.broker(a=_pact("/a"))
        other.put("/pacts/latest", {"_links": {"pb:pacts": [{"href": link}]}})
        ended = run("-b", url, "--token", "secret")
        assert ended.returncode == 3
        assert "which is no URL" in ended.stderr or "This is no URL" in ended.stderr
        assert ended.stderr.endswith(f" - {link}\n")
        other.put("/", {"_links": {"pb:latest-pact-versions": {"href": link}}})
        ended = run("-b", url, "--token", "secret")
        assert ended.returncode == 3
        assert "Traceback" not in ended.stderr


def test_a_page_that_is_no_broker_is_one_sentence() -> None:
    with elsewhere() as other:
        url = other.put("/", {"_links": {}})
        ended = run("-b", url)
        assert ended.returncode == 3
        assert (
            f"  - It has no link 'pb:latest-pact-versions', as a Pact Broker has: give the URL of one - {url}"
            in ended.stderr
        )


def test_what_is_no_url_and_who_is_not_there_is_one_sentence_without_the_password() -> None:
    ended = run("-u", "ftp://host/a", "-u", "http://ada:secret@127.0.0.1:9/a", "--retries", "1")
    assert ended.returncode == 3
    assert "This is no URL: give one that begins with http:// or https:// and a host - ftp://host/a" in ended.stderr
    assert "It cannot be reached: " in ended.stderr
    assert " - http://127.0.0.1:9/a" in ended.stderr
    assert "secret" not in ended.stderr


def test_a_server_that_fails_for_a_while_is_asked_again() -> None:
    with elsewhere() as other:
        url = other.put("/a.json", _pact("/a"), failures=1)
        with stub("-u", url) as server:
            assert _answered(server, "/a") == [200]
            server.log.wait_for("It answers 503 Service Unavailable - .*; attempt 2 of 8 in 0.5 s")
        assert len(other.asked) == 2


def test_a_certificate_is_checked_unless_it_is_not_to_be() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with elsewhere(context) as other:
        url = other.put("/a.json", _pact("/a"))
        ended = run("-u", url, "--retries", "3")
        assert ended.returncode == 3
        assert "  - Its certificate is not trusted (" in ended.stderr
        with stub("-u", url, "--insecure-tls") as server:
            assert _answered(server, "/a") == [200]
