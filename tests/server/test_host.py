"""However an address is written, it is the same."""

from __future__ import annotations

import pytest

from pactmock.server.host import canonical
from pactmock.server.options import ALL_INTERFACES
from pactmock.service.settings import is_loopback


@pytest.mark.parametrize("host", ["0", "0.0", "0x0", "0.0.0.0", "::", "::0", "[::]", "::ffff:0.0.0.0", "*"])  # noqa: S104
def test_all_interfaces_are_all_interfaces(host: str) -> None:
    assert canonical(host) in ALL_INTERFACES


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "::ffff:127.0.0.1", "[::1]", "0:0:0:0:0:0:0:1"])
def test_loopback_is_loopback(host: str) -> None:
    assert is_loopback(canonical(host))


@pytest.mark.parametrize("host", ["localhost", "sidecar", "a..b", "1.2.3.4.5", "[::1", "99999999999", "0x"])
def test_what_is_no_address_stays_as_it_is(host: str) -> None:
    assert canonical(host) == host
