"""A pact whose bodies are compared by a plugin that does not behave: what attacks 13 and 14 need."""

from __future__ import annotations

from pathlib import Path

from attacks.pacts import Json, interaction, pact

TYPE = (("Content-Type", "text/faulty"),)

INSTALLED = {"PYTHONPATH": str(Path(__file__).with_name("faulty"))}
"""What makes the plugin one that is installed beside pactmock."""


def faulty_pact(consumer: str = "attacker") -> Json:
    """A pact whose one request has a body that goes to the plugin."""
    request = {"method": "POST", "path": "/", "headers": dict(TYPE)}
    request |= {"body": {"content": "x", "contentType": "text/faulty", "encoded": False}}
    document = pact(
        {"type": "Synchronous/HTTP", **interaction("faulty", request)},
        consumer=consumer,
        plugins=[{"name": "faulty", "version": "1.0.0", "configuration": {}}],
    )
    document["metadata"]["pactSpecification"] = {"version": "4.0"}
    return document
