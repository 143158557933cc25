"""What a step came to, in the form in which it is recorded and compared: facts, without what no two services share."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from parity.ruby.scenario import Json, Request
from parity.ruby.wire import Reply

Answer = Mapping[str, Json]
"""The status, under the name of the kind of answer, `headers` (as lines) where the kind does not say all of them, and
`text` or `json`; of a look into the directory, `files`; of an end, `exit`."""

_OF_THE_CONNECTION = {"server", "date", "connection", "content-length", "keep-alive"}
_ALLOWED = ["access-control-allow-credentials: true", "access-control-allow-origin: *"]
_JSON = "content-type: application/json"
_LOCATION = "x-pact-mock-service-location: http://127.0.0.1:PORT"
_KINDS = {
    "said": [*_ALLOWED, "content-type: text/plain", _LOCATION],
    "told": [*_ALLOWED, _JSON, _LOCATION],
    "failed": [_JSON, _LOCATION],
    "unmatched": [_JSON],
    "played": [],
}
"""The kinds of answers by their headers: administrative ones as text and as JSON, errors, what matches nothing, and
what is mocked."""
_RUBY_ERROR = re.compile(r"(Error ocurred in mock service: [\w:]+) - .*", re.DOTALL)
_EXPLAINED = re.compile(
    r"^(Diff with interaction: [^\n]*\n).*?(?=^Diff with interaction: |^See |\Z)", re.DOTALL | re.MULTILINE
)
_LOG = re.compile(r"^See (?!standard).* for details\.", re.MULTILINE)


def of_reply(reply: Reply, request: Request, port: int) -> Answer:
    """Return what an answer over HTTP says; `service` stands for the headers that administrative ones always have."""
    text = reply.body.decode("utf-8", "backslashreplace").replace(f":{port}", ":PORT")
    lines = [f"{name}: {value}".replace(f":{port}", ":PORT") for name, value in reply.headers]
    lines = sorted(line for line in lines if line.partition(":")[0] not in _OF_THE_CONNECTION)
    return {**_head(reply.status, lines), **_body(text, reply, request)}


def _head(status: int, lines: list[str]) -> Answer:
    for kind, usual in _KINDS.items():
        if lines == usual:
            return {kind: status}
    return {"status": status, "headers": lines}


def _body(text: str, reply: Reply, request: Request) -> Answer:
    if text.startswith("<!DOCTYPE"):
        return {}  # a page of the server that the Ruby service runs on
    try:
        document = json.loads(text)
    except ValueError:
        return {"text": _without_explanations(text)} if text else {}
    is_error = reply.status == 500 and isinstance(document, dict) and "message" in document
    if not is_error and not (request.is_administrative and isinstance(document, dict)):
        return {"text": text}
    if is_error:
        document.pop("backtrace", None)
        document["message"] = _RUBY_ERROR.sub(r"\1", document["message"])
    return {"json": document}


def _without_explanations(text: str) -> str:
    """Leave of a verification's text what both say: heads, titles and lines, not what stands below an interaction."""
    return _LOG.sub("See LOG for details.", _EXPLAINED.sub(r"\1", text))


def of_directory(directory: Path) -> Answer:
    """Return the files of a directory, each as JSON where it is some."""
    found = sorted(path for path in directory.rglob("*") if path.is_file())
    return {"files": {path.relative_to(directory).as_posix(): _content(path) for path in found}}


def _content(path: Path) -> Json:
    text = path.read_text(encoding="utf-8")
    try:
        return json.loads(text)
    except ValueError:
        return text
