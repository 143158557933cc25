"""What is drawn for each kind: the expected request, and where requests differ from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from parity.draw import bodies, multipart, values, xml
from parity.draw.bodies import BinaryBody, FormBody, JsonBody, Pair, TextBody, edited_pairs
from parity.draw.contracts import plain_body
from parity.draw.dice import Dice
from parity.draw.expected import BodyDraft, Expected, RuleList, step
from parity.draw.rules import any_rule, body_rules, list_rules, text_rules

Edit = Callable[[Dice, Expected], Expected]


@dataclass(frozen=True)
class Kind:
    """A kind of case. `edits` says where requests differ; an edit that stands there twice is drawn twice as often."""

    expected: Callable[[Dice], Expected]
    edits: tuple[Edit, ...]
    several: bool = False
    """Whether a pact has several interactions that look alike."""
    is_contract: bool = False
    """Whether it is written in the consumer-test form."""


def edit_body(dice: Dice, part: Expected) -> Expected:
    """Change the body."""
    return replace(part, body=part.body.edited(dice)) if part.body is not None else part


def edit_contents(dice: Dice, part: Expected) -> Expected:
    """Change the body, but do not leave it out: of a missing one it is said what type it has, where a file knows it."""
    edited = edit_body(dice, part)
    return edited if edited.body is None or edited.body.content() else part


def edit_query(dice: Dice, part: Expected) -> Expected:
    """Change the query."""
    return replace(part, query=edited_pairs(dice, part.query))


def edit_path(dice: Dice, part: Expected) -> Expected:
    """Change the path."""
    pieces = part.path.split("/")
    position = dice.randrange(len(pieces))
    pieces[position] = dice.one((*PATH_PIECES, pieces[position].swapcase(), ""))
    return replace(part, path=dice.one(("/" + "/".join(pieces).lstrip("/"), part.path + "/", dice.one(PATHS))))


def edit_method(dice: Dice, part: Expected) -> Expected:
    """Change the method."""
    return replace(part, method=dice.one(METHODS))


def edit_header(dice: Dice, part: Expected) -> Expected:
    """Change the header lines: their values, how they are split into lines, the case of their names."""
    lines = list(part.headers)
    position = dice.randrange(len(lines)) if lines else 0
    throw = dice.random()
    if not lines or throw < 0.15:
        lines.append(_header(dice))
    elif throw < 0.3:
        del lines[position]
    elif throw < 0.6:
        lines[position] = (lines[position][0], _header_value(dice, lines[position][0]))
    elif throw < 0.75:
        lines[position] = (lines[position][0], _respelled(dice, lines[position][1]))
    elif throw < 0.85:
        lines.insert(position, (lines[position][0], _header_value(dice, lines[position][0])))
    else:
        lines[position] = (lines[position][0].swapcase(), lines[position][1])
    return replace(part, headers=tuple(lines))


def _respelled(dice: Dice, value: str) -> str:
    forms = (
        value.replace(",", ", "),
        value.replace(", ", ","),
        value.replace("; ", ";"),
        value.swapcase(),
        value + ";",
    )
    return dice.one(forms)


METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "get")
PATH_PIECES = ("users", "1", "a", "A", "x%20y", "a%2Fb", "caf%C3%A9", "2000-02-29", "true", "~", "a;b=1", "*")
PATHS = ("/", "/users/1", "/users/2", "/a", "//a", "/a//b", "/users", "/users/1/")
HEADERS = {
    "Accept": (
        "application/json",
        "text/html; charset=utf-8",
        "a/b;q=0.5",
        "*/*",
        "text/html, application/json",
        "a/b;x=1;y=2",
    ),
    "X-Plain": ("a", "b", "A", "a,b", "a, b", "1", "Thu, 01 Jan 1970 00:00:00 GMT", 'W/"x"', "1.0.0", "a;b"),
    "Vary": ("Origin", "Origin, Accept", "Origin,Accept", "origin"),
    "Cache-Control": ("no-cache", "no-cache, max-age=1", "max-age=1,no-cache"),
    "If-Match": ('"a"', '"a", "b"', "*"),
    "Accept-Language": ("de", "de, en;q=0.5", "en"),
    "Content-Type": (
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'Application/JSON; charset="utf-8"',
        "text/plain",
    ),
    "Cookie": ("a=1; b=2", "b=2; a=1", "b=2;a=1", "a=1", "a=1, b=2"),
    "x-low": ("a", "b", "", "x y"),
    "Set-Cookie": ("a=1; Path=/", "b=2", "a=1; path=/"),
}


def _header(dice: Dice) -> tuple[str, str]:
    name = dice.one(tuple(HEADERS))
    return name, _header_value(dice, name)


def _header_value(dice: Dice, name: str) -> str:
    known = {spelling.lower(): items for spelling, items in HEADERS.items()}
    return values.plain_text(dice) if dice.chance(0.2) else dice.one(known[name.lower()])


def _json(dice: Dice) -> Expected:
    return _around(dice, JsonBody(values.document(dice)))


def _rules(dice: Dice) -> Expected:
    document = values.document(dice)
    rules = body_rules(dice, document, fitting=0.9)
    return replace(_around(dice, JsonBody(document)), rules={"body": rules})


def _around(dice: Dice, body: BodyDraft) -> Expected:
    """Make the request of a body: mostly a plain one, with or without a header for the type."""
    headers = (("Content-Type", body.content_type),) if body.content_type and dice.chance(0.5) else ()
    return Expected(method=dice.one(("POST", "PUT")), path="/a", headers=headers, body=body)


def _query(dice: Dice) -> Expected:
    query: list[Pair] = []
    for name in dict.fromkeys(dice.times(0, 3, lambda: bodies.name(dice))):
        query += [(name, None if dice.chance(0.05) else values.text(dice)) for _ in range(dice.randint(1, 3))]
    named = sorted({name for name, _ in query})
    rules = {name: list_rules(dice, [v or "" for n, v in query if n == name]) for name in named if dice.chance(0.4)}
    return Expected(path="/q", query=tuple(query), rules={"query": rules} if rules else {})


def _headers(dice: Dice) -> Expected:
    names = dice.some(tuple(HEADERS), 1, 3)
    lines = [(name, _header_value(dice, name)) for name in names]
    lines += [(name, _header_value(dice, name)) for name in names if dice.chance(0.2)]
    rules = {name: list_rules(dice, [v for n, v in lines if n == name]) for name in names if dice.chance(0.4)}
    return Expected(path="/h", headers=tuple(lines), rules={"header": rules} if rules else {})


def _path(dice: Dice) -> Expected:
    path = "/" + "/".join(dice.some(PATH_PIECES, 0, 3)) if dice.chance(0.7) else dice.one(PATHS)
    rules: dict[str, dict[str, RuleList]] = {}
    if dice.chance(0.6):
        rules = {"path": {"": text_rules(dice, path)}}
    return Expected(method=dice.one(METHODS[:6]), path=path, rules=rules)


def _form(dice: Dice) -> Expected:
    fields: list[tuple[str, str]] = []
    for name in dict.fromkeys(dice.times(1, 3, lambda: bodies.name(dice))):
        fields += [(name, values.text(dice)) for _ in range(dice.randint(1, 2))]
    body = FormBody(tuple(fields))
    rules = {_field_path(dice, name): list_rules(dice, [v for n, v in fields if n == name]) for name, _ in fields}
    rules = {path: entry for path, entry in rules.items() if dice.chance(0.4)}
    return replace(_around(dice, body), rules={"body": rules} if rules else {})


def _field_path(dice: Dice, name: str) -> str:
    return f"${step(name)}" + dice.one(("", "", "", "[0]", "[*]"))


def _xml(dice: Dice) -> Expected:
    body = xml.draw(dice)
    rules = body.rules(dice) if dice.chance(0.6) else {}
    if dice.chance(0.05):
        rules |= xml.loose_rules(dice)
    return replace(_around(dice, body), rules={"body": rules} if rules else {})


def _text(dice: Dice) -> Expected:
    text = " ".join(dice.times(1, 3, lambda: values.text(dice)))
    body = TextBody(text, dice.one(("text/plain", "text/plain; charset=utf-8", "text/csv", "text/html")))
    rules = {"body": {"$": text_rules(dice, text)}} if dice.chance(0.5) else {}
    return replace(_around(dice, body), rules=rules)


def _multipart(dice: Dice) -> Expected:
    body = multipart.draw(dice)
    pattern = r"multipart/form-data;(\s*charset=[^;]*;)?\s*boundary=.*"
    any_boundary = {"combine": "AND", "matchers": [{"match": "regex", "regex": pattern}]}
    rules: dict[str, dict[str, RuleList]] = {"body": body.rules(dice)}
    if dice.chance(0.85):
        rules["header"] = {"Content-Type": any_boundary}
    return Expected(
        method="POST",
        path="/m",
        headers=(("Content-Type", body.content_type or ""),),
        body=body,
        rules={name: entries for name, entries in rules.items() if entries},
    )


CONTENT_TYPES = (
    "application/json",
    "application/json;charset=utf-8",
    "application/json; charset=UTF-8",
    "application/hal+json",
    "application/vnd.api+json;v=1",
    "application/xml",
    "text/xml",
    "text/plain",
    "text/html",
    "application/javascript",
    "application/graphql",
    "application/json-patch+json",
    "image/png",
    "application/octet-stream",
    "*/*",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "not a type",
)
SMALL = (
    '{"a": 1}',
    "[1]",
    "1",
    '"text"',
    "true",
    "null",
    "text",
    "<a/>",
    "<a>1</a>",
    "a=1&b=2",
    "<html></html>",
    "100 dollars",
    "\x00\x01",
)


def _typed_body(dice: Dice) -> BodyDraft:
    content_type = dice.one(CONTENT_TYPES) if dice.chance(0.8) else None
    if dice.chance(0.4):
        return JsonBody(dice.one(({"a": 1}, [1], 1, "text", None, {}, [], "")), content_type)
    return TextBody(dice.one(SMALL), content_type)


def _content_types(dice: Dice) -> Expected:
    body = _typed_body(dice)
    headers = (("Content-Type", body.content_type or "application/json"),) if dice.chance(0.5) else ()
    rules: dict[str, dict[str, RuleList]] = {}
    if dice.chance(0.2):
        rules = {"body": {"$": {"matchers": [any_rule(dice)]}}}
    if dice.chance(0.2):
        pattern = dice.one((r"application/.*", r"application/json;\s*charset=.*", ".*", "text/plain"))
        rules["header"] = {"Content-Type": {"matchers": [{"match": "regex", "regex": pattern}]}}
    return Expected(method="POST", path="/c", headers=headers, body=body, rules=rules)


def edit_type(dice: Dice, part: Expected) -> Expected:
    """Change the header that names the content type, or leave it out."""
    kept = tuple(line for line in part.headers if line[0].lower() != "content-type")
    if dice.chance(0.2):
        body = replace(part.body, content_type=None) if isinstance(part.body, JsonBody | TextBody) else part.body
        return replace(part, headers=kept, body=body)
    return replace(part, headers=(*kept, ("Content-Type", dice.one(CONTENT_TYPES))))


def edit_kind(dice: Dice, part: Expected) -> Expected:
    """Change the body to another small one, or leave it out."""
    return replace(part, body=None) if dice.chance(0.1) else replace(part, body=_typed_body(dice))


def _binary(dice: Dice) -> Expected:
    types = ("application/octet-stream", "image/png", "image/gif", "application/pdf", "audio/wav", "application/zip")
    body = BinaryBody(dice.one(bodies.SIGNATURES) + dice.randbytes(dice.randint(0, 4)), dice.one(types))
    rules: dict[str, dict[str, RuleList]] = {}
    if dice.chance(0.6):
        rule = {"match": "contentType", "value": body.content_type} if dice.chance(0.7) else any_rule(dice)
        rules = {"body": {"$": {"matchers": [rule]}}}
    return replace(_around(dice, body), rules=rules)


def _mixed(dice: Dice) -> Expected:
    """A request with something of everything, for pacts in which several look alike."""
    query = _query(dice) if dice.chance(0.5) else Expected()
    headers = _headers(dice) if dice.chance(0.5) else Expected()
    body = _rules(dice) if dice.chance(0.5) else Expected()
    path = _path(dice) if dice.chance(0.2) else Expected(path="/s")
    return Expected(
        method=body.method if body.body else path.method,
        path=path.path,
        query=query.query,
        headers=headers.headers,
        body=body.body,
        rules={**query.rules, **headers.rules, **body.rules, **path.rules},
    )


def _contract(dice: Dice) -> Expected:
    """A request whose rules are drawn into it when it is written."""
    query = _query(dice).query if dice.chance(0.3) else ()
    headers = _headers(dice).headers if dice.chance(0.3) else ()
    kept = tuple((name, value) for name, value in dict(headers).items() if name != "Content-Type")
    body = plain_body(dice) if dice.chance(0.8) else None
    return Expected(method=dice.one(("POST", "PUT")), path=dice.one(PATHS), query=query, headers=kept, body=body)


KINDS: dict[str, Kind] = {
    "json": Kind(_json, (edit_body,)),
    "rules": Kind(_rules, (edit_body,)),
    "query": Kind(_query, (edit_query,)),
    "headers": Kind(_headers, (edit_header,)),
    "path": Kind(_path, (edit_path, edit_path, edit_path, edit_method)),
    "form": Kind(_form, (edit_body,)),
    "xml": Kind(_xml, (edit_body,)),
    "text": Kind(_text, (edit_body,)),
    "multipart": Kind(_multipart, (edit_body,)),
    "content types": Kind(_content_types, (edit_type, edit_kind)),
    "several": Kind(_mixed, (edit_body, edit_query, edit_header, edit_path, edit_method), several=True),
    "contract": Kind(_contract, (edit_contents, edit_contents, edit_query, edit_header, edit_path), is_contract=True),
    "binary": Kind(_binary, (edit_body, edit_body, edit_body, edit_type)),
}
"""The kinds by name, in the order of the report."""
