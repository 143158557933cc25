"""What the Ruby service answers when it cannot do what it was asked (reference/ruby-api.md §3).

It has two kinds: sentences of its own, and exceptions of Ruby, whose class stands in the text. Clients show the body
and look at the status only, so the shape is kept, the class too, and what is said is ours.
"""

from __future__ import annotations

from pactmock.errors import PactmockError
from pactmock.pact.json.values import Json


class RubyError(PactmockError):
    """A call that the service refuses with a 500 and a sentence."""

    code = "ruby_service"
    status = 500

    @property
    def document(self) -> dict[str, Json]:
        """The body of the answer."""
        return {"message": self.message}


class RubyException(RubyError):
    """What the Ruby service fails at; `ruby_class` is the class of the exception that it raises then."""

    def __init__(self, ruby_class: str, problem: str) -> None:
        super().__init__(problem)
        self.ruby_class = ruby_class

    @property
    def document(self) -> dict[str, Json]:
        # The word is misspelled there, and somebody may look for it.
        return {"message": f"Error ocurred in mock service: {self.ruby_class} - {self.message}", "backtrace": []}
