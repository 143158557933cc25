"""The certificate authority of this process: it signs the certificate of every TLS mock server.

Whoever has a certificate already, brings its files.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pactmock.errors import InvalidParameter, PortUnavailable

if TYPE_CHECKING:
    import trustme

_MOST_HOSTS = 64
"""How many certificates are kept: whoever asks for a mock server can name a host that is none."""


class CertificateAuthority:
    """A CA that lives as long as the process. A client that trusts `ca_pem` trusts all its mock servers."""

    def __init__(self) -> None:
        import trustme  # late: it brings 8 MB that a service without TLS need not hold

        self._authority = trustme.CA(organization_name="pactmock", organization_unit_name="mock servers")
        self._certificates: dict[str, trustme.LeafCert] = {}

    @property
    def ca_pem(self) -> bytes:
        """The certificate to trust, in PEM form."""
        return self._authority.cert_pem.bytes()

    def context(self, host: str, answer_http: Callable[[bytes], bytes]) -> ssl.SSLContext:
        """Return the server side of TLS for a host; the certificate also names localhost and this machine.

        `answer_http` is given the beginning of what a client sends that speaks HTTP without TLS, and returns what is
        sent to it before the connection ends.

        Raises:
            PortUnavailable: when no certificate can name the host.
        """
        context = _Context.of(answer_http)
        self._certificate(host).configure_cert(context)
        return context

    def _certificate(self, host: str) -> trustme.LeafCert:
        if host not in self._certificates:
            names = dict.fromkeys(("localhost", "127.0.0.1", "::1", socket.gethostname(), host))
            try:
                made = self._authority.issue_cert(*filter(None, names))
            except ValueError:  # of the rules for names of hosts, which are UnicodeError mostly
                raise PortUnavailable(
                    f"'{host}' cannot be named in a certificate: listen on another host, or without TLS", host=host
                ) from None
            if len(self._certificates) >= _MOST_HOSTS:
                del self._certificates[next(iter(self._certificates))]
            self._certificates[host] = made
        return self._certificates[host]


class CertificateFiles:
    """A certificate that somebody has made, in PEM files; the key may be in the same file."""

    def __init__(self, certificate: Path, key: Path | None = None) -> None:
        """Read them.

        Raises:
            InvalidParameter: when they cannot be.
        """
        self._files = certificate, key
        self.context("", lambda begin: begin)  # so that who names a wrong file hears of it at once

    def context(self, host: str, answer_http: Callable[[bytes], bytes]) -> ssl.SSLContext:  # noqa: ARG002  any host
        """Return the server side of TLS; `answer_http` is as above."""
        certificate, key = self._files
        context = _Context.of(answer_http)
        try:
            context.load_cert_chain(certificate, key)
        except OSError as error:  # an error of TLS is one
            named = f"{certificate}" if key is None else f"{certificate} with the key {key}"
            reason = error.strerror or error
            raise InvalidParameter(f"The certificate {named} cannot be used: {reason}; name PEM files") from None
        return context


_HTTP = re.compile(rb"[A-Z][A-Z-]{1,31} [/*h]")


class _Side(ssl.SSLObject):
    """The server side of one connection, which looks at the first bytes that come: are they of TLS at all?"""

    incoming: ssl.MemoryBIO
    outgoing: ssl.MemoryBIO
    answer_http: Callable[[bytes], bytes]
    _has_looked = _is_http = False

    def do_handshake(self) -> None:
        if not self._has_looked and self.incoming.pending:
            self._has_looked = True
            begin = self.incoming.read()
            self._is_http = _HTTP.match(begin) is not None
            if self._is_http:
                self.outgoing.write(self.answer_http(begin))
                raise ssl.SSLWantReadError  # so that what was written is sent
            self.incoming.write(begin)
        if self._is_http:
            raise ssl.SSLError(ssl.SSL_ERROR_SSL, "the client speaks HTTP without TLS")
        super().do_handshake()


class _Context(ssl.SSLContext):
    """Makes server sides that answer HTTP without TLS."""

    answer_http: Callable[[bytes], bytes]
    sslobject_class = _Side

    @classmethod
    def of(cls, answer_http: Callable[[bytes], bytes]) -> _Context:
        context = cls(ssl.PROTOCOL_TLS_SERVER)
        context.answer_http = answer_http
        context.set_alpn_protocols(["http/1.1"])
        return context

    def wrap_bio(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *rest: Any, **others: Any) -> ssl.SSLObject:
        side = super().wrap_bio(incoming, outgoing, *rest, **others)
        assert isinstance(side, _Side)  # noqa: S101  as the class says
        side.incoming, side.outgoing, side.answer_http = incoming, outgoing, self.answer_http
        return side
