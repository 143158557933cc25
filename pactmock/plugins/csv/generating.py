"""Values made in the columns of a table when it is sent (reference/plugins.md §8.6, with its mistakes mended)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pactmock.plugins import (
    CannotGenerate,
    Contents,
    GenerateRequest,
    GeneratorContext,
    Maker,
    Mode,
    PathGenerators,
    PluginError,
    compile_generator,
    context_of,
    spend,
)
from pactmock.plugins.csv import columns, header_row
from pactmock.plugins.csv.configuring import CONTENT_TYPE
from pactmock.plugins.csv.table import Row, Table, read_rows, split, write_rows


def generate(request: GenerateRequest) -> Contents:
    """Write a table anew, with generated values in every row of data.

    Raises:
        PluginError: when the table cannot be read, or a value cannot be made.
    """
    if not request.generators:
        return request.contents
    rows = [*read_rows(request.contents.content, "the content")]
    has_header = header_row.is_there(request.data, request.generators, rows[:2])
    table = split(rows, has_header=has_header)
    # A host that does not say the mode is a mock server if it names one; anything else has values of provider states.
    context = context_of(request, Mode.CONSUMER if request.test_context.get("mockServer") else Mode.PROVIDER)
    makers = _makers(table, request.generators, context.mode)
    made = [_generate_row(row, makers, context) for row in table.rows]
    return Contents(write_rows([table.header, *made] if has_header and rows else made), CONTENT_TYPE)


def _makers(table: Table, generators: PathGenerators, mode: Mode) -> Mapping[int, Maker]:
    """Compile the generator of each column that has one, but for those that only the other side plays."""
    for key in generators:
        if not key.startswith(columns.PREFIX):
            raise PluginError(f"'{key}' is not a valid field definition, expected 'column:' with a number or a name")
    names = table.header or [""] * (len(table.rows[0].cells) if table.rows else 0)
    found = ((index, columns.find(generators, index, name)) for index, name in enumerate(names))
    compiled = {index: compile_generator(generator) for index, generator in found if generator}
    return {index: maker for index, maker in compiled.items() if maker.mode in (None, mode)}


def _generate_row(row: Row, makers: Mapping[int, Maker], context: GeneratorContext) -> Sequence[str]:
    spend(1 + len(makers))
    cells = list(row.cells)
    for index, maker in makers.items():
        try:
            cells[index] = maker.text(cells[index], context)
        except CannotGenerate as reason:
            raise PluginError(f"{reason}, for column {index + 1} of line {row.line}") from None
    return cells
