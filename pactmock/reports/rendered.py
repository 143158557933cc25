"""Values and rules as the reference renders them for its own programmers, put as a pact has them.

`{"a": Number(1)}` is `{"a":1}`, a list whose items are JSON inside of texts is that list, and `using Date("yyyy")`
names the rule `date`. That form is in the texts for programs, to the letter (reference/matching.md §0.1).
"""

from __future__ import annotations

import re

from pactmock.errors import NotJson
from pactmock.pact.json.values import compact, parse
from pactmock.pact.matching_rules import core_rules

_UNABLE = re.compile(
    r"(?P<before>.*?Unable to match )(?P<value>.*) using (?P<rule>[A-Z][A-Za-z]+)(?P<arguments>\(.*\))?"
    r"(?P<reason> - (?:invalid digit|cannot parse|number too).*)?",
    re.DOTALL,
)
_SIZE = re.compile(r"(?P<before>Expected )(?P<value>[\[{].*)(?P<behind> \(size \d+\) to have .*)", re.DOTALL)
_EQUAL = re.compile(r"(?P<before>Expected )(?P<value>[\[{].*[\]}]) to be equal to (?P<other>[\[{].*[\]}])", re.DOTALL)
_ONE_TEXT = re.compile(r'\("((?:[^"\\]|\\.)*)"\)', re.DOTALL)

_PIECES = re.compile(
    r'String\((?P<text>"(?:[^"\\]|\\.)*"?)\)?|(?:Number|Bool)\((?P<scalar>[^()]*)\)|(?P<null>\bNull\b)'
    r'|(?:Array|Object) (?=[\[{])|(?P<name>"(?:[^"\\]|\\.)*"): |(?P<comma>, )|(?P<other>"(?:[^"\\]|\\.)*")',
    re.DOTALL,
)


def as_in_a_pact(text: str) -> str:
    """Return a text in which values and rules are as they are in a pact; others stay as they are."""
    found = _UNABLE.fullmatch(text)
    if found is not None:
        return f"{found['before']}{_value(found['value'])} {_by_rule(found)}"
    found = _SIZE.fullmatch(text)
    if found is not None:
        return f"{found['before']}{_value(found['value'])}{found['behind']}"
    found = _EQUAL.fullmatch(text)
    if found is not None:
        return f"{found['before']}{_value(found['value'])} to be equal to {_value(found['other'])}"
    return text


def _by_rule(found: re.Match[str]) -> str:
    name = _NAMES.get(found["rule"])
    if name is None:
        return found.string[found.end("value") + 1 :]
    argument = _ONE_TEXT.fullmatch(found["arguments"] or "")
    of = f" ({argument[1]})" if argument else ""
    return f"by the rule '{name}'{of}{': it is no number' if found['reason'] else ''}"


_NAMES = {kind.__name__: kind.match for kind in core_rules()}


def _value(text: str) -> str:
    """Put one value as JSON; one that is not rendered for programmers stays as it is, and so does a text in quotes."""
    if text.startswith("["):
        try:
            # The items of a list are JSON inside of texts, unless it is one of other texts.
            return compact([parse(item) for item in parse(text)])
        except (NotJson, TypeError):
            return text
    if _DEBUG.match(text):
        return _PIECES.sub(_piece, text)
    return text


_DEBUG = re.compile(r'\{(?:"|\}$)|(?:String|Number|Bool)\(|(?:Array|Object) [\[{]|Null$')


def _piece(found: re.Match[str]) -> str:
    if found["null"]:
        return "null"
    if found["name"]:
        return f"{found['name']}:"
    if found["comma"]:
        return ","
    return found["text"] or found["scalar"] or found["other"] or ""
