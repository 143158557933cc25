"""The fixture `pact_service`: a client of a service that runs elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.process import service
from tests.pytest_plugin.playing import pytester, write

pytest_plugins = ["pytester"]
__all__ = ["pytester"]

TEST = """
    def test_user(pact_service):
        document = {"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": [
            {"description": "x", "request": {"path": "/x"}, "response": {"status": 200, "body": {"name": "Ada"}}}]}
        with pact_service.mock_server(document) as server:
            assert get(server.url + "/x") == {"name": "Ada"}
            assert server.matched()
"""


def test_it_is_a_client_of_the_service_that_the_environment_names(
    pytester: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service(tmp_path) as running:
        monkeypatch.setenv("PACTMOCK_URL", running.url)
        write(pytester, TEST)
        pytester.runpytest_inprocess().assert_outcomes(passed=1)


def test_without_a_service_a_test_does_not_pass(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PACTMOCK_URL", raising=False)
    write(pytester, TEST)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*does not know where the service is: set PACTMOCK_URL*"])


def test_a_contract_that_the_service_plays_is_written_here(
    pytester: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = """
        def test_user(pact, pact_service):
            a_user(pact)
            with pact.serve(service=pact_service) as server:
                assert get(server.url + "{path}") == {{"name": "Ada"}}
    """
    with service(tmp_path) as running:
        monkeypatch.setenv("PACTMOCK_URL", running.url)
        write(pytester, played.format(path="/users/8"))
        result = pytester.runpytest_inprocess()
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["E   1) GET /users/8 was not expected*", "pacts: web-users-api.json not written*"])
        pytester.path.joinpath("test_users.py").unlink()
        write(pytester, played.format(path="/users/7"))
        result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["pacts: web-users-api.json 1 interaction, 1 changed"])
