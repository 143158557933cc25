"""What `pact-mock-service` can be told, read as its users write it (reference/ruby-api.md §10).

Their clients wrote these lines long ago: an option has two spellings, `--pact-dir` and `--pact_dir`, a text may be left
out, and `--cors false` switches CORS on. No parser of today reads them so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pactmock.errors import InvalidParameter, PactmockError
from pactmock.pact.value import value
from pactmock.server.options import LARGEST_PORT

if TYPE_CHECKING:
    from pactmock.ruby_api.serving.options import RubyOptions
    from pactmock.server.options import MockServerOptions

_TEXT, _SWITCH, _SEVERAL = "text", "switch", "several"

SERVICE: Mapping[str, tuple[str, str]] = {
    "consumer": (_TEXT, "The name of the consumer."),
    "provider": (_TEXT, "The name of the provider."),
    "port": (_TEXT, "The port; by default any that is free."),
    "host": (_TEXT, "The address to listen on; by default localhost."),
    "pact-dir": (_TEXT, "Where pacts are written."),
    "pact-file-write-mode": (_TEXT, "overwrite, which is the default, update, merge or none."),
    "pact-specification-version": (_TEXT, "1, 2 or 3; by default 2."),
    "log": (_TEXT, "A file for the log, which is emptied; by default it goes to standard output."),
    "log-level": (_TEXT, "DEBUG, which is the default, INFO, WARN or ERROR."),
    "cors": (_TEXT, "Let pages call what is mocked, whatever the value."),
    "ssl": (_SWITCH, "Speak HTTPS, with a certificate that is made at the start."),
    "sslcert": (_TEXT, "The file with a certificate of yours."),
    "sslkey": (_TEXT, "The file with its key."),
    "monkeypatch": (_TEXT, "Refused: there is no Ruby here."),
    "allowed-origin": (_SEVERAL, "A page that may drive the service, besides those of this machine; repeatable."),
    "durable": (_SWITCH, "Flush pacts to the disk when they are written, so that they outlive a power cut."),
    "allow-any-directory": (_SWITCH, "Calls may have pacts written outside the pact directory."),
}
"""What starts a service takes: the name of each option, its kind, and what it is."""

DAEMON = {**SERVICE, "pid-dir": (_TEXT, "Where the number of the process is noted; by default tmp/pids.")}
"""What `start` and `restart` take."""

STOP = {name: DAEMON[name] for name in ("port", "pid-dir")}

SHORT = {
    "-p": "port", "-h": "host", "-d": "pact-dir", "-m": "pact-file-write-mode", "-i": "pact-specification-version",
    "-l": "log", "-o": "cors",
}  # fmt: skip

_OPTION = re.compile(r"(--?[A-Za-z][\w-]*)(?:=(.*))?", re.DOTALL)
_JOINED = re.compile(r"(-[a-z])(.+)", re.DOTALL)
_IS_TRUE = {"true": True, "t": True, "false": False, "f": False}
_LEVELS = {"DEBUG": "debug", "TRACE": "debug", "INFO": "info", "WARN": "warn", "ERROR": "error", "FATAL": "error"}
_OF_ENVIRONMENT = "PACTMOCK_RUBY_"
_SWITCHES_OF_ENVIRONMENT = ("allow-any-directory", "durable")


class NotTaken(PactmockError):
    """Words that no option takes, as a list that the Ruby service shows."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__("There are arguments that nothing takes")
        self.words = list(words)


