"""Warnings about what a pact file will not hold, as the version that it is to be written in has no way to say it.

It is played all the same, and written as the reference writes it, which drops it without a word.
"""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.errors import WriteFailed
from pactmock.pact.documents.writing import refuse_downgrade
from pactmock.pact.model import MessageContents, part_charset, part_content_type
from pactmock.pact.specification import Specification
from pactmock.pact.warnings import PactWarning
from pactmock.plugins.binding.bound_pact import BoundPact
from pactmock.review.subject import Part, Subject


def unwritable_pacts(bound: BoundPact, version: Specification) -> Iterator[PactWarning]:
    """Yield that no file of this version can have all interactions of a pact."""
    try:
        refuse_downgrade(set(map(type, bound.pact.interactions)), version)
    except WriteFailed as error:
        yield PactWarning(f"This pact can be played, and not be written. {error}", "not_writable")


def lost_members(subject: Subject) -> Iterator[PactWarning]:
    """Yield what of an interaction is not in the file that is written."""
    version = subject.version
    if version.typed_interactions:
        return
    lost = [*_of_v4(subject), *_of_states(subject)]
    if any(part.generators and not version.write_generators(part.generators) for part in subject.parts):
        lost.append("its generators")
    entries = (entry for part in subject.parts for entries in part.matching_rules.values() for entry in entries)
    if not version.many_states and any(len(entry.rules) > 1 for entry in entries):
        lost.append("all but the first of several matching rules at one place")
    is_its_own = version.name == subject.bound.pact.specification
    if not is_its_own and any(_reads_otherwise(part, version) for part in subject.parts):
        lost.append("a body of bytes, which becomes a text in base64")
    if lost:
        listed = " and ".join(filter(None, (", ".join(lost[:-1]), lost[-1])))
        text = f"A pact in {version.name} has no way to say {listed}: it is played, and lost in the file"
        yield PactWarning(f"{text}. Have it written in V4", "lost_in_version", subject.place)


def _of_v4(subject: Subject) -> Iterator[str]:
    given = subject.interaction
    said = {
        "key": given.key,
        "pending": given.pending,
        "comments": any(given.comments.values()),
        "pluginConfiguration": given.plugin_configuration,
        "interactionMarkup": given.markup,
        "transport": given.transport,
    }
    return (f"'{name}'" for name, value in said.items() if value)


def _of_states(subject: Subject) -> Iterator[str]:
    states = subject.interaction.provider_states
    if states and not subject.version.many_states:
        if len(states) > 1:
            yield "all but the first of its provider states"
        if states[0].params:
            yield "the parameters of its provider state"


def _reads_otherwise(part: Part, version: Specification) -> bool:
    """Tell whether a body is another one once it was written and read."""
    if isinstance(part, MessageContents) or not part.body.is_present:
        return False
    content_type, charset = part_content_type(part), part_charset(part)
    written = version.write_body(part.body, content_type, is_declared=True, charset=charset)
    return isinstance(written, str) and version.read_body(written, content_type).content != part.body.content
