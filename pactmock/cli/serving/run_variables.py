"""What the command of `pactmock run` finds in its environment: where each mock server is, by the names of its pact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pactmock.errors import InvalidParameter
from pactmock.pact.value import value

OF_OPTIONS = frozenset({"PACTMOCK_URL", "PACTMOCK_PUBLIC_URL"})
"""Variables of this form that options have: a mock server behind one of them would change what pactmock does."""


@value
class Participants:
    """A mock server as the command knows it: whose pact it plays, its URL, and the file or URL that it is from."""

    consumer: str
    provider: str
    url: str
    source: str

    @property
    def short(self) -> str:
        """The variable that names the provider alone."""
        return variable(self.provider)

    @property
    def long(self) -> str:
        """The variable that names both."""
        return variable(self.consumer, self.provider)


@value
class Variables:
    """The variables, those that would be ambiguous and are not there, and a sentence on each of these."""

    urls: Mapping[str, str]
    left_out: Mapping[str, str]


def variable(*names: str) -> str:
    """Name the variable of participants: ASCII in upper case, and `_` for what is no letter or digit."""
    return "_".join(("PACTMOCK", *map(_upper, names), "URL"))


def _upper(name: str) -> str:
    return "".join(letter.upper() if letter.isascii() and letter.isalnum() else "_" for letter in name)


def variables(servers: Sequence[Participants]) -> Variables:
    """Name all mock servers. Each has its long name; the short one it has alone, or not at all.

    Raises:
        InvalidParameter: when a name is that of an option, or when two mock servers have one long name.
    """
    for server in servers:
        _refuse_names_of_options(server)
    _refuse_one_name_for_two(servers)
    urls = {server.long: server.url for server in servers}
    shorts = Counter(server.short for server in servers)
    left_out = {server.short: _left_out(server, servers) for server in servers if shorts[server.short] > 1}
    left_out |= {name: _taken(name, servers) for name in shorts if name in urls}
    return Variables({server.short: server.url for server in servers if server.short not in left_out} | urls, left_out)


def _refuse_names_of_options(server: Participants) -> None:
    name = next((name for name in (server.short, server.long) if name in OF_OPTIONS), None)
    if name is not None:
        raise InvalidParameter(
            f"The mock server of {server.source} would be {name} for the command, and that is the variable of an option"
            " of pactmock: have `pactmock start --pact` play this pact, and find its port with `pactmock list`"
        )


def _refuse_one_name_for_two(servers: Sequence[Participants]) -> None:
    seen: dict[str, Participants] = {}
    for server in servers:
        other = seen.setdefault(server.long, server)
        if other is not server:
            raise InvalidParameter(
                f"{other.source} and {server.source} would both be {server.long} for the command, so it could not tell"
                " them apart: make one pact of them, or leave one of them out"
            )


def _left_out(server: Participants, servers: Sequence[Participants]) -> str:
    names = " and ".join(_longs(server.short, servers))
    return f"{server.short} is not set, as several pacts have such a provider: use {names}"


def _taken(name: str, servers: Sequence[Participants]) -> str:
    (owner,) = (server for server in servers if server.long == name)
    names = " and ".join(_longs(name, servers))
    return f"{name} is the mock server of {owner.consumer} and {owner.provider}; for that of another one use {names}"


def _longs(short: str, servers: Sequence[Participants]) -> Iterator[str]:
    return (server.long for server in servers if server.short == short)
