"""The formats of reports: what each is called, and what makes it. A renderer is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
        Format("junit", "application/xml", "junit"),
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
