"""The pact directory: one file a pair, safe for many processes that write at once.

A write reads what is there and merges; where that says more, it locks, looks again, writes a temporary file and renames
it over the old one. A reader sees the old file or the new one and never a half; two writers lose nothing of each other.
Those of one process that wait for a file are written together, as if one after another (`write_all`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from pactmock.errors import PactmockError, TooLarge, WriteFailed
from pactmock.pact.directory.content import content_of
from pactmock.pact.directory.file_names import file_name, folded, own_file_name
from pactmock.pact.directory.known_files import KnownFile, KnownFiles
from pactmock.pact.directory.lock import locked
from pactmock.pact.directory.replacing import replace_file
from pactmock.pact.merging.combining import Combined, Order, Ready, Written, combine
from pactmock.pact.merging.document import PactDocument
from pactmock.pact.model import Pact
from pactmock.pact.specification import Specification
from pactmock.pact.value import value

__all__ = ["Written", "check_directory", "rewrite", "write", "write_all"]


def check_directory(directory: Path) -> None:
    """Make sure that pacts can be written into a directory, or that it can be made. Nothing is left there.

    Raises:
        WriteFailed: when they cannot.
    """
    try:
        whole = directory.absolute()
        nearest = next(path for path in (whole, *whole.parents) if path.exists() or path.is_symlink())
        with tempfile.TemporaryFile(dir=nearest):
            return
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise WriteFailed(
            f"No pact can be written to {directory.absolute()}: {reason}; name a directory that this user can write to"
            " with --output",
            path=str(directory),
        ) from None


def write(
    pact: Pact,
    directory: Path,
    version: Specification | None = None,
    *,
    overwrite: bool = False,
    refuse_replacements: bool = False,
    durable: bool = False,
) -> Written:
    """Write a pact into a directory, merged with what is there unless `overwrite`.

    It is written in the version it came in unless another is given, and merged in that of the file if it is higher. A
    file that says all of it already is left as it is. With `refuse_replacements`, an interaction of the file that says
    something else is a conflict instead of being replaced. What is `durable` outlives a power cut.

    Raises:
        WriteFailed: when the file cannot be locked, read or written, or the version cannot hold the pact.
        Conflict: as above, naming the interaction and the field.
    """
    # What the version cannot say is refused before anything is created.
    order = Order(Ready.of(pact, version), overwrite, refuse_replacements)
    (outcome,) = write_all([order], directory, durable=durable)
    if isinstance(outcome, PactmockError):
        raise outcome
    return outcome


def write_all(
    orders: Sequence[Order], directory: Path, known: KnownFiles | None = None, *, durable: bool = False
) -> list[Written | PactmockError]:
    """Write pacts of one pair as if one after another, but once. Return what came of each: why it failed, if it did.

    `known` are files that were read before.
    """
    try:
        return _write_all(orders, directory, known or KnownFiles(), durable=durable)
    except (OSError, TooLarge) as error:
        if len(orders) > 1:  # what keeps one from being written need not keep the others
            return [write_all([order], directory, known, durable=durable)[0] for order in orders]
        path = directory / file_name(orders[0].ready.pact)
        return [_failed(path, error) if isinstance(error, OSError) else error]
    except PactmockError as error:
        return [error] * len(orders)


def _write_all(
    orders: Sequence[Order], directory: Path, known: KnownFiles, *, durable: bool
) -> list[Written | PactmockError]:
    first = orders[0].ready
    seen = _find(first, directory, known)
    batch = _combine_all(orders, seen)
    if batch.content is None and not durable:  # else somebody else may have written it who still flushes it
        return batch.outcomes
    directory.mkdir(parents=True, exist_ok=True)
    with locked(directory / file_name(first.pact)):
        found = _find(first, directory, known, seen.file)
        if found != seen:
            batch = _combine_all(orders, found)
        if batch.content is not None:
            replace_file(found.path, batch.content, durable=durable)
            known.keep(found.path, KnownFile(batch.content, batch.read))
    return batch.outcomes


@value
class _Found:
    """The file of a pair, or where it is to be."""

    path: Path
    file: KnownFile | None

    @property
    def document(self) -> PactDocument | None:
        return None if self.file is None else self.file.document

    def written_for(self, order: Order) -> Written | None:
        """Return what comes of a pact that was found to be in the file before; None where nobody knows that."""
        return None if self.file is None else self.file.written_for(order.ready.content)


@value
class _Batch:
    """What orders come to: what is to be written, None where all is there already, and what comes of each of them."""

    content: bytes | None
    read: Callable[[], PactDocument | None] | None
    outcomes: list[Written | PactmockError]


def _combine_all(orders: Sequence[Order], found: _Found) -> _Batch:
    outcomes: list[Written | PactmockError] = []
    last: Combined | None = None
    existing: PactDocument | None = None
    before = None if found.file is None else found.file.content
    for order in orders:
        if last is None and before == order.ready.content:  # nobody has to parse it for that
            outcomes.append(Written(found.path, len(order.ready.pact.interactions), not order.overwrite))
            continue
        said = None if last is not None or order.overwrite else found.written_for(order)
        if said is not None:
            outcomes.append(said)
            continue
        if existing is None:
            existing = found.document if last is None else last.read()
        try:
            combined = combine(order, existing, found.path)
        except PactmockError as error:
            outcomes.append(error)
            continue
        outcomes.append(combined.written)
        if combined.document is not None:
            last, existing = combined, None
        elif last is None and found.file is not None and _is_of_version(existing, order):
            found.file.note_written(order.ready.content, combined.written)
    content = None if last is None else last.content
    return _Batch(None if content == before else content, None if last is None else last.read, outcomes)


def _is_of_version(existing: PactDocument | None, order: Order) -> bool:
    """Tell whether all that counts of a pact is in its content: a file of a higher version has more of it."""
    pact = None if existing is None else existing.pact
    return pact is not None and pact.specification == order.ready.pact.specification


def rewrite(path: Path, change: Callable[[bytes | None], bytes], *, durable: bool = False) -> None:
    """Write a file that is not in our form, as safely: `change` is given what it holds, if anything.

    Raises:
        WriteFailed: when it cannot be locked, read or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path):
            before = content_of(path) if os.path.lexists(path) else None
            content = change(before)
            if content != before:
                replace_file(path, content, durable=durable)
    except OSError as error:
        raise _failed(path, error) from None


