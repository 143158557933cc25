"""The certificates of a service: what its mock servers show with TLS, and whose clients they accept.

Files are named by who starts the service alone. A call that could name one would let each caller find out which files
there are, and a certificate inside of a call would stand in the logs of every proxy; so a call only says what it wants.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value
from pactmock.server.wire.tls.certificates import CertificateAuthority, CertificateFiles
from pactmock.server.wire.tls.context import ClientAuthorities, ClientCertificates, ServerTls
from pactmock.server.wire.tls.server_names import checked_names
from pactmock.service.kept_authority import RENEWED_BEFORE, KeptAuthority

logger = logging.getLogger("pactmock.service")

WantedTls: TypeAlias = bool | Literal["own"]
"""Whether a mock server speaks TLS, and with whose certificate: minted, or that of the service."""


@value
class TlsSettings:
    """The files of a service: a certificate with its key, who signs certificates of clients, and its kept authority.

    That one is a directory; None has an authority made that ends with the process.
    """

    certificate: Path | None = None
    key: Path | None = None
    client_authorities: Path | None = None
    authority: Path | None = None


class ServiceCertificates:
    """All of them, read when the service begins. An authority that is not kept is made when it is first asked for."""

    def __init__(self, settings: TlsSettings) -> None:
        """Read the files.

        Raises:
            InvalidParameter: naming the one that cannot be used.
        """
        self._own = _own(settings)
        path = settings.client_authorities
        self._clients = None if path is None else ClientAuthorities.read("--tls-client-ca", path)
        self._kept = None if settings.authority is None else KeptAuthority(settings.authority)
        self._authority: CertificateAuthority | None = None if self._kept is None else self._kept.open()

    @property
    def authority(self) -> CertificateAuthority:
        """The certificate authority that signs what is minted; a kept one is renewed when it is time."""
        if self._authority is None:
            self._authority = CertificateAuthority()
        elif self._kept is not None and self._authority.ends_within(RENEWED_BEFORE):
            try:
                self._authority = self._kept.open()
            except InvalidParameter as error:
                logger.warning("the certificate authority stays as it was, and ends soon: %s", error.message)
        return self._authority

    def tls(
        self, wanted: WantedTls, names: Sequence[str] = (), client: ClientCertificates | None = None
    ) -> ServerTls | None:
        """Say how a mock server speaks TLS, None for not at all; `client` is whether clients show certificates.

        Raises:
            InvalidParameter: for what this service has not, or what does not go together.
        """
        if not wanted:
            _refuse_without_tls(names, client)
            return None
        if wanted == "own":
            return ServerTls(self._shown(names), clients=self._asked(client))
        return ServerTls(self.authority, checked_names(names), self._asked(client))

    def _shown(self, names: Sequence[str]) -> CertificateFiles:
        if names:
            raise InvalidParameter(
                "'tls_names' are those of a minted certificate, and yours has its own: ask for tls=true, or leave them"
                " out",
                parameter="tls_names",
            )
        if self._own is None:
            raise InvalidParameter(
                "This service has no certificate of its own: start it with --tls-cert and --tls-key, or ask for"
                " tls=true",
                parameter="tls",
            )
        return self._own

    def _asked(self, client: ClientCertificates | None) -> tuple[ClientAuthorities, ClientCertificates] | None:
        if client is None:
            return None
        if self._clients is None:
            raise InvalidParameter(
                "This service knows nobody who signs certificates of clients: start it with --tls-client-ca FILE, or"
                " leave 'tls_client_ca' out",
                parameter="tls_client_ca",
            )
        return self._clients, client


def _refuse_without_tls(names: Sequence[str], client: ClientCertificates | None) -> None:
    for name, given in (("tls_names", names), ("tls_client_ca", client)):
        if given:
            raise InvalidParameter(
                f"'{name}' is about TLS, which this mock server is not asked to speak: add tls=true"
                + (" or tls=own" if name == "tls_client_ca" else "")
                + ", or leave it out",
                parameter=name,
            )


def _own(settings: TlsSettings) -> CertificateFiles | None:
    if settings.certificate is None:
        if settings.key is not None:
            raise InvalidParameter(f"--tls-key {settings.key} is the key of no certificate: name that with --tls-cert")
        return None
    files = CertificateFiles(settings.certificate, settings.key)
    files.check_dates()
    if os.name == "posix" and files.key.stat().st_mode & stat.S_IROTH:
        logger.warning(
            "%s, with a private key, can be read by every user of this machine: give it the mode 0400", files.key
        )
    return files
