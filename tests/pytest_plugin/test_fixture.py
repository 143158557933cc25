"""The fixture `pact`: whose contract it is, and that a test that leaves something undone fails."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.pytest_plugin.playing import pytester, write

pytest_plugins = ["pytester"]
__all__ = ["pytester"]


def play(pytester: pytest.Pytester, test: str, *options: str) -> pytest.RunResult:
    write(pytester, test)
    return pytester.runpytest_inprocess(*options)


def test_a_contract_that_is_played_is_written(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        def test_user(pact):
            a_user(pact)
            with pact.serve() as server:
                assert get(server.url + "/users/7") == {"name": "Ada"}
        """,
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["pacts: web-users-api.json 1 interaction, 1 changed"])
    document = json.loads((pytester.path / "pacts" / "web-users-api.json").read_text())
    assert document["metadata"]["pactSpecification"]["version"] == "4.0"
    assert [item["description"] for item in document["interactions"]] == ["a user"]


def test_markers_say_whose_contract_it_is_the_nearest_first(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        pytestmark = pytest.mark.pact(consumer="app", provider="one")

        @pytest.mark.pact(provider="two", specification="V2")
        class TestIt:
            @pytest.mark.pact(provider="three")
            def test_names(self, pact):
                assert (pact.consumer, pact.provider, str(pact.specification)) == ("app", "three", "V2")

        def test_module(pact):
            assert (pact.consumer, pact.provider, str(pact.specification)) == ("app", "one", "V3")
        """,
        "--pact-specification=V3",
    )
    result.assert_outcomes(passed=2)


def test_a_contract_of_nobody_says_what_to_do(pytester: pytest.Pytester) -> None:
    ini = pytester.path / "tox.ini"
    ini.write_text(ini.read_text().replace("pact_provider = users-api\n", ""))
    result = play(pytester, "        def test_it(pact): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["The fixture 'pact' does not know its provider: mark the test with*pact_provider in*"])
    result.stdout.no_fnmatch_line("pacts:*")


def test_a_fixture_of_that_name_that_is_the_project_s_own_is_left_alone(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        @pytest.fixture
        def pact():
            return "my own"

        def test_it(pact):
            assert pact == "another"
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("pacts:*")


def test_a_fixture_of_that_name_that_builds_on_this_one_is_this_one(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        @pytest.fixture
        def pact(pact):
            a_user(pact)
            return pact

        def test_it(pact):
            with pact.serve() as server:
                get(server.url + "/users/7")
        """,
    )
    result.stdout.fnmatch_lines(["pacts: web-users-api.json 1 interaction, 1 changed"])


def test_a_version_that_there_is_not_is_told(pytester: pytest.Pytester) -> None:
    result = play(pytester, "        def test_it(pact): pass", "--pact-specification=V5")
    result.stdout.fnmatch_lines(["There is no version 'V5' of Pact*"])


def test_a_test_that_forgets_to_serve_fails(pytester: pytest.Pytester) -> None:
    result = play(pytester, "        def test_user(pact): a_user(pact)")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["1 interaction(s) of web -> users-api were written and never tested: 'a user'; call*"])


