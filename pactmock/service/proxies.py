"""Proxies that are believed when they say how the service was called: whoever is not one could say anything."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value


@value
class Proxies:
    """Addresses, as networks of any size."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Proxies:
        """Read addresses and networks; a text may have several, with commas between them.

        Raises:
            InvalidParameter: naming what is none.
        """
        return cls(tuple(_network(item.strip()) for text in texts for item in text.split(",")))

    def trusts(self, address: str) -> bool:
        """Tell whether a caller with this address is one of them."""
        if not self.networks:
            return False
        try:
            found = ip_address(address)
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in network for network in self.networks)


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise InvalidParameter(
            f"--trusted-proxies {text[:100]!r} is no address: give one like 10.0.0.7, or a network like 10.0.0.0/8"
        ) from None
