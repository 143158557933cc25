"""The quick attacks break no promise. Limits are loose here, as tests share the machine; `make attacks` is strict."""

from __future__ import annotations

import sys

import pytest

from attacks.attack import Attack
from attacks.catalogue import ATTACKS
from attacks.measuring import play

_LOOSER = 8.0
_QUICK = [attack for attack in ATTACKS if attack.quick]

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")


@pytest.mark.parametrize("attack", _QUICK, ids=str)
def test_an_attack_changes_no_verdict_and_holds_up_nobody(attack: Attack) -> None:
    assert play(attack).beyond(attack.limits.times(_LOOSER)) == []


def test_every_attack_has_a_name_of_its_own() -> None:
    assert len({str(attack) for attack in ATTACKS}) == len(ATTACKS)
    assert {attack.number for attack in ATTACKS} == set(range(1, 38))
