"""What a test author writes of a table, as a body with rules and generators (reference/plugins.md §8.2, §8.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pactmock.plugins import (
    Configured,
    ConfiguredPart,
    Contents,
    Definition,
    InvalidRule,
    Json,
    PluginData,
    PluginError,
    Reference,
    compile_text_check,
    parse_definition,
    resolve_reference,
)
from pactmock.plugins.csv import columns, header_row
from pactmock.plugins.csv.columns import Column, key_of
from pactmock.plugins.csv.table import write_rows

CONTENT_TYPE = "text/csv;charset=UTF-8"


def configure(config: Mapping[str, Json]) -> Configured:
    """Make the body, the rules and the generators of a table with one row of examples.

    Raises:
        PluginError: for what makes no table; it names the column.
    """
    definitions = _read_columns(config)
    named = sorted(column for column in definitions if isinstance(column, str))
    has_header = header_row.configured(config, named)
    layout = [*_numbers(definitions), *named]
    header = ["" if column is None else str(column) for column in layout]
    example = ["" if column is None else definitions[column].value for column in layout]
    rows = [header, example] if has_header else [example]
    by_key = {key_of(column): definitions[column] for column in layout if column is not None}
    part = ConfiguredPart(
        Contents(write_rows(rows), CONTENT_TYPE),
        rules={key: definition.rules for key, definition in by_key.items()},
        generators={key: definition.generator for key, definition in by_key.items() if definition.generator},
        data=PluginData(interaction={header_row.KEY: has_header}),
        markup=_markup(rows),
    )
    return Configured([part])


def _numbers(definitions: Mapping[Column, Definition]) -> Iterator[int | None]:
    """Give the numbers of columns in their order, and None for each that is left out in between."""
    last = max((column for column in definitions if isinstance(column, int)), default=0)
    return (number if number in definitions else None for number in range(1, last + 1))


def _read_columns(config: Mapping[str, Json]) -> Mapping[Column, Definition]:
    found: dict[Column, Definition] = {}
    for key in sorted(key for key in config if key.startswith(columns.PREFIX)):
        try:
            column, definition = columns.parse_key(key), _parse(key, config[key])
        except PluginError as error:
            raise PluginError(f"Invalid column definition: {error.message}") from None
        if column in found:
            raise PluginError(f"Invalid column definition: '{key}' is the same column as another key, remove one")
        _refuse_references(key, definition)
        found[column] = definition
    if not found:
        raise PluginError(
            "No config provided to match/generate CSV content: add members such as 'column:1' or 'column:Name', each "
            "with a matching rule definition"
        )
    return found


def _parse(key: str, value: Json) -> Definition:
    if not isinstance(value, str):
        kind = _KINDS.get(type(value), "Number")
        text = f"a text such as \"matching(type, 'Name')\" for '{key}'"
        raise PluginError(f"{kind} is not a valid value definition value, write {text}")
    try:
        definition = parse_definition(value)
        for rule in definition.rules:
            if not isinstance(rule, Reference):
                compile_text_check(rule)  # what is wrong with it is better said now than when a table comes
    except InvalidRule as error:
        raise PluginError(f"{error.message} (in '{key}')") from None
    return definition


def _refuse_references(key: str, definition: Definition) -> None:
    try:
        for rule in definition.rules:
            resolve_reference(rule, ())
    except InvalidRule:
        raise PluginError(
            f"Expected a matching rule definition, but got an un-resolved reference in '{key}': {definition.expression}"
            " refers to a member beside it, and a column has none, so write the rule itself"
        ) from None


_KINDS = {type(None): "Null", bool: "Bool", dict: "Struct", list: "List"}
"""What protobuf calls the values that JSON has besides texts and numbers."""


def _markup(rows: Sequence[Sequence[str]]) -> str:
    lines = [_markup_row(row) for row in rows]
    if len(rows) > 1:
        # One less than the name has letters, as in the published plugin; but without any it would be no table.
        lines.insert(1, _markup_row(["-" * max(1, len(name) - 1) for name in rows[0]]))
    return "".join(f"{line}\n" for line in ("# Data", "", *lines))


def _markup_row(cells: Sequence[str]) -> str:
    escaped = [_LINE_ENDS.sub(" ", cell).replace("|", r"\|") for cell in cells]
    return f"|{'|'.join(escaped)}|"


_LINE_ENDS = re.compile("[\r\n]+")
