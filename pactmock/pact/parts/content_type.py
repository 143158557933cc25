"""Content types: parsed once, compared the way the reference compares them (reference/matching.md §4.1, §4.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from pactmock.pact.value import value

_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_TYPE = rf"\s*({_TOKEN})/({_TOKEN})\s*"
_ATTRIBUTE = rf';\s*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|((?:{_TOKEN})?))\s*'
_TEXT_APPLICATIONS = frozenset({"x-www-form-urlencoded", "graphql"})
_BINARY_MAIN_TYPES = frozenset({"audio", "font", "image", "video"})


@value
class ContentType:
    """A media type, lower-cased, with its attributes sorted by name."""

    main: str
    sub: str
    suffix: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        suffix = f"+{self.suffix}" if self.suffix else ""
        return f"{self.main}/{self.sub}{suffix}" + "".join(f";{name}={value}" for name, value in self.attributes)

    @property
    def is_unknown(self) -> bool:
        return "*" in (self.main, self.sub)

    @property
    def is_json(self) -> bool:
        return self.main == "application" and (self.sub.startswith("json") or self.suffix == "json")

    @property
    def is_graphql(self) -> bool:
        """Whether it is a query of GraphQL, which the reference takes for JSON (§11 row 69, F)."""
        return self.main == "application" and self.sub == "graphql" and self.suffix is None

    @property
    def is_xml(self) -> bool:
        return self.main in {"application", "text"} and "xml" in (self.sub, self.suffix)

    @property
    def is_form(self) -> bool:
        return self.main == "application" and (self.suffix or self.sub) == "x-www-form-urlencoded"

    @property
    def is_multipart(self) -> bool:
        return self.main == "multipart"

    @property
    def is_text(self) -> bool:
        return (
            self.main == "text"
            or self.is_json
            or self.is_xml
            or (self.main == "application" and self.sub in _TEXT_APPLICATIONS)
        )

    @property
    def is_binary(self) -> bool:
        """Whatever is not text counts as binary, the unknown type `*/*` included."""
        return self.main in _BINARY_MAIN_TYPES or not self.is_text

    @property
    def base_type(self) -> ContentType:
        """The type without attributes; a suffix replaces the subtype: `application/hal+json` is `application/json`."""
        return ContentType(self.main, self.suffix or self.sub)

    def is_equivalent_to(self, other: ContentType) -> bool:
        """Tell whether a body of type `other` may stand where this type is expected (§4.1, last row).

        A type without attributes accepts any attributes, and ignores the suffix.
        """
        if self._is_strict_xml and other._is_strict_xml:
            return not self.attributes or self.attributes == other.attributes
        if not self.attributes:
            return (self.main, self.sub) == (other.main, other.sub)
        return self == other

    @property
    def _is_strict_xml(self) -> bool:
        return self.main in {"application", "text"} and self.sub == "xml"


UNKNOWN = ContentType("*", "*")
JSON = ContentType("application", "json")
XML = ContentType("application", "xml")
HTML = ContentType("text", "html")
TEXT = ContentType("text", "plain")
OCTET_STREAM = ContentType("application", "octet-stream")


@lru_cache(maxsize=1024)
def parse(text: str) -> ContentType | None:
    """Parse the value of a `Content-Type` header, or return None when it is not one."""
    found = re.match(_TYPE, text)
    if found is None:
        return None
    attributes = _parse_attributes(text[found.end() :])
    if attributes is None:
        return None
    sub, plus, suffix = found[2].lower().rpartition("+")
    if not plus or not sub:
        sub, suffix = found[2].lower(), ""
    return ContentType(found[1].lower(), sub, suffix or None, attributes)


def _parse_attributes(text: str) -> tuple[tuple[str, str], ...] | None:
    attributes: dict[str, str] = {}
    while text:
        if not text.startswith(";"):
            return None
        found = re.match(_ATTRIBUTE, text)
        if found is None:
            return tuple(sorted(attributes.items())) if not text.strip("; \t") else None
        name = found[1].lower()
        value = re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else found[3].strip()
        attributes[name] = value.lower() if name == "charset" else value
        text = text[found.end() :]
    return tuple(sorted(attributes.items()))


# Python's `\s` also means the separators 0x1C to 0x1F, which the reference's does not.
_BLANK = r"[^\S\x1c-\x1f]"
_XML_DECLARATION = rf"{_BLANK}*<\?xml{_BLANK}*version.*"
_HTML_START = rf"({_BLANK}*<!DOCTYPE)|(<HTML>).*"
_XML_ELEMENT = rf'{_BLANK}*<\w+{_BLANK}*(:\w+=["”][^"”]+["”])?.*'
_JSON_START = rf'{_BLANK}*(true|false|null|[0-9]+|"\w*|\{{{_BLANK}*(}}|"\w+)|\[{_BLANK}*)'
_STARTS = (_XML_DECLARATION, _HTML_START, _XML_ELEMENT, _JSON_START)
_SNIFFED_BYTES = 32


def sniff_text(text: str) -> ContentType:
    """Guess the type of a text from how it starts (§4.2). Text that starts with a digit counts as JSON."""
    is_declared_xml, is_html, is_xml, is_json = _starts()
    if is_declared_xml(text):
        return XML
    if is_html(text.upper()):
        return HTML
    if is_xml(text):
        return XML
    return JSON if is_json(text) else TEXT


@cache
def _starts() -> tuple[Callable[[str], object], ...]:
    return tuple(re.compile(start).match for start in _STARTS)  # late, as most bodies say what they are


def sniff_start(content: bytes) -> ContentType | None:
    """Guess from the first 32 bytes, as for a request on the wire; None when they are not UTF-8 (§4.2, row 2)."""
    try:
        return sniff_text(content[:_SNIFFED_BYTES].decode())
    except UnicodeDecodeError:
        return None


def sniff_whole(content: bytes) -> ContentType:
    """Guess from the whole body, as for a part during matching; what is not UTF-8 counts as text (§4.2, row 1)."""
    try:
        return sniff_text(content.decode())
    except UnicodeDecodeError:
        return TEXT
