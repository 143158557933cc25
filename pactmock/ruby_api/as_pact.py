"""What was used as a pact of ours: for lists, reports, and whoever wants it in a later version.

The Ruby service mocks and writes some things that no reader of pacts takes: those are left out here, and a warning
names them. Files that it writes are made by `writing` and have all of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pactmock.errors import PactmockError
from pactmock.matching.texts.shortening import cut
from pactmock.pact import specification
from pactmock.pact.documents import reading
from pactmock.pact.json.values import in_order, parse
from pactmock.pact.model import Interaction as PactInteraction
from pactmock.pact.model import Pact
from pactmock.pact.warnings import PactWarning
from pactmock.ruby_api.interaction import Interaction
from pactmock.ruby_api.versions import V2
from pactmock.ruby_api.writing import interaction_document, pact_document


def read(consumer: str, provider: str, used: Iterable[Interaction]) -> Pact:
    """Read interactions as a reader of their file does, with warnings of those that it does not take."""
    interactions: list[PactInteraction] = []
    warnings = []
    for item in used:
        try:
            document = pact_document({"name": ""}, {"name": ""}, [interaction_document(item, V2)], V2)
            interactions += reading.read_written(parse(in_order(document))).interactions
        except PactmockError as error:
            text = (
                f"'{cut(str(item.description))}' is in the pact file, and other tools will refuse it: {error.message}"
            )
            warnings.append(PactWarning(text, "unreadable_interaction"))
    return Pact(consumer, provider, tuple(interactions), specification=specification.V2.name, warnings=tuple(warnings))
