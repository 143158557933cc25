"""Makes pacts with the native Pact library: `python native_forms.py CONTRACTS.json DIRECTORY`.

In a process of its own, as the library keeps settings for a whole process. The contracts are in the consumer-test form;
what the library wrote of each is printed, all in one JSON list.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pact_ffi
from pact_ffi import InteractionPart


def make_pact(contract: dict[str, Any], directory: Path) -> Any:
    """Make one contract call by call, as the libraries of all languages do, and return what is written."""
    pact = pact_ffi.new_pact(contract["consumer"], contract["provider"])
    pact_ffi.with_specification(pact, getattr(pact_ffi.PactSpecification, contract["specification"]))
    for described in contract["interactions"]:
        interaction = pact_ffi.new_interaction(pact, described["description"])
        request, response = described["request"], described["response"]
        pact_ffi.with_request(interaction, request["method"], _text(request["path"]))
        for name, value in request.get("query", {}).items():
            for index, item in enumerate(_items(value)):
                pact_ffi.with_query_parameter_v2(interaction, name, index, _text(item))
        _fill(interaction, InteractionPart.REQUEST, request)
        pact_ffi.response_status_v2(interaction, _text(response["status"]))
        _fill(interaction, InteractionPart.RESPONSE, response)
    pact_ffi.pact_handle_write_file(pact, str(directory), overwrite=True)
    return json.loads((directory / f"{contract['consumer']}-{contract['provider']}.json").read_text())


def _fill(interaction: Any, part: InteractionPart, described: dict[str, Any]) -> None:
    for name, value in described.get("headers", {}).items():
        for index, item in enumerate(_items(value)):
            pact_ffi.with_header_v2(interaction, part, name, index, _text(item))
    if "contents" in described:
        content_type, body = described["contents"]["content-type"], described["contents"]["body"]
        is_text = isinstance(body, str) and "json" not in content_type
        pact_ffi.with_body(interaction, part, content_type, body if is_text else json.dumps(body))


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


if __name__ == "__main__":
    contracts, target = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
    print(json.dumps([make_pact(contract, target) for contract in contracts]))  # noqa: T201
