"""The quick attacks break no promise and let nobody hang. How long others wait is up to `make attacks`, as tests share
the machine."""

from __future__ import annotations

import sys

import pytest

from attacks.attack import Attack, Limits
from attacks.catalogue import ATTACKS
from attacks.measuring import play

_HANG = 30.0
_MORE_MEMORY = 8
_SLACK = 20.0
"""How many times as long as at rest an attack itself waits: three seconds are a minute here."""

_QUICK = [attack for attack in ATTACKS if attack.quick]

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")


@pytest.mark.parametrize("attack", _QUICK, ids=str)
def test_an_attack_changes_no_verdict_and_lets_nobody_hang(attack: Attack) -> None:
    memory = attack.limits.memory * _MORE_MEMORY
    assert play(attack, _SLACK).beyond(Limits(health=_HANG, neighbour=_HANG, memory=memory, end=_HANG)) == []


def test_every_attack_has_a_name_of_its_own() -> None:
    assert len({str(attack) for attack in ATTACKS}) == len(ATTACKS)
    assert {attack.number for attack in ATTACKS} == set(range(1, 38))
