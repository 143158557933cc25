"""Certificates that mock servers show: minted by a certificate authority of ours, or brought in files by somebody."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pactmock.errors import InvalidParameter, PortUnavailable
from pactmock.server.wire.tls.pem_file import read_pem
from pactmock.server.wire.tls.server_names import no_name

if TYPE_CHECKING:
    import trustme

_MOST_HOSTS = 64
"""How many certificates are kept: whoever asks for a mock server can name a host that is none."""


class Certificates(Protocol):
    """Where the certificate of a mock server comes from."""

    def show(self, context: ssl.SSLContext, host: str, names: Sequence[str]) -> None:
        """Have the server side of TLS show a certificate, for a host and other names.

        Raises:
            PortUnavailable: when no certificate can name the host.
            InvalidParameter: when there is none that can be used.
        """


class CertificateAuthority:
    """A CA: a client that trusts `ca_pem` trusts all mock servers whose certificates it has signed."""

    def __init__(self, authority: trustme.CA | None = None, until: datetime | None = None) -> None:
        """Mint one that lives as long as the process, or have one that was kept, and ends at some time."""
        import trustme  # late: it brings 8 MB that a service without TLS need not hold

        self._authority = authority or trustme.CA(organization_name="pactmock", organization_unit_name="mock servers")
        self._until = until
        self._certificates: dict[tuple[str, ...], trustme.LeafCert] = {}

    @property
    def ca_pem(self) -> bytes:
        """The certificate to trust, in PEM form."""
        return self._authority.cert_pem.bytes()

    def ends_within(self, time: timedelta) -> bool:
        """Tell whether it ends in less than some time."""
        return self._until is not None and self._until - datetime.now(UTC) < time

    def show(self, context: ssl.SSLContext, host: str, names: Sequence[str]) -> None:
        """Show a minted certificate; it also names localhost and this machine."""
        self._certificate(host, tuple(names)).configure_cert(context)

    def _certificate(self, host: str, names: tuple[str, ...]) -> trustme.LeafCert:
        key = (host, *names)
        if key not in self._certificates:
            made = self._issued(host, names)
            if len(self._certificates) >= _MOST_HOSTS:
                del self._certificates[next(iter(self._certificates))]
            self._certificates[key] = made
        return self._certificates[key]

    def _issued(self, host: str, names: tuple[str, ...]) -> trustme.LeafCert:
        everywhere = ("localhost", "127.0.0.1", "::1", host)
        try:
            return self._signed(*everywhere, socket.gethostname(), *names)
        except ValueError:  # of the rules for names of hosts, which are UnicodeError mostly
            pass
        for name in names:
            if not self._can_sign(name):
                raise no_name(name)
        if host and not self._can_sign(host):
            raise PortUnavailable(
                f"'{host}' cannot be named in a certificate: listen on another host, or without TLS", host=host
            )
        return self._signed(*everywhere, *names)  # this machine has a name that no certificate can have: my_machine

    def _signed(self, *names: str) -> trustme.LeafCert:
        since = None if self._until is None else datetime.now(UTC) - timedelta(days=1)  # clocks differ
        return self._authority.issue_cert(*filter(None, dict.fromkeys(names)), not_before=since, not_after=self._until)

    def _can_sign(self, name: str) -> bool:
        try:
            self._signed(name)
        except ValueError:
            return False
        return True

    def __repr__(self) -> str:
        return f"<CertificateAuthority of {len(self._certificates)} certificates>"


class CertificateFiles:
    """A certificate that somebody has made, in PEM files; the key may be in the same file.

    They are read for each mock server, so one that starts after they were renewed shows what is in them then.
    """

    def __init__(
        self, certificate: Path, key: Path | None = None, options: tuple[str, str] = ("--tls-cert", "--tls-key")
    ) -> None:
        """Read them; `options` are what they are named with.

        Raises:
            InvalidParameter: when they cannot be, do not belong together, or the key has a password.
        """
        self._certificate, self._key = certificate, key or certificate
        self._named = f"{options[0]} {certificate}"
        self._options = options
        self.show(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), "", ())  # so that a wrong file is told of at once

    def show(self, context: ssl.SSLContext, host: str, names: Sequence[str]) -> None:  # noqa: ARG002  any are the same
        """Show it as it is; what it names is in it."""
        self._check_key(read_pem(self._options[0], self._certificate))
        try:
            context.load_cert_chain(self._certificate, self._key, password=self._refuse_to_ask)
        except OSError as error:  # an error of TLS is one
            raise InvalidParameter(self._sentence(error)) from None

    def check_dates(self) -> None:
        """See whether it holds today.

        Raises:
            InvalidParameter: when it does not, or cannot be read.
        """
        from cryptography import x509  # late: few bring a certificate

        try:
            first = x509.load_pem_x509_certificate(self._certificate.read_bytes())
        except (OSError, ValueError) as error:
            raise InvalidParameter(f"{self._named} cannot be read: {error}; name a PEM file") from None
        now = datetime.now(UTC)
        if first.not_valid_after_utc < now:
            raise InvalidParameter(
                f"{self._named} expired at {first.not_valid_after_utc:%Y-%m-%d %H:%M} UTC, so that no client would"
                " trust it: renew it"
            )
        if first.not_valid_before_utc > now:
            raise InvalidParameter(
                f"{self._named} holds from {first.not_valid_before_utc:%Y-%m-%d %H:%M} UTC on alone: set the clock, or"
                " have another made"
            )

    @property
    def key(self) -> Path:
        """The file with the key."""
        return self._key

    def _check_key(self, text: str) -> None:
        """See whether the key can be read, which is in the text of the certificate where it has no file of its own."""
        if self._key != self._certificate:
            text = read_pem(self._options[1], self._key, "PRIVATE KEY")
        elif "PRIVATE KEY-----" not in text:
            raise InvalidParameter(
                f"{self._named} holds no private key: name the file that has its key with {self._options[1]}"
            )
        if "ENCRYPTED" in text:
            raise InvalidParameter(self._has_password)

    @property
    def _has_password(self) -> str:
        return (
            f"The key in {self._key} has a password, for which nobody can be asked here: write it without one, by"
            f" `openssl pkey -in {self._key} -out FILE`, and name that with {self._options[1]}"
        )

    def _refuse_to_ask(self) -> str:
        """Stand where OpenSSL would ask for a password on the terminal."""
        raise InvalidParameter(self._has_password)

    def _sentence(self, error: OSError) -> str:
        reason = getattr(error, "reason", None) or error.strerror or str(error)
        if reason in {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH"}:
            return (
                f"The key in {self._key} is not that of the certificate {self._named}: name the two that belong"
                " together, the certificate first where the file has a chain"
            )
        return f"{self._named} with the key in {self._key} cannot be used: {spoken(reason)}; name PEM files"

    def __repr__(self) -> str:
        return f"<CertificateFiles {self._certificate}>"


def spoken(reason: str) -> str:
    """Write a reason of OpenSSL as words: EE_KEY_TOO_SMALL."""
    return reason.replace("_", " ").lower() if reason.isupper() else reason
