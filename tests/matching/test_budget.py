"""What deciding on a request may cost."""

from __future__ import annotations

import threading
import time

import pytest

from pactmock.matching import budget
from pactmock.matching.budget import Budget, OutOfBudget


def _work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def _spend(given: Budget, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        given.spend()


def _spend_until_it_raises(given: Budget) -> str:
    with pytest.raises(OutOfBudget) as caught:
        _spend(given)
    return caught.value.reason


def test_the_current_budget_is_that_of_the_innermost_block_of_this_thread() -> None:
    outer, inner, seen = Budget(1), Budget(2), []
    with outer, inner:
        assert budget.current() is inner
        other = threading.Thread(target=lambda: seen.append(budget.current()))
        other.start()
        other.join()
    assert budget.current() not in (outer, inner)
    assert seen[0] not in (outer, inner)


def test_what_nobody_gave_a_budget_is_bounded_too() -> None:
    assert 0 < budget.current().left <= budget.DEFAULT_SECONDS


def test_running_out_says_after_how_long_and_what_to_do() -> None:
    with Budget(0.02) as given:
        reason = _spend_until_it_raises(given)
    assert reason == (
        "it was given up after 0.02 second(s) of work on this request: send less, simplify the matching rules, or allow"
        " requests more time"
    )


def test_time_in_which_the_thread_does_not_work_is_not_counted() -> None:
    with Budget(0.2, wall_seconds=60) as given:
        given.check()
        time.sleep(0.3)
        given.check()
        assert given.left > 0.1


def test_the_wall_clock_is_the_backstop_for_what_only_waits() -> None:
    with Budget(5, wall_seconds=0.01) as given:
        given.check()
        time.sleep(0.02)
        with pytest.raises(OutOfBudget):
            given.check()


def test_a_budget_that_is_entered_again_goes_on_with_what_is_left() -> None:
    given = Budget(0.1, wall_seconds=60)
    for _ in range(2):
        with given:
            given.check()
            _work(0.03)
    assert given.left < 0.05


def test_work_between_two_blocks_is_not_counted() -> None:
    given = Budget(0.1, wall_seconds=60)
    with given:
        given.check()
    _work(0.2)
    with given:
        given.check()


def test_a_budget_is_cancelled_from_another_thread() -> None:
    given = Budget(60)
    timer = threading.Timer(0.02, given.cancel)
    timer.start()
    with given:
        assert "as the mock server ends" in _spend_until_it_raises(given)
    timer.join()
    assert given.gives_back


def test_a_body_beyond_the_bound_is_not_parsed_and_the_option_is_named() -> None:
    with Budget(parsed_bytes=100) as given:
        given.check_parsed(100)
        with pytest.raises(OutOfBudget) as caught:
            given.check_parsed(101)
    assert caught.value.reason == "it has 101 bytes, and no more than 100 bytes are parsed: raise --max-parsed-body"
