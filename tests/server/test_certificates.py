"""Certificates in files: what is wrong with one is said in a sentence that names the file, and nobody is asked."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import trustme

from pactmock.errors import InvalidParameter
from pactmock.server.wire.tls.certificates import CertificateAuthority, CertificateFiles
from pactmock.server.wire.tls.context import ClientAuthorities, ServerTls
from pactmock.server.wire.tls.server_names import checked_names
from tests.certificates import client_of, expired, trusting, with_password, written


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _der(path: Path) -> None:
    path.write_bytes(ssl.PEM_cert_to_DER_cert(path.read_text()))


def _half(path: Path) -> None:
    path.write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (Path.unlink, "cannot be read: No such file or directory; name a PEM file"),
        (_empty, "holds no certificate in PEM form"),
        (_der, "holds no certificate in PEM form"),
        (_pipe, "cannot be read: it is no regular file"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read: "),
        (lambda path: path.write_bytes(b"x" * 1024 * 1024 + b"y"), "is larger than 1048576 bytes"),
        (_half, "cannot be used: "),
    ],
    ids=["none", "empty", "der", "pipe", "directory", "large", "half"],
)
def test_a_certificate_that_cannot_be_used_is_named_with_the_reason(
    spoil: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    certificate, key = written(tmp_path, trustme.CA().issue_cert("localhost"))
    spoil(certificate)
    with pytest.raises(InvalidParameter) as told:
        CertificateFiles(certificate, key)
    assert told.value.message.startswith(f"--tls-cert {certificate} ")
    assert said in told.value.message


def test_a_key_that_is_of_another_certificate_is_said_to_be(tmp_path: Path) -> None:
    authority = trustme.CA()
    certificate, _ = written(tmp_path, authority.issue_cert("localhost"))
    _, other = written(tmp_path, authority.issue_cert("localhost"), "other")
    with pytest.raises(InvalidParameter, match=r"is not that of the certificate --tls-cert .*server.pem"):
        CertificateFiles(certificate, other)


def test_a_key_with_a_password_is_refused_and_nobody_is_asked_for_it(tmp_path: Path) -> None:
    made = trustme.CA().issue_cert("localhost")
    certificate, key = written(tmp_path, made)
    key.write_bytes(with_password(made))
    with pytest.raises(InvalidParameter, match=r"has a password.* `openssl pkey -in .*--tls-key"):
        CertificateFiles(certificate, key)


def test_a_certificate_without_a_key_is_refused_and_one_with_it_in_the_same_file_taken(tmp_path: Path) -> None:
    certificate, key = written(tmp_path, trustme.CA().issue_cert("localhost"))
    with pytest.raises(InvalidParameter, match="holds no private key: name the file that has its key with --tls-key"):
        CertificateFiles(certificate)
    other = tmp_path / "other.pem"
    other.write_bytes(certificate.read_bytes())
    with pytest.raises(InvalidParameter, match=r"--tls-key .*other.pem holds no private key"):
        CertificateFiles(certificate, other)
    certificate.write_bytes(certificate.read_bytes() + key.read_bytes())
    CertificateFiles(certificate)


def test_a_certificate_whose_time_is_over_is_told_by_its_date(tmp_path: Path) -> None:
    files = CertificateFiles(*written(tmp_path, expired(trustme.CA())))
    with pytest.raises(InvalidParameter, match=r"--tls-cert .* expired at 20\d\d-.* UTC.*: renew it"):
        files.check_dates()
    CertificateFiles(*written(tmp_path, trustme.CA().issue_cert("localhost"))).check_dates()


async def test_a_certificate_that_was_renewed_is_shown_by_the_next_mock_server(tmp_path: Path) -> None:
    first, second = trustme.CA(), trustme.CA()
    tls = ServerTls(CertificateFiles(*written(tmp_path, first.issue_cert("localhost"))))
    written(tmp_path, second.issue_cert("localhost"))
    context = tls.context("127.0.0.1", lambda begin: begin)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting(second.cert_pem.bytes()).wrap_bio(incoming, outgoing, server_hostname="localhost")
    side = context.wrap_bio(outgoing, incoming, server_side=True)
    for _ in range(3):
        for end in (client, side):
            with suppress(ssl.SSLWantReadError):
                end.do_handshake()
    assert client.getpeercert()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no certificate in PEM form"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "cannot be used: "),
    ],
)
def test_a_file_without_authorities_of_clients_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(content)
    with pytest.raises(InvalidParameter) as told:
        ClientAuthorities.read("--tls-client-ca", path)
    assert told.value.message.startswith(f"--tls-client-ca {path} {said}")


@pytest.mark.parametrize("content", [b"-----BEGIN CERTIFICATE-----\n", b"-----BEGIN CERTIFICATE-----\nMIIB\n"])
def test_a_file_that_was_cut_off_is_refused_without_names_of_files_of_python(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(trustme.CA().cert_pem.bytes() + content)
    with pytest.raises(InvalidParameter) as told:
        ClientAuthorities.read("--tls-client-ca", path)
    assert told.value.message.endswith("name a PEM file with the certificates of authorities")
    assert "_ssl" not in told.value.message
    assert not any(word.isupper() and len(word) > 3 for word in told.value.message.split())


def test_a_client_whose_certificate_was_signed_by_the_authority_that_is_named_is_accepted() -> None:
    """Also where that one is signed by another: nobody has to name all above it."""
    root = trustme.CA()
    issuing, authority = root.create_child_ca(), CertificateAuthority()
    named = ClientAuthorities(issuing.cert_pem.bytes().decode())
    context = ServerTls(authority, clients=(named, "required")).context("127.0.0.1", lambda begin: begin)
    _shake_hands(context, trusting(authority.ca_pem, client=client_of(issuing)))
    with pytest.raises(ssl.SSLCertVerificationError):
        _shake_hands(context, trusting(authority.ca_pem, client=client_of(root)))


def _shake_hands(context: ssl.SSLContext, client: ssl.SSLContext) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = (
        client.wrap_bio(incoming, outgoing, server_hostname="localhost"),
        context.wrap_bio(outgoing, incoming, server_side=True),
    )
    for _ in range(3):
        for side in sides:
            with suppress(ssl.SSLWantReadError):
                ssl.SSLObject.do_handshake(side)
    assert sides[0].getpeercert()


@pytest.mark.parametrize("name", ["ab--cd.test", "xn--zzzz.test", "*.xn--a.test"])
def test_a_name_that_no_certificate_can_have_is_said_to_be_the_wrong_one(name: str) -> None:
    names = checked_names(["fine.test", name])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with pytest.raises(InvalidParameter, match="cannot be a name in a certificate") as told:
        CertificateAuthority().show(context, "127.0.0.1", names)
    assert told.value.message.startswith(f"'{name}'")
    assert told.value.fields["parameter"] == "tls_names"


def test_a_machine_whose_name_no_certificate_can_have_shows_one_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "my_machine")
    authority = CertificateAuthority()
    context = ServerTls(authority, ("a.test",)).context("127.0.0.1", lambda begin: begin)
    _shake_hands(context, trusting(authority.ca_pem))


def test_names_are_taken_as_hosts_patterns_and_addresses_each_once() -> None:
    given = ("A.test", "a.test", " *.team.test", "10.0.0.7", "::1", "xn--caf-dma.example", "localhost")
    assert checked_names(given) == ("a.test", "*.team.test", "10.0.0.7", "::1", "xn--caf-dma.example", "localhost")


@pytest.mark.parametrize(
    "name",
    [
        "", "a b", "a..b", "-a.test", "a-.test", "a_b.test", "*", "*.", "a.*.test", "**.test", "a.test.",
        "caf\u00e9.test", "a@b.test", "10.0.0.0/8", "fe80::1%eth0", "http://a.test", "a.test:80", "a" * 64 + ".test",
        ".".join(["abcdefgh"] * 29), "a\nb", "a\x00.test", "[::1]",
    ],
)  # fmt: skip
def test_what_no_certificate_can_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidParameter, match="cannot be a name in a certificate: give names of hosts"):
        checked_names([name])


def test_no_more_names_are_taken_than_a_certificate_gets() -> None:
    assert len(checked_names([f"{number}.test" for number in range(32)])) == 32
    with pytest.raises(InvalidParameter, match="33 names are more than the 32"):
        checked_names([f"{number}.test" for number in range(33)])
