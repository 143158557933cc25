"""When Ruby takes two values, or two trees, for the same: `1 == 1.0`, and `true` is no number."""

from __future__ import annotations

from pactmock.ruby_api.tree.matchers import ArrayLike, Regexp, SomethingLike, Term, Tree


def same(left: Tree, right: Tree) -> bool:
    """Compare trees with the matchers in them; the order of members does not count."""
    match left, right:
        case dict(), dict():
            return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
        case list(), list():
            return len(left) == len(right) and all(map(same, left, right))
        case SomethingLike(), SomethingLike():
            return same(left.contents, right.contents)
        case ArrayLike(), ArrayLike():
            return left.least == right.least and same(left.contents, right.contents)
        case (Term(), Term()) | (Regexp(), Regexp()):
            return bool(left == right)
    return same_value(left, right)


def same_value(left: object, right: object) -> bool:
    """Compare texts, numbers, booleans and null; what is of other kinds is itself only."""
    if type(left) is type(right) or (type(left) in _NUMBERS and type(right) in _NUMBERS):
        return left == right
    return False


_NUMBERS = frozenset({int, float})
