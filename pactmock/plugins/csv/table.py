"""CSV text as rows, and rows as CSV text: commas, double quotes where a cell needs them, a line end after each row.

What is accepted is what the published plugin accepts (reference/plugins.md §8.4): LF, CRLF and CR end a line, empty
lines are passed over, and all rows are as long as the first.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from pactmock.pact.value import value
from pactmock.plugins import PluginError, spend


@value
class Row:
    """The cells of a row, and the number of the line that it starts on, counted from 1."""

    line: int
    cells: Sequence[str]


@value
class Table:
    """The names of the columns, none where there is no header row, and the rows of data."""

    header: Sequence[str]
    rows: Sequence[Row]


def split(rows: Sequence[Row], *, has_header: bool) -> Table:
    """Tell the header row from the rows of data."""
    return Table(rows[0].cells, rows[1:]) if has_header and rows else Table((), rows)


def read_rows(content: bytes, source: str) -> Iterator[Row]:
    """Read rows, one after the other; `source` says in errors what is being read.

    Raises:
        PluginError: at what is not UTF-8, at a row that is not as long as the first, and at an endless cell.
    """
    reader = csv.reader(io.StringIO(_decode(content, source), newline=""))
    line, first = 1, None
    try:
        for cells in reader:
            spend()
            if cells:
                first = first or Row(line, cells)
                if len(cells) != len(first.cells):
                    raise PluginError(
                        f"line {line} of {source} has {len(cells)} cell(s), and line {first.line} has"
                        f" {len(first.cells)}: all rows need as many, and a cell that holds a comma needs quotes"
                    )
                yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        raise PluginError(f"line {line} of {source} cannot be read: {error}") from None


def _decode(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"{error.reason} at byte {error.start}"
        raise PluginError(f"{source} is not UTF-8 ({reason}): CSV is compared in that encoding only") from None


def write_rows(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows, with quotes only where they are needed."""
    return "".join(f"{_write(row)}\n" for row in rows).encode()


def _write(row: Sequence[str]) -> str:
    if len(row) == 1 and not row[0]:
        return '""'  # else it is an empty line, which is no row
    return ",".join('"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell for cell in row)


# Not the standard library's writer: with "\n" as line end it leaves carriage returns unquoted. At the start of a text,
# the last of these is taken for a byte order mark.
_NEEDS_QUOTES = re.compile('[",\r\n\ufeff]')
