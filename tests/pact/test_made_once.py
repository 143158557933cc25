"""What is made of an object when it is first asked for is kept, and nobody waits for what is made of another."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pactmock.pact.made_once import made_once
from tests.patience import HANG


class Squared:
    def __init__(self, number: int, wait: Callable[[], object] = lambda: None) -> None:
        self.number = number
        self.wait = wait
        self.times = 0

    @made_once
    def result(self) -> int:
        """The square."""
        self.times += 1
        self.wait()
        return self.number**2


def test_it_is_made_once_and_kept() -> None:
    one = Squared(3)
    assert (one.result, one.result, one.times) == (9, 9, 1)
    assert Squared.result.__doc__ == "The square."


def test_what_could_not_be_made_is_made_when_it_is_asked_for_again() -> None:
    outcomes = iter([ZeroDivisionError, None])

    def fail_first() -> None:
        error = next(outcomes)
        if error is not None:
            raise error

    one = Squared(2, fail_first)
    try:
        found = one.result
    except ZeroDivisionError:
        found = one.result
    assert (found, one.times) == (4, 2)


def test_nobody_waits_for_what_a_thread_makes_of_another_object() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def take_long() -> None:
        begun.set()
        go_on.wait(HANG)

    thread = threading.Thread(target=lambda: Squared(1, take_long).result)
    thread.start()
    assert begun.wait(HANG)
    found: list[int] = []
    other = threading.Thread(target=lambda: found.append(Squared(5).result))
    other.start()
    other.join(5)
    went_on = found == [25]
    go_on.set()
    thread.join()
    other.join()
    assert went_on
