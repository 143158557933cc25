"""Whether a table starts with a header row: what the test author says, what the pact keeps, and else a guess.

Hosts do not always hand back what the plugin gave them to keep: those in Rust give nothing when values are to be
generated (reference/plugins.md §5.7).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pactmock.plugins import Json, PluginData, PluginError, json_text
from pactmock.plugins.csv import columns
from pactmock.plugins.csv.columns import Column
from pactmock.plugins.csv.table import Row

KEY = "csvHeaders"
"""The member that says it, in what test authors write and in the data of an interaction."""

_WORDS = {"true": True, "false": False}


def configured(config: Mapping[str, Json], named: Sequence[Column]) -> bool:
    """Read what the test author says. Who says nothing gets a header row where columns have names, `named`.

    Raises:
        PluginError: for what is neither true nor false, and for names without a row that they could stand in.
    """
    if KEY not in config:
        return bool(named)
    value = config[KEY]
    has_header = _WORDS.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(has_header, bool):
        raise PluginError(
            f"'{KEY}' says whether there is a header row, {json_text(value)} does not: make it true or false"
        )
    if named and not has_header:
        raise PluginError(
            f"'{columns.key_of(named[0])}' names a column, but '{KEY}' is false and a table without a header row "
            f"has no names: number the columns, or leave '{KEY}' out"
        )
    return has_header


def is_there(data: PluginData | None, keys: Collection[str], rows: Sequence[Row]) -> bool:
    """Tell whether a table has a header row; `keys` are those of its rules or generators, `rows` its first two."""
    kept = data.interaction if data else {}
    # Under the part where the host does not choose it, as the published plugin looks for it (§8.1).
    for holder in (kept, kept.get("request"), kept.get("response")):
        told = holder.get(KEY) if isinstance(holder, Mapping) else None
        if isinstance(told, bool):
            return told
    return _guess(keys, rows)


def _guess(keys: Collection[str], rows: Sequence[Row]) -> bool:
    """Take a header row for granted where columns have names, and where it could be the one that `configure` writes.

    Without any key nothing but the rows is known: the first of several is then a header row, as in the published
    plugin, and a single one has to be data.
    """
    if any(map(columns.is_named, keys)):
        return True
    if len(rows) < 2:
        return False
    cells = rows[0].cells  # `configure` writes numbers, and nothing for columns that nobody configured
    are_numbers = any(cells) and all(cell in ("", str(number)) for number, cell in enumerate(cells, 1))
    return are_numbers or not any(map(columns.is_numbered, keys))
