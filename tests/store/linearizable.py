"""Whether what was answered to calls that were under way at once is what one process says to them one after another.

The search is that of J. M. Wing and C. Gong, "Testing and Verifying Concurrent Objects", Journal of Parallel and
Distributed Computing 17 (1993): of the calls that may have been the next one, try each whose answer the model gives.
That no state is searched from twice is from G. Lowe, "Testing for Linearizability", Concurrency and Computation 29
(2017).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Generic, TypeVar

_MOST = 100_000
"""From how many states it is searched at most: a history of which more are looked at may have an order, or none."""

State = TypeVar("State", bound=Hashable)


@dataclass(frozen=True)
class Call:
    """A call that was made: what of, when it was begun and ended, and what was answered.

    Of one that is `lost` nobody knows whether it was obeyed: it had no answer, and ends never.
    """

    what: Any
    begun: float
    ended: float
    answer: Any

    @property
    def is_lost(self) -> bool:
        return self.ended == inf


class Search(Generic[State]):
    """The search for an order in which a model gives the answers of a history."""

    def __init__(
        self,
        model: Callable[[State, Any], Iterable[tuple[State, Any]]],
        looks: Callable[[Any], bool],
        history: Sequence[Call],
    ) -> None:
        """Take a model, which says what may come of a call: what is true after it, and what is answered.

        `looks` tells of a call whether it only looks, and changes nothing, whatever is true.
        """
        self._looks = looks
        self._model = model
        self._history = sorted(history, key=lambda call: call.begun)
        self._seen: set[tuple[int, State]] = set()
        self.longest: tuple[tuple[int, ...], State | None] = ((), None)
        """The longest order that was found, and what the model had come to by then."""

    def finds_order(self, begin: State) -> bool:
        """Tell whether there is an order, in which no call comes before one that had ended when it was begun."""
        tried: list[tuple[State, int, tuple[int, ...]]] = [(begin, 0, ())]
        while tried:
            state, done, order = tried.pop()
            if len(order) > len(self.longest[0]) or self.longest[1] is None:
                self.longest = (order, state)
            left = [n for n in range(len(self._history)) if not done >> n & 1]
            if all(self._history[n].is_lost for n in left):
                return True
            if len(self._seen) > _MOST:
                return True
            found = self._next(state, left)
            # One that only looks may well be the next: whatever order there is, it can be moved to here.
            found = next(([each] for each in found if self._looks(self._history[each[1]].what)), found)
            for after, number in found:
                then = done | 1 << number
                if (then, after) not in self._seen:
                    self._seen.add((then, after))
                    tried.append((after, then, (*order, number)))
        return False

    def _next(self, state: State, left: Sequence[int]) -> list[tuple[State, int]]:
        """Return the calls that may have been the next, with what is true after each; the best guess is the last."""
        first_end = min(self._history[n].ended for n in left)
        found = []
        for number in reversed(left):
            call = self._history[number]
            if call.begun <= first_end:
                for after, answer in self._model(state, call.what):
                    if call.is_lost or answer == call.answer:
                        found.append((after, number))
        return found

    def explain(self) -> str:
        """Say how far an order was found, and what could have come next."""
        order, state = self.longest
        lines = [f"{'':>4} {self._shown(number)}" for number in order]
        left = [n for n in range(len(self._history)) if n not in order]
        first_end = min((self._history[n].ended for n in left), default=inf)
        for number in left:
            call = self._history[number]
            said = ""
            if call.begun <= first_end and state is not None:
                said = f"   (the model would say {[answer for _, answer in self._model(state, call.what)]})"
            lines.append(f"{'left':>4} {self._shown(number)}{said}")
        return "\n".join([*lines, f"state {state}"])

    def _shown(self, number: int) -> str:
        call, first = self._history[number], self._history[0].begun
        return f"{call.begun - first:8.4f} {call.ended - first:8.4f} {call.what} -> {call.answer}"
