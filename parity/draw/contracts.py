"""Interactions in the consumer-test form: an expected request with matchers drawn into its examples.

Only pactmock reads this form. The reference gets the pact that pactmock makes of it, and must serve that equally.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from parity.case import Json
from parity.draw import values
from parity.draw.bodies import FormBody, JsonBody, TextBody
from parity.draw.dice import Dice
from parity.draw.expected import BodyDraft, Expected, grouped
from parity.draw.rules import fitting_rule
from parity.draw.xml import Node, XmlBody

TYPE = "pact:matcher:type"


def to_contract(dice: Dice, part: Expected, index: int) -> Json:
    """Write an interaction that expects a request like this one."""
    request: dict[str, Json] = {"method": part.method, "path": _text(dice, part.path)}
    if part.query:
        request["query"] = {name: _texts(dice, items) for name, items in grouped(part.query).items()}
    if part.headers:
        request["headers"] = {name: _header(dice, value) for name, value in part.headers}
    if part.body is not None:
        request["contents"] = contents(dice, part.body)
    return {"description": f"request {index}", "request": request, "response": _response(dice)}


def _response(dice: Dice) -> Json:
    response: dict[str, Json] = {"status": dice.one((200, 201, 404))}
    if dice.chance(0.2):
        response["status"] = {TYPE: dice.one(("type", "integer", "statusCode")), "status": "success", "value": 200}
    if dice.chance(0.3):
        response["headers"] = {"X-Any": _text(dice, values.plain_text(dice))}
    if dice.chance(0.4):
        response["contents"] = contents(dice, _object(dice))
    return response


def contents(dice: Dice, body: BodyDraft) -> Json:
    """Write a body, with matchers where its kind has them."""
    written: Json = body.member()
    if isinstance(body, JsonBody):
        written = _value(dice, body.value)
    elif isinstance(body, FormBody):
        written = {name: _texts(dice, items) for name, items in grouped(body.fields).items()}
    elif isinstance(body, XmlBody):
        written = {"root": _element(dice, body.root)}
    return {"content-type": body.content_type, "body": written}


def plain_body(dice: Dice) -> BodyDraft:
    """Draw a body that the form can describe."""
    if dice.chance(0.6):
        return _object(dice)
    drafts: Sequence[Callable[[], BodyDraft]] = (
        lambda: FormBody(tuple((dice.one(_NAMES), values.plain_text(dice)) for _ in range(dice.randint(1, 3)))),
        lambda: XmlBody(_plain_node(dice, 2)),
        lambda: TextBody(values.plain_text(dice)),
    )
    return dice.one(drafts)()


def _object(dice: Dice) -> JsonBody:
    """Draw an object, as files up to V3 lose some JSON texts (reference/matching.md §11 row 32, K)."""
    return JsonBody({values.key(dice): values.json_value(dice, 3) for _ in range(dice.randint(1, 4))})


_NAMES = ("a", "b", "item", "name")


def _plain_node(dice: Dice, depth: int) -> Node:
    attributes = ((dice.one(("id", "x")), values.plain_text(dice)),) if dice.chance(0.4) else ()
    if depth and dice.chance(0.7):
        return Node(dice.one(_NAMES), attributes, tuple(dice.times(1, 3, lambda: _plain_node(dice, depth - 1))))
    return Node(dice.one(_NAMES), attributes, (values.plain_text(dice),))


def _value(dice: Dice, value: Json) -> Json:
    """Draw matchers into a JSON value."""
    if isinstance(value, dict):
        inner: Json = {name: _value(dice, item) for name, item in value.items()}
    elif isinstance(value, list):
        inner = [_value(dice, item) for item in value]
    else:
        inner = value
    if not dice.chance(0.3):
        return inner
    if dice.chance(0.3):
        defined = _definition(dice, value)
        if defined is not None:
            return {TYPE: defined}
    return _matcher(dice, value, inner)


def _matcher(dice: Dice, value: Json, example: Json) -> Json:
    """Make a matcher for a value, of one rule or of several."""
    rules = [_integrated(fitting_rule(dice, value), value) for _ in range(1 if dice.chance(0.85) else 2)]
    if len(rules) == 1:
        return {**rules[0], "value": example}
    return {TYPE: [rule for rule in rules if rule[TYPE] != "arrayContains"] or [{TYPE: "type"}], "value": example}


def _integrated(rule: Json, value: Json) -> Json:
    """Write a rule of a pact file as a matcher has it."""
    name = rule["match"]
    if name == "arrayContains":
        return {TYPE: name, "variants": value}
    return {TYPE: name, **{key: item for key, item in rule.items() if key != "match"}}


def _texts(dice: Dice, items: Sequence[str | None]) -> Json:
    """Write the values of a parameter or a field: alone, in a list, or all under one matcher.

    In a list none has a matcher of its own: a file has no place for the rules of one value (§11 row 41, K).
    """
    texts = [item or "" for item in items]
    if dice.chance(0.2):
        return _matcher(dice, texts[0], texts)
    return _text(dice, texts[0]) if len(texts) == 1 else texts


def _header(dice: Dice, value: str) -> Json:
    """Write a header; one with a comma has no matcher, as files up to V3 have no place for a list of values."""
    return value if "," in value else _text(dice, value)


def _text(dice: Dice, text: str) -> Json:
    return _matcher(dice, text, text) if dice.chance(0.3) else text


def _element(dice: Dice, node: Node) -> Json:
    described: dict[str, Json] = {"name": node.name, "children": [_child(dice, piece) for piece in node.pieces]}
    if node.attributes:
        described["attributes"] = {name: _text(dice, value) for name, value in node.attributes}
    if dice.chance(0.2):
        return {TYPE: "type", "value": described}
    return described


def _child(dice: Dice, piece: Node | str) -> Json:
    if isinstance(piece, Node):
        return _element(dice, piece)
    if dice.chance(0.3):
        return {"content": piece, "matcher": _integrated(fitting_rule(dice, piece), piece)}
    return {"content": piece}


_QUOTABLE = re.compile(r"[ -&(-\[\]-~]+")


def _definition(dice: Dice, value: Json) -> str | None:
    """Write a definition string whose example the value is, where there is one."""
    if isinstance(value, bool):
        return f"matching(boolean, {str(value).lower()})"
    if isinstance(value, int) and abs(value) < 2**31:
        return f"matching({dice.one(('number', 'integer', 'type'))}, {value})"
    if isinstance(value, str) and _QUOTABLE.fullmatch(value):
        forms = (
            f"matching(type, '{value}')",
            f"matching(equalTo, '{value}')",
            f"matching(regex, '.*', '{value}')",
            f"notEmpty('{value}')",
            f"matching(include, '{value}')",
        )
        return dice.one(forms)
    return None
