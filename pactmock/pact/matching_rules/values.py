"""The rules on a value as it is: its text, its kind, what is in it (reference/matching.md §3.1)."""

from __future__ import annotations

from collections.abc import Callable

from pactmock.errors import InvalidRule
from pactmock.pact.json.values import Json, to_index, to_text
from pactmock.pact.matching_rules.rule import Attributes, MatchingRule, core_rule, required


@core_rule
class Equality(MatchingRule):
    match = "equality"
    definition = "equalTo"
    since = "V1"


@core_rule
class Regex(MatchingRule):
    regex: str
    match = "regex"
    definition = "regex"
    since = "V2"
    sees_example = False
    may_be_refused = True

    @property
    def patterns(self) -> tuple[str, ...]:
        return (self.regex,)

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> Regex:
        return cls(to_text(required(attributes, "regex", "Regex")))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "regex": self.regex}


@core_rule
class Include(MatchingRule):
    value: str
    match = "include"
    definition = "include"
    since = "V3"
    sees_example = False

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> Include:
        return cls(to_text(required(attributes, "value", "Include")))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "value": self.value}


@core_rule
class Number(MatchingRule):
    match = "number"
    definition = "number"
    since = "V3"
    sees_example = False
    json_types = (int, float)


@core_rule
class Integer(MatchingRule):
    match = "integer"
    definition = "integer"
    since = "V3"
    sees_example = False
    json_types = (int,)


@core_rule
class Decimal(MatchingRule):
    match = "decimal"
    names = ("decimal", "real")
    definition = "decimal"
    since = "V3"
    sees_example = False
    json_types = (float,)


@core_rule
class Boolean(MatchingRule):
    match = "boolean"
    definition = "boolean"
    sees_example = False


@core_rule
class Null(MatchingRule):
    match = "null"
    since = "V3"
    sees_example = False
    json_types = (type(None),)


@core_rule
class ContentType(MatchingRule):
    value: str
    match = "contentType"
    key = "content-type"
    definition = "contentType"
    since = "V3"
    sees_example = False

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> ContentType:
        return cls(to_text(required(attributes, "value", "ContentType")))

    def to_json(self) -> dict[str, Json]:
        return {"match": self.match, "value": self.value}


@core_rule
class Values(MatchingRule):
    match = "values"
    since = "V3"
    is_of_collections = True
    is_keyed = True
    is_for_every_value = True


@core_rule
class NotEmpty(MatchingRule):
    match = "notEmpty"
    key = "not-empty"
    sees_example = False


@core_rule
class Semver(MatchingRule):
    match = "semver"
    definition = "semver"
    sees_example = False


STATUS_CLASSES = ("info", "success", "redirect", "clientError", "serverError", "nonError", "error")


@core_rule
class StatusCode(MatchingRule):
    """`status` is the name of a class of status codes, or the codes themselves."""

    status: str | tuple[int, ...]
    match = "statusCode"
    key = "status-code"
    sees_example = False

    @classmethod
    def read(cls, _name: str, attributes: Attributes, /) -> StatusCode:
        status = attributes.get("status", "success")
        if isinstance(status, list):
            codes = [to_index(code) for code in status]
            if None not in codes:
                return cls(tuple(code for code in codes if code is not None))
        elif status in STATUS_CLASSES:
            return cls(status)
        raise InvalidRule(f"'{to_text(status)}' is not a valid value for an HTTP Status")

    def to_json(self) -> dict[str, Json]:
        status = self.status if isinstance(self.status, str) else list(self.status)
        return {"match": self.match, "status": status}

    def debug(self, _show: Callable[[object], str], /) -> str:
        if isinstance(self.status, str):
            name = "Information" if self.status == "info" else self.status[0].upper() + self.status[1:]
            return f"StatusCode({name})"
        return f"StatusCode(StatusCodes([{', '.join(map(str, self.status))}]))"
