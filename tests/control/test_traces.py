"""Who traces finds in its own trace what pactmock did; and who does not, pays nothing for it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from queue import Queue
from typing import Any

import aiohttp
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from pactmock.control.running import Service
from pactmock.control.telemetry.spans import Spans, provider_for
from pactmock.reports.visible import visible
from pactmock.service.settings import ServiceSettings
from tests.control.following import call, create
from tests.http_servers import answer, listening
from tests.pacts import interaction, pact
from tests.patience import HANG
from tests.process import call as call_process
from tests.process import service
from tests.raw_http import exchange

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
async def control(tmp_path: Path, exporter: InMemorySpanExporter) -> AsyncIterator[aiohttp.ClientSession]:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    async with (
        Service(ServiceSettings(port=0, output=tmp_path), Spans(provider)) as running,
        aiohttp.ClientSession(running.url) as session,
    ):
        yield session


def _attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def _parent(span: ReadableSpan) -> tuple[str, str] | None:
    return None if span.parent is None else (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}")


async def test_a_request_to_a_mock_server_is_a_span_in_the_trace_of_its_caller(
    control: aiohttp.ClientSession, exporter: InMemorySpanExporter
) -> None:
    server = await create(control, pact(interaction("a user", {"path": "/users/7"})))
    exporter.clear()
    for path, headers in (("users/7?a=1", {"traceparent": PARENT, "tracestate": "a=b"}), ("users/7", {}), ("no", {})):
        async with control.get(f"/m/{server['id']}/{path}", headers=headers) as response:
            await response.read()
    wrong, matched, other = exporter.get_finished_spans()
    assert [_parent(span) for span in (wrong, matched, other)] == [(TRACE, SPAN), None, None]
    assert wrong.context is not None
    assert (f"{wrong.context.trace_id:032x}", wrong.context.trace_state.to_header()) == (TRACE, "a=b")
    assert {span.kind for span in (wrong, matched, other)} == {SpanKind.SERVER}
    assert (matched.name, matched.status.status_code) == ("GET", StatusCode.UNSET)
    key = _attributes(matched).pop("pactmock.interaction.key")
    assert _attributes(matched) == {
        "http.request.method": "GET",
        "url.path": "/users/7",
        "http.response.status_code": 200,
        "pactmock.server": server["id"],
        "pactmock.request": 2,
        "pactmock.outcome": "matched",
        "pactmock.interaction.key": key,
        "pactmock.interaction.description": "a user",
    }
    assert [_attributes(span)["pactmock.outcome"] for span in (wrong, other)] == ["mismatched", "unexpected"]
    assert wrong.status.status_code is StatusCode.ERROR
    assert "a user" in (wrong.status.description or "")
    assert wrong.start_time is not None
    assert wrong.end_time is not None
    assert 0 <= wrong.end_time - wrong.start_time < 20_000_000_000


async def test_a_call_of_the_control_api_is_a_span_under_its_route(
    control: aiohttp.ClientSession, exporter: InMemorySpanExporter
) -> None:
    async with control.post("/", json=pact(interaction()), headers={"traceparent": PARENT}) as response:
        server = (await response.json())["mockServer"]
    await call(control, "GET", f"/mockserver/{server['id']}/requests")
    for probe in ("/health", "/ready", "/metrics"):
        await call(control, "GET", probe)
    assert await call(control, "GET", "/nowhere") == 404
    assert await call(control, "GET", f"/mockserver/{server['id']}/requests?limit=x") == 400
    created, listed, nowhere, refused = exporter.get_finished_spans()
    assert (created.name, _parent(created)) == ("POST /", (TRACE, SPAN))
    assert _attributes(listed) == {
        "http.request.method": "GET",
        "http.route": "/mockserver/{id}/requests",
        "url.path": f"/mockserver/{server['id']}/requests",
        "http.response.status_code": 200,
    }
    assert (nowhere.name, _attributes(nowhere)["http.response.status_code"]) == ("GET", 404)
    assert (refused.name, refused.status.status_code) == ("GET /mockserver/{id}/requests", StatusCode.UNSET)


@pytest.mark.parametrize("sent", ["", "x", PARENT + "x", f"00-{'0' * 32}-{SPAN}-01", f"ff-{TRACE}-{SPAN}-01"])
async def test_what_is_no_parent_begins_a_trace_of_its_own(
    control: aiohttp.ClientSession, exporter: InMemorySpanExporter, sent: str
) -> None:
    server = await create(control)
    exporter.clear()
    for lines in (f"traceparent: {sent}\r\n", f"traceparent: {PARENT}\r\ntraceparent: x\r\n", ""):
        await exchange(server["port"], f"GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n".encode())
    assert [_parent(span) for span in exporter.get_finished_spans()] == [None] * 3


async def test_who_does_not_sample_its_trace_is_not_sampled_here(
    control: aiohttp.ClientSession, exporter: InMemorySpanExporter
) -> None:
    server = await create(control)
    exporter.clear()
    async with control.get(f"/m/{server['id']}/", headers={"traceparent": PARENT[:-1] + "0"}) as response:
        assert response.status == 200
    assert exporter.get_finished_spans() == ()


async def test_what_a_client_sends_is_bounded_and_text_in_a_span(
    control: aiohttp.ClientSession, exporter: InMemorySpanExporter
) -> None:
    server = await create(control)
    exporter.clear()
    state = ",".join(f"k{number}={'v' * 200}" for number in range(100))
    for raw in (
        b"EVIL" * 10 + b" /" + b"\xff\x1b\r%00" * 2000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: a\r\ntraceparent: {PARENT}\r\ntracestate: {state}\r\n\r\n".encode(),
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PUT /\xed\xa0\x80 HTTP/1.1\r\nHost: a\r\n\r\n",
    ):
        await exchange(server["port"], raw)
    spans = exporter.get_finished_spans()
    assert len(spans) == 4
    for span in spans:
        assert span.name in {"GET", "PUT", "HTTP", "_OTHER"}
        for item in (*_attributes(span).values(), span.status.description or ""):
            if isinstance(item, str):
                assert len(item.encode()) < 6000
                assert item == visible(item)
        assert span.context is not None
        assert len(span.context.trace_state.to_header()) <= 512


@contextmanager
def collector() -> Iterator[tuple[str, Queue[ExportTraceServiceRequest]]]:
    """What takes traces as OTLP over HTTP."""
    received: Queue[ExportTraceServiceRequest] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/v1/traces"
            received.put(ExportTraceServiceRequest.FromString(content))
            answer(self, b"", "application/x-protobuf")

    with listening(Handler) as port:
        yield f"http://127.0.0.1:{port}", received


def test_a_service_sends_its_spans_where_the_environment_says_the_last_ones_at_its_end(tmp_path: Path) -> None:
    with (
        collector() as (url, received),
        service(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_EXPORTER_OTLP_COMPRESSION="none") as running,
    ):
        server = call_process("POST", running.url, pact(interaction("a user")))[1]["mockServer"]
        assert call_process("GET", f"{server['url']}/", headers={"traceparent": PARENT})[0] == 200
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(HANG) == 0
        (resource,) = received.get(timeout=HANG).resource_spans
    spans = {span.name: span for scope in resource.scope_spans for span in scope.spans}
    assert set(spans) == {"POST /", "GET"}
    assert (spans["GET"].trace_id.hex(), spans["GET"].parent_span_id.hex()) == (TRACE, SPAN)
    said = {item.key: item.value.string_value for item in resource.resource.attributes}
    assert said["service.name"] == "pactmock"


def test_a_collector_that_is_not_there_is_one_line_and_holds_nothing_up(tmp_path: Path) -> None:
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_BSP_SCHEDULE_DELAY": "50"}
    with service(tmp_path, OTEL_EXPORTER_OTLP_TIMEOUT="1", **environment) as running:
        server = call_process("POST", running.url, pact(interaction("a user")))[1]["mockServer"]
        for _ in range(20):
            assert call_process("GET", f"{server['url']}/")[0] == 200
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(HANG) == 0
        assert running.process.stderr is not None
        lines = [line for line in running.process.stderr.read().splitlines() if "server.st" not in line]
    assert all("spans could not be sent" in line for line in lines), lines
    assert len(lines) <= 1


@pytest.mark.parametrize(
    ("environment", "hides", "said"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, "opentelemetry", "pip install 'pactmock[otel]'"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "opentelemetry.sdk.trace", "OpenTelemetry is not installed"),
        ({"OTEL_TRACES_EXPORTER": "smoke"}, "", "there is no exporter 'smoke'"),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "", "there is no exporter"),
    ],
)
def test_what_is_asked_for_and_cannot_be_is_one_sentence(
    tmp_path: Path, environment: dict[str, str], hides: str, said: str
) -> None:
    program = f"import sys; sys.modules[{hides!r}] = None; from pactmock.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "start", "--port", "0", "--output", str(tmp_path)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert "is listening on" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        (line,) = process.communicate(timeout=HANG)[1].splitlines()
    finally:
        process.kill()
        process.wait()
    assert said in line
    assert next(iter(environment)) in line


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_SDK_DISABLED": "true"},
    ],
)
def test_nothing_is_loaded_where_the_environment_does_not_ask(environment: dict[str, str]) -> None:
    program = (
        "import sys, json; import pactmock.control.running; from pactmock.control.telemetry.traces import traces_for;"
        f"print(traces_for(json.loads({json.dumps(environment)!r})), 'opentelemetry' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=HANG, check=True)
    assert ran.stdout.split() == ["None", "False"]


def test_whoever_names_the_service_keeps_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"OTEL_TRACES_EXPORTER": "console", "OTEL_SERVICE_NAME": "mocks of team a"}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert provider_for(environment).resource.attributes["service.name"] == "mocks of team a"
