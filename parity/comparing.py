"""Two answers to one case, side by side: in what they agree, and what each one alone said where they do not.

Orders that the reference leaves to hashing (mismatches of a request, parts of a query) do not count, and neither does
what each writer says of itself, nor in which words a parser says why it cannot read XML or multipart.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from parity.answer import Answer, Phase, Reply
from parity.case import Json
from parity.signature import Signature, sign

Mend = Callable[[Json], Json]
"""Takes a known difference out of a mismatch; it is applied to those of both sides."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two answers agree in. `written` is None where no pact was written to be compared."""

    verdict: bool
    texts: bool
    written: bool | None
    signature: Signature = ()
    only_reference: tuple[str, ...] = ()
    """What only the reference said, or wrote, a line each."""
    only_own: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        return not self.signature


_CRASHED = Comparison(
    verdict=False, texts=False, written=None, signature=("crash", "pactmock does not answer any more")
)


def as_it_is(mismatch: Json) -> Json:
    """Take nothing out of a mismatch."""
    return mismatch


def compare(reference: Answer, own: Answer, mend: Mend = as_it_is) -> Comparison:
    """Compare two answers to one case. A reference that crashed is counted apart, before this."""
    if own.crashed:
        return _CRASHED
    if reference.refused is not None or own.refused is not None:
        return _compare_refusals(reference, own)
    pairs = list(zip(reference.phases, own.phases, strict=True))
    verdict = all(_verdict(a) == _verdict(b) for a, b in pairs)
    texts = verdict and all(_entries(a, mend) == _entries(b, mend) for a, b in pairs)
    written = [_written(a.written) == _written(b.written) for a, b in pairs if a.written and b.written]
    aspect, theirs, ours = _difference(pairs, mend)
    signature = sign(aspect, theirs, ours)
    return Comparison(verdict, texts, all(written) if written else None, signature, tuple(theirs), tuple(ours))


def _compare_refusals(reference: Answer, own: Answer) -> Comparison:
    if reference.refused is not None and own.refused is not None:
        return Comparison(verdict=True, texts=True, written=None)
    theirs, ours = ([f"refused: {side.refused}"] if side.refused else ["accepted"] for side in (reference, own))
    signature = sign("refused", theirs, ours)
    return Comparison(False, False, None, signature, tuple(theirs), tuple(ours))


def _verdict(phase: Phase) -> Json:
    """What a test sees: each reply, and how many failures of which kind were found."""
    kinds = sorted(str(entry.get("type")) for entry in phase.mismatches)
    return [*map(_reply, phase.replies)], phase.verified, kinds


def _reply(reply: Reply) -> tuple[int, str, bytes]:
    # What stands in an explanation is each server's own.
    return reply.status, reply.x_pact, b"" if reply.x_pact else reply.body


_ADDED = ("interaction", "more", "nearest", "nearMisses", "received")
"""Members that pactmock adds to what the reference says."""


def _said(entry: Json) -> Json:
    """Return what both say of a failure: of a request that does not match, the reference does not show the request."""
    added = {*_ADDED, "request"} if entry.get("type") == "request-mismatch" else _ADDED
    return {name: value for name, value in entry.items() if name not in added}


def _entries(phase: Phase, mend: Mend) -> list[str]:
    """The failures, each as one text, in an order of their own."""
    return sorted(_entry(entry, mend) for entry in phase.mismatches)


def _entry(entry: Json, mend: Mend) -> str:
    kept = _said(entry)
    if "mismatches" in kept:
        kept["mismatches"] = sorted({_dump(item) for item in _mended(kept["mismatches"], mend)})
    return _dump(kept)


def _mended(mismatches: Iterable[Json], mend: Mend) -> Iterator[Json]:
    return (mend(_without_parser_words(mismatch)) for mismatch in mismatches)


_REASON = re.compile(r"(Failed to parse the (?:actual|expected) body(?: as a MIME multipart body)?: ')(.*)'", re.DOTALL)
_PARSERS = re.compile(
    r"Failed to parse bytes as XML|incomplete multipart stream|received with incomplete data|invalid content-type"
    r"|, line \d+, column \d+"
)


