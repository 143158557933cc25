"""How a mock server speaks TLS: the one place where the server side of it is set up.

Every handshake that fails is told, as the client alone knows of it otherwise, and many a client says little.
"""

from __future__ import annotations

import re
import ssl
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value
from pactmock.server.wire.tls.certificates import CertificateAuthority, Certificates, spoken
from pactmock.server.wire.tls.handshakes import told
from pactmock.server.wire.tls.pem_file import read_pem

if TYPE_CHECKING:
    from pactmock.server.wire.tls.securing import Securing

ClientCertificates: TypeAlias = Literal["required", "optional"]
"""Whether every client has to show a certificate, or may."""


@value
class ClientAuthorities:
    """Who has signed the certificates of clients: certificates in PEM form."""

    pem: str

    @classmethod
    def read(cls, option: str, path: Path) -> ClientAuthorities:
        """Read them from a file.

        Raises:
            InvalidParameter: when that cannot be done.
        """
        pem = read_pem(option, path)
        try:
            cls(pem).check(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), "optional")
        except ssl.SSLError as error:
            raise InvalidParameter(
                f"{option} {path} cannot be used: {spoken(error.reason or 'it has no whole certificate')}; name a PEM"
                " file with the certificates of authorities"
            ) from None
        return cls(pem)

    def check(self, context: ssl.SSLContext, wanted: ClientCertificates) -> None:
        """Have clients show certificates that these have signed."""
        context.verify_mode = ssl.CERT_REQUIRED if wanted == "required" else ssl.CERT_OPTIONAL
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # one of them is enough, whoever has signed it
        context.load_verify_locations(cadata=self.pem)


@value
class ServerTls:
    """How one mock server speaks TLS: what it shows, for which names besides its host, and what clients show."""

    certificates: Certificates
    names: tuple[str, ...] = ()
    clients: tuple[ClientAuthorities, ClientCertificates] | None = None

    @property
    def mints(self) -> bool:
        """Whether what is shown was signed by an authority of ours, whose certificate clients get from us."""
        return isinstance(self.certificates, CertificateAuthority)

    def context(
        self, host: str, answer_http: Callable[[bytes], bytes], note: Callable[[str], None] = lambda _: None
    ) -> ServerContext:
        """Return the server side of TLS for a host.

        `answer_http` is given the beginning of what a client sends that speaks HTTP without TLS, and returns what is
        sent to it before the connection ends. `note` is told, in a sentence, why a handshake failed.

        Raises:
            PortUnavailable, InvalidParameter: when there is no certificate that can be shown.
        """
        context = ServerContext.of(answer_http, note)
        self.certificates.show(context, host, self.names)
        if self.clients is not None:
            authorities, wanted = self.clients
            authorities.check(context, wanted)
        return context


_HTTP = re.compile(rb"[A-Z][A-Z-]{1,31} [/*h]")


class _Side(ssl.SSLObject):
    """The server side of one connection, which looks at the first bytes that come: are they of TLS at all?"""

    incoming: ssl.MemoryBIO
    outgoing: ssl.MemoryBIO
    answer_http: Callable[[bytes], bytes]
    note: Callable[[str], None]
    connection: Securing | None = None
    _has_looked = _has_failed = False

    def do_handshake(self) -> None:
        if self._has_failed:
            self.incoming.read()  # whatever the client sends before it has heard of that
            raise ssl.SSLWantReadError
        if not self._has_looked and self.incoming.pending:
            self._has_looked = True
            begin = self.incoming.read()
            if _HTTP.match(begin) is not None:
                self.outgoing.write(self.answer_http(begin))
                self._fail()
            self.incoming.write(begin)
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            if self._has_looked:  # else somebody has only looked whether the port is open
                self.note(told(error))
            self._fail()

    def _fail(self) -> NoReturn:
        """Have what was written sent, as an alert that says why; by an error the connection would end without it."""
        self._has_failed = True
        if self.connection is not None:
            self.connection.end()
        raise ssl.SSLWantReadError


class ServerContext(ssl.SSLContext):
    """Makes server sides that answer HTTP without TLS."""

    answer_http: Callable[[bytes], bytes]
    note: Callable[[str], None]
    following: deque[Securing]
    """For which connections server sides are made next: loops make them in the order in which they are asked."""
    sslobject_class = _Side

    @classmethod
    def of(cls, answer_http: Callable[[bytes], bytes], note: Callable[[str], None]) -> ServerContext:
        context = cls(ssl.PROTOCOL_TLS_SERVER)
        context.answer_http, context.note, context.following = answer_http, note, deque()
        context.minimum_version = ssl.TLSVersion.TLSv1_2  # also where the configuration of OpenSSL has older ones
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context

    def wrap_bio(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *rest: Any, **others: Any) -> ssl.SSLObject:
        side = super().wrap_bio(incoming, outgoing, *rest, **others)
        assert isinstance(side, _Side)  # noqa: S101  as the class says
        side.incoming, side.outgoing = incoming, outgoing
        side.answer_http, side.note = self.answer_http, self.note
        if self.following:
            side.connection = self.following.popleft()
            incoming.write(side.connection.early())
        return side
