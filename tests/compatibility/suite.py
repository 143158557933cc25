"""Where the compatibility suite lies, and what its fixtures hold. No part of the suite is part of this project.

The environment names the folder that holds `features` and `fixtures`; the suite's README tells what the files mean.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from lxml import etree

from tests.compatibility.gherkin import Feature, parse

VARIABLE = "PACTMOCK_COMPATIBILITY_SUITE"
FOLDER = Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None
_TYPES = {
    ".json": "application/json",
    ".xml": "application/xml",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True)
class Contents:
    """The bytes of a body, with their type."""

    content: bytes
    content_type: str

    @property
    def is_json(self) -> bool:
        return self.content_type.partition(";")[0].endswith("json")

    def document(self) -> Any:
        """Return what the JSON says; only for JSON."""
        return json.loads(self.content)

    def text(self) -> str | None:
        """Return the content as text, or None where it is not."""
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            return None


def read_feature(folder: Path, name: str) -> Feature:
    """Read a feature by the name that tests know it by: `V1/http_consumer`."""
    return parse((folder / "features" / f"{name}.feature").read_text(encoding="utf-8"))


def feature_names(folder: Path) -> set[str]:
    """Return the names of all features of the suite."""
    root = folder / "features"
    return {path.relative_to(root).with_suffix("").as_posix() for path in root.rglob("*.feature")}


def fixture(name: str) -> bytes:
    """Return the bytes of a fixture."""
    assert FOLDER is not None
    return (FOLDER / "fixtures" / name).read_bytes()


def document_of(cell: str) -> Any:
    """Return the JSON of a cell: in the cell itself after `JSON:`, or in the fixture that it names."""
    return json.loads(cell.removeprefix("JSON:") if cell.startswith("JSON:") else fixture(cell))


def value_of(cell: str) -> Any:
    """Return the value of a cell: JSON after `JSON:`, else a text."""
    return json.loads(cell.removeprefix("JSON:")) if cell.startswith("JSON:") else cell


def contents_of(cell: str, declared: str | None = None, header: str | None = None) -> Contents:
    """Return the body that a cell describes.

    `declared` is the type that a column of its own gives, `header` the one that the part had before.
    """
    kind, colon, rest = cell.partition(":")
    rest = rest.strip()
    if colon and kind in ("JSON", "XML"):
        return Contents(rest.encode(), f"application/{kind.lower()}")
    if colon and kind == "file" and rest.endswith("-body.xml"):
        return _described(fixture(rest))
    content_type = declared or _TYPES.get(PurePath(cell).suffix) or header or "text/plain"
    if colon and kind == "file":
        return Contents(fixture(rest), content_type)
    return Contents(b"" if cell == "EMPTY" else cell.encode(), content_type)


def _described(description: bytes) -> Contents:
    """Read a fixture that describes a body."""
    root = etree.fromstring(description)
    contents = root.find("contents")
    assert contents is not None
    text = "".join(str(piece).strip() for piece in contents.itertext())
    if contents.get("eol") == "CRLF":
        text = text.replace("\n", "\r\n")
    content = base64.b64decode(text) if contents.get("encoding") == "base64" else text.encode()
    return Contents(content, root.findtext("contentType") or "text/plain")
