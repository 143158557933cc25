"""Rules beside examples out of matchers, with the paths of the Ruby service (reference/ruby-api.md §8)."""

from __future__ import annotations

from collections.abc import Iterator

from pactmock.pact.json.values import Json
from pactmock.ruby_api.tree.matchers import FLAGS, ArrayLike, SomethingLike, Term, Tree, escaped


def rules_of(members: dict[str, Tree]) -> dict[str, dict[str, Json]]:
    """Write the rules of a request or response by their paths, in the order of the document."""
    rules: dict[str, dict[str, Json]] = {}
    for name, item in members.items():
        for path, rule in _rules(item, f"$.{name}"):
            rules.setdefault(path, {}).update(rule)
    return rules


def _rules(tree: Tree, path: str) -> Iterator[tuple[str, dict[str, Json]]]:
    match tree:
        case dict():
            for name, item in tree.items():
                yield from _rules(item, f"{path}['{name}']" if "." in name else f"{path}.{name}")
        case list():
            for index, item in enumerate(tree):
                yield from _rules(item, f"{path}[{index}]")
        case SomethingLike():
            yield path, {"match": "type"}
            yield from _rules(tree.contents, path)
        case ArrayLike():
            yield path, {"min": tree.least}
            yield f"{path}[*].*", {"match": "type"}
            yield from _rules(tree.contents, f"{path}[*]")
        case Term():
            # Options are written inside, where others read them; the Ruby service damages the pattern.
            flags = "".join(letter for bit, letter in FLAGS if tree.matcher.options & bit)
            source = escaped(tree.matcher.source)
            yield path, {"match": "regex", "regex": (f"(?{flags}:{source})" if flags else source)}
