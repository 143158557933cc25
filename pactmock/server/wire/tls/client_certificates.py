"""What the client of a connection has shown of itself in the TLS handshake."""

from __future__ import annotations

import asyncio
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from pactmock.matching.texts.shortening import cut
from pactmock.server.answers.certified import ClientCertificate

if TYPE_CHECKING:
    from cryptography import x509

_MOST_NAMES = 20
"""As many other names are noted; a certificate has room for thousands."""


def shown_by(transport: asyncio.BaseTransport) -> ClientCertificate | None:
    """Return the certificate that the client of a connection has shown and that was accepted, None for none."""
    tls = transport.get_extra_info("ssl_object")
    content = None if tls is None else tls.getpeercert(binary_form=True)
    return None if content is None else _read(content)


@lru_cache(64)
def _read(content: bytes) -> ClientCertificate:
    """Read a certificate. OpenSSL has accepted it; what another reader of it does not is left out."""
    from cryptography import x509  # late: few clients show any

    fingerprint = hashlib.sha256(content).hexdigest()
    try:
        read = x509.load_der_x509_certificate(content)
        subject, issuer = cut(read.subject.rfc4514_string()), cut(read.issuer.rfc4514_string())
        return ClientCertificate(subject, issuer, f"{read.serial_number:x}", _names(read), fingerprint)
    except ValueError:
        return ClientCertificate(None, None, None, (), fingerprint)


def _names(read: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        named = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    texts = [str(item.value) for item in named if not isinstance(item, x509.OtherName)]
    return tuple(map(cut, texts[:_MOST_NAMES]))
