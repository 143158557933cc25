"""How a Ruby service is to behave: what its command line can choose (reference/ruby-api.md §8 to §10)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pactmock.errors import DirectoryNotAllowed
from pactmock.pact.json.values import Json
from pactmock.pact.value import value
from pactmock.ruby_api.errors import RubyException
from pactmock.ruby_api.files import OVERWRITE, Writing
from pactmock.ruby_api.versions import named


@value
class RubyOptions:
    """Names and the directory may be left out: `POST /pact` may bring them.

    `version` is of the specification, as `2` or `1.1.0`. With `cors`, pages may call what is mocked. `log` is the path
    that texts name. Pages of `allowed_origins` may drive the service, besides those of this machine. A `pact_dir` that
    a call brings has to be inside the directory, else the working directory, unless `allow_any_directory`. Files
    that are `durable` outlive a power cut.
    """

    consumer: str | None = None
    provider: str | None = None
    pact_dir: Path | None = None
    write_mode: str = OVERWRITE
    version: str = "2"
    cors: bool = False
    log: str | None = None
    allowed_origins: frozenset[str] = frozenset()
    allow_any_directory: bool = False
    durable: bool = False

    def writing(self, members: Mapping[str, Json]) -> Writing:
        """Return what is to be written where, as a call says, whose members override these, each as a whole.

        Raises:
            RubyException: when a name or the directory is not known.
            DirectoryNotAllowed: when the directory is outside.
        """
        own = {
            "consumer": self.consumer and {"name": self.consumer},
            "provider": self.provider and {"name": self.provider},
            "pactfile_write_mode": self.write_mode,
            "pact_specification_version": self.version,
            "pact_dir": None if self.pact_dir is None else str(self.pact_dir),
        }
        asked = {**own, **{name: members[name] for name in own if name in members}}
        consumer, provider = asked["consumer"], asked["provider"]
        if not (_has_name(consumer) and _has_name(provider)):
            raise RubyException("RuntimeError", "You must specify a consumer and provider name")
        directory = asked["pact_dir"]
        if not isinstance(directory, str):
            raise RubyException(
                "Pact::ConsumerContractWriterError",
                "Please indicate the directory to write the pact to by specifying the pact_dir field",
            )
        version = named(str(asked["pact_specification_version"]))
        mode = str(asked["pactfile_write_mode"])
        place = self._directory(directory, is_own="pact_dir" not in members)
        return Writing(consumer, provider, version, mode, place, self.durable)

    def _directory(self, asked: str, *, is_own: bool) -> Path:
        if "\0" in asked:
            raise RubyException("ArgumentError", "'pact_dir' has a zero character, which no directory has")
        if is_own or self.allow_any_directory:
            return Path(asked)
        inside, directory = self.pact_dir or Path(), Path(asked)
        with suppress(RuntimeError):  # of links that lead to each other
            if directory.resolve().is_relative_to(inside.resolve()):
                return directory
        raise DirectoryNotAllowed(
            f"'{asked[:200]}' is outside the pact directory {inside.absolute()}: name one inside it, or start the"
            " service with --allow-any-directory",
            directory=asked[:200],
        )


def _has_name(participant: Json) -> bool:
    return isinstance(participant, dict) and isinstance(participant.get("name"), str) and bool(participant["name"])
