"""The CSV plugin: tables as bodies, with rules and generators for their columns (docs/plugins.md)."""

from pactmock.plugins.csv.plugin import CsvPlugin

__all__ = ["CsvPlugin"]
