"""What a call says of the test it is for, to and from what generators look at (reference/plugins.md §5.7)."""

from __future__ import annotations

from pactmock.generators.context import GeneratorContext, Mode
from pactmock.pact.json.values import Json
from pactmock.plugins.protocol.values import GenerateFieldRequest, GenerateRequest


def context_of(request: GenerateRequest | GenerateFieldRequest, otherwise: Mode = Mode.CONSUMER) -> GeneratorContext:
    """Return what generators look at; `otherwise` is the mode of a call that does not say one."""
    server = request.test_context.get("mockServer")
    url = server.get("url", server.get("href")) if isinstance(server, dict) else None
    return GeneratorContext(
        request.mode or otherwise,
        mock_server_url=url if isinstance(url, str) else None,
        values=request.test_context,
    )


def as_test_context(context: GeneratorContext) -> dict[str, Json]:
    """Return what a plugin is told: the values of provider states, and the mock server."""
    url = context.mock_server_url
    if url is None:
        return dict(context.values)
    port = url.rpartition(":")[2].partition("/")[0]
    server: dict[str, Json] = {"url": url, "href": url}
    return {**context.values, "mockServer": server | ({"port": int(port)} if port.isdigit() else {})}
