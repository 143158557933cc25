"""An authority that is kept: it survives restarts, is one for all, renewed in time, and nobody else has it."""

from __future__ import annotations

import json
import os
import ssl
import stat
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509

from pactmock.errors import InvalidParameter
from pactmock.service import kept_authority
from pactmock.service.certificates import ServiceCertificates, TlsSettings
from pactmock.service.kept_authority import KeptAuthority
from tests.certificates import authority_file, client_of, trusting, written
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import COMMAND, call, run, service

OURS = pact(interaction(request={"path": "/t"}))
POSIX = pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")


def _status(url: str, tls: ssl.SSLContext) -> int:
    with urllib.request.urlopen(f"{url}/t", timeout=HANG, context=tls) as answer:
        status: int = answer.status
        return status


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_who_trusted_the_authority_before_a_restart_trusts_the_service_after_it(tmp_path: Path) -> None:
    directory, trusted = tmp_path / "ca", tmp_path / "trusted.pem"
    with service(tmp_path, "--ca-dir", str(directory)) as running:
        done = run("ca", str(trusted), PACTMOCK_URL=running.url)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    tls = trusting(trusted.read_bytes())
    with service(tmp_path, PACTMOCK_CA_DIR=str(directory)) as running:
        made = call("POST", f"{running.url}/?tls=true&tls_names=api.test", OURS)[1]["mockServer"]
        assert _status(f"https://localhost:{made['port']}", tls) == 200
        assert urllib.request.urlopen(f"{running.url}/ca.pem", timeout=HANG).read() == trusted.read_bytes()
    with service(tmp_path) as running:
        made = call("POST", f"{running.url}/?tls=true", OURS)[1]["mockServer"]
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            _status(f"https://localhost:{made['port']}", tls)


@POSIX
def test_directory_and_key_are_open_to_their_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "ca"
    old = os.umask(0)
    try:
        KeptAuthority(directory).open()
    finally:
        os.umask(old)
    assert (_mode(directory), _mode(directory / "ca-key.pem"), _mode(directory / "ca.pem")) == (0o700, 0o600, 0o644)
    assert sorted(item.name for item in directory.iterdir() if item.name != ".lock") == ["ca-key.pem", "ca.pem"]


@POSIX
@pytest.mark.parametrize(("name", "mode", "said"), [(".", 0o750, "mode 700"), ("ca-key.pem", 0o640, "mode 600")])
def test_what_others_can_read_keeps_the_service_from_starting(name: str, mode: int, said: str, tmp_path: Path) -> None:
    directory = tmp_path / "ca"
    KeptAuthority(directory).open()
    (directory / name).chmod(mode)
    done = run("start", "--port", "0", "--ca-dir", str(directory))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: --ca-dir: {directory / name}, ")
    assert "is open to other users of this machine" in done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_processes_that_begin_at_once_have_one_authority(tmp_path: Path) -> None:
    directory = str(tmp_path / "ca")
    command = [*COMMAND, "ca", "-", "--ca-dir", directory]
    begun = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    told = [process.communicate(timeout=HANG) for process in begun]
    assert [error for _, error in told] == [b""] * 4
    (content,) = {content for content, _ in told}
    assert content == (tmp_path / "ca" / "ca.pem").read_bytes()


def test_threads_that_begin_at_once_have_one_authority_and_one_renewal(tmp_path: Path) -> None:
    kept = KeptAuthority(tmp_path / "ca")
    later = datetime.now(UTC) + timedelta(days=700)
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: kept.open().ca_pem, range(16)))
        renewed = list(threads.map(lambda _: kept.open(later).ca_pem, range(16)))
    assert (len(set(made)), len(set(renewed))) == (1, 1)
    assert made[0] != renewed[0]


def test_it_is_renewed_before_it_ends_with_the_same_key_so_that_who_trusts_the_old_one_goes_on(tmp_path: Path) -> None:
    kept, now = KeptAuthority(tmp_path / "ca"), datetime.now(UTC)
    old = kept.open(now - timedelta(days=641)).ca_pem
    key = (tmp_path / "ca" / "ca-key.pem").read_bytes()
    assert kept.open(now - timedelta(days=2)).ca_pem == old
    new = kept.open().ca_pem
    assert new != old
    assert (tmp_path / "ca" / "ca-key.pem").read_bytes() == key
    before, after = (x509.load_pem_x509_certificate(item) for item in (old, new))
    assert before.subject == after.subject
    assert after.not_valid_after_utc - before.not_valid_after_utc > timedelta(days=640)
    with service(tmp_path, "--ca-dir", str(tmp_path / "ca")) as running:
        made = call("POST", f"{running.url}/?tls=true", OURS)[1]["mockServer"]
        for trusted in (old, new):
            assert _status(f"https://localhost:{made['port']}", trusting(trusted)) == 200


def test_a_service_that_runs_on_takes_up_the_renewed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_authority, "LIFE", timedelta(days=89))
    certificates = ServiceCertificates(TlsSettings(authority=tmp_path / "ca"))
    first = (tmp_path / "ca" / "ca.pem").read_bytes()
    monkeypatch.undo()
    assert certificates.authority.ca_pem != first
    assert certificates.authority.ca_pem == (tmp_path / "ca" / "ca.pem").read_bytes()