def test_a_test_that_forgets_to_call_fails(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        def test_user(pact):
            a_user(pact)
            with pact.serve():
                pass
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E*GET /users/7 was expected and never came*"])


@pytest.mark.parametrize("leaves", ["pact.serve(raises=False)", "contextlib.suppress(AssertionError), pact.serve()"])
def test_what_did_not_match_fails_the_test_also_when_nobody_raises_it(pytester: pytest.Pytester, leaves: str) -> None:
    result = play(
        pytester,
        f"""
        import contextlib

        def test_user(pact):
            a_user(pact)
            with {leaves}:
                pass
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["A mock server of web -> users-api was left with what did not match*", "*never came*"])


def test_what_matches_in_the_end_passes(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        def test_user(pact):
            a_user(pact)
            with pact.serve(raises=False):
                pass
            with pact.serve() as server:
                get(server.url + "/users/7")
        """,
    )
    result.assert_outcomes(passed=1)


def test_an_asynchronous_test_has_the_same(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        @pytest.mark.asyncio
        async def test_user(pact):
            a_user(pact)
            async with pact.serve_async() as server:
                get(server.url + "/users/7")

        @pytest.mark.asyncio
        async def test_forgets(pact):
            pact.upon_receiving("another").with_request("GET", "/")
        """,
    )
    result.assert_outcomes(passed=1, failed=1)


def test_what_cannot_be_written_fails_its_test(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        def test_both(pact):
            pact.upon_receiving("answered", "Sync").with_body("?").will_respond_with().with_body("!")
            pact.verify(lambda body, metadata: None, "Sync")
        """,
        "--pact-specification=V3",
    )
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_a_run_without_contracts_loads_nothing_and_says_nothing(pytester: pytest.Pytester) -> None:
    loaded = "{'pactmock.contract', 'pactmock.pact', 'aiohttp'} & set(sys.modules)"
    pytester.makepyfile(f"import sys\ndef test_it():\n    assert not {loaded}")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("pacts:*")
    assert not (pytester.path / "pacts").exists()


def install(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pytest find the plugin as it does where the project is installed: by what `pip` notes of it."""
    project = Path(__file__).parents[2] / "pyproject.toml"
    entry = next(line for line in project.read_text().splitlines() if line == 'pactmock = "pactmock.pytest_plugin"')
    installed = pytester.mkdir("site") / "pactmock-9.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: pactmock\nVersion: 9\n")
    (installed / "RECORD").write_text("pactmock/__init__.py,,\n")
    (installed / "entry_points.txt").write_text(f"[pytest11]\n{entry.replace(chr(34), '')}\n")
    monkeypatch.delenv("PYTEST_ADDOPTS")
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.setenv("PYTHONPATH", f"{installed.parent}:{Path(__file__).parents[2]}")


def test_pytest_finds_the_plugin_where_pactmock_is_installed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(pytester, monkeypatch)
    markers = pytester.run(sys.executable, "-m", "pytest", "--markers")
    markers.stdout.fnmatch_lines(["@pytest.mark.pact(consumer, provider, specification): the two sides*"])
    fixtures = pytester.run(sys.executable, "-m", "pytest", "--fixtures")
    fixtures.stdout.fnmatch_lines(["pact -- *", "    A contract of this test, a `pactmock.contract.Pact`*"])


def test_python_and_not_pytest_reads_the_modules_of_pactmock_from_the_first_conftest_on(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(pytester, monkeypatch)
    pytester.makeconftest("import pactmock.contract.pact")
    pytester.makepyfile(
        """
        import sys
        from importlib.machinery import SourceFileLoader

        import pactmock.embedded

        def test_it(request):
            assert request.config.pluginmanager.hasplugin("pactmock")
            modules = [module for name, module in sys.modules.items() if name.startswith("pactmock.")]
            others = {module.__name__ for module in modules if type(module.__loader__) is not SourceFileLoader}
            assert others == {"pactmock.pytest_plugin", "pactmock.pytest_plugin.finder"}
        """
    )
    done = pytester.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=1)


def test_a_run_leaves_no_finder_of_modules_behind(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_it="import sys\ndef test_it(): assert 'PlainFinder' in str(sys.meta_path)",
        program="""
        import sys
        import pytest

        before = list(sys.meta_path)
        assert pytest.main([]) == 0
        assert sys.meta_path == before
        """,
    )
    assert pytester.run(sys.executable, "program.py").ret == 0


def test_a_marker_takes_its_words_in_the_order_that_it_is_shown_with(pytester: pytest.Pytester) -> None:
    result = play(
        pytester,
        """
        @pytest.mark.pact("app", "one", "V3")
        def test_names(pact):
            assert (pact.consumer, pact.provider, str(pact.specification)) == ("app", "one", "V3")
        """,
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(("words", "strange"), [("provder='x'", "'provder'"), ("'a', 'b', 'V3', 'more'", "'more'")])
def test_a_word_that_no_marker_has_is_told(pytester: pytest.Pytester, words: str, strange: str) -> None:
    result = play(
        pytester,
        f"""
        @pytest.mark.pact({words})
        def test_it(pact): pass
        """,
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"The marker 'pact' has no {strange}: it takes consumer, provider and specification"])


def test_a_version_that_is_none_is_told_and_nothing_else(pytester: pytest.Pytester) -> None:
    result = play(pytester, "        def test_it(pact): pass", "--pact-specification=V9")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["_*ERROR at setup of test_it*_", "There is no version 'V9' of Pact: *"], consecutive=True
    )


def test_a_contract_that_was_forgotten_is_told_in_one_line(pytester: pytest.Pytester) -> None:
    result = play(pytester, "        def test_it(pact): a_user(pact)")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["_*test_it*_", "1 interaction(s) of * never tested*", "pacts: *"], consecutive=True)


def test_a_mock_server_that_is_never_ended_fails_the_test_and_nothing_is_written(pytester: pytest.Pytester) -> None:
    write(
        pytester,
        """
        def test_it(pact):
            a_user(pact)
            pact.serve().__enter__()
        """,
    )
    result = pytester.runpytest_subprocess()  # the server that nobody ends would play on in this process
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["A mock server of web -> users-api was never ended*", "pacts: * not written: *failed"])


@pytest.mark.parametrize("options", ["", "raises=False"])
def test_a_mock_server_of_a_fixture_has_its_verdict_at_the_end(pytester: pytest.Pytester, options: str) -> None:
    result = play(
        pytester,
        f"""
        @pytest.fixture
        def url(pact):
            a_user(pact)
            with pact.serve({options}) as server:
                yield server.url

        def test_good(url):
            assert get(url + "/users/7")

        def test_bad(url): pass
        """,
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*GET /users/7 was expected and never came", "pacts: * not written: *test_bad failed"])
