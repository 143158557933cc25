"""The formats of reports: what each is called, and what makes it. A renderer is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import cast

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value
from pactmock.reports.report import Report


@value
class Format:
    """A form of reports. `module` is that of `pactmock.reports` whose function `render` makes it."""

    name: str
    media_type: str
    module: str

    def render(self, report: Report) -> str:
        """Make a report of this form: text that ends with a new line, and is to be encoded as UTF-8."""
        renderer = import_module(f"pactmock.reports.{self.module}").render
        return cast("Callable[[Report], str]", renderer)(report)


FORMATS: Mapping[str, Format] = {
    item.name: item
    for item in (
        Format("text", "text/plain", "text"),
        Format("json", "application/json", "document"),
        Format("junit", "application/xml", "junit"),
        Format("markdown", "text/markdown", "markdown"),
        Format("github", "text/plain", "github"),
        Format("html", "text/html", "html"),
    )
}
"""All formats, by their names."""


def named(name: str) -> Format:
    """Find a format by its name.

    Raises:
        InvalidParameter: naming those that are known.
    """
    found = FORMATS.get(name)
    if found is None:
        raise InvalidParameter(
            f"There is no report format '{name[:100]}': use {', '.join(FORMATS)}", parameter="format"
        )
    return found


def accepted(header: str) -> Format:
    """Choose the format that the header Accept of a call wants most; text for who takes anything, or says nothing."""
    by_type = {item.media_type: item for item in reversed([*FORMATS.values()])} | {"text/xml": FORMATS["junit"]}
    return next((by_type[kind] for kind in media_types(header) if kind in by_type), FORMATS["text"])


def media_types(header: str) -> Iterator[str]:
    """Yield the media types that a header Accept names, those that are wanted most first."""
    items = (item.split(";") for item in header.split(","))
    wanted = [(-_weight(parameters), kind.strip().lower()) for kind, *parameters in items]
    return (kind for weight, kind in sorted(wanted, key=lambda item: item[0]) if weight)


def _weight(parameters: list[str]) -> float:
    """Return the weight of a media type, which is 1 where it is not said, or cannot be read."""
    for name, _, text in (item.strip().partition("=") for item in parameters):
        if name.lower() == "q":
            try:
                return float(text)
            except ValueError:
                return 1.0
    return 1.0
