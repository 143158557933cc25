"""Mock servers inside a Python program, without the service: `pactmock.MockServer` and `pactmock.SyncMockServer`."""

from pactmock.embedded.blocking import SyncMockServer
from pactmock.embedded.mock_server import MockServer
from pactmock.embedded.source import InteractionsSource, PactSource, load_pact

__all__ = ["InteractionsSource", "MockServer", "PactSource", "SyncMockServer", "load_pact"]
