"""What all interactions have: provider states, a body, a key, comments."""

from __future__ import annotations

import json
import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias

from pactmock.contract.error import Refused
from pactmock.contract.interaction.draft import Draft
from pactmock.contract.match.matcher import AbstractMatcher
from pactmock.contract.reading import plain
from pactmock.errors import NotJson
from pactmock.pact.json.values import Json, parse

if TYPE_CHECKING:
    from pactmock.contract.pact import Pact
    from pactmock.pact.model import Interaction as InteractionValue
    from pactmock.pact.model import Pact as PactValue

Part: TypeAlias = Literal["Request", "Response"]
"""A part of an interaction; None where it is the one that is being written."""


class Interaction(ABC):
    """An interaction of a contract. All its methods return it, so that they can be written one after the other."""

    type: ClassVar[str]
    """The type as pact files name it."""

    def __init__(self, pact: Pact, description: str) -> None:
        self._pact = pact
        self._description = description
        self._states: list[dict[str, Json]] = []
        self._key: str | None = None
        self._pending = False
        self._comments: dict[str, Any] = {}
        self._was_played = False

    @property
    def description(self) -> str:
        return self._description

    @property
    def identity(self) -> tuple[str, str, str]:
        """What tells it from others in a pact file: type, description, and the names of its provider states."""
        return (self.type, self._description, json.dumps([state["name"] for state in self._states]))

    @property
    def was_played(self) -> bool:
        """Whether a mock server has played it: what it expects cannot be changed any more then."""
        return self._was_played

    @abstractmethod
    def _part(self, part: Part | None) -> Draft:
        """Return a part, or that which is being written."""

    @abstractmethod
    def _parts(self) -> dict[str, Json]:
        """Return the parts in consumer-test form, by their names there."""

    def to_value(self) -> InteractionValue:
        """Return the interaction as a value, as it is played and written.

        Raises:
            InvalidPact: when there can be no such interaction.
        """
        return self.to_pact().interactions[0]

    def to_pact(self) -> PactValue:
        """Return a pact that has nothing else, as a value.

        Raises:
            InvalidPact: when there can be no such interaction.
        """
        return self._pact.read([self])

    def play(self) -> None:
        """Note that it is played from now on."""
        self._was_played = True

    def to_json(self) -> dict[str, Json]:
        """Return the interaction in consumer-test form (docs/control-api.md)."""
        optional: dict[str, Json] = {
            "providerStates": self._states,
            "key": self._key,
            "pending": self._pending,
            "comments": self._comments,
        }
        return {
            "type": self.type,
            "description": self._description,
            **{name: value for name, value in optional.items() if value},
            **self._parts(),
        }

    def _change(self, part: Part | None) -> Draft:
        """Return a part that is about to be changed.

        Raises:
            ValueError: when the part is none.
            Refused: when a mock server has played the interaction.
        """
        self._check_open()
        if part not in {None, "Request", "Response"}:
            raise ValueError(f"Invalid part: {part}")
        return self._part(part)

    def _check_open(self) -> None:
        if self._was_played:
            raise Refused(
                f"'{self._description}' was played already, and what was tested cannot be changed: write another"
                " interaction with upon_receiving"
            )

    def given(self, state: str, parameters: Mapping[str, Any] | None = None, /, **kwargs: Any) -> Self:
        """Say what must be true of the provider, with parameters from a mapping, by keywords or both.

        More calls add more states, also of the same name.

        Raises:
            TypeError: for parameters that are no JSON, as matchers.
        """
        self._check_open()
        merged = {**(parameters or {}), **kwargs}
        written = json.loads(json.dumps(merged))
        self._states.append({"name": state, "params": written} if written else {"name": state})
        return self

    def with_body(self, body: Any = None, content_type: str | None = None, part: Part | None = None) -> Self:
        """Set the body: JSON with matchers anywhere in it, or a text.

        A text is read as JSON when it can be, also matchers in it, unless `content_type` says otherwise. None is JSON's
        null: for no body, leave the call out. Without `content_type`, a `Content-Type` header that is set before names
        the type; else it is what the body looks like.

        Raises:
            TypeError: for what is no JSON; `with_binary_body` takes bytes.
        """
        self._change(part).set_body(body, content_type)
        return self

    def with_binary_body(self, body: bytes | None, content_type: str | None = None, part: Part | None = None) -> Self:
        """Set the body to bytes, by default of type application/octet-stream; None or none of them is no body.

        Raises:
            TypeError: for what is not bytes.
        """
        self._change(part).set_binary_body(body, content_type)
        return self

    def with_matching_rules(self, rules: Mapping[str, Any] | str, part: Part | None = None) -> Self:
        """Add rules as a pact file has them: `{"body": {"$.a": ...}}`, or `{"$.body.a": ...}`; matchers can be in them.

        They come on top of those that are there, also where the path is the same.

        Raises:
            Refused: for a text that is no JSON.
        """
        self._change(part).add_rules(plain(rules, rules=True))
        return self

    def with_generators(self, generators: Mapping[str, Any] | str, part: Part | None = None) -> Self:
        """Add generators as a pact file has them: `{"body": {"$.a": ...}}`; objects of `generate` can stand in them.

        Raises:
            Refused: for a text that is no JSON.
        """
        self._change(part).add_generators(plain(generators, rules=True))
        return self

    def with_plugin_contents(
        self, contents: Mapping[str, Any] | str, content_type: str, part: Part | None = None
    ) -> Self:
        """Have the plugin of a content type make the contents, of what it wants to know.

        Without `using_plugin` before, nothing is made, with a warning.

        Raises:
            Refused: for a text that is no JSON.
        """
        wanted = plain(contents)
        draft = self._change(part)
        if not self._pact.plugins:
            warnings.warn(
                f"There is no plugin for the contents of '{self._description}': call using_plugin before", stacklevel=2
            )
            return self
        draft.set_plugin_contents(wanted, content_type)
        return self

    def set_key(self, key: str | None) -> Self:
        """Name the interaction, for the pact file (V4) and reports; None or an empty text takes the name away."""
        self._key = key or None
        return self

    def set_pending(self, *, pending: bool) -> Self:
        """Say whether the verification of the provider may fail for now (V4)."""
        self._pending = pending
        return self

    def set_comment(self, key: str, value: Any) -> Self:
        """Set a comment (V4): a text is read as JSON when it can be; None or an empty text takes it away."""
        if value in (None, ""):
            self._comments.pop(key, None)
        else:
            self._comments[key] = _parsed(value) if isinstance(value, str) else json.loads(json.dumps(value))
        return self

    def add_text_comment(self, comment: str) -> Self:
        """Add a text to the comments (V4)."""
        present = self._comments.get("text")
        self._comments["text"] = [*(present if isinstance(present, list) else ()), comment]
        return self

    def add_external_reference(self, group: str, name: str, value: Any) -> Self:
        """Add a reference to something elsewhere, as a ticket, to the comments (V4)."""
        references = self._comments.setdefault("references", {})
        references.setdefault(group, {})[name] = value
        return self

    def test_name(self, name: str) -> Self:
        """Note the name of the test in the comments (V4)."""
        self._comments["testname"] = name
        return self

    def __str__(self) -> str:
        return f"{type(self).__name__}({self._description})"

    def __repr__(self) -> str:
        state = "played" if self._was_played else "open"
        return f"<{type(self).__name__} {self._description!r} of {self._pact}, {state}>"


def _parsed(text: str) -> Json:
    try:
        return parse(text)
    except NotJson:
        return text


def metadata_value(value: Any) -> Json:
    """Return a value of metadata: any JSON, with matchers in it."""
    from pactmock.contract.match.example import with_example
    from pactmock.contract.match.matcher import to_json

    written = to_json(value)
    return with_example(written, None) if isinstance(value, AbstractMatcher) else written
