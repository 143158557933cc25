"""What stands for a tree: its examples, and the JSON that it was made of (reference/ruby-api.md §4, §8)."""

from __future__ import annotations

from collections.abc import Callable

from pactmock.pact.json.values import Json
from pactmock.ruby_api.tree.matchers import ArrayLike, Regexp, SomethingLike, Term, Tree


def example(tree: Tree) -> Json:
    """Put the examples in place of matchers."""
    match tree:
        case SomethingLike():
            return example(tree.contents)
        case ArrayLike():
            return [example(tree.contents) for _ in range(tree.least)]
        case Term():
            return tree.generate
        case Regexp():
            return tree.example
    return _each(tree, example)


def size_of(tree: Tree) -> int:
    """Count the values of an example before it is made: lists in lists may ask for very many copies."""
    match tree:
        case SomethingLike():
            return size_of(tree.contents)
        case ArrayLike():
            return 1 + tree.least * size_of(tree.contents)
        case dict():
            return 1 + sum(map(size_of, tree.values()))
        case list():
            return 1 + sum(map(size_of, tree))
    return 1


def document_of(tree: Tree) -> Json:
    """Write matchers as they were posted."""
    match tree:
        case SomethingLike():
            return {"json_class": "Pact::SomethingLike", "contents": document_of(tree.contents)}
        case ArrayLike():
            return {"json_class": "Pact::ArrayLike", "contents": document_of(tree.contents), "min": tree.least}
        case Term():
            matcher = document_of(tree.matcher)
            return {"json_class": "Pact::Term", "data": {"generate": tree.generate, "matcher": matcher}}
        case Regexp():
            return {"json_class": "Regexp", "o": tree.options, "s": tree.source}
    return _each(tree, document_of)


def _each(tree: Tree, write: Callable[[Tree], Json]) -> Json:
    if isinstance(tree, dict):
        return {key: write(item) for key, item in tree.items()}
    return list(map(write, tree)) if isinstance(tree, list) else tree
