"""A report as test cases, for formats that are lists of them: one for each interaction, and one for all that fits none.

A list of cases must never be greener than the verdict. What was not expected, what was refused, what is only counted,
and a pact file that could not be written are cases that fail; what nobody tested is skipped, and so are warnings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.texts.shortening import cut
from pactmock.pact.value import value
from pactmock.reports.counted import counted
from pactmock.reports.listed import ListedInteraction
from pactmock.reports.problems import Problem, problems
from pactmock.reports.report import ServerReport
from pactmock.reports.sentence import state_name
from pactmock.reports.visible import visible

PASSED, FAILED, ERROR, SKIPPED = "passed", "failed", "error", "skipped"

_MOST_CASES = 5000
"""How many interactions and messages of a mock server are cases of their own; the others are counted."""

_LONGEST_NAME = 400


@value
class Case:
    """One test case. `reason` says in a sentence why it did not pass; texts are lines without control characters."""

    name: str
    state: str = PASSED
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    target: str = ""
    """Method and path of an interaction, where it has them."""
    served: int | None = None
    """How many requests it was the answer to, or how often the message was handled."""
    lines: tuple[str, ...] = ()


def cases(server: ServerReport) -> list[Case]:
    """Return all test cases of a mock server."""
    found = _Found(server)
    listed = [*(_interaction(item, server, found) for item in server.interactions), *_messages(server, found)]
    shown = _fewer(listed)
    others = [Case(cut(each.headline, _LONGEST_NAME), _state([each]), each.sentence, (each,)) for each in found.others]
    rest = [*others, *_of_the_server(server)]
    if not server.matched and not any(item.state in {FAILED, ERROR} for item in (*shown, *rest)):
        rest.append(Case("all that was expected", FAILED, "Not all matched, and nothing says what: read the log"))
    return [*_told_apart([*shown, *rest]), *_warnings(server.warnings)]


class _Found:
    """The problems of a mock server, by the interactions and messages that they are about."""

    def __init__(self, server: ServerReport) -> None:
        known = {(False, item.name.key) for item in server.interactions}
        known |= {(True, item.name.key) for item in server.messages}
        self.of: Mapping[tuple[bool, str], list[Problem]] = defaultdict(list)
        self.others: list[Problem] = []
        for explanation, problem in zip(server.explanations, problems(server.explanations), strict=True):
            name = explanation.interaction
            about = (explanation.type in _OF_MESSAGES, name.key) if name is not None else None
            is_its_own = explanation.type != kinds.NOT_FOUND and about in known
            (self.of[about] if about is not None and is_its_own else self.others).append(problem)


_OF_MESSAGES = frozenset({kinds.MISSING_MESSAGE, kinds.MESSAGE_FAILED, kinds.MESSAGE_MISMATCH})


def _interaction(item: ListedInteraction, server: ServerReport, found: _Found) -> Case:
    name, target = case_name(item.name), " ".join(filter(None, (item.method, item.path)))
    own = found.of.get((False, item.name.key), ())
    if own:
        return _failed(name, own, visible(target), item.served)
    state, reason = PASSED, ""
    if item.received is None and not server.matched:
        state, reason = SKIPPED, "Only the plugin that plays it knows whether it was asked for"
    elif item.received is False:
        state, reason = FAILED, f"{visible(target)} was expected and never came"
    elif item.served == 0 and server.unlisted:
        state, reason = SKIPPED, "Nobody can say: what did not match is only counted from some number on"
    return Case(name, state, reason, target=visible(target), served=item.served)


def _messages(server: ServerReport, found: _Found) -> Iterator[Case]:
    for item in server.messages:
        name = case_name(item.name)
        own = found.of.get((True, item.name.key), ())
        if own:
            yield _failed(name, own, "", item.handled)
        elif server.not_tested:
            yield Case(name, SKIPPED, "Not tested: nobody asked for this message here")
        elif not item.handled:
            yield Case(name, FAILED, "The message was never handled", served=0)
        else:
            yield Case(name, served=item.handled)


def _failed(name: str, own: Sequence[Problem], target: str, served: int | None) -> Case:
    more = f" (and {len(own) - 1:,} more)" if len(own) > 1 else ""
    return Case(name, _state(own), own[0].sentence + more, tuple(own), target, served)


def _state(found: Sequence[Problem]) -> str:
    """A case that nobody could decide on is an error; one with any other problem has failed."""
    return ERROR if all(each.type in _UNDECIDED for each in found) else FAILED


_UNDECIDED = frozenset({kinds.UNDECIDED, kinds.REFUSED})


def case_name(name: InteractionName) -> str:
    """Name an interaction as a case: `a request for a user (given user 1 exists)`."""
    states = ", ".join(map(state_name, name.provider_states))
    return (
        cut(visible(name.description + (f" (given {states})" if states else "")), _LONGEST_NAME) or "(no description)"
    )


def _fewer(listed: list[Case]) -> list[Case]:
    """Leave out what passed where there are too many, then what has nothing to say that is not said elsewhere."""
    if len(listed) <= _MOST_CASES:
        return listed
    first = [item for item in listed if item.problems]
    rest = islice((item for item in listed if not item.problems), max(0, _MOST_CASES - len(first)))
    kept = {id(item) for item in (*first, *rest)}
    shown = [item for item in listed if id(item) in kept]
    left_out = f"{len(listed) - len(shown):,} more interactions and messages"
    return [*shown, Case(left_out, SKIPPED, "They are left out, as this pact is large: their problems are counted")]


def _told_apart(listed: list[Case]) -> Iterator[Case]:
    """Number cases of one name: who reads reports takes those for the same test."""
    seen: dict[str, int] = defaultdict(int)
    for item in listed:
        seen[item.name] += 1
        number = seen[item.name]
        yield item if number == 1 else replace(item, name=f"{item.name} #{number}")


def _of_the_server(server: ServerReport) -> Iterator[Case]:
    if server.unlisted:
        text = f"{server.unlisted:,} more problems were counted, and are not listed"
        yield Case("what is not listed", FAILED, text)
    if server.error:
        yield Case("the pact file", ERROR, visible(f"All matched, and the pact could not be written: {server.error}"))


def _warnings(texts: Sequence[str]) -> Iterator[Case]:
    if texts:
        reason = f"{counted(len(texts), 'warning')}: what passes here may fail for the provider"
        yield Case("warnings of the pact", SKIPPED, reason, lines=tuple(f"warning: {visible(text)}" for text in texts))
