"""The client of aiohttp in the process of the service, as plugins in Python use it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pactmock import SyncMockServer
from tests.pacts import pact
from tests.patience import HANG

_CALL = """
import asyncio, os, sys
from pathlib import Path
import pactmock.control.running
import aiohttp

async def call(url):
    async with aiohttp.ClientSession() as client, client.get(url) as answer:
        return answer.headers["X-Pact"]

trusted, unknown, certificate = sys.argv[1:]
Path(os.environ["SSL_CERT_FILE"]).write_text(certificate)
print(asyncio.run(call(trusted)))
try:
    asyncio.run(call(unknown))
except aiohttp.ClientConnectorCertificateError:
    print("refused")
"""


def test_it_trusts_the_authorities_of_the_system_which_are_first_read_when_it_connects(tmp_path: Path) -> None:
    with SyncMockServer(pact(), tls=True) as trusted, SyncMockServer(pact(), tls=True) as unknown:
        assert trusted.ca_pem is not None
        called = subprocess.run(
            [sys.executable, "-c", _CALL, trusted.url, unknown.url, trusted.ca_pem.decode()],
            env={**os.environ, "SSL_CERT_FILE": str(tmp_path / "ca.pem")},
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )
    assert called.stdout.split() == ["Unexpected-Request", "refused"], called.stderr
