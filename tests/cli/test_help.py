"""Every help is read as who has not seen it before reads it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pactmock.cli import main
from tests.patience import HANG
from tests.process import run


def _commands(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _commands(found, *path, name)


COMMANDS = dict(_commands(main))
LEAVES = {path: command for path, command in COMMANDS.items() if not isinstance(command, click.Group)}


def _name(path: tuple[str, ...]) -> str:
    return " ".join(("pactmock", *path))


@pytest.mark.parametrize("path", COMMANDS, ids=_name)
def test_a_help_says_what_the_command_does_with_an_example_and_nothing_is_cut(path: tuple[str, ...]) -> None:
    done = run(*path, "--help", COLUMNS="80")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Usage: {'pactmock' if not path else _name(path)} ")
    assert not re.search(r"\.\.\.|…", done.stdout.partition("\n")[2]), "a line is cut"
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert re.search(rf"\n  Examples?:\n    {re.escape(_name(path))}", done.stdout), done.stdout


@pytest.mark.parametrize("path", COMMANDS, ids=_name)
def test_each_option_has_a_help_of_one_sentence_and_shows_its_default(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert re.match(r"[A-Z].*?[.:]", command.help or ""), "the command does not say what it does"
    for option in command.params:
        if isinstance(option, click.Option):
            said = option.help or ""
            assert re.fullmatch(r"[A-Z](?:[^.]|\.(?=\S))*\.", said), f"{option.opts}: {said!r} is not one sentence"
            if not option.is_flag and isinstance(option.get_default(click.Context(command)), str | int | float | Path):
                assert option.show_default or "by default" in said, option.opts


@pytest.mark.parametrize(
    "path", sorted(LEAVES.keys() - {("stub",)}), ids=_name
)  # whose are those of the Pact Broker's clients
def test_each_option_can_come_from_the_environment_by_its_own_name(path: tuple[str, ...]) -> None:
    """The help says that once, and not at each option, so that each line of it says something."""
    for option in LEAVES[path].params:
        if isinstance(option, click.Option) and "--help" not in option.opts:
            longest = max((name for name in option.opts if name.startswith("--")), key=len)
            assert option.envvar == f"PACTMOCK_{longest.strip('-').replace('-', '_').upper()}"


@pytest.mark.parametrize("arguments", [("-h",), ("plugin", "-h"), ("plugin", "show", "-h"), ("list", "-h")])
def test_h_at_the_end_is_help(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).stdout == run(*arguments[:-1], "--help").stdout


def test_h_with_a_name_is_the_host_as_in_the_rust_client() -> None:
    assert "No pactmock service answers on localhost:1 " in run("list", "-h", "localhost", "-p", "1").stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("verfy",), "No such command 'verfy': 'verify' may be meant"),
        (("plugin", "shwo"), "'show' may be meant"),
        (("verify", "9000"), "name the mock server with --mock-server-port 9000"),
        (("shutdown", "B24WTOO0"), "name the mock server with --mock-server-id B24WTOO0"),
        (("create", "pact.json"), "name the pact with --file pact.json"),
        (("create", "--pact", "pact.json"), "--file may be meant"),
        (("verify", "--id", "9"), ": --mock-server-id may be meant"),
        (("verify", "--tokne", "a"), ": --token may be meant"),
        (("verify", "--server-url", "http://localhost:8080"), ": --url may be meant"),
        (("list", "--server-port", "8080"), ": --port may be meant"),
        (("create", "--pact-specification-version", "2"), ": --specification may be meant"),
        (("start", "--pact-dir", "pacts"), ": --output may be meant"),
        (("start", "--broker", "http://broker"), ": --pact may be meant"),
        (("run", "--ssl-cert", "a.pem"), ": --tls-cert may be meant"),
        (("wait", "--all"), "No such option '--all': `pactmock wait --help` lists them"),
        (("create", "-f", __file__, "--port", "1"), "--mock-port that of the mock server"),
        (("create",), "Name the pact with --file, or a contract with --contract"),
        (("explain", "GET"), "a method and a target"),
    ],
)
def test_a_hint_names_the_right_option(arguments: tuple[str, ...], hint: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert hint in " ".join(done.stderr.split())


@pytest.mark.parametrize("command", ["start", "list"])
def test_a_wrong_value_that_comes_from_the_environment_is_said_to(command: str) -> None:
    done = run(command, PACTMOCK_PORT="tcp://10.0.0.7:8080")
    assert done.returncode == 1
    assert "'tcp://10.0.0.7:8080' is not a valid integer range: PACTMOCK_PORT of the environment says so" in done.stderr
    typed = run(command, "--port", "many", PACTMOCK_PORT="8080")
    assert (typed.returncode, "PACTMOCK_PORT" in typed.stderr) == (1, False)


CLIENTS = [path[0] for path in LEAVES if "--token" in [name for item in LEAVES[path].params for name in item.opts]]


@pytest.mark.parametrize("name", sorted(set(CLIENTS) - {"start", "run", "stub"}))
def test_a_client_command_loads_nothing_that_is_slow_to_load(name: str) -> None:
    """They are called many times in a script, and each has to be there at once."""
    slow = "{'aiohttp', 'asyncio', 'grpc', 'httptools', 'jsonpath_ng', 'lxml', 'orjson', 'pydantic', 'rich', 'regex'}"
    program = (
        "import sys, atexit; sys.argv = ['pactmock', *sys.argv[1:]]\n"
        f"atexit.register(lambda: print('loaded:', *sorted({slow} & set(sys.modules))))\n"
        "from pactmock.cli import main; main()"
    )
    arguments = {
        "ca": ["-"],
        "create": ["-f", __file__],
        "explain": ["1"],
        "fault": ["x"],
        "shutdown-master": ["-k", "x"],
    }.get(name, [])
    which = ["-m", "1"] if "--mock-server-port" in [o for p in LEAVES[name,].params for o in p.opts] else []
    done = subprocess.run(
        [sys.executable, "-c", program, name, "-p", "1", *which, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG,
    )
    assert "No pactmock service answers" in done.stderr
    assert done.stdout.splitlines()[-1] == "loaded:"


@pytest.mark.parametrize(
    ("shell", "words", "offered"),
    [("bash", "pactmock ver", "plain,verify"), ("bash", "pactmock verify --mock", "plain,--mock-server-id")],
)
def test_a_shell_completes_commands_and_options(shell: str, words: str, offered: str) -> None:
    program = "from pactmock.cli import main; main(prog_name='pactmock')"
    index = str(len(words.split()) - 1)
    variables = {"_PACTMOCK_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": index}
    done = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=False)
    assert offered in done.stdout.splitlines()
