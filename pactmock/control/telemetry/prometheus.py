"""What is measured, in the words of Prometheus. The only module that knows its library, loaded when somebody asks.

Labels have values of ours only, and names of plugins, which whoever runs the service has installed: nothing that a
client sends can make a series, or a line. docs/operating.md has all that is here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

import pactmock
from pactmock.durations import Durations
from pactmock.reports.visible import visible
from pactmock.server.records import events, totals
from pactmock.server.wire import refused

if TYPE_CHECKING:
    from pactmock.control.telemetry.metrics import Measured

_SINCE = "Measured since /metrics was first asked for."


class Exposition:
    """All metrics of a service, in a registry of its own."""

    def __init__(self, measured: Measured) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Metrics(measured))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """Write what is measured now."""
        return generate_latest(self._registry)

    def __repr__(self) -> str:
        return "<Exposition>"


class _Metrics(Collector):
    """Makes metrics of what is counted."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured
        self._shared = measured.registry.shared

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("pactmock_build", "The version that runs.", {"version": pactmock.__version__})
        yield _gauge("uptime_seconds", "Seconds since the service started.", self._measured.uptime())
        yield from self._mock_servers()
        yield from self._requests()
        yield from self._verdicts()
        yield from self._decisions()
        yield from self._limits()
        yield from self._events()
        yield from self._plugins()
        lag = "How late the event loop was with what was due at a certain time."
        yield _histogram("event_loop_lag_seconds", f"{lag} {_SINCE}", {"": self._measured.measuring.lag})

    def _mock_servers(self) -> Iterator[Metric]:
        told = self._shared.totals.told
        yield _gauge("mock_servers", "Mock servers that run.", len(self._measured.registry))
        yield _counter("mock_servers_started", "Mock servers that began.", told[events.SERVER_STARTED])
        text = "Mock servers that ended, those whose time to live was over too."
        yield _counter("mock_servers_stopped", text, told[events.SERVER_STOPPED])
        text = "Mock servers that ended as nobody touched them for their time to live."
        yield _counter("mock_servers_expired", text, told[events.SERVER_EXPIRED])

    def _requests(self) -> Iterator[Metric]:
        found = self._shared.totals
        by_outcome = found.requests(self._shared.events.number)
        yield _counters("requests", "Requests to mock servers, by what was decided.", "outcome", by_outcome)
        text = "Requests that did not match, once for each part that differs from the nearest interaction."
        yield _counters("mismatched_parts", text, "part", {part: found.parts[part] for part in totals.PARTS})
        yield _gauge("journal_bytes", "What the journals of all mock servers hold.", self._shared.kept.bytes)
        yield _gauge("journal_limit_bytes", "What they may hold together.", self._shared.kept.most)
        text = "Requests that journals no longer list, to have room for others."
        yield _counter("journal_dropped", text, found.dropped)

    def _verdicts(self) -> Iterator[Metric]:
        found = self._shared.totals
        text = "Verifications that were asked for, by whether all matched."
        verdicts = {"matched": found.verdicts[True], "mismatched": found.verdicts[False]}
        yield _counters("verdicts", text, "verdict", verdicts)
        handled = {"handled": found.messages[True], "failed": found.messages[False]}
        yield _counters("messages", "What tests said of messages that they were handed.", "outcome", handled)
        yield _counter("pacts_written", "Pact files that were written.", found.told[events.PACT_WRITTEN])
        text = "Pact files that were not written: they say something else already, or it failed."
        reasons = {reason: found.unwritten[reason] for reason in (totals.CONFLICT, totals.FAILED)}
        yield _counters("pacts_not_written", text, "reason", reasons)
        text = "Interactions of pact files that were replaced by what a test said later."
        yield _counter("interactions_replaced", text, found.replaced)

    def _decisions(self) -> Iterator[Metric]:
        found = self._shared.totals.in_threads
        text = "Requests that were decided on in a thread: large ones, those that take long, those for plugins."
        yield _counters("decisions_in_threads", text, "reason", {reason: found[reason] for reason in totals.REASONS})
        times = self._shared.times
        places = {} if times is None else {"loop": times.on_loop, "thread": times.in_threads}
        text = f"How long it took to decide on a request, by where that was done. {_SINCE}"
        yield _histogram("decision_seconds", text, places, "where")

    def _limits(self) -> Iterator[Metric]:
        registry, intake = self._measured.registry, self._shared.intake
        over = {bound: intake.refused[bound] for bound in refused.BOUNDS}
        over |= {kind: self._shared.totals.refused[kind] for kind in totals.CROWDS}
        yield _counters("refused", "What was refused as it is over a limit, by the limit.", "limit", over)
        yield _gauge("mock_servers_limit", "How many mock servers there may be.", registry.settings.max_mock_servers)
        yield _gauge("connections", "Connections that are open.", intake.connections)
        yield _gauge("connections_limit", "How many connections there may be.", intake.most_connections)
        yield _gauge("intake_bytes", "Bytes of bodies that are not dealt with yet.", intake.body_bytes)
        yield _gauge("intake_limit_bytes", "How many bytes these may be.", intake.most_body_bytes)

    def _events(self) -> Iterator[Metric]:
        streams = self._measured.streams
        yield _gauge("event_streams", "Callers that follow events.", len(streams))
        yield _counter("events_missed", "Events that were lost to callers who read too slowly.", streams.missed)

    def _plugins(self) -> Iterator[Metric]:
        host = self._measured.registry.loaded_plugins
        up = GaugeMetricFamily("pactmock_plugin_up", "Whether a plugin that is loaded can be asked.", labels=["plugin"])
        for name, is_up in ({} if host is None else host.are_up).items():
            up.add_metric([visible(name)], is_up)
        yield up
        text = f"How long calls of a plugin took. {_SINCE}"
        times = {} if host is None else {visible(name): item for name, item in host.times.items()}
        yield _histogram("plugin_call_seconds", text, times, "plugin")


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"pactmock_{name}", text, value)


def _counter(name: str, text: str, value: int) -> Metric:
    return CounterMetricFamily(f"pactmock_{name}", text, value)


def _counters(name: str, text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"pactmock_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _histogram(name: str, text: str, found: Mapping[str, Durations], label: str = "") -> Metric:
    family = HistogramMetricFamily(f"pactmock_{name}", text, labels=[label] if label else [])
    for key, durations in found.items():
        counted = durations.counted
        bounds = [*map(str, durations.bounds), "+Inf"]
        buckets = list(zip(bounds, counted.at_most, strict=True))
        family.add_metric([key] if label else [], buckets, counted.seconds)
    return family
