"""What costs the most to make: attack 29."""

from __future__ import annotations

import json
import time

from attacks.attack import LARGE, Attack, Broken
from attacks.connection import request
from attacks.pacts import interaction, pact
from attacks.service import JSON, Service


def _ends_amid_a_large_pact(service: Service) -> Broken:
    """The service is told to end while its loop reads a pact: see the time that it takes."""
    many = [interaction(f"number {number}", {"path": f"/{number}"}, body="x" * 300) for number in range(60_000)]
    service.leave(service.port, request("POST", "/", JSON, json.dumps(pact(*many)).encode()))
    time.sleep(0.6)
    return iter(())


ATTACKS = (Attack(29, "SIGTERM while a pact of 60,000 interactions is read", _ends_amid_a_large_pact, LARGE),)
