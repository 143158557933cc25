"""Which interactions may answer, by the provider states that they are given."""

from __future__ import annotations

from pactmock.errors import InvalidParameter, InvalidRule
from pactmock.matching.patterns.pattern import Pattern, compile_pattern
from pactmock.pact.model import HttpInteraction, Request
from pactmock.pact.value import value
from pactmock.stub.options import StubOptions

_LONGEST = 1000


@value
class States:
    """A pattern of names, and who asked for it: the command line, or a header of the request."""

    pattern: Pattern | None
    origin: str = "--provider-state"
    with_empty: bool = False

    def let(self, interaction: HttpInteraction) -> bool:
        """Tell whether an interaction may answer. One without states may not, unless that is asked for."""
        if self.pattern is None:
            return True
        names = [state.name for state in interaction.provider_states]
        if self.with_empty and (not names or "" in names):
            return True
        return any(self.pattern.search(name) for name in names)

    def why_not(self, interaction: HttpInteraction) -> str:
        """Say why an interaction may not answer."""
        asked = f"'{self.pattern.text if self.pattern else ''}' of {self.origin}"
        names = ", ".join(f"'{state.name}'" for state in interaction.provider_states)
        if names:
            return f"its provider states {names} do not fit {asked}"
        return f"it is given no provider state, and {asked} asks for one: --empty-provider-state lets it answer"


def of_options(options: StubOptions) -> States:
    """Return the states that the command line asks for.

    Raises:
        InvalidRule: when its pattern is none.
    """
    asked = options.provider_state
    return States(None if asked is None else compile_pattern(asked), with_empty=options.empty_provider_state)


def of_request(request: Request, options: StubOptions, otherwise: States) -> States:
    """Return the states that a request asks for by its header, else those of the command line.

    Raises:
        InvalidParameter: when its pattern is none.
    """
    if options.state_header is None:
        return otherwise
    values = request.headers.get(options.state_header)
    if values is None:
        return otherwise
    text = ", ".join(values)
    if len(text) > _LONGEST:
        raise InvalidParameter(f"The header {options.state_header} has more than {_LONGEST} characters: name a state")
    try:
        return States(compile_pattern(text), f"the header {options.state_header}", options.empty_provider_state)
    except InvalidRule as error:
        raise InvalidParameter(f"The header {options.state_header}: {error.problem}") from None
