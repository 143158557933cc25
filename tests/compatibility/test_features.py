"""The compatibility suite that the Pact implementations share is played as it stands, one test a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from pactmock.control.running import Service
from pactmock.pact import specification
from tests.compatibility import comparisons, definitions, drafts, generation, messages, mock_servers, pact_files
from tests.compatibility.gherkin import Scenario
from tests.compatibility.stage import Stage
from tests.compatibility.steps import Topic, play
from tests.compatibility.suite import FOLDER, VARIABLE, feature_names, read_feature

CONSUMER_TESTS = Topic(drafts.World, {**definitions.STEPS, **messages.STEPS, **pact_files.STEPS})
TOPICS: dict[str, Topic] = {
    "V1/http_consumer": mock_servers.TOPIC,
    "V2/http_consumer": mock_servers.TOPIC,
    "V3/http_consumer": CONSUMER_TESTS,
    "V3/message_consumer": CONSUMER_TESTS,
    "V3/matching_rules": comparisons.TOPIC,
    "V3/http_matching": comparisons.TOPIC,
    "V3/generators": generation.TOPIC,
    "V3/http_generators": generation.TOPIC,
    "V4/http_consumer": CONSUMER_TESTS,
    "V4/message_consumer": CONSUMER_TESTS,
    "V4/synchronous_message_consumer": CONSUMER_TESTS,
    "V4/matching_rules": comparisons.TOPIC,
    "V4/generators": generation.TOPIC,
    "V4/v4": CONSUMER_TESTS,
}
"""The features that are played, and what they are played with."""

_VERIFIES = "it verifies a provider, and pactmock is a mock server for consumers"
FEATURES_LEFT_OUT = {
    "V1/http_provider": _VERIFIES,
    "V2/http_provider": _VERIFIES,
    "V3/http_provider": _VERIFIES,
    "V3/message_provider": _VERIFIES,
    "V4/http_provider": _VERIFIES,
    "V4/message_provider": _VERIFIES,
}
NEEDS_SUITE = pytest.mark.skipif(FOLDER is None, reason=f"no compatibility suite: name its folder in {VARIABLE}")


@dataclass(frozen=True)
class Case:
    """One scenario, and the name of its feature."""

    feature: str
    scenario: Scenario

    @property
    def name(self) -> str:
        return f"{self.feature}: {self.scenario.name}"


def _cases(folder: Path) -> Iterator[Case]:
    for feature in TOPICS:
        for scenario in read_feature(folder, feature).scenarios:
            yield Case(feature, scenario)


def _parameters() -> list[Any]:
    if FOLDER is None:
        return [pytest.param(None, marks=NEEDS_SUITE)]
    return [pytest.param(case, id=case.name) for case in _cases(FOLDER)]


@pytest.mark.parametrize("case", _parameters())
async def test_scenario(
    case: Case, service: Service, control: aiohttp.ClientSession, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    version = specification.named(case.feature.partition("/")[0])
    await play(case.scenario, TOPICS[case.feature], Stage(version, control, http, tmp_path / "pacts"))


@NEEDS_SUITE
def test_every_feature_is_played_or_left_out_for_a_reason() -> None:
    assert FOLDER is not None
    assert feature_names(FOLDER) == TOPICS.keys() | FEATURES_LEFT_OUT.keys()
