"""Calls to a running service, with nothing but the standard library, so that a command starts at once."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import click

from pactmock.pact.value import value
from pactmock.reports.visible import visible

EXIT_ERROR = 1
EXIT_MISMATCHES = 2
EXIT_NO_SUCH_SERVER = 3
_TIMEOUT_SECONDS = 60.0


@value
class Reply:
    """A status and the document that came with it, None where there was none."""

    status: int
    document: Any
    warnings: tuple[str, ...] = ()
    not_tested: int = 0
    """How many messages of a pact do not count in its verdict."""

    @property
    def error(self) -> str:
        """What the service says went wrong, in one line."""
        if isinstance(self.document, dict) and "error" in self.document:
            return visible(str(self.document["error"]))
        return f"the service answered with status {self.status}"


class Failure(click.ClickException):
    """A command that failed; click shows the sentence, and the shell sees the exit code."""

    def __init__(self, message: str, exit_code: int = EXIT_ERROR) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it from the instance


@value
class Remote:
    """A service somewhere."""

    host: str
    port: int
    token: str | None = None
    timeout: float = _TIMEOUT_SECONDS

    def call(
        self,
        method: str,
        *path: str,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Make one call.

        Raises:
            Failure: when the service cannot be reached.
        """
        target = "/" + "/".join(quote(step, safe="") for step in path) + (f"?{urlencode(query)}" if query else "")
        sent = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        try:
            connection.request(method, target, body=body, headers=sent)
            response = connection.getresponse()
            warnings = tuple(response.msg.get_all("X-Pactmock-Warning", ()))
            not_tested = response.headers.get("X-Pactmock-Not-Tested", "0")
            return Reply(response.status, _document(response.read()), warnings, int(not_tested))
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            raise Failure(
                f"No pactmock service answers on {self.host}:{self.port} ({error}): start one with `pactmock start`,"
                " or name its --host and --port"
            ) from None
        finally:
            connection.close()


def _document(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def show_warning(text: str) -> None:
    """Show what of a pact will disappoint somebody, apart from the answer of the command."""
    click.echo(f"Warning: {visible(text)}", err=True)


def no_such_server(key: str) -> Failure:
    """Make the failure of a command whose mock server is not there."""
    return Failure(
        f"There is no mock server with the id or port '{key}': `pactmock list` shows those that run",
        EXIT_NO_SUCH_SERVER,
    )
