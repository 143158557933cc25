"""How a mock server in a Python program speaks TLS, where that is more than yes or no: `pactmock.Tls`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value

if TYPE_CHECKING:
    from pathlib import Path

    from pactmock.server.wire.tls.certificates import CertificateAuthority
    from pactmock.server.wire.tls.context import ServerTls


@value
class Tls:
    """What a mock server shows, and what its clients show.

    `names` are more names of the certificate that is minted for it. Or it shows that of a file, `certificate`, with
    its `key`, which may be in the same file. With `client_ca`, a file with the authorities that sign certificates of
    clients, these are "required" or "optional", and stand in `MockServer.requests`. All files are PEM.
    """

    names: Sequence[str] = ()
    certificate: Path | str | None = None
    key: Path | str | None = None
    client_ca: Path | str | None = None
    clients: Literal["required", "optional"] = "required"


def spoken(tls: bool | Tls) -> tuple[ServerTls | None, CertificateAuthority | None]:
    """Return how TLS is spoken, None for not at all, and the authority that clients have to trust, where it is ours.

    Raises:
        InvalidParameter: for a file that cannot be used, or what does not go together.
    """
    if not tls:
        return None, None
    from pathlib import Path

    from pactmock.server.wire.tls.certificates import (  # late: few servers have either
        CertificateAuthority,
        CertificateFiles,
    )
    from pactmock.server.wire.tls.context import ClientAuthorities, ServerTls
    from pactmock.server.wire.tls.server_names import checked_names

    asked = Tls() if tls is True else tls
    if asked.clients not in _CLIENTS:
        known = " or ".join(_CLIENTS)
        raise InvalidParameter(f"clients={asked.clients!r} is not known: use {known}", parameter="clients")
    authorities = None if asked.client_ca is None else ClientAuthorities.read("client_ca", Path(asked.client_ca))
    clients = None if authorities is None else (authorities, asked.clients)
    if asked.certificate is None:
        if asked.key is not None:
            raise InvalidParameter(f"The key {asked.key} is that of no certificate: name it too", parameter="key")
        minting = CertificateAuthority()
        return ServerTls(minting, checked_names(asked.names), clients), minting
    if asked.names:
        raise InvalidParameter("A certificate in a file has its own names: leave 'names' out", parameter="names")
    key = None if asked.key is None else Path(asked.key)
    files = CertificateFiles(Path(asked.certificate), key, options=("certificate", "key"))
    files.check_dates()
    return ServerTls(files, clients=clients), None


_CLIENTS = ("required", "optional")
