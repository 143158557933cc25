"""MockServerURL generators: links of a response that lead back to the mock server (reference/matching.md §7.3).

Everything but the address is known when the pact is posted, so the pattern is used only then.
"""

from __future__ import annotations

from pactmock.errors import InvalidRule
from pactmock.generators.attributes import Attributes, text
from pactmock.generators.context import GeneratorContext, Mode
from pactmock.generators.maker import CannotGenerate, Maker, maker
from pactmock.matching import budget
from pactmock.matching.budget import OutOfBudget
from pactmock.matching.patterns.pattern import compile_pattern
from pactmock.pact.json.values import Json


def mock_server_url(attributes: Attributes) -> Maker:
    """Compile MockServerURL, which works only in a mock server.

    What `regex` finds in `example` becomes the address of the mock server and the text of the first group; what
    stands around it is kept. Where it finds nothing, the example is the value.

    Raises:
        InvalidRule: when `regex` is no pattern, or has no group; the reference drops the connection over that.
    """
    example, regex = text(attributes, "example") or "", text(attributes, "regex") or ""
    before, path, after = _split(example, regex)

    def make(_example: Json, context: GeneratorContext) -> Json:
        if context.mock_server_url is None:
            raise CannotGenerate("there is no mock server whose URL could be used")
        return example if path is None else f"{before}{context.mock_server_url}{path}{after}"

    return maker(make, Mode.CONSUMER)


def _split(example: str, regex: str) -> tuple[str, str | None, str]:
    """Split an example into what stands before the match, the first group, and what stands after the match."""
    try:
        found = compile_pattern(regex).search(example)
    except OutOfBudget as error:
        if budget.current().gives_back:
            raise
        raise InvalidRule(f"MockServerURL needs another regex: {error.reason}") from None
    if found is None:
        return example, None, ""
    if not found.re.groups or found[1] is None:
        raise InvalidRule(
            f"MockServerURL needs a regex whose first group is the path, such as '.*(\\/orders\\/\\d+)$',"
            f" and '{regex}' finds none in '{example}'"
        )
    return example[: found.start()], found[1], example[found.end() :]
