"""What differs in words: a sentence for each place, the rule that decided, and advice where the cause is a usual one.

The Ruby service prints a diff and its own sentences there, which no client reads; these are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from pactmock.errors import Steps
from pactmock.matching.explaining import explanation as kinds
from pactmock.matching.explaining.explain import shown_request
from pactmock.matching.explaining.explanation import Difference as Shown
from pactmock.matching.explaining.explanation import Explanation, NearMiss, PartFinding
from pactmock.matching.interaction_name import InteractionName
from pactmock.matching.texts.shortening import cut
from pactmock.pact.json.values import Json
from pactmock.pact.model import Request
from pactmock.pact.value import value
from pactmock.ruby_api.differences import Absent, Difference, Differences, Wanted, each, type_name
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.matching import Candidate
from pactmock.ruby_api.rubyish import inspect
from pactmock.ruby_api.tree.examples import example
from pactmock.ruby_api.tree.matchers import ArrayLike, Regexp, SomethingLike, Term, Tree

MOST_LINES, _MOST_NEAR = 50, 10
"""How many differences of one part are said, and of how many interactions."""


@value
class Finding:
    """One difference in words. `place` is as `$.body.a[0]`."""

    part: str
    place: str
    difference: Difference
    sentence: str
    rule: str | None
    advice: str | None


def findings(part: str, found: Differences, most: int = MOST_LINES) -> tuple[list[Finding], int]:
    """Say the first of what differs in a part of a request, and how much more does: of a large body, millions may."""
    every = each(found)
    said = [_finding(part, steps, difference) for steps, difference in islice(every, most)]
    return said, sum(1 for _ in every)


def _finding(part: str, steps: Steps, found: Difference) -> Finding:
    place = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in (part, *steps))
    sentence = f"{_sentence(part, steps, found)} at {cut(place)}"
    return Finding(part, place, found, sentence, _rule(found.matcher), _advice(part, found))


def _sentence(part: str, steps: Steps, found: Difference) -> str:
    expected, actual = found.expected, found.actual
    if actual is Absent.KEY:
        return f"Could not find {_called(part, steps)}, expected to be {_wanted(found)}"
    if expected is Absent.NO_KEY:
        return f"Did not expect {_called(part, steps)}, which is {_shown(actual)}"
    if actual is Absent.ITEM:
        return f"Expected another item, {_wanted(found)}, but the list ended"
    if expected is Absent.NO_ITEM:
        return f"Expected the list to end, but got {_shown(actual)}"
    return f"Expected {_wanted(found)} but got {_got(found)}"


def _called(part: str, steps: Steps) -> str:
    kind = {"headers": "the header", "query": "the parameter"}.get(part, "key")
    return f"{kind} {inspect(str(steps[-1]))}" if steps else f"the {part}"


def _wanted(found: Difference) -> str:
    if found.wanted is Wanted.TYPE:
        return f"{_a(type_name(found.expected))} (like {_shown(found.expected)})"
    if found.wanted is Wanted.MATCH:
        return f"a String matching {cut(found.expected)}"
    return _shown(found.expected)


def _got(found: Difference) -> str:
    if found.wanted is Wanted.TYPE:
        return f"{_a(type_name(found.actual))} ({_shown(found.actual)})"
    return _shown(found.actual)


def _a(name: str) -> str:
    if name == "NilClass":
        return "nil"
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def _shown(item: Json) -> str:
    return cut(inspect(item))


def _rule(matcher: Tree) -> str | None:
    """Say which matcher decided, None where equality did."""
    match matcher:
        case Term():
            return f"Pact::Term {cut(matcher.matcher.shown)}"
        case Regexp():
            return f"Regexp {cut(matcher.shown)}"
        case ArrayLike():
            return f"Pact::ArrayLike with a min of {matcher.least}"
        case SomethingLike():
            return "Pact::SomethingLike"
    return None


def _advice(part: str, found: Difference) -> str | None:
    expected, actual = found.expected, found.actual
    if expected is Absent.NO_KEY and part == "body":
        return "expect it too: a body has only the keys that are expected, also under matchers"
    if isinstance(expected, Absent) or isinstance(actual, Absent):
        return None
    if part == "headers" and found.wanted is Wanted.EQUAL and isinstance(actual, str):
        return "values of headers are compared to the letter: use a Term where several are fine"
    if isinstance(actual, str) and isinstance(expected, dict | list) and part == "body":
        return "send it with a Content-Type that says json: without one a body is taken for text"
    if found.wanted is Wanted.EQUAL and _are_alike(expected, actual):
        return "one is a number and the other a text: expect what is sent, or use SomethingLike of that"
    return None


def _are_alike(expected: Json, actual: Json) -> bool:
    return {type(expected), type(actual)} in ({int, str}, {float, str}) and str(expected) == str(actual)


# As the explanations that all reports are made of.

_TYPES = {
    "headers": ("HeaderMismatch", "key"),
    "query": ("QueryMismatch", "parameter"),
    "body": ("BodyMismatch", "path"),
}


def explain(request: Request, candidates: Sequence[Candidate]) -> Explanation:
    """Explain why a request did not match: the interactions of its route, or that there are none."""
    received = cut(request.method), cut(request.path)
    if not candidates:
        return Explanation(kinds.NOT_FOUND, *received, received=received, request=shown_request(request))
    near = tuple(map(_near_miss, candidates[:_MOST_NEAR]))
    return Explanation(
        kinds.MISMATCH,
        near[0].method,
        near[0].path,
        interaction=near[0].interaction,
        received=received,
        request=shown_request(request),
        parts=near[0].parts,
        near=near,
    )


def several(request: Request, matching: Sequence[Interaction]) -> Explanation:
    """Explain that several interactions match a request, which the Ruby service refuses."""
    names = ", ".join(cut(inspect(item.description)) for item in matching[:_MOST_NEAR])
    return undecided(
        request, f"{len(matching)} interactions match ({names}): clear those of other tests, or have them differ"
    )


def undecided(request: Request, error: str) -> Explanation:
    """Explain that a request could not be compared with what is expected."""
    received = cut(request.method), cut(request.path)
    return Explanation(kinds.REFUSED, *received, received=received, error=cut(error))


def missing(interaction: Interaction) -> Explanation:
    """Explain that no request came for an interaction."""
    expected = interaction.request
    return Explanation(kinds.MISSING, cut(expected.method), cut(path_of(interaction)), interaction=name_of(interaction))


def name_of(interaction: Interaction) -> InteractionName:
    """Name an interaction for reports."""
    state = interaction.provider_state
    states = () if state is None else ({"name": cut(_text(state))},)
    return InteractionName(cut(_text(interaction.description)), interaction.key, 0, states)


def path_of(interaction: Interaction) -> str:
    """Return the path that is expected, as an example."""
    return str(example(interaction.request.path))


def _text(item: Json) -> str:
    return item if isinstance(item, str) else inspect(item)


def _near_miss(candidate: Candidate) -> NearMiss:
    said = {name: findings(name, found) for name, found in candidate.differences._asdict().items()}
    parts = tuple(PartFinding(name, tuple(map(_difference, shown)), more) for name, (shown, more) in said.items())
    score = -sum(len(part.differences) + part.more for part in parts)
    interaction = candidate.interaction
    advice = next((item.advice for shown, _ in said.values() for item in shown if item.advice), None)
    return NearMiss(
        name_of(interaction), cut(interaction.request.method), cut(path_of(interaction)), score, parts, advice
    )


def _difference(found: Finding) -> Shown:
    kind, place = _TYPES[found.part]
    at = cut(found.place if place == "path" else found.place.split(".", 2)[-1])
    rule: Json = None if found.rule is None else {"path": cut(found.place), "matchers": [{"match": found.rule}]}
    expected, actual = found.difference.expected, found.difference.actual
    return Shown(kind, (place, at), _shown_if_there(expected), _shown_if_there(actual), found.sentence, rule)


def _shown_if_there(item: Json) -> str | None:
    return None if isinstance(item, Absent) else _shown(item)
