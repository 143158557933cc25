"""Warnings about plugins that a pact names and that are not installed, where something of it can be played without."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.subject import Subject


def missing_plugins(bound: BoundPact) -> Iterator[PactWarning]:
    """Yield the plugins that are missing, and that nothing seems to need."""
    needed = {bound.plugin_missing_for(item) for item in bound.pact.interactions} if bound.missing else set()
    for name in bound.missing:
        if name not in needed:
            text = (
                f"The plugin {name} is not installed; nothing here needs it, and the provider's verification wants it"
            )
            yield PactWarning(f"{text}: leave it out of 'metadata.plugins'", "missing_plugin", ("metadata", "plugins"))


def unplayed(subject: Subject) -> Iterator[PactWarning]:
    """Yield an interaction that is not played, nor counted, as the plugin that would play it is not installed."""
    name = subject.bound.plugin_missing_for(subject.interaction)
    if name is not None:
        text = (
            f"'{subject.interaction.description[:200]}' is not played, and does not count, as the plugin {name} is not"
        )
        yield PactWarning(f"{text} installed: install it, or test it elsewhere", "not_played", subject.place)
