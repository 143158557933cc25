"""The certificate authority of this process: it signs the certificate of every TLS mock server."""

from __future__ import annotations

import socket
import ssl

from pactmock.errors import PortUnavailable

_MOST_HOSTS = 64
"""How many certificates are kept: whoever asks for a mock server can name a host that is none."""


class CertificateAuthority:
    """A CA that lives as long as the process. A client that trusts `ca_pem` trusts all its mock servers."""

    def __init__(self) -> None:
        import trustme  # late: it brings 8 MB that a service without TLS need not hold

        self._authority = trustme.CA(organization_name="pactmock", organization_unit_name="mock servers")
        self._contexts: dict[str, ssl.SSLContext] = {}

    @property
    def ca_pem(self) -> bytes:
        """The certificate to trust, in PEM form."""
        return self._authority.cert_pem.bytes()

    def context(self, host: str) -> ssl.SSLContext:
        """Return the server side of TLS for a host; the certificate also names localhost and this machine.

        Raises:
            PortUnavailable: when no certificate can name the host.
        """
        if host not in self._contexts:
            names = dict.fromkeys(("localhost", "127.0.0.1", "::1", socket.gethostname(), host))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            try:
                self._authority.issue_cert(*filter(None, names)).configure_cert(context)
            except UnicodeError:  # of the rules for names of hosts
                raise PortUnavailable(
                    f"'{host}' cannot be named in a certificate: listen on another host, or without TLS", host=host
                ) from None
            context.set_alpn_protocols(["http/1.1"])
            if len(self._contexts) >= _MOST_HOSTS:
                del self._contexts[next(iter(self._contexts))]
            self._contexts[host] = context
        return self._contexts[host]
