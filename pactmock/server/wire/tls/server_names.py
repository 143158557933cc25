"""The names that a minted certificate has besides those of this machine: what the code under test calls it by."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from pactmock.errors import InvalidParameter

MOST_NAMES = 32
LONGEST_NAME = 253
"""That of a name in the DNS."""

_NAME = re.compile(r"(\*\.)?(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def checked_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return names and addresses in lower case, each once; `*.team.test` stands for all with one more part in front.

    Raises:
        InvalidParameter: for too many, or for one that no certificate can have.
    """
    if len(names) > MOST_NAMES:
        raise InvalidParameter(
            f"{len(names)} names are more than the {MOST_NAMES} that a certificate gets here: leave some out, or use a"
            " pattern such as *.team.test",
            parameter="tls_names",
        )
    return tuple(dict.fromkeys(map(_checked, names)))


def _checked(given: str) -> str:
    name = given.strip().lower()
    if _is_address(name) or (len(name) <= LONGEST_NAME and _NAME.fullmatch(name)):
        return name
    raise no_name(given)


def no_name(given: str) -> InvalidParameter:
    """Return the error that says that something cannot be a name in a certificate."""
    return InvalidParameter(
        f"{given[:LONGEST_NAME]!r} cannot be a name in a certificate: give names of hosts such as api.team.test or"
        " *.team.test, in ASCII (xn--... for others), or addresses, with commas between them",
        parameter="tls_names",
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return "%" not in name  # a zone is of one machine
