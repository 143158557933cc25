"""Multipart bodies of files, as browsers upload them (RFC 7578)."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path

from pactmock.pact.json.values import Json
from pactmock.pact.value import value

_UNNAMED = "application/octet-stream"


@value
class FilePart:
    """One file: the name of its field, its own name, its type, and what is in it."""

    name: str
    file_name: str
    content_type: str
    content: bytes

    def rule(self) -> tuple[str, Json]:
        """Return the path of the part, and the rule that holds there: any content of this type."""
        escaped = self.name.replace("'", "\\'")
        path = f"$.{self.name}" if self.name.isidentifier() else f"$['{escaped}']"
        return path, {"match": "contentType", "value": self.content_type}

    def written(self) -> bytes:
        head = (
            f'Content-Disposition: form-data; name="{_quoted(self.name)}"; filename="{_quoted(self.file_name)}"\r\n'
            f"Content-Type: {self.content_type}\r\n\r\n"
        )
        return head.encode() + self.content + b"\r\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def read_file(name: str, path: Path, content_type: str | None) -> FilePart:
    """Read a file; without a type, that of its name's ending counts.

    Raises:
        OSError: when it cannot be read.
    """
    guessed, _ = mimetypes.guess_type(path.name)
    return FilePart(name, path.name, content_type or guessed or _UNNAMED, path.read_bytes())


def compose(parts: list[FilePart], boundary: str) -> bytes:
    """Write a body of some parts."""
    mark = b"--" + boundary.encode()
    return b"".join(mark + b"\r\n" + part.written() for part in parts) + mark + b"--\r\n"


def boundary_for(parts: list[FilePart]) -> str:
    """Make a boundary of what is in the parts, so that the pact file of the next run is that of this one."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.written())
    return f"pactmock-{digest.hexdigest()[:32]}"
