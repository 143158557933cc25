"""Messages: contents and metadata (reference/matching.md §4.3, §5.5). Extra members are fine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pactmock.matching.bodies.body import body_rules, compile_contents
from pactmock.matching.compiling import compile_category
from pactmock.matching.mismatch import Mismatch
from pactmock.matching.parts import metadata
from pactmock.matching.parts.part import BodyCompiler, ExpectedPart, Part
from pactmock.pact.json.values import Json
from pactmock.pact.model import MessageContents, message_content_type


def compile_message(
    expected: MessageContents, compiler: BodyCompiler | None = None
) -> Callable[[MessageContents], list[Mismatch]]:
    """Compile the comparison with an expected message; what differs comes as contents, metadata.

    `compiler` is that of a plugin, where one compares contents of the type.

    Raises:
        InvalidRule: with the JSON pointer of a rule that cannot be compiled.
    """
    rules = expected.matching_rules
    content_type = message_content_type(expected)
    part = ExpectedPart(expected.contents, content_type, {}, body_rules(rules, content_type), strict=False)
    check_contents = compile_contents(part, compiler)
    metadata_rules = compile_category(rules, "metadata")
    wanted = _with_content_type(expected)

    def check(actual: MessageContents) -> list[Mismatch]:
        found: list[Mismatch] = list(check_contents(Part(actual.contents, message_content_type(actual))))
        found += metadata.compare(wanted, _with_content_type(actual), metadata_rules)
        return found

    return check


def _with_content_type(message: MessageContents) -> Mapping[str, Json]:
    """Add the type of the contents to the metadata, where it takes part in the comparison (§5.5, last paragraph)."""
    if not message.contents.is_present:
        return message.metadata
    return {"contentType": str(message_content_type(message)), **message.metadata}
