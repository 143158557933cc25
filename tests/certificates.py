"""Certificates as somebody else makes them: authorities, of servers, of clients, and some that nobody should take."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)


def written(directory: Path, made: trustme.LeafCert, name: str = "server") -> tuple[Path, Path]:
    """Write a certificate with its chain, and its key, into files; return them."""
    certificate, key = directory / f"{name}.pem", directory / f"{name}-key.pem"
    certificate.write_bytes(b"".join(item.bytes() for item in made.cert_chain_pems))
    key.write_bytes(made.private_key_pem.bytes())
    key.chmod(0o600)
    return certificate, key


def authority_file(directory: Path, authority: trustme.CA) -> Path:
    """Write the certificate of an authority into a file."""
    path = directory / "clients-ca.pem"
    path.write_bytes(authority.cert_pem.bytes())
    return path


def client_of(authority: trustme.CA, name: str = "shop, client") -> trustme.LeafCert:
    """Make a certificate for a client of Example & Sons."""
    return authority.issue_cert(
        "shop@client.test", "shop.test", common_name=name, organization_name="Example & Sons",
        organization_unit_name="Tests",
    )  # fmt: skip


def expired(authority: trustme.CA) -> trustme.LeafCert:
    """Make a certificate of a server that ended yesterday."""
    now = datetime.now(UTC)
    return authority.issue_cert("localhost", not_before=now - timedelta(days=9), not_after=now - timedelta(days=1))


def with_password(made: trustme.LeafCert) -> bytes:
    """Return the key of a certificate as a file that asks for a password."""
    key = load_pem_private_key(made.private_key_pem.bytes(), None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))


def trusting(*authorities: bytes | str, client: trustme.LeafCert | None = None) -> ssl.SSLContext:
    """Return the client side of TLS that trusts nobody but some authorities, and may show a certificate."""
    texts = [item if isinstance(item, str) else item.decode() for item in authorities]
    context = ssl.create_default_context(cadata="".join(texts))
    if client is not None:
        client.configure_cert(context)
    return context
