"""A pact that was found somewhere, and what was found instead."""

from __future__ import annotations

from dataclasses import replace

from pactmock.errors import PactmockError
from pactmock.pact.documents import reading
from pactmock.pact.json.values import Json, parse_document
from pactmock.pact.model import Pact
from pactmock.pact.value import value
from pactmock.pact.warnings import collected


@value
class FoundPact:
    """A pact, and what it is known by: its path or URL."""

    name: str
    pact: Pact


@value
class Problem:
    """Why nothing can be made of a source: a sentence, and the path or URL."""

    text: str
    name: str

    def __str__(self) -> str:
        return f"{self.text} - {self.name}"


@value
class Loaded:
    """What the sources had, in their order. Where there are problems, all of them are listed."""

    pacts: tuple[FoundPact, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(self.pacts + other.pacts, self.problems + other.problems)


def read(name: str, content: bytes) -> Loaded:
    """Read a pact of any version as lenient as a stub server does: any JSON object is one, perhaps an empty one."""
    try:
        return read_document(name, parse_document(content))
    except PactmockError as error:
        return Loaded(problems=(Problem(error.message, name),))


def read_document(name: str, document: Json) -> Loaded:
    """Read a pact that is parsed already."""
    try:
        with collected() as warnings:
            pact = reading.read_written(document)
    except PactmockError as error:
        return Loaded(problems=(Problem(error.message, name),))
    return Loaded((FoundPact(name, replace(pact, warnings=tuple(warnings))),))
