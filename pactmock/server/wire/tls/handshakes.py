"""Why a TLS handshake failed, in a sentence that says what to do: the client was told a number at most."""

from __future__ import annotations

import ssl

_NOT_ACCEPTED = (
    "The client did not accept the certificate of this mock server ({reason}): have it trust the certificate of GET"
    " /ca.pem, or the one that has signed yours, and call by a name that is in it (tls_names=...)"
)
_SENTENCES = {
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": (
        "A client showed no certificate, and this mock server requires one (tls_client_ca=required): give the client"
        " one that an authority of --tls-client-ca has signed"
    ),
    "CERTIFICATE_VERIFY_FAILED": (
        "A client showed a certificate that is not accepted ({reason}): give it one for clients that an authority of"
        " --tls-client-ca has signed"
    ),
    "UNSUPPORTED_PROTOCOL": "A client speaks an older TLS than 1.2, which is the oldest here: have it speak 1.2 or 1.3",
    "NO_SHARED_CIPHER": (
        "A client and this mock server have no cipher in common: have the client take those of TLS 1.2 or 1.3 that"
        " are usual today, and that suit the key of the certificate"
    ),
    **dict.fromkeys(
        (
            "TLSV1_ALERT_UNKNOWN_CA", "SSLV3_ALERT_BAD_CERTIFICATE", "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
            "SSLV3_ALERT_CERTIFICATE_EXPIRED", "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        ),
        _NOT_ACCEPTED,
    ),
}  # fmt: skip
_OTHER = "A TLS handshake failed: {reason}; see what the client says of it"


def told(error: ssl.SSLError) -> str:
    """Say why a handshake failed on the side of the server."""
    reason = error.reason or str(error)
    shown = getattr(error, "verify_message", "") or reason.replace("_", " ").lower()
    return _SENTENCES.get(reason, _OTHER).format(reason=shown)
