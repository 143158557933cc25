"""Generators of dates and times (reference/matching.md §7.5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pactmock.generators.attributes import Attributes, text
from pactmock.generators.context import GeneratorContext
from pactmock.generators.date_expression import DateExpression, parse_date, parse_date_time, parse_time
from pactmock.generators.maker import CannotGenerate, Maker, maker
from pactmock.matching.dates.validity import compile_pattern
from pactmock.pact.json.values import Json, to_text


def _moment(parse: Callable[[str], DateExpression], base: str, default: str) -> Callable[[Attributes], Maker]:
    """Make a kind: how its expressions are read, which value stands in for now, and its format when it has none.

    The kind raises InvalidRule when the expression or the format cannot be read.
    """

    def compile_moment(attributes: Attributes) -> Maker:
        expression = parse(text(attributes, "expression") or "")
        pattern = compile_pattern(text(attributes, "format") or default)

        def make(_example: Json, context: GeneratorContext) -> Json:
            try:
                return pattern.format(expression.apply(_base(context, base)))
            except (OverflowError, ValueError) as error:
                raise CannotGenerate(f"'{expression.text}' leads to no date: {error}") from None

        return maker(make)

    return compile_moment


def _base(context: GeneratorContext, name: str) -> datetime:
    now = context.now()
    given = context.values.get(name)
    if given is None:
        return now
    moment = datetime.fromisoformat(to_text(given))
    if moment.tzinfo is None:
        raise ValueError(f"the {name} '{given}' has no offset")
    return moment.astimezone(now.tzinfo)


date = _moment(parse_date, "baseDate", "yyyy-MM-dd")
time = _moment(parse_time, "baseTime", "HH:mm:ss")
date_time = _moment(parse_date_time, "baseDateTime", "yyyy-MM-dd'T'HH:mm:ss.SSSZ")
