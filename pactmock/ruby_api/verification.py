"""The text of a verification that failed, as the Ruby service writes it (reference/ruby-api.md §7).

What stands below "Diff with interaction" is ours: a sentence for each difference, the matcher that decided, advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.ruby_api.explaining import findings
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.matching import Candidate
from pactmock.ruby_api.rubyish import inspect
from pactmock.ruby_api.session import Incorrect, Session

MATCHED = "Interactions matched\n"
_LINE = "-" * 38
_MOST_NEAR, _LONGEST = 10, 16_000
"""Of how many interactions it is said what differs, and in how many characters: a test may fail a thousand times."""


def verification(session: Session, log: str | None) -> str:
    """Say what did not match; `log` is where there is more."""
    listed = [f"{item.target} (request {_listed(item.parts)} did not match)" for item in session.incorrect]
    unexpected = [*session.unexpected, *_unlisted(session)]
    return (
        "Actual interactions do not match expected interactions for mock MockService.\n\n"
        + _section("Incorrect requests", listed)
        + _section("Missing requests", [item.target for item in session.missing])
        + _section("Unexpected requests", unexpected)
        + "\n\n".join(item.said for item in session.incorrect)
        + f"\nSee {log or 'standard out/err'} for details.\n"
    )


def _section(title: str, lines: Iterable[str]) -> str:
    listed = "".join(f"\t{line}\n" for line in lines)
    return f"{title}:\n{listed}\n" if listed else ""


def _unlisted(session: Session) -> Iterator[str]:
    if session.unlisted:
        yield f"and {session.unlisted:,} more that did not match"


def _listed(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def incorrect(target: str, candidates: Sequence[Candidate]) -> Incorrect:
    """Say what differs in a request that had the route of some interactions and matched none."""
    parts = dict.fromkeys(part for item in candidates for part in item.differences.parts)
    return Incorrect(target, tuple(parts), cut("\n".join(map(_diff, candidates[:_MOST_NEAR])), _LONGEST))


def _diff(candidate: Candidate) -> str:
    lines = [f"Diff with interaction: {title(candidate.interaction)}", "Description of differences", _LINE]
    return "\n".join((*lines, *_said(candidate))) + "\n"


def title(interaction: Interaction) -> str:
    """Name an interaction as the Ruby service does: `"a request" given "a state"`."""
    state = interaction.provider_state
    return f'"{_text(interaction.description)}"' + (f' given "{_text(state)}"' if state is not None else "")


def _text(name: Json) -> str:
    return name if isinstance(name, str) else "" if name is None else inspect(name)


def _said(candidate: Candidate) -> Iterator[str]:
    for part, found in candidate.differences.parts.items():
        shown, more = findings(part, found)
        for item in shown:
            yield f"* {item.sentence}"
            if item.rule:
                yield f"  by {item.rule}"
            if item.advice:
                yield f"  {item.advice}"
        if more:
            yield f"* and {more:,} more in the {part}"
