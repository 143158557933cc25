"""A certificate authority that is kept in a directory, so that who trusts it today trusts the service of tomorrow too.

The directory has two files. `ca-key.pem` is made first and never changes. `ca.pem` is the certificate of that key, and
is replaced by another one of the same key and name before it expires: whoever trusts the old one trusts what is signed
afterwards for as long as the old one holds. Each is replaced as a whole, so reading needs no lock; whoever has to make
one holds a lock, so that processes which begin at once end up with one authority.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from pactmock.errors import InvalidParameter
from pactmock.server.wire.tls.certificates import CertificateAuthority
from pactmock.server.wire.tls.pem_file import read_pem

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

CERTIFICATE = "ca.pem"
KEY = "ca-key.pem"
_LOCK = ".lock"

LIFE = timedelta(days=730)
"""How long a certificate of the authority holds; what it signs ends with it, which some systems want below 825 days."""

RENEWED_BEFORE = timedelta(days=90)
"""How long before its end it is replaced: as long have clients to fetch the new one."""

_LOCK_SECONDS = 30.0


class KeptAuthority:
    """The directory of an authority."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._certificate, self._key = directory / CERTIFICATE, directory / KEY

    def open(self, now: datetime | None = None) -> CertificateAuthority:
        """Return the authority, made or renewed if need be; `now` is a time for who cannot wait.

        Raises:
            InvalidParameter: when others can read the directory, or what is in it is no authority.
        """
        now = now or datetime.now(UTC)
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidParameter(
                f"--ca-dir {self._directory} cannot be made: {error.strerror or error}; name a directory"
            ) from None
        _check_private(self._directory, "the directory of the authority", "700")
        if not (self._certificate.exists() and self._key.exists()) or _is_due(self._read_certificate(), now):
            self._make(now)
        return self._read()

    def _make(self, now: datetime) -> None:
        """Make what is missing, or due, unless another process has done that meanwhile."""
        with self._locked():
            if not self._key.exists():
                if self._certificate.exists():
                    raise InvalidParameter(
                        f"--ca-dir {self._directory} has the certificate {CERTIFICATE} and no longer its key {KEY}:"
                        f" bring that back, or remove {CERTIFICATE} for a new authority, which clients have to"
                        " trust anew"
                    )
                self._write(self._key, _new_key(), 0o600)
            if not self._certificate.exists() or _is_due(self._read_certificate(), now):
                self._write(self._certificate, self._signed(now), 0o644)

    def _signed(self, now: datetime) -> bytes:
        """Return a certificate of the key, with the name of the one that is there."""
        from cryptography import x509
        from cryptography.x509.oid import NameOID

        if self._certificate.exists():
            name = self._read_certificate().subject
        else:
            texts = (NameOID.ORGANIZATION_NAME, "pactmock"), (NameOID.COMMON_NAME, f"pactmock {os.urandom(4).hex()}")
            name = x509.Name([x509.NameAttribute(kind, text) for kind, text in texts])
        return _self_signed(self._read_key(), name, now)

    def _read(self) -> CertificateAuthority:
        import trustme

        certificate, key = self._read_certificate(), self._read_key()
        if certificate.public_key() != key.public_key():
            raise InvalidParameter(
                f"--ca-dir {self._directory}: {KEY} is not the key of {CERTIFICATE}: bring back the one that is, or"
                " remove both for a new authority, which clients have to trust anew"
            )
        pem = self._certificate.read_bytes(), self._key.read_bytes()
        return CertificateAuthority(trustme.CA.from_pem(*pem), certificate.not_valid_after_utc)

    def _read_certificate(self) -> x509.Certificate:
        from cryptography import x509

        text = read_pem("--ca-dir", self._certificate)
        try:
            read = x509.load_pem_x509_certificate(text.encode())
            constraints = read.extensions.get_extension_for_class(x509.BasicConstraints).value
        except (ValueError, x509.ExtensionNotFound):
            constraints = None
        if constraints is None or not constraints.ca or read.issuer != read.subject:
            raise InvalidParameter(
                f"--ca-dir {self._certificate} is no certificate of an authority that pactmock keeps, which signs"
                " itself: name another directory"
            )
        return read

    def _read_key(self) -> ec.EllipticCurvePrivateKey:
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        _check_private(self._key, "the key of the authority", "600")
        text = read_pem("--ca-dir", self._key, "PRIVATE KEY")
        try:
            key = load_pem_private_key(text.encode(), None)
        except (ValueError, TypeError) as error:  # the latter for one with a password
            raise InvalidParameter(
                f"--ca-dir {self._key} cannot be read as a key: {error}; bring back the one that was made"
            ) from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise InvalidParameter(f"--ca-dir {self._key} is no key that pactmock has made: name another directory")
        return key

    @contextmanager
    def _locked(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            with FileLock(self._directory / _LOCK, timeout=_LOCK_SECONDS, mode=0o600):
                yield
        except Timeout:
            raise InvalidParameter(
                f"--ca-dir {self._directory} is locked by another process for {_LOCK_SECONDS:.0f} seconds: end that, or"
                " name another directory"
            ) from None
        except OSError as error:
            raise InvalidParameter(
                f"--ca-dir {self._directory} cannot be written: {error.strerror or error}; name a directory that this"
                " user may write"
            ) from None

    def _write(self, path: Path, content: bytes, mode: int) -> None:
        """Write a file that is there as a whole or not at all, also when the machine goes down."""
        with NamedTemporaryFile(dir=self._directory, prefix=f".{path.name}.", delete=False) as file:
            new = Path(file.name)  # only its owner can read it
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                new.unlink()
                raise
        new.chmod(mode)
        new.replace(path)

    def __repr__(self) -> str:
        return f"<KeptAuthority in {self._directory}>"


def _is_due(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_after_utc - now < RENEWED_BEFORE


def _check_private(path: Path, what: str, mode: str) -> None:
    """Refuse what other users of the machine could read or change: who has the key can sign in its name."""
    if os.name != "posix":
        return
    try:
        found = path.stat()
    except OSError as error:
        raise InvalidParameter(f"--ca-dir {path} cannot be read: {error.strerror or error}") from None
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO) or found.st_uid not in {os.geteuid(), 0}:
        raise InvalidParameter(
            f"--ca-dir: {path}, {what}, is open to other users of this machine: have it belong to this user, with the"
            f" mode {mode} (chmod {mode} {path}), or name a directory that is not there yet"
        )


def _new_key() -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _self_signed(key: ec.EllipticCurvePrivateKey, name: x509.Name, now: datetime) -> bytes:
    """Sign a certificate for a key with itself, as that of an authority below which there is none."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    public = key.public_key()
    usage = dict.fromkeys(
        (
            "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
            "decipher_only",
        ),
        False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # clocks differ
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
