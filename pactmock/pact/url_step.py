"""A name as one step of the path of a URL, which comes through every client as that step."""

from __future__ import annotations

from urllib.parse import quote


def url_step(name: str) -> str:
    """Percent-encode a name: also `/`, and dots where they would lead up, which clients take out of a path."""
    return name.replace(".", "%2E") if name in {".", ".."} else quote(name, safe="")
