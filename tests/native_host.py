"""Plays a contract with the native Pact library, for comparison: `python native_host.py CONTRACT.json PACT_DIRECTORY`.

In a process of its own, as the library keeps plugins and settings for a whole process. The contract is one interaction
with CSV in its request and its response, and the requests to send; what came of it is printed as JSON.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from typing import Any

import pact_ffi


def main(contract: dict[str, Any], directory: str) -> dict[str, Any]:
    """Configure, play, write."""
    pact = pact_ffi.new_pact("CsvClient", "CsvServer")
    pact_ffi.with_specification(pact, pact_ffi.PactSpecification.V4)
    pact_ffi.using_plugin(pact, "csv", contract["version"])
    interaction = pact_ffi.new_interaction(pact, "an upload")
    pact_ffi.with_request(interaction, "POST", "/reports")
    pact_ffi.response_status(interaction, 200)
    for part, contents in (
        (pact_ffi.InteractionPart.REQUEST, contract["request"]),
        (pact_ffi.InteractionPart.RESPONSE, contract["response"]),
    ):
        pact_ffi.interaction_contents(interaction, part, contents["content-type"], json.dumps(contents))
    server = pact_ffi.create_mock_server_for_transport(pact, "127.0.0.1", 0, "http", None)
    answers = [_post(f"http://127.0.0.1:{server.port}/reports", body) for body in contract["bodies"]]
    mismatches = pact_ffi.mock_server_mismatches(server)
    pact_ffi.write_pact_file(server, directory, overwrite=True)
    pact_ffi.cleanup_plugins(pact)
    return {"answers": answers, "mismatches": mismatches}


def _post(url: str, body: str) -> tuple[int, str]:
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "text/csv;charset=utf-8"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123  a script for one purpose
        print(json.dumps(main(json.load(file), sys.argv[2])))  # noqa: T201
