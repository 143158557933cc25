"""Spans of OpenTelemetry: one for each call of the control API, and for each request to a mock server.

The only module that knows its library. Whoever calls with a `traceparent` finds what we did in its own trace. Spans are
sent in the background; a collector that is not there costs what was to be sent, and one line in the log.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import entry_points

from aiohttp import web
from aiohttp.typedefs import Middleware
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

import pactmock
from pactmock.matching.texts.shortening import cut
from pactmock.pact.parts.headers import find
from pactmock.reports.visible import visible
from pactmock.server.records.entries import Entry, Refusal
from pactmock.server.records.events import Event, Events, Hears
from pactmock.server.records.log import said
from pactmock.server.records.totals import outcome_of

logger = logging.getLogger("pactmock")

_GROUP = "opentelemetry_traces_exporter"
_CLOSE_SECONDS = 1.0
_NANOSECONDS = 1_000_000_000
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
_PROBES = frozenset({"/health", "/ready", "/metrics"})
"""What is called every few seconds, by nobody who has a trace."""

_PROPAGATOR = TraceContextTextMapPropagator()
_Attributes = dict[str, str | int]


class NotToBeSent(Exception):
    """Spans cannot be sent in the way that was asked for; the text says why, and what to do."""


class Spans:
    """Makes spans of what happens; the provider says which of them are wanted, and sends them."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("pactmock", pactmock.__version__)

    def follow(self, events: Events) -> None:
        """Make a span of each request that a mock server receives."""
        events.listen(self._hear, Hears.ALL_REQUESTS)

    def _hear(self, event: Event) -> None:
        entry = event.entry
        if entry is None:
            return
        attributes = _request(entry) | {"pactmock.server": event.server}
        span = self._tracer.start_span(
            str(attributes.get("http.request.method", "HTTP")),
            context=_parent(entry),
            kind=SpanKind.SERVER,
            attributes=attributes,
            start_time=int(entry.received * _NANOSECONDS),
        )
        if span.is_recording() and entry.is_failure:
            span.set_status(Status(StatusCode.ERROR, visible(cut(said(entry)))))
        span.end()

    @property
    def middleware(self) -> Middleware:
        """What makes a span of each call of the control API, but for those that only ask whether it is there."""
        tracer = self._tracer

        @web.middleware
        async def trace(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            resource = request.match_info.route.resource
            route = None if resource is None else resource.canonical
            if route in _PROBES:
                return await handler(request)
            method = _method(request.method)
            attributes: _Attributes = {"http.request.method": method, "url.path": _shown(request.path)}
            attributes |= {} if route is None else {"http.route": route}
            name = method if route is None else f"{method} {route}"
            # It is not made the current one: a mock server that the call starts would have it as long as it runs.
            span = tracer.start_span(name, _context(request.headers.getall), SpanKind.SERVER, attributes)
            try:
                response = await handler(request)
                span.set_attribute("http.response.status_code", response.status)
                if response.status >= 500:
                    span.set_status(Status(StatusCode.ERROR))
                return response
            finally:
                span.end()

        return trace

    async def close(self) -> None:
        """Send what is there, for a moment; then make no more."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # nobody waited for so long
                loop.call_soon_threadsafe(done.set)

        threading.Thread(target=shut_down, name="pactmock traces", daemon=True).start()
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _CLOSE_SECONDS)

    def __repr__(self) -> str:
        return "<Spans>"


def _request(entry: Entry) -> _Attributes:
    """Say of a request what a journal has, without what may be large or of many values: it has its number there."""
    line, interaction = entry.request_line, entry.interaction
    said_of: _Attributes = {"pactmock.outcome": outcome_of(entry), "pactmock.request": entry.number}
    if line.method is not None:
        said_of["http.request.method"] = _method(line.method)
    if line.path is not None:
        said_of["url.path"] = _shown(line.path)
    if interaction is not None:
        said_of["pactmock.interaction.key"] = _shown(interaction.key)
        said_of["pactmock.interaction.description"] = _shown(interaction.description)
    return said_of | {"http.response.status_code": entry.status}


def _method(method: str) -> str:
    """Return a method as OpenTelemetry names it: what no standard knows could be anything."""
    return method if method in _METHODS else "_OTHER"


def _shown(text: str) -> str:
    return visible(cut(text))


def _parent(entry: Entry) -> Context:
    if isinstance(entry, Refusal):
        return Context()
    headers = entry.decision.request.headers
    return _context(lambda name, default: find(headers, name) or default)


def _context(values: Callable[[str, Sequence[str]], Sequence[str]]) -> Context:
    """Return what a caller says of its trace, nothing where none of it can be read (W3C Trace Context)."""
    parents = values("traceparent", ())
    if len(parents) != 1:
        return Context()
    state = ",".join(values("tracestate", ()))
    return _PROPAGATOR.extract({"traceparent": parents[0], "tracestate": state[:512]}, Context())


def provider_for(environment: Mapping[str, str]) -> TracerProvider:
    """Make what sends spans, as the environment says; it samples, batches and names as its own variables say.

    Raises:
        NotToBeSent: when an exporter is asked for that is not there, or cannot be made.
    """
    attributes = {"service.version": pactmock.__version__}
    if not environment.get("OTEL_SERVICE_NAME") and "service.name=" not in environment.get(
        "OTEL_RESOURCE_ATTRIBUTES", ""
    ):
        attributes["service.name"] = "pactmock"
    try:
        provider = TracerProvider(resource=Resource.create(attributes), shutdown_on_exit=False)
        for name in filter(None, map(str.strip, environment.get("OTEL_TRACES_EXPORTER", "otlp").split(","))):
            provider.add_span_processor(BatchSpanProcessor(_Telling(_exporter(name, environment))))
    except ValueError as error:  # a variable of theirs that cannot be what it is
        raise NotToBeSent(str(error)) from None
    for library in ("opentelemetry", "urllib3"):
        logging.getLogger(library).setLevel(logging.CRITICAL)  # what they have to say, is said here
    return provider


def _exporter(name: str, environment: Mapping[str, str]) -> SpanExporter:
    if name == "otlp":
        protocol = environment.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or environment.get(
            "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"
        )
        name = "otlp_proto_grpc" if protocol == "grpc" else "otlp_proto_http"
    for found in entry_points(group=_GROUP, name=name):
        make: Callable[[], SpanExporter] = found.load()
        return make()
    raise NotToBeSent(f"there is no exporter {visible(name)[:100]!r}: install one, or set OTEL_TRACES_EXPORTER=otlp")


class _Telling(SpanExporter):
    """Says once that spans cannot be sent, until they can again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._fails = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        reason = "the collector did not take them"
        try:
            result = self._exporter.export(spans)
        except Exception as error:  # noqa: BLE001  whatever an exporter raises, the service goes on
            result, reason = SpanExportResult.FAILURE, repr(error)
        if result is SpanExportResult.SUCCESS:
            self._fails = False
        elif not self._fails:
            self._fails = True
            logger.warning("%d spans could not be sent, nor may those that follow: %s", len(spans), visible(reason))
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)
