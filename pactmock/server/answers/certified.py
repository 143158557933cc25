"""A request whose client has shown a certificate: it is noted with it, whatever is decided on it and where."""

from __future__ import annotations

from pactmock.pact.model import Request
from pactmock.pact.value import value


@value
class ClientCertificate:
    """What a certificate says of its client: names as RFC 4514 writes them, None where they cannot be read.

    `fingerprint` is the SHA-256 of the whole certificate, in hexadecimal; `names` are the other names in it.
    """

    subject: str | None
    issuer: str | None
    serial_number: str | None
    names: tuple[str, ...]
    fingerprint: str


@value
class CertifiedRequest(Request):
    """A request over a connection whose client has shown a certificate that was accepted."""

    client: ClientCertificate | None = None


def certified(request: Request, client: ClientCertificate) -> CertifiedRequest:
    """Return a request that was received, with who has sent it."""
    received = request.method, request.path, request.query, request.query_text, request.headers, request.body
    return CertifiedRequest(*received, client=client)


def client_of(request: Request) -> ClientCertificate | None:
    """Return what the client of a request has shown, None for nothing."""
    return request.client if isinstance(request, CertifiedRequest) else None
