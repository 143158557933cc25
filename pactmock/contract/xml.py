"""XML bodies with matchers in them: `xml.body(xml.element("user", xml.element("id", match.int(7))))`.

`with_body` takes what `body` returns, with an XML type such as `application/xml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeAlias, Union

from pactmock.contract.match.matcher import AbstractMatcher
from pactmock.contract.types import UNSET

XmlContent: TypeAlias = Union["XmlElement", AbstractMatcher[Any], str, int, float, bool]
"""What can stand in an element: elements, and texts, with a matcher or as they are."""


class XmlElement:
    """An element: its name, what stands in it, and its attributes, which can be matchers too."""

    def __init__(self, tag: str, *children: XmlContent, attrs: Mapping[str, Any] | None = None) -> None:
        self._tag = tag
        self._children = children
        self._attributes = dict(attrs or {})
        self._repeated: dict[str, Any] | None = None

    def each(self, *, min: int = 1, max: int | None = None, examples: int | None = None) -> Self:
        """Have it there `min` to `max` times; the mock server sends `examples` of it, by default `min`.

        Raises:
            ValueError: for numbers that do not go together.
        """
        count = min if examples is None else examples
        if min < 1:
            raise ValueError(f"min must be at least 1, not {min}")
        if max is not None and max < min:
            raise ValueError(f"max must be greater than or equal to min: {max} is less than {min}")
        if count < min:
            raise ValueError(f"examples must be greater than or equal to min: {count} is less than {min}")
        if max is not None and count > max:
            raise ValueError(f"examples must be less than or equal to max: {count} is more than {max}")
        self._repeated = {"examples": count, "min": min, **({} if max is None else {"max": max})}
        return self

    def to_serializable_dict(self) -> dict[str, Any]:
        """Return the description of the element, with the matchers as objects in it."""
        described: dict[str, Any] = {
            "name": self._tag,
            "children": [_described(child) for child in self._children],
            "attributes": self._attributes,
        }
        if self._repeated is None:
            return described
        return {"pact:matcher:type": "type", "value": described, **self._repeated}

    def __repr__(self) -> str:
        return f"<XmlElement {self._tag!r} with {len(self._children)} children>"


def _described(child: XmlContent) -> dict[str, Any]:
    if isinstance(child, XmlElement):
        return child.to_serializable_dict()
    if not isinstance(child, AbstractMatcher):
        return {"content": child}
    example = getattr(child, "value", UNSET)
    return {"matcher": child, "content": example} if child.has_value() else {"matcher": child}


def element(tag: str, *children: XmlContent, attrs: Mapping[str, Any] | None = None) -> XmlElement:
    """Make an element."""
    return XmlElement(tag, *children, attrs=attrs)


def body(root: XmlElement) -> dict[str, Any]:
    """Return the description of a document, for `with_body`."""
    return {"root": root.to_serializable_dict()}
