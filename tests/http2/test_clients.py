"""The clients that people have speak HTTP/2 with a mock server: right answers, and a journal that says so."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest

from pactmock import Client, SyncMockServer
from tests.http2.client import Client as Http2Client
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import Running, service

HERE = Path(__file__).parent
GRPC = {"Content-Type": "application/grpc", "grpc-status": "5", "grpc-message": "no such user"}
PACT = pact(
    interaction("hello", {"path": "/hello"}, body="hello", headers={"Content-Type": "text/plain"}),
    interaction("large", {"path": "/large"}, body="<" + "x" * 2_000_000, headers={"Content-Type": "text/plain"}),
    interaction(
        "posted",
        {"method": "POST", "path": "/users", "headers": {"Content-Type": "application/json"}, "body": {"name": "Ada"}},
        status=201,
        body={"id": 1},
    ),
    interaction("headed", {"method": "HEAD", "path": "/hello"}, headers={"X-A": "b"}),
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with service(tmp_path_factory.mktemp("pacts")) as started:
        yield started


@pytest.fixture
def server(running: Running) -> Iterator[Any]:
    made = Client(running.url).create(PACT)
    yield made
    made.end()


@pytest.fixture
def with_tls(running: Running) -> Iterator[Any]:
    made = Client(running.url).create(PACT, tls=True)
    yield made
    made.end()


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"there is no {name} on this machine")


def run(*arguments: str) -> str:
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=HANG, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _protocols(server: Any) -> list[tuple[bool, str | None]]:
    return [(each["matched"], each.get("protocol")) for each in server.requests()]


BY_HTTP_2 = (True, "HTTP/2")


def _trust(server: Any, running: Running, directory: Path) -> Path:
    path = directory / "ca.pem"
    path.write_bytes(httpx.get(f"{running.url}/ca.pem").content)
    return path


@needs("curl")
def test_curl_that_knows_it_beforehand(server: Any) -> None:
    said = ("curl", "-s", "--http2-prior-knowledge", "-w", " %{http_code} %{http_version}")
    assert run(*said, f"{server.url}/hello") == "hello 200 2"
    posted = ("-d", '{"name": "Ada"}', "-H", "Content-Type: application/json")
    assert run(*said, *posted, f"{server.url}/users") == '{"id":1} 201 2'
    assert run(*said, "-I", f"{server.url}/hello").split()[-2:] == ["200", "2"]
    assert len(run(*said, f"{server.url}/large")) == 2_000_001 + len(" 200 2")
    assert _protocols(server) == [BY_HTTP_2] * 4
    server.verify()


@needs("curl")
def test_curl_that_asks_for_an_upgrade_is_answered_over_http_1(server: Any) -> None:
    asked = ("curl", "-s", "--http2", "-w", " %{http_code} %{http_version}", f"{server.url}/hello")
    assert run(*asked) == "hello 200 1.1"
    assert _protocols(server) == [(True, None)]


@needs("curl")
@pytest.mark.parametrize(("option", "version"), [("--http2", "2"), ("--http1.1", "1.1")])
def test_curl_over_tls_gets_what_it_offers(
    running: Running, with_tls: Any, tmp_path: Path, option: str, version: str
) -> None:
    trusted = ("--cacert", str(_trust(with_tls, running, tmp_path)))
    said = ("curl", "-s", *trusted, option, "-w", " %{http_version}", f"https://localhost:{with_tls.port}/hello")
    assert run(*said) == f"hello {version}"
    assert _protocols(with_tls) == [(True, "HTTP/2" if version == "2" else None)]


@needs("nghttp")
def test_nghttp_that_sends_trailers(server: Any, tmp_path: Path) -> None:
    content = tmp_path / "ada.json"
    content.write_text('{"name": "Ada"}')
    sent = ("-H", "content-type: application/json", "--trailer", "x-sum: 1", "-d", str(content))
    assert ":status: 201" in run("nghttp", "-v", *sent, f"{server.url}/users")
    assert _protocols(server) == [BY_HTTP_2]
    assert "x-sum" not in server.requests()[0]["request"]["headers"]


@needs("nghttp")
def test_nghttp(server: Any) -> None:
    assert run("nghttp", "-v", f"{server.url}/hello", f"{server.url}/large").count(":status: 200") == 2
    assert _protocols(server) == [BY_HTTP_2] * 2


@needs("h2load")
def test_h2load_with_many_streams_at_once(server: Any) -> None:
    said = run("h2load", "-n", "2000", "-c", "4", "-m", "100", f"{server.url}/hello")
    assert "2000 succeeded, 0 failed, 0 errored, 0 timeout" in said
    assert server.show()["metrics"]["requests"] == 2000


def test_httpx(server: Any) -> None:
    with httpx.Client(http1=False, http2=True, base_url=server.url) as client:
        answer = client.get("/hello")
        assert (answer.text, answer.http_version) == ("hello", "HTTP/2")
        assert client.post("/users", json={"name": "Ada"}).json() == {"id": 1}
        assert client.get("/none").status_code == 500
    assert _protocols(server) == [BY_HTTP_2, BY_HTTP_2, (False, "HTTP/2")]


def test_httpx_over_tls(running: Running, with_tls: Any, tmp_path: Path) -> None:
    context = ssl.create_default_context(cafile=str(_trust(with_tls, running, tmp_path)))
    with httpx.Client(http2=True, verify=context) as client:
        assert client.get(f"https://localhost:{with_tls.port}/hello").http_version == "HTTP/2"
    assert _protocols(with_tls) == [BY_HTTP_2]


@needs("node")
def test_node(server: Any) -> None:
    answers = json.loads(run("node", str(HERE / "client.mjs"), server.url))
    assert answers == [[200, "hello"], [200, 2_000_001], [201, '{"id":1}'], [500, "Unexpected-Request"]]
    assert sorted(_protocols(server)) == [(False, "HTTP/2"), BY_HTTP_2, BY_HTTP_2, BY_HTTP_2]


@needs("java")
def test_java_asks_for_an_upgrade_and_is_answered_over_http_1(server: Any) -> None:
    assert run("java", str(HERE / "Ask.java"), f"{server.url}/hello").split() == ["HTTP_1_1", "200", "hello"]
    assert _protocols(server) == [(True, None)]


@needs("java")
@needs("keytool")
def test_java_over_tls(running: Running, with_tls: Any, tmp_path: Path) -> None:
    store = tmp_path / "trusted.p12"
    imported = ("keytool", "-importcert", "-noprompt", "-storetype", "PKCS12", "-storepass", "changeit")
    run(*imported, "-keystore", str(store), "-file", str(_trust(with_tls, running, tmp_path)))
    options = (f"-Djavax.net.ssl.trustStore={store}", "-Djavax.net.ssl.trustStorePassword=changeit")
    asked = run("java", *options, str(HERE / "Ask.java"), f"https://localhost:{with_tls.port}/hello")
    assert asked.split() == ["HTTP_2", "200", "hello"]
    assert _protocols(with_tls) == [BY_HTTP_2]


def test_grpc_gets_the_status_that_a_pact_says_for_the_bytes_of_a_message() -> None:
    expected = {
        "method": "POST",
        "path": "/users.Users/Get",
        "headers": {"Content-Type": "application/grpc"},
        "body": "\0\0\0\0\x03Ada",
    }
    with SyncMockServer(pact(interaction("call", expected, headers=GRPC))) as server:
        with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            call = channel.unary_unary("/users.Users/Get", request_serializer=bytes, response_deserializer=bytes)
            with pytest.raises(grpc.RpcError) as refused:
                call(b"Ada", timeout=20)
        assert refused.value.code() is grpc.StatusCode.NOT_FOUND
        assert refused.value.details() == "no such user"
        assert server.matched


async def test_alpn_chooses_what_the_client_likes_best(running: Running, with_tls: Any) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for offered, chosen in ((["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1"), (["spdy/3"], None)):
        context.set_alpn_protocols(offered)
        _, writer = await asyncio.open_connection("127.0.0.1", with_tls.port, ssl=context)
        assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == chosen
        writer.close()
        await writer.wait_closed()
    context.set_alpn_protocols(["h2"])
    async with await Http2Client.connect(with_tls.port, ssl=context) as client:
        assert (await client.fetch("GET", "/hello")).body == b"hello"


# The specification, as others test it.

EXCEPTIONS = {"Sends invalid connection preface"}
"""What is not the preface is answered over HTTP/1.1, which the same port speaks, and the connection ends."""


@needs("h2spec")
def test_h2spec_finds_nothing_but_what_is_named() -> None:
    content = interaction(body="root " * 10, headers={"Content-Type": "text/plain"})
    with SyncMockServer(pact(content, interaction("posted", {"method": "POST"}, body="root"))) as server:
        asked = ("h2spec", "-h", "127.0.0.1", "-p", str(server.port), "-o", "10")
        said = subprocess.run(asked, capture_output=True, text=True, timeout=HANG, check=False).stdout
    assert int(re.findall(r"(\d+) tests", said)[0]) > 100
    assert {found.strip() for found in re.findall(r"\N{MULTIPLICATION SIGN} \d+: (.*)", said)} <= EXCEPTIONS
