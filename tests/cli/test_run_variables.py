"""Each mock server of a run has a name in the environment of the command that is its own, and no option's."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pactmock.cli import main
from pactmock.cli.serving.run_variables import OF_OPTIONS, Participants, variable, variables
from pactmock.errors import InvalidParameter


def _of(consumer: str, provider: str, source: str = "p.json") -> Participants:
    return Participants(consumer, provider, f"http://127.0.0.1/{consumer}/{provider}", source)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("users-api",), "PACTMOCK_USERS_API_URL"),
        (("Web App", "users.v2"), "PACTMOCK_WEB_APP_USERS_V2_URL"),
        (("größe",), "PACTMOCK_GR__E_URL"),
        (("\uff45\u00b2",), "PACTMOCK____URL"),
        (("--",), "PACTMOCK____URL"),
    ],
)
def test_a_variable_is_ascii_in_upper_case_with_underscores(names: tuple[str, ...], expected: str) -> None:
    assert variable(*names) == expected


def test_a_mock_server_has_a_short_and_a_long_name() -> None:
    found = variables([_of("web", "users-api")])
    url = "http://127.0.0.1/web/users-api"
    assert found.urls == {"PACTMOCK_USERS_API_URL": url, "PACTMOCK_WEB_USERS_API_URL": url}
    assert found.left_out == {}


def test_the_short_name_is_left_out_where_two_consumers_share_a_provider() -> None:
    found = variables([_of("web", "api"), _of("app", "api"), _of("web", "other")])
    assert set(found.urls) == {
        "PACTMOCK_WEB_API_URL",
        "PACTMOCK_APP_API_URL",
        "PACTMOCK_WEB_OTHER_URL",
        "PACTMOCK_OTHER_URL",
    }
    assert found.left_out == {
        "PACTMOCK_API_URL": "PACTMOCK_API_URL is not set, as several pacts have such a provider: use"
        " PACTMOCK_WEB_API_URL and PACTMOCK_APP_API_URL"
    }


def test_a_short_name_that_is_the_long_one_of_another_is_that_of_the_other() -> None:
    found = variables([_of("web", "api"), _of("app", "web-api")])
    assert found.urls["PACTMOCK_WEB_API_URL"] == "http://127.0.0.1/web/api"
    assert found.left_out["PACTMOCK_WEB_API_URL"] == (
        "PACTMOCK_WEB_API_URL is the mock server of web and api; for that of another one use PACTMOCK_APP_WEB_API_URL"
    )


@pytest.mark.parametrize(
    "pair", [(("web", "api"), ("web", "api")), (("web", "api"), ("WEB", "Api")), (("a-b", "c"), ("a", "b-c"))]
)
def test_two_that_no_name_could_tell_apart_are_refused(pair: tuple[tuple[str, str], tuple[str, str]]) -> None:
    one, other = pair
    with pytest.raises(InvalidParameter, match=r"a\.json and b\.json would both be PACTMOCK_\w+_URL"):
        variables([_of(*one, "a.json"), _of(*other, "b.json")])


def test_a_name_that_is_an_options_is_refused() -> None:
    with pytest.raises(InvalidParameter, match=r"of p\.json would be PACTMOCK_PUBLIC_URL .* variable of an option"):
        variables([_of("web", "public")])


def test_the_names_of_options_are_known() -> None:
    """They are written down, as to ask all commands would load all of them at each run."""
    context = click.Context(main)
    found, left = set(), [main.get_command(context, name) for name in main.list_commands(context)]
    for command in left:
        assert command is not None
        if isinstance(command, click.Group):
            left += command.commands.values()
        found |= {str(name) for each in command.params for name in _names(each)}
    assert {name for name in found if name.startswith("PACTMOCK_") and name.endswith("_URL")} == OF_OPTIONS


def _names(parameter: click.Parameter) -> list[str]:
    given = parameter.envvar
    return [given] if isinstance(given, str) else list(given or ())


_NAMES = st.text("ab-_", max_size=3)


@given(st.lists(st.tuples(_NAMES, _NAMES), max_size=4))
def test_no_name_ever_leads_to_another_mock_server(pairs: list[tuple[str, str]]) -> None:
    servers = [_of(*pair) for pair in pairs]
    try:
        found = variables(servers)
    except InvalidParameter:
        assert len({server.long for server in servers}) < len(servers)
        return
    for name, url in found.urls.items():
        (owner,) = (server for server in servers if server.url == url)
        assert name in {owner.short, owner.long}
    for server in servers:
        assert found.urls[server.long] == server.url
        assert found.urls.get(server.short) == server.url or server.short in found.left_out
