"""A consumer's test beside the sidecar: post the pact, let the code call the mock server, verify."""

from __future__ import annotations

import http.client
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CONTROL_URL = os.environ["CONTROL_URL"]
PACT = Path(__file__).with_name("pact.json")


def call(method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    """Make one call; return the status and the JSON document that came with it."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    connection.request(method, f"{address.path}?{address.query}".rstrip("?"), body, headers)
    response = connection.getresponse()
    content = response.read()
    return response.status, json.loads(content) if content else None


def state_of_order(provider_url: str, number: int) -> str:
    """The code under test: a piece of the shop."""
    _, order = call("GET", f"{provider_url}/orders/{number}", Accept="application/json")
    return str(order["state"])


def expect(status: int, answer: tuple[int, Any]) -> Any:
    """Return the document of an answer, or end the test, with what was answered, when it is not what was expected."""
    if answer[0] != status:
        sys.exit(f"expected status {status}, got {answer[0]}: {json.dumps(answer[1], indent=2)}")
    return answer[1]


server = expect(200, call("POST", f"{CONTROL_URL}/", PACT.read_bytes()))["mockServer"]
if state_of_order(server["gatewayUrl"], 42) != "shipped":
    sys.exit("order 42 is not shipped")
expect(204, call("POST", f"{CONTROL_URL}/mockserver/{server['id']}/verify"))
expect(204, call("DELETE", f"{CONTROL_URL}/mockserver/{server['id']}"))
sys.stdout.write("The shop reads orders as its pact says; the pact is written.\n")
