"""A mock server as somebody has it who writes a shop, and the requests that they send while they do."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.pacts import Json, interaction, pact, rules
from tests.process import Running, call

JSON = {"Content-Type": "application/json"}
ORDER = {"customer": {"id": 42, "name": "Ada"}, "items": [{"sku": "A-1", "count": 2}], "note": "at the door"}
WRONG_ORDER = ORDER | {"customer": {"id": "42", "name": "Ada"}, "items": [{"sku": "a-1", "count": 2}]}
"""Two values differ: a number is a text, and a SKU is in lower case."""

SHOP = pact(
    interaction(
        "a new order",
        {
            "method": "POST",
            "path": "/orders",
            "headers": JSON,
            "body": ORDER,
            "matchingRules": rules(**{"$.items[*].sku": {"match": "regex", "regex": "[A-Z]-\\d+"}}),
        },
        status=201,
    ),
    interaction("a user", {"path": "/users/1"}, body="Ada") | {"providerState": "user 1 exists"},
    consumer="shop",
    provider="orders",
)


def play(service: Running, document: Any = SHOP, token: str | None = None, **query: str) -> Json:
    """Start a mock server; return it as the service describes it."""
    options = "&".join(f"{name}={value}" for name, value in query.items())
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    status, created = call("POST", f"{service.url}/?{options}", document, headers)
    assert status == 200, created
    server: Json = created["mockServer"]
    return server


def ask(server: Json, method: str = "GET", path: str = "/users/1", document: Any = None) -> int:
    """Send a request to a mock server, as the code under test does; return the status of the answer."""
    request = ["curl", "-s", "-g", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, server["url"] + path]
    body = [] if document is None else ["-H", "Content-Type: application/json", "--data-binary", "@-"]
    sent = None if document is None else json.dumps(document).encode()
    done = subprocess.run([*request, *body], input=sent, capture_output=True, check=True)
    return int(done.stdout)


def received(service: Running, server: Json) -> list[Json]:
    """Return what a mock server received, the oldest first."""
    _, listed = call("GET", f"{service.url}/mockserver/{server['id']}/requests")
    entries: list[Json] = listed["requests"]
    return entries


def run_in_shell(line: str, directory: Path) -> None:
    """Run a command line that somebody copied."""
    subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, cwd=directory)


DROP = """files => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(files)) transfer.items.add(new File([text], name));
    for (const kind of ['dragenter', 'dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


def files(**documents: Any) -> Mapping[str, str]:
    """Make files with these documents, as `DROP` takes them."""
    return {f"{name}.json": json.dumps(document) for name, document in documents.items()}
