"""Generators of texts: hexadecimal, letters and digits, UUIDs, texts for a pattern (reference/matching.md §7.1)."""

from __future__ import annotations

import string
from collections.abc import Callable
from uuid import UUID

from pactmock.generators import regex_text
from pactmock.generators.attributes import Attributes, length, text
from pactmock.generators.characters import any_of
from pactmock.generators.context import GeneratorContext
from pactmock.generators.maker import Maker, maker, unable
from pactmock.pact.json.values import Json, to_text


def _characters(alphabet: str, attribute: str) -> Callable[[Attributes], Maker]:
    def compile_characters(attributes: Attributes) -> Maker:
        count = length(attributes, attribute)
        return maker(lambda _example, context: any_of(alphabet, count, context.random), longest=count)

    return compile_characters


# In the reference no digit comes twice, and no text is longer than 16 (§11 row 42, F).
random_hexadecimal = _characters("0123456789ABCDEF", "digits")
random_string = _characters(string.ascii_letters + string.digits, "size")


def regex(attributes: Attributes) -> Maker:
    """Compile Regex: texts that the whole pattern matches.

    Raises:
        InvalidRule: when the pattern cannot be compiled.
    """
    if "regex" not in attributes:
        return unable("the Regex generator has no 'regex'")
    texts = regex_text.compile_texts(to_text(attributes["regex"]))
    return maker(lambda _example, context: texts.make(context.random), longest=texts.longest)


_UUID_FORMATS: dict[str, Callable[[UUID], str]] = {
    "simple": lambda value: value.hex,
    "lower-case-hyphenated": str,
    "upper-case-hyphenated": lambda value: str(value).upper(),
    "URN": lambda value: value.urn,
}


def uuid(attributes: Attributes) -> Maker:
    """Compile Uuid; a JSON value that is no text gets the plain form whatever the format, as in the reference."""
    write = _UUID_FORMATS.get(text(attributes, "format") or "", str)

    def make(example: Json, context: GeneratorContext) -> Json:
        value = UUID(int=context.random.getrandbits(128), version=4)
        return write(value) if isinstance(example, str) else str(value)

    return maker(make)
