"""TLS of one's own over the control API: a certificate of the service, names, and what clients show."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme

from pactmock.control.running import Service
from pactmock.errors import InvalidParameter
from pactmock.service.certificates import TlsSettings
from pactmock.service.settings import ServiceSettings
from tests.certificates import authority_file, client_of, expired, trusting, written
from tests.pacts import interaction, pact
from tests.patience import HANG

OURS = pact(interaction(request={"path": "/t"}))


@asynccontextmanager
async def _service(tmp_path: Path, **files: Path) -> AsyncIterator[aiohttp.ClientSession]:
    settings = ServiceSettings(port=0, output=tmp_path / "pacts", tls=TlsSettings(**files))
    async with Service(settings) as service, aiohttp.ClientSession(service.url) as control:
        yield control


async def _create(control: aiohttp.ClientSession, query: str) -> tuple[int, dict[str, Any]]:
    async with control.post(f"/?{query}", json=OURS) as response:
        document = await response.json()
        return response.status, document.get("mockServer", document)


async def _requests(control: aiohttp.ClientSession, server: dict[str, Any]) -> list[dict[str, Any]]:
    async with control.get(f"/mockserver/{server['id']}/requests") as response:
        found: list[dict[str, Any]] = (await response.json())["requests"]
        return found


async def _get(server: dict[str, Any], path: str, tls: ssl.SSLContext, name: str | None = None) -> int:
    url = f"https://localhost:{server['port']}{path}"
    async with aiohttp.ClientSession() as session, session.get(url, ssl=tls, server_hostname=name) as response:
        await response.read()
        return response.status


def _names_in(port: int, tls: ssl.SSLContext, asked: str) -> list[str]:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=HANG) as plain,
        tls.wrap_socket(plain, server_hostname=asked) as side,
    ):
        found: Any = side.getpeercert()
        return [name for _, name in found["subjectAltName"]]


async def test_a_mock_server_shows_the_certificate_of_the_service_where_it_is_asked_to(tmp_path: Path) -> None:
    theirs = trustme.CA()
    certificate, key = written(tmp_path, theirs.issue_cert("localhost", "api.team.test"))
    async with _service(tmp_path, certificate=certificate, key=key) as control:
        _, own = await _create(control, "tls=own")
        _, minted = await _create(control, "tls=true")
        async with control.get("/ca.pem") as response:
            ours = await response.read()
        assert (own["scheme"], await _get(own, "/t", trusting(theirs.cert_pem.bytes()))) == ("https", 200)
        assert await _get(own, "/t", trusting(theirs.cert_pem.bytes()), "api.team.test") == 200
        assert await _get(minted, "/t", trusting(ours)) == 200
        for server, wrong in ((own, ours), (minted, theirs.cert_pem.bytes())):
            with pytest.raises(aiohttp.ClientConnectorCertificateError):
                await _get(server, "/t", trusting(wrong))
        for server, said in (
            (own, "trust who has signed its certificate"),
            (minted, "trust the certificate of GET /ca.pem"),
        ):
            async with control.get(f"http://127.0.0.1:{server['port']}/t") as response:
                assert (response.status, said in await response.text()) == (400, True)


async def test_a_minted_certificate_has_the_names_that_are_asked_for(control: aiohttp.ClientSession) -> None:
    _, server = await _create(control, "tls=true&tls_names=Api.test,*.team.test,10.1.2.3")
    _, other = await _create(control, "tls=true&tls_names=other.test")
    async with control.get("/ca.pem") as response:
        tls = trusting(await response.read())
    for name in ("localhost", "api.test", "a.team.test", "10.1.2.3", "127.0.0.1"):
        found = await asyncio.to_thread(_names_in, server["port"], tls, name)
        assert {"api.test", "*.team.test", "10.1.2.3", "localhost"} <= set(found)
    assert await _get(other, "/t", tls, "other.test") == 200
    for name in ("other.test", "a.b.team.test", "team.test"):
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.to_thread(_names_in, server["port"], tls, name)


async def test_who_shows_a_certificate_stands_in_the_journal(tmp_path: Path) -> None:
    signer = trustme.CA()
    async with _service(tmp_path, client_authorities=authority_file(tmp_path, signer)) as control:
        _, server = await _create(control, "tls=true&tls_client_ca=optional")
        async with control.get("/ca.pem") as response:
            ours = await response.read()
        shop, other = client_of(signer), client_of(signer, "other")
        for client in (shop, other, None, shop):  # the very same request, which is decided on once
            assert await _get(server, "/wrong", trusting(ours, client=client)) == 500
        assert await _get(server, "/t", trusting(ours, client=other)) == 200
        entries = await _requests(control, server)
        shown = [entry.get("clientCertificate") for entry in entries]
        assert [item and item["subject"] for item in shown] == [
            "CN=shop\\, client,OU=Tests,O=Example & Sons",
            "CN=other,OU=Tests,O=Example & Sons",
            None,
            "CN=shop\\, client,OU=Tests,O=Example & Sons",
            "CN=other,OU=Tests,O=Example & Sons",
        ]
        assert "clientCertificate" not in entries[2]
        first = shown[0]
        assert first is not None
        assert first["names"] == ["shop@client.test", "shop.test"]
        assert first["issuer"].startswith("OU=Testing CA")
        assert len(first["fingerprint"]) == 64
        assert int(first["serialNumber"], 16) > 0
        for place in ("logs", "mismatches"):
            async with control.get(f"/mockserver/{server['id']}/{place}") as response:
                assert "Example & Sons" not in await response.text()


async def test_a_client_without_a_certificate_that_is_required_is_turned_away_and_the_journal_says_why(
    tmp_path: Path,
) -> None:
    signer, stranger = trustme.CA(), trustme.CA()
    async with _service(tmp_path, client_authorities=authority_file(tmp_path, signer)) as control:
        _, server = await _create(control, "tls=true&tls_client_ca=required")
        async with control.get("/ca.pem") as response:
            ours = await response.read()
        for client in (None, client_of(stranger)):
            with pytest.raises((aiohttp.ClientError, OSError)):
                await _get(server, "/t", trusting(ours, client=client))
        assert await _get(server, "/t", trusting(ours, client=client_of(signer))) == 200
        *refused, good = await _requests(control, server)
        without, unknown = dict.fromkeys(entry["reason"] for entry in refused)  # clients may try it twice
        assert without.startswith("A client showed no certificate, and this mock server requires one")
        assert unknown.startswith("A client showed a certificate that is not accepted (unable to get local")
        assert good["clientCertificate"]["subject"].startswith("CN=shop")
        async with control.get(f"/mockserver/{server['id']}/matched") as response:
            assert (await response.json())["matched"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_curl_with_a_certificate_and_a_name_of_its_own_is_served(tmp_path: Path) -> None:
    signer = trustme.CA()
    certificate, key = written(tmp_path, client_of(signer), "client")
    async with _service(tmp_path, client_authorities=authority_file(tmp_path, signer)) as control:
        _, server = await _create(control, "tls=true&tls_client_ca=required&tls_names=api.test")
        async with control.get("/ca.pem") as response:
            (tmp_path / "ours.pem").write_bytes(await response.read())
        port = server["port"]
        command = [
            "curl",
            "-sS",
            "--http2",
            "-o",
            "-",
            "-w",
            "%{http_code}",
            "--cacert",
            str(tmp_path / "ours.pem"),
            "--noproxy",
            "*",
        ]
        command += ["--resolve", f"api.test:{port}:127.0.0.1", f"https://api.test:{port}/t"]
        shown = ["--cert", str(certificate), "--key", str(key)]
        done = await asyncio.to_thread(subprocess.run, [*command, *shown], capture_output=True, text=True, timeout=HANG)
        assert (done.returncode, done.stdout) == (0, "200"), done.stderr
        (entry,) = await _requests(control, server)
        assert entry["protocol"] == "HTTP/2"
        assert entry["clientCertificate"]["subject"].startswith("CN=shop")
        assert entry.get("protocol") == "HTTP/2"  # on which TLS has agreed
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=HANG)
        assert (done.returncode != 0, done.stdout) == (True, "000")  # how curl hears of it is up to time


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("tls=own", "tls", "This service has no certificate of its own: start it with --tls-cert and --tls-key"),
        ("tls=mine", "tls", "use true, false or own"),
        ("tls=true&tls_client_ca=required", "tls_client_ca", "start it with --tls-client-ca FILE"),
        ("tls=true&tls_client_ca=maybe", "tls_client_ca", "'required' or 'optional'"),
        ("tls_client_ca=required", "tls_client_ca", "add tls=true or tls=own, or leave it out"),
        ("tls_names=a.test", "tls_names", "add tls=true, or leave it out"),
        ("tls=true&tls_names=a.test,,b.test", "tls_names", "'' cannot be a name in a certificate"),
        ("tls=true&tls_names=" + ",".join(["a.test"] * 33), "tls_names", "33 names are more than the 32"),
        ("tls=true&tls_names=" + "a" * 9000, "tls_names", "at most 8128 characters"),
    ],
)
async def test_what_a_service_cannot_show_or_ask_for_is_refused(
    query: str, parameter: str, said: str, control: aiohttp.ClientSession
) -> None:
    status, document = await _create(control, query)
    assert (status, document["code"], document["parameter"]) == (400, "invalid_parameter", parameter)
    assert said in document["error"]


async def test_names_are_refused_with_a_certificate_that_has_its_own(tmp_path: Path) -> None:
    certificate, key = written(tmp_path, trustme.CA().issue_cert("localhost"))
    async with _service(tmp_path, certificate=certificate, key=key) as control:
        status, document = await _create(control, "tls=own&tls_names=a.test")
    assert (status, "yours has its own" in document["error"]) == (400, True)


def test_a_service_does_not_begin_with_files_that_cannot_be_used(tmp_path: Path) -> None:
    certificate, key = written(tmp_path, expired(trustme.CA()))
    for files, said in (
        ({"certificate": certificate, "key": key}, r"--tls-cert .* expired at"),
        ({"key": key}, "is the key of no certificate: name that with --tls-cert"),
        ({"client_authorities": key}, r"--tls-client-ca .* holds no certificate"),
    ):
        with pytest.raises(InvalidParameter, match=said):
            Service(ServiceSettings(tls=TlsSettings(**files)))


def test_a_key_that_everybody_can_read_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    certificate, key = written(tmp_path, trustme.CA().issue_cert("localhost"))
    key.chmod(0o644)
    Service(ServiceSettings(tls=TlsSettings(certificate, key)))
    assert "can be read by every user of this machine" in caplog.text
