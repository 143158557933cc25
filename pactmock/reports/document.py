"""A report as one JSON document, and back: whoever has it can make every other format of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pactmock.pact.json.values import Json, pretty_bytes
from pactmock.reports.json import interaction, mismatch, read, read_interaction
from pactmock.reports.listed import ListedInteraction, ListedMessage
from pactmock.reports.report import Report, ServerReport


def render(report: Report) -> str:
    """Write a report as JSON, indented."""
    return pretty_bytes(to_json(report)).decode() + "\n"


def to_json(report: Report) -> dict[str, Json]:
    """Return the document of a report (docs/reports.md)."""
    return {"passed": report.passed, "servers": list(map(_server, report.servers))}


def _server(server: ServerReport) -> dict[str, Json]:
    return {
        "id": server.id,
        "name": server.name,
        "consumer": server.consumer,
        "provider": server.provider,
        "url": server.url,
        "passed": server.passed,
        "matched": server.matched,
        "problems": server.problems,
        "mismatches": list(map(mismatch, server.explanations)),
        "droppedMismatches": server.unlisted,
        "warnings": list(server.warnings),
        "interactions": list(map(listed_interaction, server.interactions)),
        "messages": list(map(listed_message, server.messages)),
        "notTested": server.not_tested,
        "created": _time(server.created),
        "asked": _time(server.asked),
        "pact": server.written or None,
        "error": server.error or None,
    }


def listed_interaction(item: ListedInteraction) -> dict[str, Json]:
    """Return an interaction, and how far it was asked for."""
    asked = {"method": item.method, "path": item.path, "received": item.received, "served": item.served}
    fault = {name: said for name, said in (("fault", item.fault), ("faultLeft", item.fault_left)) if said is not None}
    return {**interaction(item.name), **asked, **fault}


def listed_message(item: ListedMessage) -> dict[str, Json]:
    """Return a message, and what became of it."""
    became = {"type": item.type, "asked": item.asked, "handled": item.handled, "failed": item.failed}
    return {**interaction(item.name), **became}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def read_report(document: Mapping[str, Json]) -> Report:
    """Read the document of a report, also one of a service that knows more members."""
    return Report(tuple(map(_read_server, document["servers"])))


def _read_server(document: Mapping[str, Json]) -> ServerReport:
    return ServerReport(
        document["id"],
        document["consumer"],
        document["provider"],
        document["matched"],
        name=document["name"],
        url=document["url"],
        explanations=tuple(map(read, document["mismatches"])),
        unlisted=document["droppedMismatches"],
        warnings=tuple(document["warnings"]),
        interactions=tuple(map(_read_listed_interaction, document["interactions"])),
        messages=tuple(
            ListedMessage(read_interaction(item), item["type"], item["asked"], item["handled"], item["failed"])
            for item in document["messages"]
        ),
        not_tested=document["notTested"],
        created=_read_time(document["created"]),
        asked=_read_time(document["asked"]),
        written=document["pact"] or "",
        error=document["error"] or "",
    )


def _read_listed_interaction(item: Mapping[str, Json]) -> ListedInteraction:
    return ListedInteraction(
        read_interaction(item),
        item["method"],
        item["path"],
        item["received"],
        item["served"],
        item.get("fault"),
        item.get("faultLeft"),
    )


def _read_time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