@value
class Given:
    """Options as they were given, under their names."""

    texts: Mapping[str, str]
    switches: Mapping[str, bool]
    allowed_origins: frozenset[str] = frozenset()

    @property
    def port(self) -> int:
        """The port, 0 for any.

        Raises:
            InvalidParameter: when it is none.
        """
        given = self.texts.get("port", "0")
        if not re.fullmatch(r"[0-9]{1,5}", given, re.ASCII) or int(given) > LARGEST_PORT:
            raise InvalidParameter(f"--port {given[:50]!r} is no port: give a number up to {LARGEST_PORT}, or none")
        return int(given)

    @property
    def log(self) -> Path | None:
        return Path(self.texts["log"]) if "log" in self.texts else None

    @property
    def level(self) -> str:
        """The level of the log, by our names; one that is none is the default."""
        return _LEVELS.get(self.texts.get("log-level", "").upper(), "debug")

    def settings(self) -> RubyOptions:
        """Return what the service is to do."""
        from pactmock.ruby_api.serving.options import RubyOptions

        texts = self.texts
        directory = texts.get("pact-dir")
        return RubyOptions(
            consumer=texts.get("consumer"),
            provider=texts.get("provider"),
            pact_dir=None if directory is None else Path(directory),
            write_mode=texts.get("pact-file-write-mode", "overwrite"),
            version=texts.get("pact-specification-version", "2"),
            cors="cors" in texts,
            log=None if self.log is None else os.path.relpath(self.log),
            allowed_origins=self.allowed_origins,
            allow_any_directory=self.switches.get("allow-any-directory", False),
            durable=self.switches.get("durable", False),
        )

    def wire(self) -> MockServerOptions:
        """Return where and how it is to listen.

        Raises:
            InvalidParameter: when the port is none, or a certificate cannot be read.
        """
        from pactmock.server.host import canonical
        from pactmock.server.options import MockServerOptions

        host = canonical(self.texts.get("host", "localhost"))
        return MockServerOptions(host=host, port=self.port, tls=self._tls())

    def _tls(self) -> ServerTls | None:
        if not self.switches.get("ssl"):
            return None
        from pactmock.server.wire.tls.certificates import CertificateAuthority, CertificateFiles
        from pactmock.server.wire.tls.context import ServerTls

        key = self.texts.get("sslkey")
        if "sslcert" not in self.texts:
            if key is not None:
                raise InvalidParameter(f"--sslkey {key} is the key of no certificate: name that with --sslcert")
            return ServerTls(CertificateAuthority())
        named = Path(self.texts["sslcert"]), None if key is None else Path(key)
        return ServerTls(CertificateFiles(*named, options=("--sslcert", "--sslkey")))


def read(arguments: Sequence[str], known: Mapping[str, tuple[str, str]] = SERVICE) -> Given:
    """Read a command line; variables such as PACTMOCK_RUBY_ALLOWED_ORIGIN say what it does not.

    Raises:
        NotTaken: for what is no option, and no value of one.
        InvalidParameter: for an option that cannot be served.
    """
    texts: dict[str, str] = {}
    switches: dict[str, bool] = {}
    several: list[str] = _of_environment("allowed-origin").split()
    switches |= {name: True for name in _SWITCHES_OF_ENVIRONMENT if _of_environment(name)}
    left: list[str] = []
    for name, given in _options(list(arguments), known, left):
        kind, _ = known[name]
        if kind == _SWITCH:
            switches[name] = given == "true"
        elif kind == _SEVERAL:
            several.append(given)
        else:
            texts[name] = given
    if left:
        raise NotTaken(left)
    if "monkeypatch" in texts:
        raise InvalidParameter(
            "--monkeypatch loads Ruby, and there is none here: start the Ruby service for tests that need that"
        )
    return Given(texts, switches, frozenset(several))


def _of_environment(name: str) -> str:
    return os.environ.get(_OF_ENVIRONMENT + name.upper().replace("-", "_"), "")


def _options(words: list[str], known: Mapping[str, tuple[str, str]], left: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the options with their values, and put what none takes into `left`."""
    while words:
        word = words.pop(0)
        name, given = _named(word, known)
        if name is None:
            left.append(word)
        elif known[name][0] == _SWITCH:
            if given is None and words and words[0].lower() in _IS_TRUE and not word.startswith("--no-"):
                given = words.pop(0)
            yield name, "true" if _IS_TRUE.get((given or "true").lower(), True) else "false"
        elif given is not None:
            yield name, given
        elif words and not _OPTION.match(words[0]):
            yield name, words.pop(0)
        else:
            yield name, name  # as the Ruby service has it: `--cors` alone is the text `cors`


def _named(word: str, known: Mapping[str, tuple[str, str]]) -> tuple[str | None, str | None]:
    """Return the option that a word begins, and the value in it."""
    found = _OPTION.fullmatch(word)
    if found is None or not word.startswith("--"):
        short = found if found is not None and found[1] in SHORT else _JOINED.fullmatch(word)
        name = SHORT.get(short[1]) if short else None
        return (name, short[2]) if short and name in known else (None, None)
    name = found[1][2:].replace("_", "-")
    if name in known:
        return name, found[2]
    name = name.removeprefix("no-")
    return (name, "false") if name in known and known[name][0] == _SWITCH else (None, None)


if TYPE_CHECKING:
    from pactmock.server.wire.tls.context import ServerTls
