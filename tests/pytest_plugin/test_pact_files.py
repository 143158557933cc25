"""Pact files of a run: written once at its end, with all or nothing of a consumer and a provider."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.pytest_plugin.playing import pytester, write

pytest_plugins = ["pytester"]
__all__ = ["pytester"]

FOUR = """
        @pytest.mark.parametrize("name", ["a", "b", "c", "d"])
        def test_one(pact, name):
            another(pact, name)
"""
ELSEWHERE = """
        @pytest.mark.pact(provider="elsewhere")
        def test_elsewhere(pact):
            another(pact, "e")
"""


def play(pytester: pytest.Pytester, test: str, *options: str) -> pytest.RunResult:
    write(pytester, test)
    return pytester.runpytest_inprocess(*options)


def descriptions(pytester: pytest.Pytester, name: str = "web-users-api.json") -> list[str]:
    document: dict[str, Any] = json.loads((pytester.path / "pacts" / name).read_text())
    return [item["description"] for item in document["interactions"]]


def test_workers_write_one_file_with_what_all_of_them_tested(pytester: pytest.Pytester) -> None:
    write(pytester, FOUR, ELSEWHERE)
    result = pytester.runpytest_subprocess("-n", "2")
    result.assert_outcomes(passed=5)
    assert set(str(result.stdout).splitlines()) >= {
        "pacts: web-users-api.json 4 interactions, 4 changed",
        "pacts: web-elsewhere.json 1 interaction, 1 changed",
    }
    assert descriptions(pytester) == ["a", "b", "c", "d"]
    assert descriptions(pytester, "web-elsewhere.json") == ["e"]
    assert len(list((pytester.path / "pacts").iterdir())) == 2


@pytest.mark.parametrize(("fails", "workers"), [("assert False", "0"), ("import os; os._exit(1)", "2")])
def test_a_run_in_which_a_test_of_the_pair_fails_leaves_its_file_as_it_was(
    pytester: pytest.Pytester, fails: str, workers: str
) -> None:
    play(pytester, FOUR, "--pact-dir=pacts")
    before = (pytester.path / "pacts" / "web-users-api.json").read_bytes()
    failing = f"""
        def test_new(pact):
            another(pact, "new")

        def test_bad(pact):
            another(pact, "bad")
            {fails}
    """
    write(pytester, failing, ("" if "_exit" in fails else ELSEWHERE))
    result = pytester.runpytest_subprocess("-n", workers, "--pact-overwrite")
    result.stdout.fnmatch_lines(["pacts: web-users-api.json not written: *test_bad failed"])
    assert (pytester.path / "pacts" / "web-users-api.json").read_bytes() == before
    assert (pytester.path / "pacts" / "web-elsewhere.json").exists() == ("_exit" not in fails)


def test_a_test_that_fails_before_or_after_it_was_played_counts_too(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        @pytest.fixture
        def breaks():
            raise ValueError

        @pytest.fixture
        def breaks_after():
            yield
            raise ValueError

        def test_before(breaks, pact): pass

        @pytest.mark.pact(provider="elsewhere")
        def test_after(breaks_after, pact):
            another(pact, "x")
        """,
    )
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["pacts: web-users-api.json not written*", "pacts: web-elsewhere.json not written*"])
    assert not (pytester.path / "pacts").exists()


def test_a_run_merges_and_says_what_it_changed(pytester: pytest.Pytester) -> None:
    play(pytester, FOUR)
    assert "4 interactions, unchanged" in str(play(pytester, FOUR).stdout)
    result = play(pytester, FOUR.replace('"a"', '"f"'))
    result.stdout.fnmatch_lines(["pacts: web-users-api.json 5 interactions, 1 changed"])
    assert descriptions(pytester) == ["a", "b", "c", "d", "f"]


def test_a_complete_run_overwrites_when_asked(pytester: pytest.Pytester) -> None:
    play(pytester, FOUR)
    result = play(pytester, FOUR.replace('"a"', '"f"'), "--pact-overwrite")
    result.stdout.fnmatch_lines(["pacts: web-users-api.json 4 interactions, 1 changed, 1 removed"])
    assert descriptions(pytester) == ["b", "c", "d", "f"]


