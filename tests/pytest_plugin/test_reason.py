"""A test that fails says first what did not match, whatever its client raises."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.playing import pytester, write

pytest_plugins = ["pytester"]
__all__ = ["pytester"]

CREATE = """
import httpx


def create(url, name):
    answer = httpx.post(url + "/users", json={"name": name})
    answer.raise_for_status()
    return answer.json()


def expect(pact):
    (
        pact.upon_receiving("a new user")
        .with_request("POST", "/users")
        .with_body({"name": "Ada"})
        .will_respond_with(201)
        .with_body({"id": 7})
    )
"""
RAISES = """
def test_create(pact):
    expect(pact)
    with pact.serve() as server:
        create(server.url, "Bob")
"""
ASSERTS = """
def test_create(pact):
    expect(pact)
    with pact.serve() as server:
        assert httpx.post(server.url + "/users", json={"name": "Bob"}).status_code == 201
"""
OWN = """
def test_create():
    from pactmock.contract import Pact
    pact = Pact("web", "users-api")
    expect(pact)
    with pact.serve() as server:
        create(server.url, "Bob")
"""


@pytest.mark.parametrize("test", [RAISES, ASSERTS, OWN])
@pytest.mark.parametrize("options", [(), ("--tb=short",), ("-n1",)])
def test_the_first_lines_have_the_wrong_value_and_the_right_one(
    pytester: pytest.Pytester, test: str, options: tuple[str, ...]
) -> None:
    write(pytester, CREATE, test)
    result = pytester.runpytest_inprocess(*options)
    result.assert_outcomes(failed=1)
    lines = result.stdout.lines
    begin = next(number for number, line in enumerate(lines) if "_ test_create _" in line)
    first = "\n".join(lines[begin + 1 : begin + 16])
    assert "POST /users did not match" in first
    assert "interaction: a new user" in first
    assert '"Bob"' in first
    assert '"Ada"' in first
    assert str(result.stdout).count("interaction: a new user") == 1


def test_the_summary_has_the_reason_of_a_test_that_raises_nothing_itself(pytester: pytest.Pytester) -> None:
    write(pytester, CREATE, ASSERTS)
    result = pytester.runpytest_inprocess("--tb=no")
    result.stdout.fnmatch_lines(["FAILED test_users.py::test_create - MismatchesError: POST /users did not*"])


def test_what_the_test_asserted_stays_below(pytester: pytest.Pytester) -> None:
    write(pytester, CREATE, ASSERTS)
    result = pytester.runpytest_inprocess()
    result.stdout.fnmatch_lines(["E   MismatchesError: said above", "E*In the block, the test failed too*500 == 201*"])


def test_it_is_red_where_pytest_has_colours(pytester: pytest.Pytester) -> None:
    write(pytester, CREATE, RAISES)
    result = pytester.runpytest_inprocess("--color=yes")
    assert any("\x1b[31m" in line for line in result.stdout.lines if "POST /users did not match" in line)


def test_of_two_mock_servers_both_reasons_come_first(pytester: pytest.Pytester) -> None:
    write(
        pytester,
        """
        def test_two(pact):
            from pactmock.contract import Pact

            other = Pact("web", "orders-api")
            a_user(pact)
            a_user(other, path="/orders")
            with pact.serve(), other.serve():
                pass
        """,
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*GET /orders was expected*", "E*GET /users/7 was expected*", "*said above*"])
