"""Values are generated in the columns of a table when it is sent (reference/plugins.md §8.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.errors import PluginError
from pactmock.generators.context import Mode
from pactmock.pact.generators import Generator
from pactmock.plugins import Contents, GenerateRequest, PluginData
from pactmock.plugins.csv import CsvPlugin

HEADER = PluginData(interaction={"csvHeaders": True})
NO_HEADER = PluginData(interaction={"csvHeaders": False})
DIGIT = Generator("Regex", {"regex": r"#\d"})
STATE = Generator("ProviderState", {"expression": "id", "dataType": "INTEGER"})


def generate(
    text: str,
    generators: Mapping[str, Generator],
    data: PluginData | None = None,
    *,
    mode: Mode | None = None,
    test_context: Mapping[str, Any] | None = None,
) -> Contents:
    contents = Contents(text.encode(), "text/csv;charset=utf-8", "TEXT")
    made = CsvPlugin().generate_content(GenerateRequest(contents, generators, data, test_context or {}, mode))
    assert made is not None
    return made


def table(made: Contents) -> str:
    """The generated text, with `#` for each value that DIGIT made."""
    return re.sub(r"#\d", "#", made.content.decode())


def test_a_number_is_that_of_the_column_counted_from_1() -> None:
    assert table(generate("a,b,c,d\n", {"column:3": DIGIT}, NO_HEADER)) == "a,b,#,d\n"


def test_every_row_of_data_gets_values_and_the_header_row_none() -> None:
    assert table(generate("1,2\na,b\nc,d\n", {"column:2": DIGIT}, HEADER)) == "1,2\na,#\nc,#\n"
    assert table(generate("a,b\nc,d\n", {"column:2": DIGIT}, NO_HEADER)) == "a,#\nc,#\n"


def test_a_name_is_that_of_the_header() -> None:
    assert table(generate("Name,Id\na,b\n", {"column:Id": DIGIT}, HEADER)) == "Name,Id\na,#\n"


def test_a_column_that_the_table_does_not_have_changes_nothing() -> None:
    assert table(generate("N\na\n", {"column:2": DIGIT, "column:M": DIGIT}, HEADER)) == "N\na\n"


def test_what_is_made_is_quoted_where_it_needs_to_be() -> None:
    generators = {"column:1": Generator("ProviderState", {"expression": "text"})}
    made = generate("a,b\n", generators, NO_HEADER, test_context={"text": 'x,"y"'})
    assert made == Contents(b'"x,""y""",b\n', "text/csv;charset=UTF-8")


@pytest.mark.parametrize("data", [None, PluginData()])
@pytest.mark.parametrize(
    ("text", "key", "made"),
    [
        pytest.param("a,b\n", "column:2", "a,#\n", id="a single row is data"),
        pytest.param("a,b\nc,d\n", "column:2", "a,#\nc,#\n", id="other texts than the numbers are data"),
        pytest.param("1,2\nc,d\n", "column:2", "1,2\nc,#\n", id="the numbers in order are a header row"),
        pytest.param("N,M\nc,d\n", "column:M", "N,M\nc,#\n", id="a name needs a header row"),
    ],
)
def test_hosts_that_keep_no_data_get_values_in_the_right_rows(
    text: str, key: str, made: str, data: PluginData | None
) -> None:
    assert table(generate(text, {key: DIGIT}, data)) == made


@pytest.mark.parametrize("context", [{"id": 42}, {"providerState": {"id": 42}}])
@pytest.mark.parametrize("mode", [None, Mode.PROVIDER])
def test_values_of_provider_states_come_from_the_test_context(context: dict[str, Any], mode: Mode | None) -> None:
    assert generate("a\n", {"column:1": STATE}, NO_HEADER, mode=mode, test_context=context).content == b"42\n"


def test_a_value_that_no_provider_state_gave_is_an_error_that_names_the_place() -> None:
    with pytest.raises(PluginError, match=r"^Failed to generate CSV contents: Value 'id' was not found .* column 1 of"):
        generate("N\na\n", {"column:1": STATE}, HEADER)


@pytest.mark.parametrize(
    ("mode", "context"), [(Mode.CONSUMER, {}), (None, {"mockServer": {"url": "http://localhost:1", "port": 1}})]
)
def test_a_mock_server_sends_the_example_of_what_only_a_provider_state_knows(
    mode: Mode | None, context: dict[str, Any]
) -> None:
    made = generate("7,b\n", {"column:1": STATE, "column:2": DIGIT}, NO_HEADER, mode=mode, test_context=context)
    assert table(made) == "7,#\n"


@pytest.mark.parametrize("name", ["url", "href"])
def test_links_lead_to_the_mock_server_under_either_name_that_hosts_give_its_url(name: str) -> None:
    link = Generator("MockServerURL", {"example": "http://example.org/orders/1", "regex": r".*(\/orders\/\d+)$"})
    context = {"mockServer": {name: "http://127.0.0.1:1234", "port": 1234}}
    made = generate("x\n", {"column:1": link}, NO_HEADER, test_context=context)
    assert made.content == b"http://127.0.0.1:1234/orders/1\n"


def test_without_generators_the_body_stays_as_it_is() -> None:
    made = generate('"a",b\r\n', {})
    assert made == Contents(b'"a",b\r\n', "text/csv;charset=utf-8", "TEXT")


@pytest.mark.parametrize("data", [None, HEADER, NO_HEADER])
def test_an_empty_body_stays_empty(data: PluginData | None) -> None:
    assert generate("", {"column:1": DIGIT}, data).content == b""


@pytest.mark.parametrize(
    ("text", "generators", "reason"),
    [
        ("a\n", {"$.name": DIGIT}, r"'\$.name' is not a valid field definition, expected 'column:'"),
        ("a\n", {"column:1": Generator("Regex", {"regex": "("})}, ".*regular expression"),
        ("a\n", {"column:1": Generator("Card", {})}, "'Card' is not a standard generator"),
        ("a\nb,c\n", {"column:1": DIGIT}, r"line 2 of the content has 2 cell\(s\), and line 1 has 1"),
    ],
)
def test_what_cannot_be_generated_is_an_error_that_says_why(
    text: str, generators: dict[str, Generator], reason: str
) -> None:
    with pytest.raises(PluginError, match=f"^Failed to generate CSV contents: {reason}") as caught:
        generate(text, generators, NO_HEADER)
    assert caught.value.fields == {"plugin": "csv"}


@given(st.integers(1, 5), st.integers(1, 4), st.data())
def test_only_the_columns_that_have_a_generator_change(width: int, height: int, data: st.DataObject) -> None:
    columns = data.draw(st.sets(st.integers(1, width), min_size=1))
    rows = [[f"r{row}c{column}" for column in range(1, width + 1)] for row in range(height)]
    text = "".join(",".join(row) + "\n" for row in rows)
    wanted = [["#" if column in columns else cell for column, cell in enumerate(row, 1)] for row in rows]
    made = table(generate(text, {f"column:{column}": DIGIT for column in columns}, NO_HEADER))
    assert made == "".join(",".join(row) + "\n" for row in wanted)