@pytest.mark.parametrize(("narrow", "workers"), [("-kb", "0"), ("-kb", "2"), ("test_users.py::test_one[b]", "0")])
def test_a_run_of_some_tests_never_overwrites(pytester: pytest.Pytester, narrow: str, workers: str) -> None:
    play(pytester, FOUR)
    result = pytester.runpytest_subprocess("--pact-overwrite", narrow, "-n", workers)
    result.stdout.fnmatch_lines(["pacts: web-users-api.json 4 interactions, unchanged; merged, as not all*"])
    assert descriptions(pytester) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("mark", ["skip", "xfail"])
def test_what_is_skipped_or_known_to_fail_stays_in_the_file(pytester: pytest.Pytester, mark: str) -> None:
    play(pytester, FOUR)
    some = f"""
        @pytest.mark.{mark}
        def test_skipped(pact):
            another(pact, "x")
            assert False

        def test_b(pact):
            another(pact, "b")
    """
    play(pytester, some, "--pact-overwrite").stdout.fnmatch_lines(["pacts: * 4 interactions, unchanged; merged*"])
    assert descriptions(pytester) == ["a", "b", "c", "d"]


TWO = """
        def test_ada(pact):
            a_user(pact)
            with pact.serve() as server:
                get(server.url + "/users/7")

        def test_other(pact):
            a_user(pact, {how})
            with pact.serve() as server:
                get(server.url + "/users/{number}")
"""


@pytest.mark.parametrize(
    ("how", "number", "workers", "place"),
    [
        ("name='Bob'", 7, "0", '/response/body/content/name is "Ada" in {0} and "Bob" in {1}; give'),
        ("path='/users/8'", 8, "2", '/request/path is "/users/'),
    ],
)
def test_one_interaction_with_two_meanings_is_an_error_that_names_both_tests(
    pytester: pytest.Pytester, how: str, number: int, workers: str, place: str
) -> None:
    write(pytester, TWO.format(how=how, number=number))
    result = pytester.runpytest_subprocess("-n", workers, "--dist=load")
    result.assert_outcomes(passed=2, errors=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    tests = ("test_users.py::test_ada", "test_users.py::test_other")
    said = [place.format(*order) for order in (tests, tests[::-1])]  # workers end in any order
    assert any(f"'a user' means two things: {text}" in str(result.stdout) for text in said)
    assert not (pytester.path / "pacts").exists()


def test_two_tests_may_say_the_same(pytester: pytest.Pytester) -> None:
    result = play(pytester, TWO.format(how="", number=7))
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["pacts: web-users-api.json 1 interaction, 1 changed"])


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize("directory", ["a_file", "a_file/below", "taken", "/proc/pacts"])
def test_a_file_that_cannot_be_written_is_an_error_in_one_sentence(
    pytester: pytest.Pytester, directory: str, workers: str
) -> None:
    (pytester.path / "a_file").write_text("no directory")
    (pytester.path / "taken" / "web-users-api.json").mkdir(parents=True)
    result = play(pytester, FOUR, f"--pact-dir={directory}", f"-n{workers}")
    result.assert_outcomes(passed=4, errors=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    name = f"{directory}: web-users-api.json not written: see the error above"
    told = f"The pact could not be written to *{directory}/web-users-api.json: *; check that * can be written"
    result.stdout.fnmatch_lines(["*ERROR at teardown of web-users-api.json*", told, name])
    result.stdout.no_re_match_line(r"Traceback|INTERNALERROR|.*\(\d+\);")


def test_a_test_that_asks_for_the_contract_while_it_runs_writes_it(pytester: pytest.Pytester) -> None:
    write(
        pytester,
        """
        def test_late(request):
            another(request.getfixturevalue("pact"), "late")
        """,
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["pacts: web-users-api.json 1 interaction, 1 changed"])