def test_a_key_without_a_certificate_as_a_crash_leaves_it_is_gone_on_with(tmp_path: Path) -> None:
    kept = KeptAuthority(tmp_path / "ca")
    kept.open()
    key = (tmp_path / "ca" / "ca-key.pem").read_bytes()
    (tmp_path / "ca" / "ca.pem").unlink()
    kept.open()
    assert (tmp_path / "ca" / "ca-key.pem").read_bytes() == key


def _without_key(directory: Path) -> None:
    (directory / "ca-key.pem").unlink()


def _with_another_key(directory: Path) -> None:
    KeptAuthority(directory / "other").open()
    (directory / "other" / "ca-key.pem").replace(directory / "ca-key.pem")


def _with_no_key(directory: Path) -> None:
    (directory / "ca-key.pem").write_text("nothing")


def _with_a_server(directory: Path) -> None:
    certificate, _ = written(directory, trustme.CA().issue_cert("localhost"))
    certificate.replace(directory / "ca.pem")


def _with_another_kind(directory: Path) -> None:
    rsa = trustme.CA(key_type=trustme.KeyType.RSA)
    (directory / "ca.pem").write_bytes(rsa.cert_pem.bytes())
    (directory / "ca-key.pem").write_bytes(rsa.private_key_pem.bytes())


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without_key, "no longer its key ca-key.pem: bring that back, or remove ca.pem"),
        (_with_another_key, "ca-key.pem is not the key of ca.pem"),
        (_with_no_key, "holds no private key in PEM form"),
        (_with_a_server, "is no certificate of an authority that pactmock keeps"),
        (_with_another_kind, "is no key that pactmock has made"),
    ],
)
def test_a_directory_that_holds_something_else_is_left_as_it_is(spoil: object, said: str, tmp_path: Path) -> None:
    kept = KeptAuthority(tmp_path / "ca")
    kept.open()
    assert callable(spoil)
    spoil(tmp_path / "ca")
    before = {item.name: item.read_bytes() for item in (tmp_path / "ca").iterdir() if item.is_file()}
    with pytest.raises(InvalidParameter, match=r"^--ca-dir ") as told:
        kept.open()
    assert said in told.value.message
    assert {item.name: item.read_bytes() for item in (tmp_path / "ca").iterdir() if item.is_file()} == before


def test_the_certificate_is_written_to_a_file_or_the_standard_output(tmp_path: Path) -> None:
    with service(tmp_path) as running:
        fetched = urllib.request.urlopen(f"{running.url}/ca.pem", timeout=HANG).read()
        assert run("ca", "-", "--url", running.url).stdout.encode() == fetched
        file = tmp_path / "ca.pem"
        file.write_text("older")
        assert run("ca", str(file), "--port", str(running.port), PACTMOCK_CA_DIR=str(tmp_path / "x")).returncode == 0
        assert file.read_bytes() == fetched
        assert not (tmp_path / "x").exists()
        for arguments, said in (
            (("ca", str(tmp_path / "no" / "ca.pem"), "--url", running.url), "No such file or directory"),
            (("ca", "-", "--url", running.url, "--ca-dir", str(tmp_path / "x")), "not both"),
            (("ca",), "Missing argument 'FILE'"),
        ):
            done = run(*arguments)
            assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def test_the_command_line_makes_mock_servers_with_all_of_it(tmp_path: Path) -> None:
    theirs = trustme.CA()
    certificate, key = written(tmp_path, theirs.issue_cert("localhost"))
    given = (
        "--tls-cert",
        str(certificate),
        "--tls-key",
        str(key),
        "--tls-client-ca",
        str(authority_file(tmp_path, theirs)),
    )
    (tmp_path / "pact.json").write_text(json.dumps(OURS))
    create = ("create", "--file", str(tmp_path / "pact.json"), "--quiet")
    with service(tmp_path / "pacts", *given) as running:
        made = [
            run(*create, *wanted, PACTMOCK_URL=running.url)
            for wanted in (
                ("--tls-own",),
                ("--tls", "--tls-names", "api.test,*.team.test"),
                ("--tls", "--client-certificates", "required"),
                ("--tls-names", "api.test"),
            )
        ]
        own, named, asking, refused = made
        assert [done.returncode for done in made] == [0, 0, 0, 1]
        assert "'tls_names' is about TLS" in refused.stderr
        ours = run("ca", "-", PACTMOCK_URL=running.url).stdout
        tls = trusting(ours)
        assert _status(f"https://localhost:{own.stdout.strip()}", trusting(theirs.cert_pem.bytes())) == 200
        assert _status(f"https://localhost:{named.stdout.strip()}", tls) == 200
        with pytest.raises(OSError, match=r"(?i)certificate required|reset|closed"):
            _status(f"https://localhost:{asking.stdout.strip()}", tls)
        shown = trusting(ours, client=client_of(theirs))
        assert _status(f"https://localhost:{asking.stdout.strip()}", shown) == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--tls-cert", "no.pem"), "--tls-cert no.pem cannot be read: No such file or directory"),
        (("--tls-key", "no.pem"), "is the key of no certificate"),
        (("--tls-client-ca", "no.pem"), "--tls-client-ca no.pem cannot be read"),
        (("--ca-dir", "/proc/none"), "--ca-dir /proc/none cannot be made"),
    ],
)
def test_files_that_cannot_be_used_end_the_start_with_one_sentence(options: tuple[str, str], said: str) -> None:
    done = run("start", "--port", "0", *options)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert done.stderr.startswith("Error: ")
    assert said in done.stderr
