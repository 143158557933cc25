"""What is asked for while the service ends, or while its caller goes, leaves nothing behind."""

from __future__ import annotations

import asyncio
import gc
import json
from pathlib import Path
from typing import Any

import pytest

from pactmock.control.running import Service
from pactmock.service.posted import Posted
from pactmock.service.settings import ServiceSettings
from pactmock.service.wanted import Wanted
from tests.pacts import interaction, pact, rules
from tests.raw_http import begin_and_break_off, until

LARGE = [interaction(f"number {number}") for number in range(1000)]


async def test_a_mock_server_that_is_made_while_the_service_ends_is_ended_too(tmp_path: Path) -> None:
    async with Service(ServiceSettings(port=0, output=tmp_path)) as service:
        posted = Posted(json.dumps(pact(*LARGE)).encode())
        creating = asyncio.ensure_future(service.mock_service.create(posted, Wanted()))
        await asyncio.sleep(0)
    await asyncio.wait([creating])
    assert service.mock_service.servers == ()
    assert "The service has ended meanwhile" in str(creating.exception())


@pytest.mark.parametrize("path", ["/?name=plain", "/?name=of%20aiohttp"])
async def test_a_call_that_fails_when_its_caller_is_gone_is_no_error_in_the_log(service: Service, path: str) -> None:
    """A pact that cannot be played is nobody's fault but its author's."""
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: told.append(context))
    broken = interaction("broken", {"matchingRules": rules(**{"$.a": {"match": "regex", "regex": "("}}), "body": {}})
    document = json.dumps(pact(*LARGE, broken)).encode()
    message = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(document)}\r\n\r\n".encode() + document
    before = len(asyncio.all_tasks())
    await begin_and_break_off(service.port, message, lambda: len(asyncio.all_tasks()) > before)
    await until(lambda: len(asyncio.all_tasks()) <= before)
    gc.collect()
    assert told == []
