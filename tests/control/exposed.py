"""Metrics as a test reads them: with the parser of Prometheus' own library."""

from __future__ import annotations

import aiohttp
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families


async def text(control: aiohttp.ClientSession) -> str:
    async with control.get("/metrics") as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return await response.text()


async def families(control: aiohttp.ClientSession) -> dict[str, Metric]:
    """Return all metrics by their name in the text, as queries have it."""
    found = list(text_string_to_metric_families(await text(control)))
    named = {each.name + ("_total" if each.type == "counter" else ""): each for each in found}
    assert len(named) == len(found)
    return named


async def values(control: aiohttp.ClientSession) -> dict[str, float]:
    """Return the value of each series, written as `name{label="value"}`."""
    found = {}
    for family in (await families(control)).values():
        for sample in family.samples:
            labels = ",".join(f'{name}="{item}"' for name, item in sample.labels.items())
            series = sample.name + (f"{{{labels}}}" if labels else "")
            assert series not in found
            found[series] = sample.value
    return found


def by(found: dict[str, float], name: str) -> dict[str, float]:
    """Return what is not zero of a metric with one label, by the value of that."""
    mine = {series: number for series, number in found.items() if series.startswith(f"{name}{{")}
    return {series.split('"')[1]: number for series, number in mine.items() if number}
