"""The plugin of pytest: the fixture `pact`, and pact files that are written once, at the end of a run that is good.

pytest loads this module in every run of an environment that has pactmock. So it imports none of what plays and
writes pacts until a test asks for the fixture.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pactmock import Client
    from pactmock.contract import Pact

_MARKER = (
    "pact(consumer, provider, specification): the two sides of the contract that the fixture `pact` of this test"
    " writes, and the version of Pact that it is written in; what is left out, other markers or the ini file say"
    " (pactmock)"
)

_PACT = pytest.StashKey["Pact"]()
_WRITTEN = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pact", "contracts (pactmock)")
    group.addoption(
        "--pact-dir", default="pacts", metavar="DIR", help="write pact files into this directory (default: pacts)"
    )
    group.addoption(
        "--pact-specification",
        metavar="VERSION",
        help="write them in this version of Pact, such as V3, unless a test says otherwise (default: V4)",
    )
    group.addoption(
        "--pact-overwrite",
        action="store_true",
        help="leave nothing in a pact file but what a complete run of its tests wrote, instead of merging",
    )
    parser.addini("pact_consumer", "the consumer of the fixture `pact`, where no marker names one")
    parser.addini("pact_provider", "the provider of the fixture `pact`, where no marker names one")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    # Before the first conftest.py, which may import a contract.
    from pactmock.pytest_plugin.finder import PlainFinder

    finder = PlainFinder()
    finder.install()
    early_config.add_cleanup(finder.remove)
    yield


def pytest_configure(config: pytest.Config) -> None:
    from pactmock.pytest_plugin.run import Run, Worker

    config.addinivalue_line("markers", _MARKER)
    config.pluginmanager.register(Worker(config) if hasattr(config, "workerinput") else Run(config))


@pytest.fixture
def pact(request: pytest.FixtureRequest) -> Generator[Pact]:
    """A contract of this test, a `pactmock.contract.Pact`: write interactions, and serve them.

    The test fails when one of them was not played, or not matched. At the end of the run the pact file is written, with
    what all tests of this consumer and provider wrote, unless one of them failed.
    """
    from pactmock.contract import Pact
    from pactmock.pytest_plugin.pair import pair_of, specification_of, strange_words_of

    names = pair_of(request.node)
    strange = strange_words_of(request.node)
    if strange:
        pytest.fail(
            f"The marker 'pact' has no {' and no '.join(strange)}: it takes consumer, provider and specification",
            pytrace=False,
        )
    missing = [f"{role}" for role, name in zip(("consumer", "provider"), names, strict=True) if not name]
    if missing:
        pytest.fail(
            f"The fixture 'pact' does not know its {' and '.join(missing)}: mark the test with"
            " @pytest.mark.pact(consumer=..., provider=...), or set"
            f" {' and '.join(f'pact_{role}' for role in missing)} in the ini file of pytest",
            pytrace=False,
        )
    made = Pact(*names)
    version = specification_of(request.node)
    if version:
        try:
            made.with_specification(version)
        except KeyError:
            problem = f"There is no version {version!r} of Pact: choose one of V1 to V4"
            raise pytest.fail.Exception(problem, pytrace=False) from None
    request.node.stash[_PACT] = made
    yield made
    if request.node.stash.get(_WRITTEN, None) is not None:  # else the test failed already
        from pactmock.pytest_plugin.checking import problem_after

        problem = problem_after(made)
        if problem:
            pytest.fail(problem, pytrace=False)


@pytest.fixture(scope="session")
def pact_service() -> Client:
    """A client of the service that PACTMOCK_URL names, a `pactmock.Client`, for tests with a sidecar.

    PACTMOCK_TOKEN is its token, where it asks for one. Without PACTMOCK_URL the test does not pass: what was not tested
    must not look as if it had been.
    """
    url = os.environ.get("PACTMOCK_URL")
    if not url:
        pytest.fail(
            "The fixture 'pact_service' does not know where the service is: set PACTMOCK_URL, such as"
            " http://localhost:8080",
            pytrace=False,
        )
    from pactmock import Client

    return Client(url, token=os.environ.get("PACTMOCK_TOKEN"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    # Here, and not when the fixture ends, which would be an error besides a test that passed.
    result = yield
    if _PACT in item.stash:
        from pactmock.pytest_plugin.checking import problem_of, to_text

        problem = problem_of(item.stash[_PACT])
        if problem:
            pytest.fail(problem, pytrace=False)
        item.stash[_WRITTEN] = to_text(item.stash[_PACT])
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    from pactmock.pytest_plugin.reason import put_first, take

    error = call.excinfo.value if call.excinfo is not None else None
    reason = take(error) if error is not None else ""
    report = yield
    if error is not None and reason:
        put_first(report, error, reason)
    from pactmock.pytest_plugin.pair import pair_of, writes_contract

    if _PACT in item.stash or writes_contract(item):  # a test may ask for the fixture while it runs
        # Reports come to the process that writes also from the workers of pytest-xdist, one by one.
        is_written = report.when == "call" and report.passed
        report.pactmock = json.dumps([*pair_of(item), item.stash.get(_WRITTEN, None) if is_written else None])  # type: ignore[attr-defined]
    return report