def _without_parser_words(mismatch: Json) -> Json:
    """Take out why a body is not XML or multipart; of JSON all words are compared."""
    found = _REASON.search(mismatch["mismatch"])
    of_a_part = mismatch["mismatch"].startswith("MIME part") and "invalid utf-8" in mismatch["mismatch"]
    if found is None or not (_PARSERS.search(found[2]) or of_a_part):
        return mismatch
    return {**mismatch, "mismatch": mismatch["mismatch"][: found.end(1)] + "…'"}


def _dump(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _written(pact: Json) -> Json:
    """Leave out who wrote it and under which name it was played, and sort the interactions."""
    metadata = {"pactSpecification": pact["metadata"].get("pactSpecification")}
    return metadata, pact["provider"], sorted(map(_dump, pact.get("interactions", ())))


Lines = list[str]
Pairs = Sequence[tuple[Phase, Phase]]


def _difference(pairs: Pairs, mend: Mend) -> tuple[str, Lines, Lines]:
    """Name what differs first: replies with what was found, then only what was found, then what was written."""
    odd = _only(pairs, _odd_reply_lines)
    if odd != ([], []):
        return "verdict", *odd
    replies = _only(pairs, _reply_lines)
    texts = _only(pairs, lambda phase: _mismatch_lines(phase, mend))
    if replies != ([], []):
        return "verdict", replies[0] + texts[0], replies[1] + texts[1]
    if texts != ([], []):
        return "texts", *texts
    written = _only([pair for pair in pairs if all(phase.written for phase in pair)], _written_lines)
    return ("written" if written != ([], []) else ""), *written


def _only(pairs: Pairs, flatten: Callable[[Phase], Iterable[str]]) -> tuple[Lines, Lines]:
    """Flatten both sides into lines, and return those that only one of them has."""
    theirs, ours = [], []
    for a, b in pairs:
        lines_a, lines_b = Counter(flatten(a)), Counter(flatten(b))
        theirs += sorted((lines_a - lines_b).elements())
        ours += sorted((lines_b - lines_a).elements())
    return theirs, ours


def lines_of(answer: Answer, mend: Mend) -> set[str]:
    """Flatten all that an answer says, but for what was written, into lines."""
    return {line for phase in answer.phases for line in (*_reply_lines(phase), *_mismatch_lines(phase, mend))}


def _reply_lines(phase: Phase) -> Iterator[str]:
    for number, reply in enumerate(phase.replies):
        status, x_pact, body = _reply(reply)
        yield f"reply {number}: {status} {x_pact} {body.decode(errors='backslashreplace')}"


def _odd_reply_lines(phase: Phase) -> Iterator[str]:
    """Replies that are neither the pact's nor a verdict: what else differs then is of no interest."""
    for number, reply in enumerate(phase.replies):
        is_plain_failure = reply.status == 500 and not reply.x_pact and reply.body.startswith((b"Found", b"Could"))
        if reply.status in {0, 413, 431} or is_plain_failure or (reply.x_pact and reply.status not in {200, 500}):
            yield f"odd reply {number}: {reply.status} {reply.x_pact} {reply.body.decode(errors='backslashreplace')}"


def _mismatch_lines(phase: Phase, mend: Mend) -> Iterator[str]:
    for entry in phase.mismatches:
        kept = _said(entry)
        inner = kept.pop("mismatches", [])
        head = f"{kept.pop('type')} {kept.pop('method')} {kept.pop('path')}"
        yield head + (f" {_dump(kept)}" if kept else "")
        yield from {_mismatch_line(mismatch) for mismatch in _mended(inner, mend)}


def _mismatch_line(mismatch: Json) -> str:
    return f"{mismatch.get('type')} {_dump({name: value for name, value in mismatch.items() if name != 'type'})}"


def _written_lines(phase: Phase) -> Iterator[str]:
    metadata, provider, interactions = _written(phase.written)
    yield f"written {_dump(metadata)}"
    yield f"written {_dump(provider)}"
    for interaction in interactions:
        yield from _leaves(json.loads(interaction), "written")


def _leaves(value: Json, path: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _leaves(item, f"{path}/{name}")
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}/{index}")
    else:
        yield f"{path} = {_dump(value)}"
