"""Values as Ruby shows them in the texts that clients print: `nil`, `"a\\nb"`, `[1]`."""

from __future__ import annotations

from pactmock.pact.json.values import Json, in_order


def inspect(value: Json) -> str:
    """Show a value."""
    if value is None:
        return "nil"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inspect(key)}=>{inspect(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(inspect, value))}]"
    return in_order(value).decode()
