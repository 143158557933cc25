"""What the Ruby mock service answered is recorded for all that is played, and the comparison overlooks nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.ruby import answer, record
from parity.ruby.comparing import changes, disagreements, idle
from parity.ruby.reading import files, scenarios
from parity.ruby.scenario import Difference, Files, Request, Scenario, Step
from parity.ruby.wire import Reply

FILES = files()
STEP = Step("GET /", Request("GET", "/"))


def only(step: Step) -> list[Scenario]:
    return [Scenario("one", [step])]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_step_of_each_scenario_has_an_answer_of_the_ruby_service(file: Path) -> None:
    played, recorded = scenarios(file), record.read(file.stem)
    assert {scenario.name: len(scenario.steps) for scenario in played} == {
        name: len(answers) for name, answers in recorded.items()
    }


def test_more_than_300_steps_are_played() -> None:
    assert sum(len(scenario.steps) for file in FILES for scenario in scenarios(file)) > 300


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_step_names_a_difference_only_where_there_is_one(file: Path) -> None:
    recorded = record.read(file.stem)
    assert [step.name for scenario in scenarios(file) for step in idle(scenario, recorded[scenario.name])] == []


@pytest.mark.parametrize(
    "answered",
    [
        {"played": 201},
        {"unmatched": 200},
        {"played": 200, "text": "a"},
        {"played": 200, "json": {"a": 1.0}},
        {"played": 200, "json": {"a": True}},
    ],
)
def test_an_answer_that_is_not_the_one_of_the_ruby_service_is_found(answered: answer.Answer) -> None:
    due = {"played": 200, "json": {"a": 1}}
    (found,) = disagreements(only(STEP), {"one": [due]}, {"one": [answered]})
    assert (found.due, found.answered) == (due, answered)
    assert not list(disagreements(only(STEP), {"one": [due]}, {"one": [due]}))


def test_errors_that_a_page_can_read_are_no_disagreement_and_other_headers_are_one() -> None:
    of_ruby = {"one": [{"failed": 500, "json": {"message": "a"}}]}
    assert not list(disagreements(only(STEP), of_ruby, {"one": [{"told": 500, "json": {"message": "a"}}]}))
    assert list(disagreements(only(STEP), of_ruby, {"one": [{"unmatched": 500, "json": {"message": "a"}}]}))
    assert list(disagreements(only(STEP), of_ruby, of_ruby))


def test_where_a_difference_is_named_ours_must_answer_what_it_says() -> None:
    differing = Step("GET /", Request("GET", "/"), Difference("a reason", {"played": 201}))
    of_ruby = {"one": [{"played": 200}]}
    assert not list(disagreements(only(differing), of_ruby, {"one": [{"played": 201}]}))
    assert list(disagreements(only(differing), of_ruby, of_ruby))
    assert list(changes(only(differing), {"one": [{"played": 201}]}, of_ruby))
    assert idle(only(differing)[0], [{"played": 201}]) == [differing]


def test_an_answer_keeps_what_is_said_and_drops_ports_explanations_and_backtraces() -> None:
    def of(status: int, kind: str, body: str, *, admin: bool = True) -> answer.Answer:
        headers = [("content-type", kind), ("date", "now"), ("x-at", "http://127.0.0.1:99/")]
        target = Request("GET", "/", [("X-Pact-Mock-Service", "1")] if admin else [])
        return answer.of_reply(Reply(status, headers, body.encode()), target, 99)

    verification = 'Incorrect:\n\tGET /\n\nDiff with interaction: "i"\nwhatever\n\nSee /tmp/x.log for details.\n'
    assert of(500, "text/plain", verification) == {
        "status": 500,
        "headers": ["content-type: text/plain", "x-at: http://127.0.0.1:PORT/"],
        "text": 'Incorrect:\n\tGET /\n\nDiff with interaction: "i"\nSee LOG for details.\n',
    }
    error = '{"message": "Error ocurred in mock service: KeyError - no such\\nkey", "backtrace": ["a"]}'
    assert of(500, "application/json", error)["json"] == {"message": "Error ocurred in mock service: KeyError"}
    assert of(200, "application/json", '{"a":1.0}', admin=False)["text"] == '{"a":1.0}'


def test_a_scenario_is_read_as_it_is_written(tmp_path: Path) -> None:
    written = """
- name: one
  options: {log: null}
  steps:
    - call: "POST /x?a=1"
      headers: {X-A: yes}
      json: {d: 2020-01-01, f: 1.0, l: !each [2, !like 1], t: !term [a, '\\d']}
    - request: {method: GET, path: /x}
    - {do: files, differs: {because: why, files: {}}}
"""
    path = tmp_path / "one.yaml"
    path.write_text(written, encoding="utf-8")
    (scenario,) = scenarios(path)
    first, second, third = scenario.steps
    assert scenario.options == {"log": None}
    assert isinstance(first.action, Request)
    assert first.action.headers == [("X-A", "yes"), ("Content-Type", "application/json")]
    assert first.action.body == (
        b'{"d":"2020-01-01","f":1.0,"l":{"json_class":"Pact::ArrayLike","contents":{"json_class":"Pact::SomethingLike",'
        b'"contents":1},"min":2},"t":{"json_class":"Pact::Term","data":{"generate":"a","matcher":{"json_class":"Regexp",'
        b'"o":0,"s":"\\\\d"}}}}'
    )
    assert isinstance(second.action, Request)
    assert second.action.is_administrative
    assert third == Step("files", Files(), Difference("why", {"files": {}}))
