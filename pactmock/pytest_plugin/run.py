"""The contracts of a run of pytest: what its tests wrote, which of them failed, and the files at its end.

All of it is in the process that the user started. Workers of pytest-xdist send what their tests wrote with the reports
of these, so what a worker did is not lost when it crashes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from pactmock.pytest_plugin.pair import Pair, pair_of, writes_contract

if TYPE_CHECKING:
    from pactmock.pytest_plugin.publishing import Publication

_LEFT_OUT = "pactmock_left_out"


def _pairs_of(items: Sequence[pytest.Item]) -> set[Pair]:
    return {pair_of(item) for item in items if writes_contract(item)}


class Worker:
    """What a worker of pytest-xdist sends besides its reports: whose tests were deselected."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        output: dict[str, Any] = self._config.workeroutput  # type: ignore[attr-defined]
        output[_LEFT_OUT] = [*output.get(_LEFT_OUT, ()), *map(list, _pairs_of(items))]


class Tested:
    """What is known of a consumer and a provider when the run ends."""

    def __init__(self) -> None:
        self.written: dict[str, str] = {}
        """The contract of each test that passed, as the content of a pact file, by the test's id."""
        self.failed: dict[str, None] = {}
        """The tests that failed, in their order."""
        self.is_complete = True
        """Whether all of its tests were played, as far as one can see."""


class Run:
    """The run, in the process that writes."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._pairs: dict[Pair, Tested] = {}
        self._crashes: list[str] = []
        self._publications: list[Publication] = []

    def _tested(self, pair: Pair) -> Tested:
        return self._pairs.setdefault(pair, Tested())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = getattr(report, "pactmock", None)
        if said is None:
            if str(report.when) == "???":  # what pytest-xdist says for a worker that is gone
                self._crashes.append(report.nodeid)
            return
        consumer, provider, text = json.loads(said)
        tested = self._tested((consumer, provider))
        if report.failed:
            tested.failed[report.nodeid] = None
        elif report.skipped:  # or was expected to fail
            tested.is_complete = False
        elif text is not None:
            tested.written[report.nodeid] = text

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._leave_out(_pairs_of(items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ARG002  the hook's names
        self._leave_out((pair[0], pair[1]) for pair in getattr(node, "workeroutput", {}).get(_LEFT_OUT, ()))

    def _leave_out(self, pairs: Any) -> None:
        for pair in pairs:
            self._tested(pair).is_complete = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if not any(tested.written or tested.failed for tested in self._pairs.values()):
            return
        from pactmock.contract.importing import importing

        is_whole = exitstatus == pytest.ExitCode.OK and not self._is_narrowed()
        with importing():  # also what publishing loads late
            self._publish_all(is_whole)
        problems = [found for found in self._publications if found.problem]
        for found in problems:
            self._add_error(found)
        if problems and exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _publish_all(self, is_whole: bool) -> None:
        from pactmock.pytest_plugin.publishing import publish

        for pair, tested in self._pairs.items():
            for test in self._crashes:
                tested.failed[test] = None
            if not is_whole:
                tested.is_complete = False
            if tested.written or tested.failed:
                self._publications.append(publish(pair, tested, self._config))

    def _is_narrowed(self) -> bool:
        """Tell whether the user chose single tests; those that are not collected nobody sees."""
        option = self._config.option
        return getattr(option, "lf", False) or any("::" in name for name in self._config.args)

    def _add_error(self, found: Publication) -> None:
        """Have pytest tell it as it tells other errors, and count it."""
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            report = pytest.TestReport(
                nodeid=found.name, location=("", None, found.name), keywords={}, outcome="failed",
                longrepr=found.problem, when="teardown",
            )  # fmt: skip
            terminal.stats.setdefault("error", []).append(report)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        directory = self._config.getoption("pact_dir")
        for found in self._publications:
            terminalreporter.write_line(f"{directory}: {found.name} {found.summary}", red=not found.is_written)
