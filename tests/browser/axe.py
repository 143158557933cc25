"""Who cannot see a page, or point at it, can use it: what axe-core knows of the rules for that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
_WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
"""The tags of the rules: those of WCAG 2.2 AA include all of the versions and levels before."""


def violations(page: Page) -> list[str]:
    """List what a page, as it is now, has against WCAG 2.2 AA: the rule and where, a line for each element."""
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "async tags => (await axe.run(document, {runOnly: tags, resultTypes: ['violations']})).violations",
        _WCAG_2_2_AA,
    )
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {' '.join(node['failureSummary'].split())}"
        for rule in found
        for node in rule["nodes"]
    ]