def _failed(path: Path, error: OSError) -> WriteFailed:
    place = error.filename if isinstance(error.filename, str | Path) else ""  # or a number, of a file that was open
    where = f" ({place})" if str(place) not in {"", str(path)} else ""
    return WriteFailed(
        f"The pact could not be written to {path}: {error.strerror or error}{where}; check that the directory"
        " exists and can be written",
        path=str(path),
    )


def _find(ready: Ready, directory: Path, known: KnownFiles, seen: KnownFile | None = None) -> _Found:
    """Find the file of a pair, or where it is to be, which is another name where that of another pair is the same."""
    pact = ready.pact
    own = directory / own_file_name(pact)
    file = known.read(own, seen)
    if file is not None:
        return _Found(own, file)
    plain = directory / file_name(pact)
    is_taken = False
    for path in _names(plain):
        file = known.read(path, seen)
        if file is not None and (file.content == ready.content or file.document.is_of(pact)):
            return _Found(path, file)
        is_taken = is_taken or file is not None
    return _Found(own if is_taken else plain, None)


def _names(plain: Path) -> Iterator[Path]:
    """Yield a name, and then those in its directory that some system takes for the same."""
    yield plain
    plain_folded = folded(plain.name)
    with suppress(FileNotFoundError):
        names = [entry.name for entry in plain.parent.iterdir() if folded(entry.name) == plain_folded]
        yield from (plain.with_name(name) for name in names if name != plain.name)
