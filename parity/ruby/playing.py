"""Plays scenarios on a service, one after the other; those with the same options share a process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from parity.ruby import answer
from parity.ruby.answer import Answer
from parity.ruby.scenario import Action, Files, Put, Request, Scenario, Stop
from parity.ruby.service import Service, Start
from parity.ruby.wire import send


def play_all(scenarios: Sequence[Scenario], start: Start) -> dict[str, list[Answer]]:
    """Play scenarios; return an answer a step, by the names of the scenarios."""
    played: dict[str, list[Answer]] = {}
    for options, together in _processes(scenarios):
        with start(options) as service:
            for scenario in together:
                service.begin()
                played[scenario.name] = [_done(step.action, service) for step in scenario.steps]
    return {scenario.name: played[scenario.name] for scenario in scenarios}


def _processes(scenarios: Iterable[Scenario]) -> list[tuple[Mapping[str, str | None], list[Scenario]]]:
    shared: dict[tuple[object, ...], list[Scenario]] = {}
    for scenario in scenarios:
        key = (scenario.name if scenario.ends_the_process else None, *sorted(scenario.options.items()))
        shared.setdefault(key, []).append(scenario)
    return [(together[0].options, together) for together in shared.values()]


def _done(action: Action, service: Service) -> Answer:
    match action:
        case Request():
            return answer.of_reply(send(action, service.port), action, service.port)
        case Files():
            return answer.of_directory(service.pacts)
        case Put():
            for name, text in action.files.items():
                _write(service.pacts / name, text)
            return {}
        case Stop():
            return {"exit": service.stop(action.signal)}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
