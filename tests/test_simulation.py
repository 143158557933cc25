"""The model of replicas by which it is planned how many are needed: it runs, and obeys what holds of any queue."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scale import Wanted, carries, most, smallest
from benchmarks.simulation import Costs, Fleet

MICRO = 1e-6
COSTS = Costs(30 * MICRO, 40 * MICRO, 100 * MICRO, 12 * MICRO, 18 * MICRO, 30 * MICRO, 14 * MICRO)
LIVING = Costs(*(30 * MICRO,) * 7, life=5000 * MICRO, stored_life=500 * MICRO)

costs = st.builds(Costs, *(st.integers(1, 200).map(lambda micros: micros * MICRO) for _ in range(7)))


@settings(max_examples=25, deadline=None)
@given(costs, st.integers(1, 4), st.integers(1, 3), st.integers(0, 3000))
def test_no_program_has_more_of_a_core_than_there_is_and_no_request_is_answered_that_was_not_offered(
    costs: Costs, replicas: int, shards: int, rate: int
) -> None:
    found = Fleet(costs, replicas, shards).offered(rate, 0.2)

    assert 0 <= found.replicas <= 1 + 1e-9
    assert 0 <= found.shards <= 1 + 1e-9
    assert len(found.latencies) <= found.offered
    least = costs.decide + costs.note + costs.exchange + costs.store + costs.read
    assert all(latency >= least - 1e-9 for latency in found.latencies)


def test_where_nobody_calls_nobody_waits() -> None:
    found = Fleet(COSTS, 3, 2).offered(0, 1.0)

    assert (found.offered, found.rate, found.within(99), found.replicas, found.shards) == (0, 0, 0, 0, 0)


def test_a_single_request_takes_what_its_steps_take() -> None:
    found = Fleet(COSTS, 1).driven(1, 0.1)

    steps = COSTS.decide + COSTS.exchange + COSTS.read + COSTS.store + COSTS.note
    assert found.within(50) == pytest.approx(steps)
    assert found.rate == pytest.approx(1 / (steps + COSTS.load), rel=0.01)


def test_more_replicas_never_carry_less() -> None:
    answered = [Fleet(COSTS, replicas, 4).offered(60_000, 0.1).rate for replicas in (2, 3, 4, 6)]

    assert all(more > fewer for fewer, more in pairwise(answered)), answered


def test_more_shards_carry_more_where_the_store_is_what_is_short_and_one_mock_server_stays_on_one() -> None:
    one, two = (Fleet(COSTS, 8, shards).offered(80_000, 0.1).rate for shards in (1, 2))
    hot = Fleet(COSTS, 8, 2).offered(80_000, 0.1, hottest=1.0).rate

    assert two > 1.3 * one
    assert hot < 1.1 * one


def test_what_a_fleet_carries_at_the_most_it_carries_with_room_and_twice_that_it_does_not() -> None:
    found = most(COSTS, 2, 1)

    assert carries(found)
    assert not carries(Fleet(COSTS, 2, 1).offered(2 * found.rate, 0.1))


def test_who_else_wants_the_cores_takes_of_what_is_carried() -> None:
    alone, beside = (Fleet(COSTS, 2, shared_cores=2).driven(16, 0.5, others).rate for others in (0, 4))

    assert 0 < beside < 0.9 * alone


def test_a_fleet_that_is_planned_for_a_load_carries_it() -> None:
    replicas, shards, found = smallest(LIVING, Wanted("", 20_000, 20, 1000))

    assert carries(found)
    assert not carries(Fleet(LIVING, max(1, replicas - 1), shards).offered(25_000, 0.3, 25))
