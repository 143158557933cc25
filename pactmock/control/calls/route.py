"""What a route is: where it is, who answers it, and what that function takes, which its signature says.

A handler is a function of values. It names what it needs by its parameters, and their types say what is validated and
described: `query` and `body` are models, `server` is the mock server that the path names, `posted` is a pact or a
contract. So what a call takes is said once, where it is used.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pydantic import BaseModel

from pactmock.control.calls.reply import Streamed
from pactmock.pact.made_once import made_once

Handler: TypeAlias = Callable[..., Any]
"""Returns, or awaits and returns, what is answered: a model or JSON, None for nothing, or a `Reply`."""

SERVER = "/mockserver/{id}"
"""Where the calls about a mock server are."""

SCOPE = SERVER + "/scopes/{scope}"
"""Where those about one of its scopes are."""

Answers: TypeAlias = Mapping[int, type[BaseModel] | str]
"""Status to the document that is answered with it, or words about one that has no model."""


@dataclass(frozen=True)
class Route:
    """A call that can be made."""

    method: str
    path: str
    handler: Handler
    summary: str
    answers: Answers = field(default_factory=dict)
    posted: str = ""
    """What can be posted, for a handler that takes a pact or a contract."""

    @made_once
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self.handler, eval_str=True)

    @made_once
    def takes(self) -> Mapping[str, Any]:
        """The parameters of the handler, with their types."""
        return {name: parameter.annotation for name, parameter in self._signature.parameters.items()}

    @property
    def streams(self) -> bool:
        """Whether what it answers comes piece by piece."""
        return self._signature.return_annotation is Streamed

    @property
    def query(self) -> type[BaseModel] | None:
        """The model of the query parameters; None for a call that has none."""
        return self.takes.get("query")

    @property
    def body(self) -> type[BaseModel] | None:
        """The model of a JSON body; None for a call that has none."""
        return self.takes.get("body")
