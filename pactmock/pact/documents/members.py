"""The members of a pact file: a slip of the pen is refused, and what nobody reads is warned of.

A reader passes over what it does not know. So `methd` made a GET of a POST, and nothing said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pactmock.errors import InvalidPact, Steps
from pactmock.pact.json.values import Json
from pactmock.pact.warnings import is_collecting, warn

METADATA = frozenset({"pactSpecification", "pact-specification", "plugins"})
"""Members of `metadata` that are read; anybody may have others there."""

PARTICIPANT = frozenset({"name"})
STATE = frozenset({"name", "params"})
_STATES = frozenset({"providerState", "provider_state", "providerStates"})
_PLACED = frozenset({"createdAt"})
"""What a broker adds, besides names that start with an underscore."""

PACT = frozenset({"consumer", "provider", "interactions", "messages", "metadata"}) | _PLACED
TYPED_PACT = PACT - {"messages"}
HTTP = frozenset({"description", "request", "response"}) | _STATES
_TYPED = frozenset(
    {"type", "key", "pending", "comments", "pluginConfiguration", "interactionMarkup", "transport"}
)  # fmt: skip
TYPED_HTTP = HTTP | _TYPED
CONTENTS = frozenset({"contents", "metadata", "metaData", "matchingRules", "generators"})
MESSAGE = CONTENTS | _STATES | {"description"}
TYPED_MESSAGE = MESSAGE | _TYPED
_PART = frozenset({"headers", "body", "matchingRules", "generators"})
TYPED_REQUEST = _PART | {"method", "path", "query"}
REQUEST = TYPED_REQUEST | {"requestMatchingRules"}
TYPED_RESPONSE = _PART | {"status"}
RESPONSE = TYPED_RESPONSE | {"responseMatchingRules"}


def check(members: Mapping[str, Json], known: frozenset[str], what: str, place: Steps) -> None:
    """Refuse names that are nearly those of members that are not there, and warn of others; `what` has the members.

    Raises:
        InvalidPact: with what may have been meant.
    """
    if not members.keys() <= known:
        check_near(members, known, what)
        for name in members.keys() - known if is_collecting() else ():
            if not name.startswith("_"):
                listed = ", ".join(sorted(known))
                text = (
                    f"{what} has no member '{name[:_SHOWN]}', so nothing reads it: leave it out, or use one of {listed}"
                )
                warn(text, "unknown_member", *place, name)


_SHOWN = 100


def check_near(members: Mapping[str, Json], known: frozenset[str], what: str) -> None:
    """Refuse names that are nearly those of members that are not there, where others may well be there.

    Raises:
        InvalidPact: as `check` does.
    """
    absent = known.difference(members)
    for name in members.keys() - known if is_collecting() else ():
        meant = _meant(name, absent) if len(name) <= _LONGEST else None
        if meant is not None:
            raise InvalidPact(f"{what} has no member '{name}': did you mean '{meant}'?").below(name)


_LONGEST = 30
_MOST_SLIPS = 2


@lru_cache(maxsize=1024)
def _meant(name: str, absent: frozenset[str]) -> str | None:
    """Return the member that is one or two slips of the pen away, if less than half of it was written otherwise."""
    near = ((_slips(name, each), each) for each in sorted(absent) if _may_mean(name, each))
    return min(
        ((slips, each) for slips, each in near if slips <= _MOST_SLIPS and 2 * slips < len(each)), default=(0, None)
    )[1]


def _may_mean(written: str, meant: str) -> bool:
    """Tell whether so few slips may be enough: it takes one for each letter more or less, and for each other letter."""
    return abs(len(written) - len(meant)) <= _MOST_SLIPS and len({*meant}.difference(written)) <= _MOST_SLIPS


def _slips(written: str, meant: str) -> int:
    """Count the letters that are left out, added, changed, or change places with the next one."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(written, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(meant, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and written[i - 2] == other:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]
